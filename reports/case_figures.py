"""The figures of cases: received, answered, still open. Exact, since they are the authority's own work."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from statistics import median

import msgspec
from msgspec.structs import replace

from reports.periods import Period
from reports.source import NO_FIELD, CaseLine, CaseSource, Commune
from surveys.statistics import MINIMUM
from vietnam.text import sort_key

_ALWAYS = frozenset({"feedback", "petition", "dialogue"})
_COUNTED = ("received", "answered", "open", "forwarded", "solved")


class CaseCount(msgspec.Struct, frozen=True, kw_only=True):
    """One row: `received`, `answered`, `forwarded` and `solved` in the period, `open` at its end whenever received."""

    id: str
    name: str
    received: int
    answered: int
    open: int
    forwarded: int = 0
    solved: int = 0


class CaseMonth(msgspec.Struct, frozen=True, kw_only=True):
    """One month of the trend."""

    period: str
    title: str
    received: int
    answered: int
    open: int | None = None
    """At the end of the month; None in figures of before this was kept."""


class Rated(msgspec.Struct, frozen=True, kw_only=True):
    """Cases that citizens rated in the period, each by its newest stars of it; the `mean` from five cases on."""

    n: int = 0
    mean: float | None = None


class CaseFigures(msgspec.Struct, frozen=True, kw_only=True):
    """Cases of some kinds; each word means one thing in report, annex and open data (docs/can-bo/bao-cao.md).

    received: opened in the period. carried: an answer was owed here when it began. answered: got their first answer in
    it. again: answered again in it, after the citizen had them taken up again (`reopened` of the period). forwarded:
    went to another authority in it; away: with one at its end. open: an answer was owed here at its end, so none that
    is away. solved: closed in it and so at its end; confirmed, of these: the citizen said that it was settled.
    joined: messages of the period that told of the same matter as another case, into `joined_into` of which officers
    joined them; they are in no other number, so received and joined together are all that came.
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
    reopened: int = 0
    """Taken up again in the period, since the citizen said that they were not settled."""
    by_day: tuple[int, ...] = ()
    """Received on each day, from the first of the period; () in figures of before this was kept."""
    again: int = 0
    forwarded: int = 0
    away: int = 0
    solved: int = 0
    confirmed: int = 0
    solved_before: int = 0
    rated: Rated = Rated()
    works: tuple[CaseCount, ...] = ()
    joined: int = 0
    joined_into: int = 0


def case_figures(
    source: CaseSource, kinds: Iterable[str], period: Period, before: Period, months: Iterable[Period], until: date
) -> CaseFigures:
    """The figures of the cases of `kinds`; by kind, field and village, and over `months`."""
    wanted = tuple(kinds)
    lines = _lines(source, wanted, period.first, until)
    received = [line for line in lines if period.first <= line.opened <= until]
    answered = [line for line in lines if _within(line.answered, period.first, until)]
    waiting = [line for line in lines if line.open_on(until)]
    forwarded = [line for line in lines if any(period.first <= since <= until for since, _ in line.away)]
    solved = [line for line in lines if _settled(line, period.first, until) is not None]
    lists = (received, answered, waiting, forwarded, solved)
    earlier = _lines(source, wanted, before.first, before.last)
    joined = [one for one in source.joined(period.first, until) if one.kind in wanted]
    days = [(line.answered - line.opened).days for line in answered if line.answered is not None]
    return CaseFigures(
        received=len(received),
        answered=len(answered),
        carried=len([line for line in lines if line.open_on(period.first - timedelta(days=1))]),
        open=len(waiting),
        median_days=float(median(days)) if days else None,
        oldest_days=max(((until - line.opened).days for line in waiting), default=None),
        received_before=len([line for line in earlier if before.first <= line.opened <= before.last]),
        answered_before=len([line for line in earlier if _within(line.answered, before.first, before.last)]),
        kinds=_by_kind(wanted, *lists),
        categories=_by_category(*lists),
        villages=_by_village(source.commune(), *lists),
        months=tuple(_month(source, wanted, month, until) for month in months if month.first <= until),
        reopened=len([line for line in lines if _within(line.reopened, period.first, until)]),
        by_day=_by_day(received, period.first, until),
        again=len([line for line in lines if _within(line.settled, period.first, until)]),
        forwarded=len(forwarded),
        away=len([line for line in lines if line.away_on(until)]),
        solved=len(solved),
        confirmed=len([line for line in solved if _settled(line, period.first, until)]),
        solved_before=len([line for line in earlier if _settled(line, before.first, before.last) is not None]),
        rated=_rated(lines, period.first, until),
        works=_by_works(*lists),
        joined=len(joined),
        joined_into=len({one.into for one in joined}),
    )


