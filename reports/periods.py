"""Periods of a report: months, quarters and 6, 9, 12 months, by the calendar or the statutory cut-off; or any days."""

import re
from datetime import date, timedelta
from typing import Literal

import msgspec

from reports.texts import texts
from vietnam.numbers import date_vi

Kind = Literal["month", "quarter", "6m", "9m", "12m", "days"]
Month = Literal["calendar", "statutory"]

CUTOFF_DAY = 14
"""Statutory periods end on the 14th and begin on the 15th (Nghị định 09/2019/NĐ-CP, Điều 12)."""

_KEY = re.compile(r"(?P<year>\d{4})-(?:(?P<month>\d{2})|Q(?P<quarter>[1-4])|(?P<span>6m|9m|12m))", re.ASCII)
_DAYS = re.compile(r"(?P<first>\d{4}-\d{2}-\d{2})\.\.(?P<last>\d{4}-\d{2}-\d{2})", re.ASCII)
_ROMAN = ("I", "II", "III", "IV")
_YEARS = range(2000, 2100)
_LONGEST = 366
"""Days of the longest period between two days of choice: a year, for which there are tables and charts."""
_LAST_MONTH: dict[str, int] = {"6m": 6, "9m": 9, "12m": 12}
_HALF_YEAR = 6
_TREND: dict[Kind, int] = {"9m": 9, "12m": 12}
"""Months of a trend, where they are not half a year."""


class BadPeriod(ValueError):
    """A period that cannot be read. `key` is a wording key of the reports' catalogue, `text` what was given."""

    key = "period.bad"

    def __init__(self, text: str) -> None:
        super().__init__(texts().say(self.key, text=text[:40]))
        self.text = text


class Period(msgspec.Struct, frozen=True, kw_only=True):
    """Local days from `first` to `last`, both included. `month` says which cut-off they follow."""

    key: str
    kind: Kind
    first: date
    last: date
    month: Month = "calendar"

    @property
    def year(self) -> int:
        """The year in the title; a statutory January begins in the December before."""
        return int(self.key[:4])

    @property
    def title(self) -> str:
        """ "tháng 10 năm 2026", "quý III năm 2026", "6 tháng đầu năm 2026", "từ ngày 05/3/2026 đến ngày 20/4/2026"."""
        if self.kind == "days":
            return texts().say("period.days", first=date_vi(self.first), last=date_vi(self.last))
        number = self.key[5:].lstrip("Q0")
        if self.kind == "quarter":
            number = _ROMAN[int(number) - 1]
        return texts().say(f"period.{self.kind}", number=number, year=self.year)

    @property
    def short(self) -> str:
        """ "10/2026", "Quý III/2026", "05/3-20/4/2026": for the axis of a chart and the head of a column."""
        if self.kind == "days":
            return texts().say("period.days.short", first=date_vi(self.first), last=date_vi(self.last))
        number = self.key[5:].lstrip("Q0")
        if self.kind == "quarter":
            number = _ROMAN[int(number) - 1]
        return texts().say(f"period.{self.kind}.short", number=number, year=self.year)


def parse(key: str, *, month: Month = "calendar") -> Period:
    """ "2026-10", "2026-Q3", "2026-6m", "2026-9m", "2026-12m" or "2026-03-05..2026-04-20" as a Period; BadPeriod."""
    if (days := _DAYS.fullmatch(key)) is not None:
        return _of_days(key, days["first"], days["last"], month)
    if _KEY.fullmatch(key) is None or int(key[:4]) not in _YEARS:
        raise BadPeriod(key)
    return _read(key, month)


def _of_days(key: str, first: str, last: str, month: Month) -> Period:
    try:
        begins, ends = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        raise BadPeriod(key) from None
    if begins > ends or begins.year not in _YEARS or (ends - begins).days > _LONGEST:
        raise BadPeriod(key)
    return Period(key=key, kind="days", first=begins, last=ends, month=month)


def _read(key: str, month: Month) -> Period:
    # Without the limit on years, so that what comes before the first of them can still be asked for.
    found = _KEY.fullmatch(key)
    if found is None:
        raise BadPeriod(key)
    year = int(found["year"])
    if found["month"]:
        number = int(found["month"])
        if not 1 <= number <= 12:
            raise BadPeriod(key)
        return _between(key, "month", year, (number, number), month)
    if found["quarter"]:
        last = 3 * int(found["quarter"])
        return _between(key, "quarter", year, (last - 2, last), month)
    kind: Kind = "6m" if found["span"] == "6m" else "9m" if found["span"] == "9m" else "12m"
    return _between(key, kind, year, (1, _LAST_MONTH[kind]), month)


def previous(period: Period) -> Period:
    """The period of the same length just before; for 6, 9 and 12 months the same months of the year before."""
    year = period.year
    if period.kind == "days":
        last = period.first - timedelta(days=1)
        first = last - (period.last - period.first)
        return Period(key=f"{first}..{last}", kind="days", first=first, last=last, month=period.month)
    if period.kind == "month":
        return _shift_month(period, -1)
    if period.kind == "quarter":
        number = int(period.key[-1])
        key = f"{year}-Q{number - 1}" if number > 1 else f"{year - 1}-Q4"
        return _read(key, period.month)
    return _read(f"{year - 1}-{period.kind}", period.month)


def months_to(period: Period, count: int) -> list[Period]:
    """The `count` months that end with the last month of the period, oldest first."""
    newest = _last_month(period)
    return [_shift_month(newest, -back) for back in reversed(range(count))]


def trend(period: Period, until: date, month: Month) -> list[Period]:
    """The months that a report shows side by side, oldest first: half a year, or all of a longer period.

    Whole ones alone, known until `until`: few days beside months would look like a fall or a rise. They are those of
    `month`, as the monthly reports have them, whatever the period's own cut-off is; a month's report ends with itself.
    """
    count = _TREND.get(period.kind, _HALF_YEAR)
    if period.kind == "month":
        return months_to(period, count)
    newest = _read(f"{period.last:%Y-%m}", month)
    return [one for one in (_shift_month(newest, -back) for back in reversed(range(count))) if one.last <= until]


def village_period(period: Period) -> Period:
    """The period whose figures by village may be published: a month shows the latest full quarter ended by its end."""
    if period.kind != "month":
        return period
    number = int(period.key[5:])
    quarter = number // 3
    key = f"{period.year}-Q{quarter}" if quarter else f"{period.year - 1}-Q4"
    return _read(key, period.month)


def month_of(day: date, *, month: Month = "calendar") -> Period:
    """The month that a day belongs to: from the 15th on, the statutory one is the next."""
    here = _read(f"{day:%Y-%m}", month)
    return _shift_month(here, 1) if day > here.last else here


def _between(key: str, kind: Kind, year: int, months: tuple[int, int], month: Month) -> Period:
    first, after = date(year, months[0], 1), _first_of_next(date(year, months[1], 1))
    if month == "statutory":
        before = first - timedelta(days=1)
        first, last = before.replace(day=CUTOFF_DAY + 1), date(year, months[1], CUTOFF_DAY)
    else:
        last = after - timedelta(days=1)
    return Period(key=key, kind=kind, first=first, last=last, month=month)


def _last_month(period: Period) -> Period:
    return _read(f"{period.last:%Y-%m}", period.month)


def _shift_month(period: Period, by: int) -> Period:
    index = period.year * 12 + int(period.key[5:]) - 1 + by
    return _read(f"{index // 12}-{index % 12 + 1:02d}", period.month)


def _first_of_next(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
