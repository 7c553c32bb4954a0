"""What a step may look up while it thinks: each call one indexed look-up under 2 ms, within the turn's transaction."""

from typing import Protocol

import msgspec

from bot.conversation.bookable import Bookable, Booked
from feedback.blocking import Barred
from feedback.in_use import InUse
from feedback.kinds import Kind
from feedback.knowledge import Fact
from feedback.nearness import Near, Report
from feedback.states import State
from surveys.definition import Survey
from vietnam.area import Area


class Commune(msgspec.Struct, frozen=True, kw_only=True):
    """Who is speaking: `name` "xã Vạn Linh"; `contact` the person behind the telephone ("" where not entered)."""

    id: int
    name: str
    prefix: str
    phone: str
    contact: str
    privacy_url: str


class Body(msgspec.Struct, frozen=True, kw_only=True):
    """Where another authority is reached; "" for what has not been entered."""

    address: str = ""
    phone: str = ""


class Guidance(msgspec.Struct, frozen=True, kw_only=True):
    """Where to go with what is not taken by chat.

    `province` is its name ("tỉnh Mẫu"), `inspectorate` and `committee` are those of the province. `reception`: when and
    where the commune receives citizens, in its own words. `forms_url` is the address below which the printable forms
    are. `police_phone` is that of the commune's own police. "" for what has not been entered.
    """

    province: str
    inspectorate: Body
    committee: Body
    forms_url: str
    reception: str = ""
    police_phone: str = ""


class Village(msgspec.Struct, frozen=True):
    """A thôn or its like, named with its own word; `former` is the commune it belonged to before July 2025 ("")."""

    id: int
    name: str
    former: str = ""
    was: tuple[str, ...] = ()
    """Names that it had before."""
    place: int = 0
    """Among the villages of the commune; the same for all where they stand by the alphabet."""


class Wave(msgspec.Struct, frozen=True, kw_only=True):
    """A survey that can be answered now."""

    id: int
    version: int
    code: str
    title: str


class Invited(msgspec.Struct, frozen=True, kw_only=True):
    """What a one-time code opens: `per` "person" or "household"; `takes` answers now; `used`: its answer is in.

    `village` is that of the list which the sample was drawn from, 0 where it names none.
    """

    id: int
    wave: int
    version: int
    title: str
    per: str = "person"
    village: int = 0
    takes: bool = True
    used: bool = False


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """A chat that may be joined: its `channel`; `here`: it is this very chat; `joined`: it is the person's already."""

    channel: str
    here: bool = False
    joined: bool = False


class Works(msgspec.Struct, frozen=True):
    """A công trình or dự án of the commune that a case may concern."""

    id: int
    name: str


class CaseBrief(msgspec.Struct, frozen=True, kw_only=True):
    """A case as its own citizen may see it; instants in UTC milliseconds."""

    code: str
    kind: Kind
    state: State
    opened_at: int
    answered_at: int | None
    reply: str
    own: bool = False
    """Whether it was opened from a chat of this person: nobody else may say anything of it."""
    question: str = ""
    """What an officer has asked and waits for."""
    forwarded_to: str = ""
    reopened: int = 0
    joined_to: str = ""
    """The code of the case with which it is answered; then `joined_state` is where that stands, `reply` its answer."""
    joined_state: State = State.NEW

    @property
    def is_other(self) -> bool:
        """Whether whoever says that it is not settled can only mean that it is another matter."""
        return bool(self.joined_to) and not self.reply


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """How much is kept of a person: cases, those of them with a name or telephone, pictures, places on the map.

    `under_way` are cases that are owed an answer, each with the address of its page for 30 days; `url` is the page
    with all of it, for half an hour.
    """

    cases: int = 0
    named: int = 0
    photos: int = 0
    places: int = 0
    under_way: tuple[str, ...] = ()
    url: str = ""


