"""A province and a period: what the figures of its communes come to, side by side.

Everything here is made of figures that each commune has published, small cells withheld already. Sums go over what is
shown and never over what is hidden, so that no hidden commune can be got back by subtracting the others from a total.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal

import msgspec

from reports.figures import Figures, Span
from reports.lettering import shortened
from reports.periods import Period
from reports.province_ranking import LEAST, Place, places, tells
from reports.sample_figures import Interval
from reports.survey_figures import Hidden, SurveyFigures
from surveys.statistics import Formula
from vietnam.text import sort_key

State = Literal["approved", "draft", "file"]
"""How figures came: from a report that the commune's leader approved, from its draft, from the file that it sent."""
Unranked = Literal["", "open", "few", "overlap"]
"""Why nobody is placed: whoever liked answered; fewer than two with enough answers; no two intervals apart."""


_LONGEST_TITLE = 120


class ScoreRow(msgspec.Struct, frozen=True, kw_only=True):
    """The overall question of one survey in one commune; `n` None where it is hidden. `place` only where placed.

    `estimate`: of a random sample only, what it says of the whole list and the 95 % interval.
    """

    commune: str
    responses: int
    n: int | None
    index: float | None
    hidden: Hidden = ""
    estimate: Interval | None = None
    until: date | None = None
    """The last day counted, where it is not that of the others."""
    place: Place | None = None


class Scores(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a survey, asked in one kind of wave, with one index: only these stand side by side.

    `n` and `index` are of all opinions of the communes that show any (`shown` of them); `mean` counts each of these
    communes the same. All three are None where fewer than two show any.
    """

    id: str
    title: str
    checksum: str
    kind: str
    formula: Formula
    rows: tuple[ScoreRow, ...]
    shown: int
    n: int | None = None
    index: float | None = None
    mean: float | None = None
    unranked: Unranked = ""


class CommuneRow(msgspec.Struct, frozen=True, kw_only=True):
    """One commune: its answers, its cases and its requests for dialogue.

    `timed` answers were owed by a promised day and given in the period, `in_time` of these by it; `missed` promised
    days passed without the answer; `overdue` cases waited at the end. `wishes` are requests for a dialogue; `held`
    dialogues and `receptions` took place, where `questions` were asked; `due` promises of these were to be kept.
    """

    name: str
    state: State
    until: date
    responses: int
    received: int
    answered: int
    open: int
    median_days: float | None
    timed: int
    in_time: int
    missed: int
    overdue: int
    wishes: int
    wishes_answered: int
    held: int
    receptions: int
    questions: int
    questions_answered: int
    due: int
    kept: int


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """Sums over the communes that are in."""

    responses: int
    received: int
    answered: int
    open: int
    timed: int
    in_time: int
    missed: int
    overdue: int
    wishes: int
    wishes_answered: int
    held: int
    receptions: int
    questions: int
    questions_answered: int
    due: int
    kept: int


class Province(msgspec.Struct, frozen=True, kw_only=True):
    """The roll-up of a province: `rows` by the alphabet, `missing` the communes without figures of this period.

    `several` are the surveys (their titles) of which communes asked different versions.
    """

    name: str
    period: Span
    made_on: date
    sample: bool
    rows: tuple[CommuneRow, ...]
    missing: tuple[str, ...]
    total: Totals
    scores: tuple[Scores, ...]
    alone: tuple[Scores, ...]
    """Surveys of which at most one commune shows a figure: there is nothing to put beside it."""
    several: tuple[str, ...]
    other_days: tuple[str, ...] = ()
    """Communes whose figures are of other days, as by another cut-off: named, and in no table and no sum."""

    @property
    def expected(self) -> int:
        """How many communes the province has."""
        return len(self.rows) + len(self.missing) + len(self.other_days)


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of one commune's figures while the others are read: a few hundred bytes of half a million."""

    row: CommuneRow
    span: Span
    sample: bool
    scores: tuple[tuple["Key", ScoreRow], ...]


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """What two figures must share to stand side by side; `alone` sets apart whose survey's file is not known."""

    id: str
    checksum: str
    kind: str
    formula: Formula
    question: str
    title: str
    alone: str = ""


def summary(figures: Figures, state: State) -> Summary:
    """One commune's part of the roll-up."""
    times, cases = figures.times, figures.cases
    dialogues, receptions = figures.sessions.dialogues, figures.sessions.receptions
    row = CommuneRow(
        name=figures.commune,
        state=state,
        until=figures.until,
        responses=sum(survey.responses for survey in figures.surveys),
        received=cases.received,
        answered=cases.answered,
        open=cases.open,
        median_days=cases.median_days,
        timed=times.answered,
        in_time=times.in_time,
        missed=figures.promises.missed,
        overdue=len(times.overdue),
        wishes=figures.dialogues.received,
        wishes_answered=figures.dialogues.answered,
        held=dialogues.held,
        receptions=receptions.held,
        questions=dialogues.questions + receptions.questions,
        questions_answered=dialogues.answered + receptions.answered,
        due=figures.sessions.promises.due,
        kept=figures.sessions.promises.kept,
    )
    scores = tuple(found for survey in figures.surveys if (found := _score(figures, survey)) is not None)
    return Summary(row=row, span=figures.period, sample=figures.sample, scores=scores)


def _score(figures: Figures, survey: SurveyFigures) -> tuple[Key, ScoreRow] | None:
    asked = survey.overall
    if asked is None:
        return None
    key = Key(
        id=survey.id,
        checksum=survey.checksum,
        kind=survey.kind,
        formula=survey.index,
        question=asked.id,
        title=shortened(survey.title, _LONGEST_TITLE),
        alone="" if survey.checksum else figures.commune,
    )
    return key, ScoreRow(
        commune=figures.commune,
        responses=survey.responses,
        n=asked.n,
        index=asked.index,
        hidden=asked.hidden,
        estimate=asked.estimate if survey.kind == "invited" and asked.index is not None else None,
        until=figures.until,
    )


def roll_up(name: str, period: Period, found: Iterable[Summary], missing: Iterable[str], *, made_on: date) -> Province:
    """The communes of a province put together, in the days that most of them counted; `period` where none did."""
    summaries = sorted(found, key=lambda one: sort_key(one.row.name))
    days = Counter((one.span.first, one.span.last) for one in summaries)
    common = days.most_common(1)[0][0] if days else None
    span = next((one.span for one in summaries if (one.span.first, one.span.last) == common), span_of(period))
    mine = [one for one in summaries if (one.span.first, one.span.last) == common]
    rows = tuple(one.row for one in mine)
    groups: dict[Key, list[ScoreRow]] = {}
    for one in mine:
        for key, score in one.scores:
            groups.setdefault(key, []).append(score)
    together = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0].id, item[0].kind, item[0].checksum))
    usual = max((row.until for row in rows), default=span.last)
    scores = [_scores(key, lines, usual) for key, lines in together]
    return Province(
        name=name,
        period=span,
        made_on=made_on,
        sample=any(one.sample for one in summaries),
        rows=rows,
        missing=tuple(sorted(missing, key=sort_key)),
        total=_totals(rows),
        scores=tuple(one for one in scores if one.shown > 1),
        alone=tuple(one for one in scores if one.shown <= 1),
        several=_several(groups),
        other_days=tuple(one.row.name for one in summaries if (one.span.first, one.span.last) != common),
    )


