"""The two clocks of a dialogue: told at least 7 days before, its results out at most 10 days after.

Luật 72/2025/QH15, điều 43: the time, place and matter of a dialogue are told at least 7 days before it; its results
are published, and sent to every trưởng thôn, at most 10 days after it. Both are calendar days.
"""

from datetime import date, timedelta
from enum import IntFlag

import msgspec

from feedback.sessions import DIALOGUES, SessionKind, SessionState
from vietnam.calendar import DayTable
from vietnam.time import DAY, day_of, start_of

NOTICE_DAYS = 7
RESULT_DAYS = 10
NO_NOTICE = frozenset({SessionKind.EXTRA_RECEPTION})
"""Đột xuất: nobody could have told it a week before."""
STRICT = frozenset({SessionKind.PERIODIC, SessionKind.YEARLY})
"""The dialogues of the law itself: told later than 7 days before, they are held on another day."""
_AHEAD = 3
"""Days before the last day of a clock on which the officers are warned."""


class Warned(IntFlag):
    """What the officers were told of a session, each once."""

    NOTICE_SOON = 1
    NOTICE_LATE = 2
    NOT_CLOSED = 4
    RESULTS_SOON = 8
    RESULTS_LATE = 16
    UNREAD_SOON = 32
    UNREAD_LATE = 64


class SessionClock(msgspec.Struct, frozen=True, kw_only=True):
    """What the clocks need of a session."""

    kind: SessionKind
    state: SessionState
    starts_at: int
    ends_at: int
    warned: int = 0
    unread: int = 0
    """Villages that have not said that they have the results, once these are out."""


def notice_by(kind: SessionKind, starts_at: int) -> date | None:
    """The last day on which a session is told in time; None where its kind needs no notice."""
    return None if kind in NO_NOTICE else day_of(starts_at) - timedelta(days=NOTICE_DAYS)


def results_by(kind: SessionKind, ends_at: int) -> date | None:
    """The last day for the results; None for receptions, of which none are published."""
    return day_of(ends_at) + timedelta(days=RESULT_DAYS) if kind in DIALOGUES else None


def late(kind: SessionKind, starts_at: int, now: int) -> bool:
    """Whether a session that is told now is told too late."""
    last = notice_by(kind, starts_at)
    return last is not None and day_of(now) > last


def warnings(clock: SessionClock, now: int) -> Warned:
    """What the officers are to be told now and were not yet. The late ones go to the leader as well."""
    found = Warned(0)
    if clock.state is SessionState.PLANNED:
        found = _running_out(notice_by(clock.kind, clock.starts_at), now, Warned.NOTICE_SOON, Warned.NOTICE_LATE)
    elif clock.state is SessionState.ANNOUNCED and now > clock.ends_at + DAY:
        found = Warned.NOT_CLOSED
    if clock.state in (SessionState.ANNOUNCED, SessionState.HELD) and now > clock.ends_at:
        found |= _running_out(results_by(clock.kind, clock.ends_at), now, Warned.RESULTS_SOON, Warned.RESULTS_LATE)
    elif clock.state is SessionState.PUBLISHED and clock.unread:
        found = _running_out(results_by(clock.kind, clock.ends_at), now, Warned.UNREAD_SOON, Warned.UNREAD_LATE)
    return found & ~Warned(clock.warned)


def _running_out(last: date | None, now: int, soon: Warned, over: Warned) -> Warned:
    if last is None:
        return Warned(0)
    if day_of(now) > last:
        return over
    return soon if now >= start_of(last - timedelta(days=_AHEAD)) else Warned(0)


def unknown_years(days: tuple[date, ...], table: DayTable) -> tuple[int, ...]:
    """Years of these days that the table of days off does not know: their holidays are only guessed."""
    return tuple(sorted({day.year for day in days} - table.years))
