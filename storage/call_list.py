"""The call list: people whom a message could not reach, or who have no chat, and what an officer did about it."""

from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, exists, func, select, update

from feedback.roles import Actor
from feedback.sessions import BookingState, SessionState
from storage import act_rows, confidential
from storage.deliveries import OPEN, note
from storage.tables import bookings, calls, cases, conversations, session_questions, sessions, units
from storage.tx import Tx

DONE = ("called", "printed")
"""What an officer may have done about a call; "unreached" leaves it open and counts a try."""
_MOST = 500


class Seat(NamedTuple):
    """What somebody with a booking is to be told: how it stands now. Instants in UTC milliseconds."""

    booking: int
    session: int
    title: str
    place: str
    online: str
    at: int
    seat: int | None
    booking_state: str
    session_state: str
    reason: str
    answered: bool
    returned: bool = False
    """Whether an officer gave the seat back; `reason` says why."""

    @property
    def what(self) -> str:
        """One of "cancelled", "returned", "unserved", "results", "waiting", "seat"."""
        if self.session_state == SessionState.CANCELLED:
            return "cancelled"
        gone = self.booking_state == BookingState.CANCELLED
        if self.session_state == SessionState.PUBLISHED and (self.answered or not gone):
            return "results"
        if gone:
            return "returned" if self.returned else "unserved"
        return "waiting" if self.booking_state == BookingState.WAITING else "seat"


class Call(NamedTuple):
    """Somebody to be called. `phone` is "" where the person gave none, or wants to stay unknown.

    `case` is the code: of a case, or of a booking where `seat` is not None (`kind` is "" then).
    """

    id: int
    case: str
    kind: str
    village: str
    name: str
    phone: str
    anonymous: bool
    channel: str
    why: str
    since: int
    tries: int
    seat: Seat | None = None


_of_case = units.alias("village_of_call")
_of_booking = units.alias("village_of_booking")
_answered = exists(session_questions.c.id).where(
    session_questions.c.booking_id == bookings.c.id, session_questions.c.answer != ""
)


def to_call(conn: Connection, unit_id: int, by: Actor | None = None) -> list[Call]:
    """The open call list of a unit, whoever waits longest first, at most 500."""
    query: Select[Any] = (
        select(
            calls.c.id,
            calls.c.why,
            calls.c.since,
            calls.c.tries,
            cases.c.code,
            cases.c.kind,
            cases.c.name,
            cases.c.phone,
            cases.c.anonymous,
            _of_case.c.name.label("village"),
            bookings.c.id.label("booking"),
            bookings.c.code.label("booking_code"),
            bookings.c.name.label("visitor"),
            bookings.c.phone.label("visitor_phone"),
            bookings.c.seat,
            bookings.c.state.label("booking_state"),
            func.coalesce(bookings.c.slot_at, sessions.c.starts_at).label("at"),
            _of_booking.c.name.label("visitor_village"),
            sessions.c.id.label("session"),
            sessions.c.title,
            sessions.c.place,
            sessions.c.online,
            sessions.c.state.label("session_state"),
            sessions.c.reason,
            _answered.label("answered"),
            bookings.c.reason.label("returned"),
            func.coalesce(conversations.c.channel, "").label("channel"),
        )
        .outerjoin(cases, cases.c.id == calls.c.case_id)
        .outerjoin(bookings, bookings.c.id == calls.c.booking_id)
        .outerjoin(sessions, sessions.c.id == bookings.c.session_id)
        .outerjoin(conversations, conversations.c.id == calls.c.conversation_id)
        .outerjoin(_of_case, _of_case.c.id == cases.c.village_id)
        .outerjoin(_of_booking, _of_booking.c.id == bookings.c.village_id)
        .where(calls.c.unit_id == unit_id, calls.c.state == OPEN)
        .where(confidential.reached(by) | (cases.c.id.is_(None) & bookings.c.id.is_not(None)))
        .order_by(calls.c.since, calls.c.id)
        .limit(_MOST)
    )
    return [_about_case(row) if row.booking is None else _about_seat(row) for row in conn.execute(query)]


def _about_case(row: Row[Any]) -> Call:
    unknown = bool(row.anonymous)
    return Call(
        row.id, row.code, row.kind, row.village or "", "" if unknown else row.name, "" if unknown else row.phone,
        unknown, row.channel, row.why, row.since, row.tries,
    )  # fmt: skip


def _about_seat(row: Row[Any]) -> Call:
    seat = Seat(
        row.booking, row.session, row.title, row.place, row.online, row.at, row.seat, row.booking_state,
        row.session_state, row.returned or row.reason, bool(row.answered), bool(row.returned),
    )  # fmt: skip
    return Call(
        row.id, row.booking_code, "", row.visitor_village or "", row.visitor, row.visitor_phone, False, row.channel,  # noqa: FBT003 - a line of a list
        row.why, row.since, row.tries, seat,
    )  # fmt: skip


def to_call_count(conn: Connection, unit_id: int, by: Actor | None = None) -> int:
    """How many are to be called."""
    mine = (calls.c.unit_id == unit_id) & (calls.c.state == OPEN) & confidential.calling(by)
    return conn.execute(select(func.count()).select_from(calls).where(mine)).scalar_one()


def done(tx: Tx, actor: Actor, id: int, what: str, now: int) -> bool:
    """An officer has called, could not reach the person ("unreached"), or printed a slip; False where it is closed."""
    if what not in (*DONE, "unreached"):
        raise ValueError(what)
    mine = (calls.c.id == id) & (calls.c.unit_id == actor.unit) & (calls.c.state == OPEN) & confidential.calling(actor)
    values: dict[str, Any] = {"tries": calls.c.tries + 1}
    if what in DONE:
        values |= {"state": what, "done_at": now}
    row = tx.execute(update(calls).where(mine).values(**values).returning(calls.c.outbox_id)).one_or_none()
    if row is None:
        return False
    if row.outbox_id is not None:
        note(tx, row.outbox_id, what, now)
    act_rows.record(tx, actor, f"call.{what}", thing="call", thing_id=id, unit=actor.unit, now=now)
    return True
