"""Names of an XLSForm as ids of a survey: the same name gives the same id, two names never give one."""

import re

from surveys.expression import KEYWORDS
from vietnam.text import fold

MOST = 24
"""The longest id that a survey takes (surveys.checking)."""
_PLAIN = re.compile(r"[a-z][a-z0-9_]{0,23}")
_NOT_PLAIN = re.compile(r"[^a-z0-9_]+")
_RESERVED_CHOICES = frozenset({"n", "sum"})
_RESERVED_QUESTIONS = KEYWORDS


def question_ids(names: list[str], kept: frozenset[str] = frozenset()) -> dict[str, str]:
    """The id of every question name, in their order; `kept` are ids that are taken already."""
    return _ids(names, "q", set(_RESERVED_QUESTIONS | kept))


def choice_ids(names: list[str]) -> dict[str, str]:
    """The id of every choice name of one list."""
    return _ids(names, "c", set(_RESERVED_CHOICES))


def _ids(names: list[str], prefix: str, taken: set[str]) -> dict[str, str]:
    # Names that need no change keep theirs, whatever stands before them.
    ids = {name: name for name in names if _PLAIN.fullmatch(name) and name not in taken}
    taken |= set(ids)
    for name in names:
        if name in ids:
            continue
        ids[name] = _free(_plain(name, prefix), taken)
        taken.add(ids[name])
    return ids


def _plain(name: str, prefix: str) -> str:
    folded = _NOT_PLAIN.sub("_", fold(name))
    folded = folded.strip("_") or folded[:1]
    if not folded[:1].isalpha():
        folded = prefix + folded
    return folded[:MOST]


def _free(wanted: str, taken: set[str]) -> str:
    if wanted not in taken:
        return wanted
    number = 2
    while True:
        tail = f"_{number}"
        if (found := wanted[: MOST - len(tail)] + tail) not in taken:
            return found
        number += 1
