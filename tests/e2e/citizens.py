"""Citizens on Telegram and an officer at the browser, walking through a real server as people do."""

import io
import re
from types import TracebackType
from typing import Self

import aiohttp
from PIL import Image
from yarl import URL

from app.wording import bot_wording
from tests.e2e.serving import PASSWORD
from tests.fakes.telegram import Person

CODE = re.compile(r"[A-Z]{1,4}-\d{4}-[0-9A-Z]{6}-[0-9A-Z]")
OPINION = "Trả kết quả sớm hơn \U0001f642"
_WORDING = bot_wording()
_PLACE = re.compile(r"\{[^}]*\}|\n")


def said(key: str) -> str:
    """The longest piece of a text of the bot between its {places}: what to look for in a chat, or to press."""
    return max(_PLACE.split(_WORDING.texts[key]), key=len).strip()


def typed(key: str) -> str:
    """`said` where there are no buttons."""
    return max(_PLACE.split(_WORDING.typed().texts[key]), key=len).strip()


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
    assert said("greeting") in first.text
    citizen.presses("Rất hài lòng")
    assert f"{said('survey.noted')} Rất hài lòng." in (await citizen.will_hear("Câu 2/3.")).text
    citizen.writes("khong hai long")
    assert f"{said('survey.noted')} Không hài lòng." in (await citizen.will_hear("Câu 3/3.")).text
    citizen.writes(OPINION)
    await citizen.will_hear(said("survey.village"))
    citizen.presses("thôn Mẫu Hai")
    await citizen.will_hear(said("survey.erased"))
    menu = await citizen.will_hear(said("menu.title"))
    assert not any(said("menu.survey") in label for label in menu.labels), "it is offered no more"


async def sends_feedback(citizen: Person, text: str) -> str:
    """A named phản ánh with a picture; its code."""
    citizen.starts()
    await citizen.will_hear(said("menu.title"))
    citizen.presses(said("menu.feedback"))
    await citizen.will_hear(said("draft.ask.category"))
    citizen.writes("2")
    await citizen.will_hear(said("draft.ask.text.feedback"))
    citizen.writes(text)
    await citizen.will_hear(said("draft.ask.photo_place"))
    citizen.sends_photo(jpeg())
    await citizen.will_hear(said("draft.ask.village"))
    citizen.presses("thôn Mẫu Một")
    await citizen.will_hear(said("draft.review"))
    citizen.presses(said("draft.give_name"))
    await citizen.will_hear(said("draft.ask.name"))
    citizen.writes("Nông Văn Mẫu")
    await citizen.will_hear(said("draft.ask.phone"))
    citizen.writes("0912 345 678")
    review = await citizen.will_hear(said("draft.review"))
    assert text in review.text
    assert "1 ảnh" in review.text
    citizen.presses(said("draft.send"))
    return code_in((await citizen.will_hear(said("draft.sent.feedback"), 20)).text)


async def asks_for_dialogue(citizen: Person, topic: str) -> str:
    """A đề nghị đối thoại with the day that suits; its code."""
    citizen.starts()
    await citizen.will_hear(said("menu.title"))
    citizen.presses(said("menu.dialogue"))
    await citizen.will_hear(said("draft.ask.category"))
    citizen.presses(said("category.land"))
    await citizen.will_hear(said("draft.ask.text.dialogue"))
    citizen.writes(topic)
    await citizen.will_hear(said("draft.ask.village_home"))
    citizen.writes("mau ba")
    await citizen.will_hear(said("draft.ask.name"))
    citizen.writes("Hoàng Thị Mẫu")
    await citizen.will_hear(said("draft.ask.phone_needed"))
    citizen.writes("0987654321")
    await citizen.will_hear(said("draft.ask.day"))
    citizen.writes("sáng thứ Tư")
    await citizen.will_hear(said("draft.review"))
    citizen.presses(said("draft.send"))
    return code_in((await citizen.will_hear(said("draft.sent.dialogue"))).text)


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
