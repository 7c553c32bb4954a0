"""Every figure of a report, as one value that is stored, printed and compared."""

from collections.abc import Iterable
from datetime import date

import msgspec

from reports.case_figures import CaseFigures, case_figures
from reports.periods import Kind, Month, Period, months_to, previous
from reports.plans import Plan, SatisfactionTarget
from reports.source import Source
from reports.survey_counting import TREND_MONTHS, Counting
from reports.survey_figures import Cell, SurveyFigures

CASE_KINDS = ("feedback", "petition", "suggestion", "praise", "conduct", "business")
DIALOGUE_KINDS = ("dialogue",)


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """A period as it is printed."""

    key: str
    kind: Kind
    month: Month
    title: str
    short: str
    first: date
    last: date


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of one commune in one period.

    `until` is the last day that was counted: the end of the period, or the day of making where that comes first.
    """

    commune: str
    province: str
    villages: int
    period: Span
    before: Span
    until: date
    made_on: date
    plan: str
    sample: bool
    target: SatisfactionTarget | None
    surveys: tuple[SurveyFigures, ...]
    cases: CaseFigures
    dialogues: CaseFigures
    published: tuple[Cell, ...]

    def cells(self) -> tuple[Cell, ...]:
        """Every survey cell that this report publishes: what a later one must be checked against."""
        return self.published

    def encode(self) -> bytes:
        """JSON; the same figures are always the same bytes."""
        return msgspec.json.encode(self, order="deterministic")

    @staticmethod
    def decode(raw: bytes) -> "Figures":
        """The figures that `encode` wrote; msgspec.ValidationError for anything else."""
        return msgspec.json.decode(raw, type=Figures)


def build(
    source: Source, period: Period, plan: Plan, *, sample: bool, made_on: date, earlier: Iterable[Cell] = ()
) -> Figures:
    """The figures of `period`, as known on `made_on`.

    `earlier` are the cells that other reports have published: what could be computed by setting this report beside
    them is withheld here. ValueError where the period has not begun on `made_on`.
    """
    if period.first > made_on:
        raise ValueError(f"{period.key} begins on {period.first}, after {made_on}")
    until = min(period.last, made_on)
    known = tuple(earlier)
    commune = source.commune()
    counted = [
        Counting(source, asked, period, until=until, formula=plan.index, earlier=known).figures()
        for asked in source.asked(period.first, until)
    ]
    before, months = previous(period), months_to(period, TREND_MONTHS)
    return Figures(
        commune=commune.name,
        province=commune.province,
        villages=len(commune.villages),
        period=_span(period),
        before=_span(before),
        until=until,
        made_on=made_on,
        plan=plan.id,
        sample=sample,
        target=plan.satisfaction_target,
        surveys=tuple(figures for figures, _ in counted),
        cases=case_figures(source, CASE_KINDS, period, before, months, until),
        dialogues=case_figures(source, DIALOGUE_KINDS, period, before, months, until),
        published=tuple(cell for _, cells in counted for cell in cells),
    )


def _span(period: Period) -> Span:
    return Span(
        key=period.key,
        kind=period.kind,
        month=period.month,
        title=period.title,
        short=period.short,
        first=period.first,
        last=period.last,
    )
