"""Where things stand in the officers' template: the heading row wherever it is, columns by their headings, rows."""

import re
from collections.abc import Iterator

import msgspec

from surveys.faults import Fault
from surveys.sheets.grid import CELL_FAULTS, Area, Sheet, Workbook
from surveys.sheets.template_words import (
    COLUMNS,
    INFO,
    NEEDED,
    QUESTIONS_SHEET,
    SECTION,
    all_written,
    find,
    nearest,
    written,
)
from surveys.sheets.template_words import KINDS as KIND_WORDS

HEADING_ROWS = 20
"""The heading row is looked for in so many rows from the top."""
_LEAST_HEADINGS = 3
_MANY = re.compile(r"\s+")


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """The heading row: `columns` by key, from 1; questions stand from row `first` on."""

    row: int
    first: int
    columns: dict[str, int]


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the questions sheet: texts by the key of their column."""

    row: int
    texts: dict[str, str]

    def __getitem__(self, key: str) -> str:
        return self.texts.get(key, "")


def find_header(sheet: Sheet) -> Header | None:
    """The row of the first twenty that holds the most headings, three at least; None where none does."""
    found: Header | None = None
    for row in range(1, HEADING_ROWS + 1):
        bottom = max((a.bottom for a in sheet.merged if a.top == row and a.bottom - a.top <= 1), default=row)
        columns: dict[str, int] = {}
        for column, text in _headings(sheet, row, bottom):
            columns.setdefault(find(COLUMNS, text), column)
        columns.pop("", None)
        # "Câu hỏi" and "Loại" are words of many tables: together, or with "STT", they are the template's.
        if len(columns) >= _LEAST_HEADINGS or {"text", "kind"} <= columns.keys():
            found = max(
                found or Header(row=row, first=row, columns={}),
                Header(row=row, first=bottom + 1, columns=columns),
                key=lambda header: len(header.columns),
            )
    return found


def questions_sheet(book: Workbook) -> tuple[Sheet, Header] | None:
    """The sheet of the questions: the one of that name where it has headings, else the first that has them."""
    named = book.sheet(QUESTIONS_SHEET) or book.nearest(QUESTIONS_SHEET)
    for sheet in (*((named,) if named else ()), *book.sheets):
        header = find_header(sheet)
        if header:
            return sheet, header
    return None


def header_faults(sheet: Sheet, header: Header) -> Iterator[Fault]:
    """Needed columns that are missing, and headings that stand twice."""
    for key in NEEDED:
        if key not in header.columns:
            named = _nearly(sheet, header, key)
            params = {"column": written(COLUMNS, key), "near": named[0]}
            place = sheet.place(header.row, named[1]) if named[0] else sheet.place(header.row)
            yield Fault("template.column_missing.near" if named[0] else "template.column_missing", place, params)
    if "when" in header.columns and "chosen" not in header.columns:
        params = {"column": written(COLUMNS, "chosen"), "near": ""}
        yield Fault("template.column_missing", sheet.place(header.row), params)
    for column, text in _headings(sheet, header.row, header.first - 1):
        key = find(COLUMNS, text)
        if key and header.columns[key] != column:
            first = sheet.place(header.row, header.columns[key]).cell
            yield Fault("template.column_twice", sheet.place(header.row, column), {"column": text, "first": first})


def header_remarks(sheet: Sheet, header: Header) -> Iterator[Fault]:
    """Headings that the template does not know; what stands below them is not read."""
    for column, text in _headings(sheet, header.row, header.first - 1):
        if not find(COLUMNS, text):
            near = nearest(COLUMNS, text)
            code = "template.column_unknown.near" if near else "template.column_unknown"
            yield Fault(code, sheet.place(header.row, column), {"column": text[:40], "near": near})


def entries(sheet: Sheet, header: Header) -> Iterator[Entry]:
    """The rows below the headings that say something; a row with only its number is one not filled in yet."""
    for row, cells in sheet.rows.items():
        if row < header.first:
            continue
        texts = {key: sheet.cell(row, column) for key, column in header.columns.items() if sheet.cell(row, column)}
        if not texts and any(cells) and (area := _heading_area(sheet, row)):
            texts = {"text": sheet.cell(row, area.left)}
        if len(texts) == 1 and _heading_area(sheet, row):
            texts = {"kind": written(KIND_WORDS, SECTION), "text": next(iter(texts.values()))}
        if texts.keys() - {"number", "required"}:
            yield Entry(row=row, texts=texts)


def cell_faults(book: Workbook, sheet: Sheet, header: Header) -> Iterator[Fault]:
    """Failed formulas and merged cells among the questions: what they mean for each row cannot be told."""
    known = set(header.columns.values())
    for remark in book.remarks:
        if remark.code in CELL_FAULTS and remark.place.sheet == sheet.name:
            row, column = _numbers(remark.place.cell)
            if row >= header.first and column in known:
                yield remark
    for area in sheet.merged:
        columns = [column for column in known if area.left <= column <= area.right]
        several = area.bottom > area.top or (len(columns) > 1 and _heading_area(sheet, area.top) != area)
        if area.top >= header.first and columns and several and sheet.cell(area.top, area.left):
            corner = f"{sheet.place(area.top, area.left).cell}:{sheet.place(area.bottom, area.right).cell}"
            yield Fault("template.merged", sheet.place(area.top, area.left), {"area": corner})


def info(sheet: Sheet, before: int = 0) -> tuple[dict[str, tuple[str, int, int]], list[Fault]]:
    """Labels with the value in the next cell, as (text, row, column), and remarks on labels that are not known.

    `before` ends the search at that row (0: the whole sheet).
    """
    found: dict[str, tuple[str, int, int]] = {}
    remarks: list[Fault] = []
    for row, cells in sheet.rows.items():
        if before and row >= before:
            break
        filled = [column for column, text in enumerate(cells, start=1) if text]
        label = filled[0]
        area = sheet.covering(row, label)
        value = (area.right if area else label) + 1
        text = cells[label - 1].rstrip(" :*")
        key = find(INFO, text)
        if key in found:
            place = sheet.place(row, label)
            remarks.append(Fault("template.info_twice", place, {"label": text, "first": str(found[key][1])}))
        elif key:
            found[key] = (sheet.cell(row, value), row, value)
        elif sheet.cell(row, value) and not before:
            near = nearest(INFO, text)
            code = "template.info_unknown.near" if near else "template.info_unknown"
            known = {"label": text[:40], "near": near, "known": all_written(INFO)}
            remarks.append(Fault(code, sheet.place(row, label), known))
    return found, remarks


def _headings(sheet: Sheet, row: int, bottom: int) -> Iterator[tuple[int, str]]:
    """(column, text) of the headings in a row, or in two where the row is merged with the next."""
    width = max((len(sheet.rows.get(at, ())) for at in range(row, bottom + 1)), default=0)
    for column in range(1, width + 1):
        texts: list[str] = []
        for at in range(row, bottom + 1):
            area = sheet.covering(at, column)
            wide = area is not None and bottom > row
            text = sheet.cell(area.top, area.left) if area and wide else sheet.cell(at, column)
            if text and text not in texts:
                texts.append(text)
        if texts:
            yield column, _MANY.sub(" ", " ".join(texts)).rstrip(" :*")


def _nearly(sheet: Sheet, header: Header, key: str) -> tuple[str, int]:
    """A heading that may be meant for that column, and where it stands."""
    for column, text in _headings(sheet, header.row, header.first - 1):
        if not find(COLUMNS, text) and nearest(COLUMNS, text) == written(COLUMNS, key):
            return text[:40], column
    return "", 0


def _heading_area(sheet: Sheet, row: int) -> Area | None:
    """The merged cells of a row that hold the only text of the row, as a heading across the table does."""
    filled = [column for column, text in enumerate(sheet.rows.get(row, ()), start=1) if text]
    area = sheet.covering(row, filled[0]) if len(filled) == 1 else None
    return area if area and area.top == area.bottom and area.right > area.left else None


def _numbers(cell: str) -> tuple[int, int]:
    letters = cell.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(cell[len(letters) :] or 0), column
