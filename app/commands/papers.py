"""`nghedan register` and `nghedan dossier`: the registers of a period, and everything of it in one ZIP."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Literal

import typer

from app import dossiers, paper_trail
from app.commands.common import CommuneSlug, Config, commune_of, out, settings_of, with_runtime
from app.commands.making import making
from app.runtime import Runtime
from feedback.roles import SYSTEM, Actor
from storage.dossiers import exported
from storage.units import Unit
from web.paper_services import PaperFile, RegisterWanted

PeriodKey = Annotated[str, typer.Option("--period", help="2026-10, 2026-Q3, 2026-6m, 2026-9m or 2026-12m.")]
Folder = Annotated[Path, typer.Option("--out", help="Folder for the files; made where it is missing.")]
Nameless = Annotated[bool, typer.Option("--without-names", help="Leave out names and telephones.")]
_REGISTERS: tuple[Literal["cases", "visits"], ...] = ("cases", "visits")
_ENDINGS: tuple[Literal["xlsx", "pdf"], ...] = ("xlsx", "pdf")


def register(
    period: PeriodKey, folder: Folder, without_names: Nameless = False, commune: CommuneSlug = "", config: Config = None
) -> None:
    """Write the registers of a period (cases, receptions) as XLSX and PDF into a folder."""

    async def work(runtime: Runtime, unit: Unit) -> list[Path]:
        actor = Actor(kind=SYSTEM, unit=unit.id)
        made: list[Path] = []
        for which in _REGISTERS:
            for ending in _ENDINGS:
                wanted = RegisterWanted(which=which, period=period, names=not without_names, ending=ending)
                file = await paper_trail.paper(runtime, actor, wanted)
                if isinstance(file, PaperFile):
                    path = folder / file.name
                    await asyncio.to_thread(path.write_bytes, file.data)
                    made.append(path)
        return made

    _run(config, commune, folder, period, work)


def dossier(
    period: PeriodKey, folder: Folder, without_names: Nameless = False, commune: CommuneSlug = "", config: Config = None
) -> None:
    """Write everything of a period into one ZIP: registers, a folder for every case, a list with checksums."""

    async def work(runtime: Runtime, unit: Unit) -> list[Path]:
        actor, names = Actor(kind=SYSTEM, unit=unit.id), not without_names
        made = await dossiers.write(runtime, unit.id, period, folder, names=names, limits=False)
        name, now = made.path.name, runtime.now()
        await runtime.store.write(lambda tx: exported(tx, actor, now, what=name, names=names))
        return [made.path]

    _run(config, commune, folder, period, work)


def _run(
    config: Path | None, commune: str, folder: Path, period: str, work: Callable[[Runtime, Unit], Awaitable[list[Path]]]
) -> None:
    async def whole(runtime: Runtime) -> list[Path]:
        unit = await commune_of(runtime, commune)
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
        return await work(runtime, unit)

    folder = folder.resolve()
    with making(period, folder):
        made = with_runtime(settings_of(config), whole)
    for path in made:
        out(str(path))
