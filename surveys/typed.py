"""What a person typed, cut into words, and whether words mean the same phrase with or without accents."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
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


@lru_cache(maxsize=8192)
def words_of(text: str) -> Words:
    """The words of a text: lower case, digits of any script as 0-9, no punctuation or emoji."""
    composed = unicodedata.normalize("NFC", text.lower())
    ascii_digits = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in composed)
    return tuple(_tone_last(word) for word in _WORD.findall(ascii_digits))


def has_signs(text: str) -> bool:
    """Whether there are signs that would change a number ("-5", "4+", "4,5", "4?")."""
    return bool(_SIGNS.search(text))


def same(typed: Words, phrase: Words) -> bool:
    """Whether typed words are that phrase; each word with its accents or without any.

    A slip in one accent is forgiven in a phrase, but not in an answer of one word ("cô" is not "có").
    """
    if len(typed) != len(phrase):
        return False
    if all(word in {wanted, fold(wanted)} for word, wanted in zip(typed, phrase, strict=True)):
        return True
    return len(typed) > 1 and folded(typed) == folded(phrase)


def is_one_of(typed: Words, phrases: Iterable[str]) -> bool:
    """Whether typed words are one of the phrases."""
    return any(same(typed, words_of(phrase)) for phrase in phrases)


def folded(words: Words) -> Words:
    """The words without accents."""
    return tuple(fold(word) for word in words)


def without_courtesy(typed: Words, before: Sequence[str], after: Sequence[str]) -> Words:
    """The words without polite ones around; what is nothing but courtesy stays as it is."""
    starts = [words_of(phrase) for phrase in before]
    while (rest := _without_start(typed, starts)) != typed:
        typed = rest
    backwards = [words_of(phrase)[::-1] for phrase in after]
    from_end = typed[::-1]
    while (rest := _without_start(from_end, backwards)) != from_end:
        from_end = rest
    return from_end[::-1]


def spelled_out(typed: Words, vocabulary: Vocabulary) -> Words:
    """The words with short forms written in full ("ko hl" as "không hài lòng")."""
    full: list[str] = []
    for word in typed:
        long = next((text for short, text in vocabulary.short.items() if same((word,), words_of(short))), "")
        full.extend(words_of(long) or (word,))
    return tuple(full)


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
    weighty = {words_of(word)[0] for word in vocabulary.weighty}
    if [w for w in label if w in weighty] != [w for w in matched if w in weighty]:
        return False
    letters = sum(map(len, folded(typed)))
    return letters >= _LEAST_LETTERS and not weighty.issuperset(matched) and not all(w.isdecimal() for w in matched)


def short_label(label: str, vocabulary: Vocabulary) -> str:
    """A label without its remark in brackets, where the remark does not turn it round."""
    remark = " ".join(_REMARK.findall(label))
    weighty = {words_of(word)[0] for word in vocabulary.weighty}
    return label if weighty & set(words_of(remark)) else _REMARK.sub(" ", label)


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
    return next((n for name, n in vocabulary.numbers.items() if same((word,), words_of(name))), None)


def _without_start(typed: Words, starts: Sequence[Words]) -> Words:
    for start in starts:
        if len(start) < len(typed) and all(same((a,), (b,)) for a, b in zip(typed, start, strict=False)):
            return typed[len(start) :]
    return typed


def _tone_last(word: str) -> str:
    """A word with its tone mark at the end, so that "hoà" and "hòa" are one word."""
    parts = unicodedata.normalize("NFD", word)
    tones = "".join(c for c in parts if c in _TONES)
    return unicodedata.normalize("NFC", "".join(c for c in parts if c not in _TONES)) + tones
