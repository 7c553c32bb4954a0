"""The calendar of sessions as a month, a week or a day: plain links, with days off and busy days marked."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection
from starlette.responses import Response

from feedback.sessions import Host
from storage import busy_days, reading_sessions
from storage.reading_sessions import SessionRow
from vietnam.calendar import DayTable, is_working_day
from vietnam.time import day_of, start_of
from web.console import sessions_forms
from web.console.access import Desk

VIEWS = ("thang", "tuan", "ngay")
_WEEK = 7
_SATURDAY = 5
_EARLIEST, _LATEST = date(2020, 1, 1), date(2099, 12, 31)
Busy = tuple[str, date, date, str]


class CalendarDay(msgspec.Struct, frozen=True, kw_only=True):
    """One day: its sessions, whose hosts are busy and why, and whether the office is closed on it.

    `off`: a weekday on which nobody works; `worked`: a weekend that is; `inside`: of the month that is shown.
    """

    day: date
    sessions: tuple[SessionRow, ...]
    busy: tuple[tuple[str, str], ...]
    off: bool
    worked: bool
    inside: bool

    @property
    def bare(self) -> bool:
        """Whether there is nothing to say of it."""
        return not (self.sessions or self.busy or self.off or self.worked)


async def shown(desk: Desk, view: str) -> Response:
    """The month, week or day around the day that was asked for; today where none was."""
    query, today = desk.request.query_params, day_of(desk.services.now())
    asked = sessions_forms.day(query.get("ngay", "")) or today
    asked = min(max(asked, _EARLIEST), _LATEST)
    host = query.get("chu-tri", "")
    host = host if host in list(Host) else ""
    first, last = span(view, asked)

    def look(conn: Connection) -> dict[str, Any]:
        since, until = start_of(first), start_of(last + timedelta(days=1))
        rows = reading_sessions.between(conn, desk.unit, since, until, host=host)
        busy = [one for one in busy_days.between(conn, desk.unit, first, last) if host in ("", one[0])]
        table = desk.services.office_in(conn, desk.unit).table
        return {"days": days_of(first, last, rows, busy, table, asked.month if view == "thang" else 0)}

    return await desk.show(
        "console/sessions_month.html",
        look,
        view=view,
        asked=asked,
        first=first,
        last=last,
        today=today,
        host=host,
        before=_beside(view, asked, -1),
        after=_beside(view, asked, 1),
    )


def span(view: str, asked: date) -> tuple[date, date]:
    """The first and the last day that are shown; of a month whole weeks from Monday on."""
    if view == "ngay":
        return asked, asked
    if view == "tuan":
        monday = asked - timedelta(days=asked.weekday())
        return monday, monday + timedelta(days=_WEEK - 1)
    first = asked.replace(day=1)
    last = asked.replace(day=monthrange(asked.year, asked.month)[1])
    return first - timedelta(days=first.weekday()), last + timedelta(days=_WEEK - 1 - last.weekday())


def _beside(view: str, asked: date, way: int) -> date:
    """A day of the month, week or day before (-1) or after (1)."""
    if view == "ngay":
        return asked + timedelta(days=way)
    if view == "tuan":
        return asked + timedelta(days=way * _WEEK)
    first = asked.replace(day=1)
    return (first - timedelta(days=1)).replace(day=1) if way < 0 else (first + timedelta(days=32)).replace(day=1)


def days_of(
    first: date, last: date, rows: Sequence[SessionRow], busy: Sequence[Busy], table: DayTable, month: int
) -> list[CalendarDay]:
    """Every day of a span. `month`: days of another one are outside; 0: none is."""
    found = []
    for at in range((last - first).days + 1):
        day = first + timedelta(days=at)
        works, weekend = is_working_day(day, table), day.weekday() >= _SATURDAY
        found.append(
            CalendarDay(
                day=day,
                sessions=tuple(row for row in rows if day_of(row.starts_at) == day),
                busy=tuple((host, note) for host, begins, ends, note in busy if begins <= day <= ends),
                off=not works and not weekend,
                worked=works and weekend,
                inside=month in (0, day.month),
            )
        )
    return found
