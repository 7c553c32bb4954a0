"""Figures: sums are right, small cells stay hidden, and nothing is claimed that the plan does not say."""

from collections.abc import Mapping
from datetime import date

import pytest
from msgspec.structs import replace

from reports.figures import Figures, build
from reports.periods import parse
from reports.plans import SatisfactionTarget, plan
from reports.source import AskedSurvey, CaseLine, Unit
from reports.survey_figures import SurveyFigures
from surveys.definition import Answer, Choice, Factor, Kind, Question, Survey
from tests.unit.report_source import COMMUNE, Answered, MemorySource, empty, lively

PLAN = plan("y_tich_2024")
MADE = date(2026, 11, 2)
OCTOBER = date(2026, 10, 12)
SURVEY = Survey(
    id="thu",
    title="Phiếu thử",
    factors=(Factor(id="f", text="Yếu tố"),),
    questions=(
        Question(id="a", kind=Kind.LIKERT5, text="Câu A", factor="f"),
        Question(id="b", kind=Kind.LIKERT5, text="Câu B", factor="f", not_applicable="Chưa làm"),
        Question(id="tot", kind=Kind.LIKERT5, text="Nhìn chung", overall=True),
        Question(id="s", kind=Kind.SINGLE, text="Một", choices=(Choice(id="x", text="X"), Choice(id="y", text="Y"))),
        Question(
            id="m", kind=Kind.MULTIPLE, text="Nhiều", choices=(Choice(id="x", text="X"), Choice(id="y", text="Y"))
        ),
        Question(id="j", kind=Kind.YESNO, text="Có không"),
        Question(id="p", kind=Kind.NPS, text="Giới thiệu"),
        Question(id="k", kind=Kind.NUMBER, text="Mấy lần"),
        Question(id="t", kind=Kind.TEXT, text="Ý kiến"),
        Question(id="note", kind=Kind.NOTE, text="Xin đọc"),
    ),
)


def answered(
    day: date, village: int, count: int, answers: Mapping[str, Answer], channel: str = "webchat"
) -> list[Answered]:
    return [Answered(version=1, day=day, village=village, channel=channel, answers=answers) for _ in range(count)]


def source_of(*groups: list[Answered], kind: str = "open") -> MemorySource:
    asked = AskedSurvey(version=1, survey=SURVEY, kind=kind, number=1)
    return MemorySource(surveys=[asked], answered=[one for group in groups for one in group])


def figures_of(source: MemorySource, key: str = "2026-10") -> Figures:
    return build(source, parse(key), PLAN, sample=False, made_on=MADE)


def only_survey(figures: Figures) -> SurveyFigures:
    (found,) = figures.surveys
    return found


def case(kind: str = "feedback", *, opened: date, answered: date | None = None, village: int | None = 11) -> CaseLine:
    return CaseLine(kind=kind, category="roads", village=village, opened=opened, answered=answered)


def test_every_kind_of_question_is_counted_its_own_way() -> None:
    # Given ten who answer alike and ten who answer otherwise
    first: dict[str, Answer] = {
        "a": 5,
        "b": 9,
        "tot": 4,
        "s": "x",
        "m": ("x", "y"),
        "j": "yes",
        "p": 10,
        "k": 2,
        "t": "Tốt",
    }
    second: dict[str, Answer] = {"a": 2, "b": 4, "tot": 0, "s": "y", "m": ("y",), "j": "no", "p": 4, "k": 3, "t": None}

    found = only_survey(figures_of(source_of(answered(OCTOBER, 11, 10, first), answered(OCTOBER, 12, 10, second))))

    by_id = {question.id: question for question in found.questions}
    assert (by_id["a"].n, by_id["a"].counts, by_id["a"].index) == (20, (0, 10, 0, 0, 10), 0.5)
    assert (by_id["b"].n, by_id["b"].not_applicable, by_id["b"].index) == (10, 10, 1.0)
    assert (by_id["tot"].n, by_id["tot"].no_opinion, by_id["tot"].overall) == (10, 10, True)
    assert [(option.text, option.count, option.share) for option in by_id["s"].options] == [
        ("X", 10, 0.5),
        ("Y", 10, 0.5),
    ]
    assert [(option.id, option.count, option.share) for option in by_id["m"].options] == [
        ("x", 10, 0.5),
        ("y", 20, 1.0),
    ]
    assert [(option.id, option.count) for option in by_id["j"].options] == [("yes", 10), ("no", 10)]
    assert (by_id["p"].n, by_id["p"].nps, by_id["k"].mean) == (20, 0.0, 2.5)
    assert (by_id["t"].n, by_id["t"].options) == (10, ())
    assert "note" not in by_id


