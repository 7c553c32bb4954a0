"""How far a survey reaches: N and rate, intervals and change of random samples alone, the một cửa's numbers."""

import dataclasses
import re
from collections.abc import Mapping
from datetime import date

import pytest
from msgspec.structs import replace

from reports.composing import compose
from reports.document import Document, Heading, Paragraph, Stacked
from reports.figures import Figures, build
from reports.periods import parse
from reports.plans import plan
from reports.sample_figures import Interval, SampleFigures
from reports.source import AskedSurvey, SampleRows, Served
from reports.survey_figures import SurveyFigures
from surveys.definition import Answer, Factor, Kind, Question, Survey
from surveys.estimates import proportion
from surveys.samples import Invited, Stratum, counted
from tests.unit.report_source import COMMUNE, Answered, MemorySource

PLAN = plan("y_tich_2024")
MADE = date(2026, 11, 2)
SEPTEMBER, OCTOBER = date(2026, 9, 20), date(2026, 10, 12)
SURVEY = Survey(
    id="mot_cua",
    title="Phiếu thử",
    factors=(Factor(id="f", text="Yếu tố"),),
    questions=(
        Question(id="a", kind=Kind.LIKERT5, text="Câu A", factor="f"),
        Question(id="b", kind=Kind.LIKERT5, text="Câu B", factor="f"),
        Question(id="tot", kind=Kind.LIKERT5, text="Nhìn chung", overall=True),
    ),
)
CONTENT: Mapping[str, Answer] = {"a": 5, "b": 4, "tot": 5}
NOT_CONTENT: Mapping[str, Answer] = {"a": 2, "b": 4, "tot": 2}


def people(content: int, others: int, village: int = 11, day: date = OCTOBER) -> list[Answered]:
    said = [CONTENT] * content + [NOT_CONTENT] * others
    return [
        Answered(version=1, day=day, village=village, channel="webchat", answers=one, kind="invited") for one in said
    ]


def sample(*sizes: int, waves: int = 1, over: bool = True, elsewhere: int = 0, drawn: int = 40) -> SampleRows:
    strata = tuple(
        Stratum(id=11 + at, size=size, invited=min(drawn, size), answered=0) for at, size in enumerate(sizes)
    )
    return SampleRows(waves=waves, over=over, elsewhere=elsewhere, strata=strata)


def source_of(answered: list[Answered], known: SampleRows | None, kind: str = "invited") -> MemorySource:
    asked = AskedSurvey(version=1, survey=SURVEY, kind=kind, number=1)
    source = MemorySource(surveys=[asked], answered=[dataclasses.replace(one, kind=kind) for one in answered])
    if known is not None:
        source.samples[1] = known
    return source


def figures_of(source: MemorySource, key: str = "2026-10", made: date = MADE) -> Figures:
    return build(source, parse(key), PLAN, sample=False, made_on=made)


def the_survey(figures: Figures) -> SurveyFigures:
    (found,) = figures.surveys
    return found


def words(figures: Figures) -> str:
    document: Document = compose(figures, PLAN)
    return "\n".join(block.text for block in document.blocks if isinstance(block, Heading | Paragraph))


# --- intervals --------------------------------------------------------------------------------------------------------


def test_an_invited_wave_has_its_n_its_rate_and_an_interval_around_what_is_printed() -> None:
    source = source_of(people(24, 6), sample(200))

    found = the_survey(figures_of(source))

    assert found.sample == SampleFigures(size=200, invited=40, answered=30, rate=0.75, unweighted="one")
    told = proportion(counted(Invited(strata=(Stratum(size=200, invited=40, answered=30),)), {"5": 24, "2": 6}))
    assert told is not None
    assert found.overall is not None
    assert found.overall.index == 0.8
    assert found.overall.estimate == Interval(value=0.8, low=round(told.low or 0, 3), high=round(told.high or 0, 3))
    said = words(figures_of(source))
    assert "Danh sách có 200 người (hộ); chọn ngẫu nhiên và mời 40, có 30 trả lời, tỷ lệ trả lời 75,0%." in said
    assert re.search(
        r"Suy rộng cho cả danh sách 200 người \(hộ\): 80,0%, khoảng tin cậy 95% từ \d\d,\d% đến \d\d,\d%", said
    )
    assert "không tính khác biệt giữa người trả lời và người không trả lời" in said


