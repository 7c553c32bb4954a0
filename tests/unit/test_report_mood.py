"""Tâm tư, dư luận in a report: what is counted, what is withheld, and that nothing withheld can be worked out."""

from collections import Counter
from datetime import date, timedelta
from itertools import product

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.composing import compose
from reports.danvan import compose_danvan
from reports.document import Document, Heading, Paragraph
from reports.figures import Figures, build
from reports.mood_figures import MOST_QUOTES, MoodFigures, mood_figures
from reports.periods import parse
from reports.plans import plan
from reports.source import MarkedOpinion
from tests.unit.report_source import COMMUNE, MemorySource, empty, lively

PLAN = plan("y_tich_2024")
QUESTION = (7, "open", "y_kien")
TEXT = next(question.id for question in lively(1).surveys[0].survey.questions if question.kind == "text")


SURVEYS = {
    key: build(lively(), parse(key), PLAN, sample=False, made_on=date(2026, 11, 2)).surveys
    for key in ("2026-07", "2026-08", "2026-09", "2026-Q3")
}


def marked(
    topic: str, n: int, *, day: date = date(2026, 8, 10), village: int | None = 11, quote: str = ""
) -> list[MarkedOpinion]:
    """So many answers that an officer marked."""
    one = MarkedOpinion(survey=(7, "open", TEXT), village=village, day=day, topic=topic, quote=quote)
    return [one] * n


def sent(topic: str, n: int, *, day: date = date(2026, 8, 10), quote: str = "") -> list[MarkedOpinion]:
    """So many góp ý."""
    return [MarkedOpinion(survey=None, village=11, day=day, topic=topic, quote=quote)] * n


def source_of(*marks: MarkedOpinion) -> MemorySource:
    source = lively()
    source.marks = list(marks)
    source.sent = len([one for one in marks if one.survey is None])
    return source


def figures_of(source: MemorySource, period: str = "2026-Q3") -> Figures:
    return build(source, parse(period), PLAN, sample=False, made_on=date(2026, 11, 2))


def mood_of(*marks: MarkedOpinion, period: str = "2026-Q3") -> MoodFigures:
    return figures_of(source_of(*marks), period).mood


def said(document: Document) -> str:
    return "\n".join(block.text for block in document.blocks if isinstance(block, Heading | Paragraph))


def test_fields_are_counted_and_what_nobody_marked_is_said() -> None:
    mood = mood_of(*marked("land", 12), *marked("roads", 6), *sent("roads", 2))

    assert [(row.id, row.surveys, row.cases) for row in mood.topics] == [("land", 12, 0), ("roads", 6, 2)]
    assert mood.cases == 2
    assert mood.marked == 20
    assert mood.unmarked == mood.surveys - 18 > 0


def test_a_field_that_fewer_than_five_spoke_of_is_withheld_with_another_beside_it() -> None:
    mood = mood_of(*marked("land", 12), *marked("roads", 6), *marked("security", 2), *sent("security", 3))

    assert {row.id: row.surveys for row in mood.topics} == {"land": 12, "roads": None, "security": None}
    assert {row.id: row.cases for row in mood.topics}["security"] == 3


def test_a_month_that_would_be_left_over_of_its_quarter_is_withheld() -> None:
    months = [*marked("land", 9, day=date(2026, 7, 5)), *marked("land", 8), *marked("land", 3, day=date(2026, 9, 5))]
    other = [one for month in (7, 8, 9) for one in marked("roads", 7, day=date(2026, month, 6))]

    seen = {key: mood_of(*months, *other, period=key) for key in ("2026-07", "2026-08", "2026-09", "2026-Q3")}

    land = {key: next(row.surveys for row in mood.topics if row.id == "land") for key, mood in seen.items()}
    assert land == {"2026-07": 9, "2026-08": 8, "2026-09": None, "2026-Q3": None}


def test_a_village_is_counted_in_whole_quarters_and_only_from_five_on() -> None:
    source = source_of(*marked("land", 9), *marked("land", 7, village=12), *marked("land", 3, village=13))

    quarter, month = figures_of(source).mood.villages, figures_of(source, "2026-10").mood.villages

    assert quarter is not None
    assert month == quarter
    cells = {row.id: row.counts for row in quarter.rows}
    assert cells == {11: (9,), 12: (None,), 13: (None,)}


def test_villages_of_a_year_are_the_sum_of_what_its_quarters_show() -> None:
    marks = [*marked("land", 9), *marked("land", 6, day=date(2026, 5, 10)), *marked("land", 2, day=date(2026, 2, 3))]

    cut = mood_of(*marks, period="2026-9m").villages

    assert cut is not None
    assert cut.rows[0].counts == (15,)
    assert cut.quarters == ("Quý I/2026", "Quý II/2026", "Quý III/2026")


