"""Citizens on Telegram and an officer at the browser, walking through a real server as people do."""

import io
import re
from types import TracebackType
from typing import Self

import aiohttp
from PIL import Image
from yarl import URL

from tests.e2e.serving import PASSWORD
from tests.fakes.telegram import Person

CODE = re.compile(r"[A-Z]{1,4}-\d{4}-[0-9A-Z]{6}-[0-9A-Z]")
THANKS = "Xin cảm ơn Ông/Bà đã trả lời."
OPINION = "Tr\u1ea3 k\u1ebft qu\u1ea3 s\u1edbm h\u01a1n \U0001f642"


def jpeg(width: int = 640, height: int = 480) -> bytes:
    """A picture as a phone takes it: with the place where it was taken in its EXIF."""
    exif = Image.Exif()
    exif[0x010F] = "Hãng máy ảnh"
    exif.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    Image.new("RGB", (width, height), (90, 140, 60)).save(out, "JPEG", exif=exif)
    return out.getvalue()


def bomb() -> bytes:
    """A PNG of a few kilobytes that would fill 400 megapixels."""
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG", optimize=True)
    return out.getvalue()


async def answers_survey(citizen: Person) -> None:
    """From the code on a poster to the thank-you: by button, by words without accents, in own words."""
    citizen.starts("ks_sau_thu_tuc")
    first = await citizen.will_hear("Câu 1/3.")
    assert "xin lắng nghe Ông/Bà" in first.text
    citizen.presses("Rất hài lòng")
    assert "Đã ghi: Rất hài lòng." in (await citizen.will_hear("Câu 2/3.")).text
    citizen.writes("khong hai long")
    assert "Đã ghi: Không hài lòng." in (await citizen.will_hear("Câu 3/3.")).text
    citizen.writes(OPINION)
    await citizen.will_hear("Câu cuối: Ông/Bà ở thôn nào?")
    citizen.presses("thôn Mẫu Hai")
    await citizen.will_hear(THANKS)
    menu = await citizen.will_hear("Ông/Bà muốn làm gì?")
    assert not any("phiếu" in label for label in menu.labels), "an answered survey is offered no more"


async def sends_feedback(citizen: Person, text: str) -> str:
    """A named phản ánh with a picture; its code."""
    citizen.starts()
    await citizen.will_hear("Ông/Bà muốn làm gì?")
    citizen.presses("Gửi phản ánh")
    await citizen.will_hear("lĩnh vực nào?")
    citizen.writes("2")
    await citizen.will_hear("Xin Ông/Bà viết điều muốn phản ánh")
    citizen.writes(text)
    await citizen.will_hear("gửi một ảnh")
    citizen.sends_photo(jpeg())
    await citizen.will_hear("thôn nào?")
    citizen.presses("thôn Mẫu Một")
    await citizen.will_hear("ẩn danh hay ghi tên")
    citizen.presses("Ghi tên và số điện thoại")
    await citizen.will_hear("họ và tên")
    citizen.writes("Nông Văn Mẫu")
    await citizen.will_hear("số điện thoại")
    citizen.writes("0912 345 678")
    review = await citizen.will_hear("xem lại trước khi gửi")
    assert text in review.text
    assert "• Ảnh: 1 ảnh" in review.text
    citizen.presses("Đồng ý và gửi")
    return code_in((await citizen.will_hear("Mã tra cứu:", 20)).text)


async def asks_for_dialogue(citizen: Person, topic: str) -> str:
    """A đề nghị đối thoại with the day that suits; its code."""
    citizen.starts()
    await citizen.will_hear("Ông/Bà muốn làm gì?")
    citizen.presses("Đề nghị gặp, đối thoại với lãnh đạo")
    await citizen.will_hear("lĩnh vực nào?")
    citizen.presses("Đất đai, xây dựng")
    await citizen.will_hear("về việc gì?")
    citizen.writes(topic)
    await citizen.will_hear("Ông/Bà ở thôn nào?")
    citizen.writes("mau ba")
    await citizen.will_hear("họ và tên")
    citizen.writes("Hoàng Thị Mẫu")
    await citizen.will_hear("số điện thoại")
    citizen.writes("0987654321")
    await citizen.will_hear("vào ngày nào?")
    citizen.writes("sáng thứ Tư")
    await citizen.will_hear("xem lại trước khi gửi")
    citizen.presses("Đồng ý và gửi")
    return code_in((await citizen.will_hear("Mã tra cứu:")).text)


def code_in(text: str) -> str:
    """The case code in a message."""
    found = CODE.search(text)
    assert found, text
    return found.group()


class Browser:
    """Somebody's browser: cookies, and forms that come from the site's own pages."""

    def __init__(self, url: str) -> None:
        self.url = url

    async def __aenter__(self) -> Self:
        # aiohttp keeps no cookies of bare addresses unless it is told to; browsers do.
        jar = aiohttp.CookieJar(unsafe=True)
        self.session = aiohttp.ClientSession(cookie_jar=jar, timeout=aiohttp.ClientTimeout(60))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.session.close()

    async def get(self, path: str) -> tuple[int, bytes]:
        """Status and body of a page, redirects followed."""
        async with self.session.get(URL(self.url + path, encoded=True)) as answer:
            return answer.status, await answer.read()

    async def read(self, path: str) -> str:
        """A page that must be there."""
        status, body = await self.get(path)
        assert status == 200, (path, status)
        return body.decode()

    async def post(self, path: str, form: dict[str, str] | aiohttp.FormData | bytes, **headers: str) -> tuple[int, str]:
        """Send a form; status and body after redirects. Keywords are headers, with _ for -."""
        own = {"Origin": self.url, "Sec-Fetch-Site": "same-origin"}
        own |= {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.session.post(self.url + path, data=form, headers=own) as answer:
            return answer.status, await answer.text()


class Officer(Browser):
    """The officer whom `Place.furnish` has added."""

    async def logs_in(self) -> None:
        """Through the door, to the list of cases."""
        status, page = await self.post("/can-bo/dang-nhap", {"login": "canbo", "password": PASSWORD})
        assert status == 200, page
        assert "Đăng xuất" in page or "/can-bo/thoat" in page or "vụ việc" in page, page

    async def replies(self, code: str, text: str) -> str:
        """Send a reply to a case; the page that comes back."""
        status, page = await self.post(f"/can-bo/vu-viec/{code}/tra-loi", {"text": text})
        assert status == 200, page
        assert "Đã gửi câu trả lời" in page, page
        return page
