"""What a report says of time: answered by the promised day, by the first one, and what is overdue (RP7)."""

import io
from datetime import date, timedelta

import openpyxl
from hypothesis import given
from hypothesis import strategies as st

from reports.composing import compose
from reports.document import Document, Paragraph, Table
from reports.figures import DIALOGUE_KINDS, Figures, build
from reports.periods import parse
from reports.plans import plan
from reports.source import Answered, OverdueLine
from reports.time_words import MOST
from reports.xlsx import write_xlsx
from tests.unit.report_source import COMMUNE, MemorySource, lively

PLAN, MADE = plan("y_tich_2024"), date(2026, 11, 2)
OCTOBER = date(2026, 10, 12)


def answer(
    *, in_time: bool, first: bool = False, kind: str = "feedback", works: str = "", on: date = OCTOBER
) -> Answered:
    village = COMMUNE.villages[0].id
    return Answered(
        kind=kind, category="roads", village=village, works=works, day=on, in_time=in_time, by_first_day=first
    )


def late(number: int, days: int) -> OverdueLine:
    due = date(2026, 10, 31) - timedelta(days=days)
    return OverdueLine(code=f"VL-2026-{number:06}-0", kind="feedback", category="land", village=None, due=due)


def figures_of(timed: list[Answered], overdue: list[OverdueLine]) -> Figures:
    source = lively()
    source.timed, source.late = timed, overdue
    return build(source, parse("2026-10"), PLAN, sample=False, made_on=MADE)


def words(document: Document) -> str:
    return " ".join(block.text for block in document.blocks if isinstance(block, Paragraph))


def table(document: Document, caption: str) -> Table | None:
    return next((one for one in document.tables() if caption in one.caption), None)


def test_answers_are_counted_by_the_day_that_stood_and_by_the_first() -> None:
    timed = [
        answer(in_time=True, first=True),
        answer(in_time=True, works="Đường liên thôn"),
        answer(in_time=False, kind="petition"),
        answer(in_time=True, on=date(2026, 9, 30)),
    ]

    found = figures_of(timed, []).times

    assert (found.answered, found.in_time, found.by_first_day) == (3, 2, 1)
    assert (found.answered_before, found.in_time_before) == (1, 1)
    assert [(row.id, row.answered, row.in_time) for row in found.kinds] == [("feedback", 2, 2), ("petition", 1, 0)]
    assert [(row.id, row.answered) for row in found.works] == [("Đường liên thôn", 1)]
    assert [(row.name, row.answered) for row in found.villages] == [(COMMUNE.villages[0].name, 3)]


def test_the_report_says_the_share_and_names_what_is_overdue_without_whose_it_is() -> None:
    document = compose(figures_of([answer(in_time=True), answer(in_time=False)], [late(1, 36), late(2, 3)]), PLAN)

    assert "có 1 lần (50,0%) trả lời trong thời hạn" in words(document)
    assert "2 phản ánh, kiến nghị đã quá ngày hẹn mà chưa trả lời; lâu nhất 36 ngày" in words(document)
    overdue = table(document, "quá hạn")
    assert overdue is not None
    code, field, *others = overdue.rows[0]
    assert (code, *others) == ("VL-2026-000001-0", "", "25/09/2026", "36")
    assert field.startswith("Đất đai")


def test_requests_for_a_dialogue_among_the_answers_are_named_and_no_target_of_cases_counts_them() -> None:
    figures = figures_of([*[answer(in_time=True)] * 5, *[answer(in_time=False, kind="dialogue")] * 2], [])
    document = compose(figures, PLAN)

    assert "Trong 7 lần trả lời những việc đã hẹn ngày (kể cả 2 lần trả lời đề nghị đối thoại), có 5" in words(document)
    assert figures.times.besides(DIALOGUE_KINDS) == (5, 5)
    assert figures.times.of(DIALOGUE_KINDS) == (0, 2)
    times = table(document, "đúng hạn")
    assert times is not None
    kinds = [row[2:] for row in times.rows[:2]]
    assert kinds == [("5", "5", "100,0%"), ("2", "0", "–")]


def test_many_overdue_cases_stand_whole_in_the_annex_only() -> None:
    figures = figures_of([], [late(number, 60 - number) for number in range(30)])

    overdue = table(compose(figures, PLAN), "quá hạn")
    sheet = openpyxl.load_workbook(io.BytesIO(write_xlsx(figures, MADE)))["Đúng hạn"]

    assert overdue is not None
    assert len(overdue.rows) == MOST
    codes = [str(row[1].value) for row in sheet.iter_rows() if str(row[1].value).startswith("VL-")]
    assert len(codes) == 30
    heads = [str(row[0].value) for row in sheet.iter_rows() if str(row[1].value) == "Nội dung"]
    assert heads == ["Phân theo"]


def test_nothing_promised_says_nothing() -> None:
    document = compose(build(MemorySource(), parse("2026-10"), PLAN, sample=False, made_on=MADE), PLAN)

    assert "trong thời hạn" not in words(document)
    assert table(document, "đúng hạn") is None


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(1, 31)), max_size=30))
def test_no_cut_counts_more_or_less_than_the_whole(answers: list[tuple[bool, bool, int]]) -> None:
    timed = [answer(in_time=a or b, first=a and b, on=date(2026, 10, day)) for a, b, day in answers]

    found = build(MemorySource(timed=timed), parse("2026-10"), PLAN, sample=False, made_on=MADE).times

    assert found.by_first_day <= found.in_time <= found.answered == len(timed)
    for rows in (found.kinds, found.categories, found.villages):
        assert sum(row.answered for row in rows) == found.answered
        assert sum(row.in_time for row in rows) == found.in_time
