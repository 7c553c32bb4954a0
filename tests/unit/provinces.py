"""Figures of made-up communes of one province, as their own reports would publish them."""

from collections.abc import Sequence
from datetime import date

from msgspec.structs import replace

from reports.figures import Figures, build
from reports.periods import Period, parse
from reports.plans import plan
from reports.sample_figures import Interval
from reports.survey_figures import QuestionFigures, SurveyFigures
from tests.unit.report_source import MemorySource, empty, lively

PROVINCE = "tỉnh Lạng Sơn"
MADE_ON = date(2026, 11, 2)
OCTOBER = parse("2026-10")
PLAN = plan("y_tich_2024")
ONE_FILE = "a" * 64


def figures_of(
    name: str, *surveys: SurveyFigures, period: Period = OCTOBER, source: MemorySource | None = None
) -> Figures:
    """A commune with these surveys, and the cases of `source`."""
    found = build(source or empty(), period, PLAN, sample=False, made_on=MADE_ON)
    return replace(found, commune=name, province=PROVINCE, surveys=tuple(surveys))


def lively_figures(name: str) -> Figures:
    """A commune in which a lot happens, counted from its answers and cases."""
    return replace(build(lively(), OCTOBER, PLAN, sample=False, made_on=MADE_ON), commune=name, province=PROVINCE)


def asked(
    n: int | None,
    index: float | None,
    span: Sequence[float] = (),
    *,
    kind: str = "",
    checksum: str = ONE_FILE,
    id: str = "hai_long",
) -> SurveyFigures:
    """A survey with its overall question alone; a `span` makes it one of a random sample."""
    kind = kind or ("invited" if span else "open")
    estimate = Interval(value=index or 0, low=span[0], high=span[1]) if span else None
    question = QuestionFigures(
        id="chung",
        kind="likert5",
        text="Nhìn chung?",
        overall=True,
        n=n,
        hidden="" if n is not None else "small",
        index=index,
        estimate=estimate,
    )
    return SurveyFigures(
        version=1,
        number=1,
        id=id,
        title="Phiếu hài lòng",
        kind=kind,
        index="top2",
        responses=n if n is not None else 3,
        responses_before=0,
        channels=(),
        questions=(question,),
        factors=(),
        villages=None,
        trend=(),
        checksum=checksum,
    )
