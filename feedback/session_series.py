"""Sessions that repeat: the days of a rule, moved off weekends, holidays and the host's busy days."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

import msgspec

from feedback.acts import Refusal
from feedback.sessions import Meeting, Taken
from vietnam.calendar import DayTable, first_working_day_after, is_working_day
from vietnam.time import local, start_of

AHEAD = 92
"""Days ahead for which the sessions of a series are made."""
_MOST = 200
_MOST_MOVES = 30
_PARTS = frozenset({"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "COUNT", "UNTIL", "WKST"})
_FREQUENCIES = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})


class Dated(NamedTuple):
    """A day of a rule, and the day its session is held on; they differ where it was moved."""

    of_rule: date
    held: date


def rule_fault(rule: str, first: date) -> Refusal | None:
    """What is wrong with an RRULE (RFC 5545, without DTSTART); None where it gives days."""
    parts = dict(part.partition("=")[::2] for part in rule.upper().split(";"))
    if not set(parts) <= _PARTS or parts.get("FREQ") not in _FREQUENCIES:
        return Refusal("session.rule_wrong")
    try:
        days = days_of(rule, first, first, first + timedelta(days=800))
    except (ValueError, TypeError):
        return Refusal("session.rule_wrong")
    return None if days else Refusal("session.rule_empty")


def days_of(rule: str, first: date, since: date, until: date) -> list[date]:
    """The days of a rule that begins with `first`, from `since` to `until`, both included; at most 200.

    ValueError where the rule is none.
    """
    from dateutil.rrule import rrulestr  # type: ignore[import-untyped]  # half a megabyte, for officers only

    found = rrulestr(rule, dtstart=datetime(first.year, first.month, first.day))  # noqa: DTZ001 - days, not instants
    begin = datetime(since.year, since.month, since.day)  # noqa: DTZ001
    days: list[date] = []
    for moment in found.xafter(begin, inc=True):
        if moment.date() > until or len(days) == _MOST:
            break
        days.append(moment.date())
    return days


def dated(days: list[date], table: DayTable, busy: tuple[Taken, ...] = ()) -> list[Dated]:
    """Each day with the one its session is held on: itself, or the next working day on which the host is free.

    Two days of a rule never fall on one: the later one moves on.
    """
    given: set[date] = set()
    found = []
    for day in days:
        held, moves = day, 0
        while not is_working_day(held, table) or _busy(held, busy) or held in given:
            held, moves = first_working_day_after(held, table), moves + 1
            if moves > _MOST_MOVES:
                break
        given.add(held)
        found.append(Dated(day, held))
    return found


def _busy(day: date, busy: tuple[Taken, ...]) -> bool:
    begin = start_of(day)
    end = start_of(day + timedelta(days=1))
    return any(taken.starts_at < end and begin < taken.ends_at for taken in busy if not taken.session)


def on_day(pattern: Meeting, day: date) -> Meeting:
    """The session of a series on a day, at the hour of the pattern."""
    at = local(pattern.starts_at)
    shift = pattern.starts_at - start_of(at.date())
    return msgspec.structs.replace(pattern, starts_at=start_of(day) + shift)
