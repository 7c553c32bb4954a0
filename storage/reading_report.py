"""One report as its page shows it: its state, its files, what was written into it, and what was done with it."""

from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, func, select

from storage.report_desk import version_of
from storage.report_rows import OwedRow
from storage.tables import acts, blobs, report_files, report_texts, reports


class ReportFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file of a report; `size` in bytes, `sha256` as hexadecimal signs."""

    name: str
    size: int
    sha256: str
    blob: int


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """What an officer wrote in a place. `digest` is of the figures it was written beside, `period` the report's."""

    text: str
    digest: str
    written_by: str
    written_at: int
    period: str = ""


class OneReport(msgspec.Struct, frozen=True, kw_only=True):
    """A report of a unit. `behind`: its documents do not hold yet what was written last; `fault`: why, if that failed.

    `issue_by`, `cut_off` and `issued_on` are ISO days or "". `submitted_at`: since when it waits for a leader.
    """

    id: int
    unit: int
    period: str
    state: str
    version: int
    owed: OwedRow
    figures: str
    made_by: str
    made_at: int | None
    asked_at: int
    fault: str
    behind: bool
    number: str
    issued_on: str
    signed: str
    sha256: str
    figures_sha256: str
    data_version: str
    frozen_at: int | None
    submitted_at: int | None
    submitted_by: str
    files: tuple[ReportFile, ...]


class Deed(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was done with a report; `actor` as in storage.act_rows, `detail` what the act says."""

    action: str
    actor: str
    at: int
    detail: dict[str, Any]


def one(conn: Connection, unit: int, id: int) -> OneReport | None:
    """A report of that unit; None where there is none."""
    row = conn.execute(select(reports).where(reports.c.id == id, reports.c.unit_id == unit)).one_or_none()
    if row is None:
        return None
    return OneReport(
        id=row.id,
        unit=row.unit_id,
        period=row.period,
        state=row.state,
        version=version_of(row.version),
        owed=OwedRow(plan=row.plan, owed=row.owed, issue_by=row.issue_by, cut_off=row.cut_off),
        figures=row.figures or "",
        made_by=row.made_by,
        made_at=row.made_at,
        asked_at=row.asked_at,
        fault=row.fault,
        behind=row.files_version < row.files_wanted,
        number=row.number,
        issued_on=row.issued_on,
        signed=row.signed,
        sha256=row.sha256,
        figures_sha256=row.figures_sha256,
        data_version=row.data_version,
        frozen_at=row.frozen_at,
        submitted_at=row.submitted_at,
        submitted_by=row.submitted_by,
        files=_files(conn, id),
    )


def _files(conn: Connection, id: int) -> tuple[ReportFile, ...]:
    rows = conn.execute(
        select(report_files.c.name, blobs.c.size, blobs.c.sha256, blobs.c.id)
        .join(blobs, blobs.c.id == report_files.c.blob_id)
        .where(report_files.c.report_id == id)
        .order_by(report_files.c.name)
    )
    return tuple(ReportFile(name=row.name, size=row.size, sha256=bytes(row.sha256).hex(), blob=row.id) for row in rows)


class Submitted(msgspec.Struct, frozen=True, kw_only=True):
    """A draft that waits for a leader. `owed` is what a plan calls it, `issue_by` its last day (ISO), both or ""."""

    id: int
    period: str
    owed: str
    issue_by: str
    at: int
    by: str


def submitted(conn: Connection, unit: int) -> list[Submitted]:
    """The drafts of a unit that wait for a leader, whichever has to go out first on top."""
    columns = (reports.c.id, reports.c.period, reports.c.owed, reports.c.issue_by)
    found = select(*columns, reports.c.submitted_at.label("at"), reports.c.submitted_by.label("by"))
    order = (reports.c.issue_by == "", reports.c.issue_by, reports.c.submitted_at)
    return [Submitted(**row._mapping) for row in conn.execute(found.where(_waits(unit)).order_by(*order))]  # noqa: SLF001 - SQLAlchemy's own public name


def submitted_count(conn: Connection, unit: int) -> int:
    """How many drafts wait for a leader."""
    return conn.scalar(select(func.count()).select_from(reports).where(_waits(unit))) or 0


def _waits(unit: int) -> ColumnElement[bool]:
    return (reports.c.unit_id == unit) & (reports.c.state == "ready") & reports.c.submitted_at.is_not(None)


def unit_of(conn: Connection, id: int) -> int | None:
    """The unit of a report; None where there is none."""
    return conn.scalar(select(reports.c.unit_id).where(reports.c.id == id))


def words_of(conn: Connection, id: int) -> dict[str, Words]:
    """What officers wrote into a report, by place."""
    rows = conn.execute(select(report_texts).where(report_texts.c.report_id == id))
    return {row.section: _words(row) for row in rows}


def texts_before(conn: Connection, id: int) -> dict[str, Words]:
    """By place, what was written last into an earlier report of the same plan: on another period, asked for before."""
    mine = conn.execute(select(reports).where(reports.c.id == id)).one()
    earlier = (
        (reports.c.unit_id == mine.unit_id)
        & (reports.c.plan == mine.plan)
        & (reports.c.period != mine.period)
        & (reports.c.asked_at <= mine.asked_at)
    )
    query = select(report_texts, reports.c.period).join(reports, reports.c.id == report_texts.c.report_id)
    rows = conn.execute(query.where(earlier).order_by(reports.c.asked_at, reports.c.id))
    # The newest of each place comes last and stays.
    return {row.section: _words(row, row.period) for row in rows}


def _words(row: Any, period: str = "") -> Words:  # noqa: ANN401 - a row of SQLAlchemy
    return Words(text=row.text, digest=row.digest, written_by=row.written_by, written_at=row.written_at, period=period)


def deeds(conn: Connection, id: int) -> list[Deed]:
    """All that was done with a report, in order."""
    mine = (acts.c.thing == "report") & (acts.c.thing_id == id)
    query = select(acts.c.action, acts.c.actor, acts.c.at, acts.c.detail).where(mine)
    rows = conn.execute(query.order_by(acts.c.version))
    return [
        Deed(
            action=row.action,
            actor=row.actor,
            at=row.at,
            detail=msgspec.json.decode(row.detail, type=dict[str, Any]) if row.detail else {},
        )
        for row in rows
    ]
