"""What the pictures of a report show: the same numbers as the figures, in words too, apart in grey."""

from datetime import date
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from reports import case_pictures, pictures
from reports.chart_style import HEAT, LEVELS, LONGEST, MOST_LINES, folded, hatched
from reports.charts import draw
from reports.composing import compose
from reports.document import Bars, Calendar, Chart, Dots, Likert, Line, Pairs, Panels, Stacked
from reports.figures import Figures, build
from reports.periods import parse
from reports.phrases import Phrases
from reports.plans import SatisfactionTarget, plan
from reports.source import Answered
from reports.texts import texts
from tests.unit.report_source import MemorySource, lively

PLAN = plan("y_tich_2024")
MADE = date(2026, 11, 2)


def busy() -> MemorySource:
    """The lively commune with promised days kept and not kept."""
    source, rng = lively(), Random(5)
    for line in source.lines:
        if line.answered:
            kept = rng.random() < 0.8
            source.timed.append(
                Answered(
                    kind=line.kind,
                    category=line.category,
                    village=line.village,
                    works="",
                    day=line.answered,
                    in_time=kept,
                    by_first_day=kept,
                )
            )
    return source


def figures_of(key: str) -> Figures:
    return build(busy(), parse(key), PLAN, sample=False, made_on=MADE)


@pytest.fixture(scope="module")
def quarter() -> Figures:
    return figures_of("2026-Q3")


def phrases(figures: Figures) -> Phrases:
    return Phrases(figures, texts())


def charts(figures: Figures) -> dict[str, Chart]:
    return {chart.name: chart for chart in compose(figures, PLAN).charts()}


def test_a_month_has_few_pictures_and_a_quarter_those_that_need_more_days(quarter: Figures) -> None:
    always = {"overall", "factors", "villages", "trend", "cases", "ontime", "dialogues"}

    assert set(charts(figures_of("2026-10"))) <= always
    assert set(charts(quarter)) == always | {"questions", "factortrends"}


def test_a_factor_is_drawn_as_the_mean_of_its_questions_and_its_end_is_its_index(quarter: Figures) -> None:
    survey = quarter.surveys[0]
    chart = pictures.scales(phrases(quarter), survey, "factors")
    assert chart is not None
    assert isinstance(chart.spec, Likert)

    by_name = {factor.text: factor for factor in survey.factors}
    for row in chart.spec.rows:
        index = by_name[row.label].index
        high = sum(part.share for part in row.parts if part.level is not None and part.level >= 3)
        assert sum(part.share for part in row.parts) == pytest.approx(1)
        assert high == pytest.approx(index)
        assert row.label in chart.alt


def test_a_level_that_any_of_its_questions_withholds_is_in_no_picture_of_the_factor(quarter: Figures) -> None:
    survey = quarter.surveys[0]
    chart = pictures.scales(phrases(quarter), survey, "factors")
    assert chart is not None
    assert isinstance(chart.spec, Likert)

    withheld = {
        factor.text: {
            level
            for one in survey.likert()
            if one.factor == factor.id
            for level, count in enumerate(one.counts)
            if count is None
        }
        for factor in survey.factors
    }
    assert any(withheld.values()), "nothing is withheld here"
    for row in chart.spec.rows:
        assert not {part.level for part in row.parts} & withheld[row.label]
        assert (None in {part.level for part in row.parts}) == bool(withheld[row.label])
    assert chart.foot


def test_the_bars_of_the_target_are_drawn_only_where_a_plan_has_one(quarter: Figures) -> None:
    survey = quarter.surveys[0]
    assert pictures.factors(phrases(quarter), survey, "target") is None

    aimed = replace(quarter, target=SatisfactionTarget(value=0.9, source="Nghị quyết 76/NQ-CP"))

    chart = pictures.factors(phrases(aimed), survey, "target")
    line = pictures.trend(phrases(aimed), survey, "trend")
    assert chart is not None
    assert line is not None
    assert isinstance(chart.spec, Bars)
    assert isinstance(line.spec, Line)
    assert chart.spec.target == line.spec.target == 0.9
    assert "Nghị quyết 76/NQ-CP" in " ".join(str(block) for block in compose(aimed, PLAN).blocks)


def test_the_whole_is_braced_with_its_index_and_n(quarter: Figures) -> None:
    survey = quarter.surveys[0]
    chart = charts(quarter)["overall"]
    assert isinstance(chart.spec, Stacked)
    assert survey.overall is not None

    assert chart.spec.reach == survey.overall.index
    assert f"trên {survey.overall.n} người trả lời" in chart.spec.reach_text
    assert chart.spec.interval is None, "anybody could answer"
    assert chart.spec.reach_text in chart.alt


