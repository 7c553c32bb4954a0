"""`nghedan poster`: posters with QR codes, for counters, thôn and walls, and how many people each brought."""

import asyncio
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from app.commands.common import AsJson, CommuneSlug, Config, Stop, commune_of, out, settings_of, with_runtime
from app.places import NoSuchVillage, village_of
from app.posters import (
    FEWEST,
    Invited,
    NoSuchWave,
    draw,
    poster_for,
    villages_of,
    wave_for,
)
from app.runtime import Runtime
from app.wording import app_wording
from reports.posters import Format as FormatName
from reports.posters import Size as SizeName
from storage import sources

app = typer.Typer()


class Size(StrEnum):
    """Of the paper."""

    A4 = "A4"
    A5 = "A5"


class Format(StrEnum):
    """Of the file."""

    PDF = "pdf"
    PNG = "png"


_SIZES: dict[Size, SizeName] = {Size.A4: "A4", Size.A5: "A5"}
_FORMATS: dict[Format, FormatName] = {Format.PDF: "pdf", Format.PNG: "png"}


@app.callback(invoke_without_command=True)
def poster(
    context: typer.Context,
    survey: Annotated[str, typer.Option("--survey", help="Name of the survey; its running wave is taken.")] = "",
    wave: Annotated[str, typer.Option("--wave", help="Code of the wave.")] = "",
    place: Annotated[str, typer.Option("--place", help="Where it hangs, as it is to be printed.")] = "",
    counter: Annotated[str, typer.Option("--counter", help="The counter or window, as it is to be printed.")] = "",
    village: Annotated[str, typer.Option("--village", help='A village: "thôn Na".')] = "",
    all_villages: Annotated[bool, typer.Option("--all-villages", help="Every village; so it is by default.")] = False,
    size: Annotated[Size, typer.Option("--size", help="A4 or A5.")] = Size.A4,
    format: Annotated[Format, typer.Option("--format", help="pdf or png.")] = Format.PDF,
    file: Annotated[Path | None, typer.Option("--out", help="File for one poster.")] = None,
    folder: Annotated[Path | None, typer.Option("--out-dir", help="Folder for the posters of all villages.")] = None,
    commune: CommuneSlug = "",
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """Make a poster of one place with --out, or of every village with --out-dir."""
    if context.invoked_subcommand is not None:
        return
    one = [part for part in (place, counter, village) if part]
    faults = [
        ("--survey or --wave: name one of them", bool(survey) == bool(wave)),
        ("--out FILE or --out-dir FOLDER: name one of them", (file is None) == (folder is None)),
        ("--all-villages: leave out --place, --counter and --village", all_villages and bool(one)),
        ("--all-villages needs --out-dir: a file for each village", all_villages and folder is None),
    ]
    if told := [fault for fault, is_one in faults if is_one]:
        raise Stop(told)

    async def work(runtime: Runtime) -> list[Path]:
        unit = await commune_of(runtime, commune)
        asked = await wave_for(runtime, unit, wave or survey)
        places = [" · ".join(one)]
        if village:
            places = [" · ".join([*filter(None, (place, counter)), (await village_of(runtime, unit, village)).name])]
        elif folder is not None and not one:
            places = await villages_of(runtime, unit)
        posters = [await poster_for(runtime, unit, asked, where) for where in places]
        chosen = _SIZES[size], _FORMATS[format]
        if folder is not None:
            await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
        return [
            await draw(runtime, one, *chosen, file or (folder or Path()) / one.file_name(*chosen)) for one in posters
        ]

    made = _made(lambda: with_runtime(settings_of(config), work))
    if not made:
        raise Stop("--all-villages: the commune has no villages yet ([commune] units)", 1)
    if as_json:
        out(msgspec.json.encode([str(path) for path in made]).decode())
        return
    for path in made:
        out(str(path))


def _made(work: Callable[[], list[Path]]) -> list[Path]:
    try:
        return work()
    except NoSuchWave as fault:
        raise Stop(
            f"{fault.code}: no running wave has this code; running: {', '.join(fault.known) or '-'}", 1
        ) from None
    except Invited as fault:
        raise Stop(f"{fault}: is asked of a list of people; a poster would mix others in", 1) from None
    except NoSuchVillage as fault:
        raise Stop(f"--village: {fault}", 1) from None
    except OSError as fault:
        raise Stop(f"{fault.filename or '--out'}: {fault.strerror}") from None


@app.command("sources")
def sources_(
    code: Annotated[str, typer.Argument(help="Code of the wave.")],
    commune: CommuneSlug = "",
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """How many dialogues began at each poster; fewer than five are not shown by number."""

    async def work(runtime: Runtime) -> dict[str, int | None]:
        unit = await commune_of(runtime, commune)
        found = await runtime.store.read(lambda conn: sources.totals(conn, unit.id, code))
        return {place: count if count >= FEWEST else None for place, count in found.items()}

    found = with_runtime(settings_of(config), work)
    if as_json:
        out(msgspec.json.encode(found).decode())
        return
    say = app_wording()
    if not found:
        out(say("poster.no_sources", code=code))
    for place, count in sorted(found.items(), key=lambda one: -(one[1] or 0)):
        name = say("poster.elsewhere") if place == "-" else place
        out(f"{name}\t{say('poster.few', fewest=FEWEST) if count is None else count}")
