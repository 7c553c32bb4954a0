"""Days off of a year as they are pasted: what is read, and what is said of lines that cannot be."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vietnam.day_lines import MOST_LINES, ListedDay, read_day_lines

NOTICE = """Thứ Sáu, 01/01/2027 nghỉ; Tết Dương lịch
04/02/2027 - 10/02/2027 nghỉ; Thông báo số 6150

2027-04-24 làm bù
30.4.2027
3/5 nghỉ bù
"""


def test_a_notice_as_it_is_written() -> None:
    found, faults = read_day_lines(NOTICE, 2027)
    assert faults == []
    assert [(one.day.day, one.day.month, one.works) for one in found] == [
        (1, 1, False), (4, 2, False), (5, 2, False), (8, 2, False), (9, 2, False), (10, 2, False),
        (24, 4, True), (30, 4, False), (3, 5, False),
    ]  # fmt: skip
    assert found[1].note == "Thông báo số 6150"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("Tết Nguyên đán", "day"),
        ("31/02/2027", "day"),
        ("01/01/2027, 02/01/2027, 03/01/2027", "day"),
        ("01/01/2026", "year"),
        ("31/12/2026 - 01/01/2027", "year"),
        ("10/02/2027 - 04/02/2027", "span"),
        ("01/01/2027 - 01/03/2027", "span"),
        ("05/01/2027 làm bù", "weekday"),
        ("01/01/2027" + " " * 300 + "x", "long"),
    ],
)
def test_a_line_that_cannot_be_used_is_named(line: str, why: str) -> None:
    found, faults = read_day_lines(f"02/09/2027 nghỉ\n{line}", 2027)
    assert [(one.line, one.why) for one in faults] == [(2, why)]
    assert [one.day for one in found] == [date(2027, 9, 2)]


def test_a_day_is_not_both_and_a_list_has_an_end() -> None:
    assert [one.why for one in read_day_lines("24/04/2027 làm bù\n24/04/2027 làm bù", 2027)[1]] == []
    swapped = "23/04/2027 nghỉ\n23/04/2027 - 23/04/2027 làm bù"
    assert [one.why for one in read_day_lines(swapped, 2027)[1]] == ["weekday"]
    _, faults = read_day_lines("01/01/2027\n" * (MOST_LINES + 5), 2027)
    assert [(one.line, one.why) for one in faults] == [(MOST_LINES + 1, "many")]


def written(one: ListedDay) -> str:
    return f"{one.day:%d/%m/%Y} {'làm bù' if one.works else 'nghỉ'}; {one.note}"


@given(st.sets(st.integers(0, 364), max_size=MOST_LINES))
def test_what_is_written_out_is_read_again(picked: set[int]) -> None:
    days = [date(2027, 1, 1) + timedelta(days=at) for at in sorted(picked)]
    listed = [ListedDay(day=day, works=day.weekday() >= 5, note="Thông báo 1") for day in days]
    assert read_day_lines("\r\n".join(map(written, listed)), 2027) == (listed, [])


@given(st.text(max_size=400))
def test_whatever_is_pasted_is_read_or_refused(text: str) -> None:
    found, _ = read_day_lines(text, 2027)
    assert all(one.day.year == 2027 and one.works is (one.day.weekday() >= 5) for one in found)
