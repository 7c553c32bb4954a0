"""What may be done to a session, and when: the table of moves, the host's calendar, the clocks of 7 and 10 days."""

from datetime import date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.acts import Refusal
from feedback.roles import CITIZEN, OFFICER, Actor, Role
from feedback.session_acts import (
    Announce,
    Answer,
    Cancel,
    Change,
    Hold,
    Minutes,
    OpenSeries,
    Plan,
    Promise,
    Publish,
    SessionAct,
)
from feedback.session_clocks import SessionClock, Warned, late, notice_by, results_by, warnings
from feedback.session_deciding import SessionDecision, decide_new, decide_session
from feedback.session_series import dated, days_of, on_day
from feedback.sessions import SESSION_MOVES, SessionFacts, SessionKind, SessionState, Taken
from tests.unit.sessions import LEADER, NOW, WEDNESDAY, meeting
from vietnam.calendar import DayTable, is_working_day, shipped_days
from vietnam.time import DAY, HOUR, TZ, day_of, to_ms

TABLE = shipped_days()
CLERK = Actor(kind=OFFICER, unit=1, id=7, role=Role.RECEPTION)
ACTS: list[SessionAct] = [
    Announce(late_reason="gấp"), Change(meeting=meeting(place="nhà văn hóa")), Cancel(reason="bão"), Hold(),
    Minutes(summary="Đã trao đổi."), Answer(question=1, text="Sẽ làm."), Publish(),
    Promise(text="Sửa cầu", owner="Phòng Kinh tế", due_day="2026-12-01"),
]  # fmt: skip


def facts(**other: Any) -> SessionFacts:
    values: dict[str, Any] = {
        "id": 5, "unit": 1, "meeting": meeting(), "state": SessionState.PLANNED, "version": 1,
    }  # fmt: skip
    return SessionFacts(**{**values, **other})


def key(outcome: object) -> str:
    return outcome.key if isinstance(outcome, Refusal) else "done"


@given(st.lists(st.tuples(st.sampled_from(ACTS), st.sampled_from([0, HOUR, DAY, 9 * DAY])), max_size=25))
def test_a_session_moves_only_as_the_table_says(steps: list[tuple[SessionAct, int]]) -> None:
    now, at = facts(), NOW
    for act, later in steps:
        at += later
        done = decide_session(now, act, LEADER, now=at, table=TABLE)
        if isinstance(done, Refusal):
            continue
        assert SESSION_MOVES[done.action][now.state] is done.after
        assert not isinstance(act, Publish) or now.summary
        assert not isinstance(act, Hold) or at >= now.meeting.starts_at
        now = msgspec.structs.replace(
            now,
            state=done.after,
            version=now.version + 1,
            meeting=done.meeting or now.meeting,
            summary=now.summary or isinstance(act, Minutes),
        )


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"title": " "}, "session.title_place"),
        ({"place": ""}, "session.title_place"),
        ({"online": "zoom.us/j/1"}, "session.online_wrong"),
        ({"starts_at": NOW - 1}, "session.past"),
        ({"minutes": 10}, "session.minutes_wrong"),
        ({"seats": 0}, "session.seats_wrong"),
        ({"seats": 5}, "session.slots_long"),
        ({"slot_minutes": 2}, "session.slots_wrong"),
        ({"title": "x" * 201}, "session.too_long"),
        ({}, "done"),
        ({"place": "", "online": "https://hop.example/1"}, "done"),
    ],
)
def test_a_plan_with_something_wrong_is_refused(changed: dict[str, Any], why: str) -> None:
    assert key(decide_new(Plan(meeting(**changed)), CLERK, now=NOW, table=TABLE, taken=())) == why


