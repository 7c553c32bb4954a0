"""Sessions: planned once, changed only by a decided act with the version it was decided on, every change kept."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, insert, select, update

from feedback.roles import Actor
from feedback.session_acts import Answer, AskThere, Drop, Keep, Minutes, Promise, SessionAct
from feedback.session_deciding import SessionDecision
from feedback.session_series import Dated
from feedback.sessions import LIVE, BookingState, Meeting, PromiseState, SessionFacts, SessionState
from storage import act_rows, bookings
from storage.bookings import NEWS
from storage.ids import new_id
from storage.session_facts import columns_of
from storage.tables import bookings as booking_rows
from storage.tables import session_promises, session_questions, sessions
from storage.tx import Tx


def plan(
    tx: Tx,
    unit_id: int,
    meeting: Meeting,
    actor: Actor,
    now: int,
    *,
    series: int | None = None,
    days: Dated | None = None,
) -> int:
    """Write a new session; its id. Of a `series`: `days` are that of the rule and that it is held on."""
    id = new_id()
    moved = days is not None and days.of_rule != days.held
    tx.execute(
        insert(sessions).values(
            id=id,
            unit_id=unit_id,
            series_id=series,
            series_day=days.of_rule.isoformat() if days else "",
            moved_from=days.of_rule.isoformat() if days and moved else "",
            state=str(SessionState.PLANNED),
            made_at=now,
            **columns_of(meeting),
        )
    )
    act_rows.record(
        tx, actor, "plan", thing="session", thing_id=id, unit=unit_id, now=now, version=1, after=SessionState.PLANNED
    )
    tx.wake(f"queue:{unit_id}")
    return id


def write(tx: Tx, facts: SessionFacts, act: SessionAct, decision: SessionDecision, actor: Actor, now: int) -> str:
    """Write a decided change; "" once it is, else why not, as a wording key."""
    fault = _write_beside(tx, facts, act, actor, now)
    if fault:
        return fault
    values: dict[str, object] = {"state": str(decision.after), "version": facts.version + 1}
    match decision.action:
        case "announce":
            values |= {"announced_at": now, "late_reason": decision.reason}
        case "change" if decision.meeting is not None:
            values |= {**columns_of(decision.meeting), "reason": decision.reason}
            if decision.meeting.starts_at != facts.meeting.starts_at:
                values["warned"] = 0
        case "cancel":
            values["reason"] = decision.reason
        case "hold":
            values["held_at"] = now
        case "minutes" if isinstance(act, Minutes):
            values["summary"] = act.summary.strip()
        case "publish":
            values["published_at"] = now
        case _:
            pass
    same = (sessions.c.id == facts.id) & (sessions.c.version == facts.version)
    if tx.execute(update(sessions).where(same).values(**values)).rowcount != 1:
        return "act.changed"
    _write_seats(tx, facts, decision, actor, now)
    act_rows.record(
        tx,
        actor,
        decision.action,
        thing="session",
        thing_id=facts.id,
        unit=facts.unit,
        now=now,
        version=facts.version + 1,
        before=decision.before,
        after=decision.after,
        text=decision.reason,
    )
    tx.wake(f"queue:{facts.unit}")
    if decision.news or decision.action == "hold":
        tx.wake(NEWS)
    return ""


def _write_seats(tx: Tx, facts: SessionFacts, decision: SessionDecision, actor: Actor, now: int) -> None:
    """What an act on the session does to its bookings."""
    rows = booking_rows.c
    mine = rows.session_id == facts.id
    live = mine & rows.state.in_(LIVE)
    match decision.action:
        case "cancel":
            gone = {"state": str(BookingState.CANCELLED), "seat": None, "slot_at": None}
            _change(tx, live, gone, decision.news)
        case "change" if decision.meeting is not None:
            _new_times(tx, facts, decision)
            bookings.fill(tx, facts.id, actor, now)
        case "hold":
            _change(tx, mine & (rows.state == BookingState.BOOKED), {"state": str(BookingState.ABSENT)}, "")
            waited = mine & (rows.state == BookingState.WAITING)
            _change(tx, waited, {"state": str(BookingState.CANCELLED)}, "unserved")
        case "publish":
            asked = select(session_questions.c.booking_id).where(
                session_questions.c.session_id == facts.id, session_questions.c.answer != ""
            )
            _change(tx, mine & rows.id.in_(asked), {}, decision.news)
        case _:
            pass


def _change(tx: Tx, which: ColumnElement[bool], values: Mapping[str, object], news: str) -> None:
    """Change bookings all at once, and let those who have a chat be told."""
    rows = booking_rows.c
    changed: dict[str, Any] = {**values, "version": rows.version + 1}
    if news:
        tx.execute(update(booking_rows).where(which, rows.account_id.is_not(None)).values(**changed, news=news))
        tx.execute(update(booking_rows).where(which, rows.account_id.is_(None)).values(**changed))
    else:
        tx.execute(update(booking_rows).where(which).values(**changed))


def _new_times(tx: Tx, facts: SessionFacts, decision: SessionDecision) -> None:
    meeting = decision.meeting
    if meeting is None:
        return
    rows = booking_rows.c
    live = (rows.session_id == facts.id) & rows.state.in_(LIVE)
    if meeting.starts_at != facts.meeting.starts_at or meeting.slot_minutes != facts.meeting.slot_minutes:
        for row in tx.execute(select(rows.id, rows.seat).where(live)).all():
            at = meeting.slot_at(row.seat) if row.seat else None
            tx.execute(update(booking_rows).where(rows.id == row.id).values(slot_at=at, reminded=0))
    if decision.news:
        _change(tx, live, {}, decision.news)


def _write_beside(tx: Tx, facts: SessionFacts, act: SessionAct, actor: Actor, now: int) -> str:
    """Questions and promises of a session; "" or why not."""
    match act:
        case AskThere():
            return _write_question(tx, facts, act, actor, now)
        case Answer():
            mine = (session_questions.c.id == act.question) & (session_questions.c.session_id == facts.id)
            said = {"answer": act.text.strip(), "answered_by": act.by.strip(), "answered_at": now}
            written = update(session_questions).where(mine).values(**said, officer_id=actor.id or None)
            return "" if tx.execute(written).rowcount == 1 else "session.no_question"
        case Promise():
            return _write_promise(tx, facts, act, now)
        case Keep() | Drop():
            promises = session_promises.c
            mine = (promises.id == act.promise) & (promises.session_id == facts.id)
            state = PromiseState.DONE if isinstance(act, Keep) else PromiseState.DROPPED
            values = {"state": str(state), "note": act.note.strip(), "done_at": now, "version": promises.version + 1}
            over = update(session_promises).where(mine, promises.state == PromiseState.OPEN).values(**values)
            return "" if tx.execute(over).rowcount == 1 else "session.promise_over"
        case _:
            return ""


def _write_question(tx: Tx, facts: SessionFacts, act: AskThere, actor: Actor, now: int) -> str:
    rows = booking_rows.c
    if act.booking:
        theirs = (rows.id == act.booking) & (rows.session_id == facts.id)
        if tx.conn.scalar(select(rows.id).where(theirs)) is None:
            return "booking.none"
    tx.execute(
        insert(session_questions).values(
            id=new_id(),
            unit_id=facts.unit,
            session_id=facts.id,
            booking_id=act.booking or None,
            topic=act.topic,
            text=act.text.strip(),
            asker=act.asker.strip(),
            officer_id=actor.id or None,
            asked_at=now,
        )
    )
    return ""


def _write_promise(tx: Tx, facts: SessionFacts, act: Promise, now: int) -> str:
    questions = session_questions.c
    if act.question:
        theirs = (questions.id == act.question) & (questions.session_id == facts.id)
        if tx.conn.scalar(select(questions.id).where(theirs)) is None:
            return "session.no_question"
    tx.execute(
        insert(session_promises).values(
            id=new_id(),
            unit_id=facts.unit,
            session_id=facts.id,
            question_id=act.question or None,
            text=act.text.strip(),
            officer_id=act.officer or None,
            owner=act.owner.strip(),
            due_day=act.due_day,
            state=str(PromiseState.OPEN),
            made_at=now,
        )
    )
    return ""
