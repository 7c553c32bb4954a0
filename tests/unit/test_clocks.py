"""The terms of cases: what each law gives, where it ends, what a pause adds, and what nobody may add."""

from datetime import date, datetime

import msgspec
import pytest

from feedback.clock_rules import Ends, Ground, Pause, Terms, rules
from feedback.clocks import (
    Deadline,
    Extended,
    Refused,
    apologised,
    apology_at,
    apology_due,
    extend,
    is_late,
    pause,
    recompute,
    resume,
    start,
)
from vietnam.calendar import DayTable, over, shipped_days
from vietnam.time import HOUR, TZ, local, to_ms
from vietnam.working_time import USUAL, Sessions

DAYS = shipped_days()
RULES = rules(Terms())
SUSPENDED, CITIZEN = Pause.SUSPENDED, Pause.CITIZEN


def at(text: str) -> int:
    """The instant of a local time such as "2026-11-06 16:30"."""
    return to_ms(datetime.fromisoformat(text).replace(tzinfo=TZ))


def told(ms: int) -> str:
    return f"{local(ms):%a %Y-%m-%d %H:%M}"


def begun(rule: str, text: str, *, remote: bool = False) -> Deadline:
    return start(RULES[rule], at(text), DAYS, USUAL, remote=remote)


def paused(deadline: Deadline, text: str, reason: Pause = CITIZEN) -> Deadline:
    found = pause(deadline, RULES[deadline.rule], at(text), reason)
    assert isinstance(found, Deadline)
    return found


def resumed(deadline: Deadline, text: str) -> Deadline:
    found = resume(deadline, at(text), DAYS, USUAL)
    assert isinstance(found, Deadline)
    return found


def extended(
    deadline: Deadline, text: str, by: int, ground: Ground, reason: str = "đợi xác minh"
) -> Deadline | Refused:
    rule = RULES[deadline.rule]
    return extend(deadline, rule, at(text), by, ground=ground, reason=reason, table=DAYS, sessions=USUAL)


def longer(deadline: Deadline, text: str, by: int, ground: Ground) -> Deadline:
    found = extended(deadline, text, by, ground)
    assert isinstance(found, Deadline)
    return found


# --- what each rule gives ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "since", "due"),
    [
        ("report", "2026-11-02 09:00", "Thu 2026-11-05 10:30"),  # 24 working hours: three days and an hour and a half
        ("report", "2026-11-06 16:30", "Thu 2026-11-12 08:30"),
        ("report", "2026-02-13 16:30", "Thu 2026-02-26 08:30"),  # over Tết
        ("report_urgent", "2026-11-06 16:30", "Mon 2026-11-09 11:00"),
        ("report_urgent", "2026-11-07 21:00", "Mon 2026-11-09 11:30"),
        ("report_urgent", "2024-05-03 16:30", "Sat 2024-05-04 11:00"),  # the Saturday worked for 29/4
        ("petition", "2026-11-02 09:00", "Mon 2026-11-16 17:00"),
        ("letter", "2026-10-29 09:00", "Mon 2026-11-09 23:59"),  # 08/11 is a Sunday
        ("visitor_answer", "2026-04-20 09:00", "Thu 2026-05-07 23:59"),  # past 27/4, 30/4 and 01/5
        ("petition_transfer", "2024-04-26 15:00", "Tue 2024-05-07 23:59"),  # 04/5 counts
        ("complaint_accept", "2026-11-14 09:00", "Wed 2026-11-25 23:59"),  # 24/11
        ("complaint", "2026-03-31 09:00", "Mon 2026-05-04 23:59"),  # 30/4
        ("complaint_second_accept", "2026-11-02 09:00", "Thu 2026-11-12 23:59"),
        ("complaint_second", "2026-03-02 09:00", "Thu 2026-04-16 23:59"),
        ("denunciation_check", "2026-11-16 09:00", "Thu 2026-11-26 23:59"),  # 24/11 and a weekend
        ("denunciation_transfer", "2026-11-16 09:00", "Mon 2026-11-23 23:59"),
        ("denunciation", "2026-11-02 09:00", "Wed 2026-12-02 23:59"),
        ("dialogue_results", "2026-11-02 09:00", "Thu 2026-11-12 23:59"),
        ("dialogue_notice", "2026-11-18 08:00", "Wed 2026-11-11 23:59"),
        ("dialogue_notice", "2026-11-15 08:00", "Fri 2026-11-06 23:59"),  # a day off moves it ahead, never later
    ],
)
def test_where_a_term_ends(rule: str, since: str, due: str) -> None:
    assert told(begun(rule, since).due) == due


