"""After a session: promises until they are done, requests for one, and the public calendar."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import insert, select
from starlette.testclient import TestClient

from app.promise_round import promise_round
from app.session_notices import notice_round
from app.session_round import tell_round
from storage.ids import new_id
from storage.tables import accounts, acts, cases, notices, officers, outbox, session_notices
from tests.stores import run_apart
from tests.web.doors import Waiting, enter
from tests.web.house import House, browser_of, look, outside
from tests.web.sessions_at_desk import a_day, announced, planned
from vietnam.time import DAY, HOUR, MINUTE, day_of, start_of

REQUESTS = "/can-bo/de-nghi-doi-thoai"


@pytest.fixture
def desk(house: House) -> Iterator[TestClient]:
    """The leader, signed in."""
    with browser_of(house) as client:
        enter(client, "lanhdao")
        yield client


def booked(house: House, address: str, person: str = "91") -> Waiting:
    """A citizen on Telegram who has booked that session and asked ahead."""
    chat = Waiting(house, person, asked=False)
    chat._does("start", source=f"dt_{address.rpartition('/')[2]}")
    chat.says("Đường vào thôn tôi bao giờ được sửa?", "Nguyễn Thị Lan, 0912 345 678")
    return chat


def promised(house: House, desk: TestClient, address: str) -> None:
    """The session's day: the first question is answered, and something is promised for five days later."""
    house.at = start_of(a_day(house, 10, 2)) + 8 * HOUR
    enter(desk, "lanhdao")
    question = re.search(r"/tra-loi/(\d+)", desk.get(address).text)
    assert question
    desk.post(f"{address}/tra-loi/{question[1]}", data={"tra_loi": "Sẽ san gạt.", "ai": "Chủ tịch"})
    promise = {"cau": question[1], "viec": "San gạt đường", "ai": "Tổ giao thông"}
    due = day_of(house.at) + timedelta(days=5)
    page = desk.post(f"{address}/hua", data=promise | {"han": due.isoformat()})
    assert page.status_code == 200


def told(house: House) -> list[str]:
    """Wording keys of what the officers were told."""
    return look(house, lambda conn: list(conn.scalars(select(notices.c.key).order_by(notices.c.at, notices.c.id))))


def test_whoever_asked_hears_that_a_promise_is_kept(house: House, desk: TestClient) -> None:
    address = announced(house, desk)
    chat = booked(house, address)
    promised(house, desk, address)
    page = desk.get("/can-bo/loi-hua").text
    assert "San gạt đường" in page
    assert "còn 5 ngày" in page
    done = re.search(r"(/can-bo/loi-hua/\d+)/xong", page)
    assert done
    assert desk.post(f"{done[1]}/xong", data={"ghi": " "}).status_code == 422
    assert desk.post(f"{done[1]}/xong", data={"ghi": "x" * 5_000}).status_code == 422
    assert "Đã ghi là đã xong" in desk.post(f"{done[1]}/xong", data={"ghi": "San xong 400 m."}).text
    assert "San xong 400 m." in chat.hears()
    assert desk.post(f"{done[1]}/xong", data={"ghi": "Lần nữa"}).status_code == 422
    assert "Lần nữa" not in chat.hears()
    assert "San xong 400 m." in desk.get("/can-bo/loi-hua?muc=da-xong").text
    assert desk.post("/can-bo/loi-hua/12/xong", data={"ghi": "x"}).status_code == 404


def test_whoever_asked_hears_why_a_promise_is_dropped(house: House, desk: TestClient) -> None:
    address = announced(house, desk)
    chat = booked(house, address)
    promised(house, desk, address)
    done = re.search(r"(/can-bo/loi-hua/\d+)/xong", desk.get("/can-bo/loi-hua").text)
    assert done
    assert "người đã hỏi được nhắn lý do" in desk.post(f"{done[1]}/bo", data={"ghi": "Không có vốn"}).text
    said = chat.hears()
    assert "Xã xin lỗi Ông/Bà: việc này không thực hiện được. Lý do: Không có vốn" in said
    assert "San gạt đường" in said
    assert "không thực hiện" in desk.get("/can-bo/loi-hua?muc=da-xong").text


def test_promises_are_warned_of_once_before_and_once_after_their_day(house: House, desk: TestClient) -> None:
    address = announced(house, desk)
    booked(house, address)
    promised(house, desk, address)
    run_apart(promise_round(house.runtime))
    assert "notice.promise_soon" not in told(house)
    house.at += 4 * DAY
    for _ in range(2):
        run_apart(promise_round(house.runtime))
    assert told(house).count("notice.promise_soon") == 1
    house.at += 2 * DAY
    for _ in range(2):
        run_apart(promise_round(house.runtime))
    assert told(house).count("notice.promise_late") == 1
    enter(desk, "lanhdao")
    assert "việc đã hứa</a> quá hạn" in desk.get("/can-bo/lich").text
    assert "San gạt đường" in desk.get("/can-bo/").text


