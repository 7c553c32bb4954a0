"""The officers' template as an .xlsx: filled with an example, or with a survey that is there already."""

import tomllib
from datetime import datetime
from functools import cache
from importlib import resources
from io import BytesIO
from typing import Any

from surveys.definition import Survey
from surveys.faults import Fault, Place
from surveys.piping import put_back
from surveys.reading import read_survey
from surveys.sheets.grid import read_workbook
from surveys.sheets.template import reading_of
from surveys.sheets.template_export import Row, differences, info_rows, question_rows
from surveys.sheets.template_words import (
    COLUMNS,
    GUIDE_SHEET,
    INFO,
    KINDS,
    MARKS,
    PRIVACIES,
    QUESTIONS_SHEET,
    SECTION,
    SURVEY_SHEET,
    written,
)

_FOLDER = "surveys.sheets"
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_SPARE_ROWS = 60
"""Empty rows below the questions that are made ready: text cells, drop-down lists, borders."""
_WIDTHS = {
    "number": 6, "text": 42, "kind": 15, "choices": 30, "required": 9, "when": 10, "chosen": 20, "hint": 18,
    "factor": 16, "min": 8, "max": 8, "not_applicable": 16, "overall": 8, "code": 22,
}  # fmt: skip
_LINE_HEIGHT = 16
_CENTRED = frozenset({"number", "required", "when", "min", "max", "overall"})
_HEADING_ROW = 0
_FONT = {"font_name": "Times New Roman", "font_size": 12, "valign": "top"}
_INK, _PAPER, _LINE, _GREY = "#1F3864", "#DCE6F1", "#A6A6A6", "#595959"


def write_template(survey: Survey | None = None) -> bytes:
    """The file. Without a survey it holds the example, which `read_template` reads as any other."""
    return _written(survey or example(), strict=True)


def lost_in_template(survey: Survey) -> list[Fault]:
    """What of a survey the template cannot say, by question and key; [] where reading the file gives the survey."""
    reading = reading_of(read_workbook(_written(survey, strict=False), survey.id))
    if reading.survey is None:
        return list(reading.faults)
    return [
        Fault("template.lost" if key != "kind" else "template.lost_question", Place(question=number, id=id, key=key))
        for number, id, key in differences(survey, reading.survey)
    ]


@cache
def example() -> Survey:
    """The survey that fills an empty template."""
    return read_survey(resources.files(_FOLDER).joinpath("mau_phieu.toml").read_bytes(), "mau_phieu.toml")


@cache
def _guide() -> dict[str, Any]:
    return tomllib.loads(resources.files(_FOLDER).joinpath("huong_dan.toml").read_text(encoding="utf-8"))


def _written(survey: Survey, *, strict: bool) -> bytes:
    import xlsxwriter

    survey = put_back(survey)
    raw = BytesIO()
    book = xlsxwriter.Workbook(raw, _OPTIONS)
    # A fixed day: the same survey gives the same bytes.
    book.set_properties({"title": survey.title, "created": datetime(2026, 1, 1)})  # noqa: DTZ001 - the format knows no zone
    look = _Look(book)
    _survey_sheet(book.add_worksheet(SURVEY_SHEET), look, survey)
    _questions_sheet(book.add_worksheet(QUESTIONS_SHEET), look, question_rows(survey, strict=strict))
    _guide_sheet(book.add_worksheet(GUIDE_SHEET), look)
    book.close()
    return raw.getvalue()


class _Look:
    """The formats of the cells."""

    def __init__(self, book: Any) -> None:  # noqa: ANN401 - xlsxwriter carries no types
        box = {**_FONT, "border": 1, "border_color": _LINE, "text_wrap": True}
        self.title = book.add_format({**_FONT, "font_size": 16, "bold": True, "font_color": _INK})
        self.head = book.add_format(
            {**box, "bold": True, "bg_color": _INK, "font_color": "white", "align": "center", "valign": "vcenter"}
        )
        self.label = book.add_format({**box, "bold": True, "bg_color": _PAPER})
        self.text = book.add_format({**box, "num_format": "@"})
        self.centred = book.add_format({**box, "num_format": "@", "align": "center"})
        self.section = book.add_format({**box, "num_format": "@", "bold": True, "bg_color": _PAPER})
        self.note = book.add_format({**_FONT, "font_size": 11, "italic": True, "font_color": _GREY, "text_wrap": True})
        self.plain = book.add_format({**_FONT, "text_wrap": True})


