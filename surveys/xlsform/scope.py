"""What an expression of a form can name: the questions before it, and what else stands in the sheet."""

from collections.abc import Mapping
from enum import Enum

import msgspec

from surveys.definition import Kind


class Sort(Enum):
    """What a part of an expression is worth."""

    CONDITION = "condition"
    NUMBER = "number"
    TEXT = "text"
    CHOICE = "choice"
    """One choice of a list: a text whose values are ids."""
    MANY = "many"
    DATE = "date"
    """A day or a time: a text in an order."""
    FILE = "file"
    """A photo, voice, place or ranking: given or not, and nothing more."""


SORTS = {
    Kind.LIKERT5: Sort.NUMBER,
    Kind.NPS: Sort.NUMBER,
    Kind.NUMBER: Sort.NUMBER,
    Kind.DECIMAL: Sort.NUMBER,
    Kind.RANGE: Sort.NUMBER,
    Kind.SINGLE: Sort.CHOICE,
    Kind.YESNO: Sort.CHOICE,
    Kind.ACKNOWLEDGE: Sort.CHOICE,
    Kind.MULTIPLE: Sort.MANY,
    Kind.RANK: Sort.FILE,
    Kind.TEXT: Sort.TEXT,
    Kind.DATE: Sort.DATE,
    Kind.TIME: Sort.DATE,
    Kind.PHOTO: Sort.FILE,
    Kind.VOICE: Sort.FILE,
    Kind.PLACE: Sort.FILE,
}


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """A question as expressions see it. `ids` maps the names of its choices, as the form has them, to their ids."""

    id: str
    sort: Sort
    row: int
    ids: Mapping[str, str] = {}
    off_scale: bool = False
    """likert5 with 0 or 9: numbers for XLSForm, no points of the scale for us."""


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """The names of a form. `own` is the question of a constraint, `columns` the cells of a choice (choice_filter)."""

    fields: Mapping[str, Field]
    later: Mapping[str, int]
    """Names of questions that stand from here on, with their rows."""
    silent: Mapping[str, str]
    """Names without an answer (notes, groups, start, deviceid, ...), with what they are."""
    broken: frozenset[str] = frozenset()
    """Names whose own faults are told already: what looks at them is not complained about."""
    own: Field | None = None
    columns: Mapping[str, str] | None = None
