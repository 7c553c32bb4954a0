"""What a plan asks for in one year: each report with its period, its last day and whom it goes to."""

from collections.abc import Mapping
from datetime import date

import msgspec

from reports.deadlines import Deadline, deadline
from reports.periods import Month, Period, parse
from reports.plans import Owed, Plan
from vietnam.calendar import DayTable

_KEYS = {
    "": ("",),
    "month": tuple(f"{month:02d}" for month in range(1, 13)),
    "quarter": ("Q1", "Q2", "Q3", "Q4"),
    "6m": ("6m",),
    "9m": ("9m",),
    "12m": ("12m",),
}

MONTH: Month = "statutory"
"""A plan's reports count from the 15th to the 14th (Nghị định 09/2019/NĐ-CP, Điều 12), whatever the months of their own
are: `[report] month` is for those that no plan asks for."""

Days = Mapping[tuple[str, str], date]
"""(name of a report owed, key of its period) -> the day before which it is to be sent, as an officer entered it."""


class OwedReport(msgspec.Struct, frozen=True, kw_only=True):
    """A report of a year. `period` is None where the plan names none, `deadline` where nobody has named a day.

    `entered`: its day is one that an officer entered.
    """

    name: str
    period: Period | None
    deadline: Deadline | None
    due: str
    to: str
    quote: str
    entered: bool = False


def owing(
    plan: Plan, year: int, table: DayTable, *, month: Month = MONTH, days: int = 1, entered: Days | None = None
) -> list[OwedReport]:
    """The reports of that year by their last day, those without one at the end.

    A plan of another year keeps its days and months: whoever calls asks first which year is meant (`Plan.years`).
    `days` are the working days between counting and issuing; a day in `entered` counts before the plan's own.
    reports.deadlines.TooEarly where a day of the plan leaves nothing of its period.
    """
    given = entered or {}
    found = [
        _one(owed, f"{year}-{key}" if key else "", year, table, month, days, given)
        for owed in plan.owed
        for key in _KEYS[owed.period]
    ]
    # A report on no period of its own has one as soon as an officer gives it a day.
    found += [
        _one(owed, key, year, table, month, days, given)
        for owed in plan.owed
        for name, key in sorted(given)
        if not owed.period and name == owed.name and key.startswith(f"{year}-")
    ]
    return sorted(found, key=lambda one: one.deadline.issue_by if one.deadline else date.max)


def _one(owed: Owed, key: str, year: int, table: DayTable, month: Month, days: int, entered: Days) -> OwedReport:
    period = parse(key, month=month) if key else None
    own = entered.get((owed.name, key)) if key else None
    before = own or owed.before_in(year)
    return OwedReport(
        name=owed.name,
        period=period,
        deadline=deadline(period, before, table, days=days) if period is not None and before else None,
        due=owed.due,
        to=owed.to,
        quote=owed.quote,
        entered=own is not None,
    )
