"""A Survey written as an XLSForm that Kobo and ODK take: the same questions, choices, order and skip behaviour."""

import re
from itertools import groupby

import msgspec

from surveys.definition import Choice, Kind, Question, Survey
from surveys.expression import parse
from surveys.faults import Fault, Place, SurveyFaults
from surveys.piping import put_back
from surveys.wording import labels
from surveys.xlsform.choices import PRINTED
from surveys.xlsform.names import question_ids
from surveys.xlsform.printing import Printer, off_scale
from surveys.xlsform.sheets_out import Cells, Sheets, workbook
from surveys.xlsform.tongues import named_tag

_TYPES = {
    Kind.NUMBER: "integer", Kind.DECIMAL: "decimal", Kind.RANGE: "range", Kind.TEXT: "text", Kind.DATE: "date",
    Kind.TIME: "time", Kind.PHOTO: "image", Kind.VOICE: "audio", Kind.PLACE: "geopoint", Kind.NOTE: "note",
    Kind.ACKNOWLEDGE: "acknowledge", Kind.CALCULATED: "calculate",
}  # fmt: skip
_COMMANDS = {Kind.MULTIPLE: "select_multiple", Kind.RANK: "rank"}
_MEASURES = {Kind.TEXT: "string-length(.)", Kind.MULTIPLE: "count-selected(.)"}
_MARK = re.compile(r"\$\{(?:\s*([^{}]*?)\s*\})?")
MAX_CELL = 32_767
"""Characters that a cell of a spreadsheet holds."""
_ALWAYS = "0"
"""In the column `show` of the sheet choices: offered whatever was answered."""
_LOST_OF_SURVEY = ("intro", "thanks", "source", "index", "print_note", "document", "factors")


def write_xlsform(survey: Survey) -> tuple[bytes, list[Fault]]:
    """The .xlsx, and remarks on what an XLSForm has no place for.

    SurveyFaults where an expression is longer than a cell can hold: a form without it would ask other questions.
    """
    sheets, remarks = sheets_of(survey)
    too_long = [row["name"] for row in sheets.survey if any(len(text) > MAX_CELL for text in row.values())]
    if too_long:
        faults = [Fault("xlsform.export.too_long", Place(key=name), {"most": str(MAX_CELL)}) for name in too_long]
        raise SurveyFaults(survey.id, faults)
    return workbook(sheets), remarks


def sheets_of(survey: Survey) -> tuple[Sheets, list[Fault]]:
    """The rows of the sheets, and the remarks."""
    survey = put_back(survey)
    writer = _Writer(survey)
    for _, run in groupby(survey.questions, key=lambda question: question.section):
        writer.section(list(run))
    return writer.sheets, _lost(survey)


