"""Any spreadsheet's bytes read into plain rows of text, or refused with what the file is instead.

Whatever the bytes are, only SurveyFaults comes out. Formulas, macros and links are never run or followed: what is read
is what the program that saved the file left in the cells.
"""

import re
import unicodedata
from collections.abc import Iterator
from difflib import get_close_matches

import msgspec

from surveys.faults import Fault, Place, SurveyFaults
from vietnam.text import fold_words

MAX_COLUMNS = 256
MAX_SHEETS = 60


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How much is read of a file; beyond any of these it is refused by name."""

    bytes: int
    unpacked: int
    """Bytes of the parts that are read, unpacked, and `tags` in them."""
    tags: int
    rows: int
    """Rows with something in them, of one sheet."""
    cells: int
    """Cells with something in them, of the whole file."""


QUESTIONNAIRE = Limits(bytes=10 << 20, unpacked=50 << 20, tags=3_000_000, rows=5_000, cells=200_000)
"""A questionnaire has a few hundred rows; what has more is a list of answers sent by mistake."""
LISTING = Limits(bytes=40 << 20, unpacked=250 << 20, tags=15_000_000, rows=200_000, cells=2_000_000)
"""A list of households or people of a commune."""

_SPACES = re.compile("[\u00a0\u2007\u202f]")  # spaces that look like one and are another character
_EDGES = " \t\r\n\ufeff\u200b\u2060"


class Area(msgspec.Struct, frozen=True):
    """Merged cells; rows and columns from 1, both ends inside."""

    top: int
    left: int
    bottom: int
    right: int

    def __contains__(self, cell: tuple[int, int]) -> bool:
        return self.top <= cell[0] <= self.bottom and self.left <= cell[1] <= self.right


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """One sheet. `rows` maps the number of every row with something in it, in order, to its texts from column A on.

    Texts are in NFC, with plain spaces, without those at the ends; numbers as a person writes them ("1", not "1.0"),
    days as 2026-11-21, times as 08:30, booleans as TRUE and FALSE, failed formulas as their error ("#REF!").
    A CSV file is one sheet without a name.
    """

    name: str
    rows: dict[int, tuple[str, ...]]
    merged: tuple[Area, ...] = ()
    hidden: bool = False
    hidden_rows: tuple[int, ...] = ()

    def cell(self, row: int, column: int) -> str:
        """The text there (from 1), "" where there is none."""
        texts = self.rows.get(row, ())
        return texts[column - 1] if 1 <= column <= len(texts) else ""

    def place(self, row: int = 0, column: int = 0) -> Place:
        """The cell, the row (column 0) or the sheet as the place of a fault."""
        return place_in(self.name, row, column)

    def covering(self, row: int, column: int) -> Area | None:
        """The merged area that the cell is part of."""
        return next((area for area in self.merged if (row, column) in area), None)


class Workbook(msgspec.Struct, frozen=True, kw_only=True):
    """What a file holds. `remarks` do not stop the reading, but whoever wrote the file should see them.

    Among them are cells that cannot be meant as they are (`CELL_FAULTS`): a reader that uses such a cell refuses it.
    """

    name: str
    sheets: tuple[Sheet, ...]
    remarks: tuple[Fault, ...] = ()

    def sheet(self, name: str) -> Sheet | None:
        """The sheet of that name, whatever its case, accents and spaces."""
        wanted = fold_words(name)
        return next((sheet for sheet in self.sheets if fold_words(sheet.name) == wanted), None)

    def nearest(self, name: str) -> Sheet | None:
        """The sheet whose name is that but for a slip or two, or None."""
        names = {fold_words(sheet.name): sheet for sheet in reversed(self.sheets)}
        near = get_close_matches(fold_words(name), names, n=1, cutoff=0.75)
        return names[near[0]] if near else None


CELL_FAULTS = frozenset({"sheet.formula_error", "sheet.formula_empty"})


def read_workbook(data: bytes, name: str, limits: Limits = QUESTIONNAIRE) -> Workbook:
    """The workbook in a file's bytes (.xlsx, .xlsm, .xls, .csv, told by what is in it, not by its name).

    SurveyFaults where it is none, too big, or not safe to open.
    """
    if len(data) > limits.bytes:
        raise refused(name, "sheet.too_big", most=str(limits.bytes >> 20))
    if not data.strip(b"\0 \r\n\t"):
        raise refused(name, "sheet.empty")
    if data.startswith(b"PK"):
        from surveys.sheets.xlsx import read_xlsx

        return read_xlsx(data, name, limits)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        from surveys.sheets.xls import read_xls

        return read_xls(data, name, limits)
    from surveys.sheets.csv_text import read_csv

    return read_csv(data, name, limits)


def refused(name: str, code: str, place: Place | None = None, **params: str) -> SurveyFaults:
    """The exception for a file that is not read at all."""
    return SurveyFaults(name, [Fault(code, place or Place(), params)])


def plain(text: str) -> str:
    """A cell's text as the readers compare and keep it."""
    text = _SPACES.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
    return unicodedata.normalize("NFC", text).strip(_EDGES)


def number_text(value: float) -> str:
    """A number as a spreadsheet shows it: "3", "0.3", at most 15 figures."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.15g}"


def column_name(column: int) -> str:
    """1 -> "A", 27 -> "AA"."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def place_in(sheet: str, row: int = 0, column: int = 0) -> Place:
    """The place of a cell ("C5"), of a row ("5", column 0) or of a sheet."""
    return Place(sheet=sheet, cell=f"{column_name(column)}{row}" if row else "")


def hidden_remarks(sheets: tuple[Sheet, ...]) -> Iterator[Fault]:
    """A remark for every sheet, and for the rows of a sheet, that nobody sees but that are read."""
    for sheet in sheets:
        if sheet.hidden and sheet.rows:
            yield Fault("sheet.hidden", sheet.place())
        rows = [row for row in sheet.hidden_rows if row in sheet.rows]
        if rows:
            shown = ", ".join(map(str, rows[:10])) + (", ..." if len(rows) > 10 else "")
            yield Fault("sheet.hidden_rows", sheet.place(), {"count": str(len(rows)), "rows": shown})
