"""Seats: given once, given back, moved, and passed on to whoever waits first. All of it under the session's lock."""

from collections.abc import Sequence

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from feedback.booking_deciding import Seated
from feedback.roles import Actor
from feedback.seat_news import SEAT
from feedback.session_acts import Book
from feedback.sessions import LIVE, BookingFacts, BookingState, SessionFacts, SessionState
from storage import act_rows, deliveries
from storage.ids import new_id
from storage.seat_news import added
from storage.session_facts import facts_of
from storage.tables import bookings, session_questions, sessions
from storage.tx import Tx

NEWS = "sessions"
"""The topic that wakes whoever tells people what is new of their bookings."""


def on_form(conn: Connection, session_id: int, once: str) -> str:
    """The code of the booking that this very form has written before, "" where it has not."""
    mine = (bookings.c.session_id == session_id) & (bookings.c.once == once)
    return (conn.scalar(select(bookings.c.code).where(mine)) or "") if once else ""


def live(conn: Connection, session_id: int, account_ids: Sequence[int], but: int = 0) -> bool:
    """Whether one of a person's accounts has a seat in a session, or waits for one; `but` is a booking left aside."""
    mine = (bookings.c.session_id == session_id) & bookings.c.account_id.in_(account_ids) & (bookings.c.id != but)
    return conn.scalar(select(bookings.c.id).where(mine, bookings.c.state.in_(LIVE)).limit(1)) is not None


def book(
    tx: Tx,
    facts: SessionFacts,
    act: Book,
    seated: Seated,
    actor: Actor,
    now: int,
    *,
    account: int | None = None,
    channel: str = "",
    calendar: tuple[str, int] = ("", 0),
) -> str:
    """Write a booking; "" once it is, "code.taken", or "seat.gone" where somebody was faster after all.

    `calendar`: its name there and how often it had changed, where it was another booking before.
    """
    if tx.conn.scalar(select(bookings.c.id).where(bookings.c.code == act.code)) is not None:
        return "code.taken"
    id = new_id()
    place = _next_place(tx, facts.id)
    came = seated.state is BookingState.ATTENDED
    row = {
        "id": id,
        "unit_id": facts.unit,
        "session_id": facts.id,
        "account_id": account,
        "channel": channel,
        "code": act.code,
        "state": str(seated.state),
        "seat": seated.seat,
        "place": place,
        "slot_at": seated.slot_at,
        "topic": act.topic,
        "name": act.name.strip(),
        "phone": act.phone,
        "village_id": act.village,
        "officer_id": actor.id or None,
        "once": act.once,
        "uid": calendar[0],
        "sequence": calendar[1],
        "booked_at": now,
        "came_at": now if came else None,
    }
    try:
        # The lock on the session lets nobody come between; should that ever fail, the keys decide.
        with tx.conn.begin_nested():
            tx.execute(insert(bookings).values(**row))
    except IntegrityError:
        return "seat.gone"
    if act.question.strip():
        question = {"id": new_id(), "topic": act.topic, "text": act.question.strip(), "asked_at": now}
        where = {"unit_id": facts.unit, "session_id": facts.id, "booking_id": id}
        tx.execute(insert(session_questions).values(**question, **where))
    _keep_act(tx, actor, "book", id, facts.unit, now, 1, after=seated.state, session=facts.id, seat=seated.seat)
    return ""


def _next_place(tx: Tx, session_id: int) -> int:
    """Who comes after whom: counted in the session's locked row."""
    mine = sessions.c.id == session_id
    tx.execute(update(sessions).where(mine).values(places=sessions.c.places + 1))
    return int(tx.execute(select(sessions.c.places).where(mine)).scalar_one())


def set_state(
    tx: Tx,
    unit: int,
    booking: BookingFacts,
    after: BookingState,
    action: str,
    actor: Actor,
    now: int,
    *,
    news: str = "",
    reason: str = "",
) -> bool:
    """Change a booking's state; False where it changed after it was read. A seat given back is free at once.

    `news` is what its person is told of that, with the `reason`, where anybody can tell them.
    """
    values: dict[str, object] = {"state": str(after), "version": booking.version + 1}
    if after is BookingState.CANCELLED:
        tells = added(news) if news and (booking.account is not None or not booking.channel) else ""
        values |= {"seat": None, "slot_at": None, "news": tells, "reason": reason}
    if after is BookingState.ATTENDED:
        values["came_at"] = now
    same = (bookings.c.id == booking.id) & (bookings.c.version == booking.version)
    if tx.execute(update(bookings).where(same).values(**values)).rowcount != 1:
        return False
    # What the person was to be called for has been overtaken.
    deliveries.drop_of(tx, booking.id, now)
    if after is BookingState.CANCELLED:
        open_ones = (session_questions.c.booking_id == booking.id) & (session_questions.c.answer == "")
        tx.execute(session_questions.delete().where(open_ones))
    said = {"text": reason} if reason else {}
    _keep_act(tx, actor, action, booking.id, unit, now, booking.version + 1, before=booking.state, after=after, **said)
    if news:
        tx.wake(NEWS)
    return True


def tell(tx: Tx, unit_id: int, code: str, news: str) -> None:
    """Let whoever has a booking hear news of it in their chat; who has none has asked for it by telephone."""
    mine = (bookings.c.unit_id == unit_id) & (bookings.c.code == code) & bookings.c.account_id.is_not(None)
    tx.execute(update(bookings).where(mine).values(news=added(news)))
    tx.wake(NEWS)


def fill(tx: Tx, session_id: int, actor: Actor, now: int) -> int:
    """Give free seats to those who wait, the first first, and let them be told; how many got one."""
    facts = facts_of(tx, session_id)
    if facts is None or facts.state not in (SessionState.PLANNED, SessionState.ANNOUNCED):
        return 0
    if now >= facts.meeting.starts_at or not facts.waiting:
        return 0
    mine = (bookings.c.session_id == session_id) & (bookings.c.state == BookingState.WAITING)
    first = select(bookings).where(mine).order_by(bookings.c.place).limit(len(facts.free))
    got = 0
    for seat, row in zip(facts.free, tx.execute(first).all(), strict=False):
        values: dict[str, object] = {"state": str(BookingState.BOOKED), "seat": seat}
        values |= {"slot_at": facts.meeting.slot_at(seat), "version": row.version + 1}
        values["news"] = added(SEAT) if row.account_id or not row.channel else ""
        tx.execute(update(bookings).where(bookings.c.id == row.id).values(**values))
        _keep_act(
            tx, actor, "fill", row.id, facts.unit, now, row.version + 1, before=row.state, after="booked", seat=seat
        )
        got += 1
    if got:
        tx.wake(NEWS)
    return got


def _keep_act(tx: Tx, actor: Actor, action: str, id: int, unit: int, now: int, version: int, **detail: object) -> None:
    act_rows.record(tx, actor, action, thing="booking", thing_id=id, unit=unit, now=now, version=version, **detail)
