"""Answers by parts with evidence, and the leader who signs them."""

import io
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import select
from starlette.testclient import TestClient

from bot.conversation.messages import Bubble, Inbound
from storage import outbox, reading_chat
from storage.tables import blobs, case_blobs, cases
from storage.tables import outbox as letters
from tests.stores import run_apart
from tests.web.house import PASSWORD, House, browser_of, look, signed_in
from vietnam.time import DAY, day_of

REPORT = ("Đèn đường ở ngã ba hỏng ba hôm nay rồi", "1", "1", "bỏ qua", "bỏ qua", "1")
PETITION = ("Xin xã làm thêm đèn đường ở ngã ba gần chợ", "2", "1", "bỏ qua", "bỏ qua", "1")


def says(house: House, *words: str) -> str:
    """Lan writes on Telegram; the code of the newest case."""
    for text in words:
        house.at += 1000
        inbound = Inbound(
            channel="telegram", channel_account=house.commune.telegram, dedupe_key=f"k{house.at}", person="71",
            kind="text", at=house.at, text=text,
        )  # fmt: skip
        run_apart(house.runtime.receive(inbound))
    return look(house, lambda conn: str(conn.scalar(select(cases.c.code).order_by(cases.c.opened_at.desc()))))


def told(house: House) -> list[Bubble]:
    """What is on its way to Lan about her cases."""
    import msgspec

    def read(conn: object) -> list[Bubble]:
        rows = conn.execute(  # type: ignore[attr-defined]  # the store of one process has it
            select(letters.c.id, letters.c.body).where(letters.c.case_id.is_not(None)).order_by(letters.c.seq)
        )
        vault = house.runtime.vault
        return [msgspec.json.decode(vault.open(bytes(row.body), outbox.context(row.id)), type=Bubble) for row in rows]

    return look(house, read)


@pytest.fixture
def desk(house: House) -> Iterator[TestClient]:
    with signed_in(house, "tiepnhan") as client:
        yield client


@pytest.fixture
def leader(house: House) -> Iterator[TestClient]:
    with signed_in(house, "lanhdao") as client:
        yield client


def picture(colour: str = "darkgreen") -> tuple[str, bytes, str]:
    made = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(made, "JPEG")
    return ("anh.jpg", made.getvalue(), "image/jpeg")


def today(house: House, plus: int = 0) -> str:
    return (day_of(house.at) + timedelta(days=plus)).isoformat()


def test_an_answer_with_all_its_parts_and_evidence_reaches_the_citizen(house: House, desk: TestClient) -> None:
    code = says(house, *REPORT)
    page = f"/can-bo/vu-viec/{code}"
    parts = {"outcome": "resolved", "text": "Đèn đã sáng lại.", "done": "Thay bóng, siết lại dây.",
             "day": today(house), "person": "Ông Nông Văn Mẫu"}  # fmt: skip
    sent = desk.post(f"{page}/tra-loi", data=parts, files=[("photos", picture()), ("photos", picture("gold"))])
    assert "Đã gửi câu trả lời" in sent.text
    assert "Ảnh kết quả" in sent.text
    assert "Ảnh người dân gửi" not in sent.text
    assert "(2 ảnh)" in sent.text

    bubble = told(house)[-1]
    for words in (
        "Kết luận: việc đã được giải quyết.",
        "Đèn đã sáng lại.",
        "Việc đã làm: Thay bóng, siết lại dây.",
        f"Ngày làm xong: {day_of(house.at):%d/%m/%Y}",
        "Người chịu trách nhiệm: Ông Nông Văn Mẫu",
    ):
        assert words in bubble.text
    assert len(bubble.pictures) == 2
    assert not bubble.link, "Telegram shows pictures, and is never closed"
    shown = re.findall(rf'src="({page}/anh/\d+)"', sent.text)
    assert {desk.get(one).headers["content-type"] for one in shown} == {"image/jpeg"}
    whose = look(house, lambda conn: [tuple(row) for row in conn.execute(select(case_blobs.c.sent_by, blobs.c.kept)
                 .join(blobs, blobs.c.id == case_blobs.c.blob_id))])  # fmt: skip
    assert whose == [("officer", 1)] * 2


