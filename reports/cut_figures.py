"""The overall question cut otherwise than by village: by channel, by field of service, by age, sex, ethnicity."""

from collections.abc import Iterable
from datetime import date
from typing import Literal

import msgspec

from surveys.definition import Kind, Question
from vietnam.text import fold_words

Hidden = Literal["", "small", "linked"]
Way = Literal["channel", "field", "age", "sex", "ethnicity"]

_IDS: dict[Way, tuple[str, ...]] = {
    "field": ("linh vuc", "linh vuc thu tuc", "thu tuc linh vuc"),
    "age": ("tuoi", "nhom tuoi", "do tuoi"),
    "sex": ("gioi", "gioi tinh"),
    "ethnicity": ("dan toc", "thanh phan dan toc"),
}
"""What the id of a question is called, with spaces, that asks for it ..."""
_WORDS: dict[Way, tuple[str, ...]] = {
    "field": ("linh vuc nao", "thuoc linh vuc"),
    "age": ("nhom tuoi", "do tuoi", "bao nhieu tuoi"),
    "sex": ("gioi tinh",),
    "ethnicity": ("dan toc nao", "nguoi dan toc", "thanh phan dan toc"),
}
"""... or what stands in its words."""


class CutRow(msgspec.Struct, frozen=True, kw_only=True):
    """Answers to the overall question of one part; `name` is empty where the catalogue has it (channels)."""

    id: str
    name: str = ""
    n: int | None = None
    index: float | None = None
    hidden: Hidden = ""


class Cut(msgspec.Struct, frozen=True, kw_only=True):
    """One way of cutting the overall question; `asked` is the text of the question that it is cut by, "" of channels.

    Channels are those of the report's own period; all others stand in a quarter or longer, as villages do (0007).
    """

    way: Way
    title: str
    first: date
    last: date
    rows: tuple[CutRow, ...]
    asked: str = ""


def cut_questions(questions: Iterable[Question]) -> list[tuple[Way, Question]]:
    """The questions of one choice that say of what group somebody is, one for each way, in the order of the ways."""
    single = [one for one in questions if one.kind is Kind.SINGLE and not one.other_of and len(one.choices) > 1]
    found: list[tuple[Way, Question]] = []
    for way, ids in _IDS.items():
        named = [one for one in single if fold_words(one.id.replace("_", " ")) in ids]
        told = [one for one in single if any(words in fold_words(one.text) for words in _WORDS[way])]
        asked = next(iter(named or told), None)
        if asked is not None and all(asked is not other for _, other in found):
            found.append((way, asked))
    return found
