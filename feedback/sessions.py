"""Dialogues and receptions: their kinds and hosts, their states, and what is known of one when something is decided."""

from datetime import date
from enum import StrEnum

import msgspec

from vietnam.time import MINUTE, day_of


class SessionKind(StrEnum):
    """đối thoại định kỳ · hội nghị trao đổi · đối thoại hằng năm · tiếp công dân định kỳ, đột xuất · ...

    MORNING is "Buổi sáng với nhân dân", BUSINESS đối thoại với doanh nghiệp, hộ kinh doanh.
    """

    PERIODIC = "periodic"
    EXCHANGE = "exchange"
    YEARLY = "yearly"
    RECEPTION = "reception"
    EXTRA_RECEPTION = "extra_reception"
    MORNING = "morning"
    BUSINESS = "business"


RECEPTIONS = frozenset({SessionKind.RECEPTION, SessionKind.EXTRA_RECEPTION})
"""Người đứng đầu tiếp công dân: nothing is published of it; each visitor is answered."""
DIALOGUES = frozenset(SessionKind) - RECEPTIONS


class Host(StrEnum):
    """Bí thư Đảng ủy · Chủ tịch UBND."""

    SECRETARY = "secretary"
    CHAIRMAN = "chairman"


class SessionState(StrEnum):
    """dự kiến · đã thông báo · đã hủy · đã diễn ra · đã công bố kết quả."""

    PLANNED = "planned"
    ANNOUNCED = "announced"
    CANCELLED = "cancelled"
    HELD = "held"
    PUBLISHED = "published"


class BookingState(StrEnum):
    """đã có chỗ · chờ chỗ · đã hủy · đã đến · vắng mặt."""

    BOOKED = "booked"
    WAITING = "waiting"
    CANCELLED = "cancelled"
    ATTENDED = "attended"
    ABSENT = "absent"


LIVE = frozenset({BookingState.BOOKED, BookingState.WAITING})


class PromiseState(StrEnum):
    """đang thực hiện · đã xong · không thực hiện."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


_PLANNED, _ANNOUNCED, _CANCELLED = SessionState.PLANNED, SessionState.ANNOUNCED, SessionState.CANCELLED
_HELD, _PUBLISHED = SessionState.HELD, SessionState.PUBLISHED
_OVER = {_HELD: _HELD, _PUBLISHED: _PUBLISHED}

SESSION_MOVES: dict[str, dict[SessionState, SessionState]] = {
    "announce": {_PLANNED: _ANNOUNCED},
    "change": {_PLANNED: _PLANNED, _ANNOUNCED: _ANNOUNCED},
    "cancel": {_PLANNED: _CANCELLED, _ANNOUNCED: _CANCELLED},
    "hold": {_ANNOUNCED: _HELD},
    # What is written down grows while the session goes on, and after its results are out.
    "minutes": {_ANNOUNCED: _ANNOUNCED, **_OVER},
    "ask": {_ANNOUNCED: _ANNOUNCED, **_OVER},
    "answer": {_ANNOUNCED: _ANNOUNCED, **_OVER},
    "promise": {_ANNOUNCED: _ANNOUNCED, **_OVER},
    "keep": _OVER | {_ANNOUNCED: _ANNOUNCED},
    "drop": _OVER | {_ANNOUNCED: _ANNOUNCED},
    "publish": {_HELD: _PUBLISHED},
    # Seats: an officer may enter who called before the notice is out; a citizen sees announced ones only.
    "book": {_PLANNED: _PLANNED, _ANNOUNCED: _ANNOUNCED},
}
"""action -> state of the session before -> after; a pair that is missing is refused."""

_BOOKED, _WAITING = BookingState.BOOKED, BookingState.WAITING
BOOKING_MOVES: dict[str, dict[BookingState, BookingState]] = {
    "cancel": {_BOOKED: BookingState.CANCELLED, _WAITING: BookingState.CANCELLED},
    "move": {_BOOKED: BookingState.CANCELLED, _WAITING: BookingState.CANCELLED},
    "fill": {_WAITING: _BOOKED},
    # Whoever waits and comes all the same is seen when there is time; whoever was marked absent may come late.
    "check_in": dict.fromkeys((_BOOKED, _WAITING, BookingState.ABSENT), BookingState.ATTENDED),
    "absent": {_BOOKED: BookingState.ABSENT, BookingState.ATTENDED: BookingState.ABSENT},
}
"""action -> state of the booking before -> after; `move` makes a new booking in another session or slot."""


class Meeting(msgspec.Struct, frozen=True, kw_only=True):
    """What is planned: who, what, where, when; `starts_at` in UTC milliseconds.

    `slot_minutes` 0: seats without a time of their own. `village` None: the whole commune. `matter`: what is talked
    about, "" for what is usual for the kind.
    """

    kind: SessionKind
    host: Host
    title: str
    place: str
    starts_at: int
    minutes: int
    seats: int
    slot_minutes: int = 0
    host_name: str = ""
    online: str = ""
    village: int | None = None
    matter: str = ""

    @property
    def ends_at(self) -> int:
        """UTC milliseconds."""
        return self.starts_at + self.minutes * MINUTE

    @property
    def day(self) -> date:
        """The Vietnamese day it is held on."""
        return day_of(self.starts_at)

    def slot_at(self, seat: int) -> int | None:
        """When a seat (from 1) has its time, UTC milliseconds; None where seats have none of their own."""
        return self.starts_at + (seat - 1) * self.slot_minutes * MINUTE if self.slot_minutes else None


class SessionFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a decision needs of a session as it stands now; the row is locked."""

    id: int
    unit: int
    meeting: Meeting
    state: SessionState
    version: int
    taken: frozenset[int] = frozenset()
    """Seats that somebody has, from 1."""
    waiting: int = 0
    announced_at: int | None = None
    held_at: int | None = None
    unanswered: int = 0
    """Questions without an answer."""
    summary: bool = False
    """Whether its minutes are written."""

    @property
    def free(self) -> tuple[int, ...]:
        """Seats that nobody has, the first first."""
        return tuple(seat for seat in range(1, self.meeting.seats + 1) if seat not in self.taken)


class BookingFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a decision needs of a booking. `account` None: entered by an officer."""

    id: int
    code: str
    state: BookingState
    version: int
    seat: int | None = None
    account: int | None = None
    channel: str = ""
    topic: str = "other"
    question: str = ""
    name: str = ""
    phone: str = ""
    village: int | None = None
    came_at: int | None = None
    uid: str = ""
    """Its name in calendars; "" its code."""
    sequence: int = 0


class Taken(msgspec.Struct, frozen=True):
    """A time at which a host is somewhere else: another session (`title`), or busy days ("" then)."""

    starts_at: int
    ends_at: int
    title: str = ""
    session: int = 0


def clash(meeting: Meeting, taken: tuple[Taken, ...], but: int = 0) -> Taken | None:
    """What the host has at the same time; `but` is the id of the session that is being changed itself."""
    for other in taken:
        if other.session and other.session == but:
            continue
        if other.starts_at < meeting.ends_at and meeting.starts_at < other.ends_at:
            return other
    return None
