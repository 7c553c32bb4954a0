"""What is published never lets a reader compute a group of one to four, whatever he subtracts."""

from datetime import date, timedelta
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from reports.disclosure import FLOOR, Ledger

MONTHS = [(date(2026, month, 1), date(2026, month + 1, 1) - timedelta(days=1)) for month in range(1, 7)]


def month(number: int) -> tuple[date, date]:
    return MONTHS[number - 1]


def span(first: int, last: int) -> tuple[date, date]:
    return MONTHS[first - 1][0], MONTHS[last - 1][1]


def test_a_small_cell_is_refused_and_an_empty_one_is_not() -> None:
    ledger = Ledger([1, 2])

    assert not ledger.publish(None, *month(1), 4)
    assert ledger.publish(None, *month(2), 5)
    assert ledger.publish(None, *month(3), 0)


def test_the_last_village_beside_a_hidden_one_is_refused() -> None:
    # Given a commune of 40 with villages of 20, 17 and 3
    ledger = Ledger([1, 2, 3])
    assert ledger.publish(None, *month(1), 40)
    assert ledger.publish(1, *month(1), 20)

    # Then 17 must not be said, for 40 - 20 - 17 is 3
    assert not ledger.publish(2, *month(1), 17)
    assert not ledger.publish(3, *month(1), 3)


def test_two_hidden_villages_are_enough_only_if_they_are_five_together() -> None:
    few, enough = Ledger([1, 2, 3]), Ledger([1, 2, 3])

    for ledger, rest in ((few, 4), (enough, 6)):
        assert ledger.publish(None, *month(1), 20 + rest)
        assert ledger.publish(1, *month(1), 20) is (rest >= FLOOR)


def test_a_quarter_less_its_published_months_says_nothing_small() -> None:
    ledger = Ledger([0])
    assert ledger.publish(None, *span(1, 3), 23)
    assert ledger.publish(None, *month(1), 10)

    # 23 - 10 - 10 would be the 3 of March
    assert not ledger.publish(None, *month(2), 10)


def test_a_quarter_less_a_month_in_its_middle_says_nothing_small() -> None:
    ledger = Ledger([0])
    assert ledger.publish(None, *span(1, 3), 15)

    # 15 - 12 would be January and March together
    assert not ledger.publish(None, *month(2), 12)


def test_overlapping_periods_are_seen_through() -> None:
    ledger = Ledger([0])
    ledger.record(None, *span(1, 3), 30)
    ledger.record(None, *span(2, 4), 32)

    # January-April would give April as 4 (34 - 30) and January as 2 (34 - 32)
    assert not ledger.publish(None, *span(1, 4), 34)


def test_a_village_hidden_in_one_quarter_is_not_betrayed_by_the_next_report() -> None:
    # Given a quarter in which village 2 (3 answers) is hidden together with village 3 (6)
    ledger = Ledger([1, 2, 3])
    assert ledger.publish(None, *span(1, 3), 29)
    assert ledger.publish(1, *span(1, 3), 20)

    # When the half-year is published after it, with the second quarter of village 3 known to be 10
    assert ledger.publish(None, *span(1, 6), 80)
    assert ledger.publish(3, *span(4, 6), 10)

    # Then village 3 over the half-year would betray its first quarter, and with it village 2
    assert not ledger.publish(3, *span(1, 6), 16)


def test_the_same_report_made_again_is_allowed() -> None:
    ledger = Ledger([1, 2])
    ledger.record(None, *month(1), 30)
    ledger.record(1, *month(1), 20)

    assert ledger.publish(None, *month(1), 30)
    assert ledger.publish(1, *month(1), 20)


def test_two_more_answers_in_the_same_days_are_not_told_apart() -> None:
    ledger = Ledger([0])
    ledger.record(None, *month(1), 30)

    assert not ledger.publish(None, *month(1), 32)
    assert ledger.publish(None, *month(1), 35)


def test_a_history_that_already_betrays_does_not_silence_everything_after_it() -> None:
    ledger = Ledger([0])
    ledger.record(None, *month(1), 12)
    ledger.record(None, *span(1, 2), 15)

    assert ledger.publish(None, *month(4), 30)
    assert not ledger.publish(None, *month(3), 3)


def test_years_of_reports_are_checked_quickly() -> None:
    """Only that it ends: the benchmark of the product measures."""
    ledger = Ledger(range(13))
    for first, last in MONTHS:
        assert ledger.publish(None, first, last, 13 * 9)
    for first, last in (span(1, 3), span(4, 6), span(1, 6)):
        months = (last.month - first.month) + 1
        assert ledger.publish(None, first, last, 13 * 9 * months)
        for place in range(13):
            assert ledger.publish(place, first, last, 9 * months)


TABLES = st.lists(st.lists(st.integers(0, 12), min_size=3, max_size=3), min_size=2, max_size=4)


@settings(deadline=None)  # a busy machine is no fault
@given(table=TABLES, order=st.permutations(list(combinations(range(4), 2))))
def test_no_attacker_subtracts_his_way_back(table: list[list[int]], order: list[tuple[int, int]]) -> None:
    """Villages x months, published in any order of periods: sums of published numbers never isolate 1 to 4."""
    ledger = Ledger(range(len(table)))
    published: dict[tuple[int | None, int, int], int] = {}
    for first, after in order:
        for place in (None, *range(len(table))):
            chosen = table if place is None else [table[place]]
            n = sum(sum(row[first:after]) for row in chosen)
            if ledger.publish(place, *span(first + 1, after), n):
                published[place, first, after] = n

    # The attacker: every village and span that follows from a chain of sums and differences, until nothing new follows.
    known = dict(published)
    for _ in range(4):
        for first, after in combinations(range(4), 2):
            for place in (None, *range(len(table))):
                for cut in range(first + 1, after):
                    whole, left, right = (place, first, after), (place, first, cut), (place, cut, after)
                    if left in known and right in known:
                        known[whole] = known[left] + known[right]
                    if whole in known and left in known:
                        known[right] = known[whole] - known[left]
                    if whole in known and right in known:
                        known[left] = known[whole] - known[right]
            villages = [place for place in range(len(table)) if (place, first, after) in known]
            if (None, first, after) in known:
                rest = known[None, first, after] - sum(known[place, first, after] for place in villages)
                assert not 0 < rest < FLOOR
    assert not [key for key, n in known.items() if 0 < n < FLOOR]
