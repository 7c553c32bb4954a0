"""An expression of the survey language said in that of XLSForm, so that it holds for the same answers.

An unanswered question is an empty text there, so every comparison that ours calls false without an answer is guarded.
"""

import re

from surveys.definition import NO_OPINION, NOT_APPLICABLE, Kind, Question
from surveys.expression import ANSWER, ARITHMETIC, Binary, Call, Items, Literal, Name, Node, Not
from surveys.functions import pattern_finder

_WHOLE = re.compile(r"\^\(\?:(.*)\)\$", re.DOTALL)
_ORDERS = frozenset({"<", "<=", ">", ">="})
_SIGNS = {"==": "=", "/": "div", "%": "mod"}
_FUNCTIONS = {"length": "string-length", "count_selected": "count-selected", "int": "int", "number": "number"}


class Printer:
    """Says expressions of one survey. `own` is the question of a constraint."""

    def __init__(self, questions: dict[str, Question], own: Question | None = None) -> None:
        self._questions = questions
        self._own = own

    def condition(self, node: Node) -> str:
        """A condition; what it joins stands in brackets."""
        if isinstance(node, Literal):
            return "true()" if node.value is True else "false()"
        if isinstance(node, Not):
            return f"not({self.condition(node.inner)})"
        if isinstance(node, Call):
            return self._asked(node)
        if isinstance(node, Binary):
            if node.sign in {"and", "or"}:
                return f"({self.condition(node.left)} {node.sign} {self.condition(node.right)})"
            return self._membership(node) if node.sign == "in" else self._comparison(node)
        return f"({self.value(node)} != '')"

    def value(self, node: Node) -> str:
        """A number or a text."""
        if isinstance(node, Literal):
            return _literal(node.value)
        if isinstance(node, Name):
            name = self._name(node)
            # No reckoning with 0 and 9 of a likert5: there they are numbers like others.
            return f"if({self._on_scale(node)}, {name}, '')" if self._off_scale(node) else name
        if isinstance(node, Binary) and node.sign in ARITHMETIC:
            return self._arithmetic(node)
        if isinstance(node, Call):
            return self._call(node)
        return self.condition(node)

    # --- conditions --------------------------------------------------------------------------------------------------

    def _asked(self, node: Call) -> str:
        first = node.arguments[0] if node.arguments else None
        if node.function == "answered" and isinstance(first, Name):
            return f"({self._name(first)} != '')"
        if node.function == "selected" and isinstance(first, Name):
            return self._chosen(first, node.arguments[1])
        if node.function == "matches" and first is not None and isinstance(node.arguments[1], Literal):
            return self._matched(self.value(first), str(node.arguments[1].value))
        return f"({self.value(node)} != '')"

    def _chosen(self, name: Name, choice: Node) -> str:
        said = self._beside(choice, name)
        if self._kind(name) in {Kind.MULTIPLE, Kind.RANK}:
            return f"selected({self._name(name)}, {said})"
        return f"({self._name(name)} = {said})"

    def _matched(self, given: str, pattern: str) -> str:
        whole = _WHOLE.fullmatch(pattern)
        # Ours looks for the pattern anywhere, theirs must match the whole; a pattern that is whole already stays.
        inner = whole[1] if whole and pattern_finder(whole[1]) is not None else ""
        pattern = inner or f"(?s:.*)(?:{pattern})(?s:.*)"
        found = pattern_finder(f"^(?:{pattern})$")
        regex = f"regex({given}, {_literal(pattern)})"
        return f"({given} != '' and {regex})" if found is not None and found("") and given != "." else regex

    def _membership(self, node: Binary) -> str:
        if isinstance(node.right, Items):
            name = node.left
            parts = [f"{self._plain(name)} = {self._beside(item, name)}" for item in node.right.items]
            return f"({' or '.join(parts)})"
        if isinstance(node.right, Name):
            return f"selected({self._name(node.right)}, {self._beside(node.left, node.right)})"
        return "false()"

    def _comparison(self, node: Binary) -> str:
        sign = _SIGNS.get(node.sign, node.sign)
        dated = any(self._kind(side) is Kind.DATE or _is_today(side) for side in (node.left, node.right))
        left, right = (self._side(one, other, dated=dated) for one, other in _turned(node))
        guards = []
        if node.sign in _ORDERS:
            guards = [self._on_scale(s) for s in (node.left, node.right) if isinstance(s, Name) and self._off_scale(s)]
        elif node.sign == "!=":
            guards = [
                f"{said} != ''" for said, side in ((left, node.left), (right, node.right)) if not _literally(side)
            ]
        elif not _literally(node.left) and not _literally(node.right):
            guards = [f"{left} != ''"]
        return f"({' and '.join([*guards, f'{left} {sign} {right}'])})"

    def _side(self, node: Node, other: Node, *, dated: bool) -> str:
        said = self._beside(node, other)
        return f"date({said})" if dated and isinstance(node, Literal) else said

    def _beside(self, node: Node, other: Node) -> str:
        """A side of a comparison: a choice by its name, a likert5 answer as it is (its scale is guarded apart)."""
        if isinstance(node, Literal):
            if self._kind(other) is Kind.ACKNOWLEDGE and node.value == "yes":
                return "'OK'"
            chosen = self._kind(other) in {Kind.LIKERT5, Kind.NPS} and isinstance(node.value, float)
            return f"'{int(node.value)}'" if chosen and not isinstance(node.value, str) else _literal(node.value)
        return self._plain(node)

    def _plain(self, node: Node) -> str:
        return self._name(node) if isinstance(node, Name) else self.value(node)

    # --- values ------------------------------------------------------------------------------------------------------

    def _arithmetic(self, node: Binary) -> str:
        left, right = self.value(node.left), self.value(node.right)
        said = f"({left} {_SIGNS.get(node.sign, node.sign)} {right})"
        # There a division by zero is infinite, here it has no value.
        guarded = node.sign == "/" and not _literally(node.right) and not self._never_zero(node.right)
        return f"if({right} != 0, {said}, '')" if guarded else said

    def _never_zero(self, node: Node) -> bool:
        """A likert5 without "Không có ý kiến": a form that asks whether it is 0 asks for what nobody can answer."""
        return self._kind(node) is Kind.LIKERT5 and isinstance(node, Name) and not self._off_scale(node)

    def _call(self, node: Call) -> str:
        if node.function == "today":
            return "today()"
        if node.function == "if":
            condition, then, otherwise = node.arguments
            # `if` and `coalesce` hand a value on as it was given, 0 and 9 of a likert5 too, in both languages.
            return f"if({self.condition(condition)}, {self._plain(then)}, {self._plain(otherwise)})"
        if node.function == "coalesce":
            return self._coalesced(node.arguments)
        if node.function == "round":
            digits = self.value(node.arguments[1]) if len(node.arguments) > 1 else "0"
            return f"round({self.value(node.arguments[0])}, {digits})"
        if node.function in _FUNCTIONS:
            return f"{_FUNCTIONS[node.function]}({self.value(node.arguments[0])})"
        return self.condition(node)

    def _coalesced(self, parts: tuple[Node, ...]) -> str:
        first, *rest = parts
        said = self._plain(first)
        return f"coalesce({said}, {self._coalesced(tuple(rest))})" if rest else said

    # --- names -------------------------------------------------------------------------------------------------------

    def _name(self, node: Name) -> str:
        return "." if node.id == ANSWER else f"${{{node.id}}}"

    def _question(self, node: Node) -> Question | None:
        if not isinstance(node, Name):
            return None
        return self._own if node.id == ANSWER else self._questions.get(node.id)

    def _kind(self, node: Node) -> Kind | None:
        question = self._question(node)
        return question.kind if question else None

    def _off_scale(self, node: Name) -> bool:
        question = self._question(node)
        return question is not None and question.kind is Kind.LIKERT5 and bool(off_scale(question))

    def _on_scale(self, node: Name) -> str:
        question, name = self._question(node), self._name(node)
        offered = off_scale(question) if question else ()
        return " and ".join(f"{name} != '{value}'" for value in offered)


def off_scale(question: Question) -> tuple[int, ...]:
    """0 and 9, as far as a likert5 question offers them."""
    none = (NO_OPINION,) if question.no_opinion else ()
    return (*none, *((NOT_APPLICABLE,) if question.not_applicable else ()))


def _turned(node: Binary) -> tuple[tuple[Node, Node], tuple[Node, Node]]:
    return (node.left, node.right), (node.right, node.left)


def _literally(node: Node) -> bool:
    return isinstance(node, Literal)


def _is_today(node: Node) -> bool:
    return isinstance(node, Call) and node.function == "today"


def _literal(value: float | str) -> str:
    if isinstance(value, str):
        return f'"{value}"' if "'" in value else f"'{value}'"
    return str(int(value)) if value == int(value) else f"{value:.12f}".rstrip("0")
