"""Documents that officers attach to an answer, a question or a note: who gets them, and what is refused."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import func, select, update
from starlette.testclient import TestClient

from feedback.acts import Ask
from feedback.attaching import Attached
from storage.tables import acts, blobs, case_files, cases, units
from tests.documents import PDF, bare_office, changed, docx_file, xlsx_file
from tests.stores import run_apart
from tests.web.house import House, browser_of, look, outside, signed_in
from tests.web.test_answers import PETITION, picture, says, told
from tests.web.test_confidential_pages import mark, name_leader
from tests.web.test_thread_page import NAMED, acted, address

File = tuple[str, tuple[str, bytes, str]]


def file(name: str, data: bytes = PDF) -> File:
    return ("tep", (name, data, "application/octet-stream"))


def kept_files(house: House) -> list[tuple[str, str, int]]:
    """Purpose, name, whether something points to it."""
    query = select(case_files.c.purpose, blobs.c.name, blobs.c.kept).join(blobs, blobs.c.id == case_files.c.blob_id)
    return look(house, lambda conn: [tuple(row) for row in conn.execute(query.order_by(case_files.c.place))])


def links(page: str) -> list[str]:
    return re.findall(r'href="(/[^"]+/tep/\d+)"', page)


@pytest.fixture
def desk(house: House) -> Iterator[TestClient]:
    with signed_in(house, "tiepnhan") as client:
        yield client


@pytest.fixture
def code(house: House) -> str:
    return says(house, *NAMED)


@pytest.fixture
def page(code: str) -> str:
    return f"/can-bo/vu-viec/{code}"


def test_documents_go_with_the_answer_and_can_only_be_saved(
    house: House, desk: TestClient, code: str, page: str, citizen: TestClient
) -> None:
    files = [file("../../Quyết định 12.pdf"), file("Dự toán.xlsx", xlsx_file()), ("photos", picture())]
    sent = desk.post(f"{page}/tra-loi", data={"text": "Đã có quyết định."}, files=files)
    assert "Đã gửi câu trả lời" in sent.text
    assert kept_files(house) == [("answer", "Quyết định 12.pdf", 1), ("answer", "Dự toán.xlsx", 1)]

    bubble = told(house)[-1]
    assert [(one.name, one.size) for one in bubble.files] == [
        ("Quyết định 12.pdf", len(PDF)),
        ("Dự toán.xlsx", bubble.files[1].size),
    ]
    assert "• Quyết định 12.pdf (1 KB)" in bubble.text
    assert len(bubble.pictures) == 1
    assert "/viec/" in bubble.link, "whatever the channel cannot bring is behind the address"

    for address_of in links(sent.text):
        got = desk.get(address_of)
        assert got.headers["content-disposition"].startswith('attachment; filename="')
        assert got.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in got.headers["content-security-policy"]
    assert desk.get(links(sent.text)[0]).headers["content-type"] == "application/pdf"
    assert desk.get(links(sent.text)[0]).content == PDF
    assert "Quy%E1%BA%BFt%20%C4%91%E1%BB%8Bnh%2012.pdf" in desk.get(links(sent.text)[0]).headers["content-disposition"]
    assert "Quyết định 12.pdf (1 KB)" in desk.get(f"{page}/in").text

    # given the address from the chat, then the last digits; another browser has neither
    blob = bubble.files[0].blob
    theirs = f"/mau/tra-cuu/{code}/tep/{blob}"
    assert citizen.get(theirs).status_code == 404
    assert "Quyết định 12.pdf" not in citizen.get(f"/mau/tra-cuu/{code}").text
    with browser_of(house) as mine:
        read = mine.get(address(house)).text
        assert re.search(r"Quyết định 12\.pdf <small>1 KB", read)
        assert links(read) == [f"/mau/tra-cuu/{code}/tep/{one.blob}" for one in bubble.files]
        assert mine.get(theirs).content == PDF
        assert mine.get(theirs).headers["content-disposition"].startswith("attachment")
        assert mine.get(f"/mau/tra-cuu/{code}/anh/{blob}").status_code == 404, "nothing shows a document as a picture"
    assert desk.get(f"{page}/anh/{blob}").status_code == 404


def test_a_question_brings_documents_and_a_note_keeps_them_inside(
    house: House, desk: TestClient, code: str, page: str
) -> None:
    asked = desk.post(f"{page}/hoi", data={"text": "Xin điền mẫu này."}, files=[file("Mẫu 01.docx", docx_file())])
    assert "Đã gửi câu hỏi" in asked.text
    assert [one.name for one in told(house)[-1].files] == ["Mẫu 01.docx"]
    heard = len(told(house))

    noted = desk.post(f"{page}/ghi-chu", data={"text": ""}, files=[file("Công văn đến 55.pdf")])
    assert "Đã lưu ghi chú. Người dân không thấy." in noted.text
    assert "Công văn đến 55.pdf" in noted.text
    assert len(told(house)) == heard, "the citizen hears nothing of it"
    assert [row[0] for row in kept_files(house)] == ["ask", "inside"]
    inside = next(one for one in links(noted.text) if desk.get(one).content == PDF)
    with browser_of(house) as mine:
        read = mine.get(address(house)).text
        assert "Mẫu 01.docx" in read
        assert "Công văn" not in read
        assert mine.get(f"/mau/tra-cuu/{code}/tep/{inside.rpartition('/')[2]}").status_code == 404
    assert "Công văn" not in desk.get(f"{page}/in").text, "like the notes themselves"
    assert "Xin viết ghi chú" in desk.post(f"{page}/ghi-chu", data={"text": "  "}).text


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("virus.pdf", b"MZ\x90 a program", "không phải là PDF"),
        ("trong.pdf", b"", "trống"),
        ("cu.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "kiểu cũ"),
        ("macro.docx", changed(docx_file(), {"word/vbaProject.bin": b"x"}), "có mã lệnh"),
        ("bom.docx", changed(docx_file(), {"word/media/a.bin": bytes(30_000_000)}), "giải nén ra lớn bất thường"),
        ("to.pdf", PDF + bytes(10 * 1024 * 1024), "lớn hơn 10 MB"),
        ("anh.jpg", picture()[1], "là ảnh"),
    ],
    ids=["a program", "nothing", "old", "macros", "a bomb", "too large", "a picture"],
)
def test_a_file_that_is_refused_says_why_and_costs_nothing_else(
    house: House, desk: TestClient, page: str, name: str, data: bytes, why: str
) -> None:
    typed = {"text": "Lời đã viết rất công phu."}
    refused = desk.post(f"{page}/tra-loi", data=typed, files=[file("tốt.pdf"), file(name, data)])
    assert refused.status_code == 422
    assert why in refused.text
    assert f"“{name}”" in refused.text
    assert typed["text"] in refused.text
    assert not told(house)
    held = re.search(r'name="tep0" value="(\d+)" checked> <span>tốt\.pdf', refused.text)
    assert held, "what was good need not be chosen again"
    assert "Đã gửi câu trả lời" in desk.post(f"{page}/tra-loi", data={**typed, "tep0": held[1]}).text
    assert [one.name for one in told(house)[-1].files] == ["tốt.pdf"]


def test_too_many_or_odd_ones_are_refused_and_the_form_stays(house: House, desk: TestClient, page: str) -> None:
    six = [file(f"{number}.pdf") for number in range(6)]
    many = desk.post(f"{page}/hoi", data={"text": "Xin xem các mẫu."}, files=six)
    assert many.status_code == 422
    assert "nhiều nhất 5 tài liệu" in many.text
    assert "Xin xem các mẫu." in many.text
    assert len(re.findall(r'name="tep\d" value', many.text)) == 5
    # ids that are none, or of a picture, or of another commune
    elsewhere = look(house, lambda conn: int(conn.scalar(select(units.c.id).where(units.c.slug == "xa-khac")) or 0))
    other = run_apart(house.runtime.blobs.put(elsewhere, "application/pdf", PDF, name="a.pdf"))
    image = run_apart(house.runtime.blobs.put(house.commune.commune, "image/jpeg", b"a picture"))
    for odd in ("-1", "x", str(1 << 70), str(other), str(image), "7"):
        sent = desk.post(f"{page}/hoi", data={"text": "Xin xem.", "tep0": odd})
        assert sent.status_code in (200, 422)
    assert not kept_files(house)
    # what names somebody is asked about, and the document waits meanwhile
    named = desk.post(f"{page}/ghi-chu", data={"text": "Gọi 0912345678"}, files=[file("cv.pdf")])
    assert "cv.pdf" in named.text
    assert not kept_files(house)


def test_a_draft_waits_with_its_documents_and_a_leader_sends_them(house: House, desk: TestClient) -> None:
    page = f"/can-bo/vu-viec/{says(house, *PETITION)}"
    typed = {"text": "Xã sẽ làm."}
    drafted = desk.post(f"{page}/trinh-duyet", data=typed, files=[file("cũ.pdf"), file("mới.pdf")])
    assert kept_files(house) == [("draft", "cũ.pdf", 1), ("draft", "mới.pdf", 1)]
    ids = re.findall(r'name="tep\d" value="(\d+)" checked', drafted.text)
    desk.post(f"{page}/trinh-duyet", data={**typed, "tep1": ids[1]})
    assert kept_files(house) == [("draft", "mới.pdf", 1)], "one was taken out, and goes with the next sweep"
    with signed_in(house, "lanhdao") as leader:
        assert "mới.pdf" in leader.get("/can-bo/cho-duyet").text
        leader.post(f"{page}/duyet", data={"seen": "0"})
    assert kept_files(house) == [("answer", "mới.pdf", 1)]
    assert [one.name for one in told(house)[-1].files] == ["mới.pdf"]


def test_nobody_else_reaches_them(house: House, desk: TestClient, code: str, page: str) -> None:
    sent = desk.post(f"{page}/tra-loi", data={"text": "Xin xem."}, files=[file("a.pdf")])
    (theirs,) = links(sent.text)
    with signed_in(house, "xakhac") as other, browser_of(house) as nobody:
        assert other.get(theirs).status_code == 404
        assert nobody.get(theirs).url.path == "/can-bo/dang-nhap"
    assert desk.get(f"{page}/tep/{1 << 63}").status_code == 404
    assert desk.get(f"{page}/tep/12").status_code == 404
    assert desk.get(theirs.replace(code, "M-2026-AAAAAA-A")).status_code == 404


def test_of_a_confidential_case_the_keeper_alone_has_them(house: House, desk: TestClient, code: str, page: str) -> None:
    sent = desk.post(f"{page}/ghi-chu", data={"text": ""}, files=[file("a.pdf")])
    (inside,) = links(sent.text)
    with signed_in(house, "lanhdao") as leader:
        name_leader(leader)
        mark(desk, code)
        for client in (desk, leader):
            assert client.get(inside).status_code == 404
        kept = links(leader.get(f"/can-bo/don-bao-mat/{code}").text)
        assert [leader.get(one).content for one in kept] == [PDF]
        assert desk.get(kept[0]).status_code == 403
        read = look(house, lambda conn: conn.scalar(select(func.count()).where(acts.c.action == "read")))
        assert read == 1, "the page was opened; its document came with it"
        house.at += 60 * 60_000
        leader.post("/can-bo/dang-nhap", data={"login": "lanhdao", "password": "mật khẩu mẫu 2026"})
        leader.get(kept[0])
        assert look(house, lambda conn: conn.scalar(select(func.count()).where(acts.c.action == "read"))) == 2
    with browser_of(house) as mine:
        assert mine.get(address(house)).status_code == 410


def test_a_joined_case_shows_what_came_with_the_answer_and_nothing_of_its_neighbour(
    house: House, desk: TestClient, code: str
) -> None:
    first = _id_of(house, code)
    inside = desk.post(f"/can-bo/vu-viec/{code}/ghi-chu", data={"text": ""}, files=[file("nội bộ.pdf")]).text
    second = says(house, *NAMED)
    outside(house, lambda tx: tx.execute(update(cases).where(cases.c.code == second).values(merged_into=first)))
    desk.post(
        f"/can-bo/vu-viec/{code}/tra-loi",
        data={"text": "Đã làm xong."},
        files=[file("biên bản.pdf"), ("photos", picture())],
    )
    with browser_of(house) as other:
        from storage import threads

        other.get(threads.address(house.runtime.vault, "/mau", _id_of(house, second), house.at))
        read = other.get(f"/mau/tra-cuu/{second}").text
        assert "biên bản.pdf" in read
        (document,) = links(read)
        assert other.get(document).content == PDF
        shown = re.findall(rf'src="(/mau/tra-cuu/{second}/anh/\d+)"', read)
        assert [other.get(one).headers["content-type"] for one in shown] == ["image/jpeg"]
        hidden = links(inside)[0].rpartition("/")[2]
        assert other.get(f"/mau/tra-cuu/{second}/tep/{hidden}").status_code == 404


def _id_of(house: House, code: str) -> int:
    return look(house, lambda conn: int(conn.scalar(select(cases.c.id).where(cases.c.code == code)) or 0))


def test_the_name_of_a_document_may_name_nobody_to_those_who_were_joined(
    house: House, desk: TestClient, code: str
) -> None:
    first = _id_of(house, code)
    second = says(house, *NAMED)
    named = {"merged_into": first, "name": "Bùi Thị Quýt"}
    outside(house, lambda tx: tx.execute(update(cases).where(cases.c.code == second).values(**named)))
    typed = {"text": "Đã làm xong."}
    refused = desk.post(f"/can-bo/vu-viec/{code}/tra-loi", data=typed, files=[file("don-cua-Bùi-Thị-Quýt.pdf")])
    assert refused.status_code == 422
    assert not kept_files(house)


def test_a_document_that_was_swept_meanwhile_is_asked_for_again(house: House, page: str, desk: TestClient) -> None:
    gone = Attached(12_345, "a.pdf", 10)
    acted(house, Ask("Xin xem.", 0, (gone,)))
    assert not told(house)
    assert "không còn lưu" in desk.post(f"{page}/hoi", data={"text": "Xin xem.", "tep0": "12345"}).text


def test_in_the_web_chat_they_are_below_the_message(house: House, desk: TestClient, citizen: TestClient) -> None:
    citizen.get("/mau/")
    for number, text in enumerate(("gửi phản ánh", "đường sá", "Đường sụt", "bỏ qua", "thôn Mẫu 1", "gửi ẩn danh")):
        house.at += 1000
        citizen.post("/mau/gui", data={"m": f"m{number}", "text": text})
    code = look(house, lambda conn: str(conn.scalar(select(cases.c.code))))
    data = bare_office("openxmlformats-officedocument.wordprocessingml.document")
    desk.post(f"/can-bo/vu-viec/{code}/tra-loi", data={"text": "Đã vá."}, files=[file("Biên bản.docx", data)])
    (mine,) = links(citizen.get("/mau/").text)
    got = citizen.get(mine)
    assert got.content == data
    assert got.headers["content-disposition"].startswith("attachment")
    with browser_of(house) as stranger:
        stranger.get("/mau/")
        assert stranger.get(mine).status_code == 404
