"""Texts of a form in its languages, without the marks that a chat does not show."""

import re

import msgspec

from surveys.faults import Fault
from surveys.piping import named, renamed
from surveys.xlsform.columns import Table

_TAGS = re.compile(
    r"</?(?:span|b|i|u|br|font|strong|em|p|div|h[1-6]|small|big|sup|sub|a|center)\b[^<>]*>", re.IGNORECASE
)
_BREAKS = re.compile(r"<(?:br|/p|/div)\b[^<>]*>", re.IGNORECASE)
_STRONG = re.compile(
    r"(?<!\*)\*{2,3}(?=[^\s*])(.+?)(?<=[^\s*])\*{2,3}(?!\*)|(?<!_)__(?=[^\s_])(.+?)(?<=[^\s_])__(?!_)", re.DOTALL
)
"""Strong words, but not the line to write on ("Tên: ____")."""
_SLANTED = re.compile(
    r"(?<![\w*])\*(?=\w)([^*\n]+)(?<=[\w.,:;!?])\*(?![\w*])|(?<!\w)_(?=[^\W_])([^_\n]+)(?<=[^\s_])_(?!\w)"
)
_LINK = re.compile(r"\[([^\[\]\n]+)\]\((https?://[^\s()]+)\)")
_HEADING = re.compile(r"^#{1,6}\s+", re.MULTILINE)
_INSERTED = re.compile(r"\$\{[^{}]*\}")
_HELD = re.compile("\ue000([0-9]+)\ue001")
"""Stands for an answer while the marks around it are taken off; its name may look like marks."""


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
        self.names: dict[str, str] = {}
        """The ids of questions whose answers a text can show, by their names in the form."""
        self.broken: frozenset[str] = frozenset()
        """Names of questions that are at fault themselves."""
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
        self._faults.extend(
            Fault("xlsform.inserted", place, {"name": name})
            for name in dict.fromkeys(named(text))
            if name not in self.names and name not in self.broken
        )
        held = _INSERTED.findall(text)
        numbers = iter(range(len(held)))
        bare = _without_marks(_INSERTED.sub(lambda _: f"\ue000{next(numbers)}\ue001", text))
        bare = _HELD.sub(lambda at: held[int(at[1])] if int(at[1]) < len(held) else "", bare)
        if bare != text:
            self._remarks.append(Fault("xlsform.marks", place))
        return renamed(bare, self.names)


def _without_marks(text: str) -> str:
    text = _HEADING.sub("", _STRONG.sub(_inner, _TAGS.sub("", _BREAKS.sub("\n", text))))
    text = _SLANTED.sub(_inner, text)
    return _LINK.sub(lambda found: found[1] if found[1] == found[2] else f"{found[1]} ({found[2]})", text).strip()


def _inner(found: re.Match[str]) -> str:
    return found[1] or found[2]
