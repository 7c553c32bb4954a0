"""Set phrases found in what people write: with accents, with some of them or with none, but never with others.

"chay nha" and "chay nhà" are "cháy nhà"; "chạy nhà" is not. Where the accents are placed ("hỏa", "hoả"), whether it is
hỏi or ngã, and letters held down ("cứuuuu") make no difference.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

_TOKENS = re.compile(r"\w+|[.!?;:…\n,()]")
_HELD = re.compile(r"([^\W\d_])\1{2,}")
_TWICE = re.compile(r"(?<=[aeiouyáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữự])([^\W\d_])\1\b")
T = TypeVar("T")
_END, _PAUSE = ".", ","
_HOI, _NGA = "\u0309", "\u0303"
_FORGOTTEN = frozenset({"\u0300", "\u0301", _NGA, "\u0323", "đ"})
"""Accents that people leave out of a word that has another: its tone, and the stroke of đ."""
_GAP = "..."
_WIDEST = 3
"""How many words may stand where a phrase has "..."."""


class Word(NamedTuple):
    """Its letters without accents, and which accents it has ("đ" for that of đ)."""

    bare: str
    marks: frozenset[str]


Words = tuple[Word, ...]
_NONE: frozenset[str] = frozenset()
_BREAKS = {sign: Word(_PAUSE if sign in ",()" else _END, _NONE) for sign in ".!?;:…\n,()"}


def words_of(text: str) -> Words:
    """The words of a text in their order, with a mark where a sentence ends or pauses."""
    lowered = unicodedata.normalize("NFC", text.lower())
    lowered = _TWICE.sub(r"\1", _HELD.sub(_let_go, lowered))
    return tuple(_word(token) for token in _TOKENS.findall(lowered))


def _let_go(held: re.Match[str]) -> str:
    """One letter of many; two of the u of "cuu", which is a word's own."""
    before = held.string[held.start() - 1 : held.start()]
    return "uu" if held[1] == "u" and before == "c" else held[1]


@lru_cache(maxsize=4096)
def _word(token: str) -> Word:
    if token in _BREAKS:
        return _BREAKS[token]
    if token.isascii():
        return Word(_once(token), _NONE)
    letters = unicodedata.normalize("NFD", token)
    marks = {_NGA if char == _HOI else char for char in letters if unicodedata.combining(char)}
    bare = "".join(char for char in letters if not unicodedata.combining(char))
    if "đ" in bare:
        marks.add("đ")
    return Word(_once(bare.replace("đ", "d")), frozenset(marks))


def _once(bare: str) -> str:
    """No word ends in two of these: the first had the accent, the second was held."""
    return bare[:-1] if bare[-2:] in {"aa", "ee", "ii", "oo", "yy"} else bare


Choice = Mapping[str, Sequence[Words]]
"""Phrases of which any may stand in one place, by their first words without accents."""


def choice(texts: Iterable[str]) -> Choice:
    """A class that phrases may name: any of these texts."""
    by_first: dict[str, list[Words]] = {}
    for words in map(words_of, texts):
        by_first.setdefault(words[0].bare, []).append(words)
    return by_first


_ANYTHING: Choice = {}


