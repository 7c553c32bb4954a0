"""The functions of the expression language, each made once from the values of its arguments.

A function never raises: what it cannot do with a value has no value. `surveys.condition` checks the types before.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from math import trunc

from surveys.definition import Answer
from surveys.expression import Literal, Node

Value = float | str | bool | tuple[object, ...] | None
Values = Mapping[str, Answer]
"""Answers by question id; the day under TODAY, and in a constraint the value just given under ANSWER."""
Compiled = Callable[[Values], Value]

TODAY = "today()"  # no question can have this id
MAX_DIGITS = 10
"""Digits after the point that `round` can be asked for."""
MOST = 1e300
"""Numbers beyond count for none; far from what a float can hold, so that telling comes before a conversion fails."""
NUMERIC = frozenset({"int", "round", "number"})
"""Functions whose first argument is reckoned with: 0 and 9 of a scale are no value for them."""
_NUMBER = re.compile(r"\s*([-+]?[0-9]{1,300}(?:\.[0-9]{1,300})?)\s*")


def function(name: str, parts: tuple[Compiled, ...], nodes: tuple[Node, ...]) -> Compiled:
    """The function of that name; `nodes` are its arguments as written.

    For a name, or a number of arguments, that there is not: a function without value.
    """
    make = _FUNCTIONS.get(name)
    least, most = ARITY.get(name, (0, 0))
    if make is None or not least <= len(parts) <= most:
        return lambda _: None
    return make(parts, nodes)


def bounded(value: float | None) -> float | None:
    """The number, or None beyond MOST."""
    return value if value is not None and -MOST < value < MOST else None


def _answered(parts: tuple[Compiled, ...], _: tuple[Node, ...]) -> Compiled:
    value = parts[0]
    return lambda values: value(values) is not None


def _selected(parts: tuple[Compiled, ...], _: tuple[Node, ...]) -> Compiled:
    value, wanted = parts

    def selected(values: Values) -> bool:
        given, choice = value(values), wanted(values)
        return choice is not None and (choice in given if isinstance(given, tuple) else choice == given)

    return selected


def _count_selected(parts: tuple[Compiled, ...], _: tuple[Node, ...]) -> Compiled:
    value = parts[0]
    return lambda values: len(given) if isinstance(given := value(values), tuple) else int(given is not None)


def _text(value: Value) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float) or not -MOST < value < MOST:
        return ""
    return str(int(value)) if value == int(value) else str(value)


def _length(parts: tuple[Compiled, ...], _: tuple[Node, ...]) -> Compiled:
    value = parts[0]
    return lambda values: len(_text(value(values)))


def _matches(parts: tuple[Compiled, ...], nodes: tuple[Node, ...]) -> Compiled:
    value, pattern = parts[0], nodes[1]
    found = pattern_finder(pattern.value) if isinstance(pattern, Literal) and isinstance(pattern.value, str) else None

    def matches(values: Values) -> bool:
        given = value(values)
        return found is not None and given is not None and found(_text(given))

    return matches


@lru_cache(maxsize=256)
def pattern_finder(pattern: str) -> Callable[[str], bool] | None:
    """Whether a text holds the pattern anywhere, by RE2 in time linear in the text; None for what RE2 refuses."""
    import re2

    options = re2.Options()
    options.log_errors = False
    options.max_mem = 1 << 20
    try:
        search = re2.compile(pattern, options=options).search
    except (re2.error, UnicodeEncodeError):
        return None

    def found(text: str) -> bool:
        with suppress(UnicodeEncodeError):
            return search(text) is not None
        return False

    return found


def _today(_: tuple[Compiled, ...], __: tuple[Node, ...]) -> Compiled:
    return lambda values: values.get(TODAY) or None


def _if(parts: tuple[Compiled, ...], _: tuple[Node, ...]) -> Compiled:
    condition, then, otherwise = parts
    return lambda values: then(values) if condition(values) is True else otherwise(values)


def _coalesce(parts: tuple[Compiled, ...], _: tuple[Node, ...]) -> Compiled:
    def first(values: Values) -> Value:
        for part in parts:
            value = part(values)
            if value is not None:
                return value
        return None

    return first


def _int(parts: tuple[Compiled, ...], _: tuple[Node, ...]) -> Compiled:
    number = parts[0]
    return lambda values: float(trunc(found)) if isinstance(found := number(values), int | float) else None


def _round(parts: tuple[Compiled, ...], nodes: tuple[Node, ...]) -> Compiled:
    number = parts[0]
    places = nodes[1].value if len(nodes) > 1 and isinstance(nodes[1], Literal) else 0
    unit = Decimal(1).scaleb(-int(places) if isinstance(places, float) and 0 <= places <= MAX_DIGITS else 0)

    def rounded(values: Values) -> float | None:
        found = number(values)
        if not isinstance(found, int | float):
            return None
        try:  # half away from zero, as people round; Python's round() gives 2 for 2.5
            return float(Decimal(repr(float(found))).quantize(unit, ROUND_HALF_UP))
        except InvalidOperation:  # so large that there is nothing behind the point to round
            return float(found)

    return rounded


def _number_of(parts: tuple[Compiled, ...], _: tuple[Node, ...]) -> Compiled:
    operand = parts[0]

    def number(values: Values) -> float | None:
        found = operand(values)
        if isinstance(found, int | float):
            return found
        written = _NUMBER.fullmatch(found) if isinstance(found, str) else None
        return bounded(float(written[1])) if written else None

    return number


_FUNCTIONS: dict[str, Callable[[tuple[Compiled, ...], tuple[Node, ...]], Compiled]] = {
    "answered": _answered,
    "selected": _selected,
    "count_selected": _count_selected,
    "length": _length,
    "matches": _matches,
    "today": _today,
    "if": _if,
    "coalesce": _coalesce,
    "int": _int,
    "round": _round,
    "number": _number_of,
}
ARITY = {
    "answered": (1, 1),
    "selected": (2, 2),
    "count_selected": (1, 1),
    "length": (1, 1),
    "matches": (2, 2),
    "today": (0, 0),
    "if": (3, 3),
    "coalesce": (1, 20),
    "int": (1, 1),
    "round": (1, 2),
    "number": (1, 1),
}
"""How many arguments each function takes: from, to."""
