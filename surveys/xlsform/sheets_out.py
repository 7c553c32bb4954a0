"""Rows of the three sheets of an XLSForm, and the workbook that they make."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import msgspec

from surveys.xlsform.choices import PRINTED

SURVEY_COLUMNS = ("type", "name", "label", "hint", "required", "relevant", "constraint", "constraint_message",
                  "calculation", "choice_filter", "parameters", "appearance", "audio")  # fmt: skip
_SPOKEN = frozenset({"label", "hint", "constraint_message", "audio"})
_NEVER = datetime(2000, 1, 1, tzinfo=UTC)
"""Stands for the hour of writing, so that the same survey gives the same bytes."""

Cells = dict[str, str]
"""A row by column; a text in a language stands under "label::<tag>"."""


class Sheets(msgspec.Struct, kw_only=True):
    """The rows to be written. `languages` maps tags to the names under which columns stand, the survey's own first."""

    survey: list[Cells]
    choices: list[Cells]
    settings: Cells
    languages: dict[str, str]


def workbook(sheets: Sheets) -> bytes:
    """The .xlsx."""
    import xlsxwriter

    buffer = BytesIO()
    options: dict[str, Any] = {
        "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    }  # fmt: skip
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"created": _NEVER})
        bold = book.add_format({"bold": True})
        for name, columns, rows in (
            ("survey", _headings(SURVEY_COLUMNS, sheets), sheets.survey),
            ("choices", _choice_headings(sheets), sheets.choices),
            ("settings", {key: key for key in sheets.settings}, [sheets.settings]),
        ):
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, max(len(columns) - 1, 0), 24)
            for number, (key, heading) in enumerate(columns.items()):
                sheet.write_string(0, number, heading, bold)
                for at, row in enumerate(rows, start=1):
                    if row.get(key):
                        sheet.write_string(at, number, row[key])
    return buffer.getvalue()


def _headings(columns: tuple[str, ...], sheets: Sheets) -> dict[str, str]:
    """Keys of rows with the headings that they stand under; columns that nothing stands in are left out."""
    headings: dict[str, str] = {}
    for column in columns:
        if column in _SPOKEN:
            spoken = {f"{column}::{tag}": f"{column}::{name}" for tag, name in sheets.languages.items()}
            if column == "label" or any(row.get(key) for row in sheets.survey for key in spoken):
                headings |= spoken
        elif column in {"type", "name"} or any(row.get(column) for row in sheets.survey):
            headings[column] = column
    return headings


def _choice_headings(sheets: Sheets) -> dict[str, str]:
    spoken = {f"label::{tag}": f"label::{name}" for tag, name in sheets.languages.items()}
    extra = [key for key in (PRINTED, "show") if any(row.get(key) for row in sheets.choices)]
    return {"list_name": "list_name", "name": "name", **spoken, **{key: key for key in extra}}