def test_a_host_is_never_in_two_places() -> None:
    other = Taken(WEDNESDAY + HOUR, WEDNESDAY + 3 * HOUR, "Đối thoại với doanh nghiệp", 9)

    refused = decide_new(Plan(meeting()), CLERK, now=NOW, table=TABLE, taken=(other,))
    assert isinstance(refused, Refusal)
    assert (refused.key, refused.values["title"], refused.values["time"]) == (
        "session.host_taken", "Đối thoại với doanh nghiệp", "08:30-10:30",
    )  # fmt: skip
    before = meeting(starts_at=WEDNESDAY - HOUR)
    assert isinstance(decide_new(Plan(before), CLERK, now=NOW, table=TABLE, taken=(other,)), SessionDecision)
    busy = Taken(WEDNESDAY - 8 * HOUR, WEDNESDAY + 16 * HOUR)
    assert key(decide_new(Plan(meeting()), CLERK, now=NOW, table=TABLE, taken=(busy,))) == "session.host_busy"
    # its own time does not stand in the way of a change
    own = Taken(WEDNESDAY, WEDNESDAY + 2 * HOUR, "Tiếp công dân", 5)
    change = Change(meeting=meeting(place="nhà văn hóa"))
    assert key(decide_session(facts(), change, CLERK, now=NOW, table=TABLE, taken=(own,))) == "done"


@pytest.mark.parametrize(
    ("kind", "days", "reason", "why"),
    [
        (SessionKind.YEARLY, 7, "", "done"),
        (SessionKind.YEARLY, 6, "họp gấp", "session.notice_late"),
        (SessionKind.PERIODIC, 6, "họp gấp", "session.notice_late"),
        (SessionKind.MORNING, 6, "", "session.notice_reason"),
        (SessionKind.MORNING, 6, "họp gấp", "done"),
        (SessionKind.EXTRA_RECEPTION, 0, "", "done"),
    ],
)
def test_a_dialogue_is_told_seven_days_before(kind: SessionKind, days: int, reason: str, why: str) -> None:
    soon = facts(meeting=meeting(kind=kind, starts_at=NOW + days * DAY + HOUR))
    assert key(decide_session(soon, Announce(late_reason=reason), LEADER, now=NOW, table=TABLE)) == why


def test_officers_are_warned_of_both_clocks_once_each() -> None:
    def found(state: SessionState, days: float, warned: int = 0, kind: SessionKind = SessionKind.YEARLY) -> Warned:
        at = WEDNESDAY + int(days * DAY)
        clock = SessionClock(kind=kind, state=state, starts_at=WEDNESDAY, ends_at=WEDNESDAY + 2 * HOUR, warned=warned)
        return warnings(clock, at)

    assert notice_by(SessionKind.YEARLY, WEDNESDAY) == date(2026, 10, 14)
    assert results_by(SessionKind.YEARLY, WEDNESDAY) == date(2026, 10, 31)
    assert found(SessionState.PLANNED, -12) == 0
    assert found(SessionState.PLANNED, -9) == Warned.NOTICE_SOON
    assert found(SessionState.PLANNED, -9, Warned.NOTICE_SOON) == 0
    assert found(SessionState.PLANNED, -6, Warned.NOTICE_SOON) == Warned.NOTICE_LATE
    assert found(SessionState.ANNOUNCED, -6) == 0
    assert found(SessionState.ANNOUNCED, 2) == Warned.NOT_CLOSED
    assert found(SessionState.HELD, 2) == 0
    assert found(SessionState.HELD, 8) == Warned.RESULTS_SOON
    assert found(SessionState.HELD, 11) == Warned.RESULTS_LATE
    assert found(SessionState.PUBLISHED, 30) == 0
    assert found(SessionState.HELD, 30, kind=SessionKind.RECEPTION) == 0, "of a reception nothing is published"
    assert not late(SessionKind.EXTRA_RECEPTION, NOW + HOUR, NOW)


def test_a_change_is_told_to_whoever_has_a_seat_only_where_it_concerns_them() -> None:
    known = facts(state=SessionState.ANNOUNCED, taken=frozenset({1, 3}))

    def done(**other: Any) -> SessionDecision | Refusal:
        return decide_session(known, Change(meeting=meeting(**other)), LEADER, now=NOW, table=TABLE)

    moved, bigger, smaller = done(starts_at=WEDNESDAY + DAY), done(title="Tiếp dân"), done(seats=2)
    assert isinstance(moved, SessionDecision)
    assert moved.news == "changed"
    assert isinstance(bigger, SessionDecision)
    assert bigger.news == ""
    assert key(smaller) == "session.seats_taken"


