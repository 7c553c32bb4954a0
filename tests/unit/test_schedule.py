"""The report of the month makes itself, once, on its first working day."""

from datetime import date

import pytest

from app.schedule import month_due
from vietnam.calendar import shipped_days


@pytest.mark.parametrize(
    ("today", "month", "expected"),
    [
        (date(2026, 11, 1), "calendar", None),  # a Sunday
        (date(2026, 11, 2), "calendar", "2026-10"),
        (date(2026, 11, 30), "calendar", "2026-10"),
        (date(2026, 1, 1), "calendar", None),  # New Year's Day
        (date(2026, 1, 2), "calendar", None),  # swapped for Saturday the 10th
        (date(2026, 1, 5), "calendar", "2025-12"),
        (date(2026, 9, 2), "calendar", None),  # Quốc khánh, with the day before
        (date(2026, 9, 3), "calendar", "2026-08"),
        (date(2026, 11, 14), "statutory", None),
        (date(2026, 11, 15), "statutory", None),  # a Sunday
        (date(2026, 11, 16), "statutory", "2026-11"),
    ],
)
def test_what_is_due_on_a_day(today: date, month: str, expected: str | None) -> None:
    assert month_due(today, month, shipped_days()) == expected
