"""A survey walked before it opens: the very conversation that citizens will have, over a desk that stores nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import msgspec

from bot.conversation import answering
from bot.conversation.bookable import Bookable, Booked
from bot.conversation.context import Context
from bot.conversation.desk import Body, CaseBrief, Commune, Guidance, Invited, Kept, Offer, Village, Wave, Works
from bot.conversation.effects import Effect, Say, Submit
from bot.conversation.messages import Bubble, Button, Inbound, InboundKind, Media, Place, Wants
from bot.conversation.state import Answering, State, dump, load
from bot.conversation.step import step
from bot.conversation.wording import Wording
from bot.turn import worded
from feedback.blocking import Barred
from feedback.in_use import ALL, InUse
from feedback.kinds import Kind
from feedback.knowledge import Fact
from feedback.nearness import Near, Report
from surveys import walking
from surveys.definition import SILENT, Answer, Question, Survey
from surveys.languages import localised
from surveys.understanding import label
from surveys.walking import Hidden
from vietnam.area import VIETNAM, Area
from vietnam.time import day_of

_WAVE = _VERSION = _BLOB = 1
_DIGITS = 4
_SOMEWHERE = Place(lat=21.02850, lon=105.85420)
"""Stands for the place that a person shares: the middle of Hà Nội."""


class _Desk:
    """See bot.conversation.desk.Desk: one survey, open; no villages, so that the walk ends with the survey."""

    def __init__(self, survey: Survey, commune: Commune) -> None:
        self._survey = survey
        self._commune = commune

    def commune(self) -> Commune:
        return self._commune

    def villages(self) -> list[Village]:
        return []

    def works(self) -> list[Works]:
        return []

    def in_use(self) -> InUse:
        return ALL

    def waves(self, language: str = "") -> list[Wave]:
        del language
        return [Wave(id=_WAVE, version=_VERSION, code=self._survey.id, title=self._survey.title)]

    def survey(self, version: int) -> Survey:
        del version
        return self._survey

    def kept_of_me(self) -> Kept:
        return Kept()

    def answers_questions(self) -> bool:
        return False

    def facts(self) -> list[Fact]:
        return []

    def takes_answers(self, wave: int, *, begun: bool = False) -> bool:
        del begun
        return wave == _WAVE

    def took_part(self, wave: int, invitation: int = 0) -> bool:
        del wave, invitation
        return False

    def invitation(self, code: str) -> Invited | None:
        del code
        return None

    def deadline(self, wave: int, begun_at: int) -> int:
        del wave
        return begun_at

    def guidance(self) -> Guidance:
        return Guidance(province="", inspectorate=Body(), committee=Body(), forms_url="")

    def takes_bookings(self) -> bool:
        return False

    def sessions(self) -> list[Bookable]:
        return []

    def session(self, id: int) -> Bookable | None:
        del id
        return None

    def free_seats(self, session: int, *, hold: bool = False) -> list[int]:
        del session, hold
        return []

    def own_bookings(self) -> list[Booked]:
        return []

    def booking(self, code: str) -> Booked | None:
        del code
        return None

    def last_booking(self) -> Booked | None:
        return None

    def calendar_url(self, code: str) -> str:
        del code
        return ""

    def source(self, number: int) -> str:
        del number
        return ""

    def new_join_code(self) -> str:
        return "0" * 8

    def join_offer(self, code: str) -> Offer | None:
        del code
        return None

    def joined(self) -> bool:
        return False

    def draft_url(self, wave: int) -> str:
        del wave
        head, _, _ = self._commune.privacy_url.rpartition("/")
        return f"{head}/lay-y-kien/{self._survey.id}"

    def file(self, version: int, name: str) -> int:
        del version, name
        return 0

    def due(self, kind: Kind, at: int) -> int:
        del kind
        return at

    def own_cases(self) -> list[CaseBrief]:
        return []

    def case(self, code: str) -> CaseBrief | None:
        del code
        return None

    def near(self, report: Report) -> list[Near]:
        del report
        return []

    def barred(self) -> Barred | None:
        return None

    def area(self) -> Area:
        return VIETNAM

    def new_code(self) -> str:
        return ""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A question on the map of the survey: `state` is "here", "answered", "skipped", "waiting" or "hidden"."""

    number: int
    id: str
    kind: str
    text: str
    state: str
    answer: str = ""
    hidden: Hidden | None = None