@pytest.mark.parametrize(
    ("rule", "days", "most"),
    [("complaint", 45, 60), ("complaint_second", 60, 70), ("denunciation", 30, 60), ("visitor_answer", 10, None)],
)
def test_where_travel_is_hard(rule: str, days: int, most: int | None) -> None:
    deadline = begun(rule, "2026-08-03 09:00", remote=True)
    assert (deadline.length, deadline.remote) == (days, True)
    if most is not None:
        allowed = longer(deadline, "2026-08-20 09:00", most - days, Ground.COMPLEX)
        assert (allowed.last_day - date(2026, 8, 3)).days == most
        beyond = extended(deadline, "2026-08-20 09:00", most - days + 1, Ground.COMPLEX)
        assert isinstance(beyond, Refused)
        assert (beyond.key, beyond.values["most"]) == ("clock.extend_long", most - days)


def test_how_it_was_counted_is_told() -> None:
    # given five working days from the Friday before 30 April 2024
    deadline = begun("petition_transfer", "2024-04-26 15:00")
    # then the days off between, and the Saturday worked for one of them, stand in it
    assert (deadline.first_day, deadline.last_day, deadline.due_day) == (
        date(2024, 5, 2),
        date(2024, 5, 7),
        date(2024, 5, 7),
    )
    assert deadline.skipped == (date(2024, 4, 29), date(2024, 4, 30), date(2024, 5, 1))
    assert deadline.worked == (date(2024, 5, 4),)
    # and in a calendar term, the day off that it would have ended on
    moved = begun("complaint", "2026-03-31 09:00")
    assert (moved.first_day, moved.last_day, moved.due_day) == (date(2026, 4, 1), date(2026, 4, 30), date(2026, 5, 4))


def test_hours_from_an_evening_begin_with_the_next_session() -> None:
    assert begun("report_urgent", "2026-11-06 20:00").first_day == date(2026, 11, 9)
    assert begun("report_urgent", "2026-11-06 16:59").first_day == date(2026, 11, 6)


def test_a_deadline_is_stored_and_read_again() -> None:
    deadline = longer(resumed(paused(begun("report", "2026-11-02 09:00"), "2026-11-03 09:00"), "2026-11-04 10:00"),
                      "2026-11-04 11:00", 5, Ground.OWN)  # fmt: skip
    assert msgspec.json.decode(msgspec.json.encode(deadline), type=Deadline) == deadline


def test_every_rule_names_its_law_and_its_own_id() -> None:
    for name, rule in RULES.items():
        assert rule.id == name
        assert rule.law
        assert rule.length >= 1
        # a promise of the commune's own runs while it works; a term of law ends as the law says
        assert (rule.ends is Ends.CLOSING) == rule.own == ("Quy chế" in rule.law)
        # and no law lets a term stand still because the citizen has not answered
        assert (CITIZEN in rule.pauses) == rule.own


