"""What a constraint says that a question can say itself: its least and most, and a choice that stands alone."""

from math import ceil, floor

import msgspec

from surveys.definition import Kind
from surveys.xlsform.xpath import Call, Dot, Node, Number, Pair, Text

_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "="}
_MEASURES = {Kind.TEXT: "string-length", Kind.MULTIPLE: "count-selected"}
_PLAIN = frozenset({Kind.NUMBER, Kind.DECIMAL})


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """`alone` are names of choices that clear the others; `rest` are the conditions that remain."""

    min: float | None = None
    max: float | None = None
    alone: tuple[str, ...] = ()
    rest: tuple[Node, ...] = ()


def bounds_of(node: Node, kind: Kind) -> Bounds:
    """The constraint of a question of that kind, taken apart."""
    least: list[float] = []
    most: list[float] = []
    alone: list[str] = []
    rest: list[Node] = []
    for part in conjuncts(node):
        limits = _limits(part, kind)
        own = _alone(part) if kind is Kind.MULTIPLE else ""
        if own:
            alone.append(own)
        elif limits is None:
            rest.append(part)
        else:
            least += limits[0]
            most += limits[1]
    return Bounds(min=max(least, default=None), max=min(most, default=None), alone=tuple(alone), rest=tuple(rest))


def conjuncts(node: Node) -> list[Node]:
    """The conditions that an expression joins by `and`."""
    if isinstance(node, Pair) and node.sign == "and":
        return [*conjuncts(node.left), *conjuncts(node.right)]
    return [node]


def _limits(node: Node, kind: Kind) -> tuple[list[float], list[float]] | None:
    """(least, most) of one comparison of the answer, or of its measure, with a number."""
    if not isinstance(node, Pair) or node.sign not in _TURNED:
        return None
    sign, measured, limit = node.sign, node.left, node.right
    if isinstance(measured, Number):
        sign, measured, limit = _TURNED[sign], limit, measured
    if not isinstance(limit, Number) or not _measures(measured, kind):
        return None
    whole = kind is not Kind.DECIMAL
    if kind in _MEASURES and limit.value < 0:
        return None
    if sign == "=" and kind in _MEASURES:
        return [limit.value], [limit.value]
    if sign == ">=":
        return [float(ceil(limit.value)) if whole else limit.value], []
    if sign == "<=":
        return [], [float(floor(limit.value)) if whole else limit.value]
    if whole and sign == ">":
        return [float(floor(limit.value) + 1)], []
    if whole and sign == "<" and (limit.value > 0 or kind not in _MEASURES):
        return [], [float(ceil(limit.value) - 1)]
    return None


def _measures(node: Node, kind: Kind) -> bool:
    if kind in _PLAIN:
        return isinstance(node, Dot)
    return isinstance(node, Call) and node.function == _MEASURES.get(kind) and _of_dot(node)


def _of_dot(node: Call) -> bool:
    return bool(node.arguments) and isinstance(node.arguments[0], Dot)


def _alone(node: Node) -> str:
    """The choice of `not(selected(., 'none') and count-selected(.) > 1)`, or ""."""
    if not (isinstance(node, Call) and node.function == "not" and len(node.arguments) == 1):
        return ""
    inner = node.arguments[0]
    if not (isinstance(inner, Pair) and inner.sign == "and"):
        return ""
    for one, other in ((inner.left, inner.right), (inner.right, inner.left)):
        if isinstance(one, Call) and one.function == "selected" and _of_dot(one) and _more_than_one(other):
            wanted = one.arguments[1] if len(one.arguments) > 1 else None
            return wanted.value if isinstance(wanted, Text) else ""
    return ""


def _more_than_one(node: Node) -> bool:
    return (
        isinstance(node, Pair)
        and isinstance(node.left, Call)
        and node.left.function == "count-selected"
        and _of_dot(node.left)
        and isinstance(node.right, Number)
        and (node.sign, node.right.value) in {(">", 1.0), (">=", 2.0)}
    )