class _Writer:
    def __init__(self, survey: Survey) -> None:
        self._survey = survey
        self._questions = {question.id: question for question in survey.questions}
        languages = {tag: named_tag(tag) for tag in survey.languages}
        settings = {"form_title": survey.title, "form_id": survey.id, "default_language": languages[survey.language]}
        self.sheets = Sheets(survey=[], choices=[], settings=settings, languages=languages)
        self._lists: dict[bytes, str] = {}
        self._names = set(self._questions)

    def section(self, questions: list[Question]) -> None:
        """Questions under one heading, as a group where they have one."""
        first = questions[0]
        if first.section:
            self._begin("muc", self._spoken(f"questions.{first.id}.section", first.section), "")
        for matrix, run in groupby(questions, key=lambda question: question.matrix):
            items = list(run)
            if matrix:
                self._matrix(matrix, items)
            else:
                for question in items:
                    self._question(question)
        if first.section:
            self.sheets.survey.append({"type": "end_group"})

    def _matrix(self, matrix: str, items: list[Question]) -> None:
        lists = {self._list(item) for item in items}
        alike = len(lists) == 1
        stem = self._spoken(f"questions.{items[0].id}.stem", items[0].stem)
        self._begin(matrix, stem, "table-list" if alike else "field-list")
        for item in items:
            self._question(item)
        self.sheets.survey.append({"type": "end_group"})

    def _begin(self, wanted: str, label: dict[str, str], appearance: str) -> None:
        name = question_ids([f"{wanted}#"], frozenset(self._names))[f"{wanted}#"]
        self._names.add(name)
        labels = {f"label::{tag}": text for tag, text in label.items()}
        self.sheets.survey.append({"type": "begin_group", "name": name, **labels, "appearance": appearance})

    def _question(self, question: Question) -> None:
        id = question.id
        row: Cells = {"type": self._type(question), "name": id, "required": "yes" if question.required else ""}
        for column, key in (("label", "text"), ("hint", "hint"), ("audio", "audio")):
            for tag, text in self._spoken(f"questions.{id}.{key}", getattr(question, key)).items():
                row[f"{column}::{tag}"] = text
        if question.show_if:
            row["relevant"] = _bare(Printer(self._questions).condition(parse(question.show_if)))
        row["constraint"] = self._constraint(question)
        if question.constraint_message and question.constraint:
            for tag, text in self._spoken(f"questions.{id}.constraint_message", question.constraint_message).items():
                row[f"constraint_message::{tag}"] = text
        if question.kind is Kind.CALCULATED:
            row["calculation"] = Printer(self._questions).value(parse(question.value))
        if question.kind is Kind.RANGE:
            ends = (("start", question.min), ("end", question.max), ("step", question.step or 1.0))
            row["parameters"] = " ".join(f"{name}={_figure(value)}" for name, value in ends if value is not None)
        if question.kind is Kind.LIKERT5:
            row["appearance"] = "likert"
        row["choice_filter"] = self._filter(question)
        self.sheets.survey.append(row)

    def _type(self, question: Question) -> str:
        if question.kind in _TYPES:
            return _TYPES[question.kind]
        return f"{_COMMANDS.get(question.kind, 'select_one')} {self._list(question)}"

    def _spoken(self, place: str, text: str) -> dict[str, str]:
        """A text in every language that has it."""
        texts = {self._survey.language: text}
        for tag, said in self._survey.translations.items():
            if text and said.get(place):
                texts[tag] = said[place]
        return {tag: self._unread(said) for tag, said in texts.items() if said}

    def _unread(self, text: str) -> str:
        """The text, with what a form would take for an answer and is none."""
        return _MARK.sub(lambda mark: mark[0] if mark[1] in self._questions else f"$ {mark[0][1:]}", text)

    # --- lists -------------------------------------------------------------------------------------------------------

    def _list(self, question: Question) -> str:
        """The name of the list of its choices, written once for all questions that have the same."""
        rows = self._options(question)
        key = msgspec.json.encode(rows)
        if key not in self._lists:
            wanted = question.kind.value if question.kind in {Kind.LIKERT5, Kind.NPS, Kind.YESNO} else question.id
            taken = frozenset(self._lists.values())
            name = question_ids([f"{wanted}#"], taken)[f"{wanted}#"]
            self._lists[key] = name
            self.sheets.choices += [{"list_name": name, **row} for row in rows]
        return self._lists[key]

    def _options(self, question: Question) -> list[Cells]:
        if question.kind is Kind.LIKERT5:
            return self._likert(question)
        if question.kind is Kind.NPS:
            return [self._fixed(str(value), {tag: str(value) for tag in self._survey.languages}) for value in range(11)]
        if question.kind is Kind.YESNO:
            return [
                self._fixed("yes", {tag: labels(tag).yes for tag in self._survey.languages}),
                self._fixed("no", {tag: labels(tag).no for tag in self._survey.languages}),
            ]
        conditions = _conditions(question)
        in_order = all(choice.number in {0, place} for place, choice in enumerate(question.choices, start=1))
        return [
            {
                **self._fixed(one.id, self._spoken(f"questions.{question.id}.choices.{one.id}", one.text)),
                PRINTED: "" if in_order else str(one.number),
                "show": (str(conditions.index(one.show_if) + 1) if one.show_if else _ALWAYS) if conditions else "",
            }
            for one in question.choices
        ]

    def _likert(self, question: Question) -> list[Cells]:
        words = {tag: labels(tag) for tag in self._survey.languages}
        rows = [
            self._fixed(str(level), {tag: said.likert[level - 1] for tag, said in words.items()})
            for level in range(1, 6)
        ]
        if question.no_opinion:
            rows.append(self._fixed("0", {tag: said.no_opinion for tag, said in words.items()}))
        if question.not_applicable:
            place = f"questions.{question.id}.not_applicable"
            rows.append(self._fixed("9", self._spoken(place, question.not_applicable)))
        return rows

    def _fixed(self, name: str, texts: dict[str, str]) -> Cells:
        return {"name": name, **{f"label::{tag}": text for tag, text in texts.items()}}

    def _filter(self, question: Question) -> str:
        conditions = _conditions(question)
        if not conditions:
            return ""
        printer = Printer(self._questions)
        parts = [f"(show = '{n}' and {printer.condition(parse(c))})" for n, c in enumerate(conditions, start=1)]
        if any(not choice.show_if for choice in question.choices):
            parts.insert(0, f"show = '{_ALWAYS}'")
        return " or ".join(parts)

    def _constraint(self, question: Question) -> str:
        measure = _MEASURES.get(question.kind, ".")
        parts = []
        if question.kind is not Kind.RANGE:
            parts += [f"{measure} >= {_figure(question.min)}"] if question.min is not None else []
            parts += [f"{measure} <= {_figure(question.max)}"] if question.max is not None else []
        parts += [_alone(choice) for choice in question.choices if choice.exclusive]
        if question.min is not None and any(choice.exclusive for choice in question.choices):
            # Who chose "none of these" need not choose more.
            alone = " or ".join(f"selected(., '{choice.id}')" for choice in question.choices if choice.exclusive)
            parts[0] = f"({parts[0]} or {alone})"
        if question.constraint:
            said = Printer(self._questions, question).condition(parse(question.constraint))
            if question.kind is Kind.LIKERT5:
                said = "(" + " or ".join([*(f". = '{value}'" for value in off_scale(question)), said]) + ")"
            parts.append(said)
        return " and ".join(parts) if len(parts) > 1 else _bare(parts[0]) if parts else ""


def _conditions(question: Question) -> list[str]:
    """The different conditions of a question's choices."""
    return list(dict.fromkeys(choice.show_if for choice in question.choices if choice.show_if))


def _alone(choice: Choice) -> str:
    return f"not(selected(., '{choice.id}') and count-selected(.) > 1)"


def _bare(text: str) -> str:
    """An expression without the brackets around the whole of it."""
    if not (text.startswith("(") and text.endswith(")")):
        return text
    depth, quote = 0, ""
    for at, sign in enumerate(text):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "'\"":
            quote = sign
        else:
            depth += {"(": 1, ")": -1}.get(sign, 0)
            if depth == 0 and at < len(text) - 1:
                return text
    return text[1:-1]


def _figure(value: float | None) -> str:
    if value is None:
        return ""
    return str(int(value)) if value == int(value) else f"{value:.12f}".rstrip("0")


def _lost(survey: Survey) -> list[Fault]:
    """What an XLSForm has no place for, each once."""
    lost = [key for key in _LOST_OF_SURVEY if getattr(survey, key)]
    lost += [key for key in ("factor", "overall") if any(getattr(question, key) for question in survey.questions)]
    return [Fault("xlsform.export.lost", Place(key=key)) for key in lost]