@dataclass(slots=True)
class Preview:
    """One walk. `now` is UTC milliseconds and stands still, so that a walk can be repeated word for word."""

    survey: Survey
    wording: Wording
    commune: Commune
    now: int
    language: str = ""
    handed_in: Mapping[str, Answer] | None = None
    """What would be stored, once the survey was sent off."""
    _state: State = field(default_factory=State)
    _bubbles: list[Bubble] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=count)

    @property
    def answers(self) -> dict[str, Answer]:
        """What has been answered so far."""
        doing = self._state.dialogue
        return dict(doing.answers) if isinstance(doing, Answering) else {}

    @property
    def buttons(self) -> tuple[Button, ...]:
        """What stands below the newest question."""
        return self._bubbles[-1].buttons if self._bubbles else ()

    def start(self) -> list[Bubble]:
        """From the beginning, as by the survey's QR code."""
        self._state = State(language=self.language)
        self.handed_in = None
        return self._send("start", source=f"ks_{self.survey.id}")

    def say(self, text: str) -> list[Bubble]:
        """Type a line; a line that is the label of a button below the last question presses it."""
        wanted = text.strip().casefold()
        for button in self.buttons:
            if button.label.casefold() == wanted:
                return self.press(button.id)
        return self._send("text", text=text)

    def press(self, choice: str) -> list[Bubble]:
        """Press the button of that id, as of `Button.id`; one of an earlier question is told so, as in the chat."""
        return self._send("choice", choice=choice)

    def send(self, what: Wants) -> list[Bubble]:
        """As if a picture, a recording or a place had been sent; no file is kept, so an empty one stands for it."""
        if what in ("place", "scene"):
            return self._send("location", place=_SOMEWHERE)
        if what == "photo" or what == "voice":  # noqa: PLR1714 - a checker narrows this form only
            return self._send(what, media=(Media(blob=_BLOB, kind=what),))
        return []

    def speak(self, language: str) -> list[Bubble]:
        """Go on in another language."""
        self.language = self._state.language = language
        return self._ask_again()

    def jump(self, wanted: str) -> list[Bubble] | Hidden:
        """Straight to a question, by its id or its number; the unanswered ones before it count as skipped.

        Why it is hidden, where these answers hide it. KeyError where there is no such question.
        """
        question = self.find(wanted)
        doing = self._state.dialogue
        if not isinstance(doing, Answering):
            self.start()
            doing = self._state.dialogue
        if not isinstance(doing, Answering):
            raise KeyError(wanted)
        before = dict(doing.answers)
        for earlier in self.survey.questions:
            if earlier.id == question.id:
                break
            if earlier.kind not in SILENT and earlier.id not in before:
                before[earlier.id] = None
        hidden = walking.why_hidden(self.survey, question.id, before, self._today)
        if hidden is not None:
            return hidden
        before.pop(question.id, None)
        doing.answers = dict(walking.prune(self.survey, before, self._today))
        doing.at, doing.tries, doing.picked = question.id, 0, []
        return self._ask_again()

    def why(self, wanted: str) -> Hidden | None:
        """Why a question is not asked with the answers so far; None where it is. KeyError for an unknown one."""
        return walking.why_hidden(self.survey, self.find(wanted).id, self.answers, self._today)

    def map(self) -> list[Line]:
        """Every question of the survey, and what these answers make of it."""
        doing = self._state.dialogue
        here = doing.at if isinstance(doing, Answering) and doing.stage == "question" else ""
        answers = self.answers if self.handed_in is None else dict(self.handed_in)
        asked = {question.id for question in walking.shown(self.survey, answers, self._today)}
        survey = localised(self.survey, self.language or self.survey.language)
        return [
            self._line(number, question, answers, here, asked=question.id in asked)
            for number, question in enumerate(survey.questions, 1)
        ]

    def find(self, wanted: str) -> Question:
        """A question by its id or its number in the file; KeyError where there is none."""
        if wanted.isdecimal() and len(wanted) <= _DIGITS and 1 <= int(wanted) <= len(self.survey.questions):
            return self.survey.questions[int(wanted) - 1]
        return self.survey.question(wanted)

    @property
    def _today(self) -> str:
        return day_of(self.now).isoformat()

    def _line(self, number: int, question: Question, answers: Mapping[str, Answer], here: str, *, asked: bool) -> Line:
        hidden = None if asked else walking.why_hidden(self.survey, question.id, answers, self._today)
        given = answers.get(question.id)
        if question.id == here:
            state = "here"
        elif hidden is not None:
            state = "hidden"
        elif question.id in answers:
            state = "skipped" if given is None else "answered"
        else:
            state = "waiting"
        said = "" if given is None or hidden is not None else label(question, given, self.language or "vi")
        return Line(
            number=number,
            id=question.id,
            kind=str(question.kind),
            text=question.text,
            state=state,
            answer=said,
            hidden=hidden,
        )

    def _send(self, kind: InboundKind, **said: Any) -> list[Bubble]:  # noqa: ANN401 - fields of Inbound
        inbound = self._inbound(kind, **said)
        state, effects = step(load(dump(self._state)), inbound, _Desk(self.survey, self.commune), self.wording)
        return self._take(state, effects)

    def _ask_again(self) -> list[Bubble]:
        doing = self._state.dialogue
        if not isinstance(doing, Answering):
            return self.start()
        ctx = Context(self._state, self._inbound("text"), _Desk(self.survey, self.commune), self.wording)
        answering.ask_again(ctx, doing)
        return self._take(ctx.state, ctx.effects)

    def _take(self, state: State, effects: list[Effect]) -> list[Bubble]:
        self._state = load(dump(state))
        for effect in effects:
            if isinstance(effect, Submit):
                self.handed_in = effect.answers
        heard = [worded(effect, self.wording) for effect in effects if isinstance(effect, Say)]
        self._bubbles += [bubble for bubble in heard if bubble.buttons]
        return heard

    def _inbound(self, kind: InboundKind, **said: Any) -> Inbound:  # noqa: ANN401 - fields of Inbound
        return Inbound(
            channel="terminal",
            channel_account=1,
            dedupe_key=str(next(self._numbers)),
            person="preview",
            kind=kind,
            at=self.now,
            **said,
        )
