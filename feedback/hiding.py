"""A citizen's words as people outside the office read them: names, numbers and addresses hidden, in doubt one too many.

`feedback.redacting` finds what is written as names are, with a capital letter. Much is written on a telephone, without:
"ông hải xả rác", "ba sau tu". Here a name is looked for after every word by which people are addressed, among the
syllables that names are made of; where those are a common word as well, what stands beside them decides, and where that
says nothing it is hidden. Nobody reads it again: some names stay, some words go that told nothing, and whoever reads is
told so.
"""

import re
import unicodedata
from functools import lru_cache

from feedback.name_traps import (
    ADDRESSES,
    AMONG_KIN,
    COMMON,
    COMPOUNDS,
    COUNTED,
    FAMILY_WORDS,
    ONESELF,
    PLAIN_COMMON,
    PLAIN_COMPOUNDS,
    PLAIN_COUNTED,
    PLAIN_ELSE,
    PLAIN_SAID_OF_ONESELF,
    PLAIN_SURELY_COUNTED,
    PLAIN_TOO,
    SAID_OF_ONESELF,
    SURELY_COUNTED,
    UNSURE,
)
from feedback.redacting import GONE, redacted
from vietnam.names import FAMILY, GIVEN, MIDDLE, ORDER, folded_family, folded_given
from vietnam.text import fold

_LONGEST = 4
"""Syllables of a name."""
_WORD = re.compile(r"[^\W\d_](?:[\w'’]*[^\W_])?")
_TITLE = re.compile(
    rf"(?<!\w)(?:{'|'.join(sorted((re.escape(one) for one in ADDRESSES), key=len, reverse=True))})(?!\w)"
)
_PLAIN_TITLE = re.compile(
    r"(?<!\w)(?:"
    + "|".join(sorted({re.escape(fold(one)) for one in ADDRESSES} - PLAIN_ELSE, key=len, reverse=True))
    + r")(?!\w)"
)
_DIGIT = "khong|khoong|linh|le|mot|mot|hai|ba|bon|tu|nam|lam|sau|bay|tam|chin|muoi"
_NUMBERS = (
    # A telephone said aloud, in words or half in figures.
    re.compile(rf"(?<!\w)(?:(?:{_DIGIT}|\d{{1,4}})[\s,.\-]{{1,3}}){{6,}}(?:{_DIGIT}|\d{{1,4}})(?!\w)"),
    re.compile(r"(?<![\w/])\+?\d(?:[\s.\-–—_()]{0,3}\d){6,}(?![\d/])(?!\s*(?:d\b|dong\b|vnd\b|trieu\b|m2\b))"),
    # Number plates, in any spelling.
    re.compile(r"(?<!\w)\d{2}\s?-?\s?[a-z][a-z0-9]?\s?[-.\s]?\s?\d{3}[.\s]?\d{1,2}(?!\w)"),
    re.compile(r"(?<!\w)(?:bien so|bks|bien kiem soat)(?:\s+xe)?\s*:?\s*(?P<out>[\w.\-]+(?:[\s.\-]+\d[\d.]*)*)"),
    re.compile(r"[\w.+\-]+\s*(?:\(at\)|\[at\]|\ba cong\b|@)\s*[\w\-]+(?:\s*(?:\.|\bcham\b)\s*[\w\-]+)*"),
    # Addresses.
    re.compile(
        r"(?<!\w)(?:so nha|nha so|sn|(?:ki ?ot|can ho|phong|thua|thua dat|to ban do)(?: so)?)"
        rf"\s*:?\s*(?P<out>(?:\d[\w/\-]*|(?:{_DIGIT})(?:\s+(?:{_DIGIT}))*)"
        r"(?:\s*,?\s*(?:duong|pho|ngo|ngach|hem|kiet)\s+[\w/]+(?:\s+[^\W\d_]+){0,2})?)(?!\w)"
    ),
    re.compile(r"(?<!\w)(?:ngo|ngach|hem|kiet)\s+(?:so\s+)?(?P<out>\d+[\w/\-]*)"),
)
_GLUED = re.compile(r"\(\.\.\.\)(?:[\s,;]*\(\.\.\.\))+")
_PLAIN_ORDER = frozenset(fold(one) for one in ORDER)
_FAMILY_WORDS = FAMILY_WORDS - GIVEN
_PLAIN_FAMILY_WORDS = frozenset(fold(one) for one in FAMILY_WORDS) - folded_given()
_APART = re.compile(r"[ \t]+")


def hidden(text: str) -> str:
    """The text on one line with GONE for whatever may be a name, a number of somebody's or where somebody lives."""
    whole = " ".join(unicodedata.normalize("NFC", text).split())
    out = redacted(_cut(_cut(whole, _numbers(whole)), []))
    out = _cut(out, _names(out))
    return _GLUED.sub(GONE, out)


def _cut(text: str, spans: list[tuple[int, int]]) -> str:
    kept, at = [], 0
    for first, last in sorted(spans):
        if first >= at:
            kept += [text[at:first], GONE]
        at = max(at, last)
    return "".join([*kept, text[at:]])


def _bare(text: str) -> str:
    """Lower case without accents, every letter in its place."""
    return "".join(map(_bare_letter, text))


@lru_cache(maxsize=4096)
def _bare_letter(sign: str) -> str:
    bare = unicodedata.normalize("NFD", sign)[0] if sign not in "đĐ" else "d"
    return bare.lower() if len(bare.lower()) == 1 else bare


def _numbers(text: str) -> list[tuple[int, int]]:
    bare = _bare(text)
    return [
        one.span("out" if "out" in pattern.groupindex else 0) for pattern in _NUMBERS for one in pattern.finditer(bare)
    ]


