"""What villages are called, and lists of them as officers paste them."""

import re

import msgspec

from vietnam.text import clean, fold_words

OWN_WORDS = (
    "tổ dân phố", "khu phố", "tiểu khu", "thôn", "bản", "làng", "buôn", "ấp", "khóm", "xóm", "plei", "phum", "sóc",
)  # fmt: skip
"""What villages are called, by province; the longest first."""
_FOLDED = tuple(fold_words(word) for word in OWN_WORDS)
LONGEST = 80
"""Letters of a name, of an old commune."""
LONGEST_PHONE = 40
MOST = 300
"""Villages of a commune; the largest of today have some 200."""
_LETTER = re.compile(r"[^\W_]")
_NUMBERED = re.compile(r"^\s*\d+\s*[.)]\s+")
"""The number before a line of a list that was copied from a document."""


class VillageLine(msgspec.Struct, frozen=True, kw_only=True):
    """A village of a list: its name with its own word, the commune it belonged to before, its head's telephone."""

    name: str
    former: str = ""
    phone: str = ""


class LineFault(msgspec.Struct, frozen=True, kw_only=True):
    """A line (from 1) that cannot be used. `why`: "name", "long", "phone", "twice"."""

    line: int
    text: str
    why: str


def has_own_word(name: str) -> bool:
    """Whether a name begins with what villages are called: "thôn Mai", "tổ dân phố 2"."""
    folded = fold_words(name)
    return any(folded.startswith(f"{word} ") for word in _FOLDED)


def full_name(text: str, word: str) -> str:
    """One name, tidied, with `word` before it where it has none of its own; "" where there is no letter or digit."""
    bare = " ".join(clean(text)[0].split()).strip(" .,;-")
    if not _LETTER.search(bare):
        return ""
    return bare if has_own_word(bare) or not word else f"{word} {bare}"


def read_village_lines(text: str, word: str) -> tuple[list[VillageLine], list[LineFault]]:
    """A list as it was pasted: a line a village, "name; old commune; telephone" (or tabs, as from a spreadsheet).

    Empty lines are passed over, and so is a number before a name ("1. Nà Sèn") that is followed by a letter.
    """
    found: list[VillageLine] = []
    faults: list[LineFault] = []
    there: set[tuple[str, str]] = set()
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        if not line.strip():
            continue
        parts = [part.strip() for part in re.split(r"[;\t]", clean(line)[0])]
        one = VillageLine(
            name=full_name(_NUMBERED.sub("", parts[0]), word),
            former=" ".join("".join(parts[1:2]).split()),
            phone=" ".join("".join(parts[2:3]).split()),
        )
        why = _fault(one, there)
        if why:
            faults.append(LineFault(line=number, text=line.strip()[:LONGEST], why=why))
        else:
            there.add((fold_words(one.name), fold_words(one.former)))
            found.append(one)
    return found, faults


def _fault(one: VillageLine, there: set[tuple[str, str]]) -> str:
    if not one.name:
        return "name"
    if max(len(one.name), len(one.former)) > LONGEST:
        return "long"
    if not is_phone(one.phone):
        return "phone"
    return "twice" if (fold_words(one.name), fold_words(one.former)) in there else ""


def is_phone(text: str) -> bool:
    """Whether a telephone as offices write it ("025 3825 xxx", "0912 345 678 - 025..."), or nothing."""
    if not text:
        return True
    digits = sum(sign.isdigit() for sign in text)
    return len(text) <= LONGEST_PHONE and digits >= 3 and all(sign.isdigit() or sign in " .-+()/," for sign in text)