def test_a_part_of_a_quarter_has_no_villages() -> None:
    assert mood_of(*marked("land", 9, day=date(2026, 10, 5)), period="2026-12m").villages is None


@given(
    counts=st.lists(st.integers(0, 11), min_size=9, max_size=9),
)
def test_no_small_number_can_be_worked_out_of_a_year_of_reports(counts: list[int]) -> None:
    fields, months = ("land", "roads", "security"), (7, 8, 9)
    marks = [
        one
        for n, (field, month) in zip(counts, product(fields, months), strict=True)
        for one in marked(field, n, day=date(2026, month, 5))
    ]
    periods = ("2026-07", "2026-08", "2026-09", "2026-Q3")
    source = MemorySource(marks=marks)
    seen = {key: mood_figures(source, parse(key), SURVEYS[key], date(2026, 11, 2)) for key in periods}
    shown = {(row.id, key): row.surveys for key, mood in seen.items() for row in mood.topics}
    truth = {
        (field, key): sum(one.topic == field and parse(key).first <= one.day <= parse(key).last for one in marks)
        for field in fields
        for key in periods
    }

    for (field, key), n in truth.items():
        assert not 0 < n < 5 or shown.get((field, key)) is None
    for field in fields:
        known = [shown.get((field, key), 0) for key in periods[:3]]
        whole = shown.get((field, "2026-Q3"), 0)
        if whole is not None and known.count(None) == 1:
            assert not 0 < whole - sum(n or 0 for n in known) < 5
    for key in periods:
        hidden = sum(truth[field, key] for field in fields if shown.get((field, key), 0) is None)
        assert not 0 < hidden < 5


def test_quotations_are_ten_at_most_the_fields_in_turn_and_in_no_order_of_arrival() -> None:
    marks = [one for at in range(9) for one in marked("land", 1, quote=f"Câu {at}")]
    marks += [*marked("roads", 1, quote="Đường tối"), *sent("security", 1, quote="Cần đèn")]

    mood = mood_of(*marks)

    assert len(mood.quotes) == MOST_QUOTES
    assert Counter(quote.topic for quote in mood.quotes) == {"land": 8, "roads": 1, "security": 1}
    assert mood.quotes == mood_of(*reversed(marks)).quotes


def test_answers_of_a_question_with_fewer_than_five_are_in_no_number_and_no_quotation() -> None:
    source = source_of(*marked("land", 3, day=date(2026, 5, 3), quote="Lời của một người"))
    source.answered = [one for one in source.answered if one.day.month == 5][:4]

    mood = figures_of(source, "2026-05").mood

    assert (mood.surveys, mood.topics, mood.quotes, mood.small) == (0, (), (), True)


def test_the_section_says_so_and_is_not_there_where_nobody_spoke() -> None:
    document = compose(figures_of(source_of(*marked("land", 12, quote="Mong sửa (...) sớm"), *sent("roads", 2))), PLAN)
    nothing = compose(build(empty(), parse("2026-09"), PLAN, sample=False, made_on=date(2026, 11, 2)), PLAN)

    assert "4. Tình hình tâm tư, dư luận Nhân dân" in said(document)
    assert "- “Mong sửa (...) sớm” (Đất đai, xây dựng)" in said(document)
    assert "chưa phân loại" in said(document)
    assert "không phải nhận định chung của toàn thể Nhân dân" in said(document)
    assert "tâm tư" not in said(nothing)


def test_the_draft_has_it_where_the_plan_asks_for_it() -> None:
    figures = figures_of(source_of(*marked("land", 12)), "2026-9m")

    draft = compose_danvan(figures, PLAN)

    assert "Được nói đến nhiều nhất là: đất đai, xây dựng (12 ý kiến)." in said(draft)
    assert "tình hình tâm tư, dư luận Nhân dân trong kỳ" in said(draft)


def test_figures_of_before_have_none() -> None:
    raw = msgspec.json.decode(figures_of(lively()).encode())
    del raw["mood"]

    assert Figures.decode(msgspec.json.encode(raw)).mood == MoodFigures()


@pytest.mark.parametrize("key", ["2026-03-05..2026-08-20", "2026-12m", "2026-06"])
def test_every_kind_of_period_has_figures(key: str) -> None:
    days = [date(2026, 1, 3) + timedelta(days=11 * at) for at in range(24)]
    mood = mood_of(*(one for day in days for one in marked("land", 5, day=day)), period=key)

    assert mood.topics
    assert all(row.surveys is None or row.surveys >= 5 for row in mood.topics)
    assert COMMUNE.villages
