""" "Trước ngày D": the day by which a report must be issued, and the last day its figures can count."""

from datetime import date

import msgspec

from reports.periods import Period
from vietnam.calendar import DayTable, last_working_day_before


class TooEarly(ValueError):
    """A deadline that leaves no day of the period to be counted: plan and period do not fit together."""

    def __init__(self, period: Period, before: date) -> None:
        super().__init__(f"{period.key} begins on {period.first}: nothing of it can be counted for {before}")
        self.period = period
        self.before = before


class Deadline(msgspec.Struct, frozen=True, kw_only=True):
    """Local days. `early`: the figures end before the period does, as the deadline falls inside it."""

    before: date
    issue_by: date
    cut_off: date
    early: bool


def deadline(period: Period, before: date, table: DayTable, *, days: int = 1) -> Deadline:
    """Until when to count and when to issue a report on `period` that is owed "trước ngày" `before`.

    Strictly before: issued by the last working day before that day. Between the cut-off and the issue lie at least
    `days` working days (Nghị định 09/2019/NĐ-CP, Điều 8 khoản 5: one); where the period ends too late for that, the
    cut-off moves forward and the report says "Số liệu từ ... đến ...". TooEarly where nothing would be left.
    """
    issue_by = last_working_day_before(before, table)
    latest = issue_by
    for _ in range(days):
        latest = last_working_day_before(latest, table)
    cut_off = min(period.last, latest)
    if cut_off < period.first:
        raise TooEarly(period, before)
    return Deadline(before=before, issue_by=issue_by, cut_off=cut_off, early=cut_off < period.last)
