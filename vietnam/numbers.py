"""Numbers and dates as they are written in Vietnamese: "1.234,5", "84,2%", "20/11/2026"."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

_PADDED_MONTHS = 2


def number_vi(x: float, decimals: int = 0) -> str:
    """`x` with a dot between thousands and a decimal comma, halves rounded away from zero.

    ValueError for infinity, for what is not a number, and for fewer than no decimals.
    """
    return _written(Decimal(str(x)), decimals)


def percent_vi(share: float, decimals: int = 1) -> str:
    """A share (0.842 is 84.2 percent) as "84,2%"; the errors are those of `number_vi`."""
    # In decimal, so that 0.285 is 28.5 and not 28.499999999999996.
    return _written(Decimal(str(share)) * 100, decimals) + "%"


def date_vi(day: date) -> str:
    """A day as "20/11/2026"."""
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def long_date_vi(day: date) -> str:
    """A day as the heading of a document has it: "ngày 05 tháng 3 năm 2026".

    Days under 10 and the months 1 and 2 are written with a 0 before them (Nghị định 30/2020/NĐ-CP, Phụ lục I).
    """
    month = f"{day.month:02d}" if day.month <= _PADDED_MONTHS else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def _written(value: Decimal, decimals: int) -> str:
    if not value.is_finite():
        raise ValueError(f"{value} cannot be written as a number")
    if decimals < 0:
        raise ValueError("decimals cannot be negative")
    rounded = value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    if rounded == 0:
        rounded = abs(rounded)  # no "-0,0"
    return f"{rounded:,.{decimals}f}".translate(str.maketrans(",.", ".,"))
