"""The officers' template read into a Survey, or every fault in it by sheet and cell.

Sheet "Phiếu" says what the survey is, "Câu hỏi" one question a row; the columns are found by their headings. A CSV file
has both: the lines of "Phiếu", then the headings. The rows become the same table that a TOML file gives, so that one
set of rules holds for both.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from surveys.definition import Survey
from surveys.faults import Fault, Place, SurveyFaults
from surveys.sheets.checked import survey_from_table
from surveys.sheets.grid import CELL_FAULTS, Sheet, Workbook, read_workbook
from surveys.sheets.template_choices import slug
from surveys.sheets.template_questions import Questions
from surveys.sheets.template_rows import (
    Header,
    cell_faults,
    entries,
    header_faults,
    header_remarks,
    info,
    questions_sheet,
)
from surveys.sheets.template_words import (
    COLUMNS,
    INFO,
    NEEDED,
    PRIVACIES,
    QUESTIONS_SHEET,
    SURVEY_SHEET,
    all_written,
    find,
    folded,
    written,
)

Table = dict[str, Any]

_PLAIN = frozenset({"title", "intro", "thanks", "source", "index", "print_note"})
_NEEDED = ", ".join(written(COLUMNS, key) for key in NEEDED)
_COLUMN_OF_KEY = {
    "id": "code", "kind": "kind", "text": "text", "hint": "hint", "required": "required", "factor": "factor",
    "min": "min", "max": "max", "not_applicable": "not_applicable", "overall": "overall", "choices": "choices",
    "items": "choices", "show_if": "chosen",
}  # fmt: skip


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a template: a survey, or faults. `remarks` stop nothing, but the officer should see them."""

    survey: Survey | None
    faults: tuple[Fault, ...] = ()
    remarks: tuple[Fault, ...] = ()


def read_template(data: bytes, name: str) -> Survey:
    """The survey in a spreadsheet's bytes. SurveyFaults, with every fault, where it is none or there is any."""
    reading = reading_of(read_workbook(data, name))
    if reading.survey is None:
        raise SurveyFaults(name, list(reading.faults))
    return reading.survey


def is_template(book: Workbook) -> bool:
    """Whether the workbook is meant as this template: a sheet has its headings, or its name."""
    return questions_sheet(book) is not None or (
        book.sheet(QUESTIONS_SHEET) is not None and book.sheet(SURVEY_SHEET) is not None
    )


def reading_of(book: Workbook) -> Reading:
    """Everything that can be said of a workbook as a template."""
    found = questions_sheet(book)
    if found is None:
        return Reading(survey=None, faults=(_no_questions(book),), remarks=book.remarks)
    sheet, header = found
    about = _about(book, sheet, header)
    questions = Questions(sheet, header, list(entries(sheet, header)), about.factors())
    table = about.table() | {"questions": questions.tables}
    if questions.factors:
        table["factors"] = [{"id": id, "text": text} for id, text in questions.factors.values()]
    cells = [*cell_faults(book, sheet, header), *about.cell_faults(book)]
    own = [*header_faults(sheet, header), *cells, *about.faults, *questions.faults]
    survey, findings = survey_from_table(table)
    told = {(fault.place.sheet, fault.place.cell) for fault in own}
    # A cell that could not be understood left its key out: what the rules say of that is no second fault.
    placed = [_placed(fault, about, questions) for fault in findings]
    own += [fault for fault in placed if (fault.place.sheet, fault.place.cell) not in told]
    remarks = (*book.remarks, *_renamed(book, sheet, about), *about.remarks, *header_remarks(sheet, header))
    faults = sorted(own, key=lambda fault: _order(book, fault))
    return Reading(survey=None if faults else survey, faults=tuple(faults), remarks=remarks)


