""" "Trước ngày D": when a report is issued, and until which day it counts."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.deadlines import TooEarly, deadline
from reports.owing import owing
from reports.periods import parse
from reports.plans import plan
from vietnam.calendar import is_working_day, shipped_days

TABLE = shipped_days()


@pytest.mark.parametrize(
    ("before", "issue_by"),
    [
        ("2024-05-05", "2024-05-04"),  # a Saturday worked for the Monday before the holiday
        ("2024-10-20", "2024-10-18"),
        ("2026-05-10", "2026-05-08"),
        ("2026-11-25", "2026-11-23"),  # the 24th is a holiday since 2026
    ],
)
def test_before_a_day_is_strictly_before_it(before: str, issue_by: str) -> None:
    found = deadline(parse("2024-6m", month="statutory"), date.fromisoformat(before), TABLE)

    assert found.issue_by == date.fromisoformat(issue_by)


@pytest.mark.parametrize(
    ("name", "year", "expected"),
    [
        (
            "vinh_cuu_2024",
            2024,
            [
                ("2024-6m", "2023-12-15", "2024-05-03", "2024-05-04"),
                ("2024-9m", "2023-12-15", "2024-08-30", "2024-09-04"),
                ("2024-12m", "2023-12-15", "2024-10-17", "2024-10-18"),
            ],
        ),
        (
            "gia_lai_2024",
            2026,
            [
                ("2026-6m", "2025-12-15", "2026-05-07", "2026-05-08"),
                ("2026-12m", "2025-12-15", "2026-10-28", "2026-10-29"),
            ],
        ),
        (
            "cau_ngang_2022_2026",
            2026,
            [
                ("2026-6m", "2025-12-15", "2026-06-08", "2026-06-09"),
                ("2026-12m", "2025-12-15", "2026-11-20", "2026-11-23"),
            ],
        ),
    ],
)
def test_what_a_plan_asks_for_in_a_year(name: str, year: int, expected: list[tuple[str, str, str, str]]) -> None:
    found = [
        (one.period.key, str(one.period.first), str(one.deadline.cut_off), str(one.deadline.issue_by))
        for one in owing(plan(name), year, TABLE)
        if one.period and one.deadline
    ]

    assert found == expected


def test_a_report_without_a_day_stands_behind_those_that_have_one() -> None:
    (only,) = owing(plan("y_tich_2024"), 2026, TABLE)

    assert (only.period, only.deadline, only.due, only.to) == (None, None, "theo quy định", "Ủy ban nhân dân tỉnh")


def test_working_days_are_counted_around_tet() -> None:
    # 14 to 22 February 2026 are free: between the 12th and Monday the 23rd lies one working day
    found = deadline(parse("2026-Q1"), date(2026, 2, 24), TABLE, days=2)

    assert (found.issue_by, found.cut_off) == (date(2026, 2, 23), date(2026, 2, 12))


def test_a_period_that_ends_early_enough_is_counted_whole() -> None:
    found = deadline(parse("2026-6m", month="statutory"), date(2026, 6, 25), TABLE)

    assert (found.cut_off, found.early) == (date(2026, 6, 14), False)


def test_a_deadline_before_anything_happened_is_refused() -> None:
    with pytest.raises(TooEarly, match="2026-Q3"):
        deadline(parse("2026-Q3"), date(2026, 7, 2), TABLE)


@given(
    before=st.dates(date(2024, 2, 1), date(2026, 12, 31)),
    key=st.sampled_from(["2024-6m", "2024-12m", "2025-9m", "2025-12m", "2026-Q2"]),
    days=st.integers(0, 7),
)
def test_between_counting_and_issuing_lie_the_working_days_asked_for(before: date, key: str, days: int) -> None:
    period = parse(key, month="statutory")
    try:
        found = deadline(period, before, TABLE, days=days)
    except TooEarly:
        return

    assert period.first <= found.cut_off <= period.last
    assert found.early == (found.cut_off < period.last)
    assert found.issue_by < before
    assert is_working_day(found.issue_by, TABLE)
    between = (found.cut_off + timedelta(days=n) for n in range(1, (found.issue_by - found.cut_off).days + 1))
    assert sum(is_working_day(day, TABLE) for day in between) >= days
