"""A report that was issued, looked at again: are its files what they were, and what would be counted today."""

import hashlib
from typing import Literal

import msgspec
from sqlalchemy import Connection

from app.reporting import figures_of
from app.runtime import Runtime
from feedback.report_acts import ReportState
from reports.comparing import Difference, differences
from reports.figures import Figures
from storage import reading_report
from storage.blobs import Damaged
from storage.reading_report import OneReport

FIGURES = "figures.json"


class FileCheck(msgspec.Struct, frozen=True, kw_only=True):
    """A file of a report.

    `fault`: "" it is what it was; "missing"; "damaged": its bytes are others than were stored; "other": it is not the
    file, or not the figures, that the report was frozen with.
    """

    name: str
    sha256: str
    fault: Literal["", "missing", "damaged", "other"] = ""


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a report. `whole`: it is frozen and nothing is wrong."""

    report: int
    state: str
    data_version: str
    files: tuple[FileCheck, ...]

    @property
    def whole(self) -> bool:
        """Whether everything is as it was frozen."""
        return self.state == ReportState.FROZEN and not any(file.fault for file in self.files)


async def verify(runtime: Runtime, report: int, unit: int) -> Verified | None:
    """Every file of a report beside its checksum, and the frozen figures beside theirs; None for no such report."""
    row = await runtime.store.read(lambda conn: reading_report.one(conn, unit, report))
    if row is None:
        return None
    checked = [await _check(runtime, row, file) for file in row.files]
    names = {file.name for file in row.files}
    if row.signed and row.signed not in names:
        checked.append(FileCheck(name=row.signed, sha256=row.sha256, fault="missing"))
    if row.state == ReportState.FROZEN:
        digest = hashlib.sha256(row.figures.encode()).hexdigest()
        checked.append(
            FileCheck(name="reports.figures", sha256=digest, fault="" if digest == row.figures_sha256 else "other")
        )
    return Verified(report=report, state=row.state, data_version=row.data_version, files=tuple(checked))


async def _check(runtime: Runtime, row: OneReport, file: reading_report.ReportFile) -> FileCheck:
    try:
        data = await runtime.blobs.get(file.blob)
    except Damaged:
        return FileCheck(name=file.name, sha256=file.sha256, fault="damaged")
    if data is None:
        return FileCheck(name=file.name, sha256=file.sha256, fault="missing")
    found = hashlib.sha256(data).hexdigest()
    wanted = {row.signed: row.sha256, FIGURES: row.figures_sha256}.get(file.name, "")
    return FileCheck(name=file.name, sha256=found, fault="other" if wanted and found != wanted else "")


async def compare(runtime: Runtime, report: int, unit: int) -> list[Difference] | None:
    """The figures of a report that a new count of the whole period says otherwise; None where it has none to compare.

    It counts to the end of the period (or to today), also where a plan's day had cut the report off before: what came
    after is late data. Nothing of the new count is kept or published.
    """

    def look(conn: Connection) -> OneReport | None:
        return reading_report.one(conn, unit, report)

    row = await runtime.store.read(look)
    try:
        kept = Figures.decode(row.figures.encode()) if row is not None and row.figures else None
    except msgspec.ValidationError:
        return None
    if row is None or kept is None:
        return None
    named = row.owed._replace(plan=row.owed.plan or kept.plan, cut_off="", issue_by="")
    today, _, _ = await figures_of(runtime, unit, row.period, named)
    return differences(row.figures, today)