def test_factors_and_questions_have_theirs_in_a_table_and_the_picture_shows_the_overall_one() -> None:
    document = compose(figures_of(source_of(people(24, 6), sample(200))), PLAN)

    (table,) = [one for one in document.tables() if "suy rộng" in one.caption]
    assert [row[0] for row in table.rows] == ["Nhìn chung", "Yếu tố: Yếu tố", "Câu A", "Câu B"]
    assert [row[1] for row in table.rows] == ["80,0%", "90,0%", "80,0%", "100,0%"]
    (bar,) = [chart.spec for chart in document.charts() if isinstance(chart.spec, Stacked)]
    assert bar.interval is not None
    assert bar.interval[0] < 0.8 < bar.interval[1]


def test_an_open_wave_has_none_of_it_and_says_that_it_speaks_for_nobody_else() -> None:
    figures = figures_of(source_of(people(24, 6), sample(200), kind="open"))

    found = the_survey(figures)
    assert (found.sample, found.change) == (None, None)
    assert [*(one.estimate for one in found.questions), *(one.estimate for one in found.factors)] == [None] * 4
    assert [chart.spec.interval for chart in compose(figures, PLAN).charts() if isinstance(chart.spec, Stacked)] == [
        None
    ]
    said = words(figures)
    assert "ý kiến tự nguyện, không suy rộng cho toàn xã" in said
    assert "30 qua trang trò chuyện trên mạng" in said
    assert "khoảng tin cậy" not in said.lower()
    assert "tỷ lệ trả lời" not in said


def test_villages_that_answered_at_other_rates_count_by_their_size() -> None:
    # Given a large content village and a small one that is not, with as many answers each
    source = source_of([*people(18, 2), *people(5, 15, 12)], sample(900, 100))

    found = the_survey(figures_of(source))

    assert found.sample is not None
    assert (found.sample.size, found.sample.weighted, found.sample.unweighted) == (1000, True, "")
    assert found.overall is not None
    assert found.overall.estimate is not None
    assert found.overall.index == 23 / 40
    assert found.overall.estimate.value == round(0.9 * 18 / 20 + 0.1 * 5 / 20, 3)
    assert "gia quyền theo số người của từng thôn" in words(figures_of(source))


@pytest.mark.parametrize(
    ("answered", "why", "said"),
    [
        ([*people(18, 2), *people(2, 2, 12)], "few", "có nơi dưới 5 phiếu"),
        ([*people(18, 2), *people(9, 0, 12), *people(5, 1, COMMUNE.id)], "blank", "có phiếu không ghi nơi ở"),
        ([*people(18, 2), *people(9, 0, 12), *people(5, 1, 19)], "elsewhere", "không khớp với danh sách mời"),
    ],
)
def test_where_villages_cannot_be_weighed_each_answer_counts_alike_and_why_is_said(
    answered: list[Answered], why: str, said: str
) -> None:
    figures = figures_of(source_of(answered, sample(900, 100)))

    found = the_survey(figures)
    assert found.sample is not None
    assert (found.sample.weighted, found.sample.unweighted) == (False, why)
    assert found.overall is not None
    assert found.overall.estimate is not None
    assert found.overall.estimate.value == round(found.overall.index or 0, 3)
    assert said in words(figures)


@pytest.mark.parametrize(
    ("known", "why", "said"),
    [
        (sample(200, waves=2), "waves", "gộp phiếu của nhiều đợt mời"),
        (sample(200, over=False), "running", "đợt mời chưa kết thúc"),
        (sample(200, elsewhere=20), "split", "nằm ở nhiều kỳ báo cáo"),
        (sample(), "frame", "không có số người trong danh sách mời"),
        (sample(200, drawn=20), "numbers", "số phiếu nhiều hơn số đã mời"),
    ],
)
def test_without_a_whole_sample_there_is_no_rate_and_no_interval_and_why_is_said(
    known: SampleRows, why: str, said: str
) -> None:
    figures = figures_of(source_of(people(24, 6), known))

    found = the_survey(figures)
    assert found.sample is not None
    assert (found.sample.why, found.sample.rate) == (why, None)
    assert {*(one.estimate for one in found.questions), *(one.estimate for one in found.factors)} == {None}
    assert said in words(figures)
    assert "khoảng tin cậy 95% từ" not in words(figures)


