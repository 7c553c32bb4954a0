"""What a report says of promised days that were missed (RP7), and of what was entered for others (DL7)."""

import io
from datetime import date, timedelta
from typing import get_args

import msgspec
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.composing import compose
from reports.document import Document, Heading, Paragraph, Table
from reports.figures import Figures, build
from reports.help_figures import HELPERS
from reports.periods import parse
from reports.plans import plan
from reports.source import Apology, CaseLine, Help, MissedDay
from reports.xlsx import write_xlsx
from tests.unit.report_source import MemorySource, empty, lively

PLAN, MADE = plan("y_tich_2024"), date(2026, 11, 2)
OCTOBER = date(2026, 10, 12)


def day(apology: Apology, *, kind: str = "feedback", on: date = OCTOBER, by_officer: bool = True) -> MissedDay:
    return MissedDay(kind=kind, category="roads", day=on, apology=apology, by_officer=by_officer)


def figures_of(source: MemorySource, *, made: date = MADE, period: str = "2026-10") -> Figures:
    return build(source, parse(period), PLAN, sample=False, made_on=made)


def quarter_of(source: MemorySource) -> Figures:
    """Forms are told for quarters that are over, and for nothing else."""
    return figures_of(source, made=date(2027, 1, 4), period="2026-Q4")


def with_days(*days: MissedDay) -> MemorySource:
    source = lively()
    source.missed = list(days)
    return source


def words(document: Document) -> str:
    return " ".join(block.text for block in document.blocks if isinstance(block, Paragraph | Heading))


def tables(document: Document) -> list[Table]:
    return [block for block in document.blocks if isinstance(block, Table) and "Ngày hẹn" in block.caption]


# --- promised days ----------------------------------------------------------------------------------------------------


def test_each_missed_day_is_counted_once_by_how_the_citizen_heard_of_it() -> None:
    found = figures_of(
        with_days(
            day("in_time"),
            day("in_time", by_officer=False, kind="petition"),
            day("incomplete"),
            day("after"),
            day("none", kind="dialogue"),
            day("none", on=date(2026, 9, 30)),
            day("in_time", on=date(2026, 11, 1)),
        )
    ).promises

    assert (found.missed, found.in_time, found.incomplete, found.after, found.none) == (5, 2, 1, 1, 1)
    assert (found.by_program, found.missed_before, found.in_time_before) == (1, 1, 0)
    assert [(row.id, row.missed) for row in found.kinds] == [("feedback", 3), ("dialogue", 1), ("petition", 1)]
    assert [(row.id, row.missed, row.in_time) for row in found.categories] == [("roads", 5, 2)]


@given(st.lists(st.tuples(st.sampled_from(get_args(Apology)), st.integers(1, 31)), max_size=20), st.integers(1, 31))
def test_the_parts_add_up_and_a_day_that_is_not_over_is_not_missed(days: list[tuple[Apology, int]], made: int) -> None:
    missed = [day(apology, on=date(2026, 10, at)) for apology, at in days]
    found = figures_of(MemorySource(missed=missed), made=date(2026, 10, made)).promises

    assert found.missed == len([one for one in missed if one.day.day < made])
    assert found.missed == found.in_time + found.incomplete + found.after + found.none
    for rows in (found.kinds, found.categories):
        assert sum(row.missed for row in rows) == found.missed
        assert all(row.missed == row.in_time + row.incomplete + row.after + row.none for row in rows)


