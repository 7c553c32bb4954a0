"""What people typed, made fit for paper: every sign can be printed, no word runs over the edge, no line is turned."""

import re
import unicodedata
from functools import cache
from typing import Any

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufff9-\uffff]")
_TURNS = re.compile(r"[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]")
"""Marks that turn the direction of what follows, also of what we say ourselves."""
_ALWAYS = re.compile(
    r"[\s\u0020-\u024f\u0300\u0301\u0303\u0309\u0323\u1ea0-\u1ef9\u200b-\u200d\u2010-\u2027\u20ab\u2116]*"
)
"""What the face that Typst carries has: nearly everything that is ever written here."""
_UNSHOWN = "\u25a1"
_LONGEST = 20
"""A word of so many signs is whole anywhere: a code of a case has 16."""
_WORD = re.compile(rf"\S{{{_LONGEST + 1},}}")
_BREAK = "\u200b"
_PIECE, _IN_CELL = 30, 10
MOST_LINES = 40
"""So many lines of somebody's words stay lines; what was typed with more of them runs on."""


def tidy(text: str) -> str:
    """Text without control signs, half surrogates, noncharacters and marks that turn its direction; NFC.

    Line breaks stay, each as one newline.
    """
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n").replace("\f", "\n").replace("\t", " ")
    plain = _TURNS.sub("", _CONTROLS.sub("", plain)).encode("utf-8", "ignore").decode()
    return unicodedata.normalize("NFC", plain)


def one_line(text: str) -> str:
    """Text with single spaces and no line breaks."""
    return " ".join(tidy(text).split())


def lines(text: str) -> tuple[str, ...]:
    """The lines of a text that hold something; the last of very many run on."""
    found = [" ".join(line.split()) for line in tidy(text).split("\n") if line.strip()]
    if len(found) > MOST_LINES:
        found[MOST_LINES - 1 :] = [" ".join(found[MOST_LINES - 1 :])]
    return tuple(found)


def shortened(text: str, limit: int) -> str:
    """One line of at most `limit` signs, cut between words where there is a space, with an ellipsis."""
    whole = one_line(text)
    if len(whole) <= limit:
        return whole
    cut = whole[: limit - 1]
    at = cut.rfind(" ")
    return (cut[:at] if at > limit // 2 else cut).rstrip(" ,;:.") + "…"


def masked(phone: str) -> str:
    """ "0912 xxx 678": enough for its owner to know it again, not enough to be called by whoever finds the paper."""
    digits = re.sub(r"\D", "", phone)
    return f"{digits[:4]} xxx {digits[-3:]}" if len(digits) > len("0912678") else ""


def printable(data: Any, piece: int = _PIECE) -> Any:  # noqa: ANN401 - any JSON value
    """The same JSON value with every text in it fit for Typst, which refuses a PDF/A for one sign it cannot show.

    Such a sign becomes a small box; a word without end may be broken after every `piece` signs, those of the "rows" of
    a table, which are narrow, sooner.
    """
    match data:
        case str():
            shown = _shown(tidy(data))
            return _WORD.sub(lambda word: _broken(word.group(), piece), shown)
        case dict():
            return {key: printable(value, _IN_CELL if key == "rows" else piece) for key, value in data.items()}
        case list() | tuple():
            return [printable(value, piece) for value in data]
        case _:
            return data


def _broken(word: str, piece: int) -> str:
    if len(word) <= piece:
        return word
    return _BREAK.join(word[at : at + piece] for at in range(0, len(word), piece))


def _shown(text: str) -> str:
    if _ALWAYS.fullmatch(text):
        return text
    return "".join(sign if _ALWAYS.fullmatch(sign) or _has(sign) else _instead(sign) for sign in text)


def _instead(sign: str) -> str:
    # Parts of a sign that is one box already, such as the skin of a thumb, need none of their own.
    return "" if unicodedata.category(sign) in {"Mn", "Cf", "Sk"} else _UNSHOWN


@cache
def _has(sign: str) -> bool:
    """Whether a face of this machine has the sign."""
    return unicodedata.category(sign) not in {"Cn", "Co", "Cs"} and any(ord(sign) in face for face in _faces())


@cache
def _faces() -> tuple[frozenset[int], ...]:
    # Opened for the first sign that is not usual, and never by who prints Vietnamese alone.
    import typst
    from matplotlib.ft2font import FT2Font

    paths = {font.path for font in typst.Fonts().fonts() if font.path is not None}
    return tuple(frozenset(FT2Font(path).get_charmap()) for path in sorted(paths))
