"""A year that the program does not know: entered whole in two steps, counted by from then on, or undone."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import select, update
from starlette.testclient import TestClient

from storage.tables import acts, cases
from tests.web.house import House, look, outside, signed_in
from tests.web.test_hands_pages import clerk, entered
from vietnam.calendar import DayTable, is_working_day
from vietnam.time import start_of

__all__ = ["clerk"]
DAYS, YEAR = "/can-bo/ngay-nghi", "/can-bo/ngay-nghi/nam/2027"
LIST = """01/01/2027 nghỉ; Tết Dương lịch
04/02/2027 - 10/02/2027 nghỉ; Thông báo số 6150
16/04/2027
30/04/2027 - 03/05/2027 nghỉ
02/09/2027 - 03/09/2027 nghỉ
24/11/2027
11/12/2027 làm bù"""


@pytest.fixture
def admin(house: House) -> Iterator[TestClient]:
    with signed_in(house, "quantri") as client:
        yield client


def table(house: House) -> DayTable:
    unit = house.commune.commune
    return look(house, lambda conn: house.runtime.ledger.office_in(conn, unit).table)


def declared(admin: TestClient, text: str = LIST) -> str:
    answer = admin.post(YEAR, data={"lines": text, "chac": "1"})
    return f"{answer.status_code} {answer.text}"


def test_in_two_steps_and_then_nothing_is_guessed_any_more(house: House, admin: TestClient) -> None:
    assert YEAR in admin.get(DAYS).text
    page = admin.get(YEAR).text
    assert "01/01/2027 nghỉ" in page, "what the law says stands there to be mended"
    page = admin.post(YEAR, data={"lines": LIST}).text
    assert "Xin xem lại trước khi công nhận" in page
    assert "làm bù" in page
    assert 2027 not in table(house).years, "looking at it once more changes nothing"

    assert "Đã công nhận đủ lịch nghỉ năm 2027" in declared(admin)
    known = table(house)
    assert 2027 in known.years
    assert not is_working_day(date(2027, 2, 5), known)
    assert is_working_day(date(2027, 12, 11), known)
    assert is_working_day(date(2027, 12, 20), known)
    page = admin.get(DAYS).text
    assert "Xã đã công nhận đủ lịch" in page
    kept = look(house, lambda conn: list(conn.scalars(select(acts.c.action).where(acts.c.thing == "days"))))
    assert kept == ["year_whole"]
    assert "Công nhận đủ lịch nghỉ cả năm" in admin.get("/can-bo/nhat-ky").text
    assert declared(admin).startswith("422"), "a second press says that it is done"


def test_a_holiday_that_the_list_forgets_is_said_before_it_becomes_a_working_day(
    house: House, admin: TestClient
) -> None:
    page = admin.post(YEAR, data={"lines": LIST.replace("02/09/2027 - 03/09/2027 nghỉ\n", "")}).text
    assert "Ngày 02/09/2027 là ngày lễ nhưng không có trong danh sách" in page
    assert "sẽ thành ngày làm việc" in page
    declared(admin, LIST.replace("02/09/2027 - 03/09/2027 nghỉ\n", ""))
    assert is_working_day(date(2027, 9, 2), table(house)), "the commune's own word holds"


def test_a_day_entered_before_and_not_in_the_list_goes(house: House, admin: TestClient) -> None:
    admin.post(DAYS, data={"first": "2027-03-15", "kind": "off"})
    assert not is_working_day(date(2027, 3, 15), table(house))
    assert "15/03/2027 nghỉ" in admin.get(YEAR).text
    declared(admin)
    assert is_working_day(date(2027, 3, 15), table(house))


@pytest.mark.parametrize(
    "bad", ["", "Tết", "05/01/2027 làm bù", "01/01/2026", "<b>x</b>", "\x00" * 9, "01/01/2027\n" * 130]
)
def test_a_list_that_cannot_be_read_is_named_line_by_line_and_kept(admin: TestClient, bad: str) -> None:
    answer = admin.post(YEAR, data={"lines": f"{LIST}\n{bad}" if bad else "", "chac": "1"})
    wrong = bad.strip("\x00") != "" or not bad
    assert answer.status_code == (422 if wrong else 200)
    if wrong and bad:
        assert "Dòng " in answer.text
        assert "Thông báo số 6150" in answer.text


def test_undone_while_nobody_was_promised_a_day_of_it(house: House, admin: TestClient, clerk: TestClient) -> None:
    declared(admin)
    assert "Đã bỏ công nhận" in admin.post(f"{YEAR}/bo").text
    assert 2027 not in table(house).years
    declared(admin)
    code = entered(clerk)
    due = start_of(date(2027, 1, 6))
    outside(house, lambda tx: tx.execute(update(cases).where(cases.c.code == code).values(due_at=due)).close())
    answer = admin.post(f"{YEAR}/bo")
    assert (answer.status_code, "Đã có việc được hẹn" in answer.text) == (422, True)
    assert 2027 in table(house).years


def test_a_year_that_the_program_knows_and_one_far_away_have_no_page(admin: TestClient, clerk: TestClient) -> None:
    for year in (2026, 2028, 1, 99999):
        assert admin.get(f"{DAYS}/nam/{year}").status_code == 404
        assert admin.post(f"{DAYS}/nam/{year}", data={"lines": LIST, "chac": "1"}).status_code == 404
    assert clerk.post(YEAR, data={"lines": LIST, "chac": "1"}).status_code == 403
