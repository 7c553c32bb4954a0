"""What is moved, called off, put right or given back reaches everybody whom it concerns; nothing is done twice."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select, update
from starlette.testclient import TestClient

from app.session_notices import notice_round
from app.session_round import session_round, tell_round
from storage import notices as told_officers
from storage.ids import new_id
from storage.tables import bookings, notices, officers, session_promises, session_questions
from storage.tables import sessions as session_rows
from tests.stores import run_apart
from tests.web.doors import Waiting, enter
from tests.web.house import House, browser_of, look, outside
from tests.web.sessions_at_desk import a_day, announced, plan
from vietnam.time import DAY, HOUR, MINUTE, day_of, start_of

CONFERENCE = {"loai": "periodic", "ten": "Đối thoại quý bốn", "phut": "", "cho": "50"}


@pytest.fixture
def desk(house: House) -> Iterator[TestClient]:
    """The leader, signed in."""
    with browser_of(house) as client:
        enter(client, "lanhdao")
        yield client


def booked(house: House, address: str, person: str = "91") -> Waiting:
    """A citizen who has booked that session and asked ahead."""
    chat = Waiting(house, person, asked=False)
    chat._does("start", source=f"dt_{address.rpartition('/')[2]}")
    chat.says("Đường vào thôn tôi bao giờ được sửa?", "Nguyễn Thị Lan, 0912 345 678")
    return chat


def on_the_day(house: House, desk: TestClient, hour: int = 8) -> None:
    house.at = start_of(a_day(house, 10, 2)) + hour * HOUR
    enter(desk, "lanhdao")


def changed(house: House, desk: TestClient, address: str, **other: str) -> str:
    """Post the form of a change; the page that follows."""
    seen = re.search(r'name="seen" value="(\d+)"', desk.get(f"{address}/doi").text)
    assert seen
    page = desk.post(f"{address}/doi", data=plan(house, **other) | {"seen": seen[1], **other})
    return page.text


def many(house: House, table: object) -> int:
    return look(house, lambda conn: conn.scalar(select(func.count()).select_from(table)) or 0)  # type: ignore[arg-type]


# --- after the results are out ----------------------------------------------------------------------------------------


@pytest.fixture
def published(house: House, desk: TestClient) -> tuple[str, str, Waiting]:
    """A dialogue whose results are out while one question has no answer: its page, that question, who asked."""
    address = announced(house, desk, **CONFERENCE)
    chat = booked(house, address)
    on_the_day(house, desk, 12)
    question = re.search(r"/tra-loi/(\d+)", desk.get(address).text)
    assert question
    desk.post(f"{address}/bien-ban", data={"noi_dung": "Bàn về đường.", "seen": "0"})
    desk.post(f"{address}/ket-thuc", data={"seen": "0"})
    assert "Đã công bố kết quả" in desk.post(f"{address}/ket-qua", data={"seen": "0"}).text
    heard(house, chat)
    return address, question[1], chat


def heard(house: House, chat: Waiting) -> str:
    """The message that has come for a person in this round; "" where none has."""
    before = chat.hears()
    while run_apart(tell_round(house.runtime)):
        pass
    said = chat.hears()
    return said if said != before else ""


def test_what_is_answered_promised_or_put_right_afterwards_is_told_once_each(
    house: House, desk: TestClient, published: tuple[str, str, Waiting]
) -> None:
    address, question, chat = published
    answer = f"{address}/tra-loi/{question}"
    desk.post(answer, data={"tra_loi": "Sửa trước Tết.", "ai": "Chủ tịch", "lan": "0"})
    first = heard(house, chat)
    assert first.count("Sửa trước Tết.") == 1
    assert "sửa lại" not in first

    due = (day_of(house.at) + timedelta(days=5)).isoformat()
    desk.post(f"{address}/hua", data={"cau": question, "viec": "Rải cấp phối", "ai": "Tổ giao thông", "han": due})
    second = heard(house, chat)
    assert "Rải cấp phối" in second
    assert "Sửa trước Tết." not in second

    desk.post(answer, data={"tra_loi": "Sửa sau Tết.", "ai": "Chủ tịch", "lan": "1"})
    third = heard(house, chat)
    assert "Xã sửa lại câu trả lời" in third
    assert "Sửa sau Tết." in third
    assert "Rải cấp phối" not in third

    desk.post(answer, data={"tra_loi": "Sửa sau Tết.", "ai": "Chủ tịch", "lan": "2"})
    assert heard(house, chat) == ""
    assert look(house, lambda conn: conn.scalar(select(session_questions.c.told_at))) == house.at


def test_a_question_of_the_spot_that_is_answered_later_reaches_who_asked(
    house: House, desk: TestClient, published: tuple[str, str, Waiting]
) -> None:
    address, _, chat = published
    guest = look(house, lambda conn: conn.scalar(select(bookings.c.id)))
    asked = {"cau_hoi": "Cầu treo thì sao?", "linh_vuc": "roads", "khach": str(guest)}
    page = desk.post(f"{address}/hoi", data=asked).text
    ids = re.findall(r"/tra-loi/(\d+)", page)
    assert heard(house, chat) == ""
    for id in ids:
        desk.post(f"{address}/tra-loi/{id}", data={"tra_loi": f"Trả lời {id}.", "ai": "Chủ tịch"})
    said = heard(house, chat)
    assert all(said.count(f"Trả lời {id}.") == 1 for id in ids)


# --- moved, called off ------------------------------------------------------------------------------------------------


def test_a_move_to_a_day_off_or_too_near_is_asked_about_and_its_reason_kept(house: House, desk: TestClient) -> None:
    address = announced(house, desk, **CONFERENCE)
    weekend = min(a_day(house, 1, 5), a_day(house, 1, 6))
    other = {**CONFERENCE, "ngay": weekend.isoformat()}
    assert "Xin ghi lý do" in changed(house, desk, address, **other)
    page = changed(house, desk, address, **other, ly_do="Bão số 9.")
    assert "ít nhất 7 ngày trước (Luật số 72/2025/QH15, Điều 43)" in page
    assert "là ngày nghỉ, ngày lễ" in page
    assert 'name="chac"' in page
    assert "Bão số 9." in page, "what was written stays"
    assert "Lịch đã báo trước đây" in changed(house, desk, address, **other, ly_do="Bão số 9.", chac="1")
    row = look(house, lambda conn: conn.execute(select(session_rows)).one())
    assert day_of(row.starts_at) == weekend
    assert (row.reason, row.late_reason) == ("Bão số 9.", "Bão số 9.")


def test_a_day_off_is_asked_about_before_it_is_planned(house: House, desk: TestClient) -> None:
    form = plan(house, ngay=a_day(house, 10, 6).isoformat())
    page = desk.post("/can-bo/lich/moi", data=form)
    assert page.status_code == 422
    assert "là ngày nghỉ, ngày lễ" in page.text
    assert many(house, session_rows) == 0
    assert "Đã lên lịch" in desk.post("/can-bo/lich/moi", data=form | {"chac": "1"}).text


def test_whoever_had_the_earlier_paper_gets_the_new_one(house: House, desk: TestClient) -> None:
    # given a head of a village who has ticked the notice
    address = announced(house, desk)
    guest, listener = booked(house, address), Waiting(house, "81", asked=False)
    listener.says("menu")
    run_apart(notice_round(house.runtime))
    run_apart(notice_round(house.runtime))
    stored = look(
        house, lambda conn: conn.scalar(select(officers.c.password_hash).where(officers.c.login == "tiepnhan"))
    )
    head = {"unit_id": house.commune.villages[0], "login": "truongthon", "name": "Lò Văn Mẫu", "role": "village_head"}
    row = {"id": new_id(), "password_hash": stored, "created_at": house.at, **head}
    outside(house, lambda tx: tx.execute(insert(officers).values(**row)))
    with browser_of(house) as village:
        enter(village, "truongthon")
        tick = re.search(r"/can-bo/lich/\d+/thon/\d+/niem-yet", village.get("/can-bo/lich/thon").text)
        assert tick
        assert "Chưa có giấy nào cần nhận" in village.post(tick[0]).text

        # when it is moved
        later = a_day(house, 17, 2)
        old = a_day(house, 10, 2)
        changed(
            house, desk, address, ngay=later.isoformat(), ly_do="Trùng lịch họp tỉnh", noi="Nhà văn hóa thôn Nà Lọt"
        )
        while run_apart(notice_round(house.runtime)) or run_apart(tell_round(house.runtime)):
            pass

        # then everybody reads from when to when, and why
        paper = village.get("/can-bo/lich/thon").text
        poster, aloud = desk.get(f"{address}/niem-yet").text, desk.get(f"{address}/truyen-thanh").text
        for said in (paper, poster, listener.hears(), guest.hears()):
            assert f"{old:%d/%m/%Y}" in said
            assert f"{later:%d/%m/%Y}" in said
            assert "Trùng lịch họp tỉnh" in said
        assert "Đổi lịch: Tiếp công dân" in paper
        assert "Thông báo đổi lịch" in poster
        assert "Phòng tiếp công dân, UBND xã Mẫu" in poster
        assert "xin thông báo đổi lịch" in aloud
        assert "Trùng lịch họp tỉnh" in aloud
        assert "Chưa có giấy nào cần nhận" in village.post(tick[0]).text

        # and the same where it is called off
        desk.post(f"{address}/huy", data={"ly_do": "Bão số 9", "seen": "0"})
        off = village.get("/can-bo/lich/thon").text
        assert "Báo hủy: Tiếp công dân" in off
        poster, aloud = desk.get(f"{address}/niem-yet").text, desk.get(f"{address}/truyen-thanh").text
        assert "Bão số chín" in aloud
        for said in (off, poster):
            assert "Bão số 9" in said
            assert "không tổ chức" in said


# --- seats ------------------------------------------------------------------------------------------------------------


def test_whoever_loses_a_seat_reads_why_and_how_to_book_again(house: House, desk: TestClient) -> None:
    address = announced(house, desk)
    chat = booked(house, address)
    heard(house, chat)
    code = look(house, lambda conn: conn.scalar(select(bookings.c.code)))
    refused = desk.post(f"{address}/khach/{code}/tra-cho", data={"ly_do": " "})
    assert refused.status_code == 422
    assert "Xin ghi lý do trả chỗ" in refused.text
    desk.post(f"{address}/khach/{code}/tra-cho", data={"ly_do": "Việc này công an xã tiếp"})
    said = heard(house, chat)
    assert "không còn nữa" in said
    assert "Việc này công an xã tiếp" in said
    assert "Chọn buổi khác" in said


def test_nobody_is_there_before_the_day(house: House, desk: TestClient) -> None:
    address = announced(house, desk)
    guest = {"ten": "Bà Tư", "linh_vuc": "land", "tai_cho": "1"}
    early = desk.post(f"{address}/dat-cho", data=guest)
    assert early.status_code == 422
    assert "chỉ trong ngày họp" in early.text
    on_the_day(house, desk, 7)
    assert desk.post(f"{address}/dat-cho", data=guest).status_code == 200


def test_whoever_was_still_to_come_is_not_absent_from_what_ended_early(house: House, desk: TestClient) -> None:
    address = announced(house, desk)
    chat = booked(house, address)
    late = booked(house, address, "92")
    heard(house, chat)
    outside(
        house, lambda tx: tx.execute(update(bookings).where(bookings.c.seat == 2).values(slot_at=house.at + 9 * DAY))
    )
    on_the_day(house, desk, 9)
    outside(
        house,
        lambda tx: tx.execute(update(bookings).where(bookings.c.seat == 2).values(slot_at=house.at + 30 * MINUTE)),
    )
    heard(house, late)
    asked = desk.post(f"{address}/ket-thuc", data={"seen": "0"})
    assert asked.status_code == 422
    assert "Buổi này dự kiến đến 11:30" in asked.text
    assert "Đã ghi: buổi đã kết thúc" in desk.post(f"{address}/ket-thuc", data={"seen": "0", "chac": "1"}).text
    states = look(house, lambda conn: list(conn.scalars(select(bookings.c.state).order_by(bookings.c.place))))
    assert states == ["absent", "cancelled"]
    assert "đã kết thúc sớm" in heard(house, late)
    assert "đã kết thúc sớm" not in chat.hears()


# --- twice ------------------------------------------------------------------------------------------------------------


def test_the_second_officer_sees_both_answers(house: House, desk: TestClient) -> None:
    address = announced(house, desk)
    booked(house, address)
    on_the_day(house, desk)
    question = re.search(r"/tra-loi/(\d+)", desk.get(address).text)
    assert question
    answer = f"{address}/tra-loi/{question[1]}"
    desk.post(answer, data={"tra_loi": "Lời của người thứ nhất", "ai": "Chủ tịch", "lan": "0"})
    second = desk.post(answer, data={"tra_loi": "Lời của người thứ hai", "ai": "Chủ tịch", "lan": "0"})
    assert second.status_code == 422
    assert "Lời của người thứ nhất" in second.text
    assert "Lời của người thứ hai" in second.text
    assert "đã được người khác lưu" in second.text
    assert look(house, lambda conn: conn.scalar(select(session_questions.c.answer))) == "Lời của người thứ nhất"
    assert desk.post(answer, data={"tra_loi": "Gộp", "ai": "Chủ tịch", "lan": "1"}).status_code == 200


def test_a_form_that_is_sent_again_changes_nothing(house: House, desk: TestClient) -> None:
    address = announced(house, desk)
    on_the_day(house, desk)
    page = desk.get(address).text
    number = re.search(r'name="lan" value="(\d{6,})"', page)
    assert number
    once = {"lan": number[1]}
    due = (day_of(house.at) + timedelta(days=5)).isoformat()
    forms = [
        (
            session_questions,
            "hoi",
            {"cau_hoi": "Bao giờ có nước?", "linh_vuc": "land"},
            {"cau_hoi": "Bao giờ có điện?"},
        ),
        (session_promises, "hua", {"viec": "Nối nước", "ai": "Tổ nước", "han": due}, {"viec": "Nối điện"}),
        (bookings, "dat-cho", {"ten": "Bà Tư", "linh_vuc": "land", "tai_cho": "1"}, {"ten": "Ông Năm"}),
    ]
    for table, where, form, other in forms:
        for _ in range(2):
            assert desk.post(f"{address}/{where}", data=form | once).status_code == 200
        assert many(house, table) == 1, where
        # Whoever goes back and writes something else has written something else.
        assert desk.post(f"{address}/{where}", data=form | once | other).status_code == 200
        assert many(house, table) == 2, where


def test_a_village_that_has_the_results_is_told_that_they_were_put_right(
    house: House, desk: TestClient, published: tuple[str, str, Waiting]
) -> None:
    address, question, _ = published
    village = house.commune.villages[0]
    head = {"unit_id": village, "login": "truongthon", "name": "Lò Văn Mẫu", "role": "village_head"}
    stored = select(officers.c.password_hash).where(officers.c.login == "tiepnhan")
    password = look(house, lambda conn: conn.scalar(stored))
    row = {"id": new_id(), "password_hash": password, "created_at": house.at, **head}
    outside(house, lambda tx: tx.execute(insert(officers).values(**row)))
    with browser_of(house) as there:
        enter(there, "truongthon")
        there.post(f"{address}/thon/{village}/ket-qua")
        assert "Đối thoại quý bốn" not in there.get("/can-bo/lich/thon").text.partition("Kết quả")[2]
        desk.post(f"{address}/tra-loi/{question}", data={"tra_loi": "Sửa trước Tết.", "ai": "Chủ tịch", "lan": "0"})
        page = there.get("/can-bo/lich/thon").text
    assert "Kết quả đã sửa: Đối thoại quý bốn" in page
    assert "Sửa trước Tết." in page
    assert "báo lại bà con theo bản này" in page


# --- officers ---------------------------------------------------------------------------------------------------------


def test_what_is_meant_for_the_leader_only_a_leader_takes_away(house: House, desk: TestClient) -> None:
    unit, values = house.commune.commune, {"title": "Đối thoại", "day": "1/1", "last": "2/1"}
    outside(house, lambda tx: told_officers.add(tx, unit, "notice.session.results_late", values, house.at))
    notice = look(house, lambda conn: conn.scalar(select(notices.c.id)))
    with browser_of(house) as clerk:
        enter(clerk, "tiepnhan")
        assert "Báo lãnh đạo" not in clerk.get("/can-bo/").text
        clerk.post(f"/can-bo/thong-bao/{notice}")
    assert "Báo lãnh đạo" in desk.get("/can-bo/").text
    desk.post(f"/can-bo/thong-bao/{notice}")
    assert "Báo lãnh đạo" not in desk.get("/can-bo/").text


def test_the_desk_sees_which_villages_have_not_said_that_they_have_the_results(
    house: House, desk: TestClient, published: tuple[str, str, Waiting]
) -> None:
    address, _, _ = published
    assert "Chưa báo đã nhận kết quả (hạn" in desk.get(address).text
    for days in (8, 8, 11, 12):
        at = look(house, lambda conn: conn.scalar(select(session_rows.c.ends_at))) or 0
        house.at = at + days * DAY
        run_apart(session_round(house.runtime))
    keys = look(house, lambda conn: list(conn.scalars(select(notices.c.key).order_by(notices.c.id))))
    assert [key for key in keys if "unread" in key] == ["notice.session.unread_soon", "notice.session.unread_late"]
    enter(desk, "lanhdao")
    assert "Chưa báo đã nhận kết quả (quá hạn" in desk.get(address).text
