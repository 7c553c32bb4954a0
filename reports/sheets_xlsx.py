"""The annexes of the draft on dân vận as a workbook: the same cells as in the document, numbers as numbers."""

import re
from datetime import date, datetime
from io import BytesIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reports.document import Annex, Document, Paragraph, Table
from reports.xlsx import OPTIONS

_NUMBER = re.compile(r"\d{1,4}(?:,\d{1,2})?", re.ASCII)
_WIDTH = 110
"""Characters of the widest sheet; a column has its share of it."""
_TABLE_ROW = 4
_A4 = 9


def write_sheets(document: Document, made_on: date) -> bytes:
    """The file, a sheet for each annex. ValueError where the document has none."""
    if not document.annexes:
        raise ValueError("no annexes")
    raw = BytesIO()
    book = xlsxwriter.Workbook(raw, OPTIONS)
    created = datetime(made_on.year, made_on.month, made_on.day)  # noqa: DTZ001 - the format knows no zone
    about = {"title": document.title, "author": " ".join(document.issuer), "comments": document.sample}
    book.set_properties({**about, "created": created})
    base = {"font_name": "Times New Roman", "font_size": 12, "valign": "vcenter", "text_wrap": True}
    lined = {**base, "border": 1, "border_color": "#808080"}
    formats = {
        "title": book.add_format({**base, "bold": True, "font_size": 13, "text_wrap": False}),
        "plain": book.add_format({**base, "text_wrap": False}),
        "head": book.add_format({**lined, "bold": True, "align": "center", "bg_color": "#e7edf3"}),
        "text": book.add_format(lined),
        "number": book.add_format({**lined, "align": "center", "num_format": "0.##"}),
        "mark": book.add_format({**lined, "italic": True, "bg_color": "#fff3b0"}),
    }
    for annex in document.annexes:
        _sheet(book.add_worksheet(annex.label), annex, document.sample, formats)
    book.close()
    return raw.getvalue()


def _sheet(sheet: Worksheet, annex: Annex, sample: str, formats: dict[str, Format]) -> None:
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.write_string(0, 0, annex.title.upper(), formats["title"])
    sheet.write_string(1, 0, annex.under, formats["plain"])
    if sample:
        sheet.write_string(2, 0, sample, formats["title"])
    at = _TABLE_ROW
    for block in annex.blocks:
        match block:
            case Table():
                at = _table(sheet, at, block, formats)
            case Paragraph(text=text):
                sheet.write_string(at, 0, text, formats["plain"])
                at += 1
            case _:
                pass


def _table(sheet: Worksheet, at: int, table: Table, formats: dict[str, Format]) -> int:
    """Write a table from a row on; the first free row below it."""
    for column, (name, width) in enumerate(zip(table.head, table.widths, strict=True)):
        sheet.set_column(column, column, max(width * _WIDTH, 8))
        sheet.write_string(at, column, name, formats["head"])
    for number, row in enumerate(table.rows, start=at + 1):
        for column, cell in enumerate(row):
            if cell.startswith("["):
                sheet.write_string(number, column, cell, formats["mark"])
            elif _NUMBER.fullmatch(cell):
                sheet.write_number(number, column, float(cell.replace(",", ".")), formats["number"])
            else:
                sheet.write_string(number, column, cell, formats["text"])
    below = at + 1 + len(table.rows)
    if table.foot:
        sheet.write_string(below, 0, table.foot, formats["plain"])
    return below + 2
