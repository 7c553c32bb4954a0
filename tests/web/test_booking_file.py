"""The calendar file of a booking, at its public address."""

import re
from datetime import UTC, datetime, timedelta

import icalendar
import pytest
from starlette.testclient import TestClient

from app.sessions import act_on_session, book_for, move_booking_for
from feedback.calendar_file import Event, calendar_file
from feedback.codes import make_code
from feedback.session_acts import Cancel, MoveBooking
from tests.stores import run_apart
from tests.unit.sessions import announced, booking, leader
from tests.web.house import House
from vietnam.time import DAY, HOUR, TZ, to_ms


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


def test_a_booking_that_is_moved_stays_one_entry_of_the_calendar(house: House, citizen: TestClient) -> None:
    id, code = booked(house)
    first = unfolded(citizen.get(f"/mau/lich/{code}.ics").text)
    codes = [code]
    for seat in (3, 4):
        moved = run_apart(
            move_booking_for(house.runtime, codes[-1], id, MoveBooking(code="", seat=seat), leader(house.commune))
        )
        assert isinstance(moved, str)
        codes.append(moved)
    newest = unfolded(citizen.get(f"/mau/lich/{codes[-1]}.ics").text)

    def line(lines: list[str], name: str) -> str:
        return next(one.partition(":")[2] for one in lines if one.startswith(name))

    assert line(newest, "UID") == line(first, "UID")
    assert int(line(newest, "SEQUENCE")) > int(line(first, "SEQUENCE")) + 1
    assert "DTSTART;TZID=Asia/Ho_Chi_Minh:20261021T090000" in newest
    # and whoever opens an address from before finds the entry as it is now
    for old in codes[:-1]:
        assert line(unfolded(citizen.get(f"/mau/lich/{old}.ics").text), "SEQUENCE") == line(newest, "SEQUENCE")


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


def test_another_reader_finds_the_session_as_it_was_meant() -> None:
    starts = to_ms(datetime(2026, 10, 21, 7, 30, tzinfo=TZ))
    written = Event(
        uid="LH-1@mau.nghedan", title="Tiếp công dân; thôn A, thôn B", starts_at=starts, ends_at=starts + HOUR,
        place="Trụ sở UBND\nphòng 2", url="https://hop.example/a,b\r\nATTENDEE:x", changes=3, made_at=starts - DAY,
    )  # fmt: skip
    # when the file is read by the library, which takes nothing that the standard does not allow
    read = icalendar.Calendar.from_ical(calendar_file(written, "Nghe Dan"))
    (event,) = read.walk("VEVENT")
    # then the instants are those of Viet Nam, whatever the reader's own time
    assert event.decoded("dtstart").astimezone(UTC) == datetime(2026, 10, 21, 0, 30, tzinfo=UTC)
    assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(hours=1)
    assert event.decoded("dtstamp") == datetime(2026, 10, 20, 0, 30, tzinfo=UTC)
    assert str(event["summary"]) == "Tiếp công dân; thôn A, thôn B"
    assert str(event["location"]) == "Trụ sở UBND\nphòng 2"
    assert str(event["url"]) == "https://hop.example/a,bATTENDEE:x"
    assert event["sequence"] == 3
    assert [one.decoded("trigger") for one in event.walk("VALARM")] == [timedelta(days=-1), timedelta(hours=-2)]
    assert [zone["tzid"] for zone in read.walk("VTIMEZONE")] == ["Asia/Ho_Chi_Minh"]
    assert not any("ATTENDEE" in name for name in event)
