"""`nghedan report make`: the documents of a period, in a folder."""

import asyncio
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from app.commands.common import AsJson, CommuneSlug, Config, Stop, commune_of, out, settings_of, with_runtime
from app.reporting import Made, ReportFailed, figures_of, write_documents
from app.runtime import Runtime
from reports.periods import BadPeriod
from reports.plans import BadPlan

app = typer.Typer(no_args_is_help=True)


@app.callback()
def report() -> None:
    """Make reports."""


@app.command()
def make(
    period: Annotated[str, typer.Option("--period", help="2026-10, 2026-Q3, 2026-6m, 2026-9m or 2026-12m.")],
    folder: Annotated[Path, typer.Option("--out", help="Folder for the documents; made where it is missing.")],
    commune: CommuneSlug = "",
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """Write DOCX, PDF, XLSX and charts of a period into a folder."""

    async def work(runtime: Runtime) -> list[Made]:
        unit = await commune_of(runtime, commune)
        figures = await figures_of(runtime, unit.id, period)
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
        return await write_documents(figures, runtime.settings.report.plan, folder.resolve())

    try:
        made = with_runtime(settings_of(config), work)
    except BadPeriod:
        raise Stop(f"--period: {period} is none of 2026-10, 2026-Q3, 2026-6m, 2026-9m, 2026-12m") from None
    except BadPlan as fault:
        raise Stop(f"[report] plan: {fault}") from None
    except ReportFailed as fault:
        raise Stop(f"the report could not be made: {fault}", 1) from None
    except ValueError as fault:
        raise Stop(f"--period: {fault}") from None
    except OSError as fault:
        raise Stop(f"--out: {folder}: {fault.strerror}") from None
    if as_json:
        out(msgspec.json.encode([{"name": file.name, "path": str(file.path)} for file in made]).decode())
        return
    for file in made:
        out(str(file.path))