def test_the_flow_of_cases_ends_with_what_is_open(quarter: Figures) -> None:
    chart = charts(quarter)["cases"]
    assert isinstance(chart.spec, Pairs)

    assert chart.spec.under[-1] == f"còn {quarter.cases.open}"
    for (received, answered), month in zip(chart.spec.values, quarter.cases.months, strict=True):
        assert (received, answered) == (month.received, month.answered)
        assert f"{month.title} tiếp nhận {received}, trả lời {answered}" in chart.alt
    # What is left at the end of a month is what was left before, and came, and did not go.
    for before, after in pairwise(quarter.cases.months):
        assert before.open is not None
        assert after.open == before.open + after.received - after.answered


def test_the_calendar_has_every_case_on_its_day(quarter: Figures) -> None:
    busy_days = replace(quarter, cases=replace(quarter.cases, by_day=tuple(at % 3 for at in range(92))))

    chart = case_pictures.days(phrases(busy_days), busy_days.cases)

    assert chart is not None
    assert isinstance(chart.spec, Calendar)
    assert chart.spec.first == date(2026, 7, 1)
    assert chart.spec.months == ("Tháng 7", "Tháng 8", "Tháng 9")
    assert f"tất cả {sum(chart.spec.counts)}" in chart.alt
    assert "nhiều nhất 2 vào ngày 03/7/2026" in chart.alt or "nhiều nhất 2 vào ngày 03/07/2026" in chart.alt
    assert sum(quarter.cases.by_day) == quarter.cases.received


def test_a_calendar_of_few_cases_is_none(quarter: Figures) -> None:
    few = replace(quarter, cases=replace(quarter.cases, by_day=(1,) * 9 + (0,) * 83))

    assert case_pictures.days(phrases(few), few.cases) is None


def test_fields_with_hardly_an_answer_are_not_compared(quarter: Figures) -> None:
    chart = case_pictures.on_time(phrases(quarter))
    assert chart is not None
    assert isinstance(chart.spec, Bars)

    enough = [one for one in quarter.times.categories if one.answered >= case_pictures.LEAST]
    assert len(chart.spec.rows) == len(enough)
    assert [row.value for row in chart.spec.rows] == sorted((row.value or 0 for row in chart.spec.rows), reverse=True)
    alone = replace(quarter, times=replace(quarter.times, categories=tuple(enough[:1])))
    assert case_pictures.on_time(phrases(alone)) is None


def test_factors_by_month_are_those_of_the_reports_of_the_months(quarter: Figures) -> None:
    chart = charts(quarter)["factortrends"]
    assert isinstance(chart.spec, Panels)
    month = figures_of("2026-09").surveys[0]

    shown = {panel.title: panel.rows[-1].value for panel in chart.spec.panels}

    known = {factor.text: factor.index for factor in month.factors}
    assert {title: value for title, value in shown.items() if value is not None}
    for title, value in shown.items():
        if value is not None:
            assert value == pytest.approx(known[title])


def test_a_quarter_publishes_every_cell_that_its_small_lines_are_made_of(quarter: Figures) -> None:
    survey = quarter.surveys[0]
    shown = [point for factor in survey.factor_trend for point in factor.points if point.index is not None]
    asked = [question.id for question in survey.likert() if question.factor]

    cells = {(cell.question, cell.first, cell.last) for cell in quarter.cells() if cell.cut == "all"}

    assert shown
    for question in asked:
        assert (question, date(2026, 9, 1), date(2026, 9, 30)) in cells


# --- the look ---------------------------------------------------------------------------------------------------------


def grey(color: str) -> float:
    """How light a colour is on a printer without colours (ITU-R BT.601), 0 to 255."""
    red, green, blue = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue


def test_levels_that_stand_side_by_side_are_told_apart_in_grey() -> None:
    for low, high in pairwise(range(5)):
        assert abs(grey(LEVELS[low]) - grey(LEVELS[high])) > 30 or hatched(low) != hatched(high)
    # The two ends look alike in grey but for the lines across one of them.
    assert hatched(0) != hatched(4)


def test_more_is_darker() -> None:
    lights = [grey(color) for color in HEAT]

    assert all(high - low > 20 for low, high in pairwise(reversed(lights)))


@given(st.text(st.characters(categories=("L", "N", "Zs", "P")), min_size=1, max_size=300))
@settings(max_examples=60)
def test_a_name_is_folded_to_few_short_lines(name: str) -> None:
    lines = folded(name).split("\n")

    assert len(lines) <= MOST_LINES
    assert max(map(len, lines)) <= LONGEST


def test_the_same_chart_is_the_same_file(quarter: Figures) -> None:
    for chart in charts(quarter).values():
        assert draw(chart) == draw(chart), chart.name


def test_villages_stay_in_the_order_of_the_alphabet_over_their_pictures(quarter: Figures) -> None:
    (chart,) = pictures.villages(phrases(quarter), quarter.surveys[0], "villages")
    assert isinstance(chart.spec, Dots)
    cut = quarter.surveys[0].villages
    assert cut is not None

    assert [row.value for row in chart.spec.rows] == [row.index for row in cut.rows]
