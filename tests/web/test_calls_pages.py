"""Whom to call, the slip that is handed over, and the page of a code."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app.session_round import tell_round
from app.sessions import act_on_session, book_for
from bot.conversation.messages import Inbound
from feedback.acts import Reply
from feedback.roles import OFFICER, Actor, Role
from feedback.session_acts import Cancel, Change
from storage import deliveries
from storage.tables import cases, outbox
from storage.tx import Tx
from tests.stores import run_apart
from tests.unit.sessions import announced, booking, leader, meeting
from tests.web.house import PASSWORD, House, browser_of
from vietnam.time import DAY

REPLY = "Đã thay bóng đèn ở ngã ba."
LATER = meeting(starts_at=meeting().starts_at + DAY)
ANONYMOUS, NAMED = (), ("2", "Lan", "0912345678")


def reported(house: House, person: str, who: tuple[str, ...]) -> str:
    """A case that was answered, and whose answer waits behind a closed window; its code."""
    words = ("Đèn đường ở ngã ba hỏng ba hôm nay rồi", "1", "1", "bỏ qua", "bỏ qua", *who, "1")
    for number, text in enumerate(words):
        inbound = Inbound(
            channel="telegram", channel_account=house.commune.telegram, dedupe_key=f"{person}{number}", person=person,
            kind="text", at=house.at, text=text,
        )  # fmt: skip
        run_apart(house.runtime.receive(inbound))
    newest = select(cases.c.id, cases.c.code).order_by(cases.c.opened_at.desc(), cases.c.id.desc()).limit(1)
    case = run_apart(house.store.read(lambda conn: conn.execute(newest).one()))
    officer = Actor(kind=OFFICER, unit=house.commune.commune, id=house.commune.officer, role=Role.RECEPTION)
    run_apart(house.runtime.act(case.id, Reply(REPLY), officer))

    def held(tx: Tx) -> None:
        id = tx.conn.scalar(select(outbox.c.id).where(outbox.c.case_id == case.id))
        assert id is not None
        deliveries.hold(tx, id, "window", "48 h", house.at)

    run_apart(house.store.write(held))
    return str(case.code)


@pytest.fixture
def desk(house: House) -> Iterator[TestClient]:
    """The officer at the reception, signed in."""
    with browser_of(house) as client:
        client.post("/can-bo/dang-nhap", data={"login": "tiepnhan", "password": PASSWORD})
        yield client


def test_nobody_to_call_says_so(desk: TestClient) -> None:
    assert "Không có ai cần gọi" in desk.get("/can-bo/can-goi").text


def test_the_list_shows_whom_to_call_and_hides_who_stays_unknown(house: House, desk: TestClient) -> None:
    named, hidden = reported(house, "71", NAMED), reported(house, "72", ANONYMOUS)
    page = desk.get("/can-bo/can-goi").text
    assert named in page
    assert hidden in page
    assert 'href="tel:0912345678"' in page
    assert "Người gửi ẩn danh" in page
    assert REPLY not in page


def test_a_call_is_done_once_and_a_try_is_counted(house: House, desk: TestClient) -> None:
    code = reported(house, "71", NAMED)
    address = re.search(r'action="(/can-bo/can-goi/\d+)"', desk.get("/can-bo/can-goi").text)
    assert address
    assert "đã gọi 1 lần chưa được" in desk.post(address[1], data={"what": "unreached"}).text
    assert desk.post(address[1], data={"what": "burned"}).status_code == 400
    done = desk.post(address[1], data={"what": "called"}).text
    assert "Đã ghi: đã gọi cho người dân" in done
    assert code not in done
    assert "Đã ghi" not in desk.post(address[1], data={"what": "called"}).text


def test_the_slip_names_nobody_and_nothing_but_the_code(house: House, desk: TestClient) -> None:
    code = reported(house, "71", NAMED)
    address = re.search(r'href="(/can-bo/can-goi/\d+/phieu)"', desk.get("/can-bo/can-goi").text)
    assert address
    slip = desk.get(address[1]).text.partition('<article class="slip">')[2].partition("</article>")[0]
    assert code in slip
    assert "<svg" in slip
    for private in ("Lan", "0912345678", "ngã ba", REPLY):
        assert private not in slip
    assert desk.get("/can-bo/can-goi/1/phieu").status_code == 404


def test_who_reads_the_answer_by_its_code_need_not_be_called(
    house: House, desk: TestClient, citizen: TestClient
) -> None:
    code = reported(house, "71", NAMED)
    assert code in desk.get("/can-bo/can-goi").text
    found = citizen.get("/mau/tra-cuu", params={"ma": code.lower().replace("-", " ")})
    assert found.url.path == f"/mau/tra-cuu/{code}"
    assert "Đã trả lời" in found.text.replace("đã", "Đã")
    for private in ("Lan", "0912345678", "ngã ba", REPLY):
        assert private not in found.text
    assert code in desk.get("/can-bo/can-goi").text, "whoever has the code has read nothing yet"
    assert REPLY in citizen.post(f"/mau/tra-cuu/{code}/mo", data={"so": "5678"}).text
    assert code not in desk.get("/can-bo/can-goi").text


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("abc", "chưa phải là mã"),
        ("M-2026-K7M2QX-5", "có chỗ chưa đúng"),
        ("", "Mã tra cứu"),
        ("x" * 5000, "chưa phải"),
    ],
)
def test_a_wrong_code_is_told_what_is_wrong_with_it(citizen: TestClient, typed: str, told: str) -> None:
    assert told in citizen.get("/mau/tra-cuu", params={"ma": typed}).text


def test_codes_are_not_guessed_by_the_thousand(house: House, citizen: TestClient) -> None:
    statuses = [citizen.get("/mau/tra-cuu/M-2026-K7M2QX-5").status_code for _ in range(80)]
    assert statuses[0] == 404
    assert statuses[-1] == 429
    house.at += 10 * 60_000
    assert citizen.get("/mau/tra-cuu/M-2026-K7M2QX-5").status_code == 404


def test_a_village_head_sees_no_calls(house: House) -> None:
    with browser_of(house) as client:
        assert client.get("/can-bo/can-goi", follow_redirects=False).status_code == 303


def test_a_code_of_another_commune_is_not_shown(house: House, citizen: TestClient) -> None:
    code = reported(house, "71", NAMED)
    assert citizen.get(f"/xa-khac/tra-cuu/{code}").status_code == 404


def seated(house: House, act: Cancel | Change) -> str:
    """A seat that an officer wrote down, of which there is news; its code."""
    id = run_apart(announced(house.runtime, house.commune))
    code = run_apart(
        book_for(house.runtime, id, booking(1, name="Lan", question="Chuyện riêng"), leader(house.commune))
    )
    run_apart(act_on_session(house.runtime, id, act, leader(house.commune)))
    run_apart(tell_round(house.runtime))
    return str(code)


@pytest.mark.parametrize(
    ("act", "on_the_list", "on_the_slip"),
    [
        (Cancel(reason="Bão số 3."), ("Buổi đã hủy", "Lý do hủy: Bão số 3."), ("đã hủy", "Bão số 3.", "buổi khác")),
        (
            Change(meeting=LATER, reason="Trùng lịch.", sure=True),
            ("Lịch hẹn", "số thứ tự 1"),
            ("22/10/2026", "số thứ tự", "trụ sở UBND xã", "báo lại"),
        ),
    ],
)
def test_a_seat_is_called_for_and_its_slip_says_how_it_stands(
    house: House, desk: TestClient, act: Cancel | Change, on_the_list: tuple[str, ...], on_the_slip: tuple[str, ...]
) -> None:
    code = seated(house, act)
    page = desk.get("/can-bo/can-goi").text
    assert all(words in page for words in (code, 'href="tel:0912345678"', "Tiếp công dân", *on_the_list))
    address = re.search(r'href="(/can-bo/can-goi/\d+/phieu)"', page)
    assert address
    slip = desk.get(address[1]).text.partition('<article class="slip">')[2].partition("</article>")[0]
    assert all(words in slip for words in (code, "<svg", *on_the_slip))
    for private in ("Lan", "0912345678", "Chuyện riêng", "Nhắn một tin"):
        assert private not in slip
    done = desk.post(address[1].removesuffix("/phieu"), data={"what": "printed"}).text
    assert "Đã ghi: đã chuyển phiếu báo tin" in done
    assert code not in done
