"""The figures of one survey in a period: values only, every number already safe to publish."""

from datetime import date
from typing import Literal

import msgspec

from reports.cut_figures import Cut
from reports.sample_figures import ChangeFigures, Interval, SampleFigures
from reports.served_figures import ServedFigures
from surveys.statistics import Formula

Hidden = Literal["", "small", "linked"]
"""Why a number is not published: fewer than five answers, or a hidden number could be computed from it."""


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """One published number of answers, as a row of `published_cells`.

    `cut`: "all", "village:<id>", "channel:<id>" or "group:<question>:<choice>"; question "" counts responses.
    """

    version: int
    cut: str
    question: str
    n: int
    first: date
    last: date
    kind: str = "open"


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """How many chose one choice, None where that is withheld; `text` is empty where the catalogue names it."""

    id: str
    text: str
    count: int | None
    share: float | None


class Rank(msgspec.Struct, frozen=True, kw_only=True):
    """On which place, 1 is the first, a choice was put on average."""

    id: str
    text: str
    mean: float


class Before(msgspec.Struct, frozen=True, kw_only=True):
    """The same question in the period before."""

    n: int
    index: float | None


class QuestionFigures(msgspec.Struct, frozen=True, kw_only=True):
    """One question. `n` is None and everything else empty where it is hidden.

    likert5: `n` counts answers 1 to 5 (`counts`, from "rất không hài lòng"), `index` is a share of 1.
    single, multiple, yesno, nps: `options`; shares are of the `n` persons who answered. nps: `nps`, -100..100.
    number, decimal, range, calculated: `mean`. rank: `ranks`, best first. A count that is withheld beside the others
    is None (docs/decisions/0011). `stem` is what stands above the items of a matrix, or was asked before "Xin ghi rõ".
    """

    id: str
    kind: str
    text: str
    stem: str = ""
    factor: str = ""
    overall: bool = False
    n: int | None = None
    hidden: Hidden = ""
    counts: tuple[int | None, ...] = ()
    no_opinion: int | None = 0
    not_applicable: int | None = 0
    index: float | None = None
    mean: float | None = None
    nps: float | None = None
    options: tuple[Option, ...] = ()
    ranks: tuple[Rank, ...] = ()
    before: Before | None = None
    estimate: Interval | None = None
    """likert5 of an invited wave: what the sample says of the whole list."""

    @property
    def withheld(self) -> bool:
        """Whether a count of it is kept back beside others that are shown."""
        shown = (*self.counts, self.no_opinion, self.not_applicable, *(option.count for option in self.options))
        return None in shown


class FactorFigures(msgspec.Struct, frozen=True, kw_only=True):
    """A factor: the mean of its published questions. `n` is opinions, not persons; `questions` how many went in."""

    id: str
    text: str
    questions: int
    n: int
    index: float | None
    before: float | None
    estimate: Interval | None = None


class ChannelFigures(msgspec.Struct, frozen=True, kw_only=True):
    """Responses of a channel; id "" gathers blanked ones and channels too small to stand alone."""

    id: str
    n: int


class VillageFigures(msgspec.Struct, frozen=True, kw_only=True):
    """Answers to the overall question from one village; name "" is the part without a village."""

    id: int
    name: str
    n: int | None = None
    index: float | None = None
    hidden: Hidden = ""


class VillageCut(msgspec.Struct, frozen=True, kw_only=True):
    """The overall question by village, in a quarter or longer; `whole` is the commune in the same days."""

    period: str
    title: str
    first: date
    last: date
    whole: VillageFigures
    rows: tuple[VillageFigures, ...]


class TrendPoint(msgspec.Struct, frozen=True, kw_only=True):
    """The overall question in one month; `n` 0 where nobody answered."""

    period: str
    title: str
    first: date
    last: date
    n: int | None = None
    index: float | None = None
    hidden: Hidden = ""


class FactorTrend(msgspec.Struct, frozen=True, kw_only=True):
    """The index of one factor by month; a month in which not all of its questions may be shown has none."""

    id: str
    text: str
    points: tuple[TrendPoint, ...]


class SurveyFigures(msgspec.Struct, frozen=True, kw_only=True):
    """One frozen version of a survey. `kind` is open or invited; `index` names the index used throughout."""

    version: int
    number: int
    id: str
    title: str
    kind: str
    index: Formula
    responses: int
    responses_before: int
    channels: tuple[ChannelFigures, ...]
    questions: tuple[QuestionFigures, ...]
    factors: tuple[FactorFigures, ...]
    villages: VillageCut | None
    trend: tuple[TrendPoint, ...]
    factor_trend: tuple[FactorTrend, ...] = ()
    """In a quarter or longer."""
    source: str = ""
    note: str = ""
    """What the questionnaire was written after, and the line that its printed form ends with."""
    checksum: str = ""
    """SHA-256 of its file, "" in figures of before it was kept."""
    sample: SampleFigures | None = None
    """Of an invited wave alone."""
    change: ChangeFigures | None = None
    """Of the overall index against the period before, where both were random samples."""
    cuts: tuple[Cut, ...] = ()
    served: ServedFigures | None = None
    """Of a survey about the one-stop service."""

    @property
    def overall(self) -> QuestionFigures | None:
        """The question about the whole, or None where the survey has none."""
        return next((question for question in self.questions if question.overall), None)

    def likert(self) -> list[QuestionFigures]:
        """The satisfaction questions, in the order of the survey."""
        return [question for question in self.questions if question.kind == "likert5"]

    def others(self) -> list[QuestionFigures]:
        """Every other question that has figures, in the order of the survey."""
        return [question for question in self.questions if question.kind != "likert5"]
