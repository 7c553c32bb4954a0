"""Slips of the hand: doubled letters, keys of Telex and VNI left as they are, one letter missing, added or swapped.

A slip is undone only where the whole text then is a label; a word that denies or weighs is never repaired.
"""

import re
import unicodedata

from surveys.typed import Words

LEAST_LETTERS = 4
"""Words shorter than this hold too little to be recognised with a slip in them."""
_REPEATED = re.compile(r"([^\W\d]|[\u0300-\u036f])\1+")
_VOWELS = frozenset("aeiouyăâêôơư")
_TELEX_TONES = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_VNI_TONES = {"1": "\u0301", "2": "\u0300", "3": "\u0309", "4": "\u0303", "5": "\u0323"}
_CIRCUMFLEX = {"a": "â", "e": "ê", "o": "ô"}
_HORN = {"o": "ơ", "u": "ư"}
_BREVE = {"a": "ă"}
_TELEX_DOUBLE = {"a": {"a": "â"}, "e": {"e": "ê"}, "o": {"o": "ô"}}
_VNI_MARKS = {"6": _CIRCUMFLEX, "7": _HORN, "8": _BREVE}
_KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def squeezed(words: Words) -> Words:
    """The words with letters held too long said once ("hàiiii"); what is one letter only ("kkk", laughter) stays."""
    return tuple(word if len(set(word)) == 1 else _REPEATED.sub(r"\1", word) for word in words)


def decoded(words: Words) -> list[Words]:
    """The words as Telex and as VNI would have written them; only where they are plain letters and digits."""
    if not all(word.isascii() for word in words):
        return []
    both = (tuple(_telex(word) for word in words), tuple(_vni(word) for word in words))
    return [typed for typed in both if typed != words]


def _telex(word: str) -> str:
    letters: list[str] = []
    tone = ""
    for key in word:
        spoken = not _VOWELS.isdisjoint(letters)
        if spoken and key in _TELEX_TONES:
            tone = _TELEX_TONES[key]
        elif key == "w":
            marked = _marked(letters, {**_HORN, **_BREVE})
            letters = marked or [*letters, "ư"]
        elif key in _TELEX_DOUBLE and spoken and (marked := _marked(letters, _TELEX_DOUBLE[key])):
            letters = marked
        elif key == "d" and letters[:1] == ["d"]:
            letters[0] = "đ"
        else:
            letters.append(key)
    return unicodedata.normalize("NFC", "".join(letters)) + tone


def _vni(word: str) -> str:
    letters: list[str] = []
    tone = ""
    for key in word:
        if letters and key in _VNI_TONES:
            tone = _VNI_TONES[key]
        elif key in _VNI_MARKS and (marked := _marked(letters, _VNI_MARKS[key])):
            letters = marked
        elif key == "9" and letters[:1] == ["d"]:
            letters[0] = "đ"
        else:
            letters.append(key)
    return "".join(letters) + tone


def _marked(letters: list[str], marks: dict[str, str]) -> list[str]:
    """The letters with the mark on their last vowel that can carry it, on both of "uo"; [] where none can."""
    for place in range(len(letters) - 1, -1, -1):
        if letters[place] in marks:
            changed = [*letters]
            changed[place] = marks[letters[place]]
            if changed[place] == "ơ" and place and letters[place - 1] == "u" and letters[:1] != ["q"]:
                changed[place - 1] = "ư"
            return changed
    return []


def slip(typed: Words, wanted: Words) -> int | None:
    """The place of the one word that differs, where it is a long one with one slip in it; None where it is not so.

    Both without accents. A word with a digit in it is never taken for another.
    """
    if len(typed) != len(wanted):
        return None
    wrong = [place for place, word in enumerate(typed) if word != wanted[place]]
    if len(wrong) != 1:
        return None
    word, meant = typed[wrong[0]], wanted[wrong[0]]
    return wrong[0] if len(meant) >= LEAST_LETTERS and word.isalpha() and _one_slip(word, meant) else None


def _one_slip(word: str, meant: str) -> bool:
    """One letter missing, added, swapped with its neighbour, or struck on the key beside it."""
    if abs(len(word) - len(meant)) > 1:
        return False
    start = next((n for n, (a, b) in enumerate(zip(word, meant, strict=False)) if a != b), min(len(word), len(meant)))
    rest, wanted = word[start:], meant[start:]
    if len(word) != len(meant):
        return rest[1:] == wanted if len(word) > len(meant) else rest == wanted[1:]
    if rest[1:] == wanted[1:]:
        return _beside(rest[0], wanted[0])
    return rest[:2] == wanted[1::-1] and rest[2:] == wanted[2:]


def _beside(key: str, other: str) -> bool:
    """Whether two letters lie beside each other in a row of the keyboard."""
    return any(abs(row.index(key) - row.index(other)) == 1 for row in _KEYBOARD if key in row and other in row)
