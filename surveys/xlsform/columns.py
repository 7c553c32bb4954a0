"""Columns of an XLSForm sheet under one name each, however their headings are written.

Headings: xlsform.org/en/ref-table, and the aliases that pyxform takes of older forms ("caption", "bind: relevant").
"""

import re
from collections.abc import Iterator

import msgspec

from surveys.faults import Fault, Place
from surveys.sheets.grid import Sheet
from surveys.xlsform.tongues import tag_of

_BREAK = re.compile(r"\s*::?\s*")
_ALIASES = {
    "command": "type",
    "tag": "name",
    "value": "name",
    "caption": "label",
    "relevance": "relevant",
    "bind::relevant": "relevant",
    "bind::constraint": "constraint",
    "constraining_message": "constraint_message",
    "bind::jr::constraintmsg": "constraint_message",
    "bind::required": "required",
    "requiredmsg": "required_message",
    "bind::jr::requiredmsg": "required_message",
    "control::appearance": "appearance",
    "body::appearance": "appearance",
    "calculate": "calculation",
    "bind::calculate": "calculation",
    "readonly": "read_only",
    "bind::readonly": "read_only",
    "count": "repeat_count",
    "jr::count": "repeat_count",
    "guidance_hint": "guidance_hint",
}
_TRANSLATED = frozenset({
    "label", "hint", "guidance_hint", "constraint_message", "required_message", "image", "big-image", "audio", "video",
})  # fmt: skip
SURVEY = frozenset({
    "type", "name", "relevant", "constraint", "required", "appearance", "calculation", "read_only", "choice_filter",
    "parameters", "disabled", "default", "trigger", "repeat_count", *_TRANSLATED,
})  # fmt: skip
"""What a column of the survey sheet can be; anything else decorates (rows, body::accuracyThreshold, ...)."""


class Column(msgspec.Struct, frozen=True):
    """One column: its number from 1, its one name, the language of its texts ("" for none said), what is written."""

    number: int
    name: str
    language: str
    heading: str


class Table(msgspec.Struct, frozen=True):
    """A sheet below its headings."""

    sheet: Sheet
    columns: tuple[Column, ...]
    heading_row: int

    def column(self, name: str, language: str = "") -> Column | None:
        """The column of that name and language."""
        return next((one for one in self.columns if (one.name, one.language) == (name, language)), None)

    def cell(self, row: int, name: str, language: str = "") -> str:
        """The text in a row under that column; "" where there is no such column."""
        column = self.column(name, language)
        return self.sheet.cell(row, column.number) if column else ""

    def place(self, row: int, name: str = "", language: str = "", at: int = 0) -> Place:
        """The cell as the place of a fault; `at` is the character in it.

        Where the language has no such column that of another, the row where none has.
        """
        column = self.column(name, language) or next((one for one in self.columns if one.name == name), None)
        return msgspec.structs.replace(self.sheet.place(row, column.number if column else 0), column=at)

    def rows(self) -> list[int]:
        """The numbers of the rows below the headings with something in them."""
        return [row for row in self.sheet.rows if row > self.heading_row]

    def tags(self) -> list[str]:
        """The languages of the columns, in their order."""
        return list(dict.fromkeys(one.language for one in self.columns if one.language))


def table_of(sheet: Sheet, known: frozenset[str], faults: list[Fault]) -> Table:
    """The sheet's columns; a heading that stands twice and a language without a code are faults."""
    heading_row = next(iter(sheet.rows), 1)
    columns: list[Column] = []
    first: dict[tuple[str, str], Place] = {}
    for number, heading in enumerate(sheet.rows.get(heading_row, ()), start=1):
        if not heading:
            continue
        name, spoken = _name_of(heading)
        place = sheet.place(heading_row, number)
        tag = ""
        if spoken and name in _TRANSLATED:
            tag = tag_of(spoken)
            if not tag:
                faults.append(Fault("xlsform.language", place, {"found": spoken}))
                tag = spoken.lower()
        elif spoken:
            name = f"{name}::{spoken.lower()}"
        before = first.setdefault((name, tag), place)
        if before is not place and name in known:
            faults.append(Fault("xlsform.column_twice", place, {"found": heading, "first": before.cell}))
        elif before is place:
            columns.append(Column(number, name, tag, heading))
    return Table(sheet, tuple(columns), heading_row)


def _name_of(heading: str) -> tuple[str, str]:
    """(one name, language or what else stands behind the colons)."""
    parts = [part for part in _BREAK.split(heading.strip()) if part]
    if not parts:
        return "", ""
    parts[0] = re.sub(r"\s+", "_", parts[0].lower())
    if parts[0] == "media" and len(parts) > 1:
        parts = [parts[1].lower(), *parts[2:]]
    whole = "::".join(part.lower() for part in parts)
    if whole in _ALIASES:
        return _ALIASES[whole], ""
    # bind::jr:constraintMsg::vi carries a language behind an alias.
    if parts[0] in {"bind", "control", "body"}:
        front, _, last = whole.rpartition("::")
        return (_ALIASES[front], parts[-1]) if front in _ALIASES and last else (whole, "")
    return _ALIASES.get(parts[0], parts[0]), ":".join(parts[1:])


def unknown_columns(table: Table, known: frozenset[str]) -> Iterator[tuple[Column, int]]:
    """Columns of no known name that are not empty, with how many cells they fill."""
    for column in table.columns:
        filled = sum(1 for row in table.rows() if table.sheet.cell(row, column.number))
        if column.name not in known and filled:
            yield column, filled
