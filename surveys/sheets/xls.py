""".xls of Excel 97-2003, by xlrd; and what else an OLE file can be: a locked workbook, a Word document."""

import struct
from collections.abc import Iterator
from io import StringIO
from typing import Any

import xlrd
from xlrd.biffh import error_text_from_code
from xlrd.compdoc import CompDoc, CompDocError
from xlrd.xldate import XLDateError, xldate_as_datetime

from surveys.faults import Fault
from surveys.sheets.grid import (
    MAX_COLUMNS,
    MAX_SHEETS,
    Area,
    Limits,
    Sheet,
    Workbook,
    hidden_remarks,
    number_text,
    place_in,
    plain,
    refused,
)
from vietnam.numbers import number_vi

_STREAMS = (
    ("EncryptedPackage", "sheet.encrypted"),
    ("WordDocument", "sheet.word"),
    ("PowerPoint Document", "sheet.slides"),
)
_EMPTY, _TEXT, _NUMBER, _DATE, _BOOLEAN, _ERROR, _BLANK = range(7)
"""Types of a cell as xlrd counts them."""
_CELL_RECORDS = frozenset({0x0006, 0x00BD, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x0205, 0x027E})
"""FORMULA, MULRK, RSTRING, LABELSST, NUMBER, LABEL, BOOLERR, RK ([MS-XLS] 2.3.1)."""
_BEGIN_OF_PART = 0x0809


def read_xls(data: bytes, name: str, limits: Limits) -> Workbook:
    """The workbook; SurveyFaults where it is another kind of file, locked, damaged or too big."""
    for stream, code in _STREAMS:
        if stream.encode("utf-16-le") in data:
            raise refused(name, code)
    try:
        if _longest(data) > limits.rows:
            raise refused(name, "sheet.too_long", most=number_vi(limits.rows))
        log = StringIO()
        with xlrd.open_workbook(file_contents=data, logfile=log, formatting_info=True, ragged_rows=True) as book:
            return _read(book, name, limits, macros="_VBA_PROJECT".encode("utf-16-le") in data)
    except xlrd.XLRDError as error:
        raise refused(name, "sheet.encrypted" if "encrypted" in str(error) else "sheet.broken") from None
    except (
        CompDocError, struct.error, LookupError, ValueError, ArithmeticError, AssertionError, TypeError,
        AttributeError, NotImplementedError, MemoryError, RecursionError, OSError,
    ):  # fmt: skip
        # xlrd trusts the file; what a damaged one makes it raise is not told beforehand.
        raise refused(name, "sheet.broken") from None


def _longest(data: bytes) -> int:
    """The most rows with cells of any sheet, counted without reading them (xlrd reads a sheet whole)."""
    document = CompDoc(data, logfile=StringIO())
    stream, at, size = document.locate_named_stream("Workbook")
    if stream is None:
        stream, at, size = document.locate_named_stream("Book")
    if stream is None:
        return 0
    end = min(at + size, len(stream))
    most, rows = 0, set[bytes]()
    while at + 4 <= end:
        code, length = struct.unpack_from("<HH", stream, at)
        if code == _BEGIN_OF_PART:
            rows = set()
        elif code in _CELL_RECORDS:
            rows.add(bytes(stream[at + 4 : at + 6]))
            most = max(most, len(rows))
        at += 4 + length
    return most


def _read(book: Any, name: str, limits: Limits, *, macros: bool) -> Workbook:  # noqa: ANN401 - xlrd carries no types
    if book.nsheets > MAX_SHEETS:
        raise refused(name, "sheet.too_many_sheets", count=str(book.nsheets), most=str(MAX_SHEETS))
    remarks: list[Fault] = [Fault("sheet.macros")] if macros else []
    sheets: list[Sheet] = []
    cells = 0
    for raw in book.sheets():
        rows: dict[int, tuple[str, ...]] = {}
        for row in range(raw.nrows):
            texts = [_shown(book, cell) for cell in raw.row(row)]
            while texts and not texts[-1]:
                texts.pop()
            if len(texts) > MAX_COLUMNS:
                raise refused(name, "sheet.too_wide", place_in(raw.name, row + 1, len(texts)), most=str(MAX_COLUMNS))
            if texts:
                rows[row + 1] = tuple(texts)
            cells += sum(map(bool, texts))
        if cells > limits.cells:
            raise refused(name, "sheet.too_many_cells", most=number_vi(limits.cells))
        sheets.append(_sheet(raw, rows))
        remarks += _errors(raw)
    if not sheets:
        raise refused(name, "sheet.none")
    done = tuple(sheets)
    return Workbook(name=name, sheets=done, remarks=(*remarks, *hidden_remarks(done)))


def _sheet(raw: Any, rows: dict[int, tuple[str, ...]]) -> Sheet:  # noqa: ANN401 - see above
    hidden_rows = (row + 1 for row, info in raw.rowinfo_map.items() if info.hidden)
    return Sheet(
        name=plain(raw.name),
        rows=rows,
        merged=tuple(Area(top + 1, left + 1, bottom, right) for top, bottom, left, right in raw.merged_cells),
        hidden=raw.visibility != 0,
        hidden_rows=tuple(sorted(hidden_rows)),
    )


def _errors(raw: Any) -> Iterator[Fault]:  # noqa: ANN401 - see above
    for row in range(raw.nrows):
        for column, cell in enumerate(raw.row(row)):
            if cell.ctype == _ERROR:
                place = place_in(plain(raw.name), row + 1, column + 1)
                yield Fault("sheet.formula_error", place, {"found": error_text_from_code.get(cell.value, "#?")})


def _shown(book: Any, cell: Any) -> str:  # noqa: ANN401 - see above
    if cell.ctype == _TEXT:
        return plain(cell.value)
    if cell.ctype == _BOOLEAN:
        return "TRUE" if cell.value else "FALSE"
    if cell.ctype == _ERROR:
        return str(error_text_from_code.get(cell.value, "#?"))
    if cell.ctype == _NUMBER:
        return number_text(cell.value)
    if cell.ctype != _DATE:
        return ""
    try:
        moment = xldate_as_datetime(cell.value, book.datemode)
    except (XLDateError, ValueError, OverflowError):
        return number_text(cell.value)
    clock = f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}"
    if cell.value < 1:
        return clock
    return f"{moment:%Y-%m-%d}" if clock == "00:00" else f"{moment:%Y-%m-%d} {clock}"
