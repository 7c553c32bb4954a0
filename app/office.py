"""The office as the settings describe it."""

from pathlib import Path

from app.settings import Settings
from feedback.clock_rules import Terms
from feedback.office import Office
from vietnam.calendar import DayTable, over, read_days, shipped_days
from vietnam.working_time import read_sessions


def office_of(settings: Settings) -> Office:
    """Hours, days and promises of the settings, which have been checked."""
    cases = settings.cases
    terms = Terms(
        report=cases.report_hours,
        petition=cases.petition_days,
        apology=cases.apology_hours,
        own_extensions=cases.extensions,
    )
    return Office(
        table=days_of(settings),
        sessions=read_sessions(settings.work.hours),
        terms=terms,
        sign_off=frozenset(cases.sign_off),
    )


def days_of(settings: Settings) -> DayTable:
    """The table of days off that comes along, with the one of `[work] days_file` laid over it."""
    file = settings.work.days_file
    if not file:
        return shipped_days()
    return over(shipped_days(), read_days(Path(file).read_text("utf-8"), partial=True))
