"""The days off of a year as officers paste them from the notice: a line a day, or a span of days."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import msgspec

from vietnam.text import clean, fold_words

MOST_LINES = 120
LONGEST_LINE = 300
LONGEST_NOTE = 200
_MOST_DAYS = 31
_SATURDAY = 5
_DAY = re.compile(r"(?<!\d)(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[/.](\d{1,2})(?:[/.](\d{4}))?)(?!\d)")
_WORKED = re.compile(r"\blam\b")
_FREE = re.compile(r"\bnghi\b")


class ListedDay(msgspec.Struct, frozen=True, kw_only=True):
    """A day that leaves the plain week: a weekday off, or a Saturday or Sunday that is worked."""

    day: date
    works: bool
    note: str = ""


class DayFault(msgspec.Struct, frozen=True, kw_only=True):
    """A line (from 1) that cannot be used. `why`: "day", "year", "span", "long", "weekday", "twice", "many"."""

    line: int
    text: str
    why: str


def read_day_lines(text: str, year: int) -> tuple[list[ListedDay], list[DayFault]]:
    """A list as it was pasted: "29/04/2027 - 03/05/2027 nghỉ; Thông báo số ...", "24/04/2027 làm bù".

    A day without a word is off; without a year it is of `year`. Saturdays and Sundays within days off are passed over,
    since nobody works then anyway; a weekday that is said to be worked is a fault: it would be by itself.
    """
    found: dict[date, ListedDay] = {}
    faults: list[DayFault] = []
    lines = clean(text.replace("\r\n", "\n").replace("\r", "\n"))[0].split("\n")
    used = 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        used += 1
        days = _line(line, year) if used <= MOST_LINES else "many"
        if not isinstance(days, str) and any(found.get(one.day, one).works is not one.works for one in days):
            days = "twice"
        if isinstance(days, str):
            faults.append(DayFault(line=number, text=line.strip()[:80], why=days))
            if days == "many":
                break
        else:
            for one in days:
                found.setdefault(one.day, one)
    return sorted(found.values(), key=lambda one: one.day), faults


def _line(line: str, year: int) -> list[ListedDay] | str:
    """The days of a line, or why there are none."""
    if len(line) > LONGEST_LINE:
        return "long"
    said, _, note = line.replace("\t", ";", 1).partition(";") if ";" not in line else line.partition(";")
    try:
        days = list(_days(said, year))
    except ValueError:
        return "day"
    if len(days) not in (1, 2):
        return "day"
    first, last = days[0], days[-1]
    if first.year != year or last.year != year:
        return "year"
    if not 0 <= (last - first).days < _MOST_DAYS:
        return "span"
    folded = fold_words(_DAY.sub(" ", said))
    works = bool(_WORKED.search(folded)) and not _FREE.search(folded)
    span = [first + timedelta(days=at) for at in range((last - first).days + 1)]
    if works and any(day.weekday() < _SATURDAY for day in span):
        return "weekday"
    note = " ".join(note.split())[:LONGEST_NOTE]
    return [ListedDay(day=day, works=works, note=note) for day in span if works or day.weekday() < _SATURDAY]


def _days(said: str, year: int) -> Iterator[date]:
    for one in _DAY.finditer(said):
        if one[1]:
            yield date(int(one[1]), int(one[2]), int(one[3]))
        else:
            yield date(int(one[6] or year), int(one[5]), int(one[4]))
