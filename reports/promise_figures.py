"""The figures of promised days: how many passed without the answer, and whether the citizen heard of it before."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, timedelta

import msgspec

from reports.periods import Period
from reports.source import NO_FIELD, CaseSource, MissedDay


class PromiseCount(msgspec.Struct, frozen=True, kw_only=True):
    """One row: days missed, and how the citizen was told. The last four add up to the first."""

    id: str
    missed: int
    in_time: int
    incomplete: int
    after: int
    none: int


class PromiseFigures(msgspec.Struct, frozen=True, kw_only=True):
    """Promised days of cases that ended in the period without the answer (feedback.promised_days).

    `in_time`: an apology with the reason, the new day and a person's name had come to the citizen, or stood in the list
    of whom to call, before the day had passed; `by_program` of these nobody of the office wrote. `incomplete`: as
    early, but no new day could be named, or nobody; `after`: only afterwards, or it has not come yet; `none`: nobody
    said anything. A day on which the report is made has not passed yet.
    """

    missed: int = 0
    in_time: int = 0
    incomplete: int = 0
    after: int = 0
    none: int = 0
    by_program: int = 0
    missed_before: int = 0
    in_time_before: int = 0
    kinds: tuple[PromiseCount, ...] = ()
    categories: tuple[PromiseCount, ...] = ()


def promise_figures(
    source: CaseSource, kinds: Iterable[str], period: Period, before: Period, *, until: date, made_on: date
) -> PromiseFigures:
    """The figures of the cases of `kinds`, with those kinds and fields that missed any, most first."""
    wanted = frozenset(kinds)
    last = min(until, made_on - timedelta(days=1))
    days = _days(source, wanted, period.first, last)
    earlier = _days(source, wanted, before.first, min(before.last, last))
    total = _count("", days)
    return PromiseFigures(
        missed=total.missed,
        in_time=total.in_time,
        incomplete=total.incomplete,
        after=total.after,
        none=total.none,
        by_program=len([day for day in days if day.apology == "in_time" and not day.by_officer]),
        missed_before=len(earlier),
        in_time_before=len([day for day in earlier if day.apology == "in_time"]),
        kinds=_rows(days, lambda day: day.kind),
        categories=_rows(days, lambda day: day.category),
    )


def _days(source: CaseSource, wanted: frozenset[str], first: date, last: date) -> list[MissedDay]:
    return [day for day in source.missed_days(first, last) if day.kind in wanted] if first <= last else []


def _rows(days: list[MissedDay], key: Callable[[MissedDay], str]) -> tuple[PromiseCount, ...]:
    rows = [_count(id, [day for day in days if key(day) == id]) for id in {key(day) for day in days}]
    return tuple(sorted(rows, key=lambda row: (row.id == NO_FIELD, -row.missed, row.id)))


def _count(id: str, days: list[MissedDay]) -> PromiseCount:
    by = Counter(day.apology for day in days)
    return PromiseCount(
        id=id,
        missed=len(days),
        in_time=by["in_time"],
        incomplete=by["incomplete"],
        after=by["after"],
        none=by["none"],
    )
