"""Rows of the template as the tables of a survey file, with faults at their cells where a row cannot be understood."""

import re
from typing import Any

from surveys.definition import Choice, Kind
from surveys.faults import Fault, Place
from surveys.sheets.grid import Sheet
from surveys.sheets.template_choices import choices_in, slug, unused
from surveys.sheets.template_rows import Entry, Header
from surveys.sheets.template_when import Asked, WhenFault, show_if, stt
from surveys.sheets.template_words import (
    COLUMNS,
    KINDS,
    MARKS,
    MATRIX,
    NOT_APPLICABLE,
    SECTION,
    all_written,
    find,
    folded,
    nearest,
    written,
)
from surveys.wording import LABELS

Table = dict[str, Any]

_CHOOSING = frozenset({Kind.SINGLE, Kind.MULTIPLE, Kind.RANK, MATRIX})
_SCALED = frozenset({Kind.LIKERT5, MATRIX})
_BOUNDED = frozenset({Kind.NUMBER, Kind.DECIMAL, Kind.TEXT, Kind.MULTIPLE})
_ALL = frozenset(KINDS) - {SECTION}
_KINDS_OF_COLUMN = {
    "choices": _CHOOSING,
    "required": _ALL - {Kind.NOTE},
    "when": _ALL,
    "chosen": _ALL,
    "hint": _ALL,
    "factor": _SCALED,
    "min": _BOUNDED,
    "max": _BOUNDED,
    "not_applicable": _SCALED,
    "overall": frozenset({Kind.LIKERT5}),
}
_NUMBER = re.compile(r"-?[0-9]{1,12}(?:[.,][0-9]{1,6})?")
_OWN_LABELS = {
    Kind.LIKERT5: [*LABELS["vi"].likert],
    Kind.YESNO: [LABELS["vi"].yes, LABELS["vi"].no],
}
_MAX_ID = 24


