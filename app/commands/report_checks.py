"""`nghedan report list`, `verify` and `compare`: what was made, whether it is still what it was, what differs today."""

from typing import Annotated, Any

import msgspec
import typer

from app.commands.common import AsJson, CommuneSlug, Config, Stop, commune_of, out, settings_of, with_runtime
from app.report_checks import Verified
from app.report_checks import compare as compare_report
from app.report_checks import verify as verify_report
from app.runtime import Runtime
from reports.comparing import Difference
from storage import reading_report, reading_results
from storage.reading_results import ReportRow

ReportId = Annotated[int, typer.Argument(help="Its number, as in `nghedan report list` and the address of its page.")]


def list_(commune: CommuneSlug = "", as_json: AsJson = False, config: Config = None) -> None:
    """The reports of a commune, the newest first: number, period, state, and how it was issued."""

    async def work(runtime: Runtime) -> list[ReportRow]:
        unit = await commune_of(runtime, commune)
        return await runtime.store.read(lambda conn: reading_results.all_reports(conn, unit.id))

    found = with_runtime(settings_of(config), work)
    if as_json:
        out(_json([_told(row) for row in found]))
        return
    for row in found:
        issued = f"  {row.number}/{row.issued_on}" if row.number else ""
        out(f"{row.id}  {row.period}  {row.state}{issued}")


def verify(report: ReportId, commune: CommuneSlug = "", as_json: AsJson = False, config: Config = None) -> None:
    """Whether a frozen report is what it was, each file beside its SHA-256. Exit 1 where it is not, or not frozen."""

    async def work(runtime: Runtime) -> Verified | None:
        return await verify_report(runtime, report, await _unit(runtime, commune, report))

    found = with_runtime(settings_of(config), work)
    if found is None:
        raise Stop(f"{report}: there is no such report")
    if as_json:
        out(_json({**msgspec.to_builtins(found), "whole": found.whole}))
    else:
        for file in found.files:
            out(f"{file.fault or 'ok'}  {file.sha256}  {file.name}")
        out(f"data  {found.data_version}" if found.data_version else f"state  {found.state}: not frozen")
    if not found.whole:
        raise typer.Exit(1)


def compare(report: ReportId, commune: CommuneSlug = "", as_json: AsJson = False, config: Config = None) -> None:
    """Count the period of a report anew and say which figures differ. Exit 0 where none does, 1 where some do."""

    async def work(runtime: Runtime) -> list[Difference] | None:
        return await compare_report(runtime, report, await _unit(runtime, commune, report))

    found = with_runtime(settings_of(config), work)
    if found is None:
        raise Stop(f"{report}: there is no such report, or it has no figures that this program can read")
    if as_json:
        out(_json(found))
    else:
        for one in found:
            numbers = f": {one.frozen:g} -> {one.today:g}" if one.frozen is not None and one.today is not None else ""
            out(f"{one.group}{': ' if one.name else ''}{one.name}{numbers}")
    if found:
        raise typer.Exit(1)


async def _unit(runtime: Runtime, commune: str, report: int) -> int:
    """The commune that was named, else the one whose report it is (0 for no such report)."""
    if commune:
        return (await commune_of(runtime, commune)).id
    return await runtime.store.read(lambda conn: reading_report.unit_of(conn, report)) or 0


def _told(row: ReportRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "period": row.period,
        "state": row.state,
        "owed": row.owed,
        "issue_by": row.issue_by,
        "number": row.number,
        "issued_on": row.issued_on,
    }


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
