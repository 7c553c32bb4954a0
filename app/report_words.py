"""What officers wrote into a report, and who reads it under which plan."""

from sqlalchemy import Connection

from app.plans_in_use import plan_for
from app.report_sheets import with_sheets
from app.settings import Report
from reports.figures import Figures
from reports.places import writing_of
from reports.plans import Plan
from reports.written import Writing
from storage import reading_report, report_desk
from storage.report_rows import OwedRow


def writing(conn: Connection, report: int, plan: Plan, *, agreed: bool = False) -> Writing:
    """What officers wrote into a report of that plan, and into the ones before it."""
    before = {place: words.text for place, words in reading_report.texts_before(conn, report).items()}
    return with_sheets(conn, report, writing_of(report_desk.texts(conn, report), before, plan, agreed=agreed))


def plan_counted(conn: Connection, settings: Report, unit: int, figures: Figures, owed: OwedRow) -> Plan:
    """The plan that figures were counted by, addressed and signed as the commune does today. BadPlan."""
    named = owed._replace(plan=owed.plan or figures.plan)
    return plan_for(conn, settings, unit, figures.period.last.year, named)
