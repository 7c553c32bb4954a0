"""Words as a search compares them: folded, each once; and where they stand in a text, to be marked there."""

import re
from collections.abc import Collection, Iterator

from vietnam.text import fold

LONGEST = 40
_WORD = re.compile(r"[^\W_]+")


def search_words(text: str) -> list[str]:
    """The different words of a text without accents, in the order they come; only a-z and 0-9 in each.

    Signs, operators and quotes are none. A word of another script is written as its bytes in hexadecimal, so that every
    engine takes it for one word.
    """
    return list(dict.fromkeys(_plain(word) for word in _WORD.findall(fold(text))))


def _plain(word: str) -> str:
    return (word if word.isascii() else "x" + word.encode("utf-8", "replace").hex())[:LONGEST]


def marked(text: str, words: Collection[str]) -> Iterator[tuple[str, bool]]:
    """The text in pieces, each with whether it is of the words (as `search_words` gives them).

    Words that stand beside one another are one piece.
    """
    begun = end = at = 0
    for found in _WORD.finditer(text) if words else ():
        if _plain(fold(found.group())) not in words:
            continue
        if end > begun and not text[end : found.start()].isspace():
            yield from _pieces(text, at, begun, end)
            at, begun = end, found.start()
        elif end == begun:
            begun = found.start()
        end = found.end()
    yield from _pieces(text, at, begun, end)
    if end < len(text):
        yield text[end:], False


def _pieces(text: str, at: int, begun: int, end: int) -> Iterator[tuple[str, bool]]:
    if end > begun:
        if begun > at:
            yield text[at:begun], False
        yield text[begun:end], True
