"""Every change to a session, its seats and its promises is one of these acts."""

import msgspec

from feedback.sessions import Meeting

MAX_TITLE = 200
MAX_QUESTION = 1_500
MAX_MATTER = 500
MAX_SUMMARY = 20_000
MAX_REASON = 500
MAX_NAME = 80
MAX_SEATS = 500
MAX_MINUTES = 12 * 60


class OpenSeries(msgspec.Struct, frozen=True, kw_only=True, tag="series"):
    """Sessions that repeat by `rule` (an RRULE without DTSTART); `first` is the pattern, and the first of them."""

    first: Meeting
    rule: str


class CloseSeries(msgspec.Struct, frozen=True, kw_only=True, tag="series_close"):
    """No more sessions of a series are made; those that are made stay."""

    reason: str = ""


class Plan(msgspec.Struct, frozen=True, tag="plan"):
    """A session of its own. `sure`: the officer has read what speaks against that day, here as in the acts below."""

    meeting: Meeting
    sure: bool = False


class Announce(msgspec.Struct, frozen=True, kw_only=True, tag="announce"):
    """The notice goes out. `late_reason`: why it is later than the law wants, where the kind allows that at all."""

    late_reason: str = ""
    seen: int = 0


class Change(msgspec.Struct, frozen=True, kw_only=True, tag="change"):
    """Another time, place or size; whoever has a seat is told. `seen` is the version the officer was looking at."""

    meeting: Meeting
    reason: str = ""
    sure: bool = False
    seen: int = 0


class Cancel(msgspec.Struct, frozen=True, kw_only=True, tag="cancel"):
    """It is not held; whoever has a seat or waits is told why, and offered the next one."""

    reason: str
    seen: int = 0


class Hold(msgspec.Struct, frozen=True, kw_only=True, tag="hold"):
    """It is over; whoever had a seat and did not check in was absent. Before its planned end only where `sure`."""

    sure: bool = False
    seen: int = 0


class Minutes(msgspec.Struct, frozen=True, kw_only=True, tag="minutes"):
    """What was said, as it is to be published."""

    summary: str
    seen: int = 0


class AskThere(msgspec.Struct, frozen=True, kw_only=True, tag="ask"):
    """A question asked on the spot; `booking` is that of the one who asked, 0 where they had none.

    `once` is the form it was written on, here as in the acts below: the same form sent again changes nothing.
    """

    text: str
    topic: str = "other"
    asker: str = ""
    booking: int = 0
    once: str = ""


class Answer(msgspec.Struct, frozen=True, kw_only=True, tag="answer"):
    """The answer to a question, and who gave it; one that was given already is written anew.

    `public` is what may be printed of the question, in the officer's own words, "" only its topic. `seen`: how often
    the answer had been written as the officer saw it; None writes over whatever stands there.
    """

    question: int
    text: str
    by: str = ""
    public: str = ""
    seen: int | None = None


class Promise(msgspec.Struct, frozen=True, kw_only=True, tag="promise"):
    """What was promised, who sees to it (`officer` 0: somebody without an account) and until when (ISO day)."""

    text: str
    owner: str
    due_day: str
    officer: int = 0
    question: int = 0
    once: str = ""


class Keep(msgspec.Struct, frozen=True, kw_only=True, tag="keep"):
    """A promise is kept; `note` says how."""

    promise: int
    note: str


class Drop(msgspec.Struct, frozen=True, kw_only=True, tag="drop"):
    """A promise will not be kept; `note` says why."""

    promise: int
    note: str


class Publish(msgspec.Struct, frozen=True, kw_only=True, tag="publish"):
    """The results go out, to the page and to every trưởng thôn; those who asked are told."""

    seen: int = 0


class Book(msgspec.Struct, frozen=True, kw_only=True, tag="book"):
    """Somebody takes a seat. `seat` 0: whichever is free; `wait`: or the end of the waiting list.

    `walk_in`: an officer enters somebody who is standing there: checked in at once, above the seats where need be.
    """

    code: str
    topic: str
    question: str
    name: str
    phone: str = ""
    seat: int = 0
    wait: bool = False
    village: int | None = None
    walk_in: bool = False
    once: str = ""


class CancelBooking(msgspec.Struct, frozen=True, kw_only=True, tag="cancel"):
    """A seat, or a place on the waiting list, is given back.

    An officer says why, and the person is told; `wished`: the person has asked for it, and knows.
    """

    reason: str = ""
    wished: bool = False


class MoveBooking(msgspec.Struct, frozen=True, kw_only=True, tag="move"):
    """Another seat, of the same session or another one; `code` is that of the new booking."""

    code: str
    seat: int = 0
    wait: bool = False


class CheckIn(msgspec.Struct, frozen=True, tag="check_in"):
    """The person is there."""


class Absent(msgspec.Struct, frozen=True, tag="absent"):
    """The person did not come (or was checked in by mistake)."""


SessionAct = Announce | Change | Cancel | Hold | Minutes | AskThere | Answer | Promise | Keep | Drop | Publish
"""On a session that is there."""
BookingAct = CancelBooking | CheckIn | Absent
"""On a booking that is there, within its own session."""
