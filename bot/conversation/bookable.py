"""What a chat may know of sessions and of its own bookings."""

import msgspec

from feedback.sessions import LIVE, BookingState, Meeting, SessionState


class Bookable(msgspec.Struct, frozen=True, kw_only=True):
    """A session: `free` seats, how many are `waiting` for one. `reason` says why it was changed or cancelled."""

    id: int
    meeting: Meeting
    state: SessionState
    free: int
    waiting: int = 0
    reason: str = ""
    village: str = ""
    """The thôn it is held for, "" for the whole commune."""

    def takes(self, now: int) -> bool:
        """Whether somebody can still book."""
        return self.state is SessionState.ANNOUNCED and not self.begun(now)

    def begun(self, now: int) -> bool:
        """Whether it is too late to change or give back a seat."""
        return now >= self.meeting.starts_at


class Booked(msgspec.Struct, frozen=True, kw_only=True):
    """A booking; somebody else's shows its session only. `ahead`: how many wait before."""

    code: str
    session: Bookable
    state: BookingState
    own: bool
    seat: int | None = None
    slot_at: int | None = None
    ahead: int = 0
    topic: str = "other"
    question: str = ""
    name: str = ""
    phone: str = ""
    file_url: str = ""
    """The address of the calendar file; "" where there is none to give."""

    @property
    def live(self) -> bool:
        """Whether the person has a seat, or waits."""
        return self.state in LIVE

    @property
    def at(self) -> int:
        """When the person is expected, UTC milliseconds."""
        return self.slot_at or self.session.meeting.starts_at