def test_a_factor_is_the_mean_of_its_questions() -> None:
    source = source_of(answered(OCTOBER, 11, 6, {"a": 5, "b": 1}), answered(OCTOBER, 11, 6, {"a": 4, "b": 4}))

    (factor,) = only_survey(figures_of(source)).factors

    assert (factor.questions, factor.n, factor.index) == (2, 24, 0.75)


def test_a_question_that_is_hidden_is_in_no_factor() -> None:
    source = source_of(answered(OCTOBER, 11, 6, {"a": 5}), answered(OCTOBER, 11, 4, {"a": 5, "b": 1}))

    found = only_survey(figures_of(source))

    (factor,) = found.factors
    assert (factor.questions, factor.index) == (1, 1.0)
    assert next(question.hidden for question in found.questions if question.id == "b") == "small"


def test_the_index_is_the_plans_and_is_named() -> None:
    source = source_of(answered(OCTOBER, 11, 6, {"tot": 4}))

    top2 = build(source, parse("2026-10"), PLAN, sample=False, made_on=MADE)
    mean = build(source, parse("2026-10"), replace(PLAN, index="mean"), sample=False, made_on=MADE)

    for figures, name, value in ((top2, "top2", 1.0), (mean, "mean", 0.75)):
        survey = only_survey(figures)
        assert survey.overall is not None
        assert (survey.index, survey.overall.index) == (name, value)


def test_a_wave_of_four_publishes_only_how_many_there_were() -> None:
    found = figures_of(source_of(answered(OCTOBER, 11, 4, {"a": 5, "tot": 5, "j": "yes"})))

    survey = only_survey(found)
    assert survey.responses == 4
    assert {question.hidden for question in survey.questions if question.id in {"a", "tot", "j"}} == {"small"}
    assert found.cells() == ()


def test_small_channels_are_put_together() -> None:
    source = source_of(
        answered(OCTOBER, 11, 30, {"tot": 4}),
        answered(OCTOBER, 11, 9, {"tot": 4}, "zalo_oa"),
        answered(OCTOBER, 11, 3, {"tot": 4}, "telegram"),
    )

    channels = only_survey(figures_of(source)).channels

    assert [(channel.id, channel.n) for channel in channels] == [("webchat", 30), ("", 12)]


def test_a_month_shows_the_villages_of_its_quarter_and_a_quarter_its_own() -> None:
    source = source_of(
        answered(date(2026, 8, 5), 11, 8, {"tot": 5}),
        answered(OCTOBER, 12, 30, {"tot": 2}),
        answered(OCTOBER, 11, 9, {"tot": 5}),
    )

    month = only_survey(figures_of(source)).villages
    quarter = only_survey(build(source, parse("2026-Q4"), PLAN, sample=False, made_on=date(2027, 1, 4))).villages

    assert month is not None
    assert quarter is not None
    assert (month.title, month.first, month.last) == ("Quý III/2026", date(2026, 7, 1), date(2026, 9, 30))
    assert {row.name: row.n for row in month.rows if row.n} == {"thôn Phố Cũ": 8}
    assert {row.name: row.n for row in quarter.rows if row.n} == {"thôn Phố Cũ": 9, "thôn Đồng Ngầu": 30}


