"""Looking at sessions: what is coming, who has a seat, what was asked, answered and promised."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, select

from feedback.sessions import LIVE, BookingState, Meeting, SessionState
from storage.session_facts import meeting_of
from storage.tables import bookings, session_promises, session_questions, sessions, units

SOON = 24
"""Sessions that a chat can list, some at a time."""


@dataclass(frozen=True, slots=True)
class Session:
    """A session as a page or a chat shows it; instants in UTC milliseconds, `village_name` "" for the commune."""

    id: int
    unit_id: int
    series_id: int | None
    meeting: Meeting
    state: SessionState
    version: int
    taken: int
    waiting: int
    moved_from: str
    reason: str
    late_reason: str
    summary: str
    announced_at: int | None
    held_at: int | None
    published_at: int | None
    earlier_at: int | None
    earlier_place: str
    village_name: str

    @property
    def free(self) -> int:
        """How many seats nobody has."""
        return max(0, self.meeting.seats - self.taken)


@dataclass(frozen=True, slots=True)
class Booking:
    """A booking with the question asked ahead; `account_id` None: entered by an officer."""

    id: int
    session_id: int
    account_id: int | None
    code: str
    state: BookingState
    version: int
    seat: int | None
    place: int
    slot_at: int | None
    topic: str
    question: str
    name: str
    phone: str
    village_id: int | None
    village_name: str
    booked_at: int
    came_at: int | None
    reason: str
    uid: str
    sequence: int


@dataclass(frozen=True, slots=True)
class Question:
    """A question, ahead or on the spot, with its answer ("" while there is none)."""

    id: int
    booking_id: int | None
    topic: str
    text: str
    asker: str
    answer: str
    answered_by: str
    asked_at: int
    answered_at: int | None
    told_at: int | None
    answers: int
    told_answer: int


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """What was promised; `due_day` is ISO."""

    id: int
    session_id: int
    question_id: int | None
    text: str
    officer_id: int | None
    owner: str
    due_day: str
    state: str
    version: int
    note: str
    warned: int
    made_at: int
    done_at: int | None
    told_at: int | None


def _sessions(*where: ColumnElement[bool]) -> Select[Any]:
    def many(condition: ColumnElement[bool]) -> Any:  # noqa: ANN401 - a scalar subquery
        mine = (bookings.c.session_id == sessions.c.id) & condition
        return select(func.count()).select_from(bookings).where(mine).scalar_subquery()

    return (
        select(
            sessions,
            many(bookings.c.seat.is_not(None)).label("taken"),
            many(bookings.c.state == BookingState.WAITING).label("waiting"),
            func.coalesce(units.c.name, "").label("village_name"),
        )
        .outerjoin(units, units.c.id == sessions.c.village_id)
        .where(*where)
    )


def _session(row: Any) -> Session:  # noqa: ANN401 - a row of the select above
    values = {name: getattr(row, name) for name in Session.__slots__ if name != "meeting"}
    return Session(meeting=meeting_of(row), **{**values, "state": SessionState(row.state)})


def session(conn: Connection, unit_id: int, id: int) -> Session | None:
    """A session of a commune by its id."""
    row = conn.execute(_sessions(sessions.c.id == id, sessions.c.unit_id == unit_id)).one_or_none()
    return None if row is None else _session(row)


def coming(conn: Connection, unit_id: int, now: int, limit: int = SOON) -> list[Session]:
    """Announced and not begun, the next first."""
    soon = and_(sessions.c.unit_id == unit_id, sessions.c.state == SessionState.ANNOUNCED, sessions.c.starts_at > now)
    return [_session(row) for row in conn.execute(_sessions(soon).order_by(sessions.c.starts_at).limit(limit))]


def any_coming(conn: Connection, unit_id: int, now: int) -> bool:
    """Whether `coming` would give any."""
    soon = and_(sessions.c.unit_id == unit_id, sessions.c.state == SessionState.ANNOUNCED, sessions.c.starts_at > now)
    return conn.scalar(select(sessions.c.id).where(soon).limit(1)) is not None


def between(conn: Connection, unit_id: int, since: int, until: int) -> list[Session]:
    """Every session of a commune that begins from one instant to before another, in their order."""
    then = and_(sessions.c.unit_id == unit_id, sessions.c.starts_at >= since, sessions.c.starts_at < until)
    return [_session(row) for row in conn.execute(_sessions(then).order_by(sessions.c.starts_at, sessions.c.id))]


def free_seats(conn: Connection, session_id: int, seats: int) -> list[int]:
    """Seats that nobody has, the first first."""
    mine = (bookings.c.session_id == session_id) & bookings.c.seat.is_not(None)
    given = set(conn.scalars(select(bookings.c.seat).where(mine)))
    return [seat for seat in range(1, seats + 1) if seat not in given]


def _bookings(*where: ColumnElement[bool]) -> Select[Any]:
    asked = select(session_questions.c.text).where(session_questions.c.booking_id == bookings.c.id)
    return (
        select(
            bookings,
            func.coalesce(asked.order_by(session_questions.c.asked_at).limit(1).scalar_subquery(), "").label(
                "question"
            ),
            func.coalesce(units.c.name, "").label("village_name"),
        )
        .outerjoin(units, units.c.id == bookings.c.village_id)
        .where(*where)
    )


def _booking(row: Any) -> Booking:  # noqa: ANN401 - a row of the select above
    values = {name: getattr(row, name) for name in Booking.__slots__}
    return Booking(**{**values, "state": BookingState(row.state)})


def bookings_of(conn: Connection, session_id: int) -> list[Booking]:
    """Everybody of a session in the order in which they are seen: by seat, then who waits, then the rest."""
    rows = conn.execute(_bookings(bookings.c.session_id == session_id)).all()
    order = {BookingState.WAITING: 1, BookingState.CANCELLED: 2}
    return sorted(map(_booking, rows), key=lambda one: (order.get(one.state, 0), one.seat or 10_000, one.place))


def booking_by_code(conn: Connection, unit_id: int, code: str) -> Booking | None:
    """A booking of a commune by its code."""
    row = conn.execute(_bookings(bookings.c.code == code, bookings.c.unit_id == unit_id)).one_or_none()
    return None if row is None else _booking(row)


def newest_by_code(conn: Connection, unit_id: int, code: str) -> Booking | None:
    """The same, or the booking that it was moved to: in a calendar they are one."""
    booking = booking_by_code(conn, unit_id, code)
    if booking is None or booking.state is not BookingState.CANCELLED:
        return booking
    same = (bookings.c.uid == (booking.uid or booking.code)) & (bookings.c.unit_id == unit_id)
    query = _bookings(same, bookings.c.sequence > booking.sequence).order_by(bookings.c.sequence.desc()).limit(1)
    row = conn.execute(query).one_or_none()
    return booking if row is None else _booking(row)


def booking_by_id(conn: Connection, id: int) -> Booking | None:
    """A booking by its id."""
    row = conn.execute(_bookings(bookings.c.id == id)).one_or_none()
    return None if row is None else _booking(row)


def live_of(conn: Connection, account_ids: list[int], now: int) -> list[Booking]:
    """What a person has booked, or waits for, and is not over; the next first, at most 20."""
    mine = and_(bookings.c.account_id.in_(account_ids), bookings.c.state.in_(LIVE))
    query = _bookings(mine).join(sessions, sessions.c.id == bookings.c.session_id)
    coming_ones = query.where(sessions.c.ends_at > now).order_by(sessions.c.starts_at).limit(20)
    return [_booking(row) for row in conn.execute(coming_ones)]


def waits_before(conn: Connection, session_id: int, place: int) -> int:
    """How many wait for a seat and came earlier than that place."""
    mine = (bookings.c.session_id == session_id) & (bookings.c.state == BookingState.WAITING)
    return conn.scalar(select(func.count()).select_from(bookings).where(mine, bookings.c.place < place)) or 0


def newest_of(conn: Connection, account_ids: list[int]) -> str:
    """The code of the newest booking of a person, "" where they never made one."""
    mine = select(bookings.c.code).where(bookings.c.account_id.in_(account_ids))
    return conn.scalar(mine.order_by(bookings.c.booked_at.desc(), bookings.c.id.desc()).limit(1)) or ""


def questions_of(conn: Connection, session_id: int) -> list[Question]:
    """What was asked, in the order in which it was."""
    columns = [session_questions.c[name] for name in Question.__slots__]
    mine = select(*columns).where(session_questions.c.session_id == session_id)
    rows = conn.execute(mine.order_by(session_questions.c.asked_at, session_questions.c.id))
    return [Question(*row) for row in rows]


def promises_of(conn: Connection, session_id: int) -> list[PromiseRow]:
    """What was promised in a session, the most urgent first."""
    return _promises(conn, session_promises.c.session_id == session_id)


def open_promises(conn: Connection, unit_id: int) -> list[PromiseRow]:
    """What a commune still owes, the most urgent first."""
    return _promises(conn, session_promises.c.unit_id == unit_id, session_promises.c.state == "open")


def _promises(conn: Connection, *where: ColumnElement[bool]) -> list[PromiseRow]:
    columns = [session_promises.c[name] for name in PromiseRow.__slots__]
    rows = conn.execute(select(*columns).where(*where).order_by(session_promises.c.due_day, session_promises.c.id))
    return [PromiseRow(*row) for row in rows]
