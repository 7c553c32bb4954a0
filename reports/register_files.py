"""A register as XLSX, set up to be printed, and as PDF on A4 across."""

import re
from datetime import date, datetime
from io import BytesIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reports.faces import vietnamese_fonts
from reports.lettering import printable, tidy
from reports.papers import Writer
from reports.registers import Cell, Register
from reports.typesetting import set_pages
from reports.xlsx import OPTIONS
from vietnam.numbers import date_vi

HEAD_ROW = 5
"""The row of the columns' names, counted from 0: above it stand who keeps the register, its title and its days."""
_A4 = 9
_SIZE = 13
_LINE = 16.8
_HIGHEST = 409.0
Formats = dict[str, Format]


def write_register(register: Register, writer: Writer, made_on: date) -> bytes:
    """The XLSX: one sheet across, names of columns frozen and on every page, pages numbered."""
    raw = BytesIO()
    book = xlsxwriter.Workbook(raw, OPTIONS)
    sample = writer.say("doc.sample") if writer.office.sample else ""
    book.set_properties(
        {
            "title": f"{register.title} - {register.period}",
            "author": writer.committee,
            "comments": sample,
            "created": datetime(made_on.year, made_on.month, made_on.day),  # noqa: DTZ001 - the format knows no zone
        }
    )
    formats = _formats(book)
    sheet = book.add_worksheet(writer.say("register.sheet"))
    _head(sheet, register, writer, sample, formats)
    last_row = HEAD_ROW + len(register.rows)
    for at, cells in enumerate(register.rows, start=HEAD_ROW + 1):
        for place, value in enumerate(cells):
            _write(sheet, at, place, value, formats, register.columns[place].align)
        # Set by us: not every program makes a row as high as its words when it opens the file.
        sheet.set_row(at, _height(register, cells))
    total = register.total if register.rows else register.empty
    sheet.write_string(last_row + 2, 0, total, formats["note"])
    _set_up(sheet, register, writer, last_row + 2)
    book.close()
    return raw.getvalue()


def _formats(book: xlsxwriter.Workbook) -> Formats:
    base = {"font_name": "Times New Roman", "font_size": _SIZE, "valign": "top"}
    lined = {**base, "border": 1, "text_wrap": True}
    return {
        "l": book.add_format(lined),
        "c": book.add_format({**lined, "align": "center"}),
        "day": book.add_format({**lined, "align": "center", "num_format": "dd/mm/yyyy"}),
        "head": book.add_format({**lined, "bold": True, "align": "center", "valign": "vcenter", "bg_color": "#e7edf3"}),
        "office": book.add_format({**base, "bold": True}),
        "title": book.add_format({**base, "bold": True, "font_size": 14, "align": "center"}),
        "dates": book.add_format({**base, "italic": True, "align": "center"}),
        "note": book.add_format({**base, "italic": True}),
        "sample": book.add_format({**base, "bold": True, "font_color": "#b00000"}),
    }


def _head(sheet: Worksheet, register: Register, writer: Writer, sample: str, formats: Formats) -> None:
    last = len(register.columns) - 1
    sheet.write_string(0, 0, f"{writer.say('doc.issuer')} {writer.office.commune.upper()}", formats["office"])
    for row, text, form in ((1, register.title, "title"), (2, register.period, "title"), (3, register.dates, "dates")):
        sheet.merge_range(row, 0, row, last, "", formats[form])
        sheet.write_string(row, 0, text, formats[form])
    # What is only a sample says so first, in red, and at the top of every page.
    sheet.write_string(4, 0, " ".join(filter(None, (sample, register.note))), formats["sample" if sample else "note"])
    if sample:
        sheet.set_header(f"&C&B{sample}")
    for at, column in enumerate(register.columns):
        sheet.set_column(at, at, column.width)
        sheet.write_string(HEAD_ROW, at, column.name, formats["head"])
    sheet.set_row(HEAD_ROW, 48)


def _set_up(sheet: Worksheet, register: Register, writer: Writer, last_row: int) -> None:
    """How it is seen and printed."""
    sheet.freeze_panes(HEAD_ROW + 1, 0)
    sheet.repeat_rows(HEAD_ROW)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.6, right=0.4, top=0.6, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.print_area(0, 0, last_row, len(register.columns) - 1)
    # "&" begins a code in a footer.
    kept = f"{register.title} - {register.period}".replace("&", "&&")
    sheet.set_footer(f'&L&"Times New Roman,Italic"&9{kept}&R&"Times New Roman,Regular"&9{writer.say("register.page")}')


def _height(register: Register, row: tuple[Cell, ...]) -> float:
    """Points that a row needs for its fullest cell; a spreadsheet allows no more than `_HIGHEST`."""
    many = 1
    for value, column in zip(row, register.columns, strict=True):
        if isinstance(value, str):
            many = max(many, sum(_lines(line, column.width) for line in value.split("\n")))
    return min(_HIGHEST, many * _LINE + 4)


def _lines(text: str, width: float) -> int:
    """Lines of a text in a column of so many signs, which is broken between words and after hyphens."""
    room, used, count = max(int(width), 4), 0, 1
    for word in re.split(r"\s+|(?<=-)", text):
        need = len(word) + (1 if used else 0)
        if used + need <= room:
            used += need
            continue
        count += (1 if used else 0) + (len(word) - 1) // room
        used = len(word) % room or min(len(word), room)
    return count


def _write(sheet: Worksheet, row: int, column: int, value: Cell, formats: Formats, align: str) -> None:
    if value is None or value == "":
        sheet.write_blank(row, column, None, formats[align])
    elif isinstance(value, date):
        sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), formats["day"])  # noqa: DTZ001 - a day, without a zone
    elif isinstance(value, int):
        sheet.write_number(row, column, value, formats[align])
    else:
        # Never as a formula or an address, whatever it begins with.
        sheet.write_string(row, column, tidy(value), formats[align])


def print_register(register: Register, writer: Writer, made_on: date) -> bytes:
    """The same register as PDF, for the binder. typst.TypstError where it cannot be set."""
    data = {
        "office": f"{writer.say('doc.issuer')} {writer.office.commune.upper()}",
        "title": register.title,
        "period": register.period,
        "dates": register.dates,
        "sample": writer.say("doc.sample") if writer.office.sample else "",
        "note": register.note,
        "columns": [{"name": one.name, "width": one.width, "align": one.align} for one in register.columns],
        "rows": [[_text(value) for value in row] for row in register.rows],
        "total": register.total if register.rows else register.empty,
        "page": writer.say("register.page.pdf"),
        "signed": writer.say("register.signed").split("|"),
        "sign_here": writer.say("paper.sign_here"),
    }
    return set_pages("register.typ", {**printable(data), "fonts": vietnamese_fonts()}, {}, made_on)


def _text(value: Cell) -> str:
    if value is None:
        return ""
    return date_vi(value) if isinstance(value, date) else str(value)
