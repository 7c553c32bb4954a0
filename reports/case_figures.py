"""The figures of cases: received, answered, still open. Exact, since they are the authority's own work."""

from collections.abc import Callable, Iterable
from datetime import date
from statistics import median

import msgspec

from reports.periods import Period
from reports.source import CaseLine, Commune, Source
from vietnam.text import sort_key

_ALWAYS = frozenset({"feedback", "petition", "dialogue"})


class CaseCount(msgspec.Struct, frozen=True, kw_only=True):
    """One row: `received` and `answered` in the period, `open` at its end whenever received."""

    id: str
    name: str
    received: int
    answered: int
    open: int


class CaseMonth(msgspec.Struct, frozen=True, kw_only=True):
    """One month of the trend."""

    period: str
    title: str
    received: int
    answered: int


class CaseFigures(msgspec.Struct, frozen=True, kw_only=True):
    """Cases of some kinds; `carried` were open when the period began.

    `median_days` are calendar days from receipt to the first answer, over those answered in the period; None without
    any. `oldest_days` is the age of the oldest one still open.
    """

    received: int
    answered: int
    carried: int
    open: int
    median_days: float | None
    oldest_days: int | None
    received_before: int
    answered_before: int
    kinds: tuple[CaseCount, ...]
    categories: tuple[CaseCount, ...]
    villages: tuple[CaseCount, ...]
    months: tuple[CaseMonth, ...]


def case_figures(
    source: Source, kinds: Iterable[str], period: Period, before: Period, months: Iterable[Period], until: date
) -> CaseFigures:
    """The figures of the cases of `kinds`; by kind, field and village, and over `months`."""
    wanted = tuple(kinds)
    lines = _lines(source, wanted, period.first, until)
    received = [line for line in lines if period.first <= line.opened <= until]
    answered = [line for line in lines if _within(line.answered, period.first, until)]
    waiting = [line for line in lines if line.answered is None or line.answered > until]
    earlier = _lines(source, wanted, before.first, before.last)
    days = [(line.answered - line.opened).days for line in answered if line.answered is not None]
    return CaseFigures(
        received=len(received),
        answered=len(answered),
        carried=len([line for line in lines if line.opened < period.first]),
        open=len(waiting),
        median_days=float(median(days)) if days else None,
        oldest_days=max(((until - line.opened).days for line in waiting), default=None),
        received_before=len([line for line in earlier if before.first <= line.opened <= before.last]),
        answered_before=len([line for line in earlier if _within(line.answered, before.first, before.last)]),
        kinds=_by_kind(wanted, received, answered, waiting),
        categories=_by_category(received, answered, waiting),
        villages=_by_village(source.commune(), received, answered, waiting),
        months=tuple(_month(source, wanted, month, until) for month in months if month.first <= until),
    )


def _lines(source: Source, kinds: tuple[str, ...], first: date, last: date) -> list[CaseLine]:
    return [line for line in source.cases(first, last) if line.kind in kinds]


def _within(day: date | None, first: date, last: date) -> bool:
    return day is not None and first <= day <= last


def _month(source: Source, kinds: tuple[str, ...], month: Period, until: date) -> CaseMonth:
    last = min(month.last, until)
    lines = _lines(source, kinds, month.first, last)
    return CaseMonth(
        period=month.key,
        title=month.short,
        received=len([line for line in lines if month.first <= line.opened <= last]),
        answered=len([line for line in lines if _within(line.answered, month.first, last)]),
    )


def _counts(
    ids: Iterable[str],
    key: Callable[[CaseLine], str],
    received: list[CaseLine],
    answered: list[CaseLine],
    waiting: list[CaseLine],
) -> tuple[CaseCount, ...]:
    return tuple(
        CaseCount(
            id=id,
            name="",
            received=len([line for line in received if key(line) == id]),
            answered=len([line for line in answered if key(line) == id]),
            open=len([line for line in waiting if key(line) == id]),
        )
        for id in ids
    )


def _by_kind(wanted: tuple[str, ...], *lists: list[CaseLine]) -> tuple[CaseCount, ...]:
    """The usual kinds always, the rarer ones where there was any."""
    rows = _counts(wanted, lambda line: line.kind, *lists)
    return tuple(row for row in rows if row.id in _ALWAYS or row.received or row.answered or row.open)


def _by_category(*lists: list[CaseLine]) -> tuple[CaseCount, ...]:
    seen = sorted({line.category for lines in lists for line in lines})
    rows = _counts(seen, lambda line: line.category, *lists)
    return tuple(sorted(rows, key=lambda row: (-row.received, -row.open, row.id)))


def _by_village(commune: Commune, *lists: list[CaseLine]) -> tuple[CaseCount, ...]:
    """Every village that something came from, and last the cases without one (id "", name "")."""
    names = {str(village.id): village.name for village in commune.villages}
    seen = {_place(line, names) for lines in lists for line in lines}
    ids = sorted(seen, key=lambda id: (not id, sort_key(names.get(id, ""))))
    rows = _counts(ids, lambda line: _place(line, names), *lists)
    return tuple(msgspec.structs.replace(row, name=names.get(row.id, "")) for row in rows)


def _place(line: CaseLine, names: dict[str, str]) -> str:
    id = "" if line.village is None else str(line.village)
    return id if id in names else ""