class _About:
    """What the lines of the sheet "Phiếu" say."""

    def __init__(self, sheet: Sheet, before: int, end: int) -> None:
        self.sheet = sheet
        self._end = end
        self._known, self.remarks = info(sheet, before)
        self.faults: list[Fault] = []

    def place(self, key: str) -> Place:
        """The cell of a value; the sheet where it is not there."""
        found = self._known.get(key)
        return self.sheet.place(found[1], found[2]) if found else self.sheet.place()

    def table(self) -> Table:
        """The top of a survey file; the code is made from the title where there is none."""
        table: Table = {key: text for key, (text, _, _) in self._known.items() if text and key in _PLAIN}
        if not table.get("title"):
            code = "template.info_missing" if "title" in self._known else "template.info_absent"
            self.faults.append(Fault(code, self.place("title"), {"label": written(INFO, "title")}))
            table["title"] = "?"
        table["id"] = self._text("id") or slug(table["title"], "phieu")
        if privacy := self._text("privacy"):
            key = find(PRIVACIES, privacy)
            if key:
                table["privacy"] = key
            else:
                params = {"found": privacy[:40], "known": all_written(PRIVACIES)}
                self.faults.append(Fault("template.privacy", self.place("privacy"), params))
        return table

    def cell_faults(self, book: Workbook) -> Iterator[Fault]:
        """Failed formulas among the values."""
        places = [self.place(key) for key in self._known]
        yield from (remark for remark in book.remarks if remark.code in CELL_FAULTS and remark.place in places)

    def factors(self) -> dict[str, tuple[str, str]]:
        """(id, text) by folded text, of the line "Các nhóm"."""
        lines = (line.partition("=") for line in self._text("factors").split("\n"))
        return {folded(text): (id.strip(), text.strip()) for id, sign, text in lines if sign}

    def _text(self, key: str) -> str:
        return self._known.get(key, ("", 0, 0))[0]


def _about(book: Workbook, sheet: Sheet, header: Header) -> _About:
    """The sheet of that name, else the lines above the headings."""
    own = book.sheet(SURVEY_SHEET) or book.nearest(SURVEY_SHEET)
    if own is None or own is sheet:
        return _About(sheet, header.row, header.first)
    return _About(own, 0, 0)


def _no_questions(book: Workbook) -> Fault:
    """No sheet has the headings: said of the sheet that should, with the names of all."""
    named = book.sheet(QUESTIONS_SHEET) or book.nearest(QUESTIONS_SHEET)
    if named is not None:
        return Fault("template.no_headings", named.place(), {"needed": _NEEDED})
    names = ", ".join(sheet.name for sheet in book.sheets if sheet.name)
    return Fault("template.no_sheet", Place(), {"sheet": QUESTIONS_SHEET, "found": names or "CSV", "needed": _NEEDED})


def _renamed(book: Workbook, sheet: Sheet, about: _About) -> Iterator[Fault]:
    """Sheets that are read although they have another name."""
    for used, name in ((sheet, QUESTIONS_SHEET), (about.sheet, SURVEY_SHEET)):
        if used.name and book.sheet(name) is not used and not (used is sheet and name == SURVEY_SHEET):
            yield Fault("template.renamed", used.place(), {"sheet": name})


def _placed(fault: Fault, about: _About, questions: Questions) -> Fault:
    """A finding of the rules, at the cell that it comes from."""
    place = fault.place
    if place.question:
        key = _COLUMN_OF_KEY.get(place.key, "text")
        key = "choices" if place.choice or place.item else key
        at = questions.place(questions.rows[place.question - 1], key)
        at = msgspec.structs.replace(at, choice=place.choice or place.item)
    elif place.factor:
        id = [id for id, _ in questions.factors.values()][place.factor - 1]
        row = questions.factor_rows.get(id, 0)
        at = questions.place(row, "factor") if row else about.place("factors")
    elif place.key == "questions":
        at = questions.place(0, "")
    else:
        at = about.place(place.key)
    if fault.code == "choices.too_few":
        choices = questions.tables[place.question - 1].get("choices", [])
        if any("," in choice.get("text", "") for choice in choices):
            return Fault("template.choices_comma", at, fault.params)
    return Fault(fault.code, at, fault.params)


def _order(book: Workbook, fault: Fault) -> tuple[int, int, str]:
    """Sheet by sheet, row by row."""
    names = [sheet.name for sheet in book.sheets]
    sheet = names.index(fault.place.sheet) if fault.place.sheet in names else -1
    return sheet, int("".join(filter(str.isdigit, fault.place.cell)) or 0), fault.place.cell
