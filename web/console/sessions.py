"""The calendar of dialogues and receptions: what is to come, what is over, and planning another one."""

from typing import Any

from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from feedback.acts import Refusal
from feedback.session_acts import MAX_MATTER, MAX_SEATS, MAX_TITLE, OpenSeries, Plan
from feedback.session_clocks import notice_by, results_by
from feedback.session_doubts import Unsure
from feedback.session_plan import repeat_of, rule_of
from feedback.sessions import Host, SessionKind, SessionState
from storage import busy_days, reading_sessions, units
from storage.reading_sessions import SessionRow
from vietnam.time import day_of
from web.body import Form
from web.console import sessions_forms, sessions_month
from web.console.access import Desk, signed_in
from web.console.sessions_requests import read

CALENDAR = "/can-bo/lich"
_LAST_PAGE = 1_000


@signed_in("session.see")
async def calendar(desk: Desk) -> Response:
    """Sessions to come, or those that are over, of one host, or of both; or a month, a week, a day of them."""
    view = desk.request.query_params.get("xem", "")
    return await (sessions_month.shown(desk, view) if view in sessions_month.VIEWS else shown(desk))


async def shown(desk: Desk, *, refused: str = "", written: Form | None = None, status: int = 200) -> Response:
    """The calendar; after a refusal of days on which a host is busy with what was wrong, and what was written."""
    query = desk.request.query_params
    over = query.get("muc") == "da-qua"
    host = query.get("chu-tri", "")
    host = host if host in list(Host) else ""
    page = min(max(sessions_forms.number(query.get("trang", "1")), 1), _LAST_PAGE)
    now = desk.services.now()

    def look(conn: Connection) -> dict[str, Any]:
        if over:
            rows, more = reading_sessions.past(conn, desk.unit, now, host=host, page=page)
        else:
            rows, more = reading_sessions.coming(conn, desk.unit, now, host=host), False
        owed = [] if over else reading_sessions.owed(conn, desk.unit, now)
        return {
            "rows": [(row, repeat_of(row.rule) if row.rule else None, warning(row, now)) for row in rows],
            "owed": [(row, warning(row, now)) for row in owed],
            "more": more,
            "promises": reading_sessions.promise_counts(conn, desk.unit, day_of(now)),
            "busy": [] if over else busy_days.to_come(conn, desk.unit, now),
        }

    return await desk.show(
        "console/sessions.html",
        look,
        status=status,
        refused=refused,
        written=written or Form(),
        over=over,
        host=host,
        page_number=page,
        today=day_of(now),
        done=query.get("xong", ""),
    )


def warning(row: SessionRow, now: int) -> dict[str, Any]:
    """What a clock of a session says now: `what` "notice", "results", "close" or "", and the last day of it."""
    today = day_of(now)
    if row.state == SessionState.PLANNED and row.starts_at > now:
        last = notice_by(SessionKind(row.kind), row.starts_at)
        return {"what": "notice" if last else "", "last": last, "late": last is not None and today > last}
    if row.ends_at <= now and row.state in (SessionState.ANNOUNCED, SessionState.HELD):
        last = results_by(SessionKind(row.kind), row.ends_at)
        if last is not None:
            return {"what": "results", "last": last, "late": today > last}
        return {"what": "close" if row.state == SessionState.ANNOUNCED else "", "last": None, "late": False}
    return {"what": "", "last": None, "late": False}


@signed_in("session.plan")
async def new(desk: Desk) -> Response:
    """The form for a session, or for sessions that repeat."""
    return await _form(desk)


async def _form(
    desk: Desk,
    *,
    refused: str = "",
    doubts: tuple[str, ...] = (),
    written: Form | None = None,
    status: int = 200,
) -> Response:
    def look(conn: Connection) -> dict[str, Any]:
        return {"villages": units.villages(conn, desk.unit)}

    return await desk.show(
        "console/sessions_new.html",
        look,
        status=status,
        refused=refused,
        doubts=doubts,
        written=written or Form({"loai": SessionKind.RECEPTION, "chu_tri": Host.CHAIRMAN, "lap": "once", "cach": "1"}),
        today=day_of(desk.services.now()).isoformat(),
        max_title=MAX_TITLE,
        max_matter=MAX_MATTER,
        max_seats=MAX_SEATS,
        change=None,
    )


@signed_in("session.plan")
async def plan(desk: Desk) -> Response:
    """A session, or a series; what stands in the way is said above the form as it was filled in."""
    form = await read(desk, fields=40)
    planned = sessions_forms.meeting(form)
    rule = rule_of(sessions_forms.repeat(form))
    outcome: int | Refusal
    if isinstance(planned, Refusal):
        outcome = planned
    elif isinstance(rule, Refusal):
        outcome = rule
    elif planned.village and not await _is_ours(desk, planned.village):
        outcome = Refusal("list.village")
    elif rule:
        outcome = await desk.services.sessions.open_series(OpenSeries(first=planned, rule=rule), desk.actor)
    else:
        outcome = await desk.services.sessions.plan(Plan(planned, sure=bool(form["chac"])), desk.actor)
    if isinstance(outcome, Refusal):
        said = desk.services.say(outcome.key, **outcome.values)
        return await _form(desk, refused=said, doubts=doubts_of(desk, outcome), written=form, status=422)
    return RedirectResponse(f"{CALENDAR}?xong=lap" if rule else f"{CALENDAR}/{outcome}?xong=moi", 303)


def doubts_of(desk: Desk, outcome: Refusal | None) -> tuple[str, ...]:
    """What speaks against it, in words, where an officer is asked to confirm it."""
    doubts = outcome.doubts if isinstance(outcome, Unsure) else ()
    return tuple(desk.services.say(one.key, **one.values) for one in doubts)


async def _is_ours(desk: Desk, village: int) -> bool:
    mine = await desk.services.store.read(lambda conn: units.villages(conn, desk.unit))
    return village in {one.id for one in mine}
