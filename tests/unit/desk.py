"""A desk in memory, and one citizen who talks to the pure step: what conversation tests are told with."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from random import Random
from typing import Any

import msgspec

from app.catalogues import ROOT
from bot.conversation.bookable import Bookable, Booked
from bot.conversation.desk import Body, CaseBrief, Commune, Guidance, Invited, Kept, Offer, Village, Wave, Works
from bot.conversation.effects import Effect, EraseTopic, FetchMedia, FollowCase, OpenCase, Option, Say, Submit, Text
from bot.conversation.messages import Inbound, InboundKind, Media
from bot.conversation.state import Answering, Drafting, State, dump, load
from bot.conversation.step import step
from bot.conversation.wording import Wording
from bot.turn import worded
from feedback.acts import Open
from feedback.blocking import Barred
from feedback.codes import make_code
from feedback.in_use import ALL, InUse
from feedback.kinds import Kind
from feedback.knowledge import Fact
from feedback.nearness import Near, Report
from feedback.office import Office
from feedback.states import State as CaseState
from surveys.definition import Survey
from vietnam.area import VIETNAM, Area
from vietnam.time import DAY, TZ, to_ms

NOW = to_ms(datetime(2026, 10, 3, 9, tzinfo=TZ))


def texts_of(po: str) -> dict[str, str]:
    """Keys and texts of a catalogue, as git has it."""
    from babel.messages.pofile import read_po

    with (ROOT / po).open("rb") as file:
        return {str(entry.id): str(entry.string) for entry in read_po(file) if entry.id}


WORDING = Wording("vi", texts_of("bot/locale/vi/LC_MESSAGES/bot.po"))


@dataclass
class MemoryDesk:
    """See bot.conversation.desk.Desk; a test fills in what it needs."""

    surveys: dict[int, Survey] = field(default_factory=dict)
    open_waves: list[Wave] = field(default_factory=list)
    names: tuple[str, ...] = ("thôn Chè", "thôn Mai", "thôn Quế")
    works_going_on: tuple[str, ...] = ()
    takes: InUse = ALL
    answered: set[int] = field(default_factory=set)
    over: set[int] = field(default_factory=set)
    cases: dict[str, CaseBrief] = field(default_factory=dict)
    own: list[str] = field(default_factory=list)
    phone: str = "0205 000 0000"
    contact: str = "ông Mẫu"
    draw: Random = field(default_factory=lambda: Random(2026))
    former: dict[str, str] = field(default_factory=dict)
    """By the id of a village, as text: the commune it belonged to."""
    codes: dict[str, Invited] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)
    closes: dict[int, int] = field(default_factory=dict)
    """By wave: when it closes."""
    files: dict[tuple[int, str], int] = field(default_factory=dict)
    offers: dict[str, Offer] = field(default_factory=dict)

    def kept_of_me(self) -> Kept:
        return Kept(cases=len(self.own), url="https://nghedan.example/mau/du-lieu/x")

    """By the code of eight digits: what it joins with."""
    is_joined: bool = False
    near_cases: list[Near] = field(default_factory=list)
    asked_near: list[Report] = field(default_factory=list)
    bar: Barred | None = None
    lies: Area = VIETNAM
    sources: dict[int, str] = field(default_factory=dict)
    """By the short number of a poster: its word."""

    written_down: list[Fact] = field(default_factory=list)
    """What the commune answers when it is asked."""

    def answers_questions(self) -> bool:
        return bool(self.written_down)

    def facts(self) -> list[Fact]:
        return self.written_down

    bookable: dict[int, Bookable] = field(default_factory=dict)
    """Sessions by id; their first seats are taken."""
    booked: dict[str, Booked] = field(default_factory=dict)

    def commune(self) -> Commune:
        url = "https://nghedan.example/mau/rieng-tu"
        return Commune(id=1, name="xã Mẫu", prefix="M", phone=self.phone, contact=self.contact, privacy_url=url)

    def villages(self) -> list[Village]:
        return [Village(id, name, self.former.get(str(id), "")) for id, name in enumerate(self.names, start=101)]

    def guidance(self) -> Guidance:
        at = "https://nghedan.example/mau/mau-don"
        return Guidance(province="tỉnh Mẫu", inspectorate=Body(), committee=Body(), forms_url=at)

    def works(self) -> list[Works]:
        return [Works(id, name) for id, name in enumerate(self.works_going_on, start=301)]

    def in_use(self) -> InUse:
        return self.takes

    def waves(self, language: str = "") -> list[Wave]:
        return self.open_waves

    def survey(self, version: int) -> Survey:
        return self.surveys[version]

    def takes_answers(self, wave: int, *, begun: bool = False) -> bool:
        return wave not in self.over

    def took_part(self, wave: int, invitation: int = 0) -> bool:
        return invitation in self.used if invitation else wave in self.answered

    def invitation(self, code: str) -> Invited | None:
        found = self.codes.get("".join(sign for sign in code.upper() if sign.isalnum()))
        return found and msgspec.structs.replace(found, used=found.id in self.used)

    def deadline(self, wave: int, begun_at: int) -> int:
        return min(begun_at + 14 * DAY, self.closes.get(wave, begun_at + 14 * DAY))

    def draft_url(self, wave: int) -> str:
        code = next((one.code for one in self.open_waves if one.id == wave), self.surveys[wave].id)
        return f"https://nghedan.example/mau/lay-y-kien/{code}"

    def file(self, version: int, name: str) -> int:
        return self.files.get((version, name), 0)

    def due(self, kind: Kind, at: int) -> int:
        return Office().promise(kind, at).due

    def own_cases(self) -> list[CaseBrief]:
        return [self.cases[code] for code in self.own]

    def case(self, code: str) -> CaseBrief | None:
        return self.cases.get(code)

    def near(self, report: Report) -> list[Near]:
        self.asked_near.append(report)
        return self.near_cases

    def barred(self) -> Barred | None:
        return self.bar

    def area(self) -> Area:
        return self.lies

    def takes_bookings(self) -> bool:
        return bool(self.sessions())

    def sessions(self) -> list[Bookable]:
        return [one for one in self.bookable.values() if one.takes(NOW)]

    def session(self, id: int) -> Bookable | None:
        return self.bookable.get(id)

    def free_seats(self, session: int, *, hold: bool = False) -> list[int]:
        del hold
        one = self.bookable[session]
        return list(range(one.meeting.seats - one.free + 1, one.meeting.seats + 1))

    def own_bookings(self) -> list[Booked]:
        return [one for one in self.booked.values() if one.own and one.live]

    def booking(self, code: str) -> Booked | None:
        return self.booked.get(code)

    def last_booking(self) -> Booked | None:
        return next((one for one in reversed(self.booked.values()) if one.own), None)

    def calendar_url(self, code: str) -> str:
        return f"https://nghedan.example/mau/lich/{code}.ics"

    def source(self, number: int) -> str:
        return self.sources.get(number, "")

    def new_join_code(self) -> str:
        return f"{self.draw.getrandbits(26):08}"

    def join_offer(self, code: str) -> Offer | None:
        return self.offers.get(code)

    def joined(self) -> bool:
        return self.is_joined

    def new_code(self) -> str:
        return make_code("M", 2026, self.draw.getrandbits(62))

    def invite(self, survey: Survey, code: str = "K7M2QX4P9", **how: Any) -> int:
        """Ask a survey by one-time code alone; the id of its wave."""
        id = len(self.surveys) + 1
        self.surveys[id] = survey
        found = Invited(id=900 + id, wave=id, version=id, title=survey.title)
        self.codes[code] = msgspec.structs.replace(found, **how)
        return id

    def open_survey(self, survey: Survey) -> int:
        """Open a survey to everyone; the id of its wave (and of its version)."""
        id = len(self.surveys) + 1
        self.surveys[id] = survey
        self.open_waves.append(Wave(id=id, version=id, code=survey.id, title=survey.title))
        return id

    def keep(self, act: Open) -> None:
        """A case that was opened, as the store would keep it."""
        brief = CaseBrief(
            code=act.code, kind=act.kind, state=CaseState.NEW, opened_at=NOW, answered_at=None, reply="", own=True
        )
        self.cases[act.code] = brief
        self.own.insert(0, act.code)


@dataclass
class Citizen:
    """Talks to the step. The state goes through its stored form each time, and effects are kept as a turn would."""

    desk: MemoryDesk
    state: State = field(default_factory=State)
    effects: list[Effect] = field(default_factory=list)
    at: int = NOW
    refusals: list[str] = field(default_factory=list)
    """What the store will refuse, next first."""
    _numbers: "count[int]" = field(default_factory=count)

    def send(self, kind: InboundKind, **what: object) -> str:
        """One event; everything that was said to it."""
        inbound = Inbound(
            channel="terminal",
            channel_account=1,
            dedupe_key=str(next(self._numbers)),
            person="one",
            kind=kind,
            at=self.at,
            **what,  # type: ignore[arg-type]  # keywords by name
        )
        refusal = ""
        while True:
            state, effects = step(load(dump(self.state)), inbound, self.desk, WORDING, refusal)
            wanted = any(isinstance(effect, Submit | OpenCase | FollowCase) for effect in effects)
            if not (wanted and self.refusals):
                break
            refusal = self.refusals.pop(0)
        self.state, self.effects = load(dump(state)), effects
        for effect in effects:
            if isinstance(effect, Submit) and effect.invitation:
                self.desk.used.add(effect.invitation)
            elif isinstance(effect, Submit):
                self.desk.answered.add(effect.wave)
            elif isinstance(effect, OpenCase):
                self.desk.keep(effect.act)
        return self.heard

    def start(self, source: str = "") -> str:
        return self.send("start", source=source)

    def say(self, text: str) -> str:
        return self.send("text", text=text)

    def says(self, *texts: str) -> str:
        """Several lines; what was said to the last."""
        return [self.say(text) for text in texts][-1]

    def press(self, label: str) -> str:
        """Press the button of that label below the newest question."""
        buttons = {button.label: button.id for say in self.messages for button in worded(say, WORDING).buttons}
        return self.press_id(buttons[label])

    def press_id(self, id: str) -> str:
        return self.send("choice", choice=id)

    def photo(self, *, blob: int = 0, ref: str = "", text: str = "") -> str:
        return self.send("photo", text=text, media=(Media(blob=blob, ref=ref),))

    @property
    def messages(self) -> list[Say]:
        return [effect for effect in self.effects if isinstance(effect, Say)]

    @property
    def heard(self) -> str:
        return "\n".join(worded(say, WORDING).text for say in self.messages)

    @property
    def options(self) -> list[Option]:
        return list(self.messages[-1].options)

    @property
    def labels(self) -> list[str]:
        return [WORDING.word(option.label) for option in self.options]

    @property
    def keys(self) -> set[str]:
        """Every wording key that was said."""
        return {key for say in self.messages for key in keys_of(say)}

    @property
    def opened(self) -> list[Open]:
        return [effect.act for effect in self.effects if isinstance(effect, OpenCase)]

    @property
    def submitted(self) -> list[Submit]:
        return [effect for effect in self.effects if isinstance(effect, Submit)]

    @property
    def fetched(self) -> list[str]:
        return [effect.ref for effect in self.effects if isinstance(effect, FetchMedia)]

    @property
    def erased(self) -> list[int]:
        return [effect.topic for effect in self.effects if isinstance(effect, EraseTopic)]

    @property
    def doing(self) -> Answering:
        doing = self.state.dialogue
        assert isinstance(doing, Answering), "no survey is open"
        return doing

    @property
    def draft(self) -> Drafting:
        draft = self.state.dialogue
        assert isinstance(draft, Drafting), "no case is being written"
        return draft

    def at_review(self, kind: Kind = Kind.FEEDBACK, text: str = "Đèn đường hỏng.") -> "Citizen":
        """Write a case up to its review."""
        self.start()
        self.press_id(f"go:{kind}")
        if kind is Kind.DIALOGUE:
            self.says("1", text, "bỏ qua", "Người Mẫu", "0912 345 678", "bỏ qua")
        else:
            self.says("1", text, "không có", "bỏ qua")
        return self


def keys_of(value: object) -> set[str]:
    """The wording keys in a message, and in the texts that its texts hold."""
    if isinstance(value, Text):
        inner = {key for param in value.params.values() for key in keys_of(param)}
        return inner | ({value.key} if value.key != "plain" else set())
    if isinstance(value, Say):
        parts = {key for part in value.parts for key in keys_of(part)}
        return parts.union(*(keys_of(option.label) for option in value.options))
    return set()


def holes_of(text: str) -> set[str]:
    """The {named} places of a text."""
    return set(re.findall(r"{(\w+)}", text))
