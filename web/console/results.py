"""Answers in numbers, as of the last release: a figure made of fewer than five answers is never shown."""

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection
from starlette.responses import Response

from storage import reading_results
from storage.reading_results import Tally, WaveRow
from surveys.definition import Kind, Question, Survey
from web.console.access import Desk, signed_in

FEWEST = 5
_LEVELS = ("5", "4", "3", "2", "1")
_TOP = ("5", "4")
_survey = msgspec.json.Decoder(Survey)


class Bar(msgspec.Struct, frozen=True):
    """A share of the answers to a question, in percent. `id` is a level, a choice, or "yes" and "no"."""

    id: str
    label: str
    percent: float


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A question in numbers. `n` are answers with an opinion; where `hidden`, they are too few to show.

    `top` is the share of levels 4 and 5 of a likert5 question; `mean` that of a number or nps question.
    """

    id: str
    kind: Kind
    text: str
    factor: str
    n: int = 0
    hidden: bool = True
    top: float | None = None
    mean: float | None = None
    bars: tuple[Bar, ...] = ()


class Results(msgspec.Struct, frozen=True, kw_only=True):
    """A survey in numbers: `n` released responses, 0 where fewer than five are."""

    wave: WaveRow
    survey: Survey
    n: int
    overall: Asked | None
    asked: tuple[Asked, ...]


@signed_in("survey.see")
async def results(desk: Desk) -> Response:
    """Open surveys, one after the other."""

    def look(conn: Connection) -> dict[str, Any]:
        waves = reading_results.open_waves(conn, desk.unit)
        return {"results": [counted(wave, reading_results.tallies(conn, wave.version, wave.kind)) for wave in waves]}

    return await desk.show("console/results.html", look, fewest=FEWEST)


def counted(wave: WaveRow, tallies: Mapping[str, Tally]) -> Results:
    """What may be shown of a survey's counts."""
    survey = _survey.decode(wave.body)
    all_ = tallies.get("", {})
    n = round(all_["n"] if "n" in all_ else sum(all_.values()))
    n = n if n >= FEWEST else 0
    asked = [one(question, tallies.get(question.id, {}) if n else {}, survey) for question in survey.questions]
    overall = next((line for line, q in zip(asked, survey.questions, strict=True) if q.overall), None)
    return Results(
        wave=wave,
        survey=survey,
        n=n,
        overall=overall,
        asked=tuple(line for line in asked if line.kind is not Kind.NOTE),
    )


def one(question: Question, tally: Tally, survey: Survey) -> Asked:
    """One question; hidden where fewer than five had an opinion."""
    factor = next((factor.text for factor in survey.factors if factor.id == question.factor), "")
    line = Asked(id=question.id, kind=question.kind, text=question.text, factor=factor)
    n = _answers(question, tally)
    if n < FEWEST:
        return line
    top = mean = None
    bars: tuple[Bar, ...] = ()
    match question.kind:
        case Kind.LIKERT5:
            bars = tuple(Bar(level, "", 100 * tally.get(level, 0) / n) for level in _LEVELS)
            top = sum(bar.percent for bar in bars if bar.id in _TOP)
        case Kind.SINGLE | Kind.MULTIPLE:
            bars = tuple(Bar(choice.id, choice.text, 100 * tally.get(choice.id, 0) / n) for choice in question.choices)
        case Kind.YESNO:
            bars = tuple(Bar(id, "", 100 * tally.get(id, 0) / n) for id in ("yes", "no"))
        case Kind.NPS:
            mean = sum(score * tally.get(str(score), 0) for score in range(11)) / n
        case Kind.NUMBER:
            mean = tally.get("sum", 0) / n
        case _:
            pass
    return Asked(**_same(line), n=n, hidden=False, top=top, mean=mean, bars=bars)


def _same(line: Asked) -> dict[str, Any]:
    return {"id": line.id, "kind": line.kind, "text": line.text, "factor": line.factor}


def _answers(question: Question, tally: Tally) -> int:
    match question.kind:
        case Kind.LIKERT5:
            found = sum(tally.get(level, 0) for level in _LEVELS)
        case Kind.SINGLE:
            found = sum(tally.get(choice.id, 0) for choice in question.choices)
        case Kind.YESNO:
            found = tally.get("yes", 0) + tally.get("no", 0)
        case Kind.NPS:
            found = sum(tally.get(str(score), 0) for score in range(11))
        case Kind.MULTIPLE:
            found = tally.get("n", sum(count for key, count in tally.items() if key != "-"))
        case _:
            found = tally.get("n", 0)
    return round(found)
