"""Vietnamese text: cleaned as it comes in, folded for search and typed answers, sorted as a dictionary sorts."""

import re
import unicodedata

_BAD = re.compile(r"[\x00\ud800-\udfff]")
_SPACES = re.compile(r"\s+")
_PUNCTUATION = re.compile(r"[^\w\s/+-]+")

# The order of the Vietnamese alphabet; a plain code-point sort puts Đ after Z and Ă after Z too.
_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK = {letter: f"{rank:02d}" for rank, letter in enumerate(_LETTERS, start=10)}
_RUNS = re.compile(r"[0-9]+|[^0-9]")
_END, _SPACE, _NUMBER, _OTHER = "00", "01", "05", "99"
# Tones in the order dictionaries use: ngang, huyền, hỏi, ngã, sắc, nặng.
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}


def clean(text: str) -> tuple[str, int]:
    """Text fit for every store (NFC, no NUL, no lone surrogate) and how many characters were taken out."""
    if "\0" not in text:
        if text.isascii():
            return text, 0
        try:
            # To encode is many times faster than to look at each character, and fails for a lone surrogate alone.
            text.encode()
        except UnicodeEncodeError:
            pass
        else:
            return unicodedata.normalize("NFC", text), 0
    kept, removed = _BAD.subn("", text)
    return unicodedata.normalize("NFC", kept), removed


def fold(text: str) -> str:
    """Lower case without accents, đ as d, single spaces: what search and typed answers are compared by."""
    lowered = text.lower().replace("đ", "d")
    if lowered.isascii():
        return _SPACES.sub(" ", lowered).strip()
    bare = "".join(c for c in unicodedata.normalize("NFD", lowered) if not unicodedata.combining(c))
    return _SPACES.sub(" ", bare).strip()


def fold_words(text: str) -> str:
    """`fold` without punctuation and emoji, for matching what a person typed against a label."""
    return _SPACES.sub(" ", _PUNCTUATION.sub(" ", fold(text))).strip()


def sort_key(text: str) -> str:
    """A key of digits that sorts as a Vietnamese dictionary does: letters first, tones break ties, 2 before 10.

    Only digits, so that it sorts the same under every collation a database may have.
    """
    letters: list[str] = []
    tones: list[str] = []
    for run in _RUNS.findall(unicodedata.normalize("NFC", text.lower())):
        if run.isdecimal():
            number = run.lstrip("0") or "0"
            letters.append(f"{_NUMBER}{len(number):02d}{number}")
            continue
        parts = unicodedata.normalize("NFD", run)
        tones.append(next((_TONES[mark] for mark in parts if mark in _TONES), "0"))
        base = unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in _TONES))
        letters.append(_RANK.get(base) or (_SPACE if base.isspace() else f"{_OTHER}{ord(base[0]):07d}"))
    return "".join(letters) + _END + "".join(tones)
