"""Cuts of the overall question by channel and by group: never of fewer than five, and nobody subtracts his way back."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from reports.composing import compose
from reports.cut_figures import Cut, cut_questions
from reports.cut_ledger import CutLedger, way_of
from reports.disclosure import FLOOR
from reports.document import Document, Paragraph
from reports.figures import Figures, build
from reports.periods import parse
from reports.plans import plan
from reports.source import AskedSurvey
from reports.survey_figures import Cell
from surveys.definition import Choice, Kind, Question, Survey
from surveys.ready import ready
from tests.unit.report_source import Answered, MemorySource

PLAN = plan("y_tich_2024")
MADE = date(2027, 1, 4)
NOVEMBER, OCTOBER, AUGUST = date(2026, 11, 12), date(2026, 10, 12), date(2026, 8, 5)
SEX = Question(
    id="gioi_tinh",
    kind=Kind.SINGLE,
    text="Nam hay nữ?",
    choices=(Choice(id="nam", text="Nam"), Choice(id="nu", text="Nữ")),
)
PEOPLE = Question(
    id="q9",
    kind=Kind.SINGLE,
    text="Ông/Bà là người dân tộc nào?",
    choices=tuple(Choice(id=id, text=text) for id, text in (("kinh", "Kinh"), ("tay", "Tày"), ("nung", "Nùng"))),
)
SURVEY = Survey(
    id="thu",
    title="Phiếu thử",
    questions=(Question(id="tot", kind=Kind.LIKERT5, text="Nhìn chung", overall=True), SEX, PEOPLE),
)


def people(
    count: int, day: date, level: int = 4, channel: str = "webchat", sex: str | None = "nam", group: str | None = "kinh"
) -> list[Answered]:
    answers = {"tot": level, "gioi_tinh": sex, "q9": group}
    return [Answered(version=1, day=day, village=11, channel=channel, answers=answers) for _ in range(count)]


def report(groups: Iterable[list[Answered]], key: str = "2026-Q4", earlier: tuple[Cell, ...] = ()) -> Figures:
    asked = AskedSurvey(version=1, survey=SURVEY, kind="open", number=1)
    source = MemorySource(surveys=[asked], answered=[one for group in groups for one in group])
    return build(source, parse(key), PLAN, sample=False, made_on=MADE, earlier=earlier)


def cuts(figures: Figures) -> dict[str, Cut]:
    (survey,) = figures.surveys
    return {cut.way: cut for cut in survey.cuts}


def shown(cut: Cut) -> dict[str, int | None]:
    return {row.id: row.n for row in cut.rows}


def words(document: Document) -> str:
    return "\n".join(block.text for block in document.blocks if isinstance(block, Paragraph))


# --- what is cut ------------------------------------------------------------------------------------------------------


def test_the_questions_that_say_who_somebody_is_are_found_by_their_id_or_their_words() -> None:
    assert [(way, one.id) for way, one in cut_questions(SURVEY.questions)] == [
        ("sex", "gioi_tinh"),
        ("ethnicity", "q9"),
    ]
    assert [(way, one.id) for way, one in cut_questions(ready("mot_cua").questions)] == [("field", "linh_vuc")]
    several = replace(SEX, kind=Kind.MULTIPLE)
    assert cut_questions([several, replace(SEX, choices=SEX.choices[:1])]) == []


def test_a_quarter_is_cut_by_channel_and_by_group() -> None:
    figures = report([people(20, OCTOBER, 5), people(10, NOVEMBER, 2, "telegram", "nu", "tay")])

    found = cuts(figures)

    assert shown(found["channel"]) == {"telegram": 10, "webchat": 20}
    assert [(row.name, row.n, row.index) for row in found["sex"].rows] == [("Nam", 20, 1.0), ("Nữ", 10, 0.0)]
    assert shown(found["ethnicity"]) == {"kinh": 20, "tay": 10, "nung": None}
    assert (found["sex"].title, found["sex"].first, found["sex"].last) == (
        "Quý IV/2026",
        date(2026, 10, 1),
        date(2026, 12, 31),
    )
    names = {cell.cut for cell in figures.cells()}
    assert {"all", "channel:webchat", "group:gioi_tinh:nam", "group:q9:tay"} <= names


def test_a_month_is_cut_by_channel_alone_and_shows_the_groups_of_its_last_quarter() -> None:
    figures = report(
        [
            people(9, AUGUST), people(7, AUGUST, sex="nu"),
            people(20, OCTOBER), people(10, OCTOBER, 2, "telegram", "nu"),
        ],
        "2026-10",
    )  # fmt: skip

    found = cuts(figures)

    assert (found["channel"].first, found["channel"].last) == (date(2026, 10, 1), date(2026, 10, 31))
    assert (found["sex"].title, shown(found["sex"])) == ("Quý III/2026", {"nam": 9, "nu": 7})


def test_a_group_of_four_and_its_complement_are_withheld_and_the_words_say_so() -> None:
    figures = report([people(20, OCTOBER), people(4, OCTOBER, sex="nu")])

    # One of two is small, so neither stands, and then there is nothing to show of this way at all.
    assert "sex" not in cuts(figures)
    figures = report([people(20, OCTOBER), people(9, OCTOBER, group="nung"), people(4, OCTOBER, group="tay")])
    assert shown(cuts(figures)["ethnicity"]) == {"kinh": 20, "tay": None, "nung": None}
    said = words(compose(figures, PLAN))
    assert "Nhóm có dưới 5 ý kiến không công bố" in said
    assert "khác biệt giữa các nhóm là của riêng người trả lời" in said


def test_whoever_did_not_say_what_he_is_counts_in_the_whole_and_is_no_group() -> None:
    figures = report([people(12, OCTOBER), people(9, OCTOBER, sex="nu"), people(8, OCTOBER, sex=None)])

    assert shown(cuts(figures)["sex"]) == {"nam": 12, "nu": 9}


def test_three_who_did_not_say_would_be_told_by_the_others() -> None:
    figures = report([people(12, OCTOBER), people(9, OCTOBER, sex="nu"), people(3, OCTOBER, sex=None)])

    assert shown(cuts(figures)["sex"]) == {"nam": 12, "nu": None}


def test_where_everybody_is_of_one_group_there_is_nothing_to_compare() -> None:
    assert set(cuts(report([people(12, OCTOBER)]))) == set()


# --- nobody subtracts -------------------------------------------------------------------------------------------------


def test_a_second_report_remembers_the_groups_of_the_first() -> None:
    # Given a quarter with its groups published, and three more women after it
    first = [people(20, AUGUST), people(9, AUGUST, sex="nu")]
    quarter = report(first, "2026-Q3")
    assert shown(cuts(quarter)["sex"]) == {"nam": 20, "nu": 9}

    # When nine months follow
    later = report([*first, people(30, OCTOBER), people(3, OCTOBER, sex="nu")], "2026-12m", quarter.cells())

    # Then the women of the year less those of the quarter would be three
    year = cuts(later).get("sex")
    assert year is None or shown(year)["nu"] is None


def test_a_channel_of_a_month_is_not_told_by_its_quarter() -> None:
    answers = [
        people(20, OCTOBER),
        people(9, OCTOBER, channel="telegram"),
        people(20, NOVEMBER),
        people(3, NOVEMBER, channel="telegram"),
    ]
    month = report(answers, "2026-10")
    assert [(one.id, one.n) for one in month.surveys[0].channels] == [("webchat", 20), ("telegram", 9)]

    quarter = report(answers, "2026-Q4", month.cells()).surveys[0]

    # 12 of the quarter less 9 of October would be 3 of November
    assert "telegram" not in {one.id for one in quarter.channels if one.n == 12}
    assert {one.id: one.n for one in quarter.channels} != {"webchat": 40, "telegram": 12}


WAYS = {"village": 3, "sex": 2}
TABLES = st.lists(
    st.lists(st.lists(st.integers(0, 9), min_size=2, max_size=2), min_size=3, max_size=3), min_size=2, max_size=3
)
"""Month, village, sex: how many answered."""


@settings(deadline=None)  # a busy machine is no fault
@given(table=TABLES, order=st.permutations(list(combinations(range(4), 2))))
def test_two_ways_of_cutting_tell_no_more_than_each(table: list[list[list[int]]], order: list[tuple[int, int]]) -> None:
    """Whoever adds up and subtracts the whole, villages and sexes of all spans isolates nobody of one to four."""
    days = [date(2026, 1, 1) + timedelta(days=30 * at) for at in range(len(table) + 1)]
    ledger = CutLedger({way: [f"{way}:{at}" for at in range(size)] for way, size in WAYS.items()})
    known: dict[tuple[str, int, int], int] = {}
    for first, after in order:
        if after > len(table):
            continue
        for cut in ("all", *(f"{way}:{at}" for way, size in WAYS.items() for at in range(size))):
            n = sum(_of(cut, month) for month in table[first:after])
            if ledger.publish(cut, days[first], days[after] - timedelta(days=1), n):
                known[cut, first, after] = n

    for cut, first, after in _followed(known, len(table)):
        assert not 0 < known[cut, first, after] < FLOOR, (cut, first, after)


def _of(cut: str, month: list[list[int]]) -> int:
    way, _, place = cut.partition(":")
    if way == "all":
        return sum(map(sum, month))
    return sum(month[int(place)]) if way == "village" else sum(row[int(place)] for row in month)


def _followed(known: dict[tuple[str, int, int], int], months: int) -> list[tuple[str, int, int]]:
    """Everything that a chain of sums and differences gives, put into `known`."""
    before = -1
    while len(known) > before:
        before = len(known)
        for first, after in combinations(range(months + 1), 2):
            for way, size in WAYS.items():
                _across([f"{way}:{at}" for at in range(size)], known, (first, after))
        for cut in {cut for cut, _, _ in known}:
            for first, middle, after in combinations(range(months + 1), 3):
                _along(cut, known, first, middle, after)
    return list(known)


def _across(parts: list[str], known: dict[tuple[str, int, int], int], span: tuple[int, int]) -> None:
    """What the parts of one way and the whole tell of one another in a span."""
    there = {cut: known[cut, *span] for cut in parts if (cut, *span) in known}
    whole = known.get(("all", *span))
    if whole is None:
        if len(there) == len(parts):
            known["all", *span] = sum(there.values())
        return
    rest = whole - sum(there.values())
    assert not 0 < rest < FLOOR, (parts, span)
    if len(there) == len(parts) - 1:
        (other,) = set(parts) - set(there)
        known[other, *span] = rest


def _along(cut: str, known: dict[tuple[str, int, int], int], first: int, middle: int, after: int) -> None:
    """What two of three spans tell of the third."""
    left, right, both = ((cut, first, middle), (cut, middle, after), (cut, first, after))
    if left in known and right in known:
        known[both] = known[left] + known[right]
    if both in known and left in known:
        known[right] = known[both] - known[left]
    if both in known and right in known:
        known[left] = known[both] - known[right]


GROUPS = st.tuples(
    st.sampled_from([date(2026, 7, 9), date(2026, 8, 9), date(2026, 9, 9)]),
    st.sampled_from(["webchat", "telegram"]),
    st.sampled_from(["nam", "nu", None]),
    st.sampled_from([11, 12]),
    st.integers(1, 7),
)
ORDERS = st.permutations(["2026-07", "2026-08", "2026-09", "2026-Q3"])


@settings(deadline=None, max_examples=25)
@given(groups=st.lists(GROUPS, max_size=14), order=ORDERS)
def test_all_reports_of_a_quarter_together_isolate_nobody(groups: list[Any], order: list[str]) -> None:
    """The attacker solves every published number of all reports as equations, whatever the order they came in."""
    answered = [
        replace_village(one, village)
        for day, channel, sex, village, count in groups
        for one in people(count, day, channel=channel, sex=sex)
    ]
    cells: tuple[Cell, ...] = ()
    for key in order:
        cells += report([answered], key, cells).cells()

    months = [date(2026, at, 1) for at in (7, 8, 9, 10)]
    for way in ("village", "channel", "group:gioi_tinh"):
        parts = [*sorted({cell.cut for cell in cells if way_of(cell.cut) == way}), f"{way}:others"]
        assert attack(way, parts, [cell for cell in cells if cell.question == "tot"], months) == []


def replace_village(one: Answered, village: int) -> Answered:
    return Answered(version=1, day=one.day, village=village, channel=one.channel, answers=one.answers)


def attack(way: str, parts: list[str], cells: list[Cell], months: list[date]) -> list[Any]:
    """Sets of parts in spans of months that the equations of one way and the whole show to be one to four."""
    width = len(parts) * (len(months) - 1)

    def row(cuts: Iterable[str], first: date, after: date) -> Any:
        found = np.zeros(width)
        for cut in cuts:
            for at, month in enumerate(months[:-1]):
                if first <= month < after:
                    found[parts.index(cut) * (len(months) - 1) + at] = 1
        return found

    known = [cell for cell in cells if cell.cut == "all" or way_of(cell.cut) == way]
    if not known:
        return []
    told = np.array([row(parts if c.cut == "all" else [c.cut], c.first, c.last + timedelta(days=1)) for c in known])
    numbers = np.array([cell.n for cell in known])
    solver, found = np.linalg.pinv(told.T), []
    sets = [cuts for size in range(1, len(parts) + 1) for cuts in combinations(parts, size)]
    for first, after in combinations(months, 2):
        for cuts in sets:
            wanted = row(cuts, first, after)
            by = solver @ wanted
            if np.allclose(told.T @ by, wanted, atol=1e-7):
                n = float(numbers @ by)
                if 0.5 < n < FLOOR - 0.5:
                    found.append((way, cuts, first, after, n))
    return found


def test_no_part_is_published_for_days_of_which_the_whole_is_not() -> None:
    ledger = CutLedger({"sex": ["sex:m", "sex:f", "sex:"]})

    assert not ledger.publish("sex:m", OCTOBER, NOVEMBER, 30)
    assert ledger.publish("all", OCTOBER, NOVEMBER, 60)
    assert ledger.publish("sex:m", OCTOBER, NOVEMBER, 30)


def test_a_whole_that_one_way_cannot_bear_is_refused_by_all() -> None:
    # Given that 30 men of October and November are known, and 27 of them of October
    ledger = CutLedger({"village": ["village:1", "village:2"], "sex": ["sex:m", "sex:f"]})
    for last, whole, men in ((NOVEMBER, 60, 30), (OCTOBER + timedelta(days=9), 50, 27)):
        ledger.record("all", OCTOBER, last, whole)
        ledger.record("sex:m", OCTOBER, last, men)

    # Then what the next publication asks is answered the same by every way, and nothing of a refusal is left behind
    assert not ledger.publish("all", OCTOBER, OCTOBER + timedelta(days=20), 53)
    assert not ledger.publish("village:1", OCTOBER, OCTOBER + timedelta(days=20), 30)
    assert ledger.publish("village:1", OCTOBER, NOVEMBER, 30)


def test_a_cut_of_another_way_that_was_published_is_known_although_this_page_has_none_of_it() -> None:
    earlier = [Cell(version=1, cut="group:tuoi:tre", question="tot", n=20, first=OCTOBER, last=OCTOBER)]
    earlier.append(Cell(version=1, cut="all", question="tot", n=40, first=OCTOBER, last=OCTOBER))
    ledger = CutLedger({"village": ["village:1"]}, earlier)

    assert ledger.publish("village:1", OCTOBER, OCTOBER, 40)
    with pytest.raises(ValueError, match="village"):
        CutLedger({"village": ["channel:web"]})


def test_four_years_of_monthly_reports_are_checked_quickly() -> None:
    """Only that it ends: sums of months, looked at one subset after the other, would not."""
    first = [date(2023 + at // 12, at % 12 + 1, 1) for at in range(49)]
    ledger = CutLedger({"village": [f"village:{at}" for at in range(12)], "channel": ["channel:a", "channel:b"]})
    for at, (begin, after) in enumerate(pairwise(first)):
        assert ledger.publish("all", begin, after - timedelta(days=1), 60 + at % 7)
        assert ledger.publish("channel:a", begin, after - timedelta(days=1), 30)
