"""The figures of time: how many were answered by the day that was promised, and what is overdue."""

from collections.abc import Callable, Iterable
from datetime import date

import msgspec

from reports.periods import Period
from reports.source import NO_FIELD, Answered, CaseSource, Commune
from vietnam.text import sort_key


class TimeCount(msgspec.Struct, frozen=True, kw_only=True):
    """One row: answered in the period to a promise, and of these by the day that stood then."""

    id: str
    name: str
    answered: int
    in_time: int


class OverdueCase(msgspec.Struct, frozen=True, kw_only=True):
    """A case whose promised day has passed without the answer; `village` is its name, empty without one."""

    code: str
    kind: str
    category: str
    village: str
    due: date
    days: int


class TimeFigures(msgspec.Struct, frozen=True, kw_only=True):
    """Answers of the period to what had been promised (feedback.promised_days), and what was overdue at its end.

    `in_time`: by the day that stood then, also where it had been put off with a reason; `by_first_day` of these: by
    the day that was named first. A case taken up again is answered again. Cases of before promises were kept count for
    nothing.
    """

    answered: int = 0
    in_time: int = 0
    by_first_day: int = 0
    answered_before: int = 0
    in_time_before: int = 0
    kinds: tuple[TimeCount, ...] = ()
    categories: tuple[TimeCount, ...] = ()
    villages: tuple[TimeCount, ...] = ()
    works: tuple[TimeCount, ...] = ()
    overdue: tuple[OverdueCase, ...] = ()

    def of(self, kinds: Iterable[str]) -> tuple[int, int]:
        """(in time, answered) of the cases of some kinds."""
        wanted = frozenset(kinds)
        rows = [row for row in self.kinds if row.id in wanted]
        return sum(row.in_time for row in rows), sum(row.answered for row in rows)

    def besides(self, kinds: Iterable[str]) -> tuple[int, int]:
        """(in time, answered) of the cases of all other kinds."""
        in_time, answered = self.of(kinds)
        return self.in_time - in_time, self.answered - answered


def time_figures(source: CaseSource, kinds: Iterable[str], period: Period, before: Period, until: date) -> TimeFigures:
    """The figures of the cases of `kinds`; rows with most answers first, villages by the alphabet."""
    wanted = frozenset(kinds)
    found = _answers(source, wanted, period.first, until)
    earlier = _answers(source, wanted, before.first, before.last)
    commune = source.commune()
    names = {str(village.id): village.name for village in commune.villages}
    villages = _rows(found, lambda one: _place(one.village, names), names)
    return TimeFigures(
        answered=len(found),
        in_time=len([one for one in found if one.in_time]),
        by_first_day=len([one for one in found if one.by_first_day]),
        answered_before=len(earlier),
        in_time_before=len([one for one in earlier if one.in_time]),
        kinds=_rows(found, lambda one: one.kind),
        categories=_rows(found, lambda one: one.category),
        villages=tuple(sorted(villages, key=lambda row: (not row.id, sort_key(row.name)))),
        works=tuple(row for row in _rows(found, lambda one: one.works) if row.id),
        overdue=_overdue(source, wanted, commune, until),
    )


def _answers(source: CaseSource, wanted: frozenset[str], first: date, last: date) -> list[Answered]:
    return [one for one in source.answers(first, last) if one.kind in wanted] if first <= last else []


def _overdue(source: CaseSource, wanted: frozenset[str], commune: Commune, until: date) -> tuple[OverdueCase, ...]:
    names = {village.id: village.name for village in commune.villages}
    return tuple(
        OverdueCase(
            code=one.code,
            kind=one.kind,
            category=one.category,
            village=names.get(one.village or 0, ""),
            due=one.due,
            days=(until - one.due).days,
        )
        for one in source.overdue(until)
        if one.kind in wanted
    )


def _place(village: int | None, names: dict[str, str]) -> str:
    id = "" if village is None else str(village)
    return id if id in names else ""


def _rows(
    found: list[Answered], key: Callable[[Answered], str], names: dict[str, str] | None = None
) -> tuple[TimeCount, ...]:
    rows = []
    for id in {key(one) for one in found}:
        mine = [one for one in found if key(one) == id]
        in_time = len([one for one in mine if one.in_time])
        rows.append(TimeCount(id=id, name=(names or {}).get(id, ""), answered=len(mine), in_time=in_time))
    return tuple(sorted(rows, key=lambda row: (row.id == NO_FIELD, -row.answered, row.id)))
