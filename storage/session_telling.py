"""Who is still to be told something of a booking: what is new, and the reminders before it."""

from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, case, func, select, update

from feedback.seat_news import OF_A_SEAT
from feedback.session_clocks import SessionClock
from feedback.sessions import BookingState, SessionKind, SessionState
from storage.seat_news import added
from storage.session_reading import Booking, booking_by_id
from storage.tables import bookings, session_sheets, sessions
from storage.tx import Tx
from vietnam.time import DAY, HOUR

DAY_BEFORE, HOURS_BEFORE, IN_VAIN = 1, 2, 4
"""Bits of bookings.reminded."""
_HOURS = 2 * HOUR
_ENOUGH = 3 * HOUR
"""Whoever was told when and where so shortly before needs no reminder."""
_EVENING = HOUR
_CHUNK = 100
_LONG = 60 * DAY


class Night(NamedTuple):
    """The quiet hours that are on, come next, or ended less than two hours ago; instants, both 0 where there are none.

    Who comes so early that two hours before would be at night is reminded in the last hour before the night instead.
    """

    begins: int = 0
    ends: int = 0

    @property
    def evening(self) -> int:
        """From when on those are reminded."""
        return self.begins - _EVENING if self.begins else 0

    def horizon(self, now: int) -> int:
        """Whoever comes until then is reminded for the last time now: in the evening only whoever comes too early.

        Whoever comes two hours after the end of the night is reminded at that very end.
        """
        return self.ends + _HOURS - 1 if self.evening <= now < self.ends else now + _HOURS


class Due(NamedTuple):
    """A booking with a message to its person: `what` is its news, or "day" or "hours" for a reminder.

    `what` is a line of feedback/seat_news.py. `account` None: an officer wrote the booking down, so an officer tells
    the person.
    """

    booking: int
    account: int | None
    what: str


_NONE = Night()


def news(conn: Connection) -> list[Due]:
    """Bookings of which something is new, the oldest first, at most 100."""
    new = bookings.c.news != ""
    query = select(bookings.c.id, bookings.c.account_id, bookings.c.news).where(new).order_by(bookings.c.id)
    return [Due(*row) for row in conn.execute(query.limit(_CHUNK))]


def reminders(conn: Connection, now: int, night: Night = _NONE) -> list[Due]:
    """Bookings whose reminder is due: from a day before to two hours before, and from there on; at most 100.

    Whoever booked within that time needs none. Of a `night` see there.
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
    last = night.horizon(now)
    day = (at <= now + DAY) & (at > last) & (bits.in_((0, HOURS_BEFORE))) & (bookings.c.booked_at < at - DAY)
    early = (at >= night.begins + _HOURS) & (at < night.ends + _HOURS)
    since = case((early, night.evening), else_=at - _HOURS)
    hours = (at <= last) & bits.in_((0, DAY_BEFORE)) & (bookings.c.booked_at < since)
    query = (
        select(bookings.c.id, bookings.c.account_id, at.label("at"))
        .join(sessions, sessions.c.id == bookings.c.session_id)
        .where(live, sessions.c.starts_at <= now + 2 * DAY, day | hours)
        .order_by(at)
        .limit(_CHUNK)
    )
    return [Due(row.id, row.account_id, "hours" if row.at <= last else "day") for row in conn.execute(query)]


def in_vain(now: int) -> ColumnElement[bool]:
    """Bookings that wait for a seat in what has begun since, and were not told so: from then on none comes free.

    They go on waiting: whoever comes all the same is received where there is time.
    """
    begun = (sessions.c.state == SessionState.ANNOUNCED) & (sessions.c.starts_at <= now)
    lately = begun & (sessions.c.starts_at > now - 7 * DAY)
    waits = (bookings.c.state == BookingState.WAITING) & (bookings.c.reminded < IN_VAIN)
    return waits & bookings.c.session_id.in_(select(sessions.c.id).where(lately))


def anybody_in_vain(conn: Connection, now: int) -> bool:
    """Whether there are any."""
    return conn.execute(select(bookings.c.id).where(in_vain(now)).limit(1)).first() is not None


def let_down(tx: Tx, now: int) -> None:
    """Let them hear it; who was erased at their own wish hears nothing."""
    told = bookings.c.account_id.is_not(None) | (bookings.c.channel == "")
    marked = update(bookings).values(reminded=bookings.c.reminded + IN_VAIN)
    tx.execute(marked.where(in_vain(now), ~told))
    tx.execute(marked.where(in_vain(now)).values(news=added("unserved")))


def claim(tx: Tx, due: Due, now: int, night: Night = _NONE) -> Booking | None:
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
    if OF_A_SEAT.intersection(due.what.split()):
        _reminded_too(tx, due.booking, now, night)
    return booking_by_id(tx.conn, due.booking)


def _reminded_too(tx: Tx, booking: int, now: int, night: Night) -> None:
    """A message that says when and where, so near to it, is the reminder as well."""
    at = func.coalesce(bookings.c.slot_at, sessions.c.starts_at)
    query = select(at).select_from(bookings).join(sessions, sessions.c.id == bookings.c.session_id)
    begins = tx.execute(query.where(bookings.c.id == booking)).scalar_one()
    last = begins <= max(night.horizon(now), now + _ENOUGH)
    bits = DAY_BEFORE | HOURS_BEFORE if last else DAY_BEFORE
    if last or begins <= now + DAY + _HOURS:
        tx.execute(update(bookings).where(bookings.c.id == booking).values(reminded=bits))


def unit_of(conn: Connection, booking: int) -> int:
    """The unit of a booking that is there."""
    unit: int = conn.execute(select(bookings.c.unit_id).where(bookings.c.id == booking)).scalar_one()
    return unit


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
    sheets = session_sheets.c
    unread = (sheets.session_id == sessions.c.id) & (sheets.kind == "results") & sheets.received_at.is_(None)
    # Until every trưởng thôn has the results; of what lies long back nobody is told any more.
    out = (sessions.c.state == SessionState.PUBLISHED) & (sessions.c.starts_at > now - _LONG)
    out &= sessions.c.id.in_(select(sheets.session_id).where(sheets.kind == "results", sheets.received_at.is_(None)))
    waiting = select(func.count()).select_from(session_sheets).where(unread).scalar_subquery()
    query = select(sessions, waiting.label("unread")).where(near | out).order_by(sessions.c.starts_at)
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
                unread=row.unread if row.state == SessionState.PUBLISHED else 0,
            ),
        )
        for row in conn.execute(query)
    ]


def warn(tx: Tx, session_id: int, before: int, after: int) -> bool:
    """Remember what was warned of; False where somebody else has."""
    same = (sessions.c.id == session_id) & (sessions.c.warned == before)
    return tx.execute(update(sessions).where(same).values(warned=after)).rowcount == 1
