"""Periods: which days a report covers, by the calendar and by the statutory cut-off."""

from datetime import date
from itertools import pairwise

import pytest

from reports.periods import BadPeriod, month_of, months_to, parse, previous, trend, village_period


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


def test_any_days_are_a_period_of_their_own() -> None:
    period = parse("2026-03-05..2026-04-20")

    assert (period.kind, period.year, period.first, period.last) == ("days", 2026, date(2026, 3, 5), date(2026, 4, 20))
    assert period.title == "từ ngày 05/03/2026 đến ngày 20/04/2026"
    assert previous(period).key == "2026-01-17..2026-03-04"
    assert village_period(period) is period
    assert [one.key for one in months_to(period, 2)] == ["2026-03", "2026-04"]


@pytest.mark.parametrize(
    "key",
    [
        "2026-04-20..2026-03-05",
        "2026-02-30..2026-03-05",
        "2026-03-05..",
        "1999-12-01..2000-01-05",
        "2024-01-01..2026-01-01",
    ],
)
def test_days_that_are_no_period(key: str) -> None:
    with pytest.raises(BadPeriod):
        parse(key)


def test_a_trend_has_whole_months_as_the_monthly_reports_have_them() -> None:
    # given a plan's year, from 15/12 to 14/12, that is counted to 19/11
    period = parse("2026-12m", month="statutory")

    found = [(one.key, one.first.day) for one in trend(period, date(2026, 11, 19), "calendar")]

    # then November, of which eleven days are missing, is not among them
    assert found == [(f"2026-{month:02d}", 1) for month in range(1, 11)]


def test_the_trend_of_a_month_ends_with_itself() -> None:
    found = trend(parse("2026-10"), date(2026, 10, 20), "calendar")

    assert [one.key for one in found] == [f"2026-{month:02d}" for month in range(5, 11)]
