"""One session: its visitors, questions, minutes and promises, and everything that an officer does with it."""

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from feedback.acts import Refusal
from feedback.kinds import CATEGORIES
from feedback.session_acts import (
    MAX_NAME,
    MAX_QUESTION,
    MAX_REASON,
    MAX_SUMMARY,
    MAX_TITLE,
    Absent,
    Announce,
    Answer,
    AskThere,
    Book,
    BookingAct,
    Cancel,
    CancelBooking,
    Change,
    CheckIn,
    CloseSeries,
    Hold,
    Minutes,
    Promise,
    Publish,
    SessionAct,
)
from feedback.session_plan import repeat_of
from feedback.sessions import RECEPTIONS, SESSION_MOVES, Host, Meeting, SessionKind
from storage import officers, reading_session_desk, reading_sessions, units
from storage.reading_sessions import SessionRow
from vietnam.phones import read_phone
from vietnam.time import MINUTE, day_of
from web.body import Form
from web.console import sessions_forms
from web.console.access import Desk, signed_in
from web.console.sessions import CALENDAR, warning
from web.console.sessions_forms import line, words
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
    desk: Desk, *, refused: str = "", way: str = "", written: Form | None = None, status: int = 200
) -> Response:
    """The page; after a refusal with what was written, in the form it was written in (`way`)."""
    now = desk.services.now()

    def look(conn: Connection) -> dict[str, Any]:
        row = row_of(conn, desk)
        asked = reading_session_desk.questions(conn, row.id)
        promised = reading_sessions.promises_of(conn, row.id)
        mine: dict[int, list[object]] = {}
        for promise in promised:
            mine.setdefault(promise.question, []).append(promise)
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
            "people": officers.names(conn, desk.unit),
            "villages": units.villages(conn, desk.unit),
            "receives": row.kind not in RECEPTIONS,
            "others": len(reading_sessions.planned_of(conn, row.series, now, row.id)) if row.series else 0,
        }

    moves = {action: set(states) for action, states in SESSION_MOVES.items()}
    return await desk.show(
        "console/sessions_one.html",
        look,
        status=status,
        refused=refused,
        way=way,
        written=written or Form(),
        moves=moves,
        categories=CATEGORIES,
        today=day_of(now),
        done=desk.request.query_params.get("xong", ""),
        **_LIMITS,
    )


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
    return await _after(desk, row, refusal, done, form)


async def _after(desk: Desk, row: SessionRow, refusal: Refusal | None, done: str, form: Form) -> Response:
    if refusal is not None:
        said = desk.services.say(refusal.key, **refusal.values)
        return await shown(desk, refused=said, way=done, written=form, status=422)
    return RedirectResponse(f"{CALENDAR}/{row.id}?xong={done}", 303)


@signed_in("session.announce")
async def announce(desk: Desk) -> Response:
    """Công bố lịch: the sheets for every village are due, the notice to everybody is on its way."""
    form = await read(desk)
    row = await found(desk)
    act = Announce(late_reason=words(form["ly_do"]), seen=sessions_forms.number(form["seen"]))
    refusal = await desk.services.sessions.act(row.id, act, desk.actor, tell=bool(form["nhan"]))
    if refusal is None and form["ca_lich"] and row.series is not None:
        series, now = row.series, desk.services.now()
        others = await desk.services.store.read(lambda conn: reading_sessions.planned_of(conn, series, now, row.id))
        for other in others:
            # Each in its own transaction; one that cannot be told any more stays planned, and its page says why.
            await desk.services.sessions.act(other, Announce(), desk.actor, tell=False)
    return await _after(desk, row, refusal, "cong-bo", form)


@signed_in("session.series")
async def stop_series(desk: Desk) -> Response:
    """No more sessions of the series are made."""
    form = await read(desk)
    row = await found(desk)
    refusal: Refusal | None = Refusal("session.none")
    if row.series is not None:
        act = CloseSeries(reason=words(form["ly_do"]))
        refusal = await desk.services.sessions.close_series(row.series, act, desk.actor)
    return await _after(desk, row, refusal, "dung-lap", form)


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
    return await _act(desk, Hold(seen=sessions_forms.number(form["seen"])), "ket-thuc", form)


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
    act = AskThere(
        text=words(form["cau_hoi"]),
        topic=form["linh_vuc"],
        asker=line(form["nguoi_hoi"]),
        booking=sessions_forms.number_long(form["khach"]),
    )
    return await _act(desk, act, "hoi", form)


@signed_in("session.answer")
async def answer(desk: Desk) -> Response:
    """What was answered, and by whom."""
    form = await read(desk)
    question: int = desk.request.path_params["question"]
    act = Answer(question=question, text=words(form["tra_loi"]), by=line(form["ai"]))
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
    )
    return await _act(desk, act, f"hua-{question}", form)


@signed_in("session.publish")
async def publish(desk: Desk) -> Response:
    """Công bố kết quả: the page, every trưởng thôn, everybody who asked."""
    form = await read(desk)
    return await _act(desk, Publish(seen=sessions_forms.number(form["seen"])), "ket-qua", form)