# --- names ------------------------------------------------------------------------------------------------------------


def _names(text: str) -> list[tuple[int, int]]:
    low = "".join(sign.lower() if len(sign.lower()) == 1 else sign for sign in text)
    plain = low.isascii()
    found = []
    for title in (_PLAIN_TITLE if plain else _TITLE).finditer(low):
        span = _after(low, title.group(), title.end(), plain=plain)
        if span is not None:
            found.append(span)
    return [*found, *_whole_names(low, plain=plain)]


def _words(text: str, at: int, most: int) -> list[re.Match[str]]:
    """The words from a place on that only spaces keep apart."""
    found: list[re.Match[str]] = []
    while len(found) < most:
        gap = _APART.match(text, at)
        word = _WORD.match(text, gap.end()) if gap else None
        if word is None:
            break
        found.append(word)
        at = word.end()
    return found


def _after(text: str, title: str, at: int, *, plain: bool) -> tuple[int, int] | None:
    """Where a name stands after a form of address; None where there is none."""
    words = _words(text, at, _LONGEST + 2)
    said = [one.group() for one in words]
    if not said or not _begins(title, said, plain=plain):
        return None
    many = 1
    while many < min(_LONGEST, len(said)) and _goes_on(said, many, plain=plain):
        many += 1
    if many == 1 and _only_a_word(said[0], plain=plain):
        return None
    return words[0].start(), words[many - 1].end()


def _begins(title: str, said: list[str], *, plain: bool) -> bool:
    first, second = said[0], said[1] if len(said) > 1 else ""
    address = fold(title)
    sure = plain and address not in UNSURE and first in PLAIN_TOO and not (address == "ba" and first in PLAIN_COUNTED)
    if first == "a" or not (sure or _is_name(first, plain=plain)) or _one_word(first, second, plain=plain):
        return False
    if _one_word(title, first, plain=plain):
        return False
    if first in ORDER or (plain and first in _PLAIN_ORDER):
        # "anh ba" is somebody, "ba người" is a number; without accents "co" is mostly "có".
        elder = address not in ONESELF and not (plain and address == "ba")
        return not _counts(second, plain=plain, surely=elder) and not (plain and address in UNSURE)
    if address in ONESELF and first in (PLAIN_SAID_OF_ONESELF if plain else SAID_OF_ONESELF):
        return False
    if first == "anh":
        return address in AMONG_KIN
    return not (plain and address in UNSURE and fold(first) in PLAIN_COMMON)


def _goes_on(said: list[str], at: int, *, plain: bool) -> bool:
    word, following = said[at], said[at + 1] if at + 1 < len(said) else ""
    if _after_a_middle(said, at, plain=plain):
        return True
    if not _is_name(word, plain=plain) or _one_word(word, following, plain=plain):
        return False
    if _one_word(said[at - 1], word, plain=plain):
        return False
    families, given = (folded_family(), folded_given()) if plain else (FAMILY, GIVEN)
    if word not in given and said[0] not in families:
        return False
    in_order = word in ORDER or (plain and word in _PLAIN_ORDER)
    return not (in_order and _counts(following, plain=plain))


def _after_a_middle(said: list[str], at: int, *, plain: bool) -> bool:
    """Whether what stands here must be a given name, known or not: "lò thị ín"."""
    families = folded_family() if plain else FAMILY
    return at > 1 and said[0] in families and said[at - 1] in ({"thi", "van"} if plain else {"thị", "văn"})


def _counts(following: str, *, plain: bool, surely: bool = False) -> bool:
    if surely:
        return following in (PLAIN_SURELY_COUNTED if plain else SURELY_COUNTED)
    return following in (PLAIN_COUNTED if plain else COUNTED)


def _one_word(first: str, second: str, *, plain: bool) -> bool:
    return (first, second) in (PLAIN_COMPOUNDS if plain else COMPOUNDS)


def _is_name(word: str, *, plain: bool) -> bool:
    if plain:
        return word not in PLAIN_COMMON and (word in folded_given() or word in folded_family())
    return word not in COMMON and (word in GIVEN or word in FAMILY)


def _only_a_word(word: str, *, plain: bool) -> bool:
    return word in (_PLAIN_FAMILY_WORDS if plain else _FAMILY_WORDS)


@lru_cache(maxsize=2)
def _of_families(*, plain: bool) -> re.Pattern[str]:
    """A family name with what usually follows it: a whole name without anybody's being addressed."""
    families = folded_family() if plain else FAMILY
    middle = {fold(one) for one in MIDDLE} if plain else MIDDLE
    one, two = (
        "|".join(sorted((re.escape(word) for word in words), key=len, reverse=True)) for words in (families, middle)
    )
    return re.compile(rf"(?<![\w'])(?:{one}) +(?:{two})(?: +[^\W\d_]+)?(?: +[^\W\d_]+)?(?!\w)")


def _whole_names(text: str, *, plain: bool) -> list[tuple[int, int]]:
    """ "nguyễn văn hải", "tran thi mai anh"."""
    found = []
    for one in _of_families(plain=plain).finditer(text):
        words = list(_WORD.finditer(text, one.start(), one.end()))
        many = 2
        given = folded_given() if plain else GIVEN
        sure = {"thi"} if plain else {"thị", "văn"}
        while many < min(len(words), _LONGEST) and (
            words[many].group() in given or words[1].group() in sure
            if many == 2
            else _is_name(words[many].group(), plain=plain)
        ):
            many += 1
        if many > 2:
            found.append((words[0].start(), words[many - 1].end()))
    return found
