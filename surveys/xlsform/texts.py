"""Texts of a form in its languages, without the marks that a chat does not show."""

import re

import msgspec

from surveys.faults import Fault
from surveys.xlsform.columns import Table

_TAGS = re.compile(
    r"</?(?:span|b|i|u|br|font|strong|em|p|div|h[1-6]|small|big|sup|sub|a|center)\b[^<>]*>", re.IGNORECASE
)
_BREAKS = re.compile(r"<(?:br|/p|/div)\b[^<>]*>", re.IGNORECASE)
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1", re.DOTALL)
_HEADING = re.compile(r"^#{1,6}\s+", re.MULTILINE)
_PIPED = re.compile(r"\$\{\s*([^}]*?)\s*\}")


class Languages(msgspec.Struct, frozen=True):
    """The survey's own language, and the others that its sheets have columns for."""

    own: str
    others: tuple[str, ...]


def languages_of(tables: list[Table], default: str) -> Languages:
    """The form's own language: as its settings say, else Vietnamese where it has that or names none, else the first."""
    tags = list(dict.fromkeys(tag for table in tables for tag in table.tags()))
    plain = any(table.column("label") for table in tables)
    if default:
        own = default
    elif "vi" in tags or plain or not tags:
        own = "vi"
    else:
        own = tags[0]
    return Languages(own, tuple(tag for tag in tags if tag != own))


class Texts:
    """Reads the texts of rows, and gathers what is wrong with them and what is left out."""

    def __init__(self, languages: Languages, faults: list[Fault], remarks: list[Fault]) -> None:
        self.languages = languages
        self._faults = faults
        self._remarks = remarks

    def of(self, table: Table, row: int, column: str) -> tuple[str, dict[str, str]]:
        """The text in the survey's own language, and those in the others that have one.

        A text that only other languages have stands for the missing one, with a remark.
        """
        own = self.languages.own
        said = {}
        for tag in ("", own, *self.languages.others):
            text = self._cleaned(table, row, column, tag)
            if text:
                said[tag] = text
        plain = said.pop("", "")
        text = said.pop(own, "") or plain
        if not text and said:
            tag, text = next(iter(said.items()))
            del said[tag]
            place = table.place(row, column, own)
            self._remarks.append(Fault("xlsform.borrowed", place, {"language": own, "other": tag}))
        return text, said

    def _cleaned(self, table: Table, row: int, column: str, tag: str) -> str:
        text = table.cell(row, column, tag)
        if not text:
            return ""
        place = table.place(row, column, tag)
        if piped := _PIPED.search(text):
            self._faults.append(Fault("xlsform.piped", place, {"name": piped[1]}))
        bare = _HEADING.sub("", _STRONG.sub(r"\2", _TAGS.sub("", _BREAKS.sub("\n", text)))).strip()
        if bare != text:
            self._remarks.append(Fault("xlsform.marks", place))
        return bare