def _survey_sheet(sheet: Any, look: _Look, survey: Survey) -> None:  # noqa: ANN401 - as above
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 70)
    sheet.set_column(2, 2, 46)
    sheet.write_string(0, 0, SURVEY_SHEET, look.title)
    sheet.set_row(0, 26)
    row = 2
    for key, text in info_rows(survey):
        if key == "factors" and not text:
            continue
        sheet.write_string(row, 0, written(INFO, key), look.label)
        sheet.write_string(row, 1, text, look.text)
        note = _guide()["info"][key]
        sheet.write_string(row, 2, note, look.note)
        _height(sheet, row, (text, 70), (note, 46))
        if key == "privacy":
            sheet.data_validation(row, 1, row, 1, {"validate": "list", "source": [p[0] for p in PRIVACIES.values()]})
        row += 1
    _print(sheet, landscape=True)


def _questions_sheet(sheet: Any, look: _Look, rows: list[Row]) -> None:  # noqa: ANN401 - as above
    coded = any("code" in row for row in rows)
    keys = [key for key in COLUMNS if key != "code" or coded]
    last = len(rows) + _SPARE_ROWS
    for column, key in enumerate(keys):
        sheet.set_column(column, column, _WIDTHS[key], None, {"hidden": key == "code"})
        sheet.write_string(_HEADING_ROW, column, written(COLUMNS, key), look.head)
        prompt = _guide()["prompts"].get(key)
        rules: dict[str, Any] = {"input_title": written(COLUMNS, key), "input_message": prompt} if prompt else {}
        lists = {"kind": [kind[0] for kind in KINDS.values()], "required": [mark[0] for mark in MARKS.values()]}
        if key in lists:
            # A warning only: "muc hai long" is read as well.
            rules |= {"validate": "list", "source": lists[key], "error_type": "information"}
        if rules:
            sheet.data_validation(_HEADING_ROW + 1, column, last, column, {"validate": "any", **rules})
    sheet.set_row(_HEADING_ROW, 34)
    for at in range(1, last + 1):
        row = rows[at - 1] if at <= len(rows) else {}
        heading = row.get("kind") == written(KINDS, SECTION)
        for column, key in enumerate(keys):
            look_of_cell = look.section if heading else look.centred if key in _CENTRED else look.text
            text = row.get(key, "")
            if text:
                sheet.write_string(at, column, text, look_of_cell)
            else:
                sheet.write_blank(at, column, None, look_of_cell)
        if row:
            _height(sheet, at, *((text, _WIDTHS[key]) for key, text in row.items() if key != "code"))
    sheet.freeze_panes(_HEADING_ROW + 1, 2)
    _print(sheet, landscape=True)
    sheet.repeat_rows(_HEADING_ROW)
    sheet.print_area(0, 0, len(rows), len(keys) - 1)


def _guide_sheet(sheet: Any, look: _Look) -> None:  # noqa: ANN401 - as above
    guide = _guide()
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, 60)
    sheet.set_column(2, 2, 52)
    sheet.write_string(0, 0, guide["title"], look.title)
    sheet.set_row(0, 26)
    row = 2
    for count, step in enumerate(guide["steps"], start=1):
        sheet.merge_range(row, 0, row, 2, "", look.plain)
        sheet.write_string(row, 0, f"{count}. {step}", look.plain)
        sheet.set_row(row, 34 if len(step) > 110 else 18)
        row += 1
    row += 1
    sheet.write_string(row, 0, guide["kinds_title"], look.title)
    sheet.set_row(row, 26)
    for column, head in enumerate(guide["kinds_heads"]):
        sheet.write_string(row + 1, column, head, look.head)
    for at, (kind, texts) in enumerate(guide["kinds"].items(), start=row + 2):
        sheet.write_string(at, 0, written(KINDS, kind), look.label)
        for column, text in enumerate(texts, start=1):
            sheet.write_string(at, column, text, look.text)
        _height(sheet, at, *zip(texts, (60, 52), strict=True))
    _print(sheet, landscape=True)


def _height(sheet: Any, row: int, *texts: tuple[str, float]) -> None:  # noqa: ANN401 - as above
    """Room for (text, width of its column in letters): not every program finds the height of a row by itself."""
    lines = max(sum(-(-max(len(line), 1) // int(width * 1.1)) for line in text.split("\n")) for text, width in texts)
    sheet.set_row(row, lines * _LINE_HEIGHT + 3)


def _print(sheet: Any, *, landscape: bool) -> None:  # noqa: ANN401 - as above
    sheet.set_paper(9)  # A4
    if landscape:
        sheet.set_landscape()
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C&P/&N")
