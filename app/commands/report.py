"""`nghedan report make`: the documents of a period, in a folder."""

import asyncio
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from app.commands import report_checks
from app.commands.common import AsJson, CommuneSlug, Config, commune_of, out, settings_of, with_runtime
from app.commands.making import making
from app.due_reports import owed_by
from app.reporting import ask_report, make_report, report_failed
from app.runtime import Runtime
from feedback.roles import SYSTEM, Actor
from storage.report_rows import UNASKED

app = typer.Typer(no_args_is_help=True)
app.command("list")(report_checks.list_)
app.command("verify")(report_checks.verify)
app.command("compare")(report_checks.compare)


@app.callback()
def report() -> None:
    """Make reports."""


@app.command()
def make(
    period: Annotated[str, typer.Option("--period", help="2026-10, 2026-Q3, 2026-6m, 2026-9m or 2026-12m.")],
    folder: Annotated[Path, typer.Option("--out", help="Folder for the documents; made where it is missing.")],
    plan: Annotated[str, typer.Option("--plan", help="The report that this plan asks for, with its cut-off.")] = "",
    commune: CommuneSlug = "",
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """Write DOCX, PDF, XLSX and charts of a period into a folder."""

    async def work(runtime: Runtime) -> list[Path]:
        unit = await commune_of(runtime, commune)
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
        actor = Actor(kind=SYSTEM, unit=unit.id)
        owed = UNASKED
        if plan:
            owed = await runtime.store.read(lambda conn: owed_by(runtime, conn, unit.id, plan, period))
        report_id = await ask_report(runtime, unit.id, period, actor, by_worker=False, owed=owed)
        try:
            return await make_report(runtime, report_id, copy_to=folder.resolve())
        except Exception as fault:
            await report_failed(runtime, report_id, type(fault).__name__)
            raise

    with making(period, folder):
        made = with_runtime(settings_of(config), work)
    if as_json:
        out(msgspec.json.encode([{"name": file.name, "path": str(file)} for file in made]).decode())
        return
    for file in made:
        out(str(file))