def test_in_a_hurry_the_words_are_enough(house: House, desk: TestClient) -> None:
    code = says(house, *REPORT)
    desk.post(f"/can-bo/vu-viec/{code}/tra-loi", data={"text": "Đã thay bóng."})
    assert "Đã thay bóng." in told(house)[-1].text
    assert "Kết luận" not in told(house)[-1].text


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ({"outcome": "resolved"}, "xin ghi đã làm những gì"),
        ({"outcome": "unfounded"}, "đã kiểm tra, xác minh thế nào"),
        ({"outcome": "promised"}, "xong chậm nhất ngày nào"),
        ({"outcome": "promised", "day": "2020-01-01"}, "Ngày hẹn xong đã qua"),
        ({"outcome": "promised", "day": "2099-01-01"}, "quá xa"),
        ({"outcome": "resolved", "done": "Thay bóng.", "day": "2027-12-31"}, "Ngày làm xong chưa đến"),
        ({"day": "hôm qua"}, "Không đọc được ngày"),
        ({"day": "31/02/2026"}, "Không đọc được ngày"),
        ({"done": "a" * 1001}, "dài quá 1.000"),
        ({"person": "a" * 121}, "Tên người chịu trách nhiệm dài quá"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_is_kept(
    house: House, desk: TestClient, parts: dict[str, str], why: str
) -> None:
    code = says(house, *REPORT)
    typed = {"text": "Lời đã viết rất công phu.", **parts}
    refused = desk.post(f"/can-bo/vu-viec/{code}/tra-loi", data=typed, files=[("photos", picture())])
    assert refused.status_code == 422
    assert why in refused.text
    assert "Lời đã viết rất công phu." in refused.text
    assert parts.get("done", "") in refused.text
    assert not told(house)
    if "day" in parts and not parts["day"].startswith("20"):
        return
    kept = re.search(r'name="kept" value="(\d+)"', refused.text)
    assert kept, "the picture need not be chosen again"
    good = {"text": "Xong.", "kept": kept[1], "keep": "1"}
    assert desk.post(f"/can-bo/vu-viec/{code}/tra-loi", data=good).status_code == 200
    assert told(house)[-1].pictures == (int(kept[1]),)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def bomb() -> bytes:
    """A PNG of 200 megapixels in a few kilobytes."""
    import struct
    import zlib

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 20_000, 10_000, 8, 0, 0, 0, 0)
    lines = zlib.compress(b"\0" * 20_001 * 10)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", lines) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "why"),
    [(b"khong phai anh", "không phải là ảnh"), (SVG, "không phải là ảnh"), (bomb(), "kích thước không bình thường")],
)
def test_a_file_that_is_no_picture_is_refused_and_the_words_are_kept(
    house: House, desk: TestClient, data: bytes, why: str
) -> None:
    code = says(house, *REPORT)
    files = [("photos", ("anh.jpg", data, "image/jpeg")), ("photos", picture())]
    refused = desk.post(f"/can-bo/vu-viec/{code}/tra-loi", data={"text": "Lời công phu."}, files=files)
    assert refused.status_code == 422
    assert why in refused.text
    assert "Lời công phu." in refused.text
    assert "Giữ 1 ảnh" in refused.text
    assert not told(house)


def test_six_pictures_are_too_many(house: House, desk: TestClient) -> None:
    code = says(house, *REPORT)
    files = [("photos", picture())] * 6
    refused = desk.post(f"/can-bo/vu-viec/{code}/tra-loi", data={"text": "Lời công phu."}, files=files)
    assert refused.status_code == 422
    assert "nhiều nhất 5 ảnh" in refused.text
    assert "Lời công phu." in refused.text


