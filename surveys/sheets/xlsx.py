""".xlsx and .xlsm, read as a stream with memory bound by what is kept, never by what the file claims to hold.

openpyxl is not used for reading: its streaming mode tells neither merged cells, nor hidden rows, nor formulas without
a result; its full mode holds every cell of 100,000 rows, opens pictures, and fails on the styles of other programs.
The parts that matter are few (ECMA-376, part 1, clause 18): the list of sheets, shared texts, which styles are dates.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError  # noqa: N812 - an exception's name

from surveys.faults import Fault
from surveys.sheets.grid import MAX_SHEETS, Limits, Sheet, Workbook, hidden_remarks, refused
from surveys.sheets.xlsx_parts import Archive, Book, SharedTexts, Styles, Unsafe
from surveys.sheets.xlsx_sheet import Counted, RawSheet

MAX_CLAIMED = 500 << 20
"""Bytes by the directory of the archive; no more than the limit of them is ever unpacked."""
MAX_MEMBERS = 2_000
_MAX_RATIO = 500
"""No worksheet packs better than about 1:100; only what is over a megabyte is looked at."""
_OTHERS = (
    ("word/", "sheet.word"),
    ("ppt/", "sheet.slides"),
    ("content.xml", "sheet.ods"),
    ("xl/workbook.bin", "sheet.xlsb"),
)
_BROKEN = (
    BadZipFile, ZlibError, expat.ExpatError, LookupError, ValueError, OverflowError, EOFError, RuntimeError,
    NotImplementedError, OSError, MemoryError,
)  # fmt: skip
"""What zipfile and expat raise for damaged, encrypted or unknown contents, and what a damaged number gives."""


def read_xlsx(data: bytes, name: str, limits: Limits) -> Workbook:
    """The workbook; SurveyFaults where it is another kind of file, damaged, too big or unsafe."""
    try:
        with ZipFile(BytesIO(data)) as members:
            _looked_over(members, name, limits)
            return _read(Archive(members, limits), name, limits)
    except Unsafe as unsafe:
        raise refused(name, str(unsafe), most=str(limits.unpacked >> 20)) from None
    except _BROKEN:
        raise refused(name, "sheet.broken") from None


def _looked_over(members: ZipFile, name: str, limits: Limits) -> None:
    """Refuses what the directory alone tells: a bomb, or another kind of file.

    zipfile never gives out more of a member than its directory entry says, so a false entry gains nothing.
    """
    entries = members.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    packed_too_well = any(
        entry.file_size > 1 << 20 and entry.file_size > _MAX_RATIO * max(entry.compress_size, 1) for entry in entries
    )
    if len(entries) > MAX_MEMBERS or unpacked > MAX_CLAIMED or packed_too_well:
        raise refused(name, "sheet.bomb", most=str(limits.unpacked >> 20))
    names = {entry.filename for entry in entries}
    if not any(member.startswith("xl/") for member in names):
        for start, code in _OTHERS:
            if any(member.startswith(start) for member in names):
                raise refused(name, code)
        raise refused(name, "sheet.zip")
    if "xl/workbook.bin" in names:
        raise refused(name, "sheet.xlsb")


def _read(archive: Archive, name: str, limits: Limits) -> Workbook:
    book = Book(archive)
    if not book.sheets:
        raise refused(name, "sheet.none")
    if len(book.sheets) > MAX_SHEETS:
        raise refused(name, "sheet.too_many_sheets", count=str(len(book.sheets)), most=str(MAX_SHEETS))
    counted = Counted(name, limits)
    raw = [RawSheet(archive, path, title, hidden=hidden, counted=counted) for title, path, hidden in book.sheets]
    wanted = {index for sheet in raw for index in sheet.shared()}
    texts = SharedTexts(archive, book.part("sharedStrings"), wanted).texts if wanted else {}
    styles = Styles(archive, book.part("styles"), since_1904=book.since_1904)
    sheets: tuple[Sheet, ...] = tuple(sheet.finished(texts, styles) for sheet in raw)
    return Workbook(name=name, sheets=sheets, remarks=tuple(_remarks(raw, sheets, archive.names)))


def _remarks(raw: list[RawSheet], sheets: tuple[Sheet, ...], names: frozenset[str]) -> Iterator[Fault]:
    if any(re.search(r"vbaProject|macrosheets/", member) for member in names):
        yield Fault("sheet.macros")
    yield from hidden_remarks(sheets)
    for sheet in raw:
        yield from sheet.remarks
