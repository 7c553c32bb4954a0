"""Whatever becomes of a case, its term stays what the rule gives: walks of pauses, returns and extensions at random."""

from datetime import date, datetime
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from feedback.clock_rules import Count, Rule, Terms, rules
from feedback.clocks import Deadline, Extended, Refused, extend, pause, recompute, resume, start
from vietnam.calendar import DayTable, is_working_day, over, shipped_days
from vietnam.time import DAY, TZ, day_of, to_ms
from vietnam.working_time import USUAL

DAYS = shipped_days()
COUNTED = ("first_day", "last_day", "due_day", "due", "skipped", "worked")


@pytest.fixture(autouse=True, scope="module")
def _package_is_loaded() -> None:
    """A year that the table does not cover is asked of a package, whose import no property should wait for."""
    assert is_working_day(date(2027, 11, 25), DAYS)


instants = st.integers(to_ms(datetime(2024, 1, 1, tzinfo=TZ)), to_ms(datetime(2027, 7, 1, tzinfo=TZ)))
every_rule = st.sampled_from([rule for rule in rules(Terms()).values() if not rule.before])
steps = st.lists(st.integers(0, 12 * DAY), min_size=1, max_size=6)


def walked(rule: Rule, since: int, gaps: list[int], *, remote: bool) -> list[Deadline]:
    """Every stage of a case that is paused, resumed and made longer as often as the rule lets it."""
    deadline, now = start(rule, since, DAYS, USUAL, remote=remote), since
    stages = [deadline]
    for number, gap in enumerate(gaps):
        now += gap
        tries: list[Deadline | Refused] = [resume(deadline, now, DAYS, USUAL)]
        tries += [pause(deadline, rule, now, reason) for reason in rule.pauses]
        for one in rule.extensions if number % 2 else ():
            by = 1 + gap % one.each
            tries.append(extend(deadline, rule, now, by, ground=one.ground, reason="lý do", table=DAYS, sessions=USUAL))
        found = next((one for one in reversed(tries) if isinstance(one, Deadline)), None)
        if found is None:
            continue
        if deadline.paused:
            assert found.due >= now  # who comes back is never late at once
        deadline = found
        stages.append(deadline)
    return stages


@given(rule=every_rule, since=instants, gaps=steps, remote=st.booleans())
def test_whatever_happens_a_term_only_grows_and_never_ends_on_a_day_off(
    rule: Rule, since: int, gaps: list[int], *, remote: bool
) -> None:
    stages = walked(rule, since, gaps, remote=remote)
    for one in stages:
        assert is_working_day(one.due_day, DAYS)
        assert day_of(one.due) == one.due_day
        assert since < one.due
        assert one.first_day <= one.last_day <= one.due_day
    for earlier, later in pairwise(stages):
        assert later.due >= earlier.due


@given(rule=every_rule, since=instants, gaps=steps, remote=st.booleans())
def test_counting_again_by_the_same_table_changes_nothing(
    rule: Rule, since: int, gaps: list[int], *, remote: bool
) -> None:
    for one in walked(rule, since, gaps, remote=remote):
        assert recompute(one, DAYS, USUAL) == (one, False)
        assert msgspec.json.decode(msgspec.json.encode(one), type=Deadline) == one


@given(every_rule, instants, st.integers(0, 40 * DAY))
def test_who_comes_later_is_never_served_earlier(rule: Rule, since: int, later: int) -> None:
    first, second = (start(rule, one, DAYS, USUAL) for one in (since, since + later))
    assert first.due <= second.due


@given(every_rule, instants, st.sets(st.dates(date(2024, 1, 1), date(2027, 6, 30)), max_size=20))
def test_more_days_off_never_bring_a_term_forward(rule: Rule, since: int, off: set[date]) -> None:
    deadline = start(rule, since, DAYS, USUAL)
    counted, moved = recompute(deadline, over(DAYS, DayTable(off=frozenset(off))), USUAL)
    assert counted.due >= deadline.due
    assert moved == (counted.due != deadline.due)
    assert replace(counted, **{name: getattr(deadline, name) for name in COUNTED}) == deadline


@given(rule=every_rule, since=instants, gaps=steps, remote=st.booleans())
def test_no_chain_of_steps_leads_beyond_the_law(rule: Rule, since: int, gaps: list[int], *, remote: bool) -> None:
    most = max((one.times * ((remote and one.each_remote) or one.each) for one in rule.extensions), default=0)
    for one in walked(rule, since, gaps, remote=remote):
        made = [change for change in one.changes if isinstance(change, Extended)]
        assert sum(change.by for change in made) <= most
        if rule.count is Count.CALENDAR_DAYS and len(made) == len(one.changes):  # never paused
            assert (one.last_day - day_of(since)).days <= one.length + most


@given(instants, st.integers(1, 60))
def test_a_notice_counted_back_is_always_early_enough(since: int, days: int) -> None:
    rule = Rule(id="x", law="x", count=Count.CALENDAR_DAYS, length=days, before=True)
    notice = start(rule, since, DAYS, USUAL)
    assert (day_of(since) - notice.due_day).days >= days
    assert is_working_day(notice.due_day, DAYS)
    assert not recompute(notice, DAYS, USUAL)[1]
