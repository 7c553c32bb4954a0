"""`nghedan survey walk`: the whole survey in a terminal before it opens (SV8)."""

import sys
from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated

import msgspec
import typer

from app.commands.common import Config, Stop, out, settings_of
from app.survey_files import survey_from
from app.survey_words import in_words
from app.transcripts import shown
from app.wording import app_wording, bot_wording
from bot.conversation.desk import Commune
from bot.conversation.messages import Bubble
from bot.conversation.wording import Wording
from bot.preview import Line, Preview
from surveys.definition import Answer
from surveys.languages import best_language
from surveys.understanding import label
from surveys.walking import Hidden
from vietnam.text import clean
from vietnam.time import TZ, to_ms

_MARKS = {"here": ">", "answered": "x", "skipped": "-", "waiting": " ", "hidden": "·"}


def walk(
    file: Annotated[str, typer.Argument(help="A survey file (TOML, Excel), or the name of a ready questionnaire.")],
    language: Annotated[str, typer.Option("--language", help="Walk it in this language of the survey.")] = "",
    today: Annotated[str, typer.Option("--today", help="The day it is to be, 2026-11-21; default today.")] = "",
    config: Config = None,
) -> None:
    """Answer a survey as citizens will, nothing stored; `:?` lists what else can be done on the way."""
    settings = settings_of(config)
    survey = survey_from(file)
    say = app_wording()
    if language and best_language(survey, language) != language:
        raise Stop(say("walk.no_language", language=language, languages=", ".join(survey.languages)), 1)
    commune = Commune(
        id=1,
        name=settings.commune.name,
        prefix="",
        phone=settings.commune.phone,
        contact=settings.commune.contact,
        privacy_url=f"{settings.public_url}/",
    )
    walker = Walk(Preview(survey, bot_wording(), commune, _now(today), language), say)
    out(say("walk.begin", title=survey.title, count=len(survey.questions)))
    walker.tell(walker.preview.start())
    for line in iter(_typed, ""):
        if line in {":q", ":quit"}:
            break
        walker.hear(line)


_SHORT = 70


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHORT else line[: _SHORT - 1] + "…"


def _now(today: str) -> int:
    try:
        day = date.fromisoformat(today) if today else datetime.now(TZ).date()
    except ValueError:
        raise Stop(f"--today: {today}: a day such as 2026-11-21 is wanted") from None
    return to_ms(datetime(day.year, day.month, day.day, 9, tzinfo=TZ))


def _typed() -> str:
    out("> ", end="")
    line = sys.stdin.readline()
    return clean(line)[0].strip() if line else ""


class Walk:
    """Lines in, what is said to them out."""

    def __init__(self, preview: Preview, say: Wording) -> None:
        self.preview = preview
        self._say = say
        self._commands: dict[str, Callable[[str], None]] = {
            ":?": self._help,
            ":map": self._map,
            ":why": self._why,
            ":jump": self._jump,
            ":answers": self._answers,
            ":language": self._language,
            ":again": lambda _: self.tell(self.preview.start()),
        }

    def hear(self, line: str) -> None:
        """An answer, or a command of the walk."""
        word, _, rest = line.partition(" ")
        command = self._commands.get(word)
        if command is not None:
            command(rest.strip())
        elif word.startswith(":"):
            self._help("")
        else:
            self.tell(self.preview.say(line))

    def tell(self, heard: list[Bubble]) -> None:
        """What the survey says, and at its end what would be stored."""
        out(shown(heard))
        if self.preview.handed_in is not None:
            out(self._say("walk.end"))
            self._answers("")

    def _help(self, _: str) -> None:
        out(self._say("walk.help"))

    def _map(self, _: str) -> None:
        for line in self.preview.map():
            out(self._line(line))

    def _line(self, line: Line) -> str:
        kind = self._say(f"walk.kind.{line.kind}")
        text = f"{_MARKS[line.state]} {line.number:>3}  {line.id:<18} {kind:<16} {_short(line.text)}"
        if line.answer:
            text += f" = {line.answer}"
        if line.hidden is not None:
            text += f" ({self._say(f'walk.map.{line.hidden.reason}', condition=self._words(line.hidden))})"
        return text

    def _words(self, hidden: Hidden) -> str:
        return in_words(hidden.condition, self.preview.survey, self._say)

    def _because(self, hidden: Hidden) -> str:
        looked_at = "; ".join(
            self._say("walk.looked_at", number=self._number(id), id=id, answer=self._answer(id, answer))
            for id, answer in hidden.looked_at.items()
        )
        nothing = self._say("walk.looked_at_nothing")
        return self._say(f"walk.hidden.{hidden.reason}", condition=self._words(hidden), answers=looked_at or nothing)

    def _number(self, id: str) -> int:
        return [question.id for question in self.preview.survey.questions].index(id) + 1

    def _answer(self, id: str, answer: Answer) -> str:
        if answer is None:
            return self._say("walk.no_answer")
        return label(self.preview.survey.question(id), answer)

    def _why(self, wanted: str) -> None:
        try:
            hidden = self.preview.why(wanted)
        except KeyError:
            out(self._say("walk.unknown", wanted=wanted))
            return
        out(self._say("walk.shown", id=wanted) if hidden is None else self._because(hidden))

    def _jump(self, wanted: str) -> None:
        try:
            came = self.preview.jump(wanted)
        except KeyError:
            out(self._say("walk.unknown", wanted=wanted))
            return
        if isinstance(came, Hidden):
            out(self._because(came))
        else:
            self.tell(came)

    def _answers(self, _: str) -> None:
        handed_in = self.preview.handed_in
        stored = self.preview.answers if handed_in is None else handed_in
        out(msgspec.json.format(msgspec.json.encode(stored), indent=2).decode())

    def _language(self, tag: str) -> None:
        if tag not in self.preview.survey.languages:
            out(self._say("walk.no_language", language=tag, languages=", ".join(self.preview.survey.languages)))
            return
        self.tell(self.preview.speak(tag))
