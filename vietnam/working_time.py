"""Terms in calendar days, working days and working hours, between instants (UTC milliseconds) and local days.

Source of the counting: Bộ luật Dân sự 2015. Điều 147: a term in hours runs from its moment, one in days from the day
after. Điều 148: it ends with its last day, at 24:00 (khoản 6); a last day that is a day off gives way to the next
working day (khoản 5). The end of a day is its last millisecond here, so that it still belongs to that day.
"""

import re
from bisect import bisect_left, bisect_right
from datetime import date, timedelta

import msgspec

from vietnam.calendar import DayTable, is_working_day, last_working_day_before, year_days
from vietnam.time import DAY, MINUTE, TZ

_OFFSET = round(TZ.utcoffset(None).total_seconds() * 1000)
_EPOCH = date(1970, 1, 1).toordinal()
_MINUTES = 24 * 60
_SPAN = re.compile(r"(\d{1,2}):(\d\d)\s*[-–]\s*(\d{1,2}):(\d\d)")


class Sessions(msgspec.Struct, frozen=True):
    """When an office works on a working day: spans of local minutes after midnight, rising, not touching each other.

    The last ends before midnight, so that the end of a working day still belongs to it.
    """

    spans: tuple[tuple[int, int], ...] = ((7 * 60 + 30, 11 * 60 + 30), (13 * 60 + 30, 17 * 60))

    def __post_init__(self) -> None:
        ends = [minute for span in self.spans for minute in span]
        if not ends or ends != sorted(set(ends)) or ends[0] < 0 or ends[-1] >= _MINUTES:
            raise ValueError("sessions: spans of one day, one after the other, are wanted")

    @property
    def length(self) -> int:
        """Milliseconds worked on a working day."""
        return sum(end - begin for begin, end in self.spans) * MINUTE

    def worked(self, ms: int) -> int:
        """Milliseconds worked until `ms` milliseconds after midnight."""
        return sum(max(0, min(ms, end * MINUTE) - begin * MINUTE) for begin, end in self.spans)

    def reached(self, worked: int) -> int:
        """Milliseconds after midnight when `worked` are done, more than 0 and at most `length`."""
        for begin, end in self.spans:
            whole = (end - begin) * MINUTE
            if worked <= whole:
                return begin * MINUTE + worked
            worked -= whole
        raise ValueError("longer than a working day")


USUAL = Sessions()
"""07:30-11:30 and 13:30-17:00, as most offices of a commune work."""


def read_sessions(text: str) -> Sessions:
    """Sessions from "07:30-11:30, 13:30-17:00"; ValueError where it is not such a list, or they overlap."""
    spans = []
    for part in text.split(","):
        found = _SPAN.fullmatch(part.strip())
        if found is None:
            raise ValueError(f"sessions: {part.strip()!r} is not like 07:30-11:30")
        from_hour, from_minute, to_hour, to_minute = map(int, found.groups())
        if from_minute >= 60 or to_minute >= 60:
            raise ValueError(f"sessions: {part.strip()!r} has more than 60 minutes in an hour")
        spans.append((from_hour * 60 + from_minute, to_hour * 60 + to_minute))
    return Sessions(tuple(spans))


# --- days -------------------------------------------------------------------------------------------------------------


