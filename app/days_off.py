"""What is wrong with the table of days off, in the words of whoever runs the program."""

from datetime import date

from vietnam.calendar import DayTable
from vietnam.table_faults import AHEAD, table_faults

_SAID = {
    "calendar.year_missing": "the days off of {year} are not known: upgrade, or write them in [work] days_file",
    "calendar.double": "{day:%d/%m/%Y} is both off and worked: [work] days_file",
    "calendar.no_tet": "{year} has {found} days off at Tết, the law gives {wanted}: [work] days_file",
    "calendar.no_holiday": "{day:%d/%m/%Y} is a public holiday and is worked: [work] days_file",
    "calendar.too_few": "{year} has {found} days off, the law gives {wanted}: [work] days_file",
    "calendar.too_many": "{year} has {found} days off, the law gives {wanted}: [work] days_file",
}
"""Key of vietnam.table_faults -> what it means and where it is mended."""


def wrong_days(table: DayTable, today: date, *, ahead: int = AHEAD) -> str:
    """Every fault, the most urgent first; "" where all is well. A year that is missing is said `ahead` days ahead.

    A promise of ten working days, or a term of 45 days, reaches into it long before it begins.
    """
    return "; ".join(_SAID[one.key].format(**one.values) for one in table_faults(table, today, ahead=ahead))
