"""Sessions that repeat: the days of a rule, moved off holidays, weekends nobody named and the host's busy days."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

import msgspec

from feedback.acts import Refusal
from feedback.sessions import Meeting, Taken, clash
from vietnam.calendar import DayTable, first_working_day_after, is_holiday, is_working_day
from vietnam.time import local, start_of

AHEAD = 92
"""Days ahead for which the sessions of a series are made."""
LOOK = 62
"""Days behind the last one asked for that are looked at, as a session may move there."""
_MOST = 300
_FARTHEST = 31
_NAMES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
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
    except OverflowError:
        return Refusal("session.too_far")
    except (ValueError, TypeError):
        return Refusal("session.rule_wrong")
    return None if days else Refusal("session.rule_empty")


def days_of(rule: str, first: date, since: date, until: date) -> list[date]:
    """The days of a rule that begins with `first`, from `since` to `until`, both included; at most 300.

    ValueError where the rule is none.
    """
    from dateutil.rrule import rrulestr  # type: ignore[import-untyped]  # half a megabyte, for officers only

    found = rrulestr(rule, dtstart=datetime(first.year, first.month, first.day))  # noqa: DTZ001 - days, not instants
    begin = datetime(since.year, since.month, since.day)  # noqa: DTZ001 - a day, without a zone
    days: list[date] = []
    for moment in found.xafter(begin, inc=True):
        if moment.date() > until or len(days) == _MOST:
            break
        days.append(moment.date())
    return days


def carried_on(
    rule: str,
    pattern: Meeting,
    since: date,
    until: date,
    table: DayTable,
    *,
    taken: tuple[Taken, ...] = (),
    given: frozenset[date] = frozenset(),
) -> tuple[list[Dated], list[date]]:
    """The days of a rule from `since` to `until`, both included, each with the one its session is held on.

    And those that found none.

    A day of the rule on which the host can come keeps its session. Any other moves to the next working day that is no
    day of the same rule, on which no session of the series is held (`given`: those that are made), and at whose hour
    the host is free, at most a month later. So the days are the same whether they are asked for at once or a few at a
    time, as long as `given` holds what was answered before.
    """
    first = pattern.day
    ahead = days_of(rule, first, since, until + timedelta(days=LOOK))
    kept = frozenset(day for day in ahead if _comes(rule, day, table, taken)) - given
    held_on = set(given)
    found, lost = [], []
    for day in ahead:
        if day > until:
            break
        held = day if day in kept else _next_free(pattern, day, table, taken, kept | held_on)
        if held is None:
            lost.append(day)
            continue
        held_on.add(held)
        found.append(Dated(day, held))
    return found, lost


def _next_free(
    pattern: Meeting, day: date, table: DayTable, taken: tuple[Taken, ...], not_on: frozenset[date]
) -> date | None:
    held = first_working_day_after(day, table)
    while held in not_on or _busy(held, taken) or clash(on_day(pattern, held), taken) is not None:
        held = first_working_day_after(held, table)
        if held > day + timedelta(days=_FARTHEST):
            return None
    return held


def _comes(rule: str, day: date, table: DayTable, taken: tuple[Taken, ...]) -> bool:
    """Whether a session can be on a day of the rule itself: a weekend that the rule names is meant."""
    if _busy(day, taken):
        return False
    return is_working_day(day, table) or (_NAMES[day.weekday()] in _weekdays(rule) and not is_holiday(day, table))


def _weekdays(rule: str) -> frozenset[str]:
    parts = dict(part.partition("=")[::2] for part in rule.upper().split(";"))
    return frozenset(one[-2:] for one in parts.get("BYDAY", "").split(","))


def _busy(day: date, taken: tuple[Taken, ...]) -> bool:
    begin = start_of(day)
    end = start_of(day + timedelta(days=1))
    return any(one.starts_at < end and begin < one.ends_at for one in taken if not one.session)


def on_day(pattern: Meeting, day: date) -> Meeting:
    """The session of a series on a day, at the hour of the pattern."""
    at = local(pattern.starts_at)
    shift = pattern.starts_at - start_of(at.date())
    return msgspec.structs.replace(pattern, starts_at=start_of(day) + shift)
