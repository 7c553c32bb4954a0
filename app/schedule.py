"""The report of the month makes itself on its first working day (decision 13)."""

from datetime import date, timedelta
from functools import partial

from app.reporting import ask_report
from app.runtime import Runtime
from feedback.roles import SYSTEM, Actor
from storage import jobs, report_rows, units
from vietnam.calendar import DayTable, first_working_day, first_working_day_after
from vietnam.time import day_of

DUE_JOB = "report-due"


def month_due(today: date, month: str, table: DayTable) -> str | None:
    """The key of the month whose report should exist on that day ("2026-10"), None before its time has come.

    calendar: from the first working day of the next month; statutory: from the first working day after the 14th.
    """
    if month == "statutory":
        if today < first_working_day_after(date(today.year, today.month, 14), table):
            return None
        return f"{today:%Y-%m}"
    if today < first_working_day(today.year, today.month, table):
        return None
    return f"{date(today.year, today.month, 1) - timedelta(days=1):%Y-%m}"


async def reports_due(runtime: Runtime) -> None:
    """Ask for last month's report of every commune that has none yet."""
    today = day_of(runtime.now())
    key = month_due(today, runtime.settings.report.month, runtime.ledger.office.table)
    if key is None:
        return
    for commune in await runtime.store.read(units.communes):
        if await runtime.store.read(partial(report_rows.wants, unit_id=commune.id, period=key)):
            # Several processes may come here at once: the job's key lets one of them through.
            job = partial(jobs.put, unit=commune.id, kind=DUE_JOB, key=f"{commune.id}:{key}", run_at=runtime.now())
            await runtime.store.write(job)


async def ask_due(runtime: Runtime, unit_id: int, period: str) -> None:
    """Do a job of `reports_due`."""
    if await runtime.store.read(partial(report_rows.wants, unit_id=unit_id, period=period)):
        await ask_report(runtime, unit_id, period, Actor(kind=SYSTEM, unit=unit_id))
