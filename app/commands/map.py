"""`nghedan map`: the picture of a commune on which citizens show a place."""

from pathlib import Path
from typing import Annotated

import typer

from app.commands.common import CommuneSlug, Config, Stop, commune_of, out, settings_of, with_runtime
from app.photo_jobs import keep_photo
from app.photos import MAX_BYTES, PhotoRefused
from app.runtime import Runtime
from storage import maps
from storage.tx import Tx

app = typer.Typer(no_args_is_help=True)
Degrees = Annotated[float, typer.Option(help="Of that edge of the picture, in degrees.")]
_LARGEST = 2.0
"""Degrees: no commune is two hundred kilometres wide."""


@app.command("set")
def set_(
    file: Annotated[Path, typer.Argument(help="A picture (JPEG, PNG, WebP) of the commune, north above.")],
    north: Degrees,
    south: Degrees,
    west: Degrees,
    east: Degrees,
    commune: CommuneSlug = "",
    config: Config = None,
) -> None:
    """Let citizens show places on this picture; an earlier one is replaced."""
    if faults := _faults(north, south, west, east):
        raise Stop(faults)
    try:
        with file.open("rb") as opened:
            data = opened.read(MAX_BYTES + 1)  # a device or a film has no end that is worth waiting for
    except OSError as fault:
        raise Stop(f"{file}: {fault.strerror}") from None
    if len(data) > MAX_BYTES:
        raise Stop(f"{file}: is larger than {MAX_BYTES // 1024 // 1024} MB; make it smaller")

    async def work(runtime: Runtime) -> str:
        unit = await commune_of(runtime, commune)
        kept = await keep_photo(runtime, unit.id, data)
        if isinstance(kept, PhotoRefused):
            raise Stop(f"{file}: is no picture that can be read ({kept.key.removeprefix('photo.')})")

        def write(tx: Tx) -> None:
            maps.put(tx, unit.id, kept, north=north, south=south, west=west, east=east)
            maps.noted(tx, unit.id, runtime.now(), there=True)

        await runtime.store.write(write)
        return f"{runtime.settings.public_url}/{unit.slug}/ban-do"

    out(with_runtime(settings_of(config), work))


@app.command("remove")
def remove(commune: CommuneSlug = "", config: Config = None) -> None:
    """Take the picture away: places are told in words, or by the telephone's own position."""

    async def work(runtime: Runtime) -> None:
        unit = await commune_of(runtime, commune)

        def write(tx: Tx) -> bool:
            there = maps.remove(tx, unit.id)
            if there:
                maps.noted(tx, unit.id, runtime.now(), there=False)
            return there

        if not await runtime.store.write(write):
            raise Stop(f"{unit.name}: has no picture", 1)

    with_runtime(settings_of(config), work)


def _faults(north: float, south: float, west: float, east: float) -> list[str]:
    """What is wrong with the edges, each a line."""
    near = abs(north - south) <= _LARGEST and abs(east - west) <= _LARGEST
    asked = [
        ("--north and --south: degrees from -90 to 90", all(-90 <= value <= 90 for value in (north, south))),
        ("--west and --east: degrees from -180 to 180", all(-180 <= value <= 180 for value in (west, east))),
        ("--north must be greater than --south: are they exchanged?", north > south),
        ("--east must be greater than --west: are they exchanged?", east > west),
        ("the picture would be more than 200 km wide: is a decimal point missing?", near),
    ]
    return [fault for fault, well in asked if not well]
