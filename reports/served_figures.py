"""Of how many people who were served those who answered are: only where every month of the period was typed."""

from datetime import date
from typing import Literal

import msgspec

from reports.periods import Period
from reports.source import Served

WhyNot = Literal["", "missing", "days", "running", "more"]
"""Why there is no rate: a month without numbers; days that are no whole months; a period that is not over yet; more
answers than people served."""


class ServedField(msgspec.Struct, frozen=True, kw_only=True):
    """People served in one field."""

    name: str
    count: int


class ServedFigures(msgspec.Struct, frozen=True, kw_only=True):
    """N of a survey about the one-stop service. `rate` is answered / size, 0..1; None where `why` says why.

    `missing`: months ("2026-10") without numbers; `fields` are empty where only one number was typed for a month.
    """

    size: int | None = None
    answered: int = 0
    rate: float | None = None
    why: WhyNot = ""
    missing: tuple[str, ...] = ()
    fields: tuple[ServedField, ...] = ()


def served_figures(counts: list[Served], period: Period, until: date, answered: int) -> ServedFigures:
    """N and the response rate of `answered` in a period whose numbers, as far as they were typed, are `counts`."""
    if period.first.day != 1 or (date.fromordinal(period.last.toordinal() + 1)).day != 1:
        return ServedFigures(answered=answered, why="days")
    months = _months(period.first, period.last)
    missing = tuple(month for month in months if not any(one.month == month for one in counts))
    if until < period.last:
        return ServedFigures(answered=answered, why="running")
    if missing:
        return ServedFigures(answered=answered, why="missing", missing=missing)
    size = sum(one.count for one in counts if one.month in months)
    if size < answered or not size:
        return ServedFigures(size=size, answered=answered, why="more")
    return ServedFigures(size=size, answered=answered, rate=answered / size, fields=_fields(counts))


def _fields(counts: list[Served]) -> tuple[ServedField, ...]:
    if any(not one.field for one in counts):
        return ()
    sums: dict[str, int] = {}
    for one in counts:
        sums[one.field] = sums.get(one.field, 0) + one.count
    ordered = sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(ServedField(name=name, count=count) for name, count in ordered)


def _months(first: date, last: date) -> list[str]:
    at = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [f"{month // 12}-{month % 12 + 1:02d}" for month in at]