def test_the_report_says_how_many_heard_before_and_what_counts_as_that() -> None:
    document = compose(figures_of(with_days(*[day("in_time")] * 3, day("none"), day("after"))), PLAN)

    said = words(document)
    assert "Trong kỳ lỡ 5 ngày hẹn trả lời (kỳ trước: 0)." in said
    assert "Có 3 lần (60,0%) người dân được xin lỗi trước khi ngày hẹn qua" in said
    assert "Còn lại: 1 lần lời xin lỗi đến sau ngày hẹn hoặc chưa đến; 1 lần không có lời xin lỗi." in said
    assert "Có 5 ngày hẹn trả lời bị lỡ, trong đó 2 lần người dân không được báo trước đầy đủ." in said
    by_kind, by_field = tables(document)
    assert by_kind.rows == (("Phản ánh", "5", "3", "0", "1", "1"), ("Tổng cộng", "5", "3", "0", "1", "1"))
    assert by_field.rows == (("Đường sá, điện, nước", "5", "3", "0", "1", "1"), by_kind.rows[1])
    assert "Ngày hẹn là ngày xã đã báo người dân sẽ trả lời." in by_kind.foot


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ([], "Trong kỳ không lỡ ngày hẹn trả lời nào."),
        ([day("in_time")], "Lần nào người dân cũng được xin lỗi trước khi ngày hẹn qua"),
        ([day("none")], "Chưa lần nào người dân được xin lỗi"),
        ([day("in_time", by_officer=False)], "1 lời do phần mềm gửi vì cán bộ chưa báo chậm"),
    ],
)
def test_none_all_and_nobody_have_words_of_their_own(days: list[MissedDay], said: str) -> None:
    assert said in words(compose(figures_of(with_days(*days)), PLAN))


def test_where_nothing_was_on_hand_nothing_is_said_of_promises() -> None:
    assert "Ngày hẹn" not in words(compose(figures_of(empty()), PLAN))


# --- entered for others -----------------------------------------------------------------------------------------------


def test_what_was_entered_for_others_is_counted_apart_by_who_helped() -> None:
    source = lively()
    source.helped = Help(forms={"officer": 40, "village_head": 25}, cases={"village_head": 2, "front": 1})
    found = quarter_of(source)

    assert (found.help.forms, found.help.cases) == (65, 3)
    said = words(compose(found, PLAN))
    received = found.cases.received + found.dialogues.received
    assert "Nhập hộ 65 phiếu khảo sát (cán bộ 40, trưởng thôn 25), tính theo ngày đóng chồng phiếu." in said
    assert f"Nhập hộ 3 trên {received} phản ánh" in said
    assert "(trưởng thôn 2, Mặt trận 1)" in said


def test_few_forms_are_not_told_and_cannot_be_worked_out() -> None:
    source = lively()
    source.helped = Help(forms={"officer": 40, "village_head": 3, "front": 9})
    said = words(compose(quarter_of(source), PLAN))
    assert "Nhập hộ 52 phiếu khảo sát (cán bộ 40, trưởng thôn …, Mặt trận …)" in said

    source.helped = Help(forms={"front": 4})
    assert "Có phiếu khảo sát nhập hộ, ít hơn 5 phiếu nên không nêu số." in words(compose(quarter_of(source), PLAN))


@pytest.mark.parametrize(
    ("period", "made"),
    [
        ("2026-10", "2027-01-04"),
        ("2026-Q4", "2026-12-30"),
        ("2026-6m", "2027-01-04"),
        ("2026-9m", "2027-01-04"),
        ("2026-12m", "2027-01-04"),
        ("2026-10-01..2026-11-15", "2027-01-04"),
    ],
)
def test_forms_are_told_for_whole_quarters_only(period: str, made: str) -> None:
    """A quarter less its months, or a year less its quarters, would tell what one of them withholds."""
    source = lively()
    source.helped = Help(forms={"officer": 40, "village_head": 3}, cases={"front": 2})
    found = figures_of(source, made=date.fromisoformat(made), period=period)

    assert (found.help.forms, found.help.cases, found.help.quarterly) == (0, 2, True)
    assert [(one.id, one.forms) for one in found.help.helpers] == [("front", 0)]
    said = words(compose(found, PLAN))
    assert "Số phiếu khảo sát nhập hộ chỉ nêu trong báo cáo quý." in said
    assert "Nhập hộ 40" not in said


@given(st.fixed_dictionaries(dict.fromkeys(HELPERS, st.integers(0, 12))))
def test_no_small_number_of_forms_can_be_computed(forms: dict[str, int]) -> None:
    found = quarter_of(MemorySource(helped=Help(forms=forms))).help  # type: ignore[arg-type]  # its keys are helpers
    shown = {one.id: one.forms for one in found.helpers}
    hidden = [forms[id] for id in HELPERS if forms[id] and shown[id] is None]

    assert all(n is None or n == 0 or n >= 5 for n in (*shown.values(), found.forms))
    if found.forms is not None and hidden:
        # what is left for the hidden ones together is neither small nor of one alone
        assert sum(hidden) >= 5
        assert len(hidden) > 1 or hidden[0] >= 5


