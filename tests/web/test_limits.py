"""Token buckets and case by case what they let through."""

from hypothesis import given
from hypothesis import strategies as st

from web.limits import Limit, Rate


def test_a_burst_passes_and_then_one_each_interval() -> None:
    limit = Limit(Rate(3, 1_000))
    assert [limit.allows("a", 0) for _ in range(4)] == [True, True, True, False]
    assert not limit.allows("a", 999)
    assert limit.allows("a", 1_000)
    assert not limit.allows("a", 1_000)


def test_keys_do_not_touch_each_other() -> None:
    limit = Limit(Rate(1, 1_000))
    assert limit.allows("a", 0)
    assert limit.allows("b", 0)


@given(st.lists(st.integers(0, 400), min_size=1, max_size=200))
def test_never_more_than_the_burst_and_the_time_allow(steps: list[int]) -> None:
    limit, now, passed = Limit(Rate(5, 100)), 0, 0
    for step in steps:
        now += step
        passed += limit.allows("a", now)
    assert passed <= 5 + now // 100


def test_a_clock_that_goes_back_gives_nothing() -> None:
    limit = Limit(Rate(1, 1_000))
    assert limit.allows("a", 5_000)
    assert not limit.allows("a", 0)
