"""What surveys bring that no form foresaw: nothing, one thôn, all alike, a new version or factor in the middle."""

import dataclasses
import re
from collections.abc import Mapping
from datetime import date

import pytest
from msgspec.structs import replace

from reports.composing import compose
from reports.document import Chart, Document, Heading, Paragraph, Table
from reports.figures import Figures, build
from reports.periods import parse
from reports.plans import SatisfactionTarget, plan
from reports.source import AskedSurvey, Commune, SampleRows, Unit
from surveys.definition import Answer, Factor, Kind, Question, Survey
from surveys.samples import Stratum
from tests.unit.report_source import COMMUNE, Answered, MemorySource

PLAN = plan("y_tich_2024")
MADE = date(2026, 11, 2)
OCTOBER, LATE = date(2026, 10, 6), date(2026, 10, 20)
FIRST = Survey(
    id="thu",
    title="Phiếu thử",
    factors=(Factor(id="f", text="Thủ tục"),),
    questions=(
        Question(id="a", kind=Kind.LIKERT5, text="Câu A", factor="f"),
        Question(id="tot", kind=Kind.LIKERT5, text="Nhìn chung", overall=True),
    ),
)
SECOND = replace(
    FIRST,
    factors=(*FIRST.factors, Factor(id="g", text="Yếu tố mới")),
    questions=(*FIRST.questions, Question(id="moi", kind=Kind.LIKERT5, text="Câu mới", factor="g")),
)


def people(
    count: int,
    answers: Mapping[str, Answer],
    *,
    version: int = 1,
    day: date = OCTOBER,
    village: int = 11,
    kind: str = "open",
) -> list[Answered]:
    return [
        Answered(version=version, day=day, village=village, channel="webchat", answers=answers, kind=kind)
        for _ in range(count)
    ]


def source_of(answered: list[Answered], *surveys: Survey, kind: str = "open", place: Commune = COMMUNE) -> MemorySource:
    asked = [
        AskedSurvey(version=at, survey=survey, kind=kind, number=at)
        for at, survey in enumerate(surveys or (FIRST,), start=1)
    ]
    return MemorySource(surveys=asked, answered=answered, place=place)


def document(source: MemorySource, key: str = "2026-10", made: date = MADE) -> Document:
    return compose(build(source, parse(key), PLAN, sample=False, made_on=made), PLAN)


def words(document: Document) -> str:
    return "\n".join(block.text for block in document.blocks if isinstance(block, Heading | Paragraph))


def whole(document: Document) -> str:
    """Every word that is printed."""
    found = [words(document)]
    for block in document.blocks:
        if isinstance(block, Table):
            found += [block.caption, *block.head, *(cell for row in block.rows for cell in row)]
        elif isinstance(block, Chart):
            found += [block.caption, block.alt]
    return "\n".join(found)


# --- nothing ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["2026-10", "2026-Q3", "2026-9m"])
def test_a_period_without_an_answer_says_so_and_shows_no_number(key: str) -> None:
    said = words(document(source_of([]), key))

    assert "Trong kỳ không phát sinh phiếu trả lời khảo sát" in said
    assert "vì vậy không có số liệu về mức độ hài lòng" in said
    assert "%" not in said


def test_answers_before_and_after_a_period_are_no_answers_of_it() -> None:
    source = source_of([*people(30, {"tot": 5}, day=date(2026, 9, 30)), *people(30, {"tot": 1}, day=date(2026, 11, 1))])

    assert "%" not in words(document(source))


@pytest.mark.parametrize("kind", ["open", "invited"])
def test_a_wave_of_four_is_a_number_and_nothing_else(kind: str) -> None:
    source = source_of(people(4, {"a": 5, "tot": 5}, kind=kind), kind=kind)
    source.samples[1] = SampleRows(waves=1, over=True, strata=(Stratum(size=90, invited=40, answered=4),))

    made = document(source)

    said = words(made)
    assert "Phiếu có 4 người trả lời, dưới 5 người nên chỉ công bố số người trả lời." in said
    assert "%" not in whole(made)
    assert "khoảng tin cậy" not in said
    assert "90" not in re.sub(r"\d+/\d+", "", said)


