"""Invitations on paper: whom no message reaches, with their one-time codes, as a list or as slips to cut."""

import csv
from collections.abc import Iterator
from functools import partial
from io import BytesIO, StringIO

import msgspec

from app.runtime import Runtime
from app.wording import app_wording
from reports.letters import Letters
from storage import frames, invitations, units
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


async def slips_of(runtime: Runtime, wave: WaveRow, *, paper_only: bool) -> list[Slip]:
    """The invitations of a wave in the order of its list."""
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


def letters_of(slips: list[Slip], unit: Unit, wave: WaveRow, public_url: str) -> Letters:
    """What reports/letters.py prints."""
    until = "" if wave.closes_at is None else f"{local(wave.closes_at - 1):%d/%m/%Y}"
    address = f"{public_url}/{unit.slug}/"
    return Letters(commune=unit.name, title=wave.title, address=address, until=until, slips=[*_fields(slips)])


def _fields(slips: list[Slip]) -> Iterator[dict[str, str]]:
    for slip in slips:
        yield {key: str(value) for key, value in msgspec.to_builtins(slip).items()}


def _heading() -> list[str]:
    return app_wording()("wave.letter_columns").split("|")


def as_csv(slips: list[Slip]) -> bytes:
    """The list as CSV with a byte order mark, which Excel looks for."""
    text = StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(_heading())
    # A name that begins like a formula stays a name in whatever opens the list.
    writer.writerows([_harmless(value) for value in msgspec.structs.astuple(slip)] for slip in slips)
    return text.getvalue().encode("utf-8-sig")


def _harmless(value: object) -> str:
    text = str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text


def as_xlsx(slips: list[Slip]) -> bytes:
    """The list as a workbook."""
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
