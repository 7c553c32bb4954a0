"""What happens to sessions meanwhile in a transcript: one is announced, others book, one is cancelled or moved."""

from datetime import timedelta
from typing import TypeVar

from msgspec import structs
from sqlalchemy import select

from app.runtime import Runtime
from app.session_round import tell_round
from app.sessions import act_on_booking, act_on_session, book_for, plan
from feedback.acts import Refusal
from feedback.roles import OFFICER, Actor, Role
from feedback.session_acts import Announce, Book, Cancel, CancelBooking, Change, Plan
from feedback.sessions import BookingState, Host, Meeting, SessionKind
from storage import session_reading
from storage.tables import bookings, officers, sessions
from tests.clock import pass_to
from tests.transcripts import promise_deeds
from vietnam.time import DAY, HOUR, MINUTE, day_of, start_of

T = TypeVar("T")
TITLES = {
    SessionKind.RECEPTION: "Tiếp công dân định kỳ",
    SessionKind.MORNING: "Buổi sáng với nhân dân",
    SessionKind.PERIODIC: "Đối thoại định kỳ",
    SessionKind.EXCHANGE: "Hội nghị trao đổi với nhân dân",
    SessionKind.YEARLY: "Đối thoại hằng năm",
    SessionKind.EXTRA_RECEPTION: "Tiếp công dân đột xuất",
    SessionKind.BUSINESS: "Đối thoại với doanh nghiệp, hộ kinh doanh",
}


async def happen(runtime: Runtime, unit: int, name: str, rest: str) -> bool:
    """Do it; False where it is no matter of sessions. What is new is told at once, as in a running program."""
    actor = await _leader(runtime, unit)
    match name:
        case "session":
            await _announce(runtime, actor, rest)
        case "others book":
            for number in range(int(rest)):
                wanted = Book(code="", topic="other", question="", name=f"Người {number}", wait=True)
                _done(await book_for(runtime, await _newest(runtime), wanted, actor))
        case "somebody cancels":
            _done(await act_on_booking(runtime, await _first_other(runtime), CancelBooking(wished=True), actor))
        case "session cancelled":
            _done(await act_on_session(runtime, await _newest(runtime), Cancel(reason=rest), actor))
        case "session moved":
            await _move(runtime, actor, rest)
        case "hours":
            pass_to(runtime, runtime.now() + int(rest) * HOUR)
        case _:
            if not await promise_deeds.happen(runtime, actor, name, rest):
                return False
    while await tell_round(runtime):
        pass
    return True


async def _leader(runtime: Runtime, unit: int) -> Actor:
    officer = await runtime.store.read(lambda conn: conn.scalar(select(officers.c.id)))
    return Actor(kind=OFFICER, unit=unit, id=officer or 0, role=Role.LEADER)


async def _announce(runtime: Runtime, actor: Actor, rest: str) -> None:
    """ "kind | days ahead | 07:30 | minutes | seats | minutes of a slot"."""
    kind, days, at, minutes, seats, slot = (part.strip() for part in rest.split("|"))
    hour, _, minute = at.partition(":")
    day = day_of(runtime.now()) + timedelta(days=int(days))
    meeting = Meeting(
        kind=SessionKind(kind),
        host=Host.CHAIRMAN,
        title=TITLES[SessionKind(kind)],
        place="phòng tiếp công dân, trụ sở UBND xã",
        starts_at=start_of(day) + (int(hour) * 60 + int(minute)) * MINUTE,
        minutes=int(minutes),
        seats=int(seats),
        slot_minutes=int(slot),
    )
    id = _done(await plan(runtime, Plan(meeting, sure=True), actor))
    _done(await act_on_session(runtime, id, Announce(late_reason="họp đột xuất"), actor))


async def _move(runtime: Runtime, actor: Actor, rest: str) -> None:
    """ "days later | reason"."""
    days, _, reason = rest.partition(" | ")
    id = await _newest(runtime)
    found = await runtime.store.read(lambda conn: session_reading.session(conn, actor.unit, id))
    assert found is not None
    old = found.meeting
    new = structs.replace(old, starts_at=old.starts_at + int(days) * DAY)
    _done(await act_on_session(runtime, id, Change(meeting=new, reason=reason, sure=True), actor))


async def _newest(runtime: Runtime) -> int:
    newest = select(sessions.c.id).order_by(sessions.c.id.desc()).limit(1)
    return int(await runtime.store.read(lambda conn: conn.scalar(newest)) or 0)


async def _first_other(runtime: Runtime) -> str:
    others = (bookings.c.account_id.is_(None)) & (bookings.c.state == BookingState.BOOKED)
    code = select(bookings.c.code).where(others).order_by(bookings.c.place).limit(1)
    return str(await runtime.store.read(lambda conn: conn.scalar(code)))


def _done(outcome: T | Refusal) -> T:
    if isinstance(outcome, Refusal):
        raise TypeError(outcome.key)
    return outcome
