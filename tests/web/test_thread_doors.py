"""By what the thread of a case is opened, what that leaves behind, and that no machine has read it for somebody."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from starlette.testclient import TestClient

from storage import page_openings, threads
from storage.page_openings import Opening
from storage.tables import acts, cases, login_failures
from tests.web.house import PASSWORD, House, browser_of, live, look, outside
from tests.web.test_calls_pages import ANONYMOUS, NAMED, REPLY, reported
from tests.web.test_hands_pages import FORM
from vietnam.time import DAY, HOUR
from web.limits import Limits

PERSON = {"sec-fetch-dest": "document", "sec-fetch-mode": "navigate", "sec-fetch-user": "?1"}
QR = re.compile(r'<div class="qr".*?</svg>', re.DOTALL)


@pytest.fixture
def desk(house: House) -> Iterator[TestClient]:
    with browser_of(house) as client:
        client.post("/can-bo/dang-nhap", data={"login": "tiepnhan", "password": PASSWORD})
        yield client


def openings(house: House, code: str) -> list[Opening]:
    def read(conn: Any) -> list[Opening]:
        return page_openings.listed(conn, conn.scalar(select(cases.c.id).where(cases.c.code == code)))

    return look(house, read)


def link(house: House, code: str) -> str:
    id = look(house, lambda conn: int(conn.scalar(select(cases.c.id).where(cases.c.code == code)) or 0))
    return threads.address(house.runtime.vault, "/mau", id, house.at)


def slip_of(desk: TestClient) -> str:
    address = re.search(r'href="(/can-bo/can-goi/\d+/phieu)"', desk.get("/can-bo/can-goi").text)
    assert address
    return address[1]


def handed(desk: TestClient) -> str:
    """The number of a slip that was just printed."""
    shown = desk.post(slip_of(desk)).text.partition('<article class="slip">')[2]
    found = re.search(r"sáu số <strong class=\"nowrap\">(\d{3} \d{3})</strong>", shown)
    assert found
    return found[1]


def tried(client: TestClient, code: str, digits: str) -> Any:
    return client.post(f"/mau/tra-cuu/{code}/mo", data={"so": digits})


@pytest.mark.parametrize("who", [NAMED, ANONYMOUS])
def test_what_an_officer_prints_opens_no_thread(house: House, desk: TestClient, who: tuple[str, ...]) -> None:
    code = reported(house, "71", who)
    slip = desk.get(slip_of(desk)).text
    assert _drawn(slip) == _drawn_of(f"http://testserver/mau/tra-cuu/{code}")
    assert "/viec/" not in slip


def test_the_slip_of_somebody_entered_at_the_desk_opens_no_thread_either(house: House, desk: TestClient) -> None:
    desk.post("/can-bo/nhap-ho", data=FORM)
    code = look(house, lambda conn: str(conn.scalar(select(cases.c.code))))
    slip = desk.get(f"/can-bo/nhap-ho/{code}/phieu-hen").text
    assert _drawn(slip) == _drawn_of(f"http://testserver/mau/tra-cuu/{code}")


def _drawn(page: str) -> str:
    found = QR.search(page)
    assert found
    return found[0].partition("<svg")[2].removesuffix("</div>")


def _drawn_of(address: str) -> str:
    from web.console.calls import qr_of

    return qr_of(address).partition("<svg")[2]


def test_a_number_on_paper_opens_once_and_says_who_gave_it_and_when_it_was_used(house: House, desk: TestClient) -> None:
    code = reported(house, "71", ANONYMOUS)
    number = handed(desk)
    with browser_of(house) as citizen:
        assert REPLY in tried(citizen, code, number).text
        # the browser that opened it goes on, also after its hour
        house.at += HOUR + 60_000
        assert REPLY not in citizen.get(f"/mau/tra-cuu/{code}").text
        assert REPLY in tried(citizen, code, number).text
    with browser_of(house) as other:
        refused = tried(other, code, number)
        assert refused.status_code == 422
        assert "đã dùng lúc" in refused.text
        assert REPLY not in refused.text
    assert [(one.what, one.how) for one in openings(house, code)] == [
        ("open", "slip"),
        ("open", "slip"),
        ("number", ""),
    ]
    shown = desk.get(f"/can-bo/vu-viec/{code}").text
    assert "Nông Thị Mẫu cấp số mở trang in trên phiếu" in shown
    assert "người dân mở bằng số trên phiếu" in shown


def test_a_new_number_ends_the_one_before_and_none_lasts_longer_than_a_month(house: House, desk: TestClient) -> None:
    code = reported(house, "71", ANONYMOUS)
    first, second = handed(desk), handed(desk)
    with browser_of(house) as citizen:
        assert tried(citizen, code, first).status_code == 422
        house.at += 31 * DAY
        assert tried(citizen, code, second).status_code == 422


def test_a_number_is_nowhere_in_the_store_and_of_this_case_only(house: House, desk: TestClient) -> None:
    code = reported(house, "71", ANONYMOUS)
    number = handed(desk).replace(" ", "")
    kept = look(house, lambda conn: [str(row) for row in conn.execute(select(acts))])
    assert not [row for row in kept if number in row]
    other = reported(house, "72", ANONYMOUS)
    with browser_of(house) as citizen:
        assert tried(citizen, other, number).status_code == 422
        assert REPLY in tried(citizen, code, number).text


def test_whoever_left_a_telephone_gets_no_number_and_others_hand_out_none(house: House, desk: TestClient) -> None:
    reported(house, "71", NAMED)
    address = slip_of(desk)
    assert "bốn số cuối" in desk.get(address).text
    assert "Cấp số" not in desk.get(address).text
    assert desk.post(address).status_code == 400
    assert desk.post("/can-bo/can-goi/1/phieu").status_code == 404
    with browser_of(house) as admin:
        admin.post("/can-bo/dang-nhap", data={"login": "quantri", "password": PASSWORD})
        assert admin.post(address).status_code == 403


def test_a_confidential_case_has_no_number_and_none_opens_it(house: House, desk: TestClient) -> None:
    code = reported(house, "71", ANONYMOUS)
    address, number = slip_of(desk), handed(desk)
    outside(house, lambda tx: tx.execute(update(cases).values(confidential=1)).rowcount)
    assert desk.post(address).status_code == 404
    with browser_of(house) as citizen:
        assert tried(citizen, code, number).status_code == 404


def test_every_opening_leaves_a_line_and_the_citizen_sees_it_too(house: House, desk: TestClient) -> None:
    code = reported(house, "71", NAMED)
    with browser_of(house) as citizen:
        tried(citizen, code, "5678")
        page = citizen.get(f"/mau/tra-cuu/{code}").text
        assert "mở bằng bốn số cuối điện thoại" in page
    with browser_of(house) as citizen:
        citizen.get(link(house, code), headers=PERSON)
        citizen.get(f"/mau/tra-cuu/{code}", headers=PERSON)  # the same hour of the same browser
    lines = [(one.how, one.actor, one.robot) for one in openings(house, code)]
    assert lines == [("link", "citizen", False), ("digits", "citizen", False)]
    assert "người dân mở bằng liên kết" in desk.get(f"/can-bo/vu-viec/{code}").text


@pytest.mark.parametrize(
    ("headers", "read"),
    [
        ({}, False),
        ({"sec-fetch-dest": "document", "sec-fetch-mode": "navigate"}, False),
        ({**PERSON, "sec-purpose": "prefetch"}, False),
        ({**PERSON, "purpose": "prefetch"}, False),
        ({**PERSON, "sec-fetch-dest": "iframe"}, False),
        (PERSON, True),
    ],
)
def test_only_a_person_has_read_what_is_behind_a_link(
    house: House, desk: TestClient, citizen: TestClient, headers: dict[str, str], *, read: bool
) -> None:
    code = reported(house, "71", NAMED)
    assert REPLY in citizen.get(link(house, code), headers=headers).text
    assert (code not in desk.get("/can-bo/can-goi").text) is read
    assert [one.robot for one in openings(house, code)] == [not read]


def test_a_browser_that_does_not_say_who_opened_it_has_a_button(
    house: House, desk: TestClient, citizen: TestClient
) -> None:
    code = reported(house, "71", NAMED)
    shown = citizen.get(link(house, code)).text
    assert "Tôi đã đọc" in shown
    with browser_of(house) as stranger:
        stranger.post(f"/mau/tra-cuu/{code}/da-doc")
    citizen.post(f"/mau/tra-cuu/{code}/da-doc", headers={"sec-fetch-site": "cross-site"})
    assert code in desk.get("/can-bo/can-goi").text
    said = citizen.post(f"/mau/tra-cuu/{code}/da-doc").text
    assert "Đã ghi là Ông/Bà đã đọc" in said
    assert "Tôi đã đọc" not in said
    assert code not in desk.get("/can-bo/can-goi").text


def test_who_answers_has_read(house: House, desk: TestClient, citizen: TestClient) -> None:
    code = reported(house, "71", NAMED)
    citizen.get(link(house, code))
    citizen.post(f"/mau/tra-cuu/{code}/noi", data={"way": "done"})
    assert code not in desk.get("/can-bo/can-goi").text


def test_machines_that_look_ahead_are_one_line_an_hour(house: House, citizen: TestClient) -> None:
    code = reported(house, "71", NAMED)
    address = link(house, code)
    for _ in range(3):
        citizen.get(address)
    citizen.get(address, headers=PERSON)
    house.at += HOUR
    citizen.get(address)
    assert [one.robot for one in openings(house, code)] == [True, False, True]


def test_links_are_not_fetched_by_the_hundred(house: House, citizen: TestClient) -> None:
    address = link(house, reported(house, "71", NAMED))
    statuses = [citizen.get(address[:-1], follow_redirects=False).status_code for _ in range(80)]
    assert statuses[0] == 410
    assert statuses[-1] == 429


def test_wrong_digits_are_counted_once_for_all_processes(house: House, citizen: TestClient) -> None:
    code = reported(house, "71", NAMED)
    for number in range(page_openings.WRONG):
        house.limits = Limits()  # of another process
        with browser_of(house) as other:
            assert tried(other, code, f"{number:04}").status_code == 422
    refused = tried(citizen, code, "5678")
    assert refused.status_code == 429
    assert "nhập cả số điện thoại" in refused.text
    assert "mở từ cuộc trò chuyện" in refused.text
    assert REPLY in tried(citizen, code, "+84 912.345.678").text, "whoever knows all of it is let in"
    citizen.post(f"/mau/tra-cuu/{code}/dong")
    assert REPLY in citizen.get(link(house, code)).text, "the way from the chat stays open"
    citizen.post(f"/mau/tra-cuu/{code}/dong")
    house.at += page_openings.WINDOW + 1
    assert REPLY in tried(citizen, code, "5678").text


def test_right_digits_and_slips_of_the_finger_are_not_counted(house: House, citizen: TestClient) -> None:
    code = reported(house, "71", NAMED)
    for _ in range(page_openings.WRONG + 1):
        assert tried(citizen, code, "5678").status_code == 200
    house.limits = Limits()
    for typed in ("567", "", "09123456", "091234567890123"):
        with browser_of(house) as other:
            assert tried(other, code, typed).status_code == 422
    counted = look(house, lambda conn: conn.execute(select(login_failures)).all())
    assert counted == []


def test_a_mistyped_code_is_told_what_is_wrong_with_it(house: House, citizen: TestClient) -> None:
    code = reported(house, "71", NAMED)
    for typed, told in (
        (code[:-3] + "O" + code[-2:], "Trong mã không có ký tự “O”"),
        (code[:-1], "mã có 7 ký tự; Ông/Bà gõ 6"),
        (code[:-1] + ("2" if code[-1] != "2" else "3"), "Có một ký tự sai, hoặc hai ký tự"),
    ):
        assert told in citizen.get("/mau/tra-cuu", params={"ma": typed}).text


@pytest.mark.browser
def test_in_a_real_browser_what_was_opened_by_hand_is_read(house: House, desk: TestClient, chromium: Any) -> None:
    code = reported(house, "71", NAMED)
    address = link(house, code)
    with live(house) as base:
        page = chromium.new_context().new_page()
        page.goto(f"{base}/mau/tra-cuu/{code}")
        assert code in desk.get("/can-bo/can-goi").text
        page.evaluate("to => { const a = document.createElement('a'); a.href = to; a.id = 'x'; a.textContent = 'mở';"
                      " document.body.prepend(a); }", base + address)  # fmt: skip
        page.click("#x")
        page.get_by_text(REPLY).wait_for()
    assert code not in desk.get("/can-bo/can-goi").text
    assert [(one.how, one.robot) for one in openings(house, code)] == [("link", False)]


def test_the_signed_address_is_made_for_the_citizens_own_chat_alone() -> None:
    root = Path(__file__).parents[2]
    made = {
        path.relative_to(root).as_posix()
        for room in ("app", "bot", "reports", "storage", "web")
        for path in (root / room).rglob("*.py")
        if "threads.address(" in path.read_text("utf-8")
    }
    # The chat of the case, and what is said there when somebody erases everything.
    assert made == {"app/desk.py", "app/ledger.py"}
