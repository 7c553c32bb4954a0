"""What came into a period after its report was issued: said once, in the report that comes next."""

from datetime import date

import msgspec


class LateFigures(msgspec.Struct, frozen=True, kw_only=True):
    """How much more the period of an issued report has than was counted for it up to the day `until`.

    `received` and `answered` are cases of every kind; `forms`: there are more answers to surveys, how many is not said.
    """

    title: str
    until: date
    received: int = 0
    answered: int = 0
    forms: bool = False
