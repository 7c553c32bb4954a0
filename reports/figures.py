"""Every figure of a report, as one value that is stored, printed and compared."""

from collections.abc import Iterable
from datetime import date

import msgspec

from reports.case_figures import CaseFigures, case_figures
from reports.dialogue_figures import SessionFigures, session_figures
from reports.help_figures import HelpFigures, help_figures
from reports.late_figures import LateFigures
from reports.mood_figures import MoodFigures, mood_figures
from reports.official_ratios import OfficialRatios, official_ratios
from reports.open_cases import PublicFigures, public_figures
from reports.periods import Kind, Month, Period, previous, trend
from reports.plans import Plan, SatisfactionTarget
from reports.promise_figures import PromiseFigures, promise_figures
from reports.source import Source
from reports.survey_counting import Counting
from reports.survey_figures import Cell, SurveyFigures
from reports.time_figures import TimeFigures, time_figures

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
    promises: PromiseFigures = PromiseFigures()
    help: HelpFigures = HelpFigures()
    times: TimeFigures = TimeFigures()
    sessions: SessionFigures = SessionFigures()
    mood: MoodFigures = MoodFigures()
    official: OfficialRatios = OfficialRatios()
    public: PublicFigures = PublicFigures()
    late: LateFigures | None = None
    """What came after the report before this one was issued."""

    cut_off: date | None = None
    """The last day that a plan's report counts, where that comes before the end of its period."""
    issue_by: date | None = None
    """The last day on which a plan's report can be issued; None where no plan asks for it."""

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
    source: Source,
    period: Period,
    plan: Plan,
    *,
    sample: bool,
    made_on: date,
    earlier: Iterable[Cell] = (),
    cut_off: date | None = None,
    issue_by: date | None = None,
    trend_by: Month | None = None,
) -> Figures:
    """The figures of `period`, as known on `made_on`, counted until `cut_off` where a plan's day comes before its end.

    `earlier` are the cells that other reports have published: what could be computed by setting this report beside
    them is withheld here. `trend_by`: the months of a trend, where they are not those of the period. ValueError where
    the period has not begun on `made_on`.
    """
    if period.first > made_on:
        raise ValueError(f"{period.key} begins on {period.first}, after {made_on}")
    until = min(period.last, made_on, cut_off or period.last)
    known = tuple(earlier)
    commune = source.commune()
    before, months = previous(period), trend(period, until, trend_by or period.month)
    counted = [
        Counting(source, asked, period, until=until, formula=plan.index, earlier=known, months=months).figures()
        for asked in source.asked(period.first, until)
    ]
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
        promises=promise_figures(source, (*CASE_KINDS, *DIALOGUE_KINDS), period, before, until=until, made_on=made_on),
        help=help_figures(source, period, until),
        times=time_figures(source, (*CASE_KINDS, *DIALOGUE_KINDS), period, before, until),
        sessions=session_figures(source, period, before, until=until, made_on=made_on),
        mood=mood_figures(source, period, [figures for figures, _ in counted], until),
        official=official_ratios(source, period, until),
        public=public_figures(source, (CASE_KINDS, DIALOGUE_KINDS), period, before, until=until, made_on=made_on),
        cut_off=cut_off if cut_off is not None and cut_off < period.last else None,
        issue_by=issue_by,
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