class Desk(Protocol):
    """Read-only; always of one conversation of one commune."""

    def commune(self) -> Commune: ...

    def guidance(self) -> Guidance:
        """Where to go with a khiếu nại, a tố cáo, or what others settle."""
        ...

    def villages(self) -> list[Village]:
        """In the order of the alphabet."""
        ...

    def works(self) -> list[Works]:
        """Going on now, in the order of the alphabet, at most 12."""
        ...

    def in_use(self) -> InUse:
        """The kinds and fields of cases that the commune takes."""
        ...

    def waves(self, language: str = "") -> list[Wave]:
        """Open now to anyone who speaks that language ("": Vietnamese), oldest first."""
        ...

    def survey(self, version: int) -> Survey:
        """A frozen version; KeyError where there is none."""
        ...

    def takes_answers(self, wave: int, *, begun: bool = False) -> bool:
        """Whether a wave takes answers, though a newer version is offered by now.

        One that was `begun` before the close comes in for some minutes after it, whole or as far as it went.
        """
        ...

    def took_part(self, wave: int, invitation: int = 0) -> bool:
        """Whether this person's answer of the wave is in; or that of an invitation, whoever brought it."""
        ...

    def invitation(self, code: str) -> Invited | None:
        """What a one-time code opens, however it is written; None where no wave of this commune has it."""
        ...

    def deadline(self, wave: int, begun_at: int) -> int:
        """When an answer of that wave begun at that instant has had its time, both UTC milliseconds (DL5)."""
        ...

    def draft_url(self, wave: int) -> str:
        """The page where the document can be read that the survey of that wave asks opinions on."""
        ...

    def file(self, version: int, name: str) -> int:
        """The blob of a file published with a version (an audio prompt); 0 where there is none."""
        ...

    def due(self, kind: Kind, at: int) -> int:
        """Until when a case of that kind that comes in at an instant is answered, both UTC milliseconds."""
        ...

    def own_cases(self) -> list[CaseBrief]:
        """Opened from this account, newest first, at most 5."""
        ...

    def case(self, code: str) -> CaseBrief | None:
        """By its code, whoever opened it; None where no case of this commune has it."""
        ...

    def kept_of_me(self) -> Kept:
        """What is kept of this person in all their chats."""
        ...

    def answers_questions(self) -> bool:
        """Whether the commune keeps answers ready."""
        ...

    def facts(self) -> list[Fact]:
        """What the commune keeps ready for whoever asks, in the officer's order; read only where somebody asks."""
        ...

    def near(self, report: Report) -> list[Near]:
        """At most three open cases that are perhaps the same matter, the likeliest first."""
        ...

    def barred(self) -> Barred | None:
        """Why this person may open no case now; None where they may."""
        ...

    def area(self) -> Area:
        """Where the commune lies, with some room around; Viet Nam where nobody has said."""
        ...

    def takes_bookings(self) -> bool:
        """Whether any session can be booked now."""
        ...

    def sessions(self) -> list[Bookable]:
        """Announced and not begun, the next first, at most 24."""
        ...

    def session(self, id: int) -> Bookable | None:
        """A session of this commune, whatever became of it."""
        ...

    def free_seats(self, session: int, *, hold: bool = False) -> list[int]:
        """Seats that nobody has, the first first; `hold`: nobody else gets one until the turn is over."""
        ...

    def own_bookings(self) -> list[Booked]:
        """What the person has booked, or waits for, and is not over; the next first, at most 5."""
        ...

    def booking(self, code: str) -> Booked | None:
        """By its code, whoever's it is; None where no booking of this commune has it."""
        ...

    def last_booking(self) -> Booked | None:
        """The newest that the person made, whatever became of it."""
        ...

    def calendar_url(self, code: str) -> str:
        """Where the calendar file of a booking is."""
        ...

    def source(self, number: int) -> str:
        """The word of a poster by the short number that people type, "" where there is none."""
        ...

    def new_join_code(self) -> str:
        """Eight random digits."""
        ...

    def join_offer(self, code: str) -> Offer | None:
        """What an open code joins with; None where it is wrong, used or over."""
        ...

    def joined(self) -> bool:
        """Whether this chat is joined with another."""
        ...

    def new_code(self) -> str:
        """A random case code of this commune and year, not promised to be free."""
        ...
