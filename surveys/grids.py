"""Grids of a draft: one sentence, and below it rows that are answered on the same scale, in chat one after the other.

A grid is not a question of its own but rows that stand together under one `matrix` and `stem`; its columns are the five
levels that every satisfaction question has, and which of "Không có ý kiến" and "Không áp dụng" stand beside them.
"""

from collections.abc import Mapping, Sequence

import msgspec

from surveys.definition import Kind, Question, Survey
from surveys.editing import change, id_of, ids, numbered
from vietnam.text import clean

MOST_ROWS = 30
SHARED = ("hint", "section", "show_if")
"""What a file can say of the whole grid only."""


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """A grid as it is meant. `rows` are the words of its rows; None: every row keeps what it has."""

    stem: str
    rows: Sequence[str]
    hint: str = ""
    section: str = ""
    show_if: str = ""
    required: bool | None = None
    no_opinion: bool | None = None
    not_applicable: str | None = None
    overall: int | None = None
    """The row that is the question about satisfaction as a whole, from 0; -1 for none of them."""


class Spoken(msgspec.Struct, frozen=True, kw_only=True):
    """A grid in another language: what is "" is not said. None: the rows keep what they have."""

    stem: str
    rows: Sequence[str] | None = None


def rows_of(draft: Survey, id: str) -> tuple[Question, ...]:
    """The rows of a grid, or of the grid that a question is a row of; () where there is none."""
    matrix = next((one.matrix for one in draft.questions if id in (one.id, one.matrix) and one.matrix), "")
    return tuple(one for one in draft.questions if one.matrix == matrix) if matrix else ()


def added(draft: Survey) -> tuple[Survey, str]:
    """With another grid of one empty row at the end, and its id."""
    matrix = numbered(draft, "bang")
    row = Question(id=f"{matrix}_1", kind=Kind.LIKERT5, text="", matrix=matrix)
    return change(draft, questions=(*draft.questions, row)), matrix


def put(draft: Survey, matrix: str, said: Said, spoken: Mapping[str, Spoken]) -> Survey:
    """With a grid as it was said; a row whose words stayed, or whose place did among as many, keeps its id."""
    before = rows_of(draft, matrix)
    rows = _rows(draft, before, said)
    at = draft.questions.index(before[0])
    others = tuple(one for one in draft.questions if one.matrix != matrix)
    if said.overall is not None and said.overall >= 0:
        others = tuple(change(one, overall=False) for one in others)
    questions = (*others[:at], *rows, *others[at:])
    translations = {tag: _texts(texts, before, rows, spoken.get(tag)) for tag, texts in draft.translations.items()}
    return change(draft, questions=questions, translations=translations)


def _rows(draft: Survey, before: Sequence[Question], said: Said) -> list[Question]:
    texts = [text for line in said.rows if (text := " ".join(clean(line)[0].split()))][:MOST_ROWS]
    by_text = {row.text: row for row in reversed(before)}
    left = [row for row in before if row.text not in texts]
    in_place, taken = len(texts) == len(before), ids(draft)
    found: list[Question] = []
    for at, text in enumerate(texts or [""]):
        old = by_text.pop(text, None)
        if old is None and in_place and before[at] in left:
            old = before[at]
        if old is None:
            id = id_of(text, taken, "dong")
            taken.append(id)
            old = change(before[0], id=id, overall=False, audio="", factor=_of_all(before, "factor"))
        found.append(_row(old, text, said, overall=None if said.overall is None else said.overall == at))
    return found


def _row(old: Question, text: str, said: Said, *, overall: bool | None) -> Question:
    values = {"required": said.required, "no_opinion": said.no_opinion, "not_applicable": said.not_applicable}
    values["overall"] = overall
    kept = {key: value for key, value in values.items() if value is not None}
    shared = {key: getattr(said, key) for key in SHARED}
    return change(old, text=text, stem=said.stem, **shared, **kept)


def _of_all(rows: Sequence[Question], key: str) -> str:
    """What all the rows have; "" where they differ."""
    values = {getattr(row, key) for row in rows}
    return values.pop() if len(values) == 1 else ""


def _texts(
    texts: Mapping[str, str], before: Sequence[Question], rows: Sequence[Question], said: Spoken | None
) -> dict[str, str]:
    """The texts of a language, with those of the grid."""
    there = {row.id for row in before}
    gone = tuple(f"questions.{id}." for id in there - {row.id for row in rows})
    found = {place: text for place, text in texts.items() if not place.startswith(gone)}
    for at, row in enumerate(rows):
        head = f"questions.{row.id}."
        if said is not None:
            found.pop(f"{head}stem", None)
            if said.stem:
                found[f"{head}stem"] = said.stem
        if said is not None and said.rows is not None:
            found.pop(f"{head}text", None)
            if at < len(said.rows) and said.rows[at]:
                found[f"{head}text"] = said.rows[at]
        # What the rows share is said of a new one as of the first.
        for key in ("stem", *SHARED, "not_applicable") if row.id not in there else ():
            first = texts.get(f"questions.{before[0].id}.{key}")
            if first and (said is None or key != "stem"):
                found[head + key] = first
    return found
