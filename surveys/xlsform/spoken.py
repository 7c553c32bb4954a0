"""A tree of the survey language written as text again, with brackets only where they are needed."""

import re
from math import isfinite

from surveys.expression import Binary, Call, Items, Literal, Name, Node, Not, parse

_LEVELS = {"or": 1, "and": 2, "+": 5, "-": 5, "*": 6, "/": 6, "%": 6}
_NOT, _COMPARISON, _HIGHEST = 3, 4, 9
_REPEATING = {"or", "and", "+", "*"}
"""Signs whose right side may stand without brackets at the same level."""
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


class Unsayable(Exception):
    """A tree that has no text: a text with both kinds of quotes or a line break, a number beyond plain digits."""


def spoken(node: Node) -> str:
    """The text that `surveys.expression.parse` reads as this tree; Unsayable where there is none."""
    return _said(node)[0]


def joined(conditions: list[str]) -> str:
    """Conditions that must all hold, as one text; "" of none."""
    kept = list(dict.fromkeys(one for one in conditions if one))
    if not kept:
        return ""
    node = parse(kept[0])
    for other in kept[1:]:
        node = Binary("and", node, parse(other), 1)
    return spoken(node)


def _said(node: Node) -> tuple[str, int]:
    """The text and how tightly it binds."""
    if isinstance(node, Literal):
        return _literal(node.value)
    if isinstance(node, Name):
        return node.id, _HIGHEST
    if isinstance(node, Items):
        return f"[{', '.join(spoken(item) for item in node.items)}]", _HIGHEST
    if isinstance(node, Call):
        return f"{node.function}({', '.join(spoken(part) for part in node.arguments)})", _HIGHEST
    if isinstance(node, Not):
        return f"not {_within(node.inner, _NOT)}", _NOT
    return _binary(node)


def _binary(node: Binary) -> tuple[str, int]:
    level = _LEVELS.get(node.sign, _COMPARISON)
    if level == _COMPARISON:
        left, right = _within(node.left, level + 1), _within(node.right, level + 1)
    else:
        left = _within(node.left, level)
        right = _within(node.right, level if node.sign in _REPEATING and _same(node.right, node.sign) else level + 1)
    return f"{left} {node.sign} {right}", level


def _same(node: Node, sign: str) -> bool:
    return sign in {"or", "and"} and isinstance(node, Binary) and node.sign == sign


def _within(node: Node, level: int) -> str:
    text, own = _said(node)
    return text if own >= level else f"({text})"


def _literal(value: float | str) -> tuple[str, int]:
    if isinstance(value, bool):
        return str(value).lower(), _HIGHEST
    if isinstance(value, str):
        quote = "'" if '"' in value else '"'
        if quote in value or "\n" in value:
            raise Unsayable(value)
        return f"{quote}{value}{quote}", _HIGHEST
    if not isfinite(value):
        raise Unsayable(str(value))
    text = str(int(value)) if value == int(value) else f"{value:.12f}".rstrip("0")
    if not _NUMBER.fullmatch(text):
        raise Unsayable(text)
    return text, _HIGHEST if value >= 0 else _HIGHEST - 1
