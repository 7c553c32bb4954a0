"""Whether an expression makes sense where it stands: its names, its types, and answers that a question can have.

What it is worth is said in `surveys.evaluating`, whose `holds` and `evaluate` are offered here too.
"""

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches

from surveys.definition import Kind, Question
from surveys.evaluating import evaluate, holds
from surveys.expression import ANSWER, ARITHMETIC, Binary, Call, ExpressionFault, Items, Literal, Name, Node, Not, parse
from surveys.expression_types import TYPES, Type, is_written, literal_type, possible_answers
from surveys.functions import ARITY, MAX_DIGITS, pattern_finder

__all__ = [
    "FUNCTIONS",
    "Type",
    "calculated_types",
    "evaluate",
    "find_faults",
    "find_value_faults",
    "holds",
    "possible_answers",
]


FUNCTIONS = tuple(sorted(ARITY))
_ORDERED = {Type.NUMBER, Type.DATE, Type.TIME}
_VALUES = {Type.NUMBER, Type.TEXT, Type.DATE, Type.TIME}
_SHOWN = 40
_ORDERS = frozenset({"<", "<=", ">", ">="})


Calculated = Mapping[str, Type | None]
"""The types of calculated values by their ids; None where the expression has faults, which are told where it stands."""


def find_faults(
    node: Node,
    earlier: Iterable[Question],
    later: Iterable[Question],
    own: Question | None = None,
    calculated: Calculated | None = None,
) -> list[ExpressionFault]:
    """Every fault of a condition that stands at a question with those questions before it, and those from it on.

    `own` is the question whose constraint it is: there, and only there, `answer` names the value just given.
    `calculated` is `calculated_types` of the survey, for who checks many expressions of one.
    """
    check = _Check(earlier, later, own, calculated)
    check.condition(node)
    return check.faults


def find_value_faults(
    node: Node, earlier: Iterable[Question], later: Iterable[Question], calculated: Calculated | None = None
) -> list[ExpressionFault]:
    """Every fault of the expression of a calculated value, which must be a number, a text, a date or a time."""
    check = _Check(earlier, later, None, calculated)
    kind = check.type_of(node)
    if kind is Type.CONDITION:
        check.fault("expression.condition", node)
    elif kind is not None and kind not in _VALUES:
        check.fault("expression.not_a_value", node)
    return check.faults


def calculated_types(questions: Iterable[Question]) -> dict[str, Type | None]:
    """The types of the calculated values of questions that stand in this order."""
    all = list(questions)
    found: dict[str, Type | None] = {}
    check = _Check(all, (), None, found)
    for question in all:  # in their order, so that each finds those that it looks at
        if question.kind is Kind.CALCULATED:
            try:
                kind = check.type_of(parse(question.value))
            except ExpressionFault:
                kind = None
            found[question.id] = kind if kind in _VALUES else None
    return found


