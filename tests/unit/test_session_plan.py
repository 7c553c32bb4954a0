"""What an officer picks on a form and the rule that is kept are the same thing said twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.acts import Refusal
from feedback.session_plan import Repeat, repeat_of, rule_of


@pytest.mark.parametrize(
    ("picked", "rule"),
    [
        (Repeat(), ""),
        (Repeat(every="week", weekdays=(2,)), "FREQ=WEEKLY;BYDAY=WE"),
        (Repeat(every="week", interval=2, weekdays=(0, 4)), "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR"),
        (Repeat(every="month_days", days=(20, 5)), "FREQ=MONTHLY;BYMONTHDAY=5,20"),
        (Repeat(every="month_weeks", weekdays=(2,), orders=(3, 1)), "FREQ=MONTHLY;BYDAY=1WE,3WE"),
        (Repeat(every="year"), "FREQ=YEARLY"),
    ],
)
def test_what_is_picked_makes_a_rule(picked: Repeat, rule: str) -> None:
    assert rule_of(picked) == rule


@pytest.mark.parametrize(
    ("picked", "fault"),
    [
        (Repeat(every="week"), "repeat.weekdays"),
        (Repeat(every="week", weekdays=(9,)), "repeat.weekdays"),
        (Repeat(every="week", weekdays=(1,), interval=0), "repeat.interval"),
        (Repeat(every="week", weekdays=(1,), interval=99), "repeat.interval"),
        (Repeat(every="month_days"), "repeat.days"),
        (Repeat(every="month_days", days=(31,)), "repeat.days"),
        (Repeat(every="month_days", days=tuple(range(1, 20))), "repeat.days"),
        (Repeat(every="month_weeks", weekdays=(1,)), "repeat.weeks"),
        (Repeat(every="month_weeks", orders=(1,)), "repeat.weeks"),
    ],
)
def test_what_gives_no_day_is_refused(picked: Repeat, fault: str) -> None:
    outcome = rule_of(picked)
    assert isinstance(outcome, Refusal)
    assert outcome.key == fault


_PICKED = st.builds(
    Repeat,
    every=st.sampled_from(["week", "month_days", "month_weeks", "year"]),
    interval=st.integers(-1, 20),
    weekdays=st.lists(st.integers(0, 6), max_size=7).map(tuple),
    days=st.lists(st.integers(0, 31), max_size=9).map(tuple),
    orders=st.lists(st.sampled_from([1, 2, 3, 4, -1, 7]), max_size=5).map(tuple),
)


@given(_PICKED)
def test_a_rule_is_read_back_as_what_makes_it_again(picked: Repeat) -> None:
    rule = rule_of(picked)
    if isinstance(rule, str):
        back = repeat_of(rule)
        assert back is not None
        assert rule_of(back) == rule


@pytest.mark.parametrize("rule", ["FREQ=DAILY", "FREQ=WEEKLY;BYDAY=XX", "abc", "FREQ=MONTHLY;BYDAY=WE"])
def test_a_rule_that_no_form_makes_is_not_put_into_words(rule: str) -> None:
    assert repeat_of(rule) is None