def test_villages_stand_in_the_order_of_the_alphabet() -> None:
    cut = only_survey(figures_of(lively())).villages

    assert cut is not None
    names = [row.name for row in cut.rows if row.name]
    assert names[:5] == ["thôn Ấp Mới", "thôn Bản Thí", "thôn Đông Mồ", "thôn Đồng Ngầu", "thôn Hợp Thành"]
    assert len(names) == len(COMMUNE.villages)


def test_a_hidden_village_cannot_be_had_by_subtraction() -> None:
    # Given a quarter with villages of 20, 9, 6 and 3 answers
    day = date(2026, 8, 5)
    groups = [answered(day, village, n, {"tot": 4}) for village, n in ((11, 20), (12, 9), (13, 6), (14, 3))]

    cut = only_survey(figures_of(source_of(*groups, answered(OCTOBER, 11, 9, {"tot": 4})))).villages

    # Then the 3 are hidden, and the 6 with them, for 38 - 20 - 9 - 6 is 3
    assert cut is not None
    assert cut.whole.n == 38
    assert {row.id: (row.n, row.hidden) for row in cut.rows if row.id in {11, 12, 13, 14}} == {
        11: (20, ""),
        12: (9, ""),
        13: (None, "linked"),
        14: (None, "small"),
    }
    rest = 38 - sum(row.n or 0 for row in cut.rows)
    assert rest >= 5


@pytest.mark.parametrize("key", ["2026-08", "2026-10", "2026-Q3", "2026-9m"])
@pytest.mark.parametrize("per_month", [4, 12, 60])
def test_no_report_of_the_sample_betrays_a_small_group(key: str, per_month: int) -> None:
    figures = build(lively(per_month), parse(key), PLAN, sample=True, made_on=MADE)

    for cell in figures.cells():
        assert cell.n >= 5 or (cell.n == 0 and cell.cut.startswith("count:"))
    for survey in figures.surveys:
        cut = survey.villages
        if cut is not None and cut.whole.n is not None:
            rest = cut.whole.n - sum(row.n or 0 for row in cut.rows)
            assert rest == 0 or rest >= 5
        hidden = [point for point in survey.trend if point.hidden]
        assert all(point.index is None and point.n is None for point in hidden)


def test_a_later_report_withholds_what_an_earlier_one_would_betray() -> None:
    # Given August with 12 answers published, and September with 3 more
    source = source_of(answered(date(2026, 8, 5), 11, 12, {"tot": 4}), answered(date(2026, 9, 5), 11, 3, {"tot": 4}))
    august = build(source, parse("2026-08"), PLAN, sample=False, made_on=date(2026, 9, 1))

    alone = build(source, parse("2026-Q3"), PLAN, sample=False, made_on=MADE)
    after = build(source, parse("2026-Q3"), PLAN, sample=False, made_on=MADE, earlier=august.cells())

    # Then the quarter of 15 may be published alone (its months are not), but not beside the 12
    assert [question.n for question in only_survey(alone).questions if question.overall] == [15]
    assert [point.n for point in only_survey(alone).trend if point.period == "2026-08"] == [None]
    assert [(q.n, q.hidden) for q in only_survey(after).questions if q.overall] == [(None, "linked")]


def test_published_cells_name_cut_question_and_days() -> None:
    source = source_of(answered(date(2026, 8, 5), 11, 8, {"tot": 5}), answered(OCTOBER, 11, 9, {"tot": 5, "j": "yes"}))

    cells = figures_of(source).cells()

    seen = {(cell.cut, cell.question, cell.n, cell.first, cell.last) for cell in cells}
    october = (date(2026, 10, 1), date(2026, 10, 31))
    assert ("all", "tot", 9, *october) in seen
    assert ("all", "j", 9, *october) in seen
    assert ("village:11", "tot", 8, date(2026, 7, 1), date(2026, 9, 30)) in seen
    assert len(seen) == len(cells)


