"""How far the reports are that a plan asks for, and when the program makes them or speaks of them by itself."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from reports.due import Begun, Due, standing, to_make, to_tell
from reports.owing import owing
from reports.plans import FOLDER, plan, read
from vietnam.calendar import shipped_days

TABLE = shipped_days()
CAU_NGANG = plan("cau_ngang_2022_2026")
NAME = "Kết quả thực hiện công tác dân vận chính quyền"


def of_year(today: date, *states: str, since: date | None = None) -> Due:
    """The report on the whole of 2026: to be sent before 25/11, so issued by 23/11 (the 24th is a holiday)."""
    begun = [Begun(number, CAU_NGANG.id, NAME, "2026-12m", state) for number, state in enumerate(states, start=1)]
    owed = owing(CAU_NGANG, 2026, TABLE, days=2)
    return standing(CAU_NGANG.id, owed, begun, today, since)[-1]


def with_day(before: str, period: str = "12m") -> str:
    text = (FOLDER / "mau.toml").read_text("utf-8")
    return text.replace('period = "12m"\nbefore = "25/11"', f'period = "{period}"\nbefore = "{before}"')


@pytest.mark.parametrize(
    ("today", "made", "told"),
    [
        (date(2026, 11, 19), False, ""),  # the last day that is counted
        (date(2026, 11, 20), True, ""),
        (date(2026, 11, 22), True, ""),  # a Sunday
        (date(2026, 11, 23), True, "today"),
        (date(2026, 11, 24), True, "late"),
        (date(2026, 12, 23), True, "late"),
        (date(2026, 12, 24), False, ""),  # a month later nobody is told any more
    ],
)
def test_a_report_nobody_has_begun(today: date, *, made: bool, told: str) -> None:
    due = of_year(today)

    assert (to_make(due, today), to_tell(due, today)) == (made, told)


@pytest.mark.parametrize(
    ("states", "stage", "told"),
    [
        (["making"], "making", "today"),
        (["ready"], "draft", "today"),
        (["approved"], "approved", "today"),
        (["handed"], "handed", ""),
        (["frozen"], "issued", ""),
        (["failed"], "failed", "today"),
        (["approved", "making"], "approved", "today"),
        (["ready", "failed"], "draft", "today"),
    ],
)
def test_what_was_begun_is_not_begun_again(states: list[str], stage: str, told: str) -> None:
    day = date(2026, 11, 23)
    due = of_year(day, *states)

    assert (due.stage, to_make(due, day), to_tell(due, day)) == (stage, False, told)


def test_a_draft_made_too_soon_wants_counting_again() -> None:
    begun = [Begun(1, CAU_NGANG.id, NAME, "2026-12m", "ready", date(2026, 11, 10))]

    def on(*day: int, state: str = "ready") -> tuple[bool, str]:
        some = [replace(begun[0], state=state)]
        today = date(2026, 11, *day)
        due = standing(CAU_NGANG.id, owing(CAU_NGANG, 2026, TABLE, days=2), some, today)[-1]
        return due.short, to_tell(due, today)

    assert on(19) == (False, "")
    assert on(20) == (True, "short")
    assert on(23) == (True, "today")
    assert on(20, state="approved") == (False, "")


def test_the_newest_of_those_as_far_is_shown() -> None:
    assert of_year(date(2026, 11, 20), "ready", "ready").report == 2


def test_a_report_of_before_the_plan_was_taken_in_is_nobodys_fault() -> None:
    day = date(2026, 12, 1)
    due = of_year(day, since=day)

    assert (due.past, due.late, to_make(due, day), to_tell(due, day)) == (True, False, False, "")
    # but one that was begun all the same is followed to its end
    assert of_year(day, "ready", since=day).late


@pytest.mark.parametrize(
    ("before", "period", "year", "issue_by", "cut_off"),
    [
        # Tết Bính Ngọ: 14 to 22 February 2026 are free; two working days before the 13th is the 11th
        ("20/2", "12m", 2026, date(2026, 2, 13), date(2026, 2, 11)),
        ("25/11", "12m", 2026, date(2026, 11, 23), date(2026, 11, 19)),
        ("29/2", "12m", 2028, date(2028, 2, 28), date(2028, 2, 24)),
        ("29/2", "12m", 2026, date(2026, 2, 27), date(2026, 2, 25)),  # 28 February is a Saturday: 1 March decides
        ("25/12", "12m", 2026, date(2026, 12, 24), date(2026, 12, 14)),  # the period ends long before: counted whole
    ],
)
def test_days_around_holidays(before: str, period: str, year: int, issue_by: date, cut_off: date) -> None:
    after = "\nyear_after = true" if before in {"20/2", "29/2"} else ""
    text = with_day(before, period).replace(f'before = "{before}"', f'before = "{before}"{after}')
    found = owing(read(text, "mau"), year - bool(after), TABLE, days=2)[-1].deadline

    assert found is not None
    assert found.issue_by == issue_by
    assert found.cut_off == min(cut_off, date(year - bool(after), 12, 14))


def test_a_day_that_an_officer_entered_counts_before_the_plans_own() -> None:
    days = {(NAME, "2026-6m"): date(2026, 5, 20)}
    found = owing(CAU_NGANG, 2026, TABLE, days=2, entered=days)[0]

    assert found.deadline is not None
    assert (found.entered, found.deadline.issue_by) == (True, date(2026, 5, 19))


def test_a_report_on_no_period_has_one_as_soon_as_it_has_a_day() -> None:
    y_tich = plan("y_tich_2024")
    name = y_tich.owed[0].name
    found = owing(y_tich, 2026, TABLE, entered={(name, "2026-12m"): date(2026, 12, 20), (name, "2025-12m"): date.max})

    assert [one.period.key if one.period else "" for one in found] == ["2026-12m", ""]


@given(today=st.dates(date(2026, 1, 1), date(2027, 6, 30)), lead=st.integers(1, 15))
def test_whatever_the_day_nothing_is_made_before_its_days_are_counted(today: date, lead: int) -> None:
    for due in standing(CAU_NGANG.id, owing(CAU_NGANG, 2026, TABLE, days=lead), [], today):
        last = due.owed.deadline
        assert last is not None
        if to_make(due, today):
            assert last.cut_off < today <= last.issue_by + timedelta(days=30)
        assert not (due.late and due.soon)