def local_day(at: int) -> date:
    """The local day of an instant, as vietnam.time.day_of, for whoever asks a hundred thousand times."""
    return date.fromordinal((at + _OFFSET) // DAY + _EPOCH)


def end_of(day: date) -> int:
    """The last millisecond of a local day: 24:00 of the law."""
    return _midnight(day) + DAY - 1


def closing(day: date, sessions: Sessions) -> int:
    """The instant at which the last session of a working day ends."""
    return _midnight(day) + sessions.spans[-1][1] * MINUTE


def working_days_after(day: date, count: int, table: DayTable) -> date:
    """The `count`-th working day later than `day`, which itself is not counted; `count` of at least 1."""
    if count < 1:
        raise ValueError("at least one working day is wanted")
    year, at = day.year, day.toordinal()
    working = year_days(year, table).working
    index = bisect_right(working, at) + count - 1
    while index >= len(working):
        index -= len(working)
        year += 1
        working = year_days(year, table).working
    return date.fromordinal(working[index])


def working_days_in(first: date, until: date, table: DayTable) -> int:
    """How many working days there are from `first` to before `until`; 0 where that is no span."""
    if until <= first:
        return 0
    low, high = first.toordinal(), until.toordinal()
    years = (year_days(year, table).working for year in range(first.year, until.year + 1))
    return sum(bisect_left(days, high) - bisect_left(days, low) for days in years)


def moved_on(day: date, table: DayTable) -> date:
    """The day itself, or the next working day after a day off (BLDS 2015, Điều 148 khoản 5)."""
    return day if is_working_day(day, table) else working_days_after(day, 1, table)


def moved_back(day: date, table: DayTable) -> date:
    """The day itself, or the last working day before a day off: for what must be done so many days ahead."""
    return day if is_working_day(day, table) else last_working_day_before(day, table)


def add_working_days(at: int, count: int, table: DayTable) -> date:
    """The day on which a term of working days ends that begins at an instant: that instant's day is not counted."""
    return working_days_after(local_day(at), count, table)


def add_calendar_days(at: int, count: int, table: DayTable) -> date:
    """The day on which a term of calendar days ends: the first day is not counted, a day off at the end moves on."""
    return moved_on(local_day(at) + timedelta(days=count), table)


def unusual_days(first: date, last: date, table: DayTable) -> tuple[tuple[date, ...], tuple[date, ...]]:
    """Between two days, both included: weekdays off, and weekend days worked."""
    low, high = first.toordinal(), last.toordinal()
    off: tuple[int, ...] = ()
    worked: tuple[int, ...] = ()
    for year in range(first.year, last.year + 1):
        days = year_days(year, table)
        off += days.weekdays_off[bisect_left(days.weekdays_off, low) : bisect_right(days.weekdays_off, high)]
        worked += days.weekend_worked[bisect_left(days.weekend_worked, low) : bisect_right(days.weekend_worked, high)]
    return tuple(map(date.fromordinal, off)), tuple(map(date.fromordinal, worked))


# --- hours ------------------------------------------------------------------------------------------------------------


def add_working_time(at: int, amount: int, table: DayTable, sessions: Sessions) -> int:
    """The instant at which `amount` milliseconds (at least 0) have been worked since `at`.

    What ends with a session ends there, not at the start of the next one; 0 is `at` itself, also out of hours.
    """
    if amount < 0:
        raise ValueError("take_working_time goes back")
    if amount == 0:
        return at
    day = local_day(at)
    done = _done(at, day, table, sessions)
    days, rest = divmod(done + amount - 1, sessions.length)  # less 1: a whole day ends that day
    if not is_working_day(day, table):
        days += 1
    last = working_days_after(day, days, table) if days else day
    return _midnight(last) + sessions.reached(rest + 1)


def take_working_time(at: int, amount: int, table: DayTable, sessions: Sessions) -> int:
    """The latest instant from which `amount` milliseconds (at least 0) are worked until `at`; 0 is `at` itself."""
    if amount < 0:
        raise ValueError("add_working_time goes on")
    day = local_day(at)
    done = _done(at, day, table, sessions)
    if amount == 0:
        return at
    while amount > done:
        amount -= done
        day = last_working_day_before(day, table)
        done = sessions.length
    left = done - amount
    return _midnight(day) + max(begin * MINUTE + left - before for begin, before in _begins(sessions) if before <= left)


def working_time_between(since: int, until: int, table: DayTable, sessions: Sessions) -> int:
    """Milliseconds worked between two instants; ValueError where the second is the earlier one."""
    if until < since:
        raise ValueError("until is earlier than since")
    first, last = local_day(since), local_day(until)
    whole = working_days_in(first, last, table) * sessions.length
    return whole + _done(until, last, table, sessions) - _done(since, first, table, sessions)


def _midnight(day: date) -> int:
    return (day.toordinal() - _EPOCH) * DAY - _OFFSET


def _done(at: int, day: date, table: DayTable, sessions: Sessions) -> int:
    return sessions.worked(at - _midnight(day)) if is_working_day(day, table) else 0


def _begins(sessions: Sessions) -> list[tuple[int, int]]:
    found, before = [], 0
    for begin, end in sessions.spans:
        found.append((begin, before))
        before += (end - begin) * MINUTE
    return found
