"""Periods: which days a report covers, by the calendar and by the statutory cut-off."""

from datetime import date
from itertools import pairwise

import pytest

from reports.periods import BadPeriod, month_of, months_to, parse, previous, village_period


@pytest.mark.parametrize(
    ("key", "kind", "first", "last", "title"),
    [
        ("2026-10", "month", "2026-10-01", "2026-10-31", "tháng 10 năm 2026"),
        ("2026-02", "month", "2026-02-01", "2026-02-28", "tháng 2 năm 2026"),
        ("2028-02", "month", "2028-02-01", "2028-02-29", "tháng 2 năm 2028"),
        ("2026-12", "month", "2026-12-01", "2026-12-31", "tháng 12 năm 2026"),
        ("2026-Q1", "quarter", "2026-01-01", "2026-03-31", "quý I năm 2026"),
        ("2026-Q3", "quarter", "2026-07-01", "2026-09-30", "quý III năm 2026"),
        ("2026-Q4", "quarter", "2026-10-01", "2026-12-31", "quý IV năm 2026"),
        ("2026-6m", "6m", "2026-01-01", "2026-06-30", "6 tháng đầu năm 2026"),
        ("2026-9m", "9m", "2026-01-01", "2026-09-30", "9 tháng đầu năm 2026"),
        ("2026-12m", "12m", "2026-01-01", "2026-12-31", "năm 2026"),
    ],
)
def test_a_calendar_period(key: str, kind: str, first: str, last: str, title: str) -> None:
    period = parse(key)

    assert (period.kind, period.first, period.last) == (kind, date.fromisoformat(first), date.fromisoformat(last))
    assert period.title == title


@pytest.mark.parametrize(
    ("key", "first", "last"),
    [
        ("2026-10", "2026-09-15", "2026-10-14"),
        ("2026-01", "2025-12-15", "2026-01-14"),
        ("2026-03", "2026-02-15", "2026-03-14"),
        ("2026-Q1", "2025-12-15", "2026-03-14"),
        ("2026-Q3", "2026-06-15", "2026-09-14"),
        ("2026-6m", "2025-12-15", "2026-06-14"),
        ("2026-9m", "2025-12-15", "2026-09-14"),
        ("2026-12m", "2025-12-15", "2026-12-14"),
    ],
)
def test_a_statutory_period_runs_from_the_15th_to_the_14th(key: str, first: str, last: str) -> None:
    period = parse(key, month="statutory")

    assert (period.first, period.last) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("key", "before"),
    [
        ("2026-10", "2026-09"),
        ("2026-01", "2025-12"),
        ("2026-Q1", "2025-Q4"),
        ("2026-Q3", "2026-Q2"),
        ("2026-6m", "2025-6m"),
        ("2026-12m", "2025-12m"),
        ("2000-01", "1999-12"),
    ],
)
@pytest.mark.parametrize("month", ["calendar", "statutory"])
def test_the_period_before(key: str, before: str, month: str) -> None:
    period = parse(key, month="statutory" if month == "statutory" else "calendar")

    found = previous(period)

    assert (found.key, found.month) == (before, month)
    if period.kind in {"month", "quarter"}:
        assert (period.first - found.last).days == 1


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("2026-10", "2026-Q3"),
        ("2026-09", "2026-Q3"),
        ("2026-08", "2026-Q2"),
        ("2026-12", "2026-Q4"),
        ("2026-02", "2025-Q4"),
        ("2026-Q2", "2026-Q2"),
        ("2026-12m", "2026-12m"),
    ],
)
def test_a_month_shows_the_villages_of_the_latest_full_quarter(key: str, shown: str) -> None:
    for month in ("calendar", "statutory"):
        period = parse(key, month="statutory" if month == "statutory" else "calendar")

        found = village_period(period)

        assert found.key == shown
        assert found.last <= period.last


@pytest.mark.parametrize("month", ["calendar", "statutory"])
@pytest.mark.parametrize("key", ["2026-02", "2026-10", "2026-Q2", "2026-9m"])
def test_the_trend_ends_with_the_last_month_and_leaves_no_day_out(key: str, month: str) -> None:
    period = parse(key, month="statutory" if month == "statutory" else "calendar")

    months = months_to(period, 6)

    assert len(months) == 6
    assert months[-1].last == period.last
    assert all((later.first - earlier.last).days == 1 for earlier, later in pairwise(months))


@pytest.mark.parametrize(
    "key", ["", "2026", "2026-13", "2026-00", "2026-1", "2026-Q5", "2026-q3", "26-10", "1999-10", "2026-10 ", "2026-3m"]
)
def test_what_is_no_period_is_refused_in_words(key: str) -> None:
    with pytest.raises(BadPeriod) as refused:
        parse(key)

    assert refused.value.key == "period.bad"
    assert f"“{key}”" in str(refused.value)
    assert "2026-Q3" in str(refused.value)


def test_digits_of_other_scripts_are_no_period() -> None:
    with pytest.raises(BadPeriod):
        parse("\N{FULLWIDTH DIGIT TWO}026-10")


@pytest.mark.parametrize(
    ("day", "calendar", "statutory"),
    [("2026-10-14", "2026-10", "2026-10"), ("2026-10-15", "2026-10", "2026-11"), ("2026-12-31", "2026-12", "2027-01")],
)
def test_the_month_a_day_belongs_to(day: str, calendar: str, statutory: str) -> None:
    found = [month_of(date.fromisoformat(day)), month_of(date.fromisoformat(day), month="statutory")]

    assert [period.key for period in found] == [calendar, statutory]
    assert all(period.first <= date.fromisoformat(day) <= period.last for period in found)