class _Check:
    """Walks a tree once and gathers its faults; a part whose type is unknown (None) is not complained about twice."""

    def __init__(
        self,
        earlier: Iterable[Question],
        later: Iterable[Question],
        own: Question | None,
        calculated: Calculated | None,
    ) -> None:
        self.faults: list[ExpressionFault] = []
        self._earlier = {question.id: question for question in earlier}
        self._later = {question.id for question in later}
        self._own = own
        self._calculated = calculated

    def fault(self, code: str, node: Node, **params: str | Type) -> None:
        named = {key: value.value if isinstance(value, Type) else value for key, value in params.items()}
        self.faults.append(ExpressionFault(code, node.column, **named))

    def condition(self, node: Node) -> None:
        kind = self.type_of(node)
        if kind not in {Type.CONDITION, None}:
            self.fault("expression.not_a_condition", node)

    def type_of(self, node: Node) -> Type | None:
        if isinstance(node, Literal):
            return literal_type(node)
        if isinstance(node, Name):
            return self._name(node)
        if isinstance(node, Items):
            return self._items(node)
        if isinstance(node, Call):
            return self._call(node)
        if isinstance(node, Not):
            self.condition(node.inner)
            return Type.CONDITION
        if node.sign in ARITHMETIC:
            return self._arithmetic(node)
        if node.sign in {"and", "or"}:
            self.condition(node.left)
            self.condition(node.right)
        elif node.sign == "in":
            self._membership(node)
        else:
            self._comparison(node)
        return Type.CONDITION

    def _question(self, name: Name) -> Question | None:
        return self._own if name.id == ANSWER else self._earlier.get(name.id)

    def _name(self, node: Name) -> Type | None:
        question = self._question(node)
        if question is None:
            self._unknown(node)
            return None
        if question.kind is Kind.NOTE:
            self.fault("expression.no_answer", node, name=node.id)
        if question.kind is Kind.CALCULATED:
            if self._calculated is None:
                self._calculated = calculated_types(self._earlier.values())
            return self._calculated.get(question.id)
        return TYPES.get(question.kind)

    def _unknown(self, node: Name) -> None:
        if node.id == ANSWER:
            self.fault("expression.answer", node)
        elif node.id in self._later:
            self.fault("expression.later", node, name=node.id)
        else:
            known = [*self._earlier, *([ANSWER] if self._own else [])]
            near = get_close_matches(node.id[:_SHOWN], known, n=1, cutoff=0.6)
            code = "expression.unknown.near" if near else "expression.unknown"
            self.fault(code, node, name=node.id[:_SHOWN], near=near[0] if near else "")

    def _items(self, node: Items) -> Type | None:
        kinds = set()
        for item in node.items:
            if isinstance(item, Literal):
                kinds.add(literal_type(item))
            else:
                self.fault("expression.list_item", item)
                return None
        if len(kinds) != 1:
            self.fault("expression.list_mixed" if kinds else "expression.list_empty", node)
            return None
        return Type.LIST

    def _arithmetic(self, node: Binary) -> Type | None:
        left, right = self.type_of(node.left), self.type_of(node.right)
        if left is None or right is None:
            return None
        left, right = self._alike(node.left, left, node.right, right)
        if node.sign == "-" and left is right is Type.DATE:
            return Type.NUMBER
        if left is not Type.NUMBER or right is not Type.NUMBER:
            self.fault("expression.arithmetic", node, sign=node.sign)
            return None
        return Type.NUMBER

    def _comparison(self, node: Binary) -> None:
        left, right = self.type_of(node.left), self.type_of(node.right)
        if left is None or right is None:
            return
        left, right = self._alike(node.left, left, node.right, right)
        wanted = _ORDERED if node.sign in _ORDERS else _VALUES
        if left is right and left in wanted:
            self._possible(node.left, node.right, equal=node.sign not in _ORDERS)
            self._possible(node.right, node.left, equal=node.sign not in _ORDERS)
        elif Type.EMPTY in {left, right}:
            self.fault("expression.empty", node, sign=node.sign)
        elif Type.CHOICES in {left, right}:
            self.fault("expression.use_in", node, sign=node.sign)
        elif Type.ORDER in {left, right} or Type.FILE in {left, right}:
            self.fault("expression.only_answered", node, sign=node.sign)
        else:
            self.fault("expression.types", node, sign=node.sign, left=left, right=right)

    def _alike(self, a: Node, left: Type, b: Node, right: Type) -> tuple[Type, Type]:
        """The types, where a text written beside a date or a time is one itself."""
        for type, node, other in ((right, a, left), (left, b, right)):
            if type not in {Type.DATE, Type.TIME} or other is not Type.TEXT or not isinstance(node, Literal):
                continue
            if not is_written(type, str(node.value)):
                self.fault(f"expression.{type.value}", node, found=str(node.value))
            return type, type
        return left, right

    def _membership(self, node: Binary) -> None:
        left, right = self.type_of(node.left), self.type_of(node.right)
        if left is None or right is None:
            return
        if right is Type.CHOICES and left is Type.TEXT:
            self._possible(node.right, node.left, equal=True)
        elif right is Type.LIST and left in {Type.TEXT, Type.NUMBER} and isinstance(node.right, Items):
            for item in node.right.items:
                if self.type_of(item) is left:
                    self._possible(node.left, item, equal=True)
                else:
                    self.fault("expression.types", node, sign=node.sign, left=left, right=right)
                    break
        else:
            self.fault("expression.types", node, sign=node.sign, left=left, right=right)

    def _possible(self, name: Node, value: Node, *, equal: bool) -> None:
        """An answer that the question never has is a fault: most often a choice that was renamed."""
        if not equal or not isinstance(name, Name) or not isinstance(value, Literal):
            return
        question = self._question(name)
        known = possible_answers(question) if question is not None else None
        if known is not None and value.value not in known:
            shown = f"{value.value:g}" if isinstance(value.value, float) else str(value.value)
            offered = ", ".join(str(answer) for answer in known)
            self.fault("expression.choice", value, name=name.id, choice=shown, offered=offered)

    # --- functions -----------------------------------------------------------------------------------------------

    def _call(self, node: Call) -> Type | None:
        if node.function not in ARITY:
            self.fault("expression.function", node, name=node.function, known=", ".join(FUNCTIONS))
            return None
        least, most = ARITY[node.function]
        if not least <= len(node.arguments) <= most:
            self.fault(f"expression.call.{node.function}", node)
            return _RESULTS.get(node.function)
        check: Callable[[Call], Type | None] = getattr(self, f"_{node.function}")
        return check(node)

    def _answered(self, node: Call) -> Type:
        self._named(node)
        return Type.CONDITION

    def _selected(self, node: Call) -> Type:
        name, choice = node.arguments
        if self._named(node) not in {Type.CHOICES, Type.TEXT, None} or not isinstance(choice, Literal):
            self.fault("expression.call.selected", node)
        else:
            self._possible(name, choice, equal=True)
        return Type.CONDITION

    def _count_selected(self, node: Call) -> Type:
        if self._named(node) not in {Type.CHOICES, None}:
            self.fault("expression.call.count_selected", node)
        return Type.NUMBER

    def _named(self, node: Call) -> Type | None:
        """The type of the first argument, which must name a question."""
        name = node.arguments[0]
        if isinstance(name, Name):
            return self._name(name)
        self.fault(f"expression.call.{node.function}", node)
        return None

    def _length(self, node: Call) -> Type:
        self._of(node, {Type.TEXT, Type.NUMBER})
        return Type.NUMBER

    def _matches(self, node: Call) -> Type:
        self._of(node, {Type.TEXT, Type.NUMBER})
        pattern = node.arguments[1]
        if not isinstance(pattern, Literal) or not isinstance(pattern.value, str):
            self.fault("expression.call.matches", node)
        elif pattern_finder(pattern.value) is None:
            self.fault("expression.pattern", pattern, found=pattern.value)
        return Type.CONDITION

    def _today(self, _: Call) -> Type:
        return Type.DATE

    def _if(self, node: Call) -> Type | None:
        self.condition(node.arguments[0])
        return self._same(node, node.arguments[1:])

    def _coalesce(self, node: Call) -> Type | None:
        return self._same(node, node.arguments)

    def _same(self, node: Call, parts: tuple[Node, ...]) -> Type | None:
        """The one type of several values; the empty text goes with every type."""
        kinds = [self.type_of(part) for part in parts]
        if None in kinds:
            return None
        for special in (Type.DATE, Type.TIME):
            if special in kinds:
                pairs = zip(parts, kinds, strict=True)
                kinds = [self._alike(part, kind or special, parts[0], special)[0] for part, kind in pairs]
        found = {kind for kind in kinds if kind is not Type.EMPTY}
        if len(found) > 1:
            self.fault("expression.branches", node, name=node.function)
            return None
        return found.pop() if found else Type.EMPTY

    def _int(self, node: Call) -> Type:
        self._of(node, {Type.NUMBER})
        return Type.NUMBER

    def _round(self, node: Call) -> Type:
        self._of(node, {Type.NUMBER})
        digits = node.arguments[1].value if len(node.arguments) > 1 and isinstance(node.arguments[1], Literal) else 0.0
        plain = len(node.arguments) == 1 or isinstance(node.arguments[1], Literal)
        if not plain or not isinstance(digits, float) or digits != int(digits) or not 0 <= digits <= MAX_DIGITS:
            self.fault("expression.call.round", node)
        return Type.NUMBER

    def _number(self, node: Call) -> Type:
        self._of(node, {Type.TEXT, Type.NUMBER})
        return Type.NUMBER

    def _of(self, node: Call, wanted: set[Type]) -> None:
        kind = self.type_of(node.arguments[0])
        if kind is not None and kind not in wanted:
            self.fault(f"expression.call.{node.function}", node)


_RESULTS = {
    **dict.fromkeys(("answered", "selected", "matches"), Type.CONDITION),
    **dict.fromkeys(("count_selected", "length", "int", "round", "number"), Type.NUMBER),
    "today": Type.DATE,
}
