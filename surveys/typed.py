"""What a person typed, cut into words, and phrases that it is compared with: with accents or without any."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Generic, TypeVar

from vietnam.text import fold

_WORD = re.compile(r"\w+")
_OTHER_DIGIT = re.compile(r"[^\D0-9]")
_SIGNS = re.compile(r"[-+/<>=%~?,\u2212\u2013\u2014]|(?<=\d)[.:](?=\d)")
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")

_PLAIN = {**dict.fromkeys(map(ord, _TONES)), **str.maketrans("ăâêôơưđ", "aaeooud")}

Words = tuple[str, ...]
Meaning = TypeVar("Meaning")


def words_of(text: str) -> Words:
    """The words of a text: lower case, digits of any script as 0-9, no punctuation or emoji."""
    # Not remembered: what a person typed must not stay in memory longer than the turn.
    lowered = text.lower()
    if lowered.isascii():
        return tuple(_WORD.findall(lowered))
    return tuple(map(tone_last, _WORD.findall(plain_digits(unicodedata.normalize("NFC", lowered)))))


def plain_digits(text: str) -> str:
    """The text with digits of any script as 0-9 ("៥" is 5)."""
    return _OTHER_DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), text)


def tone_last(word: str) -> str:
    """A word with its tone mark at the end, so that "hoà" and "hòa" are one word."""
    if word.isascii():
        return word
    parts = unicodedata.normalize("NFD", word)
    tones = "".join(c for c in parts if c in _TONES)
    return unicodedata.normalize("NFC", "".join(c for c in parts if c not in _TONES)) + tones


@lru_cache(maxsize=8192)
def phrase(text: str) -> Words:
    """`words_of` a label or a phrase of the vocabulary, remembered."""
    return words_of(text)


def plain_phrase(text: str) -> Words:
    """A label or a phrase of the vocabulary as words without accents."""
    return folded(phrase(text))


def folded(words: Words) -> Words:
    """The words (as of `words_of`) without accents."""
    return tuple(word if word.isascii() else _without_marks(word) for word in words)


def _without_marks(word: str) -> str:
    plain = word.translate(_PLAIN)  # five times as fast as `fold`, which knows every script
    return plain if plain.isascii() else fold(word)


def has_signs(text: str) -> bool:
    """Whether there are signs that would change a number ("-5", "4+", "4,5", "4?")."""
    return bool(_SIGNS.search(text))


class Book(Generic[Meaning]):
    """Phrases and what they mean, found by typed words with their accents or without any.

    A slip in one accent is forgiven in a phrase, but not in one word ("cô" is not "có").
    """

    def __init__(self, pairs: Iterable[tuple[str, Meaning]]) -> None:
        self._exact: dict[Words, tuple[Meaning, ...]] = {}
        self._plain: dict[Words, tuple[Meaning, ...]] = {}
        self._joined: dict[str, tuple[Meaning, ...]] = {}
        for text, meaning in pairs:
            words = phrase(text)
            if words:
                plain = folded(words)
                _enter(self._exact, words, meaning)
                _enter(self._plain, plain, meaning)
                if len(words) > 1:
                    _enter(self._joined, "".join(plain), meaning)
        self.longest = max(map(len, self._plain), default=0)

    def __contains__(self, words: Words) -> bool:
        return bool(self.find(words))

    def find(self, words: Words) -> tuple[Meaning, ...]:
        """What the words mean: one thing, several where phrases are alike, () where nothing."""
        found = self._exact.get(words)
        if found is None:
            found = self._plain.get(words if len(words) == 1 else folded(words))
        return found or ()

    def exactly(self, words: Words) -> tuple[Meaning, ...]:
        """What the words mean with these very accents."""
        return self._exact.get(words, ())

    def run_together(self, words: Words) -> tuple[Meaning, ...]:
        """What one typed word means that is a phrase without its spaces ("hailong")."""
        return self._joined.get(folded(words)[0], ()) if len(words) == 1 else ()

    def plain(self) -> Iterable[tuple[Words, tuple[Meaning, ...]]]:
        """Every phrase without accents, and what it means."""
        return self._plain.items()


def phrases(texts: Iterable[str]) -> Book[bool]:
    """A book that only knows whether words are one of these phrases."""
    return Book((text, True) for text in texts)


def _enter(page: "dict[Key, tuple[Meaning, ...]]", key: "Key", meaning: Meaning) -> None:
    known = page.get(key, ())
    if meaning not in known:
        page[key] = (*known, meaning)


Key = TypeVar("Key")
