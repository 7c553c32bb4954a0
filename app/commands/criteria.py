"""`nghedan criteria`: the file that the sheet of self-assessment is made from."""

from pathlib import Path
from typing import Annotated

import typer

from app.commands.common import CommuneSlug, Config, Stop, commune_of, out, settings_of, with_runtime
from app.runtime import Runtime
from app.wording import app_wording
from feedback.roles import SYSTEM, Actor
from reports.criteria import BadCriteria, Criteria, read, template
from storage import sheet_rows

app = typer.Typer(no_args_is_help=True)
File = Annotated[Path, typer.Argument(help="A file of criteria (TOML).", exists=True, dir_okay=False)]
_LARGEST = 200_000


@app.callback()
def criteria() -> None:
    """The criteria a commune assesses itself by."""


@app.command()
def check(file: File, config: Config = None) -> None:
    """Name every fault of a file of criteria with its line, or say what is in it."""
    settings_of(config)
    found, _ = _read(file)
    say = app_wording()
    out(found.title)
    out(say("criteria.holds", groups=len(found.groups), lines=len(found.lines()), points=f"{found.points:g}"))
    out(say("criteria.grades", grades=", ".join(f"{one.name} ({one.at_least:g})" for one in found.grades)))
    if not found.source:
        out(say("criteria.no_source"))


@app.command()
def add(file: File, commune: CommuneSlug = "", config: Config = None) -> None:
    """Let a commune assess itself by this file from now on; the one before is replaced."""
    found, body = _read(file)

    async def work(runtime: Runtime) -> None:
        unit, now = await commune_of(runtime, commune), runtime.now()
        actor = Actor(kind=SYSTEM, unit=unit.id)
        await runtime.store.write(lambda tx: sheet_rows.put_criteria(tx, actor, body, now))

    with_runtime(settings_of(config), work, make=True)
    out(app_wording()("criteria.added", title=found.title))


@app.command()
def remove(commune: CommuneSlug = "", config: Config = None) -> None:
    """No self-assessment stands in the reports any more; the points that were typed stay in the store."""

    async def work(runtime: Runtime) -> bool:
        unit, now = await commune_of(runtime, commune), runtime.now()
        actor = Actor(kind=SYSTEM, unit=unit.id)
        if await runtime.store.read(lambda conn: sheet_rows.criteria(conn, unit.id)) is None:
            return False
        await runtime.store.write(lambda tx: sheet_rows.put_criteria(tx, actor, "", now))
        return True

    if not with_runtime(settings_of(config), work):
        raise Stop(app_wording()("criteria.none"), 1)
    out(app_wording()("criteria.removed"))


@app.command("template")
def print_template(config: Config = None) -> None:
    """Print the file to begin with; it is nobody's criteria."""
    settings_of(config)
    out(template().rstrip("\n"))


def _read(file: Path) -> tuple[Criteria, str]:
    raw = file.read_bytes()
    if len(raw) > _LARGEST:
        raise Stop(app_wording()("criteria.big", name=file.name, most=_LARGEST // 1000), 1)
    try:
        body = raw.decode("utf-8-sig")
        return read(body), body
    except UnicodeDecodeError:
        raise Stop(f"{file.name}: not UTF-8", 1) from None
    except BadCriteria as bad:
        raise Stop([f"{file.name}: {fault}" for fault in bad.faults], 1) from None