class Phrase:
    """One phrase. "..." stands for up to three words, also past a comma; "<name>" for any phrase of that class."""

    def __init__(self, text: str, classes: Mapping[str, Choice] | None = None, *, exact: bool = False) -> None:
        """`exact`: it is meant only where it is written with all its accents. ValueError: a class that is unknown."""
        self.exact = exact
        self._parts = [_part(part, text, classes or {}) for part in text.split()]
        if not self._parts or not self._parts[0] or not self._parts[-1]:
            raise ValueError(f"{text!r}: a phrase begins and ends with words")

    @property
    def first(self) -> Iterable[str]:
        """The words, without accents, that it may begin with."""
        return self._parts[0].keys()

    @property
    def whole(self) -> tuple[str, ...]:
        """All its words without accents; () where it has a gap or a class."""
        if any(len(part) != 1 for part in self._parts):
            return ()
        ways = [next(iter(part.values())) for part in self._parts]
        return tuple(word.bare for way in ways for word in way[0]) if all(len(way) == 1 for way in ways) else ()

    def end(self, words: Words, start: int) -> int:
        """Where it ends at the earliest if it begins at that word; 0 where it does not."""
        places = {start}
        for part in self._parts:
            places = {end for place in places for end in self._after(part, words, place)}
            if not places:
                return 0
        return min(places)

    def _after(self, part: Choice, words: Words, place: int) -> Iterator[int]:
        if not part:
            yield place
            between = 0
            for end in range(place, len(words)):
                between += words[end].bare != _PAUSE
                if words[end].bare == _END or between > _WIDEST:
                    return
                yield end + 1
        elif place < len(words):
            for wanted in part.get(words[place].bare, ()):
                end = place + len(wanted)
                if end <= len(words) and all(map(self._same, words[place:end], wanted)):
                    yield end

    def _same(self, typed: Word, wanted: Word) -> bool:
        if typed.bare != wanted.bare:
            return False
        if self.exact or typed.marks == wanted.marks:
            return typed.marks == wanted.marks
        return typed.marks < wanted.marks and (not typed.marks or wanted.marks - typed.marks <= _FORGOTTEN)


def _part(part: str, text: str, classes: Mapping[str, Choice]) -> Choice:
    if part == _GAP:
        return _ANYTHING
    if not part.startswith("<"):
        return choice([part])
    name = part.strip("<>")
    if name not in classes:
        raise ValueError(f"{text!r}: there is no class {part}")
    return classes[name]


class Found(NamedTuple, Generic[T]):
    """A phrase found from the word `start` up to, not with, the word `end`."""

    start: int
    end: int
    value: T

    def within(self, spans: Iterable["Found[None]"]) -> bool:
        """Whether it is a part of one of those."""
        return any(span.start <= self.start and self.end <= span.end for span in spans)

    def touched(self, spans: Iterable["Found[None]"]) -> bool:
        """Whether one of those has a word of it."""
        return any(span.start < self.end and self.start < span.end for span in spans)

    def overruled(self, spans: Iterable["Found[None]"]) -> bool:
        """Whether one of those has words of it, and is not merely a part of it."""
        return self.touched(
            span
            for span in spans
            if span.start < self.start or self.end < span.end or (span.start, span.end) == (self.start, self.end)
        )


class Phrases(Generic[T]):
    """Phrases, each with what it stands for, looked up by their first words."""

    def __init__(self, entries: Iterable[tuple[Phrase, T]]) -> None:
        self._set: dict[tuple[str, ...], list[tuple[Phrase, T]]] = {}
        self._lengths: dict[str, set[int]] = {}
        self._open: dict[str, list[tuple[Phrase, T]]] = {}
        for phrase, value in entries:
            if phrase.whole:
                self._set.setdefault(phrase.whole, []).append((phrase, value))
                self._lengths.setdefault(phrase.whole[0], set()).add(len(phrase.whole))
                continue
            for first in phrase.first:
                self._open.setdefault(first, []).append((phrase, value))

    def find(self, words: Words) -> list[Found[T]]:
        """Every place where one stands, in the order of the text."""
        bare = tuple(word.bare for word in words)
        return [
            Found(start, end, value)
            for start in range(len(words))
            for phrase, value in self._perhaps(bare, start)
            if (end := phrase.end(words, start))
        ]

    def _perhaps(self, bare: tuple[str, ...], start: int) -> Iterator[tuple[Phrase, T]]:
        """Those that could stand there by their letters alone."""
        for length in self._lengths.get(bare[start], ()):
            yield from self._set.get(bare[start : start + length], ())
        yield from self._open.get(bare[start], ())
