"""Levels and choices of one to four people: read back from the files of a report, and not to be had by subtracting."""

from collections.abc import Iterable
from datetime import date
from io import BytesIO
from random import Random
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from reports.charts import draw
from reports.composing import compose
from reports.document import Document, Stacked
from reports.figures import Figures, build
from reports.periods import parse
from reports.plans import plan
from reports.source import AskedSurvey
from reports.survey_figures import SurveyFigures
from reports.xlsx import write_xlsx
from surveys.definition import Answer, Choice, Kind, Question, Survey
from tests.unit.every_kind import EVERY, somebody
from tests.unit.report_source import Answered, MemorySource, lively

PLAN = plan("y_tich_2024")
MADE, OCTOBER = date(2026, 11, 2), date(2026, 10, 12)
MARK = "…"
NOTE = "“…”: dưới 5 ý kiến hoặc có thể suy ra số dưới 5, không công bố."
CHOICES = tuple(Choice(id=id, text=id.upper()) for id in ("x", "y", "z"))
SMALL = Survey(
    id="nho",
    title="Phiếu nhỏ",
    questions=(
        Question(id="tot", kind=Kind.LIKERT5, text="Nhìn chung", overall=True, not_applicable="Chưa làm"),
        Question(id="mot", kind=Kind.SINGLE, text="Một", choices=CHOICES),
        Question(id="nhieu", kind=Kind.MULTIPLE, text="Nhiều", choices=CHOICES),
        Question(id="co", kind=Kind.YESNO, text="Có không"),
        Question(id="diem", kind=Kind.NPS, text="Giới thiệu"),
    ),
)


def report_of(survey: Survey, people: Iterable[dict[str, Answer]], kind: str = "open") -> Figures:
    answered = [
        Answered(version=1, day=OCTOBER, village=11, channel="webchat", answers=answers, kind=kind)
        for answers in people
    ]
    source = MemorySource(surveys=[AskedSurvey(version=1, survey=survey, kind=kind, number=1)], answered=answered)
    return build(source, parse("2026-10"), PLAN, sample=False, made_on=MADE)


def likert(*counts: int) -> list[dict[str, Answer]]:
    """People who gave level 1, 2, ... so often."""
    return [{"tot": level} for level, n in enumerate(counts, start=1) for _ in range(n)]


def the_survey(figures: Figures) -> SurveyFigures:
    return figures.surveys[0]


Cells = dict[str, dict[str, Any]]


def annex(figures: Figures) -> Cells:
    """The annex as a reader has it: question -> choice ("" for n, "index" for the index) -> what stands there."""
    book = openpyxl.load_workbook(BytesIO(write_xlsx(figures, MADE)))
    found: Cells = {}
    cells: dict[str, Any] = {}
    for _survey, question, choice, persons, share, index, mean in book["Theo câu hỏi"].iter_rows(
        min_row=5, max_col=7, values_only=True
    ):
        if question:
            cells = found.setdefault(str(question), {})
        if question or choice:
            cells[str(choice or "")] = persons
            assert (share == MARK) == (persons == MARK and share is not None)
            if question:
                cells |= {"index": index, "mean": mean}
    return found


LEVELS = ["Rất không hài lòng", "Không hài lòng", "Bình thường", "Hài lòng", "Rất hài lòng"]


def leaks(total: int, cells: dict[str, Any], parts: Iterable[str], *, told: bool) -> list[str]:
    """What a reader finds who takes what is shown from a total; `told`: the total itself is a published figure."""
    values = [cells[part] for part in parts]
    shown = [value for value in values if value != MARK]
    found = [f"shown {value}" for value in shown if 0 < value < 5]
    rest, hidden = total - sum(shown), len(values) - len(shown)
    if not hidden:
        return found if rest == 0 else [*found, f"off by {rest}"]
    # Where the figure alone says how many there are, the shown ones must not say more.
    if told and rest == total:
        return found
    return [*found, f"{hidden} hidden of {rest}"] if hidden < 2 or rest < 5 else found