def test_a_commune_sets_its_own_terms() -> None:
    changed = rules(Terms(report=8, petition=15, second_complaint=(40, 50)))
    assert (changed["report"].length, changed["petition"].length) == (8, 15)
    assert changed["report"].extensions[0].each == 8
    second = changed["complaint_second"]
    assert (second.length, second.extensions[0].each, second.remote) == (40, 10, 60)
    # a deadline that was given before keeps what it was given
    before = begun("report", "2026-11-02 09:00")
    assert recompute(before, DAYS, USUAL) == (before, False)


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({"report": 0}, "at least 1"),
        ({"second_complaint": (60, 45)}, "the usual term first"),
        ({"second_complaint_remote": (70, 60)}, "the usual term first"),
        ({"own_extensions": -1}, "0 or more"),
    ],
)
def test_terms_that_make_no_sense_are_refused(wrong: dict[str, object], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        msgspec.convert(wrong, Terms)


# --- pauses -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "since", "stopped", "back", "due"),
    [
        # 24 working hours would end Thu 10:30
        ("report", "2026-11-02 09:00", "2026-11-03 09:00", "2026-11-04 10:00", "Fri 2026-11-06 11:30"),
        ("report", "2026-11-05 09:00", "2026-11-06 16:30", "2026-11-09 08:00", "Tue 2026-11-10 11:30"),  # weekend: 1 h
        ("report", "2026-11-05 09:00", "2026-11-07 09:00", "2026-11-08 20:00", "Tue 2026-11-10 10:30"),  # all on it: 0
        # 10 working days would end Mon 16/11
        ("petition", "2026-11-02 09:00", "2026-11-06 16:00", "2026-11-09 08:00", "Tue 2026-11-17 17:00"),
        ("petition", "2026-11-02 09:00", "2026-11-07 09:00", "2026-11-08 09:00", "Mon 2026-11-16 17:00"),
        ("petition", "2026-11-02 09:00", "2026-11-02 10:00", "2026-11-04 09:00", "Tue 2026-11-17 17:00"),
        ("petition", "2026-11-02 09:00", "2026-11-16 10:00", "2026-11-17 20:00", "Wed 2026-11-18 17:00"),  # the evening
        # 30 days would end Wed 02/12
        ("denunciation", "2026-11-02 09:00", "2026-11-06 09:00", "2026-11-09 09:00", "Mon 2026-12-07 23:59"),
        ("complaint", "2026-11-02 09:00", "2026-11-06 09:00", "2026-11-16 09:00", "Mon 2026-12-14 23:59"),
    ],
)
def test_what_a_pause_adds(rule: str, since: str, stopped: str, back: str, due: str) -> None:
    reason = CITIZEN if RULES[rule].own else SUSPENDED
    deadline = paused(begun(rule, since), stopped, reason)
    assert deadline.paused
    assert told(resumed(deadline, back).due) == due


def test_nothing_is_late_while_it_stands_still() -> None:
    deadline = begun("report", "2026-11-02 09:00")
    assert is_late(deadline, at("2026-11-06 10:00"))
    assert not is_late(paused(deadline, "2026-11-03 09:00"), at("2026-11-06 10:00"))


def test_a_calendar_term_paused_on_the_day_it_was_moved_on_to() -> None:
    # given a term that ended on a Thursday off and was moved on to Monday 4 May
    deadline = begun("complaint", "2026-03-31 09:00")
    # when it is suspended that Monday until Wednesday
    again = resumed(paused(deadline, "2026-05-04 09:00", SUSPENDED), "2026-05-06 09:00")
    # then Wednesday is still in time
    assert again.due_day == date(2026, 5, 6)


def test_pauses_that_are_refused() -> None:
    report = begun("report", "2026-11-02 09:00")
    rule = RULES["report"]
    assert pause(
        begun("complaint", "2026-11-02 09:00"), RULES["complaint"], at("2026-11-03 09:00"), CITIZEN
    ) == Refused("clock.pause_none", {"law": RULES["complaint"].law})
    assert pause(report, rule, report.due, CITIZEN) == Refused("clock.late", {"due_day": date(2026, 11, 5)})
    assert pause(report, rule, at("2026-11-02 08:00"), CITIZEN) == Refused("clock.too_early")
    standing = paused(report, "2026-11-03 09:00")
    assert pause(standing, rule, at("2026-11-03 10:00"), CITIZEN) == Refused("clock.paused")
    assert resume(standing, at("2026-11-03 08:00"), DAYS, USUAL) == Refused("clock.too_early")
    assert resume(report, at("2026-11-03 08:00"), DAYS, USUAL) == Refused("clock.not_paused")
    running = resumed(standing, "2026-11-03 10:00")
    assert resume(running, at("2026-11-03 11:00"), DAYS, USUAL) == Refused("clock.not_paused")
    assert pause(running, rule, at("2026-11-03 09:30"), CITIZEN) == Refused("clock.too_early")