def test_a_few_answers_that_came_after_the_last_day_do_not_spoil_it() -> None:
    found = the_survey(figures_of(source_of(people(24, 6), sample(200, elsewhere=3))))

    assert found.sample is not None
    assert found.sample.why == ""


def test_everybody_of_the_list_is_the_list() -> None:
    said = words(figures_of(source_of(people(24, 6), sample(30))))

    assert "Cả 30 người (hộ) trong danh sách đều trả lời" in said
    assert "khoảng tin cậy 95% từ" not in said


def test_bounds_of_a_mean_do_not_stand_beside_levels_that_are_withheld() -> None:
    mean = replace(PLAN, index="mean")
    some = source_of([*people(20, 8), *people(0, 0)], sample(200))
    odd = source_of(
        [*people(20, 8), *[dataclasses.replace(one, answers={"tot": 1}) for one in people(2, 0)]], sample(200)
    )

    free, kept = (
        the_survey(build(one, parse("2026-10"), mean, sample=False, made_on=MADE)).overall for one in (some, odd)
    )

    assert free is not None
    assert free.estimate is not None
    assert kept is not None
    assert kept.withheld
    assert kept.estimate is None


# --- change -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "now", "statement", "said"),
    [
        ((20, 20), (36, 4), "rose", "có cơ sở để nói mức hài lòng tăng"),
        ((36, 4), (20, 20), "fell", "có cơ sở để nói mức hài lòng giảm"),
        ((30, 10), (32, 8), "no_clear_change", "chưa đủ cơ sở để nói mức hài lòng tăng hay giảm"),
    ],
)
def test_a_change_is_claimed_only_where_it_is_more_than_chance(
    before: tuple[int, int], now: tuple[int, int], statement: str, said: str
) -> None:
    source = source_of([*people(*before, day=SEPTEMBER), *people(*now)], sample(400))

    figures = figures_of(source)

    change = the_survey(figures).change
    assert change is not None
    assert change.statement == statement
    assert (change.low > 0, change.high < 0) == (statement == "rose", statement == "fell")
    told = words(figures)
    assert said in told
    assert len(re.findall(r"có cơ sở để nói|chưa đủ cơ sở để nói", told)) == 1


def test_an_open_wave_never_claims_a_change() -> None:
    source = source_of([*people(20, 20, day=SEPTEMBER), *people(38, 2)], sample(400), kind="open")

    said = words(figures_of(source))

    assert "Người trả lời hai kỳ có thể khác nhau nên chênh lệch chỉ để tham khảo." in said
    assert "cơ sở để nói" not in said


def test_two_waves_of_which_one_is_no_sample_are_not_compared() -> None:
    source = source_of([*people(20, 20, day=SEPTEMBER), *people(38, 2)], sample(400, over=False))

    said = words(figures_of(source))

    assert "Hai kỳ chưa đủ khoảng tin cậy để so sánh nên chênh lệch chỉ để tham khảo." in said


# --- the một cửa's N --------------------------------------------------------------------------------------------------


def at_the_counter(counts: list[Served], key: str = "2026-10", made: date = MADE, answered: int = 30) -> Figures:
    source = source_of(people(answered, 0), None, kind="open")
    source.surveys = [replace(one, one_stop=True) for one in source.surveys]
    source.counts = counts
    return figures_of(source, key, made)


