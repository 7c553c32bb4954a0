"""Officers' acts on sessions, each decided and written in one transaction; who has a seat is told soon after."""

from datetime import date, timedelta

from msgspec import structs

from app import seats
from app.runtime import Runtime
from feedback.acts import Refusal
from feedback.codes import make_code
from feedback.roles import Actor, may
from feedback.session_acts import Book, BookingAct, Change, CloseSeries, MoveBooking, OpenSeries, Plan, SessionAct
from feedback.session_deciding import SessionDecision, decide_close_series, decide_new, decide_session, elsewhere
from feedback.session_series import AHEAD, carried_on, on_day
from feedback.sessions import BookingState, Host
from storage import bookings, busy_days, session_series, sessions, units
from storage.session_facts import facts_of, hold_calendar, taken, taken_on
from storage.tx import Tx
from vietnam.calendar import DayTable
from vietnam.time import local

_CODES = 3
"""How often a code is drawn before it is given up: one in 900 million is taken by chance."""


async def plan(runtime: Runtime, act: Plan, actor: Actor) -> int | Refusal:
    """A session of its own; its id."""

    def unit(tx: Tx) -> int | Refusal:
        now, table = runtime.now(), _table(runtime, tx, actor.unit)
        hold_calendar(tx, actor.unit)
        decision = decide_new(act, actor, now=now, table=table, taken=taken_on(tx.conn, actor.unit, act.meeting))
        if isinstance(decision, Refusal):
            return decision
        return sessions.plan(tx, actor.unit, act.meeting, actor, now)

    return await runtime.store.write(unit)


async def open_series(runtime: Runtime, act: OpenSeries, actor: Actor) -> int | Refusal:
    """Sessions that repeat; the id of the series. Those of the months ahead are made at once."""

    def unit(tx: Tx) -> int | Refusal:
        now, table = runtime.now(), _table(runtime, tx, actor.unit)
        decision = decide_new(act, actor, now=now, table=table, taken=())
        if isinstance(decision, Refusal):
            return decision
        fault = _first_clashes(tx, actor.unit, act, table)
        if fault is not None:
            return fault
        id = session_series.begin(tx, actor.unit, act, actor, now)
        session_series.make(tx, id, table, now)
        return id

    return await runtime.store.write(unit)


def _table(runtime: Runtime, tx: Tx, unit_id: int) -> DayTable:
    """The days that the commune works, as they are entered now."""
    return runtime.ledger.office_in(tx.conn, unit_id).table


def _first_clashes(tx: Tx, unit_id: int, act: OpenSeries, table: DayTable) -> Refusal | None:
    """Why the first session of a series could not be held: a form that was sent twice, or an hour that is taken."""
    hold_calendar(tx, unit_id)
    begins = act.first.day
    until = begins + timedelta(days=AHEAD)
    near = taken(tx.conn, unit_id, act.first.host, begins, until + timedelta(days=AHEAD))
    days, _ = carried_on(act.rule, act.first, begins, until, table, taken=near)
    meetings = [on_day(act.first, one.held) for one in days[:1]]
    return next((fault for one in meetings if (fault := elsewhere(one, near)) is not None), None)


async def close_series(runtime: Runtime, series_id: int, act: CloseSeries, actor: Actor) -> Refusal | None:
    """No more sessions of a series are made."""

    def unit(tx: Tx) -> Refusal | None:
        found = session_series.state_of(tx.conn, actor.unit, series_id)
        if found is None:
            return Refusal("session.none")
        fault = decide_close_series(act, actor, actor.unit, open_now=found == "open")
        if fault is None:
            session_series.close(tx, series_id, actor.unit, act.reason, actor, runtime.now())
        return fault

    return await runtime.store.write(unit)


async def act_on_session(runtime: Runtime, session_id: int, act: SessionAct, actor: Actor) -> SessionDecision | Refusal:
    """Any other act on a session that is there."""
    return await runtime.store.write(lambda tx: apply_to_session(runtime, tx, session_id, act, actor))