# --- extensions -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "ground", "each", "times"),
    [
        ("complaint", Ground.COMPLEX, 15, 1),
        ("complaint_second", Ground.COMPLEX, 15, 1),
        ("denunciation", Ground.COMPLEX, 30, 1),
        ("denunciation", Ground.VERY_COMPLEX, 30, 2),
        ("denunciation_check", Ground.MANY_PLACES, 3, 1),
        ("report", Ground.OWN, 24, 2),
    ],
)
def test_as_often_and_as_long_as_the_rule_allows(rule: str, ground: Ground, each: int, times: int) -> None:
    deadline = begun(rule, "2026-08-03 09:00")
    too_long = extended(deadline, "2026-08-03 10:00", each + 1, ground)
    assert isinstance(too_long, Refused)
    assert (too_long.key, too_long.values["most"]) == ("clock.extend_long", each)
    for _ in range(times):
        further = longer(deadline, "2026-08-03 10:00", each, ground)
        assert further.due > deadline.due
        deadline = further
    too_often = extended(deadline, "2026-08-03 10:00", 1, ground)
    assert too_often == Refused("clock.extend_times", {"times": times, "law": RULES[rule].law})


def test_lengths_are_counted_from_the_start_and_a_day_off_in_between_gives_nothing() -> None:
    # given a complaint whose 30 days end on a holiday and are moved on by four days
    deadline = begun("complaint", "2026-03-31 09:00")
    # when it is made longer on the very day it was moved on to
    further = longer(deadline, "2026-05-04 09:00", 15, Ground.COMPLEX)
    # then it ends 45 days after the start, not 49
    assert further.last_day == date(2026, 5, 15)
    assert further.changes == (
        Extended(
            at=at("2026-05-04 09:00"), by=15, ground=Ground.COMPLEX, reason="đợi xác minh", due_before=deadline.due
        ),
    )


def test_extensions_that_are_refused() -> None:
    complaint, transfer = begun("complaint", "2026-11-02 09:00"), begun("petition_transfer", "2026-11-02 09:00")
    day = "2026-11-03 09:00"
    assert extended(transfer, day, 1, Ground.COMPLEX) == Refused("clock.extend_none", {"law": RULES[transfer.rule].law})
    assert extended(complaint, day, 1, Ground.OWN) == Refused("clock.extend_none", {"law": RULES["complaint"].law})
    assert extended(complaint, day, 15, Ground.COMPLEX, " ") == Refused("clock.reason_empty")
    assert extended(complaint, day, 15, Ground.COMPLEX, "x" * 501) == Refused("clock.reason_long", {"most": 500})
    assert extended(complaint, "2026-11-01 09:00", 15, Ground.COMPLEX) == Refused("clock.too_early")
    for by in (0, -3):
        refused = extended(complaint, day, by, Ground.COMPLEX)
        assert isinstance(refused, Refused)
        assert refused.key == "clock.extend_long"
    # a term of law that is over cannot be made good afterwards
    late = extended(complaint, "2026-12-03 00:00", 15, Ground.COMPLEX)
    assert late == Refused("clock.late", {"due_day": date(2026, 12, 2)})
    standing = paused(complaint, day, SUSPENDED)
    assert extended(standing, day, 15, Ground.COMPLEX) == Refused("clock.paused")