def attack(cells: Cells) -> list[str]:
    found = []
    if isinstance(n := cells["Nhìn chung"][""], int) and n:
        high = round(cells["Nhìn chung"]["index"] * n)
        found += leaks(high, cells["Nhìn chung"], LEVELS[3:], told=True)
        found += leaks(n - high, cells["Nhìn chung"], LEVELS[:3], told=True)
        aside = [cells["Nhìn chung"].get(key, 0) for key in ("Không có ý kiến", "Không áp dụng")]
        found += [f"aside {value}" for value in aside if value != MARK and 0 < value < 5]
    for question, parts in (("Một", ["X", "Y", "Z"]), ("Có không", ["Có", "Không"])):
        if isinstance(n := cells[question][""], int) and n:
            found += leaks(n, cells[question], parts, told=False)
    if isinstance(n := cells["Nhiều"][""], int) and n:
        shown = [cells["Nhiều"][part] for part in "XYZ" if cells["Nhiều"][part] != MARK]
        found += [f"{value} of {n}" for value in shown if 0 < value < 5 or 0 < n - value < 5]
    return found + nps_attack(cells["Giới thiệu"])


def nps_attack(cells: dict[str, Any]) -> list[str]:
    """n, the score, and any group of levels that is all there tell the other two groups."""
    if not isinstance(n := cells[""], int) or not n:
        return []
    levels = [cells[str(level)] for level in range(11)]
    found = [f"shown {value}" for value in levels if value != MARK and 0 < value < 5]
    down, between, up = (levels[part] for part in (slice(0, 7), slice(7, 9), slice(9, 11)))
    known = [sum(group) if MARK not in group else None for group in (down, between, up)]
    spread = round(n * float(cells["mean"].removeprefix("NPS ").replace(",", ".")) / 100)
    if known[0] is not None:
        totals = [known[0], n - 2 * known[0] - spread, known[0] + spread]
    elif known[2] is not None:
        totals = [known[2] - spread, n - 2 * known[2] + spread, known[2]]
    elif known[1] is not None:
        totals = [(n - known[1] - spread) // 2, known[1], (n - known[1] + spread) // 2]
    else:
        return found
    for total, group in zip(totals, (down, between, up), strict=True):
        found += leaks(
            total, {str(at): value for at, value in enumerate(group)}, map(str, range(len(group))), told=False
        )
    return found


def table_attack(document: Document, cells: Cells) -> list[str]:
    """Whether a group of levels in the document says what the annex does not."""
    (row,) = [row for table in document.tables() for row in table.rows if row[1:2] == ("Nhìn chung",)]
    if not row[2].isdigit():
        return []
    levels = [cells["Nhìn chung"][level] for level in LEVELS]
    n, high = int(row[2]), round(cells["Nhìn chung"]["index"] * int(row[2]))
    found = []
    for text, own, others, total in zip(
        row[3:6],
        (levels[:2], levels[2:3], levels[3:]),
        (levels[2:3], levels[:2], []),
        (n - high, n - high, high),
        strict=True,
    ):
        follows = sum(own) if MARK not in own else None if MARK in others else total - sum(others)
        if text != MARK and int(text) != follows:
            found.append(f"{text} is news")
        if text != MARK and 0 < int(text) < 5:
            found.append(f"{text} is small")
    return found


PERSON = st.fixed_dictionaries(
    {
        "tot": st.sampled_from([None, 0, 1, 2, 3, 4, 4, 4, 5, 5, 9]),
        "mot": st.sampled_from([None, "x", "x", "x", "y", "y", "z"]),
        "nhieu": st.sampled_from([None, ("x",), ("x", "y"), ("x", "y"), ("y", "z")]),
        "co": st.sampled_from(["yes", "no", "no", "no"]),
        "diem": st.sampled_from([None, 3, 7, 8, 9, 9, 10]),
    }
)


@settings(deadline=None, max_examples=60)  # a busy machine is no fault
@given(people=st.lists(PERSON, min_size=5, max_size=45))
def test_nobody_subtracts_his_way_back_to_a_level_or_a_choice(people: list[dict[str, Answer]]) -> None:
    figures = report_of(SMALL, people)

    cells = annex(figures)

    assert attack(cells) == []
    if the_survey(figures).overall and any(question.n for question in the_survey(figures).likert()):
        assert table_attack(compose(figures, PLAN), cells) == []


def test_a_small_level_and_its_complement_are_marks_everywhere_and_explained() -> None:
    # Given 2, 5 and 20 people on the lower levels, and 25 and 8 on the upper ones
    figures = report_of(SMALL, likert(2, 5, 20, 25, 8))

    cells, document = annex(figures)["Nhìn chung"], compose(figures, PLAN)

    assert [cells[level] for level in LEVELS] == [MARK, MARK, 20, 25, 8]
    (table,) = [table for table in document.tables() if any("Nhìn chung" in row for row in table.rows)]
    # 7 together follow from n, the index and the 20, so they may be said
    assert table.rows[0][2:6] == ("60", "7", "20", "33")
    assert table.foot == ""
    chart = next(chart for chart in document.charts() if chart.name == "overall")
    assert isinstance(chart.spec, Stacked)
    assert [part.level for part in chart.spec.parts] == [None, 2, 3, 4]
    assert chart.foot == NOTE
    assert "Rất không hài lòng …" in chart.alt
    assert draw(chart).png.startswith(b"\x89PNG")


def test_a_few_between_the_good_and_the_bad_are_not_told_by_what_is_left() -> None:
    # Given nobody below, 3 in the middle, 57 above
    figures = report_of(SMALL, likert(0, 0, 3, 27, 30))

    document = compose(figures, PLAN)

    (table,) = [table for table in document.tables() if any("Nhìn chung" in row for row in table.rows)]
    assert table.rows[0][3:6] == (MARK, MARK, "57")
    assert table.foot == NOTE
    said = " ".join(str(getattr(block, "text", "")) for block in document.blocks)
    assert "95,0% hài lòng hoặc rất hài lòng. Các mức còn lại không công bố riêng." in said
    assert "đánh giá bình thường" not in said


def test_the_note_stands_in_the_annex_and_in_no_other_case() -> None:
    def said(figures: Figures) -> str:
        book = openpyxl.load_workbook(BytesIO(write_xlsx(figures, MADE)))
        return " ".join(str(cell.value) for row in book["Theo câu hỏi"].iter_rows() for cell in row)

    assert NOTE in said(report_of(SMALL, likert(2, 5, 20, 25, 8)))
    assert MARK not in said(report_of(SMALL, likert(0, 5, 20, 25, 8)))


def test_few_of_a_channel_are_not_told_by_what_has_none() -> None:
    channels = ["webchat"] * 30 + ["telegram"] * 12 + [""] * 2
    people = [Answered(version=1, day=OCTOBER, village=11, channel=one, answers={"tot": 4}) for one in channels]
    asked = AskedSurvey(version=1, survey=SMALL, kind="open", number=1)
    source = MemorySource(surveys=[asked], answered=people)
    survey = the_survey(build(source, parse("2026-10"), PLAN, sample=False, made_on=MADE))

    assert [(channel.id, channel.n) for channel in survey.channels] == [("webchat", 30), ("", 14)]


def test_the_levels_of_the_sample_report_are_all_five_or_more() -> None:
    figures = build(lively(), parse("2026-10"), PLAN, sample=True, made_on=MADE)

    for question in the_survey(figures).questions:
        counts = [*question.counts, *(option.count for option in question.options)]
        assert not [n for n in counts if n is not None and 0 < n < 5]


# --- every kind -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [0, 3, 7, 40])
@pytest.mark.parametrize("index", ["top2", "mean"])
@pytest.mark.parametrize("kind", ["open", "invited"])
def test_every_kind_of_question_is_reported(count: int, index: Any, kind: str) -> None:
    random = Random(count)
    chosen = replace(PLAN, index=index)
    people = [somebody(random) for _ in range(count)]
    answered = [
        Answered(version=1, day=OCTOBER, village=11, channel="webchat", answers=one, kind=kind) for one in people
    ]
    source = MemorySource(surveys=[AskedSurvey(version=1, survey=EVERY, kind=kind, number=1)], answered=answered)

    figures = build(source, parse("2026-10"), chosen, sample=False, made_on=MADE)
    document = compose(figures, chosen)

    assert Figures.decode(figures.encode()) == figures
    assert write_xlsx(figures, MADE).startswith(b"PK")
    for chart in document.charts():
        draw(chart)
    if count == 40:
        said = str(document.blocks)
        for question in EVERY.questions:
            assert question.kind is Kind.NOTE or question.text in said, question.kind


def test_items_of_a_matrix_stand_under_what_is_asked_of_them() -> None:
    random = Random(1)
    document = compose(report_of(EVERY, [somebody(random) for _ in range(60)]), PLAN)

    (table,) = [table for table in document.tables() if any("Thái độ" in row for row in table.rows)]

    assert [row[:2] for row in table.rows] == [
        ("1", "Nhìn chung?"),
        ("", "Cán bộ tiếp Ông/Bà ra sao?"),
        ("2", "Thái độ"),
        ("3", "Lời nói"),
    ]


def test_a_rank_is_told_by_its_mean_places_alone() -> None:
    orders = [("nuoc", "cho", "duong")] * 30 + [("cho", "nuoc", "duong")] * 10
    figures = report_of(EVERY, [{"thu_tu": order} for order in orders])

    (question,) = [one for one in the_survey(figures).questions if one.ranks]

    assert [(rank.id, rank.mean) for rank in question.ranks] == [("nuoc", 1.25), ("cho", 1.75), ("duong", 3.0)]
    assert question.options == ()
    (table,) = [table for table in compose(figures, PLAN).tables() if "1 là quan trọng nhất" in table.note]
    assert [row[1:] for row in table.rows] == [("Nước", "1,2"), ("Chợ", "1,8"), ("Đường", "3")]


def test_a_calculated_mean_that_would_solve_for_hidden_levels_is_withheld() -> None:
    # Given a value calculated from the levels of a question: with its mean, 2 and 5 people could be told apart
    survey = replace(
        SMALL, questions=(*SMALL.questions, Question(id="tong", kind=Kind.CALCULATED, text="Tổng", value="tot * 2"))
    )

    def mean(*counts: int) -> float | None:
        people = [{**one, "tong": 2 * int(str(one["tot"]))} for one in likert(*counts)]
        return next(q.mean for q in the_survey(report_of(survey, people)).questions if q.id == "tong")

    assert mean(2, 5, 20, 25, 8) is None
    assert mean(0, 7, 20, 25, 8) is not None


def test_open_and_invited_waves_of_one_version_are_told_apart_and_never_added_up() -> None:
    source = MemorySource(
        surveys=[AskedSurvey(version=1, survey=SMALL, kind=kind, number=1) for kind in ("open", "invited")],
        answered=[
            Answered(version=1, day=OCTOBER, village=11, channel="webchat", answers={"tot": level}, kind=kind)
            for kind, level, count in (("open", 5, 20), ("invited", 2, 10))
            for _ in range(count)
        ],
    )

    figures = build(source, parse("2026-10"), PLAN, sample=False, made_on=MADE)

    assert [(one.kind, one.responses, one.overall and one.overall.index) for one in figures.surveys] == [
        ("open", 20, 1.0),
        ("invited", 10, 0.0),
    ]
    assert {(cell.kind, cell.n) for cell in figures.cells() if (cell.question, cell.cut) == ("tot", "all")} == {
        ("open", 20),
        ("invited", 10),
    }
    heads = [str(getattr(block, "text", "")) for block in compose(figures, PLAN).blocks]
    assert "1.1. Phiếu “Phiếu nhỏ” (bản số 1)" in heads
    assert "1.2. Phiếu “Phiếu nhỏ” (bản số 1, theo danh sách mời)" in heads


def test_what_was_specified_is_named_by_its_question() -> None:
    other = Question(id="khac", kind=Kind.TEXT, text="Xin ghi rõ", other_of="mot")
    survey = replace(SMALL, questions=(*SMALL.questions, other))

    def said(words: list[str | None]) -> str:
        people: list[dict[str, Answer]] = [{"mot": "x", "khac": word} for word in words]
        return str(compose(report_of(survey, people), PLAN).blocks)

    assert "Câu hỏi “Một – Xin ghi rõ”: 6 người viết hoặc nói ý kiến." in said(["cột điện"] * 6)
    assert "ghi rõ" not in said([None] * 6)
