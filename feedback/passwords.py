"""Whether a password is hard enough to guess: what people build passwords of, and how many tries that takes.

The way of thinking is that of zxcvbn (Wheeler, USENIX Security 2016): a password is as strong as the cheapest way of
putting it together from known words, the officer's own names, dates, rows of keys and repeats. Numbers are powers of
ten of guesses.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from functools import cache
from importlib import resources
from itertools import pairwise
from math import factorial, log10

from vietnam.text import clean, fold, fold_words

LEAST = 10
"""Characters."""
MOST = 200
_ENOUGH = 9.0
"""Powers of ten of guesses: beyond what the door lets anybody try in a life."""
_UNKNOWN = 1.0
"""What a character costs that fits nothing known."""
_SEPARATOR = 0.3
_SEPARATORS = re.compile(r"[\s._-]+")
_ROWS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm", "!@#$%^&*()")
_LEET = str.maketrans("013457@$!", "oieastasi")
_LONGEST_WORD = 24


class Weakness(StrEnum):
    """What makes a password easy, as a page says it in one sentence."""

    SHORT = "short"
    LONG = "long"
    OWN = "own"
    """It is made of the officer's own name, log-in or commune."""
    COMMON = "common"
    REPEATS = "repeats"
    ROW = "row"
    """Keys or letters in a row."""
    DATE = "date"
    SIMPLE = "simple"


_Piece = tuple[int, float, Weakness | None]
"""Where a piece ends, what it costs, and what it is."""


def weakness(password: str, about: Iterable[str] = ()) -> Weakness | None:
    """Why a password is too easy, None where it is not.

    `about` is what everybody knows of the officer: log-in, name, commune, village.
    """
    whole = clean(password)[0]
    if len(whole) < LEAST:
        return Weakness.SHORT
    if len(whole) > MOST:
        return Weakness.LONG
    own = frozenset(_own(about))
    plain = fold(whole)
    joined = _SEPARATORS.sub("", plain)
    spared = _SEPARATOR * (len(plain) - len(joined))
    cost, why = min((_cheapest(plain, own), _added(_cheapest(joined, own), spared)), key=lambda one: one[0])
    return (why or Weakness.SIMPLE) if cost < _ENOUGH else None


def _added(found: tuple[float, Weakness | None], more: float) -> tuple[float, Weakness | None]:
    return found[0] + more, found[1]


def _own(about: Iterable[str]) -> Iterator[str]:
    """Words of three letters and more, and neighbouring ones written together."""
    for text in about:
        words = re.split(r"[^a-z0-9]+", fold_words(text))
        for first in range(len(words)):
            for last in range(first + 1, len(words) + 1):
                joined = "".join(words[first:last])
                if len(joined) >= 3:
                    yield joined


@cache
def _common() -> dict[str, float]:
    """Known words and what each costs."""
    words = resources.files("feedback").joinpath("passwords.txt").read_text("utf-8").splitlines()
    named = [word for word in words if len(word) >= 3 and not word.startswith("#")]
    return {word: log10(rank + 2) for rank, word in enumerate(named)}


def _cheapest(text: str, own: frozenset[str]) -> tuple[float, Weakness | None]:
    """The cost of the cheapest way to put it together, and which kind of piece spares most."""
    best: list[float] = [0.0, *([float("inf")] * len(text))]
    ways: list[tuple[_Piece, ...]] = [(), *([()] * len(text))]
    for at in range(len(text)):
        for piece in _pieces(text, at, own):
            end, cost, kind = piece
            named = sum(one[2] is not None for one in ways[at]) + (kind is not None)
            # Known pieces may stand in any order: that is a little more to try.
            more = log10(factorial(named)) - log10(factorial(named - 1)) if kind and named else 0.0
            if best[at] + cost + more < best[end]:
                best[end] = best[at] + cost + more
                ways[end] = (*ways[at], (end - at, cost, kind))
    spared: dict[Weakness, float] = {}
    for length, cost, kind in ways[-1]:
        if kind is not None:
            spared[kind] = spared.get(kind, 0.0) + length * _UNKNOWN - cost
    return best[-1], max(spared, key=lambda kind: spared[kind], default=None)


def _pieces(text: str, at: int, own: frozenset[str]) -> Iterator[_Piece]:
    yield at + 1, _UNKNOWN, None
    for find in (_words(own), _row, _repeat, _date):
        yield from find(text, at)


def _words(own: frozenset[str]) -> Callable[[str, int], Iterator[_Piece]]:
    def find(text: str, at: int) -> Iterator[_Piece]:
        common = _common()
        for end in range(at + 3, min(len(text), at + _LONGEST_WORD) + 1):
            for word in {text[at:end], text[at:end].translate(_LEET)}:
                if word in own:
                    yield end, 0.5, Weakness.OWN
                if word in common:
                    yield end, common[word], Weakness.COMMON

    return find


def _row(text: str, at: int) -> Iterator[_Piece]:
    for end in range(at + 3, len(text) + 1):
        run = text[at:end]
        steps = {ord(b) - ord(a) for a, b in pairwise(run)}
        keys = any(run in row or run[::-1] in row for row in _ROWS)
        if steps not in ({1}, {-1}) and not keys:
            return
        yield end, 1.3 + log10(len(run)), Weakness.ROW


def _repeat(text: str, at: int) -> Iterator[_Piece]:
    for length in range(1, (len(text) - at) // 2 + 1):
        block, end = text[at : at + length], at + length
        while text[end : end + length] == block:
            end += length
        times = (end - at) // length
        if times >= 2 and end - at >= 3:
            yield end, length * _UNKNOWN + log10(times), Weakness.REPEATS


_DATES = (
    (re.compile(r"(?:19[4-9]|20[0-3])\d"), 2.0),
    (re.compile(r"(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])"), 2.6),
    (re.compile(r"(?:0?[1-9]|1[0-2])(?:19[4-9]|20[0-3])\d"), 3.1),
    (re.compile(r"(?:0?[1-9]|[12]\d|3[01])(?:0?[1-9]|1[0-2])\d\d"), 4.6),
    (re.compile(r"(?:0?[1-9]|[12]\d|3[01])[/-]?(?:0?[1-9]|1[0-2])[/-]?(?:19[4-9]|20[0-3])\d"), 4.6),
    (re.compile(r"(?:19[4-9]|20[0-3])\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"), 4.6),
)
"""Dates as they are typed, and the power of ten of how many there are."""


def _date(text: str, at: int) -> Iterator[_Piece]:
    for pattern, cost in _DATES:
        found = pattern.match(text, at)
        if found:
            yield found.end(), cost, Weakness.DATE