def test_a_late_promise_of_its_own_is_renewed_from_that_moment() -> None:
    deadline = begun("report", "2026-11-02 09:00")  # until Thu 05/11 10:30
    renewed = longer(deadline, "2026-11-09 09:00", 4, Ground.OWN)
    assert told(renewed.due) == "Mon 2026-11-09 15:00"
    # and that it was late can still be seen
    assert isinstance(renewed.changes[0], Extended)
    assert renewed.changes[0].at > renewed.changes[0].due_before


# --- an edit of the table ---------------------------------------------------------------------------------------------


def test_an_edit_of_the_table_shows_what_it_moves() -> None:
    # given open cases, and a unit that learns of two more days off
    open_cases = {
        "before": begun("petition", "2026-10-01 09:00"),
        "across": begun("petition", "2026-11-02 09:00"),
        "hours": begun("report", "2026-11-09 09:00"),
        "ends there": begun("complaint_accept", "2026-11-02 09:00"),
        "calendar across": begun("denunciation", "2026-11-02 09:00"),
    }
    edited = over(DAYS, DayTable(off=frozenset({date(2026, 11, 11), date(2026, 11, 12)})))
    # then exactly the cases that pass them move, and the stored due was not touched
    counted = {name: recompute(one, edited, USUAL) for name, one in open_cases.items()}
    assert {name for name, (_, moved) in counted.items() if moved} == {"across", "hours", "ends there"}
    assert told(counted["across"][0].due) == "Wed 2026-11-18 17:00"
    assert told(counted["ends there"][0].due) == "Fri 2026-11-13 23:59"
    assert told(open_cases["across"].due) == "Mon 2026-11-16 17:00"
    # and counting by the old table again gives the old due
    assert recompute(counted["across"][0], DAYS, USUAL) == (open_cases["across"], True)


def test_other_office_hours_move_what_is_counted_in_hours() -> None:
    early = Sessions(((7 * 60, 11 * 60), (13 * 60, 16 * 60 + 30)))
    assert told(recompute(begun("petition", "2026-11-02 09:00"), DAYS, early)[0].due) == "Mon 2026-11-16 16:30"
    assert not recompute(begun("complaint", "2026-11-02 09:00"), DAYS, early)[1]


# --- the apology ------------------------------------------------------------------------------------------------------


def owed(deadline: Deadline, text: str) -> bool:
    return apology_due(deadline, at(text), 4 * HOUR, DAYS, USUAL)


def test_an_apology_comes_in_working_time_before_the_promise_passes() -> None:
    deadline = begun("petition", "2026-10-26 09:00")  # until Mon 09/11 17:00
    assert told(apology_at(deadline, 4 * HOUR, DAYS, USUAL)) == "Mon 2026-11-09 11:00"
    assert not owed(deadline, "2026-11-09 10:59")
    assert owed(deadline, "2026-11-09 11:00")
    assert owed(deadline, "2026-11-12 11:00")
    # four hours before Monday 08:00 is Friday, while there still is an officer to say why
    weekend = begun("report", "2026-11-04 13:30")
    assert told(weekend.due) == "Mon 2026-11-09 15:00"
    assert told(apology_at(weekend, 6 * HOUR, DAYS, USUAL)) == "Fri 2026-11-06 16:30"


def test_one_apology_for_one_promise() -> None:
    # given an apology that was given
    deadline = apologised(begun("petition", "2026-10-26 09:00"))
    assert not owed(deadline, "2026-11-09 16:00")
    # when a new day is promised
    renewed = longer(deadline, "2026-11-09 16:00", 5, Ground.OWN)
    # then the next is owed only before that one passes
    assert told(renewed.due) == "Mon 2026-11-16 17:00"
    assert not owed(renewed, "2026-11-13 17:00")
    assert owed(renewed, "2026-11-16 11:00")


def test_no_apology_before_half_of_a_short_term_nor_while_it_stands_still() -> None:
    short = begun("report_urgent", "2026-11-09 07:30")
    assert not owed(short, "2026-11-09 09:29")
    assert owed(short, "2026-11-09 09:30")
    assert not owed(paused(short, "2026-11-09 08:00"), "2026-11-09 11:00")
