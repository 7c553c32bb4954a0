"""A survey walked in the console: played again from its beginning each time, so that nothing of it is kept anywhere."""

from collections.abc import Mapping
from typing import Literal

import msgspec

from bot.channels.webchat import CAPABILITIES
from bot.conversation.desk import Commune
from bot.conversation.messages import Bubble, Own, Wants
from bot.conversation.wording import Wording
from bot.preview import Line, Preview
from storage.reading_chat import Line as ChatLine
from surveys.definition import SILENT, Answer, Survey
from surveys.languages import localised
from surveys.understanding import label
from surveys.walking import Hidden
from vietnam.text import clean
from web.bubbles import Piece, pieces

MOST_STEPS = 400
MOST_BYTES = 200_000


Done = Literal["text", "choice", "send", "jump", "language"]
_SENT: dict[str, Wants] = {"photo": "photo", "voice": "voice", "place": "place"}


class BadSteps(Exception):
    """What was posted is no walk through this survey."""


class Step(msgspec.Struct, frozen=True, array_like=True):
    """One thing that was done: words typed, a button pressed, something sent, a jump, another language."""

    kind: Done
    said: str


class Jump(msgspec.Struct, frozen=True, kw_only=True):
    """A jump to a question by its number; `hidden` says why it was not asked, None where it was."""

    number: int
    hidden: Hidden | None = None


class Walked(msgspec.Struct, frozen=True, kw_only=True):
    """A walk as it stands.

    By the number of a piece: `jumped` is what was jumped to before it (the last one may be beyond the last piece),
    `sent` what the person's own piece stands for. `fresh` is the first piece of the last step.
    `stored` is (number, question, answer in words) of what would be stored, None before the end.
    """

    steps: tuple[Step, ...]
    pieces: list[Piece]
    jumped: dict[int, Jump]
    sent: dict[int, str]
    fresh: int
    map: list[Line]
    stored: list[tuple[int, str, str]] | None
    language: str

    @property
    def posted(self) -> str:
        """The steps as the page carries them."""
        return msgspec.json.encode(self.steps).decode()


_steps = msgspec.json.Decoder(tuple[Step, ...])


def steps_of(posted: str) -> tuple[Step, ...]:
    """The steps that a page carried; BadSteps where they are none, or too many."""
    if len(posted.encode()) > MOST_BYTES:
        raise BadSteps
    try:
        steps = _steps.decode(posted) if posted else ()
    except msgspec.DecodeError as fault:
        raise BadSteps from fault
    if len(steps) > MOST_STEPS:
        raise BadSteps
    return steps


def walked(survey: Survey, steps: tuple[Step, ...], commune: Commune, wording: Wording, now: int) -> Walked:
    """The walk after these steps. BadSteps where one of them is not of this survey.

    A language chosen before anything else is the one that the walk begins in.
    """
    language = steps[0].said if steps and steps[0].kind == "language" else ""
    if language and language not in survey.languages:
        raise BadSteps
    preview = Preview(survey, wording, commune, now, language)
    play = _Play(preview)
    play.hear(preview.start())
    for step in steps[1:] if language else steps:
        play.take(step)
    return Walked(
        steps=steps,
        pieces=pieces(play.lines),
        jumped=play.jumped,
        sent=play.sent,
        fresh=play.fresh,
        map=preview.map(),
        stored=None if preview.handed_in is None else _stored(survey, preview.handed_in, preview.language),
        language=preview.language or survey.language,
    )


def _stored(survey: Survey, answers: Mapping[str, Answer], language: str) -> list[tuple[int, str, str]]:
    spoken = language or survey.language
    return [
        (
            number,
            f"{question.stem} {question.text}".strip() or question.id,
            label(question, answers[question.id], spoken),
        )
        for number, question in enumerate(localised(survey, spoken).questions, 1)
        if question.id in answers
    ]


class _Play:
    """Lines of the conversation as they would be stored, made of steps."""

    def __init__(self, preview: Preview) -> None:
        self.preview = preview
        self.lines: list[ChatLine] = []
        self.jumped: dict[int, Jump] = {}
        self.sent: dict[int, str] = {}
        self.fresh = 0
        self._labels: dict[str, str] = {}

    def hear(self, bubbles: list[Bubble]) -> None:
        for bubble in bubbles:
            self._labels |= {button.id: button.label for button in bubble.buttons}
            self._add(msgspec.json.encode(bubble), own=False)

    def take(self, step: Step) -> None:
        preview = self.preview
        self.fresh = len(self.lines) + 1
        match step.kind:
            case "text":
                text = clean(step.said)[0].strip()[: CAPABILITIES.max_text]
                self._own(text)
                self.hear(preview.say(text))
            case "choice":
                if step.said not in self._labels:
                    raise BadSteps
                self._own(self._labels[step.said])
                self.hear(preview.press(step.said))
            case "send":
                if step.said not in _SENT:
                    raise BadSteps
                self.sent[self.fresh] = step.said
                self._own("")
                self.hear(preview.send(_SENT[step.said]))
            case "jump":
                self._jump(step.said)
            case "language":
                if step.said not in preview.survey.languages:
                    raise BadSteps
                self.hear(preview.speak(step.said))

    def _jump(self, wanted: str) -> None:
        asked = next((one for one in self.preview.survey.questions if one.id == wanted), None)
        if asked is None or asked.kind in SILENT:
            raise BadSteps
        came = self.preview.jump(wanted)
        number = self.preview.survey.questions.index(asked) + 1
        if isinstance(came, Hidden):
            self.jumped[self.fresh] = Jump(number=number, hidden=came)
        else:
            self.jumped[self.fresh] = Jump(number=number)
            self.hear(came)

    def _own(self, text: str) -> None:
        self._add(msgspec.json.encode(Own(text=text)), own=True)

    def _add(self, body: bytes, *, own: bool) -> None:
        self.lines.append(ChatLine(seq=len(self.lines) + 1, own=own, body=body, replaces=0, at=self.preview.now))