def test_everybody_who_came_skipped_the_question_about_the_whole() -> None:
    said = words(document(source_of(people(30, {"a": 5, "tot": None}))))

    assert "Câu hỏi đánh giá chung chưa đủ 5 ý kiến nên không công bố." in said
    assert "yếu tố “Thủ tục” đạt 100,0%" in said


# --- all alike --------------------------------------------------------------------------------------------------------


def test_forty_who_are_all_neutral_are_neither_content_nor_the_contrary() -> None:
    said = words(document(source_of(people(40, {"a": 3, "tot": 3}))))

    assert "cả 40 người trả lời câu hỏi này đều đánh giá bình thường" in said
    assert "không hài lòng hoặc rất không hài lòng" not in said
    assert "100,0%" not in said


def test_forty_neutral_ones_of_a_sample_give_no_false_certainty() -> None:
    source = source_of(people(40, {"a": 3, "tot": 3}, kind="invited"), kind="invited")
    source.samples[1] = SampleRows(waves=1, over=True, strata=(Stratum(size=900, invited=80, answered=40),))
    mean = replace(PLAN, index="mean")

    top2 = words(document(source))
    by_mean = words(compose(build(source, parse("2026-10"), mean, sample=False, made_on=MADE), mean))

    # a share of nought of forty may still be a few of a hundred; a mean knows nothing of how far others are
    assert re.search(r"0,0%, khoảng tin cậy 95% từ 0,0% đến [4-9],\d%", top2)
    assert "Mọi người trả lời như nhau nên không tính được khoảng tin cậy." in by_mean
    assert "khoảng tin cậy 95% từ" not in by_mean


# --- one thôn ---------------------------------------------------------------------------------------------------------


def test_a_commune_of_one_thon_is_that_thon() -> None:
    one = Commune(id=1, name="xã Một", province="tỉnh Lạng Sơn", villages=(Unit(id=11, name="thôn Duy Nhất"),))
    source = source_of(people(20, {"a": 4, "tot": 4}, day=date(2026, 8, 5)), place=one)

    made = document(source, "2026-Q3")

    (table,) = [table for table in made.tables() if "thôn Duy Nhất" in [row[1] for row in table.rows]]
    assert [row[1:3] for row in table.rows] == [("thôn Duy Nhất", "20"), ("Chung toàn xã", "20")]
    assert "Công bố 1 trên 1 thôn, tổ dân phố." in words(made)


def test_a_commune_without_a_thon_has_no_table_of_them() -> None:
    bare = Commune(id=1, name="xã Một", province="tỉnh Lạng Sơn", villages=())
    source = source_of(people(20, {"a": 4, "tot": 4}, day=date(2026, 8, 5), village=1), place=bare)

    said = whole(document(source, "2026-Q3"))

    assert "100,0%" in said
    assert not re.search(r"None|nan|\{|\}", said)


def test_answers_from_one_thon_of_twelve_say_how_many_may_be_shown() -> None:
    said = words(document(source_of(people(20, {"a": 4, "tot": 4}, day=date(2026, 8, 5))), "2026-Q3"))

    assert "Công bố 1 trên 12 thôn, tổ dân phố." in said


# --- a change of the survey -------------------------------------------------------------------------------------------


def changed(other: Survey = SECOND) -> MemorySource:
    return source_of(
        [*people(20, {"a": 4, "tot": 4}), *people(10, {"a": 2, "tot": 2, "moi": 5}, version=2, day=LATE)], FIRST, other
    )


def test_two_versions_in_one_period_stand_apart_and_are_never_added_up() -> None:
    made = document(changed())

    heads = [block.text for block in made.blocks if isinstance(block, Heading) and block.level == 2]
    assert heads[1:3] == ["1.1. Phiếu “Phiếu thử” (bản số 1)", "1.2. Phiếu “Phiếu thử” (bản số 2)"]
    said = words(made)
    assert "trong số 20 người trả lời câu hỏi này, không có ai" not in said
    assert "cả 20 người trả lời câu hỏi này đều hài lòng hoặc rất hài lòng" in said
    assert "trong số 10 người trả lời câu hỏi này, không có ai hài lòng" in said
    # 20 of 30 would be 66,7 %
    assert "66,7%" not in whole(made)
    assert not [table for table in made.tables() if any("30" in row for row in table.rows)]