def test_a_picture_of_somebody_else_cannot_be_named_as_evidence(house: House, desk: TestClient) -> None:
    code = says(house, *REPORT)
    theirs = run_apart(house.runtime.blobs.put(look(house, _other_commune), "image/jpeg", b"\xff\xd8\xff"))
    refused = desk.post(f"/can-bo/vu-viec/{code}/tra-loi", data={"text": "A", "kept": str(theirs), "keep": "1"})
    assert refused.status_code == 422
    assert "không còn lưu" in refused.text


def _other_commune(conn: object) -> int:
    from storage.tables import units

    return int(conn.scalar(select(units.c.id).where(units.c.slug == "xa-khac")))  # type: ignore[attr-defined]  # the store of one process has it


def test_html_and_formulas_stay_words(house: House, desk: TestClient) -> None:
    code = says(house, *REPORT)
    words = '<img src=x onerror=alert(1)> =HYPERLINK("http://x")'
    parts = {"outcome": "resolved", "text": words, "done": words, "person": words}
    shown = desk.post(f"/can-bo/vu-viec/{code}/tra-loi", data=parts).text
    assert "<img src=x" not in shown
    assert "&lt;img src=x" in shown
    assert f"Việc đã làm: {words}" in told(house)[-1].text


def test_a_petition_is_signed_by_a_leader_before_it_is_answered(
    house: House, desk: TestClient, leader: TestClient
) -> None:
    code = says(house, *PETITION)
    page = f"/can-bo/vu-viec/{code}"
    form = desk.get(page).text
    assert f'action="{page}/trinh-duyet"' in form
    assert "Gửi trả lời" not in form
    refused = desk.post(f"{page}/tra-loi", data={"text": "Tự gửi."})
    assert refused.status_code == 422
    assert "cần lãnh đạo duyệt" in refused.text

    parts = {"outcome": "promised", "text": "Xã sẽ lắp.", "day": today(house, 10), "person": "Bà Mẫu"}
    done = desk.post(f"{page}/trinh-duyet", data=parts, files=[("photos", picture())]).text
    assert "Đã trình lãnh đạo duyệt" in done
    assert "Duyệt và gửi" not in done, "whoever wrote it does not sign it"
    assert desk.post(f"{page}/duyet", data={"seen": "2"}).status_code == 403
    assert desk.get("/can-bo/cho-duyet").status_code == 403
    assert not told(house)

    assert f"chờ lãnh đạo duyệt: việc {code}" in leader.get("/can-bo/").text
    assert code in leader.get("/can-bo/cho-duyet").text
    read = leader.get(page).text
    assert "Xã sẽ lắp." in read
    back = leader.post(f"{page}/tra-lai", data={"text": "Ghi rõ lắp mấy bóng.", "seen": _seen(read)}).text
    assert "Đã trả lại dự thảo" in back
    assert f"trả lại dự thảo trả lời việc {code}" in desk.get("/can-bo/").text
    assert "Ghi rõ lắp mấy bóng." in desk.get(page).text

    again = desk.get(page).text
    kept = re.search(r'name="kept" value="(\d+)"', again)
    assert kept
    assert "Xã sẽ lắp." in again
    better = parts | {"text": "Xã sẽ lắp hai bóng.", "kept": kept[1], "keep": "1"}
    desk.post(f"{page}/trinh-duyet", data=better)
    seen = _seen(leader.get(page).text)
    approved = leader.post(f"{page}/duyet", data={"seen": seen}).text
    assert "Đã duyệt" in approved
    for line in ("Hoàng Văn Mẫu</strong> duyệt câu trả lời và gửi", "Nông Thị Mẫu</strong> trình lãnh đạo"):
        assert line in approved
    assert "<dt>Người xử lý</dt><dd>Nông Thị Mẫu</dd>" in approved, "who signs does not take the work over"
    sent = told(house)
    assert len(sent) == 1
    assert "Xã sẽ lắp hai bóng." in sent[0].text
    assert "Người chịu trách nhiệm: Bà Mẫu" in sent[0].text
    assert "Hoàng Văn Mẫu" not in sent[0].text
    assert sent[0].pictures == (int(kept[1]),)
    assert "chờ lãnh đạo duyệt" not in leader.get("/can-bo/").text

    twice = leader.post(f"{page}/duyet", data={"seen": seen})
    assert twice.status_code == 422
    assert "vừa được người khác cập nhật" in twice.text
    assert "Không có dự thảo" in leader.post(f"{page}/duyet", data={"seen": "0"}).text
    assert len(told(house)) == 1


