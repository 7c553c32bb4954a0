"""Deadlines as facts: what was counted, from when, past which days off, and every pause and extension since.

A stored deadline can be counted again by the rule it was given, so an edit of the table of days off shows which open
cases it moves. Nothing here touches a stored due date by itself. Instants are UTC milliseconds.
"""

from datetime import date, timedelta

import msgspec
from msgspec.structs import replace

from feedback.clock_rules import Count, Ends, Extension, Ground, Pause, Rule
from vietnam.calendar import DayTable
from vietnam.time import HOUR
from vietnam.working_time import (
    Sessions,
    add_working_time,
    closing,
    end_of,
    local_day,
    moved_back,
    moved_on,
    take_working_time,
    unusual_days,
    working_days_after,
    working_days_in,
    working_time_between,
)

_DAY = timedelta(days=1)
MAX_REASON = 500


class Extended(msgspec.Struct, frozen=True, kw_only=True, tag="extended"):
    """Made longer at an instant, by so many units of the rule; `due_before` is the promise that this replaced."""

    at: int
    by: int
    ground: Ground
    reason: str
    due_before: int


class Paused(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="paused"):
    """Stood still from `at` until `until`; None while it still does."""

    at: int
    reason: Pause
    until: int | None = None


class Deadline(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A term as it was given to one case, with how its end was found.

    `due` is the last instant still in time: 23:59:59.999 of `due_day`, or an instant of its working hours. Counting
    went from `first_day` to `last_day`; `due_day` is later where `last_day` is a day off, and earlier in a term that is
    counted back. A term in working days or hours went past `skipped` (weekdays off) and counted `worked` (weekend days
    worked, làm bù); ordinary weekends are not listed. `changes` stand in the order of their instants.
    """

    rule: str
    law: str
    count: Count
    ends: Ends
    length: int
    remote: bool
    before: bool
    start: int
    first_day: date
    last_day: date
    due_day: date
    due: int
    skipped: tuple[date, ...] = ()
    worked: tuple[date, ...] = ()
    changes: tuple[Extended | Paused, ...] = ()
    apologised: int = 0
    """The due for which the citizen already got an apology; 0 for none."""

    @property
    def paused(self) -> bool:
        """Whether it stands still now."""
        return bool(self.changes) and isinstance(self.changes[-1], Paused) and self.changes[-1].until is None


class Refused(msgspec.Struct, frozen=True):
    """Why not, as a wording key and what its text needs."""

    key: str
    values: dict[str, int | str | date] = {}


def start(rule: Rule, at: int, table: DayTable, sessions: Sessions, *, remote: bool = False) -> Deadline:
    """The deadline of a term that begins at an instant (for a rule that counts back: of what is planned then)."""
    length = rule.remote if remote and rule.remote is not None else rule.length
    day = local_day(at)
    bare = Deadline(
        rule=rule.id,
        law=rule.law,
        count=rule.count,
        ends=rule.ends,
        length=length,
        remote=remote,
        before=rule.before,
        start=at,
        first_day=day,
        last_day=day,
        due_day=day,
        due=at,
    )
    return _counted(bare, table, sessions)


def recompute(deadline: Deadline, table: DayTable, sessions: Sessions) -> tuple[Deadline, bool]:
    """The same facts counted anew, and whether that moves the due instant. Lengths stay as they were given."""
    counted = _counted(deadline, table, sessions)
    return counted, counted.due != deadline.due


# --- changes ----------------------------------------------------------------------------------------------------------


def pause(deadline: Deadline, rule: Rule, at: int, reason: Pause) -> Deadline | Refused:
    """Let it stand still. Refused: clock.pause_none {law}, clock.paused, clock.too_early, clock.late {due_day}."""
    if reason not in rule.pauses:
        return Refused("clock.pause_none", {"law": rule.law})
    if deadline.paused:
        return Refused("clock.paused")
    if at < _latest(deadline):
        return Refused("clock.too_early")
    if at >= deadline.due:  # else a pause would make good what is late already
        return Refused("clock.late", {"due_day": deadline.due_day})
    return replace(deadline, changes=(*deadline.changes, Paused(at=at, reason=reason)))


def resume(deadline: Deadline, at: int, table: DayTable, sessions: Sessions) -> Deadline | Refused:
    """Let it run on; what it stood still is added in its own unit. Refused: clock.not_paused, clock.too_early.

    A day counts from that of the pause to before that of the return, so the new due is never in the past.
    """
    match deadline.changes:
        case (*others, Paused(until=None) as standing):
            if at < standing.at:
                return Refused("clock.too_early")
            ended = replace(standing, until=at)
            return _counted(replace(deadline, changes=(*others, ended)), table, sessions)
        case _:
            return Refused("clock.not_paused")


def extend(
    deadline: Deadline,
    rule: Rule,
    at: int,
    by: int,
    *,
    ground: Ground,
    reason: str,
    table: DayTable,
    sessions: Sessions,
) -> Deadline | Refused:
    """Make it longer by so many units of the rule.

    Refused: clock.extend_none {law}, clock.reason_empty, clock.reason_long {most}, clock.extend_times {times, law},
    clock.extend_long {most, count, law}, clock.paused, clock.too_early, clock.late {due_day}. A promise of the
    commune's own may be renewed when it is late, and then counts from that moment; a term of law may not.
    """
    allowed = next((one for one in rule.extensions if one.ground is ground), None)
    if allowed is None or allowed.times == 0:
        return Refused("clock.extend_none", {"law": rule.law})
    if not reason.strip():
        return Refused("clock.reason_empty")
    if len(reason.strip()) > MAX_REASON:
        return Refused("clock.reason_long", {"most": MAX_REASON})
    if sum(isinstance(one, Extended) for one in deadline.changes) >= allowed.times:
        return Refused("clock.extend_times", {"times": allowed.times, "law": rule.law})
    most = _most(allowed, remote=deadline.remote)
    if not 1 <= by <= most:
        return Refused("clock.extend_long", {"most": most, "count": str(rule.count), "law": rule.law})
    if deadline.paused:
        return Refused("clock.paused")
    if at < _latest(deadline):
        return Refused("clock.too_early")
    if is_late(deadline, at) and not rule.own:
        return Refused("clock.late", {"due_day": deadline.due_day})
    longer = Extended(at=at, by=by, ground=ground, reason=reason.strip(), due_before=deadline.due)
    return _counted(replace(deadline, changes=(*deadline.changes, longer)), table, sessions)


def is_late(deadline: Deadline, now: int) -> bool:
    """Whether its time is over; never while it stands still."""
    return now > deadline.due and not deadline.paused


# --- the apology ------------------------------------------------------------------------------------------------------


def apology_at(deadline: Deadline, lead: int, table: DayTable, sessions: Sessions) -> int:
    """When the citizen should be told that the promise will not be kept: `lead` milliseconds of working time ahead.

    A short term is not apologised for before half of its working time is over.
    """
    ahead = take_working_time(deadline.due, lead, table, sessions)
    since = min(deadline.start, deadline.due)
    half = working_time_between(since, deadline.due, table, sessions) // 2
    return max(ahead, add_working_time(since, half, table, sessions))


def apology_due(deadline: Deadline, now: int, lead: int, table: DayTable, sessions: Sessions) -> bool:
    """Whether an apology is owed now: its time has come, and none was given for this due. Also owed when late."""
    if deadline.paused or deadline.apologised == deadline.due:
        return False
    return now >= apology_at(deadline, lead, table, sessions)


def apologised(deadline: Deadline) -> Deadline:
    """The deadline with the apology for its present due on record."""
    return replace(deadline, apologised=deadline.due)


# --- counting ---------------------------------------------------------------------------------------------------------


def _counted(deadline: Deadline, table: DayTable, sessions: Sessions) -> Deadline:
    if deadline.before:
        return _counted_back(deadline, table)
    end = _end(deadline, table, sessions)
    begun, last = local_day(deadline.start), local_day(end)
    if deadline.count is Count.CALENDAR_DAYS:
        day = moved_on(last, table)
        return replace(deadline, first_day=begun + _DAY, last_day=last, due_day=day, due=_due(deadline, day, sessions))
    hours = deadline.count is Count.WORKING_HOURS
    if hours:  # what comes in after closing begins with the next session
        first = local_day(add_working_time(deadline.start, 1, table, sessions))
    else:
        first = working_days_after(begun, 1, table)
    skipped, worked = unusual_days(begun if hours else begun + _DAY, last, table)
    due = end if hours else _due(deadline, last, sessions)
    return replace(deadline, first_day=first, last_day=last, due_day=last, due=due, skipped=skipped, worked=worked)


def _counted_back(deadline: Deadline, table: DayTable) -> Deadline:
    # Nobody may use the day off at the end to be late: "at least 7 days before" moves towards earlier days.
    planned = local_day(deadline.start)
    last = planned - timedelta(days=deadline.length)
    day = moved_back(last, table)
    return replace(deadline, first_day=planned - _DAY, last_day=last, due_day=day, due=end_of(day))


def _end(deadline: Deadline, table: DayTable, sessions: Sessions) -> int:
    """Where counting ends, before a day off moves it on."""
    hours = deadline.count is Count.WORKING_HOURS
    unit = HOUR if hours else 1
    begun = deadline.start if hours else end_of(local_day(deadline.start)) + 1
    end = _forward(deadline, deadline.start, deadline.length * unit, table, sessions)
    for change in deadline.changes:
        if isinstance(change, Extended):
            # Only a promise that was late already is renewed from that moment; a day off at the end gives nothing.
            since = change.at if change.at > change.due_before else end
            end = _forward(deadline, since, change.by * unit, table, sessions)
        elif change.until is not None:
            # A calendar term can be paused on the day that its end was moved on to: it is then taken up where it ended.
            since = max(begun, min(change.at, end))
            end = _forward(deadline, end, _passed(deadline, since, change.until, table, sessions), table, sessions)
    return end


def _forward(deadline: Deadline, at: int, by: int, table: DayTable, sessions: Sessions) -> int:
    if by == 0:
        return at
    match deadline.count:
        case Count.WORKING_HOURS:
            return add_working_time(at, by, table, sessions)
        case Count.WORKING_DAYS:
            return _due(deadline, working_days_after(local_day(at), by, table), sessions)
        case Count.CALENDAR_DAYS:
            return end_of(local_day(at) + timedelta(days=by))


def _passed(deadline: Deadline, since: int, until: int, table: DayTable, sessions: Sessions) -> int:
    if until <= since:
        return 0
    match deadline.count:
        case Count.WORKING_HOURS:
            return working_time_between(since, until, table, sessions)
        case Count.WORKING_DAYS:
            return working_days_in(_day_left(deadline, since, sessions), _day_left(deadline, until, sessions), table)
        case Count.CALENDAR_DAYS:
            return (local_day(until) - local_day(since)).days


def _day_left(deadline: Deadline, at: int, sessions: Sessions) -> date:
    """The first day that still has something of it left: what comes in after closing is work of the next."""
    day = local_day(at)
    return day + _DAY if at > _due(deadline, day, sessions) else day


def _due(deadline: Deadline, day: date, sessions: Sessions) -> int:
    return closing(day, sessions) if deadline.ends is Ends.CLOSING else end_of(day)


def _most(allowed: Extension, *, remote: bool) -> int:
    return allowed.each_remote if remote and allowed.each_remote is not None else allowed.each


def _latest(deadline: Deadline) -> int:
    """The last instant at which anything happened to it."""
    if not deadline.changes:
        return deadline.start
    last = deadline.changes[-1]
    return last.at if isinstance(last, Extended) else max(last.at, last.until or 0)