def test_two_versions_of_the_same_questions_stand_apart_as_well() -> None:
    heads = [block.text for block in document(changed(FIRST)).blocks if isinstance(block, Heading) and block.level == 2]

    assert [head[-10:] for head in heads[1:3]] == ["(bản số 1)", "(bản số 2)"]


def test_a_new_factor_stands_in_the_version_that_has_it_and_is_compared_with_nothing() -> None:
    source = changed()
    source.answered += people(30, {"a": 5, "tot": 5}, day=date(2026, 9, 9))

    made = document(source)

    factors = [table for table in made.tables() if "theo yếu tố" in table.caption]
    assert [[row[0] for row in table.rows] for table in factors] == [["Thủ tục"], ["Thủ tục", "Yếu tố mới"]]
    # the period before knows the first version alone
    assert [row[-1] for row in factors[0].rows] == ["100,0%"]
    assert [row[-1] for row in factors[1].rows] == ["–", "–"]
    said = words(made)
    assert said.count("so với tháng 9 năm 2026") == 1 or said.count("Bằng tháng 9 năm 2026") == 1


def test_a_question_that_was_added_to_a_factor_makes_no_comparison_of_two_different_things() -> None:
    # Given a factor of two questions, of which one had no answer in the month before
    source = source_of(
        [
            *people(20, {"a": 4, "moi": 4, "tot": 4}),
            *people(20, {"a": 5, "tot": 5}, day=date(2026, 9, 9)),
        ],
        replace(SECOND, questions=tuple(replace(one, factor="f" if one.factor else "") for one in SECOND.questions)),
    )

    (table,) = [table for table in document(source).tables() if "theo yếu tố" in table.caption]

    assert (table.rows[0][0], table.rows[0][-1]) == ("Thủ tục", "–")


def test_what_was_invited_and_what_came_by_itself_stand_apart() -> None:
    source = source_of(people(20, {"a": 4, "tot": 4}))
    source.surveys += [replace(source.surveys[0], kind="invited")]
    source.answered += [dataclasses.replace(one, kind="invited") for one in people(10, {"a": 2, "tot": 2})]

    made = document(source)

    said = words(made)
    assert "bản số 1, theo danh sách mời" in said
    assert said.count("Đây là ý kiến tự nguyện") == 1
    assert "66,7%" not in whole(made)


# --- a target ---------------------------------------------------------------------------------------------------------


def test_a_target_stands_with_its_source_and_nowhere_without() -> None:
    aimed = replace(PLAN, satisfaction_target=SatisfactionTarget(value=0.9, source="Nghị quyết 76/NQ-CP"))
    source = source_of(people(20, {"a": 4, "tot": 4}))

    with_one = compose(build(source, parse("2026-10"), aimed, sample=False, made_on=MADE), aimed)

    assert "Mục tiêu 90,0% (Nghị quyết 76/NQ-CP)." in words(with_one)
    assert "ục tiêu" not in whole(document(source))
    with pytest.raises(TypeError):
        SatisfactionTarget(value=0.9)  # type: ignore[call-arg]  # wrong on purpose


def test_the_figures_of_all_of_these_are_read_back(figures: Figures) -> None:
    assert Figures.decode(figures.encode()) == figures


@pytest.fixture(params=["nothing", "neutral", "two versions", "one thôn"])
def figures(request: pytest.FixtureRequest) -> Figures:
    sources = {
        "nothing": source_of([]),
        "neutral": source_of(people(40, {"a": 3, "tot": 3})),
        "two versions": changed(),
        "one thôn": source_of(people(20, {"a": 4, "tot": 4}, day=date(2026, 8, 5))),
    }
    return build(sources[request.param], parse("2026-10"), PLAN, sample=False, made_on=MADE)