def test_an_old_page_and_a_stranger_change_nothing() -> None:
    assert key(decide_session(facts(version=3), Cancel(reason="bão", seen=2), LEADER, now=NOW, table=TABLE)) == (
        "act.changed"
    )
    citizen, elsewhere = Actor(kind=CITIZEN, unit=1), Actor(kind=OFFICER, unit=2, id=1, role=Role.LEADER)
    for who in (citizen, elsewhere):
        assert key(decide_session(facts(), Cancel(reason="bão"), who, now=NOW, table=TABLE)) == "act.not_allowed"
    assert key(decide_session(facts(), Cancel(reason=" "), LEADER, now=NOW, table=TABLE)) == "session.reason_needed"
    assert key(decide_session(None, Hold(), LEADER, now=NOW, table=TABLE)) == "session.none"
    done = facts(state=SessionState.HELD, summary=True)
    assert key(decide_session(done, Publish(), CLERK, now=NOW, table=TABLE)) == "act.not_allowed"


def test_a_series_moves_off_days_off_and_never_twice_onto_one_day() -> None:
    # given every Wednesday and Thursday, with a Wednesday free and the host away on the Thursday
    table = DayTable(years=frozenset({2026}), off=frozenset({date(2026, 9, 2)}))
    away = to_ms(datetime(2026, 9, 3, tzinfo=TZ))
    days = days_of("FREQ=WEEKLY;BYDAY=WE,TH", date(2026, 9, 1), date(2026, 9, 1), date(2026, 9, 10))
    assert days == [date(2026, 9, 2), date(2026, 9, 3), date(2026, 9, 9), date(2026, 9, 10)]

    found = dated(days, table, (Taken(away, away + DAY),))

    # then both are held later, each on a day of its own, and the day of the rule is remembered
    assert [one.held for one in found] == [date(2026, 9, 4), date(2026, 9, 7), date(2026, 9, 9), date(2026, 9, 10)]
    assert found[0].of_rule == date(2026, 9, 2)
    held = on_day(meeting(), date(2026, 9, 4))
    assert (day_of(held.starts_at), held.minutes) == (date(2026, 9, 4), 120)


@settings(deadline=None)  # the first year without a table is read from a package
@given(
    st.sampled_from(["FREQ=WEEKLY;BYDAY=WE", "FREQ=MONTHLY;BYMONTHDAY=15", "FREQ=MONTHLY;BYDAY=1MO", "FREQ=DAILY"]),
    st.dates(date(2026, 1, 1), date(2026, 12, 1)),
)
def test_every_session_of_a_series_is_on_a_working_day(rule: str, first: date) -> None:
    days = days_of(rule, first, first, first + timedelta(days=60))
    found = dated(days, TABLE)
    assert [one.of_rule for one in found] == days
    assert all(is_working_day(one.held, TABLE) and one.held >= one.of_rule for one in found)
    assert len({one.held for one in found}) == len(found)


@pytest.mark.parametrize("rule", ["", "FREQ=HOURLY", "FREQ=WEEKLY;BYDAY=XX", "every Wednesday", "FREQ=WEEKLY;COUNT=0x"])
def test_a_rule_that_is_none_is_refused(rule: str) -> None:
    act = OpenSeries(first=meeting(), rule=rule)
    assert key(decide_new(act, CLERK, now=NOW, table=TABLE, taken=())) in ("session.rule_wrong", "session.rule_empty")


def test_a_plan_in_a_year_without_a_table_is_warned_of() -> None:
    later = meeting(starts_at=to_ms(datetime(2031, 5, 1, 8, tzinfo=TZ)))
    done = decide_new(Plan(later), CLERK, now=NOW, table=TABLE, taken=())
    assert isinstance(done, SessionDecision)
    assert {one.key for one in done.warnings} == {"session.warn.day_off", "session.warn.no_table"}
