"""A table of days off with a gap, a double or a missing year is noticed while there is time to mend it."""

from datetime import date

import pytest
from msgspec.structs import replace

from vietnam.calendar import DayTable, over, read_days, shipped_days
from vietnam.table_faults import TableFault, table_faults

DAYS = shipped_days()


def without(*days: date) -> DayTable:
    return replace(DAYS, off=DAYS.off - set(days))


@pytest.mark.parametrize("today", [date(2024, 1, 1), date(2025, 6, 1), date(2026, 1, 1), date(2026, 11, 1)])
def test_the_shipped_table_is_whole(today: date) -> None:
    assert table_faults(DAYS, today) == []


@pytest.mark.parametrize(
    ("today", "days"), [(date(2026, 11, 2), 60), (date(2026, 12, 31), 1), (date(2027, 1, 1), 0), (date(2027, 8, 1), 0)]
)
def test_a_missing_year_is_spoken_of_sixty_days_ahead(today: date, days: int) -> None:
    assert table_faults(DAYS, today) == [TableFault("calendar.year_missing", {"year": 2027, "days": days})]


def test_a_table_that_ended_long_ago_misses_this_year_and_the_next() -> None:
    found = table_faults(DAYS, date(2028, 12, 1))
    assert [(one.key, one.values["year"]) for one in found] == [
        ("calendar.year_missing", 2028),
        ("calendar.year_missing", 2029),
    ]


def test_a_gap_is_named() -> None:
    # given a year without Tết, and one without 2 September
    tet = [date(2026, 2, day) for day in range(16, 21)]
    # then each is said by name, and that days are missing
    assert table_faults(without(*tet), date(2026, 1, 1)) == [
        TableFault("calendar.no_tet", {"year": 2026, "found": 0, "wanted": 5}),
        TableFault("calendar.too_few", {"year": 2026, "found": 7, "wanted": 12}),
    ]
    assert table_faults(without(date(2026, 9, 2)), date(2026, 1, 1)) == [
        TableFault("calendar.no_holiday", {"year": 2026, "day": date(2026, 9, 2)}),
        TableFault("calendar.too_few", {"year": 2026, "found": 11, "wanted": 12}),
    ]
    # and a year that is over troubles nobody
    assert table_faults(without(date(2025, 9, 2)), date(2026, 1, 1)) == []


def test_a_swap_without_its_make_up_day() -> None:
    table = replace(DAYS, working=DAYS.working - {date(2026, 8, 22)})
    assert table_faults(table, date(2026, 3, 1)) == [
        TableFault("calendar.too_many", {"year": 2026, "found": 13, "wanted": 12})
    ]


def test_a_day_both_off_and_worked() -> None:
    table = replace(DAYS, working=DAYS.working | {date(2026, 11, 24)})
    assert TableFault("calendar.double", {"day": date(2026, 11, 24)}) in table_faults(table, date(2026, 3, 1))


def test_a_year_listed_with_nothing_in_it() -> None:
    keys = [one.key for one in table_faults(DayTable(years=frozenset({2027})), date(2027, 1, 1))]
    assert keys[0] == "calendar.no_tet"
    assert "calendar.too_few" in keys


def test_a_units_own_year_mends_it() -> None:
    # given next year as a unit typed it in before the program brings it
    days = ["01-01", *(f"02-{day:02}" for day in range(4, 13)), "04-16", "04-30", "05-03", "09-02", "09-03", "11-24"]
    weekdays = [day for day in days if date.fromisoformat(f"2027-{day}").weekday() < 5]
    text = "years = [2027]\n" + "".join(f'[[days]]\nday = 2027-{day}\nkind = "holiday"\n' for day in weekdays)
    table = over(DAYS, read_days(text))
    # then nothing is missing, but one day more than the law gives is free
    found = table_faults(table, date(2026, 12, 1))
    assert [(one.key, one.values["found"]) for one in found] == [("calendar.too_many", len(weekdays))]


def test_days_of_a_year_not_answered_for_stand_only_in_a_units_own_table() -> None:
    text = '[[days]]\nday = 2027-03-01\nkind = "holiday"\n'
    assert read_days(text, partial=True).off == {date(2027, 3, 1)}
    with pytest.raises(ValueError, match="not among years"):
        read_days(text)
