"""Faults of a file beside what stands in it: the row of the sheet, or the line of the text, that each is about."""

import re
from collections.abc import Mapping, Sequence

from app.wording import survey_wording
from surveys.faults import Fault, Place, SurveyFaults, describe
from surveys.sheets.grid import QUESTIONNAIRE, Limits, Workbook, read_workbook
from web.wave_door import CellFault

COLUMNS = 8
"""Texts of a row that are shown beside a fault in it."""
_LONGEST = 160
_CELL = re.compile(r"([A-Z]{0,3})([0-9]{1,7})")


def placed(
    faults: Sequence[Fault], data: bytes, name: str, *, limits: Limits = QUESTIONNAIRE, book: Workbook | None = None
) -> tuple[CellFault, ...]:
    """Each fault as a sentence, with its row as it stands in the file as far as that can be read."""
    texts = survey_wording().texts
    in_sheets = any(fault.place.cell for fault in faults)
    if in_sheets and book is None:
        try:
            book = read_workbook(data, name, limits)
        except SurveyFaults:
            book = None
    lines = [] if in_sheets else data.decode("utf-8", "replace").splitlines()
    return tuple(_one(fault, _said(fault, texts), book, lines) for fault in faults)


def _said(fault: Fault, texts: Mapping[str, str]) -> str:
    """What is wrong; where the cell stands beside it, without saying the place again."""
    if fault.place.cell:
        return texts["fault." + fault.code].format_map(fault.params)
    return describe(fault, texts.__getitem__)


def _one(fault: Fault, said: str, book: Workbook | None, lines: list[str]) -> CellFault:
    place = fault.place
    if place.cell:
        return _in_sheet(place, said, book)
    if 0 < place.line <= len(lines):
        return CellFault(said=said, row=place.line, cells=(lines[place.line - 1].strip()[:_LONGEST],))
    return CellFault(said=said, sheet=place.sheet)


def _in_sheet(place: Place, said: str, book: Workbook | None) -> CellFault:
    found = _CELL.fullmatch(place.cell)
    if found is None:
        return CellFault(said=said, sheet=place.sheet)
    column, row = _column(found[1]), int(found[2])
    bare = CellFault(said=said, sheet=place.sheet, row=row, cell=place.cell if column else "")
    sheet = next((one for one in book.sheets if one.name == place.sheet), None) if book else None
    texts = sheet.rows.get(row, ()) if sheet else ()
    if not texts:
        return bare
    cells = [text[:_LONGEST] for text in texts[: max(COLUMNS, column)]]
    cells += [""] * (column - len(cells))
    first = max(0, column - COLUMNS)
    return CellFault(
        said=said,
        sheet=place.sheet,
        row=row,
        cell=bare.cell,
        cells=tuple(cells[first:]),
        at=column - 1 - first if column else -1,
    )


def _column(letters: str) -> int:
    """ "C" -> 3, "" -> 0."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
