"""`nghedan cap-do`: the draft of the paper that a system of an authority needs before it is used."""

from pathlib import Path
from typing import Annotated

import typer

from app.commands.common import CommuneSlug, Config, Stop, commune_of, out, settings_of, with_runtime, write_whole
from app.level_file import level_file
from app.runtime import Runtime
from app.wording import app_wording
from storage import units
from storage.scale import Scale, scale

Target = Annotated[Path, typer.Option("--out", help="File to write (Markdown); one that stands is left alone.")]


def cap_do(
    target: Target = Path("ho-so-cap-do.md"),
    commune: CommuneSlug = "",
    config: Config = None,
) -> None:
    """Write the draft of the file that proposes the security level of the system, filled from what is set."""
    if target.exists():
        raise Stop(f"{target}: is there already; name another with --out", 1)
    settings = settings_of(config)

    async def work(runtime: Runtime) -> tuple[Scale, int]:
        unit = await commune_of(runtime, commune)
        size = await runtime.store.read(scale)
        return size, len(await runtime.store.read(lambda conn: units.villages(conn, unit.id)))

    size, villages = with_runtime(settings, work)
    write_whole(target, level_file(settings, size, villages).encode())
    out(app_wording()("level.written", file=target))