def test_an_announced_session_is_told_to_everybody_once(house: House, desk: TestClient) -> None:
    listener, gone = Waiting(house, "81", asked=False), Waiting(house, "82", asked=False)
    listener.says("menu")
    gone.says("/dung")
    announced(house, desk)
    for _ in range(3):
        run_apart(notice_round(house.runtime))
    assert "kính mời Ông/Bà dự: Tiếp công dân định kỳ" in listener.hears()
    assert "go:hen" in listener.hears()
    assert "kính mời" not in gone.hears()
    broadcast = select(outbox.c.id).where(outbox.c.lane == 2)
    assert len(look(house, lambda conn: conn.execute(broadcast).all())) == 1
    assert look(house, lambda conn: conn.scalar(select(session_notices.c.told))) == 1


def test_nothing_is_told_at_night_nor_without_the_tick(house: House, desk: TestClient) -> None:
    listener = Waiting(house, "81", asked=False)
    listener.says("menu")
    address = planned(house, desk)
    desk.post(f"{address}/cong-bo", data={"seen": "0"})
    run_apart(notice_round(house.runtime))
    assert "kính mời" not in listener.hears()
    announced(house, desk, gio="13:30", den="16:00")
    house.at = start_of(day_of(house.at)) + 23 * HOUR
    assert not run_apart(notice_round(house.runtime))
    assert "kính mời" not in listener.hears()


def test_who_was_told_of_a_session_is_told_that_it_is_off(house: House, desk: TestClient) -> None:
    listener = Waiting(house, "81", asked=False)
    listener.says("menu")
    address = announced(house, desk)
    visitor = booked(house, address)
    run_apart(notice_round(house.runtime))
    desk.post(f"{address}/huy", data={"ly_do": "Bão số 9", "seen": "0"})
    run_apart(notice_round(house.runtime))
    run_apart(tell_round(house.runtime))
    assert "không tổ chức nữa" in listener.hears()
    assert "Bão số 9" in listener.hears()
    # Whoever has booked is told by name, and not twice.
    assert "Bão số 9" in visitor.hears()
    assert "không tổ chức nữa" not in visitor.hears()


def test_requests_are_grouped_and_counted_by_people(house: House, desk: TestClient) -> None:
    assert "Chưa có ai đề nghị đối thoại" in desk.get(REQUESTS).text
    for person in ("61", "62"):
        chat = Waiting(house, person, asked=False)
        chat.says("menu")
    wish = {"kind": "dialogue", "category": "land", "text": "Xin gặp về đất", "state": "new", "channel": "telegram"}
    mine = {"unit_id": house.commune.commune, "village_id": house.commune.villages[0], "opened_at": house.at}

    people = look(house, lambda conn: list(conn.scalars(select(accounts.c.id))))
    rows = [(people[0], "M-2026-AAAAAA-1", 0), (people[0], "M-2026-AAAAAA-2", 0), (people[1], "M-2026-AAAAAA-3", 0)]
    rows.append((people[1], "M-2026-AAAAAA-4", 1))
    values = [
        {"id": new_id(), "account_id": account, "code": code, "confidential": kept, **wish, **mine}
        for account, code, kept in rows
    ]
    outside(house, lambda tx: tx.execute(insert(cases), values))
    page = desk.get(REQUESTS).text
    assert "Số người đề nghị qua kênh này: 2" in page
    assert "3 lần đề nghị" in page
    assert "M-2026-AAAAAA-4" not in page  # confidential


def paper(house: House, **other: str) -> dict[str, str]:
    """A list on paper as an officer enters it."""
    usual = {"chu_de": "Giá đất đền bù", "so": "120", "cu_tri": "1.000", "ngay": day_of(house.at).isoformat()}
    return usual | other


