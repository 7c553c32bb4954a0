"""What a commune owes under its plans on a day, and asking for one of those reports."""

from datetime import date

from sqlalchemy import Connection

from app.logs import get_logger
from app.plans_in_use import InUse, plans_of
from app.reporting import ask_report
from app.runtime import Runtime
from feedback.roles import Actor
from reports.deadlines import TooEarly
from reports.due import FORGOTTEN, Begun, Due, standing
from reports.owing import OwedReport, owing
from storage import plan_rows, report_rows
from storage.report_rows import OwedRow
from vietnam.calendar import DayTable
from vietnam.time import day_of

log = get_logger()


class NoSuchReport(ValueError):
    """No plan of the commune owes such a report."""


def owed_in(runtime: Runtime, found: InUse, year: int, days: plan_rows.Entered, table: DayTable) -> list[OwedReport]:
    """What a plan owes in that year with the days that officers entered. reports.deadlines.TooEarly."""
    return owing(found.plan, year, table, days=runtime.settings.report.lead_days, entered=days)


def due_of(runtime: Runtime, conn: Connection, unit: int, year: int, today: date) -> list[tuple[InUse, list[Due]]]:
    """Every plan that holds for the commune in that year, and how far each report it owes is. BadPlan."""
    entered, table = plan_rows.days(conn, unit), runtime.ledger.office_in(conn, unit).table
    begun = [
        Begun(id, plan, owed, period, state, None if made_at is None else day_of(made_at))
        for id, plan, owed, period, state, made_at in report_rows.begun(conn, unit)
    ]
    found = []
    for one in (plan.at(year) for plan in plans_of(conn, runtime.settings.report, unit)):
        if one is None:
            continue
        try:
            owed = owed_in(runtime, one, year, entered.get(one.slug, {}), table)
        except TooEarly as fault:
            # Days off move: what fitted when the plan was taken in may not in a later year. The others still hold.
            log.warning("plan.too_early", slug=one.slug, period=fault.period.key)
            continue
        found.append((one, standing(one.slug, owed, begun, today, one.since)))
    return found


def due_now(runtime: Runtime, conn: Connection, unit: int, today: date) -> list[tuple[InUse, list[Due]]]:
    """What is owed in this year, behind what of the last one is still to be sent or has not been forgotten. BadPlan."""
    last = due_of(runtime, conn, unit, today.year - 1, today)
    open_still = [(one, [due for due in dues if not due.out and _lately(due, today)]) for one, dues in last]
    return [*((one, dues) for one, dues in open_still if dues), *due_of(runtime, conn, unit, today.year, today)]


def _lately(due: Due, today: date) -> bool:
    return due.owed.deadline is not None and (today - due.owed.deadline.issue_by).days <= FORGOTTEN


def find_due(
    runtime: Runtime, conn: Connection, unit: int, plan: str, owed: str, period: str, today: date
) -> Due | None:
    """A report by the plan, what that plan calls it and its period; None where nothing such is owed. BadPlan."""
    if not (period[:4].isascii() and period[:4].isdecimal()):
        return None
    found = due_of(runtime, conn, unit, int(period[:4]), today)
    wanted = (due for _, dues in found for due in dues if (due.plan, due.owed.name) == (plan, owed))
    return next((due for due in wanted if due.owed.period is not None and due.owed.period.key == period), None)


def owed_by(runtime: Runtime, conn: Connection, unit: int, plan: str, period: str) -> OwedRow:
    """Why a plan asks for its report on a period, the first where it asks for several. NoSuchReport, BadPlan."""
    today = day_of(runtime.now())
    year = int(period[:4]) if period[:4].isascii() and period[:4].isdecimal() else 0
    found = (
        [due for _, dues in due_of(runtime, conn, unit, year, today) for due in dues if due.plan == plan]
        if year
        else []
    )
    wanted = [due for due in found if due.owed.period is not None and due.owed.period.key == period]
    if not wanted:
        raise NoSuchReport(plan)
    return owed_row(wanted[0])


def owed_row(due: Due) -> OwedRow:
    """What is kept with a report of why it was asked for."""
    last = due.owed.deadline
    days = (last.issue_by.isoformat(), last.cut_off.isoformat()) if last else ("", "")
    return OwedRow(due.plan, due.owed.name, *days)


async def ask_owed(runtime: Runtime, actor: Actor, plan: str, owed: str, period: str, today: date) -> int:
    """Ask for a report that a plan of the actor's commune owes; its id, 0 where it was asked for and has not failed.

    NoSuchReport, app.reporting.NotBegun, PermissionError.
    """
    due = await runtime.store.read(lambda conn: find_due(runtime, conn, actor.unit, plan, owed, period, today))
    if due is None:
        raise NoSuchReport(plan)
    return await ask_report(runtime, actor.unit, period, actor, owed=owed_row(due), once=due.stage != "failed")
