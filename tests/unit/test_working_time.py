"""Working days and hours: the noon break, weekends, Tết, swap days, and that adding and measuring agree."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vietnam.calendar import DayTable, is_working_day, over, read_days, shipped_days
from vietnam.time import HOUR, MINUTE, TZ, day_of, local, start_of, to_ms
from vietnam.working_time import (
    USUAL,
    Sessions,
    add_calendar_days,
    add_working_days,
    add_working_time,
    closing,
    end_of,
    local_day,
    moved_back,
    read_sessions,
    take_working_time,
    unusual_days,
    working_days_after,
    working_days_in,
    working_time_between,
)

DAYS = shipped_days()


@pytest.fixture(autouse=True, scope="module")
def _package_is_loaded() -> None:
    """A year that the table does not cover is asked of a package, whose import no property should wait for."""
    assert is_working_day(date(2027, 11, 25), DAYS)


def at(text: str) -> int:
    """The instant of a local time such as "2026-11-06 16:30"."""
    return to_ms(datetime.fromisoformat(text).replace(tzinfo=TZ))


def told(ms: int) -> str:
    return f"{local(ms):%a %Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("since", "hours", "until"),
    [
        ("2026-11-06 16:30", 1, "Mon 2026-11-09 08:00"),  # Friday: half an hour, the rest on Monday
        ("2026-11-06 16:30", 0.5, "Fri 2026-11-06 17:00"),  # what ends with the session ends that day
        ("2026-11-04 07:30", 4, "Wed 2026-11-04 11:30"),
        ("2026-11-04 11:00", 1, "Wed 2026-11-04 14:00"),  # across the noon break
        ("2026-11-04 12:15", 1, "Wed 2026-11-04 14:30"),  # in the noon break
        ("2026-11-04 05:00", 1, "Wed 2026-11-04 08:30"),
        ("2026-11-04 20:00", 1, "Thu 2026-11-05 08:30"),
        ("2026-11-07 10:00", 1, "Mon 2026-11-09 08:30"),  # Saturday
        ("2026-11-08 23:59", 7.5, "Mon 2026-11-09 17:00"),  # a whole day's work
        ("2026-11-04 09:00", 24, "Mon 2026-11-09 10:30"),  # three days and an hour and a half
        ("2026-11-23 16:30", 1, "Wed 2026-11-25 08:00"),  # 24/11 is a holiday
        ("2026-02-13 16:30", 1, "Mon 2026-02-23 08:00"),  # Tết
        ("2025-12-31 16:30", 1, "Mon 2026-01-05 08:00"),  # 02/01/2026 is given free for Saturday 10/01
        ("2024-04-26 16:30", 1, "Thu 2024-05-02 08:00"),  # Monday 29/4 is given free
        ("2024-05-03 16:30", 1, "Sat 2024-05-04 08:00"),  # for the Saturday that is worked
        ("2024-05-04 16:30", 1, "Mon 2024-05-06 08:00"),
    ],
)
def test_working_hours(since: str, hours: float, until: str) -> None:
    assert told(add_working_time(at(since), round(hours * HOUR), DAYS, USUAL)) == until


@pytest.mark.parametrize(
    ("until", "hours", "since"),
    [
        ("2026-11-09 08:00", 1, "Fri 2026-11-06 16:30"),
        ("2026-11-04 14:00", 0.5, "Wed 2026-11-04 13:30"),  # the latest such instant, not 11:30
        ("2026-11-04 14:00", 1, "Wed 2026-11-04 11:00"),
        ("2026-11-08 12:00", 4, "Fri 2026-11-06 11:00"),
        ("2024-05-06 08:30", 2, "Sat 2024-05-04 16:00"),
        ("2026-11-04 17:00", 15, "Tue 2026-11-03 07:30"),
    ],
)
def test_working_hours_back(until: str, hours: float, since: str) -> None:
    assert told(take_working_time(at(until), round(hours * HOUR), DAYS, USUAL)) == since


@pytest.mark.parametrize(
    ("since", "days", "last"),
    [
        ("2026-11-02 08:00", 5, date(2026, 11, 9)),
        ("2026-11-02 23:50", 5, date(2026, 11, 9)),  # the first day is not counted, whatever the hour
        ("2026-11-07 10:00", 1, date(2026, 11, 9)),  # from a Saturday
        ("2026-02-13 10:00", 1, date(2026, 2, 23)),  # Tết
        ("2024-04-26 10:00", 5, date(2024, 5, 7)),  # 29/4 free, 30/4, 01/5, and Saturday 04/5 counts
        ("2026-08-20 10:00", 3, date(2026, 8, 24)),  # Saturday 22/8 counts
        ("2025-12-30 10:00", 2, date(2026, 1, 5)),  # over the new year
    ],
)
def test_terms_in_working_days(since: str, days: int, last: date) -> None:
    assert add_working_days(at(since), days, DAYS) == last


@pytest.mark.parametrize(
    ("since", "days", "last"),
    [
        ("2026-11-02 08:00", 10, date(2026, 11, 12)),
        ("2026-10-29 08:00", 10, date(2026, 11, 9)),  # 08/11 is a Sunday
        ("2026-03-31 08:00", 30, date(2026, 5, 4)),  # 30/4, 01/5, then a weekend
        ("2026-01-20 08:00", 30, date(2026, 2, 23)),  # amid Tết
        ("2025-12-31 08:00", 10, date(2026, 1, 10)),  # a Saturday, but worked
        ("2024-04-19 08:00", 10, date(2024, 5, 2)),  # 29/4/2024 given free
        ("2026-11-14 08:00", 10, date(2026, 11, 25)),  # 24/11
    ],
)
def test_terms_in_calendar_days(since: str, days: int, last: date) -> None:
    assert add_calendar_days(at(since), days, DAYS) == last


def test_a_day_ends_where_it_still_is_that_day() -> None:
    assert told(end_of(date(2026, 11, 4))) == "Wed 2026-11-04 23:59"
    assert end_of(date(2026, 11, 4)) + 1 == start_of(date(2026, 11, 5))
    assert told(closing(date(2026, 11, 4), USUAL)) == "Wed 2026-11-04 17:00"


def test_time_between_is_what_was_worked() -> None:
    def hours(since: str, until: str) -> float:
        return working_time_between(at(since), at(until), DAYS, USUAL) / HOUR

    assert hours("2026-11-06 16:30", "2026-11-09 08:00") == 1
    assert hours("2026-11-04 11:00", "2026-11-04 14:00") == 1
    assert hours("2026-11-07 08:00", "2026-11-08 18:00") == 0
    assert hours("2024-05-04 07:30", "2024-05-04 17:00") == 7.5
    assert hours("2026-02-13 17:00", "2026-02-23 07:30") == 0
    with pytest.raises(ValueError, match="earlier"):
        hours("2026-11-09 08:00", "2026-11-06 16:30")


def test_what_departed_from_the_plain_week() -> None:
    off, worked = unusual_days(date(2024, 4, 26), date(2024, 5, 7), DAYS)
    assert off == (date(2024, 4, 29), date(2024, 4, 30), date(2024, 5, 1))
    assert worked == (date(2024, 5, 4),)


def test_a_unit_that_works_otherwise() -> None:
    # given an office that works in one session, on Saturday mornings too when its table says so
    early = read_sessions("07:00-11:00, 13:00 – 16:30")
    own = read_days('[[days]]\nday = 2026-11-07\nkind = "makeup"\n', partial=True)
    # then its own hours and days count
    assert told(add_working_time(at("2026-11-06 16:00"), HOUR, DAYS, early)) == "Mon 2026-11-09 07:30"
    assert told(add_working_time(at("2026-11-06 16:00"), HOUR, over(DAYS, own), early)) == "Sat 2026-11-07 07:30"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "07:30",
        "07:30-11:60",
        "11:30-07:30",
        "07:30-11:30,11:00-17:00",
        "08:00-25:00",
        "00:00-24:00",
        "07:30-11:30,",
    ],
)
def test_wrong_sessions_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="sessions"):
        read_sessions(text)


def test_a_term_of_nothing_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="at least one"):
        working_days_after(date(2026, 11, 4), 0, DAYS)
    for wrong in (add_working_time, take_working_time):
        with pytest.raises(ValueError, match="working_time"):
            wrong(0, -1, DAYS, USUAL)


# --- properties -------------------------------------------------------------------------------------------------------

instants = st.integers(at("2024-01-01 00:00"), at("2027-12-31 23:59"))
amounts = st.integers(0, 200 * HOUR)
days = st.dates(date(2024, 1, 1), date(2027, 12, 31))
offices = st.sampled_from([USUAL, read_sessions("07:00-11:00,13:00-16:30"), Sessions(((0, 1439),))])


@given(instants, amounts, offices)
def test_what_is_added_is_measured_again(since: int, amount: int, office: Sessions) -> None:
    until = add_working_time(since, amount, DAYS, office)
    assert working_time_between(since, until, DAYS, office) == amount
    assert amount == 0 or is_working_day(day_of(until - 1), DAYS)


@given(instants, amounts, offices)
def test_what_is_taken_is_measured_again(until: int, amount: int, office: Sessions) -> None:
    since = take_working_time(until, amount, DAYS, office)
    assert working_time_between(since, until, DAYS, office) == amount
    if amount:  # and a moment later it would be less
        assert working_time_between(since + 1, until, DAYS, office) == amount - 1


@given(instants, st.integers(0, 30 * 24 * HOUR), amounts)
def test_who_begins_later_never_ends_earlier(since: int, later: int, amount: int) -> None:
    first, second = (add_working_time(one, amount, DAYS, USUAL) for one in (since, since + later))
    assert first <= second
    assert add_working_time(since, amount + MINUTE, DAYS, USUAL) > first


@given(instants, amounts, amounts)
def test_in_two_steps_is_as_in_one(since: int, one: int, other: int) -> None:
    middle = add_working_time(since, one, DAYS, USUAL)
    assert add_working_time(middle, other, DAYS, USUAL) == add_working_time(since, one + other, DAYS, USUAL)


@given(days, st.integers(1, 300))
def test_working_days_as_counted_on_the_fingers(day: date, count: int) -> None:
    last, left = day, count
    while left:
        last += timedelta(days=1)
        left -= is_working_day(last, DAYS)
    assert working_days_after(day, count, DAYS) == last
    assert working_days_in(day + timedelta(days=1), last + timedelta(days=1), DAYS) == count


@given(instants, st.integers(1, 90))
def test_no_term_ends_on_a_day_off(since: int, count: int) -> None:
    assert is_working_day(add_calendar_days(since, count, DAYS), DAYS)
    assert is_working_day(add_working_days(since, count, DAYS), DAYS)
    assert add_calendar_days(since, count, DAYS) <= add_working_days(since, count, DAYS)
    assert is_working_day(moved_back(day_of(since), DAYS), DAYS)
    assert local_day(since) == day_of(since)


@given(st.sets(days, max_size=8), st.sets(days, max_size=8))
def test_a_units_own_word_wins_and_the_rest_stays(off: set[date], worked: set[date]) -> None:
    own = DayTable(off=frozenset(off - worked), working=frozenset(worked))
    both = over(DAYS, own)
    assert not both.off & both.working
    for day in off | worked:
        assert is_working_day(day, both) == (day in worked)
    for day in DAYS.off | DAYS.working - off - worked:
        assert day in off | worked or is_working_day(day, both) == is_working_day(day, DAYS)