def test_the_rate_is_of_those_served_by_month_and_field() -> None:
    counts = [Served(month="2026-10", field=field, count=n) for field, n in (("Đất đai", 400), ("Hộ tịch", 100))]

    figures = at_the_counter(counts)

    served = the_survey(figures).served
    assert served is not None
    assert (served.size, served.rate) == (500, 0.06)
    assert "bộ phận một cửa phục vụ 500 lượt; số phiếu trả lời (30) bằng 6,0% số lượt phục vụ" in words(figures)
    (table,) = [one for one in compose(figures, PLAN).tables() if "Số lượt phục vụ" in one.caption]
    assert table.rows == (("Đất đai", "400"), ("Hộ tịch", "100"), ("Tổng cộng", "500"))


def test_without_the_numbers_of_every_month_there_is_no_rate_and_the_months_are_named() -> None:
    counts = [Served(month="2026-10", field="", count=500)]

    figures = at_the_counter(counts, "2026-Q4", date(2027, 1, 4))

    served = the_survey(figures).served
    assert served is not None
    assert served.rate is None
    said = words(figures)
    assert "vì chưa có số lượt của tháng 11/2026, tháng 12/2026" in said
    assert "số lượt phục vụ." not in said


@pytest.mark.parametrize(
    ("key", "made", "count", "said"),
    [
        ("2026-10", date(2026, 10, 20), 500, "vì kỳ báo cáo chưa kết thúc"),
        ("2026-10", MADE, 29, "vì số lượt đã ghi (29) ít hơn số phiếu (30); xin kiểm tra lại"),
        ("2026-10", MADE, 0, "vì số lượt đã ghi (0) ít hơn số phiếu (30); xin kiểm tra lại"),
    ],
)
def test_what_cannot_be_a_rate_is_none_and_why_is_said(key: str, made: date, count: int, said: str) -> None:
    assert said in words(at_the_counter([Served(month="2026-10", field="", count=count)], key, made))


def test_days_that_are_no_whole_months_have_no_rate() -> None:
    source = source_of(people(30, 0), None, kind="open")
    source.surveys = [replace(one, one_stop=True) for one in source.surveys]
    source.counts = [Served(month=f"2026-{at:02d}", field="", count=500) for at in (9, 10)]

    figures = build(source, parse("2026-10", month="statutory"), PLAN, sample=False, made_on=MADE)

    assert "vì kỳ báo cáo không trọn các tháng dương lịch" in words(figures)


def test_a_survey_about_something_else_has_nothing_to_do_with_the_counter() -> None:
    source = source_of(people(30, 0), None, kind="open")
    source.counts = [Served(month="2026-10", field="", count=500)]

    figures = figures_of(source)

    assert the_survey(figures).served is None
    assert "một cửa" not in words(figures)


# --- the value --------------------------------------------------------------------------------------------------------


def test_the_same_answers_in_another_order_are_the_same_bytes() -> None:
    answered = [*people(18, 2), *people(5, 15, 12), *people(9, 3, day=SEPTEMBER)]

    one, two = (figures_of(source_of(order, sample(900, 100))) for order in (answered, answered[::-1]))

    assert one.encode() == two.encode()
    assert Figures.decode(one.encode()) == one


def test_figures_of_before_there_were_samples_are_still_read() -> None:
    new = figures_of(source_of(people(24, 6), sample(200)))
    raw = new.encode().decode()

    old = re.sub(r'"estimate":(null|\{[^}]*\}),?', "", raw)
    for name in ("change", "sample", "served"):
        old = re.sub(rf'"{name}":(null|\{{[^}}]*\}}),?', "", old)
    old = re.sub(r'"cuts":\[[^\]]*\],?', "", old).replace(",}", "}")

    assert the_survey(Figures.decode(old.encode())).sample is None


def test_the_same_number_is_never_printed_twice_in_two_ways() -> None:
    # 13 of 16 are 81,25 %: a half is rounded away from zero in the sentence and in the table alike
    document = compose(figures_of(source_of(people(13, 3), sample(200))), PLAN)

    (table,) = [one for one in document.tables() if "suy rộng" in one.caption]
    assert table.rows[0][1] == "81,3%"
    assert "81,3% hài lòng hoặc rất hài lòng" in words(figures_of(source_of(people(13, 3), sample(200))))
