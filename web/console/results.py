"""Answers in numbers, as of the last release: nothing that fewer than five said, nor what would give them away."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Connection
from starlette.responses import Response

from storage import reading_results
from storage.reading_results import Tally, WaveRow
from surveys.definition import Kind, Question, Survey
from surveys.statistics import MINIMUM, Formula, suppressed
from surveys.waves import Owner
from web.console.access import Desk, signed_in

if TYPE_CHECKING:
    from surveys.results import Bar as Counted
    from surveys.results import QuestionResult

FEWEST = MINIMUM
_CLOSED_SHOWN = 12
"""Of the questionnaires that nobody can answer any more, the newest so many."""
_NPS_GROUPS = {"9-10": range(9, 11), "7-8": range(7, 9), "0-6": range(7)}
_survey = msgspec.json.Decoder(Survey)


class Bar(msgspec.Struct, frozen=True):
    """A share of the answers to a question, in percent; None where it is withheld.

    `id` is a level, a choice, "yes" and "no", or a group of an NPS question ("9-10").
    """

    id: str
    label: str
    percent: float | None


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A question in numbers. `n` are answers that count; where `hidden`, they are too few to show.

    `top` is the satisfaction of a likert5 question in percent, by the plan's formula; `mean` that of numbers, `nps`
    a score of -100..100; `ranks` are the choices of a rank question with their mean place, best first.
    """

    id: str
    kind: Kind
    text: str
    stem: str
    factor: str
    n: int = 0
    hidden: bool = True
    top: float | None = None
    mean: float | None = None
    nps: float | None = None
    bars: tuple[Bar, ...] = ()
    ranks: tuple[tuple[str, float], ...] = ()


class Results(msgspec.Struct, frozen=True, kw_only=True):
    """A version asked in one kind of wave: `n` released responses, 0 where fewer than five are.

    `wave` is the newest of `waves`. `kept` are those whose results are sealed until their close; where there are no
    others nothing is `shown`. `channels`: responses by channel, "" for small and unknown ones together.
    """

    wave: WaveRow
    survey: Survey
    n: int
    overall: Asked | None
    asked: tuple[Asked, ...]
    formula: Formula = "top2"
    waves: tuple[WaveRow, ...] = ()
    kept: tuple[WaveRow, ...] = ()
    shown: bool = True
    channels: tuple[tuple[str, int], ...] = ()

    @property
    def withheld(self) -> bool:
        """Whether a bar is left out, so that it has to be said why."""
        return any(bar.percent is None for line in self.asked for bar in line.bars)


@signed_in("survey.figures")
async def results(desk: Desk) -> Response:
    """Surveys that can be answered now, and below them those that are closed."""
    formula, now = desk.services.formula(), desk.services.now()

    def look(conn: Connection) -> dict[str, Any]:
        found = [_group(conn, waves, formula, now) for waves in reading_results.waves_by_version(conn, desk.unit)]
        closed = [one for one in found if not _running(one) and (one.n or one.kept)]
        return {"results": [one for one in found if _running(one)], "closed": closed[:_CLOSED_SHOWN]}

    return await desk.show("console/results.html", look, fewest=FEWEST)


def _running(found: Results) -> bool:
    return any(wave.state == "open" for wave in found.waves)


def _group(conn: Connection, waves: list[WaveRow], formula: Formula, now: int) -> Results:
    kept = tuple(
        wave
        for wave in waves
        if (wave.sealed or wave.owner == Owner.FRONT) and not reading_results.over(conn, wave, now)
    )
    newest = waves[0]
    # Of a sealed wave nothing is released; what is released of one that is not sealed cannot be taken out of the sum.
    if len(kept) == len(waves) or not all(wave.sealed for wave in kept):
        survey = _survey.decode(newest.body)
        return Results(
            wave=newest, survey=survey, n=0, overall=None, asked=(), waves=tuple(waves), kept=kept, shown=False
        )
    found = counted(newest, reading_results.tallies(conn, newest.version, newest.kind), formula)
    by_channel = reading_results.channels(conn, newest.version, newest.kind)
    more = {"waves": tuple(waves), "kept": kept, "channels": channels(by_channel) if found.n else ()}
    return msgspec.structs.replace(found, **more)


