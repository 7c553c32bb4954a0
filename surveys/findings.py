"""Gathering the faults of a survey file, and the looks at tables, keys and texts that every part of it shares."""

import re
from difflib import get_close_matches
from typing import Any

from surveys.faults import Fault, Place
from surveys.lines import Block, Lines

MAX_TEXT = 2000
"""Characters of one text; a chat takes about 4,000 in one message, choices included."""
ID = re.compile(r"[a-z][a-z0-9_]{0,23}")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{4})?(-([A-Z]{2}|[0-9]{3}))?(-[A-Za-z0-9]{5,8})*(-x(-[A-Za-z0-9]{1,8})+)?")
"""A BCP-47 tag as it is usually written: language, script, region, variants ("vi", "km-KH", "tyz-Latn", "jra-VN")."""
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_SHOWN = 40
_ENOUGH = 500

Table = dict[str, Any]


class Findings:
    """Gathers faults, and knows the line of every place."""

    def __init__(self, lines: Lines) -> None:
        self.faults: list[Fault] = []
        self._lines = lines
        self._told: set[tuple[str, str, int]] = set()

    def add(self, code: str, block: Block, key: str = "", *, id: object = "", column: int = 0, **params: str) -> None:
        """Enters a fault; `id` is that of the question, where it can be shown.

        What an item has from its matrix is a fault of the matrix, told once.
        """
        name, number, part = block
        matrix: Block = ("questions", number, 0)
        if name == "questions.items" and not self._lines.has(block, key) and self._lines.has(matrix, key):
            if (code, key, number) in self._told:
                return
            self._told.add((code, key, number))
            block, name, part, id = matrix, "questions", 0, ""
        place = Place(
            question=number if name.startswith("questions") else 0,
            id=id if isinstance(id, str) and ID.fullmatch(id) else "",
            choice=part if name == "questions.choices" else 0,
            item=part if name == "questions.items" else 0,
            factor=number if name == "factors" else 0,
            key=key,
            line=self._lines.of(block, key),
            column=column,
        )
        self.faults.append(Fault(code, place, params))

    def near(self, code: str, block: Block, key: str, found: str, known: list[str], *, id: object = "") -> None:
        """Enters that a word is not one of the known ones, with the nearest of them where there is one."""
        some = len(self.faults) < _ENOUGH  # in a file that is something else altogether, guessing helps nobody
        near = get_close_matches(found[:_SHOWN], known, n=1, cutoff=0.6) if some else []
        self.add(
            f"{code}.near" if near else code,
            block,
            key,
            id=id,
            found=found[:_SHOWN],
            near=near[0] if near else "",
            known=", ".join(known),
        )


def has_type(value: object, wanted: type | tuple[type, ...]) -> bool:
    """Whether a value is of that type, where true and false are no numbers."""
    if wanted is bool:
        return isinstance(value, bool)
    return isinstance(value, wanted) and not isinstance(value, bool)


def tables(table: Table, key: str, block: Block, findings: Findings, *, id: object = "") -> list[Table]:
    """The tables of a list; anything else there is a fault, and none of the list is looked at."""
    entries = table.get(key, [])
    if not isinstance(entries, list):
        return []
    if not all(isinstance(entry, dict) for entry in entries):
        findings.add("type.tables", block, key, id=id)
        return []
    return entries


def check_text(text: str, block: Block, key: str, findings: Findings, *, id: object = "") -> None:
    """A text is neither empty where it is needed, nor too long, nor does it hold control characters."""
    if not text.strip() and key.partition(".")[0] in {"title", "text"}:
        findings.add("text.empty", block, key, id=id)
    if len(text) > MAX_TEXT:
        findings.add("text.too_long", block, key, id=id, length=str(len(text)), most=str(MAX_TEXT))
    if _CONTROL.search(text):
        findings.add("text.control", block, key, id=id)


def check_language(tag: object, block: Block, key: str, findings: Findings, *, id: object = "") -> None:
    """A language is a BCP-47 tag by its form."""
    if isinstance(tag, str) and not LANGUAGE.fullmatch(tag):
        findings.add("language", block, key, id=id, found=tag[:_SHOWN])


def duplicates(
    entries: list[tuple[Block, object, int]], findings: Findings, *, key: str = "id", of: object = ""
) -> None:
    """Of (place, id or number, which) entries, every one that was there before is a fault that names the first.

    `of` is the id of the question that they all belong to.
    """
    first: dict[object, int] = {}
    for block, found, which in entries:
        if not isinstance(found, str | int):
            continue
        if found in first:
            shown = str(found)[:_SHOWN]
            findings.add(f"{key}.twice", block, key, id=of or found, found=shown, first=str(first[found]))
        first.setdefault(found, which)
