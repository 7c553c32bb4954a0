"""Which of the ways of writing a survey in a spreadsheet a workbook is."""

from typing import Literal

from surveys.sheets.grid import Sheet, Workbook
from surveys.sheets.template import is_template

WorkbookKind = Literal["template", "xlsform", "unknown"]
_HEADING_ROWS = 5


def kind_of(book: Workbook) -> WorkbookKind:
    """The officers' template has its Vietnamese headings; an XLSForm has a sheet "survey", or columns type and name."""
    if is_template(book):
        return "template"
    if any(sheet.name.strip().lower() == "survey" or _has_xlsform_columns(sheet) for sheet in book.sheets):
        return "xlsform"
    return "unknown"


def _has_xlsform_columns(sheet: Sheet) -> bool:
    heads = [{text.strip().lower() for text in sheet.rows.get(row, ())} for row in range(1, _HEADING_ROWS + 1)]
    return any({"type", "name"} <= head for head in heads)
