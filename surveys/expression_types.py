"""The types of the expression language: of questions, of what is written in an expression, and answers that can be."""

import re
from datetime import date
from enum import Enum

from surveys.definition import NO_OPINION, NOT_APPLICABLE, Kind, Question
from surveys.expression import Literal


class Type(Enum):
    """What an expression can be; the values are the keys of their wording ("type.number")."""

    CONDITION = "condition"
    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    TIME = "time"
    CHOICES = "choices"
    LIST = "list"
    ORDER = "order"
    FILE = "file"
    EMPTY = "empty"


TYPES = {
    Kind.LIKERT5: Type.NUMBER,
    Kind.NPS: Type.NUMBER,
    Kind.NUMBER: Type.NUMBER,
    Kind.DECIMAL: Type.NUMBER,
    Kind.RANGE: Type.NUMBER,
    Kind.SINGLE: Type.TEXT,
    Kind.YESNO: Type.TEXT,
    Kind.TEXT: Type.TEXT,
    Kind.ACKNOWLEDGE: Type.TEXT,
    Kind.MULTIPLE: Type.CHOICES,
    Kind.RANK: Type.ORDER,
    Kind.DATE: Type.DATE,
    Kind.TIME: Type.TIME,
    Kind.PHOTO: Type.FILE,
    Kind.VOICE: Type.FILE,
    Kind.PLACE: Type.FILE,
}
"""Of every kind of question that has an answer; that of a calculated value is the type of its expression."""
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NPS_MOST = 10


def possible_answers(question: Question) -> tuple[int | str, ...] | None:
    """Every answer of a question that has a list of them, else None; for a multiple, what can be in its answer."""
    if question.kind in {Kind.SINGLE, Kind.MULTIPLE, Kind.RANK}:
        return tuple(choice.id for choice in question.choices)
    if question.kind is Kind.YESNO:
        return ("yes", "no")
    if question.kind is Kind.ACKNOWLEDGE:
        return ("yes",)
    if question.kind is Kind.NPS:
        return tuple(range(_NPS_MOST + 1))
    if question.kind is Kind.LIKERT5:
        none = (NO_OPINION,) if question.no_opinion else ()
        return (*none, 1, 2, 3, 4, 5, *((NOT_APPLICABLE,) if question.not_applicable else ()))
    return None


def literal_type(node: Literal) -> Type:
    """The type of what is written: a text in quotation marks, the empty one apart, a number, true or false."""
    if isinstance(node.value, bool):
        return Type.CONDITION
    if node.value == "":
        return Type.EMPTY
    return Type.TEXT if isinstance(node.value, str) else Type.NUMBER


def is_written(type: Type, text: str) -> bool:
    """Whether a text is a day that exists as "2026-11-21", or a time as "08:30"."""
    if type is Type.TIME:
        return _TIME.fullmatch(text) is not None
    if not _DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