def channels(responses: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """Responses by channel, most first; the small ones and those of no known channel together, last, as ""."""
    gone = suppressed(dict(sorted(responses.items())))
    shown = [(id, n) for id, n in sorted(responses.items(), key=lambda pair: -pair[1]) if id and id not in gone]
    rest = sum(responses.values()) - sum(n for _id, n in shown)
    return (*shown, ("", rest)) if rest else tuple(shown)


def counted(wave: WaveRow, tallies: Mapping[str, Tally], formula: Formula = "top2") -> Results:
    """What may be shown of a survey's counts."""
    # Not for an idle server: what an officer looks at once a day need not stand in memory all the time.
    from surveys.results import results as figures
    from surveys.samples import Open

    survey = _survey.decode(wave.body)
    n = int(tallies.get("", {}).get("n", 0))
    found = figures(survey, Open(answered=n), tallies, formula=formula)
    if found.withheld:
        return Results(wave=wave, survey=survey, n=0, overall=None, asked=(), formula=formula)
    by_id = {one.id: one for one in found.questions}
    asked: list[Asked] = []
    for question in survey.questions:
        if question.kind is Kind.CALCULATED:
            asked += _calculated(survey, question, by_id[question.id])
        elif question.kind is not Kind.NOTE:
            asked.append(_one(survey, question, by_id[question.id]))
    overall = next((line for line in asked if found.overall is not None and line.id == found.overall.id), None)
    return Results(wave=wave, survey=survey, n=n, overall=overall, asked=tuple(asked), formula=formula)


def _line(survey: Survey, question: Question, **found: Any) -> Asked:  # noqa: ANN401 - handed on as it came
    factor = next((factor.text for factor in survey.factors if factor.id == question.factor), "")
    return Asked(id=question.id, kind=question.kind, text=question.text, stem=question.stem, factor=factor, **found)


def _one(survey: Survey, question: Question, one: "QuestionResult") -> Asked:
    """One question; hidden where fewer than five gave an answer that counts."""
    if one.withheld or not one.n:
        return _line(survey, question)
    bars: tuple[Bar, ...] = ()
    ranks: tuple[tuple[str, float], ...] = ()
    match question.kind:
        case Kind.LIKERT5:
            bars = tuple(_bar(bar) for bar in reversed(one.distribution))
        case Kind.NPS:
            bars = tuple(_nps_bars(one.distribution, one.n))
        case Kind.RANK:
            ranks = tuple((rank.text, rank.mean) for rank in one.ranks)
        case _:
            bars = tuple(_bar(bar) for bar in one.distribution)
    top = 100 * one.share if question.kind is Kind.LIKERT5 and one.share is not None else None
    mean = one.mean if question.kind is not Kind.LIKERT5 else None
    return _line(survey, question, n=one.n, hidden=False, top=top, mean=mean, nps=one.nps, bars=bars, ranks=ranks)


def _bar(bar: "Counted") -> Bar:
    return Bar(bar.id, bar.text, None if bar.share is None else 100 * bar.share)


def _nps_bars(distribution: Iterable["Counted"], n: int) -> Iterable[Bar]:
    """The three groups of an NPS question; one with a level that is withheld is withheld."""
    shown = {bar.id: bar.count for bar in distribution}
    for name, levels in _NPS_GROUPS.items():
        parts = [shown[str(level)] for level in levels]
        known = [part for part in parts if part is not None]
        yield Bar(name, "", None if len(known) < len(parts) else 100 * sum(known) / n)


def _calculated(survey: Survey, question: Question, one: "QuestionResult") -> Iterable[Asked]:
    """The mean of a calculated number, unless it would tell of questions with counts that are withheld."""
    if one.mean is not None and one.n:
        yield _line(survey, question, n=one.n, hidden=False, mean=one.mean)