def _seen(page: str) -> str:
    found = re.search(r'name="seen" value="(\d+)"', page)
    assert found
    return found[1]


def test_what_changed_while_the_leader_read_is_read_again(house: House, desk: TestClient, leader: TestClient) -> None:
    code = says(house, *PETITION)
    page = f"/can-bo/vu-viec/{code}"
    desk.post(f"{page}/trinh-duyet", data={"text": "Bản một."})
    seen = _seen(leader.get(page).text)
    desk.post(f"{page}/trinh-duyet", data={"text": "Bản hai."})
    refused = leader.post(f"{page}/duyet", data={"seen": seen})
    assert refused.status_code == 422
    assert not told(house)
    late = leader.post(f"{page}/tra-lai", data={"seen": seen, "text": "Lý do đã viết."})
    assert late.status_code == 422
    assert "Lý do đã viết." in late.text


def test_a_promise_that_has_passed_while_it_waited_is_not_signed(
    house: House, desk: TestClient, leader: TestClient
) -> None:
    code = says(house, *PETITION)
    page = f"/can-bo/vu-viec/{code}"
    desk.post(f"{page}/trinh-duyet", data={"outcome": "promised", "text": "Sẽ lắp.", "day": today(house, 1)})
    house.at += 3 * DAY
    leader.post("/can-bo/dang-nhap", data={"login": "lanhdao", "password": PASSWORD})
    assert "Ngày hẹn xong đã qua" in leader.post(f"{page}/duyet", data={"seen": "0"}).text
    assert not [one for one in told(house) if "Sẽ lắp." in one.text]


def test_a_leaders_own_answer_needs_nobody_else(house: House, desk: TestClient, leader: TestClient) -> None:
    code = says(house, *PETITION)
    page = f"/can-bo/vu-viec/{code}"
    desk.post(f"{page}/trinh-duyet", data={"text": "Bản của cán bộ."}, files=[("photos", picture())])
    form = leader.get(page).text
    assert "Gửi trả lời" in form
    assert "Bản của cán bộ.</textarea>" in form, "the draft is there to be put right"
    assert "Đã gửi câu trả lời" in leader.post(f"{page}/tra-loi", data={"text": "Lãnh đạo trả lời."}).text
    assert "Dự thảo" not in leader.get(page).text
    left = look(house, lambda conn: conn.execute(select(blobs.c.kept)).scalars().all())
    assert left == [0], "the picture of a draft that nobody sent is swept"
    assert "Lãnh đạo trả lời." in told(house)[-1].text


def test_a_web_chat_shows_the_evidence_to_its_own_visitor_alone(
    house: House, desk: TestClient, citizen: TestClient
) -> None:
    citizen.get("/mau/")
    for number, words in enumerate(REPORT):
        citizen.post("/mau/gui", data={"m": f"web{number}abcdefgh", "text": words})
    code = look(house, lambda conn: str(conn.scalar(select(cases.c.code))))
    desk.post(f"/can-bo/vu-viec/{code}/tra-loi", data={"text": "Xong."}, files=[("photos", picture())])
    address = re.search(r'src="(/mau/anh/\d+)" alt="Ảnh kết quả 1"', citizen.get("/mau/").text)
    assert address
    assert citizen.get(address[1]).headers["content-type"] == "image/jpeg"
    with browser_of(house) as stranger:
        stranger.get("/mau/")
        assert stranger.get(address[1]).status_code == 404
    assert reading_chat.MOST_LINES > 0
