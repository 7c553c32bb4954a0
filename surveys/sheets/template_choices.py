"""The cell "Lựa chọn": one choice a line, or cut by semicolons."""

import re

from surveys.definition import Choice
from surveys.sheets.template_words import ALONE, folded

_BULLET = re.compile(r"^(?:[-–•●▪+*□☐○]|\[ \])\s*")
_COUNTED = re.compile(r"^(?:[0-9]{1,2}|[a-zđA-ZĐ])[.)]\s+")
_OTHER = re.compile(r"\bkhac\b.*\b(?:ghi ro|neu ro|cu the)\b")
_RESERVED = frozenset({"n", "sum"})
_MAX_ID = 24


def choices_in(text: str, ids: dict[str, str], *, alone: bool) -> tuple[list[Choice], list[str]]:
    """The choices, and texts that stand twice (the second is left out).

    `ids` gives known ids by folded texts; others are made from the text. `alone`: whether "(chọn riêng)" is a mark.
    """
    choices: list[Choice] = []
    twice: list[str] = []
    seen: set[str] = set()
    for line in lines_of(text):
        marked = alone and folded(line).endswith(folded(ALONE))
        other = says_other(line)
        short = line[: line.rfind("(")].strip() if "(" in line else line
        # "Việc khác (ghi rõ)" is "Việc khác" where the column "Mã" knows it so.
        label = short if marked or (other and folded(line) not in ids and folded(short) in ids) else line
        if folded(label) in seen:
            twice.append(label)
            continue
        seen.add(folded(label))
        id = ids.get(folded(label)) or unused(slug(label, "l"), {choice.id for choice in choices})
        choices.append(Choice(id=id, text=label, exclusive=marked, other=other))
    return choices, twice


def lines_of(text: str) -> list[str]:
    """The texts of the choices, without bullets, and without numbers where every line has one."""
    cut = text.split("\n") if "\n" in text else text.split(";")
    lines = [_BULLET.sub("", line.strip().rstrip(";").strip()) for line in cut]
    lines = [line for line in lines if line]
    if len(lines) > 1 and all(_COUNTED.match(line) for line in lines):
        lines = [_COUNTED.sub("", line) for line in lines]
    return lines


def says_other(text: str) -> bool:
    """Whether the text alone says that words are to be given: "Khác (ghi rõ)"."""
    return _OTHER.search(folded(text)) is not None


def slug(text: str, start: str = "") -> str:
    """An id from a text: "Chưa đến lần nào" is chua_den_lan_nao; cut at a word, and with `start` before a digit."""
    words = re.findall(r"[a-z0-9]+", folded(text))
    whole = "_".join(words)
    if start and (not whole or whole[0].isdigit() or whole in _RESERVED):
        words = [start, *words]
    kept = ""
    for word in words:
        longer = f"{kept}_{word}" if kept else word
        if len(longer) > _MAX_ID:
            break
        kept = longer
    return kept or "_".join(words)[:_MAX_ID]


def unused(wanted: str, taken: set[str]) -> str:
    """The id, or with a number behind it where it is taken."""
    found, count = wanted, 1
    while found in taken:
        count += 1
        found = f"{wanted[: _MAX_ID - 3]}_{count}"
    return found
