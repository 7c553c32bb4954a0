"""`nghedan wave letters`: the list of those who are invited on paper, with their codes."""

import asyncio
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from app.commands.common import AsJson, CommuneSlug, Config, Stop, commune_of, out, settings_of, with_runtime
from app.runtime import Runtime
from app.wave_letters import Slip, as_csv, as_xlsx, letters_of, slips_of
from app.wording import app_wording
from storage import wave_acts
from storage.units import Unit
from storage.wave_acts import WaveRow
from vietnam.time import local


def letters(
    code: Annotated[str, typer.Argument(help="Code of the wave.")],
    file: Annotated[Path, typer.Option("--out", help=".xlsx or .csv: a list; .pdf: slips to cut, eight a page.")],
    everybody: Annotated[bool, typer.Option("--all", help="Those who get a message as well.")] = False,
    commune: CommuneSlug = "",
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """Write the invitations of those whom no message reaches, with their one-time codes, to be printed."""
    if file.suffix.lower() not in (".xlsx", ".csv", ".pdf"):
        raise Stop(f"--out: {file} ends neither in .xlsx, .csv nor .pdf")

    async def work(runtime: Runtime) -> int:
        unit = await commune_of(runtime, commune)
        wave = await runtime.store.read(lambda conn: wave_acts.by_code(conn, unit.id, code))
        if wave is None or wave.frame is None:
            raise Stop(app_wording()("wave.no_letters", code=code), 1)
        slips = await slips_of(runtime, wave, paper_only=not everybody)
        body = await asyncio.to_thread(_drawn, file.suffix.lower(), slips, unit, wave, runtime.settings.public_url)
        await asyncio.to_thread(file.write_bytes, body)
        return len(slips)

    try:
        count = with_runtime(settings_of(config), work)
    except OSError as fault:
        raise Stop(f"--out: {file}: {fault.strerror}") from None
    if as_json:
        out(msgspec.json.encode({"letters": count, "file": str(file)}).decode())
    else:
        out(app_wording()("wave.letters", count=count, file=file))


def _drawn(ending: str, slips: list[Slip], unit: Unit, wave: WaveRow, public_url: str) -> bytes:
    if ending == ".csv":
        return as_csv(slips)
    if ending == ".xlsx":
        return as_xlsx(slips)
    from reports.letters import draw_letters

    return draw_letters(letters_of(slips, unit, wave, public_url), local(wave.opens_at).date())
