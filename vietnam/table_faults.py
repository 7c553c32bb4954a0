"""What is wrong with a table of days off, found early enough to mend it: a term of 45 days reaches into next year."""

from datetime import date, timedelta

import msgspec

from vietnam.calendar import DayTable, year_days

AHEAD = 60
"""Days before its first day that a missing year is spoken of."""
_FIXED = ((1, 1), (4, 30), (5, 1), (9, 2))
_CULTURE_DAY, _CULTURE_DAY_SINCE = (11, 24), 2026
_TET = 5
_TET_WINDOW = ((1, 18), (2, 28))
"""The first day of the lunar year lies between 21 January and 20 February."""
_WEEKDAYS_OFF = 11
_SATURDAY = 5


class TableFault(msgspec.Struct, frozen=True):
    """One fault: a wording key, and what its text needs (years and counts as numbers, days as dates)."""

    key: str
    values: dict[str, int | date]


def table_faults(table: DayTable, today: date, *, ahead: int = AHEAD) -> list[TableFault]:
    """Faults of the table from this year on, the most urgent first; an empty list where all is well.

    calendar.year_missing {year, days}: not answered for, and `days` away (0: it has begun), at most `ahead`.
    calendar.double {day}: both off and worked.
    calendar.no_tet {year, found, wanted}: fewer weekdays off around the lunar new year than the law gives.
    calendar.no_holiday {year, day}: a holiday with a fixed date that falls on a weekday and is worked.
    calendar.too_few, calendar.too_many {year, found, wanted}: weekdays off without those worked for on a weekend;
    too few is a gap, too many a swap without its make-up day, or days that the unit gives on its own account.
    Source: Bộ luật Lao động 2019, Điều 112 (11 days; a day that falls on the weekend is made up for, Điều 111 khoản 3);
    Nghị quyết 28/2026/QH16 (24 November, from 2026).
    """
    found = [
        TableFault("calendar.year_missing", {"year": year, "days": max(0, (date(year, 1, 1) - today).days)})
        for year in sorted({today.year, (today + timedelta(days=ahead)).year} - table.years)
    ]
    found += [TableFault("calendar.double", {"day": day}) for day in sorted(table.off & table.working) if day >= today]
    for year in sorted(year for year in table.years if year >= today.year):
        found += year_faults(table, year)
    return found


def year_faults(table: DayTable, year: int) -> list[TableFault]:
    """Of a year that the table answers for: what of `table_faults` is wrong with it."""
    found = []
    days = year_days(year, table)
    off = [date.fromordinal(at) for at in days.weekdays_off]
    first, last = (date(year, *day) for day in _TET_WINDOW)
    tet = sum(first <= day <= last for day in off)
    if tet < _TET:
        found.append(TableFault("calendar.no_tet", {"year": year, "found": tet, "wanted": _TET}))
    culture = [_CULTURE_DAY] if year >= _CULTURE_DAY_SINCE else []
    found += [
        TableFault("calendar.no_holiday", {"year": year, "day": day})
        for day in (date(year, *fixed) for fixed in (*_FIXED, *culture))
        if day.weekday() < _SATURDAY and day not in off
    ]
    net, wanted = len(off) - len(days.weekend_worked), _WEEKDAYS_OFF + len(culture)
    if net != wanted:
        key = "calendar.too_few" if net < wanted else "calendar.too_many"
        found.append(TableFault(key, {"year": year, "found": net, "wanted": wanted}))
    return found
