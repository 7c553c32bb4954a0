"""One session: its visitors, questions, minutes and promises, and everything that an officer does with it."""

from typing import Any

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from feedback.acts import Refusal
from feedback.booking_deciding import EARLY
from feedback.kinds import CATEGORIES
from feedback.session_acts import (
    MAX_NAME,
    MAX_QUESTION,
    MAX_REASON,
    MAX_SUMMARY,
    MAX_TITLE,
    Announce,
    Answer,
    AskThere,
    Cancel,
    CloseSeries,
    Hold,
    Minutes,
    Promise,
    Publish,
    SessionAct,
)
from feedback.session_clocks import results_by
from feedback.session_plan import repeat_of
from feedback.sessions import RECEPTIONS, SESSION_MOVES, SessionKind
from storage import busy_days, officers, reading_session_desk, reading_sessions, units
from storage.ids import new_id
from storage.reading_sessions import SessionRow
from vietnam.time import day_of
from web.body import Form, line, words
from web.console import sessions_forms
from web.console.access import Desk, signed_in
from web.console.sessions import CALENDAR, doubts_of, warning
from web.console.sessions_matter import doubted
from web.console.sessions_requests import read

_LIMITS = {
    "max_name": MAX_NAME,
    "max_question": MAX_QUESTION,
    "max_reason": MAX_REASON,
    "max_summary": MAX_SUMMARY,
    "max_title": MAX_TITLE,
}


@signed_in("session.see")
async def one(desk: Desk) -> Response:
    """The session as it stands."""
    return await shown(desk)


async def shown(
    desk: Desk,
    *,
    refused: str = "",
    doubts: tuple[str, ...] = (),
    way: str = "",
    written: Form | None = None,
    status: int = 200,
) -> Response:
    """The page; after a refusal with what was written, in the form it was written in (`way`)."""
    now = desk.services.now()
    moves = {action: set(states) for action, states in SESSION_MOVES.items()}
    return await desk.show(
        "console/sessions_one.html",
        lambda conn: _as_it_stands(conn, desk, now),
        status=status,
        refused=refused,
        doubts=doubts,
        once=new_id(),
        way=way,
        written=written or Form(),
        moves=moves,
        categories=CATEGORIES,
        today=day_of(now),
        done=desk.request.query_params.get("xong", ""),
        new_code=desk.request.query_params.get("ma", ""),
        left=sessions_forms.number(desk.request.query_params.get("con", "")),
        **_LIMITS,
    )


def _as_it_stands(conn: Connection, desk: Desk, now: int) -> dict[str, Any]:
    row = row_of(conn, desk)
    asked = reading_session_desk.questions(conn, row.id)
    promised = reading_sessions.promises_of(conn, row.id)
    mine: dict[int, list[object]] = {}
    for promise in promised:
        mine.setdefault(promise.question, []).append(promise)
    others = reading_sessions.planned_of(conn, row.series, now, row.id) if row.series else []
    return {
        "row": row,
        "plan": repeat_of(row.rule) if row.rule else None,
        "warn": warning(row, now),
        "visitors": reading_session_desk.visitors(conn, row.id, asked),
        "asked": asked,
        "promised": mine,
        "topics": reading_session_desk.topics(asked),
        "clashes": reading_sessions.clashes(
            conn, desk.unit, row.host, row.starts_at, row.ends_at, day_of(row.starts_at), row.id
        ),
        "told": reading_sessions.notices_of(conn, row.id),
        "sheets": reading_sessions.sheets_of(conn, row.id),
        "results_last": results_by(SessionKind(row.kind), row.ends_at),
        "people": officers.names(conn, desk.unit),
        "villages": units.villages(conn, desk.unit),
        "receives": row.kind not in RECEPTIONS,
        "begun": row.starts_at <= now,
        "checks_in": row.state in ("announced", "held") and now >= row.starts_at - EARLY,
        "others": len(others),
        "away": len(busy_days.within(conn, others)),
    }


def row_of(conn: Connection, desk: Desk) -> SessionRow:
    """The session of the address, of the officer's own unit; KeyError, which is a 404."""
    row = reading_sessions.one(conn, desk.unit, desk.request.path_params["session"])
    if row is None:
        raise KeyError(desk.request.path_params["session"])
    return row


async def found(desk: Desk) -> SessionRow:
    """The same outside a look."""
    try:
        return await desk.services.store.read(lambda conn: row_of(conn, desk))
    except KeyError:
        raise HTTPException(404) from None


async def _act(desk: Desk, act: SessionAct, done: str, form: Form) -> Response:
    row = await found(desk)
    refusal = await desk.services.sessions.act(row.id, act, desk.actor)
    return await after(desk, row, refusal, done, form)


async def after(desk: Desk, row: SessionRow, refusal: Refusal | None, done: str, form: Form) -> Response:
    """Back to the page: with what was done, or with why it was not and what had been written."""
    if refusal is not None:
        said = desk.services.say(refusal.key, **refusal.values)
        doubts = doubts_of(desk, refusal)
        return await shown(desk, refused=said, doubts=doubts, way=done, written=form, status=422)
    return RedirectResponse(f"{CALENDAR}/{row.id}?xong={done}", 303)


