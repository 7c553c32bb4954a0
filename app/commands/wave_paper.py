"""`nghedan wave letters`: the list of those who are invited on paper, with their codes."""

import asyncio
import csv
from collections.abc import Iterator
from functools import partial
from io import BytesIO, StringIO
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from app.commands.common import AsJson, CommuneSlug, Config, Stop, commune_of, out, settings_of, with_runtime
from app.runtime import Runtime
from app.wording import app_wording
from storage import frames, invitations, units, wave_acts
from storage.units import Unit
from storage.wave_acts import WaveRow
from vietnam.time import local


class Slip(msgspec.Struct, frozen=True):
    """One invitation on paper."""

    number: int
    name: str
    village: str
    address: str
    phone: str
    code: str


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
        slips = await _slips(runtime, wave, paper_only=not everybody)
        address = f"{runtime.settings.public_url}/{unit.slug}/"
        body = await asyncio.to_thread(_drawn, file.suffix.lower(), slips, unit, wave, address)
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


async def _slips(runtime: Runtime, wave: WaveRow, *, paper_only: bool) -> list[Slip]:
    villages = {one.id: one.name for one in await runtime.store.read(partial(units.villages, commune_id=wave.unit))}
    found: list[Slip] = []
    after = 0
    while rows := await runtime.store.read(
        partial(invitations.slips, wave=wave.id, paper_only=paper_only, after=after)
    ):
        for row in rows:
            who = frames.who(runtime.vault, row.row, bytes(row.body))
            one_time = invitations.code_of(runtime.vault, wave.unit, wave.id, row.row, bytes(row.code))
            village = villages.get(row.village, "") if row.village else ""
            found.append(Slip(row.number, who.name, village, who.address, who.phone, one_time))
        after = rows[-1].number
    return found


def _drawn(ending: str, slips: list[Slip], unit: Unit, wave: WaveRow, address: str) -> bytes:
    if ending == ".csv":
        return _csv(slips)
    if ending == ".xlsx":
        return _xlsx(slips)
    from reports.letters import Letters, draw_letters

    until = "" if wave.closes_at is None else f"{local(wave.closes_at - 1):%d/%m/%Y}"
    data = Letters(commune=unit.name, title=wave.title, address=address, until=until, slips=[*_fields(slips)])
    return draw_letters(data, local(wave.opens_at).date())


def _fields(slips: list[Slip]) -> Iterator[dict[str, str]]:
    for slip in slips:
        yield {key: str(value) for key, value in msgspec.to_builtins(slip).items()}


def _heading() -> list[str]:
    return app_wording()("wave.letter_columns").split("|")


def _csv(slips: list[Slip]) -> bytes:
    text = StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(_heading())
    # A name that begins like a formula stays a name in whatever opens the list.
    writer.writerows([_harmless(value) for value in msgspec.structs.astuple(slip)] for slip in slips)
    return text.getvalue().encode("utf-8-sig")


def _harmless(value: object) -> str:
    text = str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text


def _xlsx(slips: list[Slip]) -> bytes:
    import xlsxwriter

    file = BytesIO()
    with xlsxwriter.Workbook(file, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet(app_wording()("wave.letter_sheet"))
        bold = book.add_format({"bold": True})
        sheet.write_row(0, 0, _heading(), bold)
        for row, slip in enumerate(slips, start=1):
            sheet.write_row(row, 0, msgspec.structs.astuple(slip))
        sheet.set_column(1, 3, 28)
        sheet.set_column(4, 5, 16)
        sheet.freeze_panes(1, 0)
    return file.getvalue()
