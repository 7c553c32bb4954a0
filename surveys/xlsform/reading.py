"""An XLSForm read into a Survey, or every reason why not, cell by cell.

What is read and what is refused is listed in docs/developers/xlsform.md; the format itself at xlsform.org.
"""

import msgspec

from surveys.checking import check_written
from surveys.definition import TELLING, Privacy, Survey
from surveys.faults import Fault, Place, SurveyFaults
from surveys.languages import remarks as language_remarks
from surveys.piping import set_apart
from surveys.sheets.grid import CELL_FAULTS, Sheet, Workbook
from surveys.xlsform.building import Builder, Built
from surveys.xlsform.choices import KNOWN as CHOICE_COLUMNS
from surveys.xlsform.choices import Lists
from surveys.xlsform.columns import SURVEY, Table, table_of
from surveys.xlsform.names import question_ids
from surveys.xlsform.rows import Reader
from surveys.xlsform.tables import as_matrices
from surveys.xlsform.texts import Languages, Texts, languages_of
from surveys.xlsform.tongues import tag_of

_SETTINGS = {"form_title": "title", "title": "title", "set_form_title": "title", "form_id": "id", "id_string": "id",
             "set_form_id": "id", "default_language": "language", "version": ""}  # fmt: skip
_SHEETS = ("survey", "choices", "settings")
_COLUMN_OF_KEY = {
    "id": "name", "kind": "type", "text": "label", "hint": "hint", "required": "required", "show_if": "relevant",
    "constraint": "constraint", "constraint_message": "constraint_message", "value": "calculation", "audio": "audio",
    "min": "constraint", "max": "constraint", "step": "parameters", "choices": "type", "section": "label",
    "stem": "label",
}  # fmt: skip


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """A form read.

    `remarks` are what was left out or changed without changing what is asked; `ids` maps the form's names of questions
    (with the row behind one that stands in two groups) to ours.
    """

    survey: Survey
    remarks: tuple[Fault, ...]
    ids: dict[str, str]


def looks_like_xlsform(book: Workbook) -> bool:
    """Whether the workbook is meant as an XLSForm: it has a sheet of that name with a column `type`."""
    sheet = _sheet(book, "survey")
    return sheet is not None and table_of(sheet, SURVEY, []).column("type") is not None


def read_xlsform(book: Workbook, name: str) -> Imported:
    """The survey of a workbook; SurveyFaults with every unsupported or wrong cell where there is any.

    `name` is the file's, for the exception and for a form without a title.
    """
    return _Form(book, name).read()


