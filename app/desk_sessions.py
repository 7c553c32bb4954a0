"""Sessions and bookings of the store, as a chat sees them."""

from bot.conversation.bookable import Bookable, Booked
from feedback.sessions import BookingState
from storage import session_reading
from storage.session_facts import hold as hold_sessions
from storage.tx import Tx
from storage.units import Unit


def bookable(found: session_reading.Session) -> Bookable:
    """A session."""
    return Bookable(
        id=found.id,
        meeting=found.meeting,
        state=found.state,
        free=found.free,
        waiting=found.waiting,
        reason=found.reason,
        village=found.village_name,
    )


def booked(tx: Tx, found: session_reading.Booking, unit: Unit, accounts: list[int], url: str) -> Booked:
    """A booking; of somebody else's only which session it is."""
    session = session_reading.session(tx.conn, unit.id, found.session_id)
    if session is None:
        raise AssertionError("a booking has a session")
    own = found.account_id in accounts
    if not own:
        return Booked(code=found.code, session=bookable(session), state=found.state, own=False)
    waits = found.state is BookingState.WAITING
    return Booked(
        code=found.code,
        session=bookable(session),
        state=found.state,
        own=True,
        seat=found.seat,
        slot_at=found.slot_at,
        ahead=session_reading.waits_before(tx.conn, found.session_id, found.place) if waits else 0,
        topic=found.topic,
        question=found.question,
        name=found.name,
        phone=found.phone,
        file_url=url if found.seat else "",
    )


def free_seats(tx: Tx, unit_id: int, session_id: int, *, hold: bool) -> list[int]:
    """Seats that nobody has; `hold`: under the session's lock."""
    if hold:
        hold_sessions(tx, [session_id])
    found = session_reading.session(tx.conn, unit_id, session_id)
    return [] if found is None else session_reading.free_seats(tx.conn, session_id, found.meeting.seats)
