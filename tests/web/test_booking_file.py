"""The calendar file of a booking, at its public address."""

import re

import pytest
from starlette.testclient import TestClient

from app.sessions import act_on_session, book_for
from feedback.calendar_file import Event, calendar_file
from feedback.codes import make_code
from feedback.session_acts import Cancel
from tests.stores import run_apart
from tests.unit.sessions import announced, booking, leader
from tests.web.house import House


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def booked(house: House) -> tuple[int, str]:
    id = run_apart(announced(house.runtime, house.commune))
    code = run_apart(
        book_for(house.runtime, id, booking(1, name="Người Kín", question="Chuyện riêng"), leader(house.commune))
    )
    assert isinstance(code, str)
    return id, code


def test_the_file_says_when_and_where_and_nothing_of_the_person(house: House, citizen: TestClient) -> None:
    _, code = booked(house)
    answer = citizen.get(f"/mau/lich/{code}.ics")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    lines = unfolded(answer.text)
    assert "DTSTART;TZID=Asia/Ho_Chi_Minh:20261021T073000" in lines
    assert "DTEND;TZID=Asia/Ho_Chi_Minh:20261021T080000" in lines
    assert "LOCATION:trụ sở UBND xã" in lines
    assert "STATUS:CONFIRMED" in lines
    assert not re.search("Kín|Chuyện riêng|0912345678", answer.text)


def test_a_cancelled_session_is_cancelled_in_the_calendar(house: House, citizen: TestClient) -> None:
    id, code = booked(house)
    run_apart(act_on_session(house.runtime, id, Cancel(reason="bão"), leader(house.commune)))
    lines = unfolded(citizen.get(f"/mau/lich/{code}.ics").text)
    assert "STATUS:CANCELLED" in lines
    assert "BEGIN:VALARM" not in lines


@pytest.mark.parametrize("code", ["x", make_code("M", 2026, 5), "M-2026-AAAAAA-2", "%00"])
def test_a_code_that_is_none_has_no_file(house: House, citizen: TestClient, code: str) -> None:
    booked(house)
    assert citizen.get(f"/mau/lich/{code}.ics").status_code == 404


def test_nothing_that_is_written_breaks_the_file() -> None:
    event = Event(
        uid="a@b", title="Đối thoại; thôn A, thôn B\r\nATTENDEE:x" + "ế" * 90, starts_at=0, ends_at=1, place="a\\b"
    )
    text = calendar_file(event, "Nghe Dan")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    lines = unfolded(text)
    assert not any(line.startswith("ATTENDEE") for line in lines)
    assert any(line.startswith("SUMMARY:Đối thoại\\; thôn A\\, thôn B\\nATTENDEE:x") for line in lines)
    assert "LOCATION:a\\\\b" in lines
    assert text.endswith("END:VCALENDAR\r\n")
