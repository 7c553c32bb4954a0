"""Taking, moving and giving back a seat within an open transaction: for a citizen's turn and for an officer alike."""

from collections.abc import Sequence

from feedback.acts import Refusal
from feedback.booking_deciding import Seated, decide_booked, decide_booking, decide_move
from feedback.roles import Actor
from feedback.session_acts import Book, BookingAct, CancelBooking, MoveBooking
from feedback.sessions import BookingFacts, BookingState
from storage import bookings
from storage.session_facts import booking_of, facts_of, hold, session_of
from storage.tx import Tx


def take(
    tx: Tx,
    session_id: int,
    act: Book,
    actor: Actor,
    now: int,
    *,
    account: int | None = None,
    channel: str = "",
    accounts: Sequence[int] = (),
) -> Seated | Refusal:
    """Book a seat, or a place on the waiting list. `accounts` are all of the person's own, none for an officer."""
    facts = facts_of(tx, session_id)
    live = bookings.live(tx.conn, session_id, accounts) if accounts else False
    seated = decide_booking(facts, act, actor, now=now, live=live)
    if isinstance(seated, Refusal) or facts is None:
        return seated
    fault = bookings.book(tx, facts, act, seated, actor, now, account=account, channel=channel)
    return Refusal(fault) if fault else seated


def change(
    tx: Tx, code: str, act: BookingAct, actor: Actor, now: int, *, accounts: Sequence[int] | None = None
) -> BookingState | Refusal:
    """Check in, mark as absent, give back. `accounts`: only a booking of one of these may be touched."""
    found = booking_of(tx, actor.unit, code)
    if found is None or (accounts is not None and found[1].account not in accounts):
        return Refusal("booking.none")
    session_id, booking = found
    after = decide_booked(facts_of(tx, session_id), booking, act, actor, now=now)
    if isinstance(after, Refusal):
        return after
    action = str(act.__struct_config__.tag)
    if not bookings.set_state(tx, actor.unit, booking, after, action, actor, now):
        return Refusal("act.changed")
    if isinstance(act, CancelBooking):
        bookings.fill(tx, session_id, actor, now)
    return after


def move(
    tx: Tx,
    code: str,
    session_id: int,
    act: MoveBooking,
    actor: Actor,
    now: int,
    *,
    accounts: Sequence[int] | None = None,
) -> Seated | Refusal:
    """Give a booking another seat, of its own session or another, with a new code; the old seat goes to who waits."""
    before = session_of(tx.conn, actor.unit, code)
    hold(tx, sorted({session_id, before or session_id}))  # always in this order: two who change places never wait
    found = booking_of(tx, actor.unit, code)
    if found is None or (accounts is not None and found[1].account not in accounts):
        return Refusal("booking.none")
    left, booking = found
    theirs = accounts or ([booking.account] if booking.account else [])
    live = bookings.live(tx.conn, session_id, theirs, but=booking.id) if theirs else False
    seated = decide_move(booking, facts_of(tx, session_id), act, actor, now=now, live=live)
    if isinstance(seated, Refusal):
        return seated
    anew = Book(
        code=act.code,
        topic=booking.topic,
        question=booking.question,
        name=booking.name,
        phone=booking.phone,
        village=booking.village,
    )
    try:
        with tx.conn.begin_nested():
            _again(tx, session_id, booking, anew, seated, actor, now)
    except _Undone as undone:
        return Refusal(undone.key)
    bookings.fill(tx, left, actor, now)
    return seated


class _Undone(Exception):
    """The new seat could not be had: the old one is kept."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def _again(tx: Tx, session_id: int, booking: BookingFacts, anew: Book, seated: Seated, actor: Actor, now: int) -> None:
    if not bookings.set_state(tx, actor.unit, booking, BookingState.CANCELLED, "move", actor, now):
        raise _Undone("act.changed")
    facts = facts_of(tx, session_id)
    if facts is None:
        raise _Undone("session.none")
    fault = bookings.book(tx, facts, anew, seated, actor, now, account=booking.account, channel=booking.channel)
    if fault:
        raise _Undone(fault)
