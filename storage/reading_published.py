"""Reports that were issued, with their files for the public: what of a survey anybody may see, and nothing earlier."""

from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, select

from feedback.report_acts import ReportState
from storage.tables import blobs, report_files, reports

_MOST = 60
"""Reports on the list: five years of months, or all that a commune issues in three."""
_FOR_ALL = ("so-lieu-cong-bo-", "tu-dien-du-lieu")


class Issued(NamedTuple):
    """An issued report. `figures` is JSON of reports.figures.Figures; `issued_on` the ISO day of văn thư."""

    id: int
    period: str
    number: str
    issued_on: str
    figures: str


def issued(conn: Connection, unit: int) -> list[Issued]:
    """The unit's issued reports, newest first."""
    return [Issued(*row) for row in conn.execute(_issued(unit).limit(_MOST))]


def one(conn: Connection, unit: int, report: int) -> tuple[Issued, tuple[tuple[str, int], ...]] | None:
    """An issued report and its open data as (name, bytes); None where none of the unit was issued under that id."""
    row = conn.execute(_issued(unit).where(reports.c.id == report)).one_or_none()
    if row is None:
        return None
    files = (
        select(report_files.c.name, blobs.c.size)
        .join(blobs, blobs.c.id == report_files.c.blob_id)
        .where(report_files.c.report_id == report)
        .order_by(report_files.c.name)
    )
    return Issued(*row), tuple((name, size) for name, size in conn.execute(files) if name.startswith(_FOR_ALL))


def file(conn: Connection, unit: int, report: int, name: str) -> int | None:
    """The blob of a file for the public of an issued report; None for every other name."""
    if not name.startswith(_FOR_ALL):
        return None
    wanted = (reports.c.unit_id == unit) & (reports.c.id == report) & (reports.c.state == ReportState.FROZEN)
    query = select(report_files.c.blob_id).join(reports, reports.c.id == report_files.c.report_id)
    found: int | None = conn.execute(query.where(wanted, report_files.c.name == name)).scalar()
    return found


def _issued(unit: int) -> Select[*tuple[Any, ...]]:
    columns = (reports.c.id, reports.c.period, reports.c.number, reports.c.issued_on, reports.c.figures)
    mine = (reports.c.unit_id == unit) & (reports.c.state == ReportState.FROZEN) & reports.c.figures.is_not(None)
    return select(*columns).where(mine).order_by(reports.c.issued_on.desc(), reports.c.frozen_at.desc(), reports.c.id)
