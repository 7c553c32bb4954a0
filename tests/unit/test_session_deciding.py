"""What may be done to a session, and when: the table of moves, the host's calendar, the clocks of 7 and 10 days."""

from datetime import date, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
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
from feedback.session_doubts import Unsure
from feedback.session_series import rule_fault
from feedback.sessions import SESSION_MOVES, SessionFacts, SessionKind, SessionState, Taken
from tests.unit.sessions import LEADER, NOW, WEDNESDAY, meeting
from vietnam.calendar import shipped_days
from vietnam.time import DAY, HOUR, TZ, to_ms

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
        return decide_session(known, Change(meeting=meeting(**other), reason="bão"), LEADER, now=NOW, table=TABLE)

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


@pytest.mark.parametrize("rule", ["", "FREQ=HOURLY", "FREQ=WEEKLY;BYDAY=XX", "every Wednesday", "FREQ=WEEKLY;COUNT=0x"])
def test_a_rule_that_is_none_is_refused(rule: str) -> None:
    act = OpenSeries(first=meeting(), rule=rule)
    assert key(decide_new(act, CLERK, now=NOW, table=TABLE, taken=())) in ("session.rule_wrong", "session.rule_empty")


def test_a_plan_in_a_year_without_a_table_is_warned_of() -> None:
    later = meeting(starts_at=to_ms(datetime(2028, 5, 1, 8, tzinfo=TZ)))
    asked = decide_new(Plan(later), CLERK, now=NOW, table=TABLE, taken=())
    assert doubts(asked) == ["session.warn.day_off", "session.warn.no_table"]
    assert key(decide_new(Plan(later, sure=True), CLERK, now=NOW, table=TABLE, taken=())) == "done"


def doubts(outcome: object) -> list[str]:
    return [one.key for one in outcome.doubts] if isinstance(outcome, Unsure) else []


@pytest.mark.parametrize(
    ("kind", "days", "found"),
    [
        (SessionKind.YEARLY, 2, ["session.warn.never"]),
        (SessionKind.BUSINESS, 2, ["session.warn.notice"]),
        (SessionKind.EXTRA_RECEPTION, 2, []),
        (SessionKind.YEARLY, 9, []),
        (SessionKind.YEARLY, 8, ["session.warn.day_off"]),
    ],
)
def test_what_speaks_against_a_day_is_said_before_it_is_planned(kind: SessionKind, days: int, found: list[str]) -> None:
    planned = meeting(kind=kind, starts_at=NOW + days * DAY)  # the third of October 2026 is a Saturday
    asked = decide_new(Plan(planned), CLERK, now=NOW, table=TABLE, taken=())
    assert doubts(asked) == found
    assert key(decide_new(Plan(planned, sure=True), CLERK, now=NOW, table=TABLE, taken=())) == "done"


@pytest.mark.parametrize(
    ("changed", "why", "found"),
    [
        ({"starts_at": NOW + 3 * DAY}, "bão", ["session.warn.moved_late"]),
        ({"starts_at": NOW + DAY}, "bão", ["session.warn.moved_late", "session.warn.day_off"]),
        ({"starts_at": WEDNESDAY + 3 * DAY}, "bão", ["session.warn.day_off"]),
        ({"starts_at": WEDNESDAY + DAY}, "bão", []),
        ({"seats": 3}, "", []),
    ],
)
def test_what_is_announced_is_moved_too_near_or_to_a_day_off_only_by_whoever_is_sure(
    changed: dict[str, Any], why: str, found: list[str]
) -> None:
    known = facts(meeting=meeting(kind=SessionKind.PERIODIC), state=SessionState.ANNOUNCED)

    def done(*, reason: str = why, sure: bool) -> SessionDecision | Refusal:
        act = Change(meeting=meeting(kind=SessionKind.PERIODIC, **changed), reason=reason, sure=sure)
        return decide_session(known, act, LEADER, now=NOW, table=TABLE)

    assert doubts(done(sure=False)) == found
    moved = done(sure=True)
    assert isinstance(moved, SessionDecision)
    assert moved.late_reason == (why if "session.warn.moved_late" in found else "")
    if why:
        assert key(done(reason=" ", sure=True)) == "session.reason_needed", "whoever comes reads why"


def test_what_is_announced_is_never_moved_into_the_past() -> None:
    known = facts(state=SessionState.ANNOUNCED)
    act = Change(meeting=meeting(starts_at=NOW - HOUR), reason="bão", sure=True)
    assert key(decide_session(known, act, LEADER, now=NOW, table=TABLE)) == "session.past"


def test_a_session_ends_before_its_end_only_where_somebody_is_sure() -> None:
    known = facts(state=SessionState.ANNOUNCED)
    at = WEDNESDAY + HOUR
    assert doubts(decide_session(known, Hold(), LEADER, now=at, table=TABLE)) == ["session.warn.running"]
    early = decide_session(known, Hold(sure=True), LEADER, now=at, table=TABLE)
    assert isinstance(early, SessionDecision)
    assert early.early
    over = decide_session(known, Hold(), LEADER, now=WEDNESDAY + 2 * HOUR, table=TABLE)
    assert isinstance(over, SessionDecision)
    assert not over.early


def test_a_day_beyond_all_calendars_is_an_input() -> None:
    first = meeting(starts_at=to_ms(datetime(9999, 12, 31, 8, tzinfo=TZ)))
    for act in (Plan(first), OpenSeries(first=first, rule="FREQ=WEEKLY;BYDAY=WE")):
        assert key(decide_new(act, CLERK, now=NOW, table=TABLE, taken=())) == "session.too_far"
    assert key(rule_fault("FREQ=YEARLY", date(9999, 12, 31))) == "session.too_far"
