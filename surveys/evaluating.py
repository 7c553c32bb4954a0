"""What an expression is worth for the answers so far: a tree made into a function once, then run in microseconds.

Every expression has a value or no value (None) for every set of answers, by these rules:
- A question that was not asked, not shown or skipped has no value, and a comparison with no value is false.
  So `q != "a"` holds only where q was answered with something else; `not q == "a"` holds also where it was not.
- Reckoning with no value gives no value, as do a division by zero and a result beyond what a float can hold.
- On likert5, 0 ("Không có ý kiến") and 9 ("Không áp dụng") are no points of the scale: they equal themselves
  (`q == 9`), but no order comparison holds for them (`q < 3` is false at 0), and there is no reckoning with them.
- `and`, `or` and `not` are two-valued; the right side is looked at only where it decides. To `if`, no value is false.
- `length` and `count_selected` of no value are 0; `selected` and `matches` are false there.
"""

import operator
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from math import fmod
from typing import Any

from surveys.definition import NO_OPINION, NOT_APPLICABLE, Answer, Kind, Survey
from surveys.expression import ANSWER, ARITHMETIC, Binary, Call, Items, Literal, Name, Node, Not
from surveys.functions import MOST, NUMERIC, TODAY, Compiled, Value, Values, bounded, function

__all__ = ["TODAY", "Compiled", "Scales", "Value", "Values", "as_answer", "compiled", "evaluate", "holds", "scales"]

Scales = frozenset[str]
"""The ids whose 0 and 9 are no points of the scale."""

_EXACT = 2**53  # beyond this a float holds no longer every whole number
_OFF_SCALE = frozenset({NO_OPINION, NOT_APPLICABLE})
_ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def evaluate(node: Node, survey: Survey, answers: Values, today: str = "", answer: Answer = None) -> Value:
    """The value of a checked expression, or None. `answers` are those of shown questions only.

    `today` is the day as "2026-11-21" ("" where it is not known), `answer` the value that a constraint judges.
    For many evaluations on one survey, `surveys.walking` keeps what `compiled` gives.
    """
    return compiled(node, scales(survey))({**answers, TODAY: today, ANSWER: answer})


def holds(node: Node, survey: Survey, answers: Values, today: str = "", answer: Answer = None) -> bool:
    """Whether a checked condition holds; what has no value does not."""
    return evaluate(node, survey, answers, today, answer) is True


def scales(survey: Survey) -> Scales:
    """The ids of the survey's likert5 questions."""
    return frozenset(question.id for question in survey.questions if question.kind is Kind.LIKERT5)


def as_answer(value: Value) -> Answer:
    """A calculated value as it is stored: a whole number as an int, so that it is written and counted like one."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if abs(value) < _EXACT and value == int(value) else value


def compiled(node: Node, scales: Scales) -> Compiled:
    """The tree as a function of the answers; it never raises, whatever they are."""
    if isinstance(node, Literal):
        value = None if node.value == "" else node.value
        return lambda _: value
    if isinstance(node, Name):
        id = node.id
        return lambda values: values.get(id)
    if isinstance(node, Items):
        parts = [compiled(item, scales) for item in node.items]
        return lambda values: tuple(part(values) for part in parts)
    if isinstance(node, Not):
        inner = compiled(node.inner, scales)
        return lambda values: inner(values) is not True
    if isinstance(node, Call):
        return _call(node, scales)
    if node.sign in ARITHMETIC:
        return _arithmetic(node, scales)
    return _logic(node, scales) if node.sign in {"and", "or"} else _comparison(node, scales)


def _logic(node: Binary, scales: Scales) -> Compiled:
    left, right = compiled(node.left, scales), compiled(node.right, scales)
    if node.sign == "and":
        return lambda values: left(values) is True and right(values) is True
    return lambda values: left(values) is True or right(values) is True


def _comparison(node: Binary, scales: Scales) -> Compiled:
    if node.sign in _ORDERS:
        return _order(node, scales)
    left, right = compiled(node.left, scales), compiled(node.right, scales)
    if node.sign == "==":
        if isinstance(node.left, Name) and isinstance(node.right, Literal) and node.right.value != "":
            id, wanted = node.left.id, node.right.value  # by far the most frequent condition
            return lambda values: values.get(id) == wanted
        return lambda values: (a := left(values)) is not None and a == right(values)
    if node.sign == "!=":
        return lambda values: (a := left(values)) is not None and (b := right(values)) is not None and a != b
    return lambda values: isinstance(b := right(values), tuple) and left(values) in b


def _order(node: Binary, scales: Scales) -> Compiled:
    """Numbers by size; dates and times, being texts of one form, by their letters."""
    left, right = _operand(node.left, scales), _operand(node.right, scales)
    compare = _ORDERS[node.sign]

    def ordered(values: Values) -> bool:
        a, b = left(values), right(values)
        if a is None or b is None or isinstance(a, str) is not isinstance(b, str):
            return False
        return compare(a, b)

    return ordered


def _operand(node: Node, scales: Scales) -> Callable[[Values], float | str | None]:
    """A number within bounds and on its scale, or a text; else None."""
    value = compiled(node, scales)
    scaled = isinstance(node, Name) and node.id in scales

    def operand(values: Values) -> float | str | None:
        found = value(values)
        if isinstance(found, str):
            return found
        if isinstance(found, bool) or not isinstance(found, int | float) or not -MOST < found < MOST:
            return None
        return None if scaled and found in _OFF_SCALE else found

    return operand


def _arithmetic(node: Binary, scales: Scales) -> Compiled:
    left, right = _operand(node.left, scales), _operand(node.right, scales)
    reckon = _RECKONINGS[node.sign]
    days = node.sign == "-"

    def result(values: Values) -> float | None:
        a, b = left(values), right(values)
        if isinstance(a, str) or isinstance(b, str):
            return _days_between(a, b) if days and isinstance(a, str) and isinstance(b, str) else None
        if a is None or b is None:
            return None
        return bounded(reckon(float(a), float(b)))

    return result


_RECKONINGS: dict[str, Callable[[float, float], float | None]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": lambda a, b: a / b if b else None,
    "%": lambda a, b: fmod(a, b) if b else None,
}


def _days_between(later: str, earlier: str) -> float | None:
    with suppress(ValueError):
        return float((date.fromisoformat(later) - date.fromisoformat(earlier)).days)
    return None


def _call(node: Call, scales: Scales) -> Compiled:
    make = _operand if node.function in NUMERIC else compiled
    return function(node.function, tuple(make(argument, scales) for argument in node.arguments), node.arguments)
