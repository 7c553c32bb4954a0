"""Who is still to be told something of a booking: what is new, and the reminders before it."""

from typing import NamedTuple

from sqlalchemy import Connection, func, select, update

from feedback.session_clocks import SessionClock
from feedback.sessions import BookingState, SessionKind, SessionState
from storage.session_reading import Booking, booking_by_id
from storage.tables import bookings, session_questions, sessions
from storage.tx import Tx
from vietnam.time import DAY, HOUR

DAY_BEFORE, HOURS_BEFORE = 1, 2
"""Bits of bookings.reminded."""
_HOURS = 2 * HOUR
_CHUNK = 100


class Due(NamedTuple):
    """A booking with a message to its person: `what` is its news, or "day" or "hours" for a reminder."""

    booking: int
    account: int
    what: str


def news(conn: Connection) -> list[Due]:
    """Bookings of which something is new, the oldest first, at most 100."""
    new = (bookings.c.news != "") & bookings.c.account_id.is_not(None)
    query = select(bookings.c.id, bookings.c.account_id, bookings.c.news).where(new).order_by(bookings.c.id)
    return [Due(*row) for row in conn.execute(query.limit(_CHUNK))]


def reminders(conn: Connection, now: int) -> list[Due]:
    """Bookings whose reminder is due: from a day before to two hours before, and from there on; at most 100.

    Whoever booked within that time needs none.
    """
    at = func.coalesce(bookings.c.slot_at, sessions.c.starts_at)
    live = (
        (bookings.c.state == BookingState.BOOKED)
        & bookings.c.account_id.is_not(None)
        & (sessions.c.state == SessionState.ANNOUNCED)
        & (bookings.c.news == "")
        & (at > now)
    )
    bits = bookings.c.reminded
    day = (at <= now + DAY) & (at > now + _HOURS) & (bits.in_((0, HOURS_BEFORE))) & (bookings.c.booked_at < at - DAY)
    hours = (at <= now + _HOURS) & bits.in_((0, DAY_BEFORE)) & (bookings.c.booked_at < at - _HOURS)
    query = (
        select(bookings.c.id, bookings.c.account_id, at.label("at"))
        .join(sessions, sessions.c.id == bookings.c.session_id)
        .where(live, sessions.c.starts_at <= now + 2 * DAY, day | hours)
        .order_by(at)
        .limit(_CHUNK)
    )
    return [Due(row.id, row.account_id, "hours" if row.at <= now + _HOURS else "day") for row in conn.execute(query)]


def claim(tx: Tx, due: Due, now: int) -> Booking | None:
    """The booking as it stands now, marked as told; None where somebody else told it, or nothing is to be told."""
    mine = bookings.c.id == due.booking
    if due.what in ("day", "hours"):
        bit = DAY_BEFORE if due.what == "day" else DAY_BEFORE | HOURS_BEFORE
        bits = bookings.c.reminded
        open_now = bits.in_((0, HOURS_BEFORE)) if due.what == "day" else bits.in_((0, DAY_BEFORE))
        taken = update(bookings).where(mine, open_now, bookings.c.state == BookingState.BOOKED)
        done = tx.execute(taken.values(reminded=bits + bit if due.what == "day" else bit))
    else:
        done = tx.execute(update(bookings).where(mine, bookings.c.news == due.what).values(news=""))
    if done.rowcount != 1:
        return None
    if due.what == "results":
        answered = (session_questions.c.booking_id == due.booking) & (session_questions.c.answer != "")
        tx.execute(update(session_questions).where(answered).values(told_at=now))
    return booking_by_id(tx.conn, due.booking)


class Watched(NamedTuple):
    """A session whose clocks are looked at."""

    id: int
    unit: int
    title: str
    clock: SessionClock


def watched(conn: Connection, now: int) -> list[Watched]:
    """Sessions that are planned for the next weeks, or over and without results."""
    states = (SessionState.PLANNED, SessionState.ANNOUNCED, SessionState.HELD)
    near = sessions.c.state.in_(states) & (sessions.c.starts_at < now + 14 * DAY)
    query = select(sessions).where(near).order_by(sessions.c.starts_at)
    return [
        Watched(
            row.id,
            row.unit_id,
            row.title,
            SessionClock(
                kind=SessionKind(row.kind),
                state=SessionState(row.state),
                starts_at=row.starts_at,
                ends_at=row.ends_at,
                warned=row.warned,
            ),
        )
        for row in conn.execute(query)
    ]


def warn(tx: Tx, session_id: int, before: int, after: int) -> bool:
    """Remember what was warned of; False where somebody else has."""
    same = (sessions.c.id == session_id) & (sessions.c.warned == before)
    return tx.execute(update(sessions).where(same).values(warned=after)).rowcount == 1