@signed_in("session.change")
async def change(desk: Desk) -> Response:
    """The form of another time, place or size; a GET shows it, a POST does it."""
    row = await found(desk)
    if desk.request.method == "GET":
        return await _change_form(desk, row, Form(sessions_forms.fields_of(_meeting(row))))
    form = await read(desk, fields=40)
    planned = sessions_forms.meeting(form)
    act = Change(meeting=planned, reason=line(form["ly_do"]), seen=sessions_forms.number(form["seen"]))
    villages = await desk.services.store.read(lambda conn: units.villages(conn, desk.unit))
    refusal: Refusal | None = Refusal("list.village")
    if not planned.village or planned.village in {village.id for village in villages}:
        refusal = await desk.services.sessions.act(row.id, act, desk.actor)
    if refusal is not None:
        said = desk.services.say(refusal.key, **refusal.values)
        return await _change_form(desk, row, form, refused=said, status=422)
    return RedirectResponse(f"{CALENDAR}/{row.id}?xong=doi", 303)


async def _change_form(desk: Desk, row: SessionRow, form: Form, *, refused: str = "", status: int = 200) -> Response:
    def look(conn: Connection) -> dict[str, Any]:
        return {"villages": units.villages(conn, desk.unit)}

    return await desk.show(
        "console/sessions_new.html",
        look,
        status=status,
        refused=refused,
        written=form,
        change=row,
        today=day_of(desk.services.now()).isoformat(),
        max_title=MAX_TITLE,
        max_seats=500,
    )


def _meeting(row: SessionRow) -> Meeting:
    return Meeting(
        kind=SessionKind(row.kind),
        host=Host(row.host),
        host_name=row.host_name,
        title=row.title,
        place=row.place,
        online=row.online,
        village=row.village_id,
        starts_at=row.starts_at,
        minutes=(row.ends_at - row.starts_at) // MINUTE,
        seats=row.seats,
        slot_minutes=row.slot_minutes,
    )


# --- seats ------------------------------------------------------------------------------------------------------------


@signed_in("booking.book")
async def book(desk: Desk) -> Response:
    """Somebody has called, or stands there."""
    form = await read(desk)
    phone = read_phone(form["sdt"])
    row = await found(desk)
    refusal: Refusal | None = Refusal("booking.phone_wrong")
    if phone is not None or not form["sdt"].strip():
        act = Book(
            code="",
            topic=form["linh_vuc"],
            question=words(form["cau_hoi"]),
            name=line(form["ten"]),
            phone=phone or "",
            wait=bool(form["cho"]),
            walk_in=bool(form["tai_cho"]),
            village=await _village(desk, form["thon"]),
        )
        outcome = await desk.services.sessions.book(row.id, act, desk.actor)
        refusal = outcome if isinstance(outcome, Refusal) else None
    return await _after(desk, row, refusal, "dat-cho", form)


async def _village(desk: Desk, typed: str) -> int | None:
    wanted = sessions_forms.number_long(typed)
    mine = await desk.services.store.read(lambda conn: units.villages(conn, desk.unit))
    return wanted if wanted in {one.id for one in mine} else None


_ON_BOOKING: dict[str, Callable[[], BookingAct]] = {"co-mat": CheckIn, "vang": Absent, "tra-cho": CancelBooking}


async def _on_booking(desk: Desk) -> Response:
    what = desk.request.path_params["what"]
    if what not in _ON_BOOKING:
        raise HTTPException(404)
    row = await found(desk)
    code, form = desk.request.path_params.get("code", ""), Form()
    if not code:
        form = await read(desk)
        code = await _code_here(desk, row, "".join(form["ma"].split()).upper()[:40])
    refusal: Refusal | None = Refusal("booking.code_wrong")
    if code:
        refusal = await desk.services.sessions.act_on_booking(code, _ON_BOOKING[what](), desk.actor)
    return await _after(desk, row, refusal, what, form)


async def _code_here(desk: Desk, row: SessionRow, typed: str) -> str:
    """The code of a booking of this session that was typed, whole or by its number on the list ("12")."""

    def look(conn: Connection) -> str:
        people = reading_session_desk.visitors(conn, row.id, ())
        same = [one.code for one in people if one.code.replace("-", "") == typed.replace("-", "")]
        same = same or [one.code for one in people if typed == str(one.seat or "")]
        return same[0] if len(same) == 1 else ""

    return await desk.services.store.read(look) if typed else ""


Handler = Callable[[Any], Awaitable[Response]]
check_in: Handler = signed_in("booking.check_in")(_on_booking)
"""By a code that was typed, or by one tap beside a name; and the other way round."""


@signed_in("session.receive")
async def received(desk: Desk) -> Response:
    """A trưởng thôn has the paper: ticked off by the desk, or by the head of that village."""
    row = await found(desk)
    kind = "results" if desk.request.path_params["kind"] == "ket-qua" else "notice"
    village: int = desk.officer.village or desk.request.path_params["village"]
    refusal = await desk.services.sessions.received(row.id, village, kind, desk.actor)
    if desk.officer.village:
        # A second press finds the paper gone from the list, which says it better than an error.
        return RedirectResponse(f"{CALENDAR}/thon", 303)
    return await _after(desk, row, refusal, "da-nhan", Form())