def apply_to_session(
    runtime: Runtime, tx: Tx, session_id: int, act: SessionAct, actor: Actor
) -> SessionDecision | Refusal:
    """`act_on_session` within an open transaction."""
    now = runtime.now()
    changed = act.meeting if isinstance(act, Change) else None
    if changed is not None:
        hold_calendar(tx, actor.unit)
    facts = facts_of(tx, session_id)
    if facts is None or facts.unit != actor.unit:
        return Refusal("session.none")
    elsewhere = taken_on(tx.conn, actor.unit, changed) if changed is not None else ()
    table = _table(runtime, tx, actor.unit)
    decision = decide_session(facts, act, actor, now=now, table=table, taken=elsewhere)
    if isinstance(decision, Refusal):
        return decision
    fault = sessions.write(tx, facts, act, decision, actor, now)
    return Refusal(fault) if fault else decision


async def book_for(runtime: Runtime, session_id: int, act: Book, actor: Actor) -> str | Refusal:
    """A seat for somebody who called or came; the code, which is drawn here whatever the act carries."""
    for _ in range(_CODES):
        unit_row = await runtime.store.read(lambda conn: units.unit(conn, actor.unit))
        code = make_code(unit_row.prefix, local(runtime.now()).year, runtime.draw())
        drawn = structs.replace(act, code=code)

        def unit(tx: Tx, drawn: Book = drawn) -> Refusal | None:
            done = seats.take(tx, session_id, drawn, actor, runtime.now())
            return done if isinstance(done, Refusal) else None

        fault = await runtime.store.write(unit)
        if fault is None:
            return code
        if fault.key == "booking.there":
            return str(fault.values["code"])
        if fault.key != "code.taken":
            return fault
    return Refusal("act.changed")


async def act_on_booking(runtime: Runtime, code: str, act: BookingAct, actor: Actor) -> BookingState | Refusal:
    """Check in, mark as absent, give back."""
    return await runtime.store.write(lambda tx: seats.change(tx, code, act, actor, runtime.now()))


async def move_booking_for(
    runtime: Runtime, code: str, session_id: int, act: MoveBooking, actor: Actor
) -> str | Refusal:
    """Another seat for somebody who called; the new code, drawn here. Whoever has a chat is told in it."""
    for _ in range(_CODES):
        unit_row = await runtime.store.read(lambda conn: units.unit(conn, actor.unit))
        drawn = structs.replace(act, code=make_code(unit_row.prefix, local(runtime.now()).year, runtime.draw()))

        def unit(tx: Tx, drawn: MoveBooking = drawn) -> Refusal | None:
            done = seats.move(tx, code, session_id, drawn, actor, runtime.now())
            if isinstance(done, Refusal):
                return done
            bookings.tell(tx, actor.unit, drawn.code, "moved")
            return None

        fault = await runtime.store.write(unit)
        if fault is None:
            return drawn.code
        if fault.key != "code.taken":
            return fault
    return Refusal("act.changed")


async def busy(runtime: Runtime, host: Host, first: date, last: date, note: str, actor: Actor) -> int | Refusal:
    """Days on which a host can be nowhere; the id of the row."""
    if not may(actor, "session.busy", actor.unit):
        return Refusal("act.not_allowed")
    if last < first:
        return Refusal("session.days_wrong")
    return await runtime.store.write(
        lambda tx: busy_days.add(tx, actor.unit, host, first, last, note, actor, runtime.now())
    )


async def free(runtime: Runtime, id: int, actor: Actor) -> Refusal | None:
    """Take busy days away."""
    if not may(actor, "session.busy", actor.unit):
        return Refusal("act.not_allowed")
    done = await runtime.store.write(lambda tx: busy_days.remove(tx, actor.unit, id, actor, runtime.now()))
    return None if done else Refusal("session.days_gone")
