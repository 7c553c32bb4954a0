"""Working days: the table of the year decides, and the deadlines of the plans fall where they must."""

from datetime import date

import pytest

from vietnam.calendar import (
    DayTable,
    first_working_day,
    first_working_day_after,
    is_working_day,
    last_working_day_before,
    read_days,
    shipped_days,
)

DAYS = shipped_days()


@pytest.mark.parametrize(
    ("deadline", "last"),
    [
        (date(2024, 5, 5), date(2024, 5, 4)),  # the Saturday worked for 29/4
        (date(2024, 10, 20), date(2024, 10, 18)),
        (date(2026, 5, 10), date(2026, 5, 8)),
        (date(2026, 11, 25), date(2026, 11, 23)),  # 24/11 is a holiday from 2026
        (date(2025, 11, 25), date(2025, 11, 24)),
        (date(2026, 2, 21), date(2026, 2, 13)),  # Tết
    ],
)
def test_before_a_day_is_strictly_before(deadline: date, last: date) -> None:
    assert last_working_day_before(deadline, DAYS) == last


def test_first_working_days() -> None:
    assert first_working_day(2026, 11, DAYS) == date(2026, 11, 2)
    assert first_working_day(2026, 1, DAYS) == date(2026, 1, 5)
    assert first_working_day(2026, 9, DAYS) == date(2026, 9, 3)
    assert first_working_day_after(date(2026, 11, 14), DAYS) == date(2026, 11, 16)
    assert first_working_day_after(date(2026, 11, 23), DAYS) == date(2026, 11, 25)


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_every_make_up_day_is_a_weekend_and_gives_back_one_weekday(year: int) -> None:
    makeup = [day for day in DAYS.working if day.year == year]
    assert all(day.weekday() >= 5 for day in makeup)
    weekdays_off = [day for day in DAYS.off if day.year == year and day.weekday() < 5]
    paid = 12 if year >= 2026 else 11
    assert len(weekdays_off) - len(makeup) == paid


def test_a_year_outside_the_table_is_taken_from_the_package() -> None:
    assert not is_working_day(date(2027, 11, 24), DAYS)
    assert not is_working_day(date(2027, 11, 27), DAYS)
    assert is_working_day(date(2027, 11, 25), DAYS)


def test_a_year_in_the_table_is_taken_from_the_table_alone() -> None:
    assert is_working_day(date(2026, 9, 2), DayTable(years=frozenset({2026})))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('[[days]]\nday = 2026-09-02\nkind = "holiday"\n', "not among years"),
        ('years = [2026]\n[[days]]\nday = 2026-09-02\nkind = "free"\n', "kind 'free'"),
        ('years = [2026]\n[[days]]\nday = "2026-09-02"\nkind = "holiday"\n', "days 1: day is not a date"),
        ("years = [2026]\n" + '[[days]]\nday = 2026-09-02\nkind = "holiday"\n' * 2, "days 2 .* twice"),
        ("years = 2026\n", "years"),
        ("years = [2026]\ndays = [1]\n", "days: tables"),
        ("years = [2026]\ndays = 1\n", "days: tables"),
        ("years = [", "Invalid|Unclosed"),
    ],
)
def test_a_wrong_table_is_refused_by_name(text: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        read_days(text)
