"""Tổng quan: the day's work, who holds what is late, promises kept, satisfaction, and where things are, at one look."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import Response

from reports.open_cases import SENSITIVE_FIELDS, SENSITIVE_KINDS
from reports.periods import Period, month_of, months_to
from reports.source import NO_FIELD
from reports.survey_figures import SurveyFigures
from storage import maps, overview
from storage.maps import Picture as MapPicture
from storage.overview import Kept, Place
from storage.reading_published import Issued
from vietnam.text import sort_key
from vietnam.time import DAY, day_of, start_of
from web import charts
from web.chart_places import Edges, Sheet, edges_of, sheet
from web.charts import Column, Picture
from web.console.access import Desk, signed_in
from web.pages import number, pages_of
from web.published import Told, told

DAYS = 30
"""Days of what came lately, and of the map."""
_MONTHS = 12
MAP = "/can-bo/tong-quan/ban-do.jpg"
_MOST_ROWS = 12


Counts = tuple[int, int, int]
"""Received lately, open now, late of these."""


class Month(NamedTuple):
    """Promises of one month."""

    period: Period
    kept: Kept

    @property
    def percent(self) -> float | None:
        """Of 100; None where nothing was answered."""
        return 100 * self.kept.in_time / self.kept.answered if self.kept.answered else None


class Row(NamedTuple):
    """A field or village: where its cases are, the length of its bar in percent, and how many there are."""

    label: str
    address: str
    percent: float
    received: int
    open: int
    late: int


class Seen(NamedTuple):
    """Everything that the page asks the store, in eight questions whatever the number of cases."""

    day: overview.Today
    holders: list[overview.Holder]
    months: list[Month]
    places: list[Place]
    points: list[tuple[float, float, bool]]
    picture: MapPicture | None
    figures: str


@signed_in("overview.see")
async def shown(desk: Desk) -> Response:
    """The overview of the officer's unit, of the cases that the officer reaches."""
    now = desk.services.now()
    today = day_of(now)
    months = months_to(month_of(today, month=desk.services.report_month), _MONTHS)

    def look(conn: Connection) -> dict[str, Any]:
        return _drawn(desk, _seen(conn, desk, months, now), today)

    return await desk.show("console/overview.html", look, days=DAYS)


def _seen(conn: Connection, desk: Desk, months: list[Period], now: int) -> Seen:
    unit, by, since = desk.unit, desk.actor, start_of(day_of(now) - timedelta(days=DAYS - 1))
    bounds = [*(start_of(month.first) for month in months), start_of(months[-1].last + timedelta(days=1))]
    kept = overview.kept_promises(conn, unit, by, bounds)
    without = (SENSITIVE_KINDS, SENSITIVE_FIELDS)
    return Seen(
        day=overview.today(conn, unit, by, now, start_of(day_of(now) + timedelta(days=1))),
        holders=overview.holders(conn, unit, by, now),
        months=[Month(*pair) for pair in zip(months, kept, strict=True)],
        places=overview.by_place(conn, unit, by, since, now),
        points=overview.points(conn, unit, by, since, now, without=without),
        picture=maps.of(conn, unit),
        figures=overview.newest_figures(conn, unit) if desk.may("report.see") else "",
    )


