"""An expression of XLSForm said in the survey language, so that it holds for the same answers.

What differs is written out: XLSForm compares an unanswered question as an empty text, so `!=` becomes `not ==`, and
`= ''` asks whether there is an answer; `regex` must match the whole; choices named by numbers compare as numbers.
"""

from difflib import get_close_matches

from surveys.expression import ANSWER, Binary, Call, Items, Literal, Node
from surveys.xlsform import xpath
from surveys.xlsform.functions import CALLS, FUNCTIONS
from surveys.xlsform.parts import (
    FALSE,
    TRUE,
    Part,
    as_figure,
    both,
    by_name,
    choice_id,
    denied,
    is_answered,
    named,
    of_field,
    plain,
)
from surveys.xlsform.scope import Scope, Sort
from surveys.xlsform.xpath import XPathFault

_ORDERS = frozenset({"<", "<=", ">", ">="})
_ARITHMETIC = {"+": "+", "-": "-", "*": "*", "div": "/", "mod": "%"}
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_SILENT = {"note": "name_note", "group": "name_group", "repeat": "name_repeat", "twice": "name_twice_used"}
"""Codes for names that stand for no answer; others are what a device keeps by itself."""


def translated(node: xpath.Node, scope: Scope) -> Part:
    """The whole expression; XPathFault with the character where it cannot be said."""
    return Translator(scope).part(node)


def condition(node: xpath.Node, scope: Scope) -> Node:
    """The expression as a condition."""
    return Translator(scope).condition(node)


class Translator:
    """One walk over the tree. Parts that are the same for every answer are settled on the way (choice_filter)."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._parts: dict[int, Part] = {}
        """By the identity of a part, which lives as long as the whole."""

    def part(self, node: xpath.Node) -> Part:
        """A part as what it is worth; every part is walked once, however often it is asked for."""
        waiting: list[xpath.Node] = []
        at = node
        while id(at) not in self._parts:
            waiting.append(at)
            if not isinstance(at, xpath.Pair):
                break
            at = at.left
        # A chain (a or b or ...) is as deep as it is long on its left side: it is walked without going down.
        for one in reversed(waiting):
            self._parts[id(one)] = self._part(one)
        return self._parts[id(node)]

    def _part(self, node: xpath.Node) -> Part:
        match node:
            case xpath.Number():
                return Part(Literal(node.value, 1), Sort.NUMBER)
            case xpath.Text():
                return Part(Literal(node.value, 1), Sort.TEXT)
            case xpath.Ref():
                return self._ref(node)
            case xpath.Dot():
                if self._scope.own is None:
                    raise XPathFault("xlsform.dot", node.column)
                return of_field(self._scope.own, ANSWER)
            case xpath.Bare():
                return self._bare(node)
            case xpath.Minus():
                return Part(Binary("-", Literal(0.0, 1), self.number(node.inner), 1), Sort.NUMBER)
            case xpath.Call():
                return self._call(node)
            case xpath.Pair():
                return self._pair(node)

    def condition(self, node: xpath.Node) -> Node:
        """What XPath takes for true: a condition, a number that is not 0, a text that is not empty."""
        part = self.part(node)
        if part.sort is Sort.CONDITION:
            return part.node
        if isinstance(part.node, Literal):
            return FALSE if part.node.value in {"", 0.0} else TRUE
        if part.sort is Sort.NUMBER and not part.ids:  # the name of a choice is a text, "0" too
            return Binary("!=", part.node, Literal(0.0, 1), 1)
        return is_answered(part)

    def number(self, node: xpath.Node) -> Node:
        """A part as a number: choices by their names, conditions as 1 and 0."""
        part = self.part(node)
        if part.sort is Sort.CONDITION:
            return as_figure(part.node)
        if part.sort is Sort.NUMBER:
            # XLSForm counts 0 and 9 of a likert5 as numbers like others; inside a function they are no scale here.
            off_scale = part.field is not None and part.field.off_scale
            return Call("coalesce", (part.node,), 1) if off_scale else part.node
        if isinstance(part.node, Literal):
            if part.figure:
                return Literal(float(part.node.value), 1)
            raise XPathFault("xlsform.no_number", node.column, name=str(part.node.value))
        if part.sort is Sort.CHOICE:
            return by_name(part, node)
        if part.sort is Sort.TEXT:
            return Call("number", (part.node,), 1)
        raise XPathFault("xlsform.no_number", node.column, name=named(node))

    def equal(self, left_node: xpath.Node, right_node: xpath.Node, column: int) -> Node:
        """XPath's `=`."""
        left, right = self.part(left_node), self.part(right_node)
        if left.settled and not right.settled:
            left, right, left_node, right_node = right, left, right_node, left_node
        if Sort.CONDITION in {left.sort, right.sort}:
            return _same_truth(self.condition(left_node), self.condition(right_node))
        if isinstance(right.node, Literal):
            return _equal_literal(left, right.node, left_node)
        if {Sort.MANY, Sort.FILE} & {left.sort, right.sort}:
            raise XPathFault("xlsform.no_equal", column)
        if Sort.NUMBER in {left.sort, right.sort}:
            same: Node = Binary("==", self.number(left_node), self.number(right_node), 1)
        elif any(left.ids[name] != right.ids[name] for name in left.ids.keys() & right.ids.keys()):
            raise XPathFault("xlsform.no_equal", column)
        else:
            same = Binary("==", left.node, right.node, 1)
        if not (left.hollow and right.hollow):
            return same
        # Two unanswered questions are two equal empty texts there.
        return both("or", same, both("and", denied(is_answered(left)), denied(is_answered(right))))

    def _ref(self, node: xpath.Ref) -> Part:
        scope, name = self._scope, node.name
        if name in scope.broken:
            raise XPathFault("", node.column)
        if found := scope.fields.get(name):
            return of_field(found, found.id)
        if name in scope.silent:
            what = scope.silent[name]
            if what == "today":
                return Part(Call("today", (), 1), Sort.DATE)
            raise XPathFault(f"xlsform.{_SILENT.get(what, 'name_meta')}", node.column, name=name)
        if name in scope.later:
            raise XPathFault("xlsform.name_later", node.column, name=name, row=str(scope.later[name]))
        near = get_close_matches(name, [*scope.fields, *scope.later], n=1, cutoff=0.6)
        code = "xlsform.name_unknown.near" if near else "xlsform.name_unknown"
        raise XPathFault(code, node.column, name=name, near=near[0] if near else "")

    def _bare(self, node: xpath.Bare) -> Part:
        columns = self._scope.columns
        if columns is None or node.name.lower() not in columns:
            code = "xlsform.bare" if columns is None else "xlsform.filter_column"
            raise XPathFault(code, node.column, name=node.name)
        return Part(Literal(columns[node.name.lower()], 1), Sort.TEXT)

    def _call(self, node: xpath.Call) -> Part:
        if node.function not in CALLS:
            known = ", ".join(FUNCTIONS)
            raise XPathFault("xlsform.function", node.column, name=node.function, known=known)
        least, most, function = CALLS[node.function]
        if not least <= len(node.arguments) <= most:
            raise XPathFault("xlsform.arguments", node.column, name=node.function, count=str(len(node.arguments)))
        return function(self, node)

    def _pair(self, node: xpath.Pair) -> Part:
        if node.sign in {"and", "or"}:
            return Part(both(node.sign, self.condition(node.left), self.condition(node.right)), Sort.CONDITION)
        if node.sign in _ARITHMETIC:
            return self._arithmetic(node)
        if node.sign in _ORDERS:
            return Part(self._order(node), Sort.CONDITION)
        same = self.equal(node.left, node.right, node.column)
        return Part(same if node.sign == "=" else denied(same), Sort.CONDITION)

    def _arithmetic(self, node: xpath.Pair) -> Part:
        if node.sign == "-":
            left, right = self.part(node.left), self.part(node.right)
            if left.sort is right.sort is Sort.DATE:
                return Part(Binary("-", left.node, right.node, 1), Sort.NUMBER)
        said = Binary(_ARITHMETIC[node.sign], self.number(node.left), self.number(node.right), 1)
        return Part(said, Sort.NUMBER)

    def _order(self, node: xpath.Pair) -> Node:
        left, right = self.part(node.left), self.part(node.right)
        if Sort.DATE in {left.sort, right.sort}:
            if not {left.sort, right.sort} <= {Sort.DATE, Sort.TEXT}:
                raise XPathFault("xlsform.order", node.column, sign=node.sign)
            return Binary(node.sign, left.node, right.node, 1)
        one, other, other_node = (left, right, node.right) if left.sort is Sort.CHOICE else (right, left, node.left)
        if one.sort is Sort.CHOICE and other.settled:
            limit = self.number(other_node)
            sign = node.sign if one is left else _TURNED[node.sign]
            return _chosen_by_size(one, sign, limit.value if isinstance(limit, Literal) else "", node)
        return Binary(node.sign, self.number(node.left), self.number(node.right), 1)


