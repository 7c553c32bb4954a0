"""Sessions: planned once, changed only by a decided act with the version it was decided on, every change kept."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Row, func, insert, select, update

from feedback.roles import Actor
from feedback.seat_news import CHANGED
from feedback.session_acts import Minutes, SessionAct
from feedback.session_deciding import SessionDecision
from feedback.session_series import Dated
from feedback.sessions import LIVE, BookingState, Meeting, SessionFacts, SessionState
from storage import act_rows, bookings, session_sheets, session_words
from storage.bookings import NEWS
from storage.ids import new_id
from storage.seat_news import added
from storage.session_facts import columns_of
from storage.session_telling import IN_VAIN
from storage.tables import bookings as booking_rows
from storage.tables import sessions
from storage.tx import Tx
from vietnam.time import MINUTE

_PRINTED = frozenset({"answer", "promise", "minutes"})
"""Acts that change what the paper of the results says."""


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
    fault = session_words.write(tx, facts, act, actor, now)
    if fault:
        return fault if fault != session_words.THERE else ""
    values: dict[str, object] = {"state": str(decision.after), "version": facts.version + 1}
    match decision.action:
        case "announce":
            values |= {"announced_at": now, "late_reason": decision.late_reason}
        case "change" if decision.meeting is not None:
            values |= _changed(tx, facts, decision, decision.meeting)
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
    if facts.state is SessionState.PUBLISHED:
        _tell_late(tx, facts)
        if decision.action in _PRINTED:
            session_sheets.corrected(tx, facts.id, now)
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


def _tell_late(tx: Tx, facts: SessionFacts) -> None:
    """What is answered, put right or promised after the results are out is told at once."""
    if _change(tx, session_words.untold(facts.id) & (booking_rows.c.session_id == facts.id), {}, "results"):
        tx.wake(NEWS)


def _changed(tx: Tx, facts: SessionFacts, decision: SessionDecision, new: Meeting) -> dict[str, object]:
    """The columns of a session that is another one now; what had been told of it stays, for whoever reads the new.

    Who has not been told of the change before this one hears of both at once: when it was at first, and why each.
    """
    values: dict[str, object] = columns_of(new)
    untold = _untold_change(tx, facts) if decision.news else None
    was_at, was_place = facts.meeting.starts_at, facts.meeting.place
    if untold is not None:
        was_at, was_place = untold.earlier_at or was_at, untold.earlier_place or was_place
    if decision.reason:
        both = untold is not None and untold.reason and untold.reason != decision.reason
        values["reason"] = f"{untold.reason}; {decision.reason}" if both and untold is not None else decision.reason
    if decision.late_reason:
        values["late_reason"] = decision.late_reason
    if new.starts_at != facts.meeting.starts_at:
        values["warned"] = 0
    if facts.state is SessionState.ANNOUNCED and decision.news:
        values["earlier_at"] = was_at if new.starts_at != was_at else None
        values["earlier_place"] = was_place if new.place.strip() != was_place else ""
    return values


def _untold_change(tx: Tx, facts: SessionFacts) -> Row[Any] | None:
    """What a change before this one has left to be told, where there is anybody who has not heard of it."""
    rows = booking_rows.c
    waits = (rows.session_id == facts.id) & rows.state.in_(LIVE) & rows.news.contains(CHANGED)
    if tx.execute(select(rows.id).where(waits).limit(1)).first() is None:
        return None
    said = select(sessions.c.earlier_at, sessions.c.earlier_place, sessions.c.reason)
    return tx.execute(said.where(sessions.c.id == facts.id)).first()


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
            booked = mine & (rows.state == BookingState.BOOKED)
            if decision.early:
                # Their time is not over: whoever was to come yet is not one who did not come.
                slot = facts.meeting.slot_minutes * MINUTE
                ahead = booked & (func.coalesce(rows.slot_at + slot, facts.meeting.ends_at) > now)
                _change(tx, ahead, {"state": str(BookingState.CANCELLED), "seat": None, "slot_at": None}, "ended")
            _change(tx, booked, {"state": str(BookingState.ABSENT)}, "")
            waited = mine & (rows.state == BookingState.WAITING)
            _change(tx, waited & (rows.reminded >= IN_VAIN), {"state": str(BookingState.CANCELLED)}, "")
            _change(tx, waited, {"state": str(BookingState.CANCELLED)}, "unserved")
        case "publish":
            _change(tx, mine & session_words.untold(facts.id), {}, decision.news)
        case _:
            pass


def _change(tx: Tx, which: ColumnElement[bool], values: Mapping[str, object], news: str) -> int:
    """Change bookings all at once, and let those be told who can be: in their chat, or by whoever wrote them down.

    How many are to be told.
    """
    rows = booking_rows.c
    changed: dict[str, Any] = {**values, "version": rows.version + 1}
    if not news:
        tx.execute(update(booking_rows).where(which).values(**changed))
        return 0
    told = rows.account_id.is_not(None) | (rows.channel == "")
    # Those of whom nothing can be told go first: afterwards `which` may not find the others any more.
    gone = list(tx.execute(select(rows.id).where(which, ~told)).scalars())  # who was erased at their own wish
    many = tx.execute(update(booking_rows).where(which, told).values(**changed, news=added(news))).rowcount
    tx.execute(update(booking_rows).where(rows.id.in_(gone)).values(**changed))
    return many


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