def test_a_list_on_paper_is_entered_and_struck_out_and_both_are_kept(house: House, desk: TestClient) -> None:
    page = desk.post(REQUESTS, data=paper(house)).text
    assert "đủ 10%" in page
    assert "Hoàng Văn Mẫu" in page
    both = desk.post(REQUESTS, data=paper(house, so="99", chu_de="Khác")).text
    assert both.count("đủ 10%</span>") == 1
    row = re.search(r"(/can-bo/de-nghi-doi-thoai/\d+/gach)", page)
    assert row
    assert desk.post(row[1], data={"ly_do": ""}).status_code == 422
    assert "đã gạch bỏ" in desk.post(row[1], data={"ly_do": "Ghi nhầm xã"}).text
    assert desk.post(row[1], data={"ly_do": "Lần nữa"}).status_code == 422
    kept = select(acts.c.action).where(acts.c.thing == "dialogue_list").order_by(acts.c.at, acts.c.id)
    found = look(house, lambda conn: list(conn.scalars(kept)))
    assert sorted(found) == ["list.enter", "list.enter", "list.strike"]


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"chu_de": " "}, "chủ đề"),
        ({"chu_de": "x" * 400}, "ký tự"),
        ({"so": "0"}, "lớn hơn 0"),
        ({"so": "-5"}, "lớn hơn 0"),
        ({"so": "nhiều"}, "lớn hơn 0"),
        ({"so": "2000"}, "nhiều hơn số cử tri"),
        ({"ngay": "2090-01-01"}, "một năm"),
        ({"ngay": "2001-01-01"}, "một năm"),
        ({"ngay": ""}, "một năm"),
        ({"thon": "77"}, "Thôn"),
    ],
)
def test_a_list_that_cannot_be_is_told_why(house: House, desk: TestClient, wrong: dict[str, str], why: str) -> None:
    page = desk.post(REQUESTS, data=paper(house, **wrong))
    assert page.status_code == 422
    assert why in page.text.partition('role="alert"')[2].partition("</p>")[0]
    assert "đủ 10%" not in page.text


def test_the_public_calendar_shows_what_is_announced_and_nobody_else(house: House, desk: TestClient) -> None:
    address = planned(house, desk)
    with browser_of(house) as anybody:
        assert "Tiếp công dân định kỳ" not in anybody.get("/mau/lich").text
        desk.post(f"{address}/cong-bo", data={"seen": "0"})
        booked(house, address)
        house.at += MINUTE
        page = anybody.get("/mau/lich")
        assert "max-age" in page.headers["cache-control"]
        assert "set-cookie" not in page.headers
        assert "Còn 7 chỗ" in page.text
        assert f"?n=dt_{address.rpartition('/')[2]}" in page.text
        for private in ("Lan", "0912345678", "Đường vào thôn"):
            assert private not in page.text
        assert "Tiếp công dân định kỳ" not in anybody.get("/xa-khac/lich").text
        assert anybody.get("/khong-co/lich").status_code == 404
        desk.post(f"{address}/huy", data={"ly_do": "Bão", "seen": "0"})
        house.at += MINUTE
        assert "Buổi này đã hủy: Bão" in anybody.get("/mau/lich").text


def test_results_of_a_dialogue_are_public_without_names(house: House, desk: TestClient) -> None:
    address = announced(house, desk, loai="periodic", ten="Đối thoại quý bốn", phut="", cho="50")
    chat = booked(house, address)
    promised(house, desk, address)
    desk.post(f"{address}/bien-ban", data={"noi_dung": "Bàn về đường và đất.", "seen": "0"})
    house.at += 4 * HOUR
    desk.post(f"{address}/ket-thuc", data={"seen": "0"})
    desk.post(f"{address}/ket-qua", data={"seen": "0"})
    run_apart(tell_round(house.runtime))
    assert "Sẽ san gạt." in chat.hears()
    with browser_of(house) as anybody:
        page = anybody.get("/mau/lich").text
    for public in ("Bàn về đường và đất.", "Sẽ san gạt.", "San gạt đường", "đang thực hiện"):
        assert public in page
    for private in ("Lan", "0912345678", "Đường vào thôn tôi"):
        assert private not in page


def test_the_head_of_a_village_reads_the_papers_and_ticks_them_off(house: House, desk: TestClient) -> None:
    announced(house, desk)
    stored = look(
        house, lambda conn: conn.scalar(select(officers.c.password_hash).where(officers.c.login == "tiepnhan"))
    )
    head = {"unit_id": house.commune.villages[0], "login": "truongthon", "name": "Lò Văn Mẫu", "role": "village_head"}
    row = {"id": new_id(), "password_hash": stored, "created_at": house.at, **head}
    outside(house, lambda tx: tx.execute(insert(officers).values(**row)))
    with browser_of(house) as village:
        enter(village, "truongthon")
        page = village.get("/can-bo/lich/thon").text
        assert "Thông báo: Tiếp công dân định kỳ" in page
        tick = re.search(r"/can-bo/lich/\d+/thon/\d+/niem-yet", page)
        assert tick
        assert "Chưa có giấy nào cần nhận" in village.post(tick[0]).text
        assert village.get("/can-bo/lich").status_code == 403
    assert "Lò Văn Mẫu" in desk.get(tick[0].partition("/thon")[0]).text