@signed_in("session.announce")
async def announce(desk: Desk) -> Response:
    """Công bố lịch: the sheets for every village are due, the notice to everybody is on its way."""
    form = await read(desk)
    row = await found(desk)
    act = Announce(late_reason=words(form["ly_do"]), seen=sessions_forms.number(form["seen"]))
    refusal = await desk.services.sessions.act(row.id, act, desk.actor, tell=bool(form["nhan"]))
    done = "cong-bo"
    if refusal is None and form["ca_lich"] and row.series is not None:
        left = await _announce_others(desk, row.series, row.id)
        done += f"&con={left}" if left else ""
    return await after(desk, row, refusal, done, form)


async def _announce_others(desk: Desk, series: int, but: int) -> int:
    """Announce what else is planned of a series; how many could not be: the host is away, or it is too late."""
    now = desk.services.now()

    def look(conn: Connection) -> tuple[list[int], list[int]]:
        others = reading_sessions.planned_of(conn, series, now, but)
        return others, busy_days.within(conn, others)

    others, away = await desk.services.store.read(look)
    left = len(away)
    for other in others:
        if other not in away:
            # Each in its own transaction; one that cannot be told any more stays planned, and its page says why.
            left += await desk.services.sessions.act(other, Announce(), desk.actor, tell=False) is not None
    return left


@signed_in("session.series")
async def stop_series(desk: Desk) -> Response:
    """No more sessions of the series are made."""
    form = await read(desk)
    row = await found(desk)
    refusal: Refusal | None = Refusal("session.none")
    if row.series is not None:
        act = CloseSeries(reason=words(form["ly_do"]))
        refusal = await desk.services.sessions.close_series(row.series, act, desk.actor)
    return await after(desk, row, refusal, "dung-lap", form)


@signed_in("session.cancel")
async def cancel(desk: Desk) -> Response:
    """It is not held; whoever has a seat is told why."""
    form = await read(desk)
    act = Cancel(reason=words(form["ly_do"]), seen=sessions_forms.number(form["seen"]))
    return await _act(desk, act, "huy", form)


@signed_in("session.hold")
async def hold(desk: Desk) -> Response:
    """It is over."""
    form = await read(desk)
    act = Hold(sure=bool(form["chac"]), seen=sessions_forms.number(form["seen"]))
    return await _act(desk, act, "ket-thuc", form)


@signed_in("session.minutes")
async def minutes(desk: Desk) -> Response:
    """What was said, in free words."""
    form = await read(desk)
    act = Minutes(summary=words(form["noi_dung"]), seen=sessions_forms.number(form["seen"]))
    return await _act(desk, act, "bien-ban", form)


@signed_in("session.ask")
async def ask(desk: Desk) -> Response:
    """A question that was asked on the spot."""
    form = await read(desk)
    if (asked := doubted(form, "cau_hoi")) is not None:
        return await after(desk, await found(desk), asked, "hoi", form)
    act = AskThere(
        text=words(form["cau_hoi"]),
        topic=form["linh_vuc"],
        asker=line(form["nguoi_hoi"]),
        booking=sessions_forms.number_long(form["khach"]),
        once=sessions_forms.once(form, "cau_hoi", "nguoi_hoi", "khach"),
    )
    return await _act(desk, act, "hoi", form)


@signed_in("session.answer")
async def answer(desk: Desk) -> Response:
    """What was answered, and by whom."""
    form = await read(desk)
    question: int = desk.request.path_params["question"]
    act = Answer(
        question=question,
        text=words(form["tra_loi"]),
        by=line(form["ai"]),
        public=words(form["cong_khai"]),
        seen=sessions_forms.number(form["lan"]) if form["lan"] else None,
    )
    return await _act(desk, act, f"tra-loi-{question}", form)


@signed_in("session.promise")
async def promise(desk: Desk) -> Response:
    """What was promised, who sees to it, until when."""
    form = await read(desk)
    officer = sessions_forms.number_long(form["can_bo"])
    people = await desk.services.store.read(lambda conn: officers.names(conn, desk.unit))
    due = sessions_forms.day(form["han"])
    question = sessions_forms.number_long(form["cau"])
    act = Promise(
        text=words(form["viec"]),
        owner=people.get(officer, "") or line(form["ai"]),
        officer=officer if officer in people else 0,
        due_day=due.isoformat() if due else "",
        question=question,
        once=sessions_forms.once(form, "viec", "ai", "can_bo", "han", "cau"),
    )
    return await _act(desk, act, f"hua-{question}", form)


@signed_in("session.publish")
async def publish(desk: Desk) -> Response:
    """Công bố kết quả: the page, every trưởng thôn, everybody who asked."""
    form = await read(desk)
    return await _act(desk, Publish(seen=sessions_forms.number(form["seen"])), "ket-qua", form)
