"""Whole months on the calendar."""

from calendar import monthrange
from datetime import date


def same_day_in(day: date, months: int) -> date:
    """The same day so many months on, or the last of that month where it has none: 31 January and 1 -> 28 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