def span_of(period: Period) -> Span:
    """A period as it is printed."""
    return Span(
        key=period.key,
        kind=period.kind,
        month=period.month,
        title=period.title,
        short=period.short,
        first=period.first,
        last=period.last,
    )


def _several(groups: Iterable[Key]) -> tuple[str, ...]:
    versions: dict[str, set[tuple[str, str]]] = {}
    titles: dict[str, str] = {}
    for key in groups:
        versions.setdefault(key.id, set()).add((key.checksum, key.alone))
        titles.setdefault(key.id, key.title)
    return tuple(sorted((titles[id] for id, found in versions.items() if len(found) > 1), key=sort_key))


def _scores(key: Key, lines: Sequence[ScoreRow], usual: date) -> Scores:
    shown = [(line.n, line.index) for line in lines if line.n and line.index is not None]
    n = sum(many for many, _ in shown)
    placed, unranked = _placed(key, lines, usual)
    many = len(shown)
    return Scores(
        id=key.id,
        title=key.title,
        checksum=key.checksum,
        kind=key.kind,
        formula=key.formula,
        rows=tuple(
            msgspec.structs.replace(
                line, place=placed.get(line.commune), until=None if line.until == usual else line.until
            )
            for line in lines
        ),
        shown=many,
        n=n if many > 1 else None,
        index=sum(part * index for part, index in shown) / n if many > 1 else None,
        mean=sum(index for _, index in shown) / many if many > 1 else None,
        unranked=unranked,
    )


def _placed(key: Key, lines: Sequence[ScoreRow], usual: date) -> tuple[dict[str, Place], Unranked]:
    """Who is placed where: a random sample of enough answers in the same days, and an interval that meets no other."""
    if key.kind != "invited":
        return {}, "open"
    fit = [
        (line.commune, (found.low, found.high))
        for line in lines
        if (found := line.estimate) is not None and found.low is not None and found.high is not None
        if (line.n or 0) >= LEAST and line.until == usual
    ]
    if len(fit) < 2:
        return {}, "few"
    placed = places([span for _, span in fit])
    if not tells(placed):
        return {}, "overlap"
    return {commune: place for (commune, _), place in zip(fit, placed, strict=True)}, ""


def _totals(rows: Sequence[CommuneRow]) -> Totals:
    return Totals(**{name: sum(getattr(row, name) for row in rows) for name in Totals.__struct_fields__})
