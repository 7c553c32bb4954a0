"""Reports make themselves: the month's on its first working day (decision 13), a plan's ahead of its last day."""

from datetime import date, timedelta
from functools import partial

import msgspec
from sqlalchemy import Connection

from app.due_reports import NoSuchReport, ask_owed, due_now
from app.logs import get_logger
from app.reporting import NotBegun, ask_report
from app.runtime import Runtime
from feedback.roles import SYSTEM, Actor
from reports.due import Due, to_make, to_tell
from reports.plans import BadPlan
from storage import jobs, notices, report_rows, units
from storage.jobs import Job
from storage.tx import Tx
from vietnam.calendar import DayTable, first_working_day, first_working_day_after
from vietnam.numbers import date_vi
from vietnam.time import day_of

log = get_logger()
DUE_JOB = "report-due"
_TOLD = {"short": "notice.report_short", "today": "notice.report_today", "late": "notice.report_late"}


class _Wanted(msgspec.Struct, frozen=True):
    """The body of a job that asks for a plan's report."""

    plan: str
    owed: str
    period: str


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
    """Ask for last month's report of every commune that has none yet, and for those of its plans whose time it is."""
    today = day_of(runtime.now())
    for commune in await runtime.store.read(units.communes):
        office = await runtime.store.read(partial(runtime.ledger.office_in, unit=commune.id))
        key = month_due(today, runtime.settings.report.month, office.table)
        if key is not None and await runtime.store.read(partial(report_rows.wants, unit_id=commune.id, period=key)):
            # Several processes may come here at once: the job's key lets one of them through.
            await runtime.store.write(_job(commune.id, f"{commune.id}:{key}", runtime.now()))
        await _of_plans(runtime, commune.id, today)


async def _of_plans(runtime: Runtime, unit: int, today: date) -> None:
    """What a commune's plans ask for: made when its days are counted, spoken of on its last day and once it is late."""

    def look(conn: Connection) -> list[Due]:
        return [due for _, dues in due_now(runtime, conn, unit, today) for due in dues]

    try:
        found = await runtime.store.read(look)
    except BadPlan as fault:  # that of the settings: `nghedan doctor` says what is wrong with it
        log.error("plan.bad", name=fault.name)
        return
    for due in found:
        if due.owed.period is not None and to_make(due, today):
            wanted = _Wanted(due.plan, due.owed.name, due.owed.period.key)
            key = f"{unit}:{wanted.plan}:{wanted.period}:{wanted.owed}"
            await runtime.store.write(_job(unit, key, runtime.now(), msgspec.json.encode(wanted)))
    tell = [(due, _TOLD[said]) for due in found if (said := to_tell(due, today))]
    if tell:
        await runtime.store.write(lambda tx: _tell(tx, unit, tell, runtime.now()))


def _job(unit: int, key: str, now: int, body: bytes | None = None) -> "partial[bool]":
    return partial(jobs.put, unit=unit, kind=DUE_JOB, key=key, run_at=now, body=body)


def _tell(tx: Tx, unit: int, told: list[tuple[Due, str]], now: int) -> None:
    for due, key in told:
        if due.owed.period is None or due.owed.deadline is None:
            continue
        day = date_vi(due.owed.deadline.issue_by)
        facts = {"report": due.owed.name, "period": due.owed.period.title, "day": day}
        notices.add_once(tx, unit, key, facts, now)


async def ask_due(runtime: Runtime, job: Job) -> None:
    """Do a job of `reports_due`."""
    actor = Actor(kind=SYSTEM, unit=job.unit)
    if job.body is not None:
        wanted = msgspec.json.decode(job.body, type=_Wanted)
        today = day_of(runtime.now())
        try:
            await ask_owed(runtime, actor, wanted.plan, wanted.owed, wanted.period, today)
        except (NoSuchReport, NotBegun):
            log.info("report.not_owed", plan=wanted.plan)  # its plan or its day was changed meanwhile
        return
    period = job.key.partition(":")[2]
    if await runtime.store.read(partial(report_rows.wants, unit_id=job.unit, period=period)):
        await ask_report(runtime, job.unit, period, actor)