class _Form:
    def __init__(self, book: Workbook, name: str) -> None:
        self._book = book
        self._name = name
        self._faults: list[Fault] = []
        self._remarks: list[Fault] = []

    def read(self) -> Imported:
        sheet = _sheet(self._book, "survey")
        if sheet is None:
            names = ", ".join(sheet.name for sheet in self._book.sheets if sheet.name)
            raise SurveyFaults(self._name, [Fault("xlsform.no_survey", Place(), {"found": names or "CSV"})])
        table = table_of(sheet, SURVEY, self._faults)
        if table.column("type") is None or not table.rows():
            code = "xlsform.no_type_column" if table.column("type") is None else "xlsform.no_rows"
            raise SurveyFaults(self._name, [*self._faults, Fault(code, sheet.place())])
        choices = _sheet(self._book, "choices") or _sheet(self._book, "columns")
        options = table_of(choices, CHOICE_COLUMNS, self._faults) if choices else None
        self._cells()
        settings = self._settings()
        languages = languages_of([table, *([options] if options else [])], settings.get("language", ""))
        texts = Texts(languages, self._faults, self._remarks)
        lists = Lists(options, texts, self._faults, self._remarks)
        rows = Reader(table, self._faults, self._remarks).read()
        builder = Builder(table, rows, lists, texts, self._faults, self._remarks)
        built = builder.build()
        as_matrices(built, builder, table, self._remarks)
        if options is not None:
            self._remarks += [
                Fault("xlsform.list_unused", options.sheet.place(), {"list": unused}) for unused in lists.unused()
            ]
        survey = self._survey(built, settings, languages, table)
        self._check(survey, built, table, options)
        if self._faults:
            raise SurveyFaults(self._name, _in_order(self._faults, self._book))
        remarks = [*self._remarks, *(_at_row(remark, built, table) for remark in language_remarks(survey))]
        once = {(remark.code, remark.place, str(remark.params)): remark for remark in remarks}
        return Imported(survey=set_apart(survey), remarks=tuple(once.values()), ids=builder.ids)

    def _cells(self) -> None:
        """What the spreadsheet itself has to say; a cell that failed in a sheet that is read is a fault."""
        for remark in self._book.remarks:
            failed = remark.code in CELL_FAULTS and self._is_read(remark.place)
            (self._faults if failed else self._remarks).append(remark)
        self._remarks.extend(
            Fault("xlsform.sheet", sheet.place())
            for sheet in self._book.sheets
            if sheet.rows and sheet is not _sheet(self._book, "survey") and sheet.name.strip().lower() not in _SHEETS
        )

    def _is_read(self, place: Place) -> bool:
        """Whether the cell stands where anything is read: not in another sheet, nor below a setting of no use here."""
        name = place.sheet.strip().lower()
        sheet = _sheet(self._book, name) if name in _SHEETS else None
        if sheet is None or name != "settings" or not sheet.rows:
            return sheet is not None
        first = next(iter(sheet.rows))
        used = {
            sheet.place(first, number).cell.rstrip("0123456789")
            for number, heading in enumerate(sheet.rows[first], start=1)
            if _SETTINGS.get("_".join(heading.lower().split()))
        }
        return place.cell.rstrip("0123456789") in used

    def _settings(self) -> dict[str, str]:
        sheet = _sheet(self._book, "settings")
        if sheet is None or not sheet.rows:
            return {}
        known: dict[str, str] = {}
        rows = list(sheet.rows)
        for number, heading in enumerate(sheet.rows[rows[0]], start=1):
            text = sheet.cell(rows[1], number) if len(rows) > 1 else ""
            key = _SETTINGS.get("_".join(heading.lower().split()))
            if key is None and text:
                self._remarks.append(Fault("xlsform.setting", sheet.place(rows[1], number), {"found": heading}))
            elif key == "language" and text:
                tag = tag_of(text)
                if not tag:
                    self._faults.append(Fault("xlsform.language", sheet.place(rows[1], number), {"found": text}))
                known[key] = tag
            elif key and text:
                known.setdefault(key, text)
        return known

    def _survey(self, built: list[Built], settings: dict[str, str], languages: Languages, table: Table) -> Survey:
        stem = self._name.replace("\\", "/").rpartition("/")[2].rpartition(".")[0] or self._name
        own = settings.get("id") or stem
        telling = next((one for one in built if one.question.kind in TELLING), None)
        if telling is not None:
            self._remarks.append(Fault("xlsform.confidential", table.place(telling.draft.row, "type")))
        translations: dict[str, dict[str, str]] = {tag: {} for tag in languages.others}
        for one in built:
            for key, said in one.spoken.items():
                for tag, text in said.items():
                    if tag != languages.own:
                        translations.setdefault(tag, {})[f"questions.{one.question.id}.{key}"] = text
        return Survey(
            id=question_ids([own])[own],
            title=settings.get("title") or stem,
            questions=tuple(one.question for one in built),
            language=languages.own,
            privacy=Privacy.ANONYMOUS if telling is None else Privacy.CONFIDENTIAL,
            translations={tag: texts for tag, texts in translations.items() if texts},
        )

    def _check(self, survey: Survey, built: list[Built], table: Table, options: Table | None) -> None:
        """The rules of every survey, said of the cells; a cell that was named before is not named again."""
        told = {(fault.place.sheet, fault.place.cell) for fault in self._faults}
        for fault in check_written(survey):
            place = _cell_of(fault.place, built, table, options)
            if fault.code == "questions.none" and self._faults:
                continue
            if (place.sheet, place.cell) not in told:
                self._faults.append(_by_row(Fault(fault.code, place, fault.params), built))


def _by_row(fault: Fault, built: list[Built]) -> Fault:
    """A name that stands twice, with the row of the first where a survey file has its number."""
    if fault.code != "id.twice" or not fault.place.cell:
        return fault
    first = built[int(fault.params["first"]) - 1].draft.row
    return Fault("xlsform.name_twice", fault.place, fault.params | {"first": str(first)})


def _cell_of(place: Place, built: list[Built], table: Table, options: Table | None) -> Place:
    if not place.question:
        return place
    one = built[place.question - 1]
    if place.choice and options is not None and place.key != "show_if" and place.choice in one.rows:
        return options.place(one.rows[place.choice], "name" if place.key == "id" else "label")
    column = _COLUMN_OF_KEY.get(place.key, "type")
    if place.choice:
        column = "choice_filter"
    at = table.place(one.draft.row, column, "" if table.column(column) else table.columns[0].language)
    # The character counts in our own expression, not in the form's.
    return Place(sheet=at.sheet, cell=at.cell)


def _at_row(remark: Fault, built: list[Built], table: Table) -> Fault:
    if not remark.place.question:
        return remark
    return Fault(remark.code, table.sheet.place(built[remark.place.question - 1].draft.row), remark.params)


def _sheet(book: Workbook, name: str) -> Sheet | None:
    named = next((sheet for sheet in book.sheets if sheet.name.strip().lower() == name), None)
    filled = [sheet for sheet in book.sheets if sheet.rows]
    if named is not None or name != "survey" or len(filled) != 1:
        return named
    # The one sheet of a file is its questions, whatever the spreadsheet program called it.
    headings = next(iter(filled[0].rows.values()))
    return filled[0] if "type" in (heading.strip().lower() for heading in headings) else None


def _in_order(faults: list[Fault], book: Workbook) -> list[Fault]:
    """By sheet and cell, as an officer goes through the file."""
    sheets = {sheet.name: number for number, sheet in enumerate(book.sheets)}

    def key(fault: Fault) -> tuple[int, int, str]:
        digits = "".join(sign for sign in fault.place.cell if sign.isdecimal())
        return sheets.get(fault.place.sheet, -1), int(digits or 0), fault.place.cell

    unique = {(fault.code, fault.place, str(fault.params)): fault for fault in faults}
    return sorted(unique.values(), key=key)
