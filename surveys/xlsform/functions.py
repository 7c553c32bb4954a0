"""The functions of XLSForm that can be said in the survey language."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from surveys.expression import Binary, Call, Literal, Node
from surveys.xlsform import xpath
from surveys.xlsform.parts import (
    FALSE,
    NOTHING,
    TRUE,
    Part,
    as_figure,
    choice_id,
    denied,
    exchanged,
    is_answered,
    plain,
    whole_match,
)
from surveys.xlsform.scope import Sort
from surveys.xlsform.xpath import XPathFault

if TYPE_CHECKING:
    from surveys.xlsform.translating import Translator

_TEXTS = frozenset({Sort.TEXT, Sort.NUMBER})


def _constant(_: "Translator", node: xpath.Call) -> Part:
    return Part(TRUE if node.function == "true" else FALSE, Sort.CONDITION)


def _not(t: "Translator", node: xpath.Call) -> Part:
    return Part(denied(t.condition(node.arguments[0])), Sort.CONDITION)


def _selected(t: "Translator", node: xpath.Call) -> Part:
    given, wanted = (t.part(argument) for argument in node.arguments)
    if given.sort is Sort.FILE or given.sort is Sort.CONDITION:
        raise XPathFault("xlsform.no_selected", node.column)
    if given.settled or given.sort is not Sort.MANY:
        return Part(t.equal(node.arguments[0], node.arguments[1], node.column), Sort.CONDITION)
    if isinstance(wanted.node, Literal):
        id = choice_id(given, plain(wanted.node.value), node)
        return Part(Call("selected", (given.node, Literal(id, 1)), 1), Sort.CONDITION)
    if wanted.sort is not Sort.CHOICE or any(given.ids.get(name, id) != id for name, id in wanted.ids.items()):
        raise XPathFault("xlsform.no_selected", node.column)
    return Part(Binary("in", wanted.node, given.node, 1), Sort.CONDITION)


def _count_selected(t: "Translator", node: xpath.Call) -> Part:
    given = t.part(node.arguments[0])
    if given.sort is Sort.MANY:
        return Part(Call("count_selected", (given.node,), 1), Sort.NUMBER)
    if given.sort is not Sort.CHOICE:
        raise XPathFault("xlsform.no_selected", node.column)
    return Part(Call("if", (is_answered(given), Literal(1.0, 1), Literal(0.0, 1)), 1), Sort.NUMBER)


def _string_length(t: "Translator", node: xpath.Call) -> Part:
    given = t.part(node.arguments[0])
    if given.sort not in _TEXTS:
        raise XPathFault("xlsform.no_text", node.column, name=node.function)
    return Part(Call("length", (given.node,), 1), Sort.NUMBER)


def _regex(t: "Translator", node: xpath.Call) -> Part:
    given, pattern = (t.part(argument) for argument in node.arguments)
    if given.sort not in _TEXTS:
        raise XPathFault("xlsform.no_text", node.column, name=node.function)
    if not isinstance(pattern.node, Literal) or not isinstance(pattern.node.value, str):
        raise XPathFault("xlsform.pattern_literal", node.arguments[1].column)
    return Part(whole_match(given, pattern.node.value, node.arguments[1].column), Sort.CONDITION)


def _today(_: "Translator", __: xpath.Call) -> Part:
    return Part(Call("today", (), 1), Sort.DATE)


def _if(t: "Translator", node: xpath.Call) -> Part:
    first, *branches = node.arguments
    condition = t.condition(first)
    sort, (yes, no), ids, hollow = _alike(t, branches, node)
    if sort is Sort.CONDITION:
        figure = Call("if", (condition, as_figure(yes), as_figure(no)), 1)
        return Part(Binary("==", figure, Literal(1.0, 1), 1), sort)
    return Part(Call("if", (condition, yes, no), 1), sort, ids, hollow=hollow)


def _coalesce(t: "Translator", node: xpath.Call) -> Part:
    sort, nodes, ids, _ = _alike(t, list(node.arguments), node)
    # Empty only where the last is empty.
    last = t.part(node.arguments[-1])
    hollow = last.hollow or last.nothing
    if sort is Sort.CONDITION:
        return Part(nodes[0], sort)
    return Part(Call("coalesce", tuple(nodes), 1), sort, ids, hollow=hollow)


def _alike(t: "Translator", nodes: list[xpath.Node], call: xpath.Call) -> tuple[Sort, list[Node], dict[str, str], bool]:
    """What branches are worth together, their trees as that, names of choices, and whether one may be an empty text."""
    parts = [t.part(node) for node in nodes]
    hollow = any(part.hollow or part.nothing for part in parts)
    sorts = {part.sort for part in parts if not part.nothing}
    if sorts & {Sort.MANY, Sort.FILE} or (Sort.CONDITION in sorts and len(sorts) > 1):
        raise XPathFault("xlsform.branches", call.column, name=call.function)
    if sorts == {Sort.CONDITION}:
        return Sort.CONDITION, [t.condition(node) for node in nodes], {}, False
    if Sort.NUMBER in sorts:
        pairs = zip(parts, nodes, strict=True)
        return Sort.NUMBER, [NOTHING if part.nothing else t.number(node) for part, node in pairs], {}, hollow
    if Sort.DATE in sorts:
        return Sort.DATE, [part.node for part in parts], {}, hollow
    ids: dict[str, str] = {}
    for part in parts:
        if any(ids.get(name, id) != id for name, id in part.ids.items()):
            raise XPathFault("xlsform.branches", call.column, name=call.function)
        ids |= part.ids
    return Sort.CHOICE if ids else Sort.TEXT, [exchanged(part, ids) for part in parts], ids, hollow


def _int(t: "Translator", node: xpath.Call) -> Part:
    return Part(Call("int", (t.number(node.arguments[0]),), 1), Sort.NUMBER)


def _round(t: "Translator", node: xpath.Call) -> Part:
    numbers = tuple(t.number(argument) for argument in node.arguments)
    return Part(Call("round", numbers, 1), Sort.NUMBER)


def _number(t: "Translator", node: xpath.Call) -> Part:
    return Part(t.number(node.arguments[0]), Sort.NUMBER)


def _date(t: "Translator", node: xpath.Call) -> Part:
    part = t.part(node.arguments[0])
    if part.sort not in {Sort.TEXT, Sort.DATE}:
        raise XPathFault("xlsform.function", node.column, name=node.function, known=", ".join(FUNCTIONS))
    return Part(part.node, Sort.DATE)


CALLS: dict[str, tuple[int, int, Callable[["Translator", xpath.Call], Part]]] = {
    "true": (0, 0, _constant),
    "false": (0, 0, _constant),
    "not": (1, 1, _not),
    "selected": (2, 2, _selected),
    "count-selected": (1, 1, _count_selected),
    "string-length": (1, 1, _string_length),
    "regex": (2, 2, _regex),
    "today": (0, 0, _today),
    "if": (3, 3, _if),
    "coalesce": (2, 2, _coalesce),
    "int": (1, 1, _int),
    "round": (1, 2, _round),
    "number": (1, 1, _number),
    "date": (1, 1, _date),
}
"""Least and most arguments of every function, and how it is said."""
FUNCTIONS = tuple(CALLS)
"""The functions that an officer is told can be used."""
