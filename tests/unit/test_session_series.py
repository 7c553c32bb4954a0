"""On which days the sessions of a series are held: off holidays, one a day, in however many goes they are made."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from feedback.roles import OFFICER, Actor, Role
from feedback.session_acts import OpenSeries
from feedback.session_series import Dated, carried_on, days_of, on_day
from feedback.sessions import Taken
from storage import session_series
from storage.store import Store
from storage.tables import sessions
from tests.stores import SampleCommune
from tests.unit.sessions import meeting
from vietnam.calendar import DayTable, is_holiday, is_working_day, shipped_days
from vietnam.time import DAY, TZ, day_of, start_of, to_ms

TABLE = shipped_days()


def laid_out(rule: str, first: date, last: date, *, windows: int = 1, taken: tuple[Taken, ...] = ()) -> list[Dated]:
    """The days of a rule from `first` on, asked for in so many goes."""
    pattern = meeting(starts_at=start_of(first) + 7 * 3_600_000)
    found: list[Dated] = []
    since, step = first, timedelta(days=max(1, (last - first).days // windows))
    while since <= last:
        until = min(last, since + step)
        made = frozenset(one.held for one in found)
        days, _ = carried_on(rule, pattern, since, until, TABLE, taken=taken, given=made)
        found += days
        since = until + timedelta(days=1)
    return found


def test_the_tuesday_of_a_holiday_passes_over_the_wednesday_of_the_same_series() -> None:
    # given every Tuesday and Wednesday; Tuesday 24/11/2026 is a holiday
    found = laid_out("FREQ=WEEKLY;BYDAY=TU,WE", date(2026, 8, 11), date(2026, 12, 4))
    held = {one.of_rule: one.held for one in found}
    assert held[date(2026, 11, 25)] == date(2026, 11, 25), "whoever was told Wednesday comes on Wednesday"
    assert held[date(2026, 11, 24)] == date(2026, 11, 26)


@settings(deadline=None, max_examples=60)  # the first year without a table is read from a package
@given(
    st.sampled_from([
        "FREQ=WEEKLY;BYDAY=TU,WE", "FREQ=WEEKLY;BYDAY=MO,WE", "FREQ=WEEKLY;BYDAY=MO,TU,TH,FR", "FREQ=WEEKLY;BYDAY=SA",
        "FREQ=MONTHLY;BYMONTHDAY=5,6,20", "FREQ=MONTHLY;BYDAY=1MO", "FREQ=DAILY", "FREQ=WEEKLY;BYDAY=SA,SU,MO",
    ]),
    st.dates(date(2026, 1, 1), date(2026, 12, 20)),
    st.integers(2, 60),
    st.lists(st.integers(0, 100), max_size=3),
)  # fmt: skip
def test_however_often_the_series_is_carried_on_its_days_are_the_same(
    rule: str, first: date, windows: int, away: list[int]
) -> None:
    busy = tuple(Taken(start_of(first) + n * DAY, start_of(first) + (n + 2) * DAY) for n in away)
    last = first + timedelta(days=100)

    at_once = laid_out(rule, first, last, taken=busy)

    assert laid_out(rule, first, last, windows=windows, taken=busy) == at_once
    assert len({one.held for one in at_once}) == len(at_once), "two sessions on one day"
    for one in at_once:
        assert one.held >= one.of_rule
        assert not is_holiday(one.held, TABLE)
        assert not any(away.starts_at <= start_of(one.held) < away.ends_at for away in busy)


@settings(deadline=None)
@given(
    st.sampled_from(["FREQ=WEEKLY;BYDAY=WE", "FREQ=MONTHLY;BYMONTHDAY=15", "FREQ=MONTHLY;BYDAY=1MO"]),
    st.dates(date(2026, 1, 1), date(2026, 12, 1)),
)
def test_every_session_of_a_series_is_on_a_working_day(rule: str, first: date) -> None:
    last = first + timedelta(days=60)
    found = laid_out(rule, first, last)
    assert [one.of_rule for one in found] == days_of(rule, first, first, last)
    assert all(is_working_day(one.held, TABLE) for one in found)


def test_a_series_moves_off_the_days_on_which_the_host_is_away() -> None:
    # given every Wednesday and Thursday, with a Wednesday free and the host away on the Thursday
    table = DayTable(years=frozenset({2026}), off=frozenset({date(2026, 9, 2)}))
    away = to_ms(datetime(2026, 9, 3, tzinfo=TZ))
    pattern = meeting(starts_at=to_ms(datetime(2026, 9, 1, 7, 30, tzinfo=TZ)))
    taken = (Taken(away, away + DAY),)

    found, lost = carried_on(
        "FREQ=WEEKLY;BYDAY=WE,TH", pattern, date(2026, 9, 1), date(2026, 9, 10), table, taken=taken
    )

    # then both are held later, each on a day of its own, and the day of the rule is remembered
    assert [one.held for one in found] == [date(2026, 9, 4), date(2026, 9, 7), date(2026, 9, 9), date(2026, 9, 10)]
    assert (found[0].of_rule, lost) == (date(2026, 9, 2), [])
    held = on_day(pattern, date(2026, 9, 4))
    assert (day_of(held.starts_at), held.minutes) == (date(2026, 9, 4), 120)


def test_a_moved_session_goes_to_no_hour_that_the_host_has_given_away() -> None:
    # given Tuesday 24/11 off, and another session of the host on the Wednesday at that hour
    other = start_of(date(2026, 11, 25)) + 7 * 3_600_000
    taken = (Taken(other, other + 3_600_000, "Hội nghị", 5),)
    [found] = laid_out("FREQ=WEEKLY;BYDAY=TU", date(2026, 11, 24), date(2026, 11, 30), taken=taken)
    assert found.held == date(2026, 11, 26)


@pytest.mark.parametrize("rule", ["FREQ=WEEKLY;BYDAY=SA", "FREQ=WEEKLY;BYDAY=SU", "FREQ=MONTHLY;BYDAY=1SA"])
def test_a_weekend_that_the_rule_names_is_meant(rule: str) -> None:
    found = laid_out(rule, date(2026, 10, 1), date(2026, 12, 20))
    assert found
    assert all(one.held == one.of_rule for one in found)


def test_a_saturday_of_tet_moves_and_a_day_of_the_month_on_a_saturday_too() -> None:
    # given Saturday 6/2/2027, the first day of the year of the lunar calendar
    [tet] = laid_out("FREQ=WEEKLY;BYDAY=SA", date(2027, 2, 6), date(2027, 2, 12))
    assert tet.held == date(2027, 2, 11)
    [fifth] = laid_out("FREQ=MONTHLY;BYMONTHDAY=5", date(2026, 12, 1), date(2026, 12, 31))
    assert fifth.held == date(2026, 12, 7)


def test_a_rule_of_every_working_day_has_no_session_for_a_holiday() -> None:
    pattern = meeting(starts_at=to_ms(datetime(2026, 11, 23, 7, 30, tzinfo=TZ)))
    rule = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
    found, lost = carried_on(rule, pattern, date(2026, 11, 23), date(2026, 11, 27), TABLE)
    assert lost == [date(2026, 11, 24)]
    assert [one.held.day for one in found] == [23, 25, 26, 27]


@pytest.mark.parametrize("every", [1, 92])
async def test_the_daily_round_makes_what_one_go_would(store: Store, commune: SampleCommune, every: int) -> None:
    # given every Tuesday and Wednesday from 11/8/2026, carried on day by day or seldom
    begins = to_ms(datetime(2026, 8, 10, 9, tzinfo=TZ))
    officer = Actor(kind=OFFICER, unit=commune.commune, id=commune.officer, role=Role.LEADER)
    first = meeting(starts_at=to_ms(datetime(2026, 8, 11, 7, 30, tzinfo=TZ)))
    act = OpenSeries(first=first, rule="FREQ=WEEKLY;BYDAY=TU,WE")
    id = await store.write(lambda tx: session_series.begin(tx, commune.commune, act, officer, begins))
    clashing: list[str] = []
    for day in range(0, 93, every):
        _, away = await store.write(lambda tx, at=begins + day * DAY: session_series.make(tx, id, TABLE, at))  # type: ignore[misc]  # a default binds what the loop changes
        clashing += away

    rows = await store.read(lambda conn: conn.execute(select(sessions.c.series_day, sessions.c.starts_at)).all())

    held = {row.series_day: day_of(row.starts_at).isoformat() for row in rows}
    assert clashing == []
    assert (held["2026-11-24"], held["2026-11-25"]) == ("2026-11-26", "2026-11-25")
    assert len(set(held.values())) == len(held) == 54
