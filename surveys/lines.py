"""Where the keys of a TOML survey stand, by line: tomllib tells values but not their places."""

import re

_HEADER = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_.\s\"-]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"\s*(?:\"([^\"]+)\"|([A-Za-z0-9_-]+))\s*=")
_OPENS = re.compile(r"\"\"\"|'''")

Block = tuple[str, int, int]
"""("", 0, 0) for the top, ("questions", number, 0), ("questions.choices", question, choice), ("factors", number, 0)."""


class Lines:
    """Lines of tables and keys in a text that is written in the usual way; 0 where a place cannot be told."""

    def __init__(self, text: str) -> None:
        self._places: dict[tuple[Block, str], int] = {}
        self._counts: dict[str, int] = {}
        block: Block = ("", 0, 0)
        inside = ""
        for number, line in enumerate(text.split("\n"), start=1):
            if inside:
                inside = "" if line.count(inside) % 2 else inside
                continue
            header = _HEADER.match(line)
            if header:
                block = self._enter(header[2].replace(" ", "").replace('"', ""), double=header[1] == "[[")
                self._places.setdefault((block, ""), number)
                continue
            key = _KEY.match(line)
            if key:
                self._places.setdefault((block, key[1] or key[2]), number)
            for mark in _OPENS.findall(line):
                inside = mark if not inside else ("" if mark == inside else inside)

    def of(self, block: Block, key: str = "") -> int:
        """The line of a key in a block; of the block's header where the key is not there; else 0."""
        return self._places.get((block, key)) or self._places.get((block, ""), 0)

    def _enter(self, name: str, *, double: bool) -> Block:
        if not double:
            return (f"[{name}]", 0, 0)
        if name == "questions.choices":
            question = self._counts.get("questions", 0)
            counter = f"choices of {question}"
            self._counts[counter] = self._counts.get(counter, 0) + 1
            return (name, question, self._counts[counter])
        self._counts[name] = self._counts.get(name, 0) + 1
        return (name, self._counts[name], 0)