def _drawn(desk: Desk, seen: Seen, today: date) -> dict[str, Any]:
    """What the template is given: the numbers for its sentences, and the charts."""
    newest = told(Issued(0, "", "", "", seen.figures)) if seen.figures else None
    spread = _map(desk, seen)
    return {
        "today": today,
        "day": seen.day,
        "holders": seen.holders,
        "late_days": [(desk.services.now() - one.since) // DAY for one in seen.holders],
        "months": seen.months,
        "kept_chart": _kept_chart(desk, seen.months),
        "fields": _rows(_sums(seen.places, "category"), desk),
        "villages": _rows(_sums(seen.places, "village"), None),
        "received": sum(one.received for one in seen.places),
        "spread": spread,
        "told": newest,
        "trends": _trends(desk, newest),
    }


def _words(desk: Desk, part: str, **values: Any) -> list[str]:  # noqa: ANN401 - handed on as it came
    text = pages_of(desk.request).text("console/overview_words.html", part=part, **values)
    return [line.strip() for line in text.splitlines() if line.strip()]


def _kept_chart(desk: Desk, months: list[Month]) -> Picture | None:
    if not any(one.kept.answered for one in months):
        return None
    title, about, *head = _words(desk, "kept")
    places = [
        Column(
            label=one.period.key[5:].lstrip("0"),
            full=one.period.short,
            values=(one.percent,),
            texts=(_of_answers(one),),
        )
        for one in months
    ]
    return charts.columns("dung-hen", title, about, head, places, most=100)


def _of_answers(month: Month) -> str:
    if month.percent is None:
        return "–"
    return f"{number(month.kept.in_time)}/{number(month.kept.answered)} ({number(month.percent, 1)}%)"


def _sums(places: Iterable[Place], by: str) -> list[tuple[str, Counts]]:
    """(field or village, counts), most received first; what has no name last."""
    sums: dict[str, list[int]] = {}
    for one in places:
        counts = sums.setdefault(getattr(one, by), [0, 0, 0])
        for at, count in enumerate((one.received, one.open, one.late)):
            counts[at] += count
    last = {NO_FIELD, ""}
    order = sorted(sums.items(), key=lambda pair: (pair[0] in last, -pair[1][0], -pair[1][1], sort_key(pair[0])))
    return [(id, (received, still_open, late)) for id, (received, still_open, late) in order]


def _rows(sums: list[tuple[str, Counts]], desk: Desk | None) -> list[Row]:
    """As they are shown; `desk` words the ids of fields."""
    if not sums:
        return []
    longest = max(counts[0] for _, counts in sums)
    word = (lambda id: desk.services.say(f"category.{id}")) if desk is not None else str
    where = "/can-bo/?muc=chua-xong&linh-vuc={}" if desk is not None else ""
    return [
        Row(word(id), where.format(id), charts.meter(counts[0], longest) or 0, *counts)
        for id, counts in sums[:_MOST_ROWS]
    ]


def _map(desk: Desk, seen: Seen) -> Sheet | None:
    if not seen.points:
        return None
    edges, picture = _edges(seen)
    title, about = _words(desk, "map", many=len(seen.points), days=DAYS)
    return sheet("ban-do", title, about, seen.points, edges, picture=picture)


def _edges(seen: Seen) -> tuple[Edges, str]:
    """Of the commune's own picture with its address; of a plain sheet around the places where there is none."""
    own = seen.picture
    if own is None or not own.width or not own.height:
        return edges_of([(lat, lon) for lat, lon, _ in seen.points]), ""
    ratio = own.height / own.width
    return Edges(north=own.north, south=own.south, west=own.west, east=own.east, ratio=ratio), MAP


def _trends(desk: Desk, newest: Told | None) -> list[tuple[SurveyFigures, Picture | None]]:
    """The surveys of the newest report that ask about the whole, each with its line of months."""
    if newest is None:
        return []
    asked = [one for one in newest.surveys if one.overall is not None and one.overall.index is not None]
    return [(one, _line(desk, at, one)) for at, one in enumerate(asked)]


def _line(desk: Desk, at: int, survey: SurveyFigures) -> Picture | None:
    known = [one for one in survey.trend if one.index is not None]
    if len(known) < 2:
        return None
    title, about, *head = _words(desk, "trend", title=survey.title)
    places = []
    for one in survey.trend:
        value = None if one.index is None else 100 * one.index
        text = ("…" if one.hidden else "–") if value is None else f"{number(value, 1)}%"
        places.append(Column(label=one.period[5:].lstrip("0"), full=one.title, values=(value,), texts=(text,)))
    return charts.line(f"hai-long-{at}", title, about, head, places, most=100)


@signed_in("overview.see")
async def picture(desk: Desk) -> Response:
    """The commune's own picture, on which the places stand."""
    found = await desk.services.store.read(lambda conn: maps.of(conn, desk.unit))
    data = None if found is None else await desk.services.blob(found.blob)
    if data is None:
        raise HTTPException(404)
    return Response(data, media_type="image/jpeg", headers={"cache-control": "private, max-age=3600"})
