"""Taking, moving and giving back a seat within an open transaction: for a citizen's turn and for an officer alike."""

from collections.abc import Sequence

from feedback.acts import Refusal
from feedback.booking_deciding import Seated, decide_booked, decide_booking, decide_move
from feedback.roles import CITIZEN, Actor, may
from feedback.session_acts import Book, BookingAct, CancelBooking, MoveBooking
from feedback.sessions import LIVE, BookingFacts, BookingState
from storage import booking_names, bookings
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
    """Book a seat, or a place on the waiting list. `accounts` are all of the person's own, none for an officer.

    "booking.there" with the code, where the same form was sent before.
    """
    facts = facts_of(tx, session_id)
    there = bookings.on_form(tx.conn, session_id, act.once)
    if there:
        return Refusal("booking.there", {"code": there})
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
    news, reason = _told_of(act, booking, actor)
    if not bookings.set_state(tx, actor.unit, booking, after, action, actor, now, news=news, reason=reason):
        return Refusal("act.changed")
    if isinstance(act, CancelBooking):
        bookings.fill(tx, session_id, actor, now)
    return after


def _told_of(act: BookingAct, booking: BookingFacts, actor: Actor) -> tuple[str, str]:
    """What a person is told of a seat that an officer gives back for them, and why it was."""
    if not isinstance(act, CancelBooking) or actor.kind == CITIZEN:
        return "", ""
    if act.wished and booking.account is None:
        return "", act.reason.strip()  # who has called knows; nobody has to call back
    return "returned", act.reason.strip()


def correct(
    tx: Tx, code: str, name: str, phone: str, actor: Actor, now: int, *, accounts: Sequence[int]
) -> BookingState | Refusal:
    """Another name or telephone for a booking of one of these accounts; its seat stays."""
    found = booking_of(tx, actor.unit, code)
    if found is None or found[1].account not in accounts:
        return Refusal("booking.none")
    if not may(actor, "booking.correct", actor.unit):
        return Refusal("act.not_allowed")
    booking = found[1]
    if booking.state not in LIVE:
        return Refusal("booking.over")
    put_right = booking_names.put_right(tx, actor.unit, booking, name, phone, actor, now)
    return booking.state if put_right else Refusal("act.changed")


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
    old = facts_of(tx, left)
    seated = decide_move(booking, old, facts_of(tx, session_id), act, actor, now=now, live=live)
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
    changes = booking.sequence + booking.version + (old.version if old is not None else 0)
    try:
        with tx.conn.begin_nested():
            _again(tx, session_id, booking, anew, seated, actor, now, changes=changes)
    except _Undone as undone:
        return Refusal(undone.key)
    bookings.fill(tx, left, actor, now)
    return seated


class _Undone(Exception):
    """The new seat could not be had: the old one is kept."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def _again(
    tx: Tx,
    session_id: int,
    booking: BookingFacts,
    anew: Book,
    seated: Seated,
    actor: Actor,
    now: int,
    *,
    changes: int,
) -> None:
    """`changes`: how often the old one had changed as calendars count it; the new one goes on under its name."""
    if not bookings.set_state(tx, actor.unit, booking, BookingState.CANCELLED, "move", actor, now):
        raise _Undone("act.changed")
    facts = facts_of(tx, session_id)
    if facts is None:
        raise _Undone("session.none")
    calendar = (booking.uid or booking.code, changes + 1)
    fault = bookings.book(
        tx, facts, anew, seated, actor, now, account=booking.account, channel=booking.channel, calendar=calendar
    )
    if fault:
        raise _Undone(fault)
