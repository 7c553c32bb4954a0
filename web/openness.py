"""Public: "Công khai kết quả tiếp nhận, xử lý phản ánh, kiến nghị", counted as reports count it for outside.

Everything is what reports.open_cases allows of one period: nothing sensitive but for whole years, nothing confidential
ever. Villages stand only in a quarter or a year that is over; no day is counted before it has ended. So the page of a
period that is over shows what the published file of its report shows, and the two say no third thing.
"""

import time
from datetime import date, timedelta
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from reports.case_figures import CaseCount
from reports.figures import CASE_KINDS
from reports.open_cases import PublicFigures, SensitiveCount, public_figures
from reports.periods import BadPeriod, Month, Period, month_of, parse
from reports.source import Answered, CaseLine, CaseSource, Commune, JoinedLine, MissedDay, OverdueLine
from reports.time_figures import TimeCount
from storage import overview
from vietnam.time import day_of
from web import charts
from web.charts import Column, Picture
from web.page_cache import LIFE, kept
from web.pages import number, pages_of, services_of
from web.visitors import guest_of

_YEARS = 3
_KINDS = frozenset({"month", "quarter", "12m"})
_ROOM = 100
"""Periods of all communes that one process keeps the figures of."""
_REST = 100
"""What took long to count is not counted again before so many times as long have passed."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A field or village: `due` of its answers had a promised day, and `in_time` of these came by it."""

    id: str
    name: str
    received: int
    answered: int
    open: int
    due: int
    in_time: int


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A period as the page shows it, until the day `until`; `villages` None where they are not told (yet)."""

    period: Period
    until: date
    whole: Row
    overdue: int
    fields: tuple[Row, ...]
    villages: tuple[Row, ...] | None
    sensitive: tuple[SensitiveCount, ...]
    joined: tuple[int, int]
    """Messages of the period that were joined, and into how many matters."""
    months: tuple[tuple[Period, int, int], ...]
    """Of a quarter or year: each month with how many were received and answered."""

    @property
    def over(self) -> bool:
        """Whether the period has ended."""
        return self.until == self.period.last


class _Once:
    """A source that is asked once for the whole of a period; what lies inside is taken from that."""

    def __init__(self, source: CaseSource, first: date, last: date) -> None:
        self._source = source
        self._cases = source.cases(first, last)
        self._joined = source.joined(first, last)
        self._answers = source.answers(first, last)
        self._overdue: dict[date, list[OverdueLine]] = {last: source.overdue(last)}

    def commune(self) -> Commune:
        return self._source.commune()

    def cases(self, first: date, last: date) -> list[CaseLine]:
        return [one for one in self._cases if one.opened <= last and one.touches(first, last)]

    def joined(self, first: date, last: date) -> list[JoinedLine]:
        return [one for one in self._joined if first <= one.opened <= last]

    def answers(self, first: date, last: date) -> list[Answered]:
        return [one for one in self._answers if first <= one.day <= last]

    def overdue(self, day: date) -> list[OverdueLine]:
        # Of the months inside nobody asks.
        return self._overdue.get(day, [])

    def missed_days(self, first: date, last: date) -> list[MissedDay]:  # noqa: ARG002 - nothing of them is shown
        return []


def shown(source: CaseSource, period: Period, until: date) -> Shown:
    """The figures of a period until a day of it, read once."""
    once = _Once(source, period.first, until)

    def told(of: Period) -> PublicFigures:
        # The period before is not shown; as its own "before" it costs no reading.
        last = min(of.last, until)
        return public_figures(once, (CASE_KINDS, ()), of, of, until=last, made_on=last + timedelta(days=1))

    found = told(period)
    cases, times = found.cases, found.times
    if cases is None:
        raise ValueError("figures of cases are always there")
    apart = period.kind != "month" and until == period.last
    return Shown(
        period=period,
        until=until,
        whole=Row(
            id="", name="", received=cases.received, answered=cases.answered, open=cases.open,
            due=times.answered, in_time=times.in_time,
        ),
        overdue=len(times.overdue),
        fields=_rows(cases.categories, times.categories),
        villages=_rows(cases.villages, times.villages) if apart else None,
        sensitive=found.sensitive,
        joined=(cases.joined, cases.joined_into),
        months=tuple(_of_month(month, told(month)) for month in months_in(period) if month.first <= until),
    )  # fmt: skip


def _of_month(month: Period, found: PublicFigures) -> tuple[Period, int, int]:
    return (month, found.cases.received, found.cases.answered) if found.cases else (month, 0, 0)


def months_in(period: Period) -> list[Period]:
    """The months of a quarter or a year by the same cut-off, in order; none of a month."""
    if period.kind == "month":
        return []
    months = range(1, 13) if period.kind == "12m" else range(3 * int(period.key[-1]) - 2, 3 * int(period.key[-1]) + 1)
    return [parse(f"{period.year}-{one:02d}", month=period.month) for one in months]


def _rows(counts: tuple[CaseCount, ...], times: tuple[TimeCount, ...]) -> tuple[Row, ...]:
    by_id = {one.id: (one.answered, one.in_time) for one in times}
    rows = []
    for one in counts:
        due, in_time = by_id.get(one.id, (0, 0))
        told = {"received": one.received, "answered": one.answered, "open": one.open}
        rows.append(Row(id=one.id, name=one.name, due=due, in_time=in_time, **told))
    return tuple(rows)


class _Key(NamedTuple):
    unit: int
    period: str
    until: date


class FigureCache:
    """Figures of public pages that one process has counted, each for as long as nothing was done in its commune."""

    def __init__(self) -> None:
        self._known: dict[_Key, tuple[int, int, Shown]] = {}

    def get(self, key: _Key, acts: int, now: int) -> Shown | None:
        """What was counted when the commune had so many acts, or not long ago for what it cost."""
        found = self._known.get(key)
        return found[2] if found is not None and (found[0] == acts or now < found[1]) else None

    def put(self, key: _Key, acts: int, now: int, took: float, value: Shown) -> None:
        """Keep what took `took` seconds to count."""
        self._known.pop(key, None)
        self._known[key] = (acts, now + int(took * 1000 * _REST) - LIFE * 1000, value)
        while len(self._known) > _ROOM:
            del self._known[next(iter(self._known))]


def offered(yesterday: date, first_year: int, month: Month) -> list[int]:
    """Years that can be looked at, newest first."""
    newest = month_of(yesterday, month=month).year
    return list(range(newest, max(min(first_year, newest), newest - _YEARS + 1) - 1, -1))


def asked_for(key: str, yesterday: date, years: list[int], month: Month) -> Period | None:
    """The period of an address, the newest year for none; None for what is not offered."""
    if not key:
        return parse(f"{years[0]}-12m", month=month)
    try:
        period = parse(key, month=month)
    except BadPeriod:
        return None
    return period if period.kind in _KINDS and period.year in years and period.first <= yesterday else None


@kept("ky")
async def page(request: Request) -> Response:
    """The figures of a period: the year that runs, or whichever was chosen."""
    guest = await guest_of(request)
    services = services_of(request)
    cache: FigureCache = request.app.state.open_figures
    now, month = services.now(), services.report_month
    yesterday = day_of(now) - timedelta(days=1)
    unit = guest.commune.id

    def look(conn: Connection) -> tuple[Shown, list[int]] | None:
        first, acts = overview.begun(conn, unit)
        years = offered(yesterday, yesterday.year if first is None else day_of(first).year, month)
        period = asked_for(request.query_params.get("ky", ""), yesterday, years, month)
        if period is None:
            return None
        key = _Key(unit, period.key, min(period.last, yesterday))
        found = cache.get(key, acts, now)
        if found is None:
            since = time.monotonic()
            found = shown(services.cases_counted(conn, unit), period, key.until)
            cache.put(key, acts, now, time.monotonic() - since, found)
        return found, years

    found = await services.store.read(look)
    if found is None:
        raise HTTPException(404)
    figures, years = found
    return pages_of(request).page(
        request,
        "openness.html",
        commune=guest.commune,
        figures=figures,
        choices=_choices(figures.period.year, years, yesterday, month),
        chart=_chart(request, figures),
    )


class _Choices(NamedTuple):
    """What can be chosen: years as (key, year), quarters as (key, number), months as (key, number)."""

    years: list[tuple[str, int]]
    quarters: list[tuple[str, int]]
    months: list[tuple[str, int]]


def _choices(year: int, years: list[int], yesterday: date, month: Month) -> _Choices:
    def begun(key: str) -> bool:
        return parse(key, month=month).first <= yesterday

    quarters = [(f"{year}-Q{one}", one) for one in range(1, 5)]
    months = [(f"{year}-{one:02d}", one) for one in range(1, 13)]
    return _Choices(
        [(f"{one}-12m", one) for one in years],
        [one for one in quarters if begun(one[0])],
        [one for one in months if begun(one[0])],
    )


def _chart(request: Request, figures: Shown) -> Picture | None:
    if len(figures.months) < 2 or not figures.whole.received:
        return None
    words = pages_of(request).text("openness_words.html", figures=figures).strip().splitlines()
    title, about, *head = (line.strip() for line in words if line.strip())
    places = [
        Column(
            label=month.key[5:].lstrip("0"),
            full=month.short,
            values=(received, answered),
            texts=(number(received), number(answered)),
        )
        for month, received, answered in figures.months
    ]
    return charts.columns("thang", title, about, head, places)


routes = [Route("/{slug}/cong-khai", page)]
