"""Counts by level and choice beside those of other periods: what subtracting would leave stays out."""

from datetime import date

from reports.count_memory import CountMemory, Counts, Days
from reports.survey_figures import Cell
from surveys.definition import Choice, Kind, Question

QUESTION = Question(id="q", kind=Kind.SINGLE, text="?", choices=tuple(Choice(id=id, text=id) for id in "xyz"))
MONTHS = [
    (date(2026, 1, 1), date(2026, 1, 31)),
    (date(2026, 2, 1), date(2026, 2, 28)),
    (date(2026, 3, 1), date(2026, 3, 31)),
]
MONTHS += [
    (date(2026, 4, 1), date(2026, 4, 30)),
    (date(2026, 5, 1), date(2026, 5, 31)),
    (date(2026, 6, 1), date(2026, 6, 30)),
]
QUARTER, HALF = (MONTHS[0][0], MONTHS[2][1]), (MONTHS[0][0], MONTHS[5][1])


def memory(said: list[str], *published: tuple[Days, str]) -> CountMemory:
    """`said`: the answers of each month; `published`: days, and the choices whose counts stand there."""

    def counts(first: date, last: date) -> Counts:
        inside = "".join(one for one, (begin, end) in zip(said, MONTHS, strict=False) if first <= begin and end <= last)
        return {id: inside.count(id) for id in "xyz"}

    def all(first: date, last: date) -> int:
        return int(sum(counts(first, last).values()))

    cells = []
    for (first, last), shown in published:
        numbers = {"all": all(first, last)} | {f"count:{id}": int(counts(first, last)[id]) for id in shown}
        cells += [Cell(version=1, cut=cut, question="q", n=n, first=first, last=last) for cut, n in numbers.items()]
    return CountMemory(QUESTION, "top2", counts, all, cells)


FULL = "x" * 20 + "y" * 20 + "z" * 20
MARCH = "x" * 20 + "y" * 20 + "z" * 3


def test_nothing_published_and_nothing_that_overlaps_hides_nothing() -> None:
    assert memory([FULL, FULL, MARCH]).hidden(*QUARTER) == frozenset()
    assert memory([FULL, FULL, MARCH], (MONTHS[0], "xyz")).hidden(*MONTHS[1]) == frozenset()


def test_a_quarter_does_not_give_away_what_one_of_its_months_kept_back() -> None:
    # March shows x and keeps back y and z: only so is the 3 of z not to be found
    told = memory([FULL, FULL, MARCH], (MONTHS[0], "xyz"), (MONTHS[1], "xyz"), (MONTHS[2], "x"))

    assert "z" in told.hidden(*QUARTER)


def test_a_month_does_not_give_away_another_by_the_quarter_that_came_before() -> None:
    told = memory([FULL, FULL, MARCH], (QUARTER, "xyz"), (MONTHS[0], "xyz"))

    assert "z" in told.hidden(*MONTHS[1])


def test_what_the_whole_period_shows_again_is_shown_again() -> None:
    told = memory([FULL, FULL, FULL], (MONTHS[0], "xyz"), (MONTHS[1], "xyz"), (MONTHS[2], "xyz"), (QUARTER, "xyz"))

    assert not told.hidden(*QUARTER) & set("xyz")


def test_a_long_period_does_not_give_away_one_of_its_many_months() -> None:
    said = [FULL, FULL, FULL, MARCH, FULL, FULL]
    second = (MONTHS[3][0], MONTHS[5][1])
    months = [(month, "xyz") for month in (*MONTHS[:3], *MONTHS[4:])]
    told = memory(said, *months, (MONTHS[3], "x"), (QUARTER, "xyz"), (second, "x"))

    assert "z" in told.hidden(*HALF)


def test_days_of_which_nobody_answered_leave_no_gap() -> None:
    said = [FULL, "", FULL, "", FULL, FULL]
    told = memory(said, *[(MONTHS[at], "xyz") for at in (0, 2, 4, 5)])

    assert not told.hidden(*HALF) & set("xyz")


def test_figures_that_do_not_fit_what_was_published_leave_all_counts_out() -> None:
    told = memory([FULL, FULL, MARCH], (MONTHS[0], "xyz"))
    told._shown[MONTHS[0]]["x"] = 7  # as if answers had been taken out since

    assert set("xyz") <= told.hidden(*QUARTER)
