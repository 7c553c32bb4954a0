"""Nobody is ranked above somebody whose interval overlaps theirs."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.province_ranking import above, places, tells

ENDS = st.integers(0, 1000).map(lambda n: n / 1000)
SPANS = st.lists(st.tuples(ENDS, ENDS).map(lambda ends: (min(ends), max(ends))), max_size=12)


@given(SPANS)
def test_overlapping_intervals_are_never_put_in_an_order(spans: list[tuple[float, float]]) -> None:
    found = places(spans)
    for (one, mine), (other, theirs) in combinations(zip(spans, found, strict=True), 2):
        if not above(one, other) and not above(other, one):
            # the places that both may hold meet: neither is said to stand before the other
            assert max(mine.best, theirs.best) <= min(mine.worst, theirs.worst)
            assert mine.rank is None or theirs.rank is None


@given(SPANS)
def test_whoever_stands_apart_is_put_in_the_right_order(spans: list[tuple[float, float]]) -> None:
    found = places(spans)
    for (one, mine), (other, theirs) in combinations(zip(spans, found, strict=True), 2):
        if above(one, other):
            assert mine.best < theirs.best
            assert mine.worst < theirs.worst
    assert all(1 <= place.best <= place.worst <= len(spans) for place in found)
    assert tells(found) is any(above(one, other) or above(other, one) for one, other in combinations(spans, 2))


@given(SPANS)
def test_the_order_in_which_communes_come_changes_nothing(spans: list[tuple[float, float]]) -> None:
    turned = list(reversed(spans))
    assert places(turned) == list(reversed(places(spans)))


def test_intervals_that_touch_are_not_apart() -> None:
    assert not tells(places([(0.5, 0.6), (0.6, 0.7)]))
    assert [place.rank for place in places([(0.8, 0.9), (0.1, 0.2), (0.5, 0.6)])] == [1, 3, 2]


def test_an_interval_the_wrong_way_round_is_an_error() -> None:
    with pytest.raises(ValueError, match="ends before it begins"):
        places([(0.6, 0.5)])