def test_that_something_is_to_be_looked_at_again_is_said_quietly() -> None:
    source = lively()
    source.helped = Help(forms={"officer": 40}, forms_unlike=True, cases_alike=True)
    said = words(compose(figures_of(source), PLAN))

    assert "nên xem lại; đây chưa phải kết luận về ai." in said
    assert "Một số việc nhập hộ có lời gần giống nhau: nên xem lại" in said
    source.helped = Help(forms={"officer": 40})
    assert "nên xem lại" not in words(compose(figures_of(source), PLAN))


def test_the_annex_has_both() -> None:
    source = with_days(day("in_time"), day("none", kind="petition"))
    source.helped = Help(forms={"officer": 40, "village_head": 2}, cases={"front": 1})
    figures = quarter_of(source)
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx(figures, MADE)))

    rows = [[cell.value for cell in row] for row in book["Ngày hẹn trả lời"].iter_rows(min_row=4)]
    assert rows[1] == ["Tổng cộng", 2, 1, 0, 0, 1]
    assert str(rows[-1][0]).startswith("Ngày hẹn là ngày xã đã báo")
    helped = [[cell.value for cell in row] for row in book["Nhập hộ"].iter_rows(min_row=5, max_row=8)]
    assert helped == [["Cán bộ", "…", 0], ["Trưởng thôn", "…", 0], ["Mặt trận", 0, 1], ["Tổng cộng", 42, 1]]
    assert Figures.decode(figures.encode()) == figures


def test_figures_that_were_stored_before_can_still_be_read() -> None:
    stored = msgspec.json.decode(figures_of(lively()).encode())
    del stored["promises"], stored["help"]
    older = msgspec.json.encode(stored)
    assert Figures.decode(older).promises.missed == 0


def test_a_case_line_alone_makes_no_missed_day() -> None:
    source = MemorySource(
        lines=[CaseLine(kind="feedback", category="roads", village=None, opened=OCTOBER, answered=None)]
    )
    assert figures_of(source).promises.missed == 0


# --- taken up again ---------------------------------------------------------------------------------------------------


def again(reopened: date, settled: date | None = None) -> CaseLine:
    """A case of September, answered then, of which the citizen said later that it was not settled."""
    days = (date(2026, 9, 1), date(2026, 9, 5))
    return CaseLine(
        kind="feedback",
        category="roads",
        village=None,
        opened=days[0],
        answered=days[1],
        reopened=reopened,
        settled=settled,
    )


def test_what_was_answered_and_taken_up_again_is_open_again() -> None:
    found = figures_of(
        MemorySource(lines=[again(OCTOBER), again(date(2026, 9, 20)), again(OCTOBER, date(2026, 10, 20))])
    )

    assert (found.cases.received, found.cases.answered, found.cases.reopened) == (0, 0, 2)
    assert (found.cases.carried, found.cases.open) == (1, 2)
    assert found.cases.kinds[0].open == 2
    assert "Người dân đề nghị xem lại 2 việc đã trả lời." in words(compose(found, PLAN))


@given(
    st.dates(date(2026, 9, 1), date(2026, 11, 20)),
    st.lists(st.one_of(st.none(), st.integers(0, 30)), min_size=3, max_size=3),
    st.dates(date(2026, 9, 1), date(2026, 12, 20)),
)
def test_a_case_is_open_from_each_asking_to_each_answer(opened: date, after: list[int | None], day: date) -> None:
    days: list[date | None] = [opened]
    for step in after:
        before = days[-1]
        days.append(None if step is None or before is None else before + timedelta(days=step))
    line = CaseLine(
        kind="feedback", category="roads", village=None, opened=opened,
        answered=days[1], reopened=days[2], settled=days[3],
    )  # fmt: skip
    changes = len([one for one in days if one is not None and one <= day])
    assert line.open_on(day) == (changes % 2 == 1)
