"""Where the keys of a TOML survey stand, by line: tomllib tells values but not their places."""

import re

_HEADER = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_.\s\"-]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"\s*((?:\"[^\"]+\"|'[^']+'|[A-Za-z0-9_-]+)(?:\s*\.\s*(?:\"[^\"]+\"|'[^']+'|[A-Za-z0-9_-]+))*)\s*=")
_OPENS = re.compile(r"\"\"\"|'''")
_LONGEST = 500
"""Characters of a line that are looked at for a header or a key: what is longer is a text."""
_MOST_PARTS = 8
_BLANK = re.compile(r"[\s\"']")

Block = tuple[str, int, int]
"""("", 0, 0) for the top, ("factors", number, 0), ("questions", number, 0), and inside a question
("questions.choices", question, choice) and ("questions.items", question, item)."""
TOP: Block = ("", 0, 0)

_WITHIN = ("questions.choices", "questions.items")
_TABLES = ("questions", "factors", *_WITHIN)


class Lines:
    """Lines of tables and keys in a text that is written in the usual way; 0 where a place cannot be told.

    The key of a value in a table of its own is written with points: "text.km" for `text.km = ...` as well as for
    `km = ...` under [questions.text].
    """

    def __init__(self, text: str) -> None:
        self._places: dict[tuple[Block, str], int] = {}
        self._counts: dict[str, int] = {}
        self._last: dict[str, Block] = {"": TOP}
        block, prefix, inside = TOP, "", ""
        for number, line in enumerate(text.split("\n"), start=1):
            if inside:
                inside = "" if line.count(inside) % 2 else inside
                continue
            start = line[:_LONGEST]
            header = _HEADER.match(start) if len(start) == len(line) else None
            if header:
                block, prefix = self._enter(_BLANK.sub("", header[2]), number, double=header[1] == "[[")
                continue
            key = _KEY.match(start)
            if key:
                self._note(block, prefix + _BLANK.sub("", key[1]), number)
            for mark in _OPENS.findall(line):
                inside = mark if not inside else ("" if mark == inside else inside)

    def of(self, block: Block, key: str = "") -> int:
        """The line of a key in a block; of what it stands in, where the key itself is not found; else 0."""
        while key:
            if found := self._places.get((block, key)):
                return found
            key = key.rpartition(".")[0]
        if found := self._places.get((block, "")):
            return found
        name, number, _ = block
        if name in _WITHIN:  # choices = [{id = ...}, ...]
            return self.of(("questions", number, 0), name.removeprefix("questions."))
        return self._places.get((TOP, name), 0)  # questions = [{id = ...}, ...]

    def has(self, block: Block, key: str) -> bool:
        """Whether that very key stands in the block."""
        return (block, key) in self._places

    def _note(self, block: Block, key: str, number: int) -> None:
        parts = key.split(".")[:_MOST_PARTS]
        for length in range(len(parts), 0, -1):
            self._places.setdefault((block, ".".join(parts[:length])), number)

    def _enter(self, name: str, number: int, *, double: bool) -> tuple[Block, str]:
        """The block that a header opens, and what stands before the keys below it."""
        if not double or name not in _TABLES:
            known = max((table for table in _TABLES if name.startswith(f"{table}.")), key=len, default="")
            block = self._last.get(known, TOP)
            inner = name.removeprefix(known).lstrip(".")
            self._note(block, inner, number)
            return block, f"{inner}."
        outer = self._counts.get("questions", 0) if name in _WITHIN else 0
        counter = f"{name} of {outer}"
        count = self._counts[counter] = self._counts.get(counter, 0) + 1
        if name == "questions":
            self._counts[name] = count
        block = (name, outer, count) if name in _WITHIN else (name, count, 0)
        self._last[name] = block
        self._places.setdefault((block, ""), number)
        return block, ""
