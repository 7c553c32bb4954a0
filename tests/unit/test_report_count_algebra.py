"""Counts of many overlapping periods: nothing can be subtracted back, and what tells nothing stands there."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from reports.count_memory import CountMemory
from reports.cut_ledger import COUNT
from reports.survey_figures import Cell
from surveys.definition import Kind, Question
from surveys.disclosing import answered, hidden_counts

FIRST = date(2026, 1, 1)
QUESTION = Question(id="tot", kind=Kind.LIKERT5, text="Nhìn chung", overall=True)
LEVELS = ("1", "2", "3", "4", "5")
SMALL = range(1, 5)
Row = dict[tuple[int, str], Fraction]


class Town:
    """Answers by day and level, what was published of them, and somebody who subtracts."""

    def __init__(self, days: list[dict[str, int]]) -> None:
        self.days = days
        self.cells: list[Cell] = []
        self.known: list[Row] = []
        self.leaks: set[tuple[int, int, str]] = set()

    def counts(self, first: date, last: date) -> Mapping[str, float]:
        inside = self.days[(first - FIRST).days : (last - FIRST).days + 1]
        return {level: sum(day[level] for day in inside) for level in LEVELS}

    def n(self, first: date, last: date) -> int:
        return int(sum(self.counts(first, last).values()))

    def publish(self, start: int, stop: int) -> set[str]:
        """Print the table of days `start` to `stop`, as a report does; the levels that stand in it."""
        first, last = FIRST + timedelta(days=start), FIRST + timedelta(days=stop)
        if self.n(first, last) < 5:
            return set()
        memory = CountMemory(QUESTION, "top2", self.counts, self.n, self.cells)
        found = self.counts(first, last)
        n = answered(QUESTION, found)
        gone = memory.hidden(first, last) | hidden_counts(QUESTION, found, n, n)
        # n and the figure stand there whatever the levels do
        self.learn(start, stop, LEVELS)
        self.learn(start, stop, ("4", "5"))
        self.cells.append(Cell(version=1, cut="all", question="tot", n=n, first=first, last=last))
        before = self.given_away()
        shown = {level for level in LEVELS if level not in gone}
        for level in shown:
            self.learn(start, stop, (level,))
            self.cells.append(
                Cell(version=1, cut=f"{COUNT}{level}", question="tot", n=int(found[level]), first=first, last=last)
            )
        self.leaks |= self.given_away() - before
        return shown

    def learn(self, start: int, stop: int, levels: Iterable[str]) -> None:
        row = {(day, level): Fraction(1) for day in range(start, stop + 1) for level in levels}
        wanted = self.reduced(row)
        if wanted:
            head = min(wanted)
            self.known.append({at: factor / wanted[head] for at, factor in wanted.items()})
        if not sum(self.days[day][level] for day, level in row):
            for cell in row:
                if len(row) > 1:
                    self.learn(cell[0], cell[0], (cell[1],))

    def reduced(self, row: Row) -> Row:
        """What is not known of a sum: exact, one equation after the other."""
        left = dict(row)
        for one in sorted(self.known, key=min):
            factor = left.get(min(one), Fraction(0))
            if factor:
                for at, by in one.items():
                    left[at] = left.get(at, Fraction(0)) - factor * by
                    if not left[at]:
                        del left[at]
        return left

    def given_away(self) -> set[tuple[int, int, str]]:
        """Every level over days that follow on each other which one to four people chose, as far as it is known."""
        found = set()
        for level in LEVELS:
            for start in range(len(self.days)):
                for stop in range(start, len(self.days)):
                    if sum(self.days[day][level] for day in range(start, stop + 1)) in SMALL and not self.reduced(
                        {(day, level): Fraction(1) for day in range(start, stop + 1)}
                    ):
                        found.add((start, stop, level))
        return found


people = st.lists(
    st.fixed_dictionaries({level: st.sampled_from((0, 0, 1, 2, 3, 6, 9, 30)) for level in LEVELS}),
    min_size=8,
    max_size=8,
)
spans = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)).map(sorted), min_size=5, max_size=9, unique_by=tuple)


@settings(max_examples=40)
@given(days=people, periods=spans)
def test_whatever_periods_are_published_no_group_of_one_to_four_can_be_subtracted(
    days: list[dict[str, int]], periods: list[list[int]]
) -> None:
    town = Town(days)
    for start, stop in periods:
        town.publish(start, stop)
        assert not town.leaks, (start, stop)


def test_a_year_after_its_months_shows_its_levels() -> None:
    # given eight months, each with a level that few chose
    town = Town([{"1": 2, "2": 7, "3": 20, "4": 40, "5": 30} for _ in range(8)])
    for month in range(7):
        assert town.publish(month, month) == {"3", "4", "5"}
    # when a report of all but the last days follows, and then one of all
    assert town.publish(0, 6) == set(LEVELS)
    # then the levels stand in it, but for those that would tell of the eighth month
    assert town.publish(0, 7) == {"3", "4", "5"}
    assert not town.leaks