def _settled(line: CaseLine, first: date, last: date) -> bool | None:
    """Whether the citizen said so, of a case that was closed between two days and still was then; else None."""
    said = [by for since, until, by in line.done if first <= since <= last and (until is None or until > last)]
    return said[-1] if said else None


def _rated(lines: Iterable[CaseLine], first: date, last: date) -> Rated:
    given = [[stars for day, stars in line.rated if first <= day <= last] for line in lines]
    stars = [one[-1] for one in given if one]
    # A mean of two or three would be the opinion of whoever it is that everybody knows.
    return Rated(n=len(stars), mean=sum(stars) / len(stars) if len(stars) >= MINIMUM else None)


def _by_day(received: Iterable[CaseLine], first: date, last: date) -> tuple[int, ...]:
    counts = Counter(line.opened for line in received)
    return tuple(counts[first + timedelta(days=at)] for at in range((last - first).days + 1))


def _lines(source: CaseSource, kinds: tuple[str, ...], first: date, last: date) -> list[CaseLine]:
    return [line for line in source.cases(first, last) if line.kind in kinds]


def _within(day: date | None, first: date, last: date) -> bool:
    return day is not None and first <= day <= last


def _month(source: CaseSource, kinds: tuple[str, ...], month: Period, until: date) -> CaseMonth:
    last = min(month.last, until)
    lines = _lines(source, kinds, month.first, last)
    return CaseMonth(
        period=month.key,
        title=month.short,
        received=len([line for line in lines if month.first <= line.opened <= last]),
        answered=len([line for line in lines if _within(line.answered, month.first, last)]),
        open=len([line for line in lines if line.open_on(last)]),
    )


def _counts(
    ids: Iterable[str],
    key: Callable[[CaseLine], str],
    *lists: list[CaseLine],
) -> tuple[CaseCount, ...]:
    counts = [Counter(key(line) for line in one) for one in lists]
    return tuple(
        CaseCount(id=id, name="", **{name: count[id] for name, count in zip(_COUNTED, counts, strict=True)})
        for id in ids
    )


def _by_kind(wanted: tuple[str, ...], *lists: list[CaseLine]) -> tuple[CaseCount, ...]:
    """The usual kinds always, the rarer ones where there was any."""
    rows = _counts(wanted, lambda line: line.kind, *lists)
    return tuple(row for row in rows if row.id in _ALWAYS or any(getattr(row, name) for name in _COUNTED))


def _by_category(*lists: list[CaseLine]) -> tuple[CaseCount, ...]:
    """Most first; last what fits no field."""
    seen = sorted({line.category for lines in lists for line in lines})
    rows = _counts(seen, lambda line: line.category, *lists)
    return tuple(sorted(rows, key=lambda row: (row.id == NO_FIELD, -row.received, -row.open, row.id)))


def _by_village(commune: Commune, *lists: list[CaseLine]) -> tuple[CaseCount, ...]:
    """Every village that something came from, and last the cases without one (id "", name "")."""
    names = {str(village.id): village.name for village in commune.villages}
    seen = {_place(line, names) for lines in lists for line in lines}
    ids = sorted(seen, key=lambda id: (not id, sort_key(names.get(id, ""))))
    rows = _counts(ids, lambda line: _place(line, names), *lists)
    return tuple(replace(row, name=names.get(row.id, "")) for row in rows)


def _by_works(*lists: list[CaseLine]) -> tuple[CaseCount, ...]:
    """The công trình, dự án that something was about, most received first."""
    ids = {line.works for lines in lists for line in lines if line.works}
    rows = _counts(sorted(ids, key=sort_key), lambda line: line.works, *lists)
    return tuple(sorted((replace(row, name=row.id) for row in rows), key=lambda row: -row.received))


def _place(line: CaseLine, names: dict[str, str]) -> str:
    id = "" if line.village is None else str(line.village)
    return id if id in names else ""
