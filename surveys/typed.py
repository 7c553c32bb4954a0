"""What a person typed, cut into words, and whether words mean the same phrase with or without accents."""

import re
import unicodedata
from functools import lru_cache

from surveys.vocabulary import Vocabulary
from vietnam.text import fold

_WORD = re.compile(r"\w+")
_SIGNS = re.compile(r"[-+/<>=%~?,]|(?<=\d)[.:](?=\d)")
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_REMARK = re.compile(r"\([^()]*\)")
_LONGEST_NUMBER = 6
_LEAST_LETTERS = 3

Words = tuple[str, ...]


def words_of(text: str) -> Words:
    """The words of a text: lower case, digits of any script as 0-9, no punctuation or emoji."""
    # Not remembered: what a person typed must not stay in memory longer than the turn.
    composed = unicodedata.normalize("NFC", text.lower())
    ascii_digits = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in composed)
    return tuple(_tone_last(word) for word in _WORD.findall(ascii_digits))


@lru_cache(maxsize=8192)
def phrase(text: str) -> Words:
    """`words_of` a label or a phrase of the vocabulary, remembered."""
    return words_of(text)


def has_signs(text: str) -> bool:
    """Whether there are signs that would change a number ("-5", "4+", "4,5", "4?")."""
    return bool(_SIGNS.search(text))


def same(typed: Words, wanted_words: Words) -> bool:
    """Whether typed words are that phrase; each word with its accents or without any.

    A slip in one accent is forgiven in a phrase, but not in an answer of one word ("cô" is not "có").
    """
    if len(typed) != len(wanted_words):
        return False
    if all(word in (wanted, _plain(wanted)) for word, wanted in zip(typed, wanted_words, strict=True)):
        return True
    return len(typed) > 1 and folded(typed) == tuple(_plain(wanted) for wanted in wanted_words)


def is_one_of(typed: Words, phrases: tuple[str, ...]) -> bool:
    """Whether typed words are one of the phrases, as `same` compares them."""
    single, several = _index(phrases)
    return typed[0] in single if len(typed) == 1 else folded(typed) in several


def folded(words: Words) -> Words:
    """The words without accents."""
    return tuple(fold(word) for word in words)


def without_courtesy(typed: Words, before: tuple[str, ...], after: tuple[str, ...]) -> Words:
    """The words without polite ones around; what is nothing but courtesy stays as it is."""
    while (length := _longest(typed, before)) > 0:
        typed = typed[length:]
    while (length := _longest(typed, after, at_end=True)) > 0:
        typed = typed[:-length]
    return typed


def spelled_out(typed: Words, vocabulary: Vocabulary) -> Words:
    """The words with short forms written in full ("ko hl" as "không hài lòng")."""
    forms = _short_forms(tuple(vocabulary.short.items()))
    return tuple(full for word in typed for full in forms.get(word, (word,)))


def is_telling_part(typed: Words, label: Words, vocabulary: Vocabulary) -> bool:
    """Whether words are a part of a label that can only mean it: in its order, and more than a number or a denial.

    No word that weighs ("không", "rất", "trên") may be missing: "trễ hẹn" is no part of "Không bị trễ hẹn".
    """
    rest = iter(label)
    matched: list[str] = []
    for word in typed:
        wanted = next((wanted for wanted in rest if same((word,), (wanted,))), None)
        if wanted is None:
            return False
        matched.append(wanted)
    weighty = _weighty(vocabulary.weighty)
    if [w for w in label if w in weighty] != [w for w in matched if w in weighty]:
        return False
    letters = sum(map(len, folded(typed)))
    return letters >= _LEAST_LETTERS and not weighty.issuperset(matched) and not all(w.isdecimal() for w in matched)


def short_label(label: str, vocabulary: Vocabulary) -> str:
    """A label without its remark in brackets, where the remark does not turn it round."""
    remark = " ".join(_REMARK.findall(label))
    weighty = _weighty(vocabulary.weighty)
    return label if weighty & set(phrase(remark)) else _REMARK.sub(" ", label)


def remark(label: str) -> str:
    """What stands in brackets in a label, or ""."""
    return " ".join(_REMARK.findall(label)).strip("() ")


def with_digits(typed: Words, vocabulary: Vocabulary) -> Words:
    """The words with number words as digits ("hai lần" as "2 lần")."""
    numbers = (number_word(word, vocabulary) for word in typed)
    return tuple(word if n is None else str(n) for word, n in zip(typed, numbers, strict=True))


def small_number(typed: Words, vocabulary: Vocabulary) -> int | None:
    """The number that the words are: digits or a number word, with "số", "mức", "điểm" around. None if they are not."""
    core = without_courtesy(typed, vocabulary.before + vocabulary.number_before, vocabulary.after)
    core = without_courtesy(core, (), vocabulary.number_after)
    if len(core) != 1:
        return None
    if core[0].isdecimal():
        return int(core[0]) if len(core[0]) <= _LONGEST_NUMBER else None
    return number_word(core[0], vocabulary)


def number_word(word: str, vocabulary: Vocabulary) -> int | None:
    """A number from its word ("ba" is 3), or None."""
    if word in vocabulary.unsure:
        return None
    return next((n for name, n in vocabulary.numbers.items() if same((word,), phrase(name))), None)


def _longest(typed: Words, courtesies: tuple[str, ...], *, at_end: bool = False) -> int:
    """How many words at one end are one of the courtesies, leaving at least one word."""
    for length in (2, 1):
        if length < len(typed) and is_one_of(typed[-length:] if at_end else typed[:length], courtesies):
            return length
    return 0


@lru_cache(maxsize=256)
def _index(phrases: tuple[str, ...]) -> tuple[frozenset[str], frozenset[Words]]:
    """Phrases of one word, as written and without accents; and phrases of several, without accents."""
    cut = [phrase(text) for text in phrases]
    single = {form for words in cut if len(words) == 1 for form in (words[0], _plain(words[0]))}
    return frozenset(single), frozenset(tuple(map(_plain, words)) for words in cut if len(words) > 1)


@lru_cache(maxsize=16)
def _short_forms(pairs: tuple[tuple[str, str], ...]) -> dict[str, Words]:
    return {form: phrase(full) for short, full in pairs for form in (phrase(short)[0], _plain(phrase(short)[0]))}


@lru_cache(maxsize=16)
def _weighty(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(phrase(word)[0] for word in words)


@lru_cache(maxsize=8192)
def _plain(word: str) -> str:
    return fold(word)


def _tone_last(word: str) -> str:
    """A word with its tone mark at the end, so that "hoà" and "hòa" are one word."""
    parts = unicodedata.normalize("NFD", word)
    tones = "".join(c for c in parts if c in _TONES)
    return unicodedata.normalize("NFC", "".join(c for c in parts if c not in _TONES)) + tones