def test_cases_are_exact_and_dialogues_stand_apart() -> None:
    day = date(2026, 10, 10)
    source = empty()
    source.lines = [
        case(opened=date(2026, 9, 20), answered=date(2026, 10, 2)),
        case(opened=date(2026, 9, 25)),
        case(opened=day, answered=date(2026, 10, 14)),
        case("petition", opened=day, answered=date(2026, 11, 1), village=None),
        case(opened=day),
        case("dialogue", opened=day, answered=day),
        case(opened=date(2026, 8, 1), answered=date(2026, 9, 1)),
        case(opened=date(2026, 11, 1)),
    ]

    found = figures_of(source)

    cases = found.cases
    assert (cases.received, cases.answered, cases.carried, cases.open) == (3, 2, 2, 3)
    assert (cases.median_days, cases.oldest_days) == (8.0, 36)
    assert (cases.received_before, cases.answered_before) == (2, 1)
    assert [(row.id, row.received) for row in cases.kinds] == [("feedback", 2), ("petition", 1)]
    assert [(row.name, row.received, row.open) for row in cases.villages] == [("thôn Phố Cũ", 2, 2), ("", 1, 1)]
    assert [month.received for month in cases.months] == [0, 0, 0, 1, 2, 3]
    assert (found.dialogues.received, found.dialogues.answered, found.dialogues.median_days) == (1, 1, 0.0)


def test_parts_of_cases_add_up() -> None:
    cases = figures_of(lively()).cases

    for rows in (cases.kinds, cases.categories, cases.villages):
        assert sum(row.received for row in rows) == cases.received
        assert sum(row.answered for row in rows) == cases.answered
        assert sum(row.open for row in rows) == cases.open
    assert cases.carried + cases.received == cases.answered + cases.open


def test_a_report_made_before_the_period_ends_says_until_when() -> None:
    source = source_of(answered(date(2026, 10, 5), 11, 9, {"tot": 5}), answered(date(2026, 10, 20), 11, 9, {"tot": 5}))

    found = build(source, parse("2026-10"), PLAN, sample=False, made_on=date(2026, 10, 15))

    assert found.until == date(2026, 10, 15)
    assert only_survey(found).responses == 9
    assert {cell.last for cell in found.cells()} == {date(2026, 10, 15)}


def test_a_period_that_has_not_begun_is_refused() -> None:
    with pytest.raises(ValueError, match="2026-12"):
        build(empty(), parse("2026-12"), PLAN, sample=False, made_on=MADE)


def test_a_target_is_there_only_when_the_plan_has_one() -> None:
    target = SatisfactionTarget(value=0.9, source="Nghị quyết 76/NQ-CP")

    without = figures_of(lively())
    with_one = build(lively(), parse("2026-10"), replace(PLAN, satisfaction_target=target), sample=False, made_on=MADE)

    assert without.target is None
    assert with_one.target == target


def test_the_same_figures_are_the_same_bytes_and_come_back() -> None:
    first, second = figures_of(lively()), figures_of(lively())

    assert first.encode() == second.encode()
    assert Figures.decode(first.encode()) == first


def test_a_commune_without_villages_has_figures() -> None:
    source = source_of(answered(date(2026, 8, 5), 1, 8, {"tot": 5}), answered(OCTOBER, 1, 9, {"tot": 5}))
    source.place = replace(COMMUNE, villages=())

    cut = only_survey(figures_of(source)).villages

    assert cut is not None
    assert [(row.name, row.n) for row in cut.rows] == [("", 8)]


def test_a_village_named_twice_is_two_villages() -> None:
    source = lively()
    source.place = replace(COMMUNE, villages=(*COMMUNE.villages, Unit(id=99, name="thôn Nà Sèn")))

    cut = only_survey(figures_of(source)).villages

    assert cut is not None
    assert len([row for row in cut.rows if row.name == "thôn Nà Sèn"]) == 2