class Questions:
    """The questions of a sheet: `tables` as a TOML file has them, `factors`, and the `faults` of single cells.

    Table n stands in row `rows[n - 1]`. `known_factors` are ids by folded names.
    """

    def __init__(
        self, sheet: Sheet, header: Header, found: list[Entry], known_factors: dict[str, tuple[str, str]]
    ) -> None:
        self.tables: list[Table] = []
        self.rows: list[int] = []
        self.faults: list[Fault] = []
        self.factors: dict[str, tuple[str, str]] = dict(known_factors)
        """(id, text) by folded text."""
        self.factor_rows: dict[str, int] = {}
        """The row that named a factor first, by its id."""
        self._sheet = sheet
        self._header = header
        self._section = ""
        self._asked: dict[str, Asked] = {}
        self._first: dict[str, int] = {}
        self._later = {stt(entry["number"]) for entry in found if entry["number"]}
        for entry in found:
            self._entry(entry)

    def place(self, row: int, key: str) -> Place:
        """The cell of that column in a row; the row where there is no such column."""
        return self._sheet.place(row, self._header.columns.get(key, 0))

    def _fault(self, entry: Entry, key: str, code: str, **params: str) -> None:
        self.faults.append(Fault(code, self.place(entry.row, key), params))

    def _entry(self, entry: Entry) -> None:
        kind = self._kind(entry)
        if kind == SECTION:
            self._section = entry["text"] or entry["number"]
            return
        number = self._number(entry)
        table: Table = {"id": self._id(entry, number), "kind": kind, "text": entry["text"]}
        if self._section:
            table["section"] = self._section
        if kind:
            self._columns(entry, kind, table)
            self._choices(entry, kind, table)
        if not entry["text"]:
            self._fault(entry, "text", "template.text_missing")
        if entry["when"] or entry["chosen"]:
            self._condition(entry, table)
        self._later.discard(number)
        for asked in _asked(entry["number"], number, table):
            self._asked.setdefault(stt(asked.number), asked)
        self.tables.append(table)
        self.rows.append(entry.row)

    def _kind(self, entry: Entry) -> str:
        text = entry["kind"]
        kind = find(KINDS, text) if text else ""
        if not text:
            self._fault(entry, "kind", "template.kind_missing", known=all_written(KINDS))
        elif not kind:
            near = nearest(KINDS, text)
            code = "template.kind_unknown.near" if near else "template.kind_unknown"
            self._fault(entry, "kind", code, found=text[:40], near=near, known=all_written(KINDS))
        return kind

    def _number(self, entry: Entry) -> str:
        """The STT as it is compared; it must be there, once."""
        number = stt(entry["number"])
        if not number:
            self._fault(entry, "number", "template.number_missing")
        elif number in self._first:
            first = self.place(self._first[number], "number").cell
            self._fault(entry, "number", "template.number_twice", number=entry["number"][:20], first=first)
        self._first.setdefault(number, entry.row)
        return number

    def _id(self, entry: Entry, number: str) -> str:
        """From the column "Mã", else from STT: c1, c2; of a row without a usable number, from the row."""
        taken = {table["id"] for table in self.tables}
        code = entry["code"].split("\n", 1)[0].strip()
        own = code or f"c{slug(number)}"[:_MAX_ID]
        return own if (number or code) and own not in taken else f"dong_{entry.row}"

    def _columns(self, entry: Entry, kind: str, table: Table) -> None:
        """Everything of a row that is one cell."""
        for key, kinds in _KINDS_OF_COLUMN.items():
            if entry[key] and kind not in kinds and not self._harmless(entry, key, kind):
                usable = "; ".join(written(KINDS, one) for one in KINDS if one in kinds)
                params = {"column": written(COLUMNS, key), "kind": written(KINDS, kind), "kinds": usable}
                self._fault(entry, key, "template.not_for_kind", **params)
        for key in ("required", "overall"):
            if self._mark(entry, key) and kind in _KINDS_OF_COLUMN[key]:
                table[key] = True
        if entry["hint"] and kind in _KINDS_OF_COLUMN["hint"]:
            table["hint"] = entry["hint"]
        if entry["factor"] and kind in _SCALED:
            table["factor"] = self._factor(entry)
        if kind in _SCALED and (label := entry["not_applicable"]):
            mark = find(MARKS, label)
            if mark != "no":
                table["not_applicable"] = NOT_APPLICABLE if mark == "yes" else label
        if kind in _BOUNDED:
            self._bounds(entry, table)

    def _harmless(self, entry: Entry, key: str, kind: str) -> bool:
        """ "Không" where nothing can be said, and the labels that the kind has anyway."""
        if key in {"required", "overall", "not_applicable"}:
            return find(MARKS, entry[key]) == "no"
        given = [folded(choice.text) for choice in choices_in(entry["choices"], {}, alone=False)[0]]
        labels = [folded(label) for label in _OWN_LABELS.get(Kind(kind), [])] if kind in set(Kind) else []
        return key == "choices" and bool(given) and given in (labels, labels[::-1])

    def _mark(self, entry: Entry, key: str) -> bool:
        text = entry[key]
        mark = find(MARKS, text) if text else "no"
        if not mark:
            self._fault(entry, key, "template.mark", found=text[:40], column=written(COLUMNS, key))
        return mark == "yes"

    def _factor(self, entry: Entry) -> str:
        text = entry["factor"]
        key = folded(text)
        if key not in self.factors:
            taken = {id for id, _ in self.factors.values()}
            self.factors[key] = (unused(slug(text, "nhom"), taken), text)
        self.factor_rows.setdefault(self.factors[key][0], entry.row)
        return self.factors[key][0]

    def _bounds(self, entry: Entry, table: Table) -> None:
        for key in ("min", "max"):
            text = entry[key]
            if text and not _NUMBER.fullmatch(text):
                self._fault(entry, key, "template.not_a_number", found=text[:40])
            elif text:
                value = float(text.replace(",", "."))
                table[key] = int(value) if value == int(value) else value
        if "min" in table and "max" in table and table["min"] > table["max"]:
            self._fault(entry, "min", "template.limit_order", min=entry["min"], max=entry["max"])
            del table["min"], table["max"]

    def _choices(self, entry: Entry, kind: str, table: Table) -> None:
        if kind not in _CHOOSING:
            return
        choices, doubled = choices_in(entry["choices"], _codes(entry["code"]), alone=kind == Kind.MULTIPLE)
        if not choices:
            self._fault(entry, "choices", "template.choices_missing")
        for text in doubled:
            self._fault(entry, "choices", "template.choice_twice", found=text[:60])
        if kind == MATRIX:
            ids = _codes(entry["code"])
            table["items"] = [
                {"id": ids.get(folded(choice.text)) or f"{table['id']}_{place}", "text": choice.text}
                for place, choice in enumerate(choices, start=1)
            ]
            return
        table["choices"] = [
            {"id": choice.id, "text": choice.text}
            | ({"exclusive": True} if choice.exclusive else {})
            | ({"other": True} if choice.other else {})
            for choice in choices
        ]

    def _condition(self, entry: Entry, table: Table) -> None:
        own = stt(entry["number"])
        try:
            condition = show_if(entry["when"], entry["chosen"], self._asked, self._later | {own})
            if condition:
                table["show_if"] = condition
        except WhenFault as fault:
            self._fault(entry, "when" if fault.numbers else "chosen", fault.code, **fault.params)


def _asked(said: str, number: str, table: Table) -> list[Asked]:
    """What later rows may look at: the question; of a table of items also each of them, as 4.1, 4.2."""
    id, kind = table["id"], table["kind"]
    if not number:
        return []
    if kind != MATRIX:
        choices = tuple(Choice(id=choice["id"], text=choice["text"]) for choice in table.get("choices", ()))
        none = table.get("not_applicable", "")
        return [Asked(number=said, id=id, kind=Kind(kind) if kind else None, choices=choices, not_applicable=none)]
    items = [
        Asked(
            number=f"{said}.{place}", id=item["id"], kind=Kind.LIKERT5, not_applicable=table.get("not_applicable", "")
        )
        for place, item in enumerate(table.get("items", ()), start=1)
    ]
    return [Asked(number=said, id=id, kind=None, items=len(items)), *items]


def _codes(text: str) -> dict[str, str]:
    """Ids of choices by their folded texts, from the lines "id = text" of the column "Mã"."""
    lines = (line.partition("=") for line in text.split("\n")[1:])
    return {folded(words): id.strip() for id, sign, words in lines if sign}
