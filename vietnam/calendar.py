"""Working days of Viet Nam: Monday to Friday, without public holidays, as the year's official notice moves them.

The calendar of a year is announced, never derived: swaps ("hoán đổi") and make-up days ("làm bù") follow no rule.
So a dated table decides for the years it says it covers; any other year falls back on the `holidays` package.
"""

import tomllib
from datetime import date, timedelta
from functools import lru_cache
from importlib import resources

import msgspec

_SATURDAY = 5
_OFF = frozenset({"holiday", "substitute", "swap"})
_KINDS = _OFF | {"makeup"}
_WEEK = 7


class DayTable(msgspec.Struct, frozen=True, kw_only=True):
    """Days that differ from an ordinary week, complete for `years`."""

    years: frozenset[int] = frozenset()
    off: frozenset[date] = frozenset()
    working: frozenset[date] = frozenset()


class YearDays(msgspec.Struct, frozen=True):
    """A year as proleptic ordinals (date.toordinal), rising: its working days, and where it leaves the plain week."""

    working: tuple[int, ...]
    weekdays_off: tuple[int, ...]
    weekend_worked: tuple[int, ...]


def read_days(text: str, *, partial: bool = False) -> DayTable:
    """A table from TOML: `years = [2026]` and `[[days]]` with `day`, `kind`, `name` and `source`.

    `kind` is holiday, substitute (nghỉ bù), swap (a working day given free) or makeup (a day worked all the same).
    `partial`: a unit's own table, to be laid `over` another; its days may lie in years it does not answer for.
    ValueError names the first entry that is wrong: an unknown kind, no date, a day twice, or a year not listed.
    """
    data = tomllib.loads(text)
    years = data.get("years", [])
    if not isinstance(years, list) or not all(type(year) is int for year in years):
        raise ValueError("years: a list of numbers is wanted")
    entries = data.get("days", [])
    if type(entries) is not list or not all(type(entry) is dict for entry in entries):
        raise ValueError("days: tables [[days]] are wanted")
    kinds: dict[date, str] = {}
    for number, entry in enumerate(entries, start=1):
        day, kind = entry.get("day"), entry.get("kind")
        if type(day) is not date:
            raise ValueError(f"days {number}: day is not a date such as 2026-09-02")
        if kind not in _KINDS:
            raise ValueError(f"days {number} ({day}): kind {kind!r} is none of {', '.join(sorted(_KINDS))}")
        if day in kinds:
            raise ValueError(f"days {number} ({day}): the day stands there twice")
        if day.year not in years and not partial:
            raise ValueError(f"days {number} ({day}): {day.year} is not among years")
        kinds[day] = kind
    return DayTable(
        years=frozenset(years),
        off=frozenset(day for day, kind in kinds.items() if kind in _OFF),
        working=frozenset(day for day, kind in kinds.items() if kind == "makeup"),
    )


@lru_cache(maxsize=1)
def shipped_days() -> DayTable:
    """The table that comes with the program (vietnam/days.toml)."""
    return read_days(resources.files("vietnam").joinpath("days.toml").read_text(encoding="utf-8"))


def over(shipped: DayTable, own: DayTable) -> DayTable:
    """A unit's own table laid over another: day by day its own word wins, the rest stays as it was.

    Keep the result for as long as the unit's table stays: what is known of a year is kept by table.
    """
    return DayTable(
        years=shipped.years | own.years,
        off=(shipped.off - own.working) | own.off,
        working=(shipped.working - own.off) | own.working,
    )


def is_working_day(day: date, table: DayTable) -> bool:
    """Whether offices work on that day."""
    if day in table.working:
        return True
    if day in table.off:
        return False
    if day.year not in table.years:
        return _works_by_package(day)
    return day.weekday() < _SATURDAY


def is_holiday(day: date, table: DayTable) -> bool:
    """Whether a day is free for another reason than its place in the week."""
    if day in table.working:
        return False
    # A table says of weekends only what they are worked for, so whether Tết is on one the package knows.
    asked = day.year not in table.years or _weekend(day.toordinal())
    return day in table.off or (asked and day.toordinal() in _package_holidays(day.year))


@lru_cache(maxsize=512)
def year_days(year: int, table: DayTable) -> YearDays:
    """A whole year at once: whoever counts many terms must not ask day by day."""
    first, after = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1
    working = [at for at in range(first, after) if is_working_day(date.fromordinal(at), table)]
    known = frozenset(working)
    return YearDays(
        tuple(working),
        tuple(at for at in range(first, after) if at not in known and not _weekend(at)),
        tuple(at for at in working if _weekend(at)),
    )


def first_working_day(year: int, month: int, table: DayTable) -> date:
    """The first working day of a month."""
    return first_working_day_after(date(year, month, 1) - timedelta(days=1), table)


def first_working_day_after(day: date, table: DayTable) -> date:
    """The first working day later than `day`."""
    return _step(day, 1, table)


def last_working_day_before(day: date, table: DayTable) -> date:
    """The last working day earlier than `day`: what "trước ngày ..." of a plan means."""
    return _step(day, -1, table)


def _step(day: date, by: int, table: DayTable) -> date:
    day += timedelta(days=by)
    while not is_working_day(day, table):
        day += timedelta(days=by)
    return day


def _weekend(ordinal: int) -> bool:
    return (ordinal - 1) % _WEEK >= _SATURDAY  # day 1 was a Monday


def _works_by_package(day: date) -> bool:
    return day.toordinal() in _package_year(day.year)


@lru_cache(maxsize=16)
def _package_year(year: int) -> frozenset[int]:
    import holidays  # a few MB: only where the table has nothing to say

    known = holidays.country_holidays("VN", years=year)
    every = range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1)
    return frozenset(at for at in every if known.is_working_day(date.fromordinal(at)))


@lru_cache(maxsize=16)
def _package_holidays(year: int) -> frozenset[int]:
    import holidays

    return frozenset(day.toordinal() for day in holidays.country_holidays("VN", years=year))