def _same_truth(one: Node, other: Node) -> Node:
    for known, open in ((one, other), (other, one)):
        if known in (TRUE, FALSE):
            return open if known == TRUE else denied(open)
    return Binary("==", as_figure(one), as_figure(other), 1)


def _chosen_by_size(one: Part, sign: str, limit: float | str, node: xpath.Pair) -> Node:
    """An order over choices that are numbers: the choices for which it holds."""
    if not all(name.isdecimal() for name in one.ids) or isinstance(limit, str):
        raise XPathFault("xlsform.choice_number", node.column, name=named(node))
    holds = {"<": limit.__gt__, "<=": limit.__ge__, ">": limit.__lt__, ">=": limit.__le__}[sign]
    ids = tuple(Literal(id, 1) for name, id in one.ids.items() if holds(float(name)))
    return Binary("in", one.node, Items(ids, 1), 1) if ids else FALSE


def _equal_literal(left: Part, literal: Literal, node: xpath.Node) -> Node:
    value = literal.value
    if isinstance(left.node, Literal):
        return TRUE if plain(left.node.value) == plain(value) else FALSE
    if value == "":
        return FALSE if left.name == ANSWER else denied(is_answered(left))
    if left.sort is Sort.FILE:
        raise XPathFault("xlsform.no_equal", node.column)
    if left.sort is Sort.NUMBER:
        figure = isinstance(value, float) or Part(literal, Sort.TEXT).figure
        return Binary("==", left.node, Literal(float(value), 1), 1) if figure else FALSE
    if left.sort in {Sort.TEXT, Sort.DATE}:
        if isinstance(value, str):
            return Binary("==", left.node, literal, 1)
        if left.sort is Sort.DATE:
            raise XPathFault("xlsform.no_equal", node.column)
        return Binary("==", Call("number", (left.node,), 1), literal, 1)
    id = choice_id(left, plain(value), node)
    if left.sort is Sort.CHOICE:
        return Binary("==", left.node, Literal(id, 1), 1)
    # `=` on several choices is true where it is this one alone.
    alone = Binary("==", Call("count_selected", (left.node,), 1), Literal(1.0, 1), 1)
    return both("and", Call("selected", (left.node, Literal(id, 1)), 1), alone)
