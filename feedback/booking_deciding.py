"""Whether somebody may take, change or give back a seat now, and which one they get."""

import msgspec

from feedback.acts import Refusal
from feedback.kinds import CATEGORIES
from feedback.roles import CITIZEN, Actor, may
from feedback.session_acts import (
    MAX_NAME,
    MAX_QUESTION,
    MAX_REASON,
    Book,
    BookingAct,
    CancelBooking,
    CheckIn,
    MoveBooking,
)
from feedback.sessions import (
    BOOKING_MOVES,
    LIVE,
    SESSION_MOVES,
    BookingFacts,
    BookingState,
    SessionFacts,
    SessionState,
)
from vietnam.time import HOUR, day_of, local

EARLY = 3 * HOUR
"""How long before the beginning somebody may be checked in, milliseconds."""


class Seated(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody gets: a seat (from 1) and its time, or (`seat` None) a place on the waiting list."""

    state: BookingState
    seat: int | None = None
    slot_at: int | None = None


def decide_booking(
    facts: SessionFacts | None, act: Book, actor: Actor, *, now: int, live: bool = False
) -> Seated | Refusal:
    """Whether a seat can be had. `live`: the person has one in this session, or waits for one."""
    fault = _closed(facts, actor, now, walk_in=act.walk_in)
    if fault is not None or facts is None:
        return fault or Refusal("session.none")
    if live:
        return Refusal("booking.have_one")
    fault = _words_fault(act, actor)
    if fault is not None:
        return fault
    if act.walk_in:
        return _walk_in(facts)
    return _seat(facts, act.seat, wait=act.wait)


def decide_move(
    booking: BookingFacts,
    left: SessionFacts | None,
    facts: SessionFacts | None,
    act: MoveBooking,
    actor: Actor,
    *,
    now: int,
    live: bool = False,
) -> Seated | Refusal:
    """Whether a booking of the session `left` can become one of `facts`, the same or another.

    Once its own has begun it is over with that seat, as with giving it back: who comes is marked, who does not books
    anew. `live` as for `decide_booking`.
    """
    if not may(actor, "booking.move", actor.unit):
        return Refusal("act.not_allowed")
    if booking.state not in BOOKING_MOVES["move"]:
        return Refusal("booking.over")
    if left is None or now >= left.meeting.starts_at or left.state is SessionState.HELD:
        return Refusal("booking.begun")
    fault = _closed(facts, actor, now, walk_in=False)
    if fault is not None or facts is None:
        return fault or Refusal("session.none")
    if live:
        return Refusal("booking.have_one")
    return _seat(facts, act.seat, wait=act.wait)


def decide_booked(
    facts: SessionFacts | None, booking: BookingFacts | None, act: BookingAct, actor: Actor, *, now: int
) -> BookingState | Refusal:
    """What a booking becomes; `facts` is its own session. That a citizen acts on their own the caller sees to."""
    if facts is None or booking is None:
        return Refusal("booking.none")
    action = str(act.__struct_config__.tag)
    if not may(actor, f"booking.{action}", facts.unit):
        return Refusal("act.not_allowed")
    after = BOOKING_MOVES[action].get(booking.state)
    if after is None:
        return _too_late(booking, act)
    if isinstance(act, CancelBooking):
        gone = now >= facts.meeting.starts_at or facts.state is SessionState.HELD
        return Refusal("session.past") if gone else _unsaid(act, actor) or after
    if facts.state not in (SessionState.ANNOUNCED, SessionState.HELD):
        return Refusal("session.past")
    since = facts.meeting.starts_at - (EARLY if isinstance(act, CheckIn) else 0)
    return after if now >= since else Refusal("session.not_yet")


def _too_late(booking: BookingFacts, act: BookingAct) -> Refusal:
    """Why a booking cannot become that any more; a code that is typed twice says when its person came."""
    if isinstance(act, CheckIn) and booking.state is BookingState.ATTENDED and booking.came_at is not None:
        return Refusal("booking.came", {"time": f"{local(booking.came_at):%H:%M}"})
    return Refusal("booking.over" if booking.state not in LIVE else "act.already")


def _unsaid(act: CancelBooking, actor: Actor) -> Refusal | None:
    """Whether somebody would lose a seat without hearing why."""
    if actor.kind == CITIZEN or act.wished:
        return None
    said = 0 < len(act.reason.strip()) <= MAX_REASON
    return None if said else Refusal("booking.reason_needed", {"most": MAX_REASON})


def _closed(facts: SessionFacts | None, actor: Actor, now: int, *, walk_in: bool) -> Refusal | None:
    """Why nobody can have a seat there any more, or yet."""
    if facts is None or not may(actor, "booking.book", facts.unit):
        return Refusal("session.none" if facts is None else "act.not_allowed")
    if facts.state is SessionState.CANCELLED:
        return Refusal("session.cancelled")
    if facts.state not in SESSION_MOVES["book"] or (now >= facts.meeting.starts_at and not walk_in):
        return Refusal("session.past")
    if facts.state is SessionState.PLANNED and (actor.kind == CITIZEN or walk_in):
        return Refusal("session.none")
    if walk_in and actor.kind == CITIZEN:
        return Refusal("act.not_allowed")
    early = walk_in and day_of(now) < facts.meeting.day
    return Refusal("booking.walk_in_day", {"day": facts.meeting.day}) if early else None


def _words_fault(act: Book, actor: Actor) -> Refusal | None:
    if act.topic not in CATEGORIES:
        return Refusal("act.category")
    if len(act.question) > MAX_QUESTION:
        return Refusal("booking.question_long", {"most": MAX_QUESTION})
    if not act.name.strip() or len(act.name) > MAX_NAME:
        return Refusal("booking.name_needed")
    if actor.kind == CITIZEN and not act.phone:
        return Refusal("act.phone_needed")
    return None


def _seat(facts: SessionFacts, wanted: int, *, wait: bool) -> Seated | Refusal:
    free = facts.free
    if wanted:
        if not 1 <= wanted <= facts.meeting.seats:
            return Refusal("seat.none")
        if wanted not in free:
            return Refusal("seat.gone")
    if free:
        seat = wanted or free[0]
        return Seated(state=BookingState.BOOKED, seat=seat, slot_at=facts.meeting.slot_at(seat))
    return Seated(state=BookingState.WAITING) if wait else Refusal("session.full")


def _walk_in(facts: SessionFacts) -> Seated:
    """Whoever stands there is seen, be it without a seat of those that were given ahead."""
    free = facts.free
    return Seated(state=BookingState.ATTENDED, seat=free[0] if free else None)
