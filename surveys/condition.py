"""What a show_if means: its types checked against the survey, and whether it holds for the answers so far.

Every expression has a value for every set of answers, by these rules:
- A question that was not asked, not shown or skipped has no value, and a comparison with no value is false.
  So `q != "a"` holds only where q was answered with something else; `not q == "a"` holds also where it was not.
- On likert5, 0 ("Không có ý kiến") and 9 ("Không áp dụng") are no points of the scale: they equal themselves
  (`q == 9`), and no order comparison holds for them (`q < 3` is false at 0).
- `and`, `or` and `not` are two-valued; the right side is looked at only where it decides.
"""

from collections.abc import Callable, Iterable, Mapping
from enum import Enum

from surveys.definition import NO_OPINION, NOT_APPLICABLE, Answer, Kind, Question, Survey
from surveys.expression import Binary, Call, ExpressionFault, Items, Literal, Name, Node, Not

Value = float | str | bool | tuple[object, ...] | None


class Type(Enum):
    """What an expression can be; the values are the keys of their wording ("type.number")."""

    CONDITION = "condition"
    NUMBER = "number"
    TEXT = "text"
    CHOICES = "choices"
    LIST = "list"


_TYPES = {
    Kind.LIKERT5: Type.NUMBER,
    Kind.NPS: Type.NUMBER,
    Kind.NUMBER: Type.NUMBER,
    Kind.SINGLE: Type.TEXT,
    Kind.YESNO: Type.TEXT,
    Kind.TEXT: Type.TEXT,
    Kind.MULTIPLE: Type.CHOICES,
}
_ORDERS: dict[str, Callable[[float, float], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
_NPS_MOST = 10


def find_faults(node: Node, earlier: Iterable[Question], later: Iterable[Question]) -> list[ExpressionFault]:
    """Every fault of a condition that stands at a question with those questions before it, and those from it on."""
    check = _Check({q.id: q for q in earlier}, {q.id for q in later})
    kind = check.type_of(node)
    if kind not in {Type.CONDITION, None}:
        check.fault("show_if.not_a_condition", node, found=kind)
    return check.faults


def holds(node: Node, survey: Survey, answers: Mapping[str, Answer]) -> bool:
    """Whether a checked condition holds. `answers` are those of shown questions only."""
    if isinstance(node, Binary):
        if node.sign == "and":
            return holds(node.left, survey, answers) and holds(node.right, survey, answers)
        if node.sign == "or":
            return holds(node.left, survey, answers) or holds(node.right, survey, answers)
        return _compare(node, survey, answers)
    if isinstance(node, Not):
        return not holds(node.inner, survey, answers)
    return _value(node, answers) is True


def _value(node: Node, answers: Mapping[str, Answer]) -> Value:
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, Name):
        return answers.get(node.id)
    if isinstance(node, Items):
        return tuple(_value(item, answers) for item in node.items)
    if isinstance(node, Call):  # answered() is the only function so far
        return all(_value(argument, answers) is not None for argument in node.arguments)
    return None


def _compare(node: Binary, survey: Survey, answers: Mapping[str, Answer]) -> bool:
    left, right = _value(node.left, answers), _value(node.right, answers)
    if left is None or right is None:
        return False
    if node.sign == "==":
        return left == right
    if node.sign == "!=":
        return left != right
    if node.sign == "in":
        return isinstance(right, tuple) and left in right
    if isinstance(left, int | float) and isinstance(right, int | float):
        off_scale = _off_scale(node.left, left, survey) or _off_scale(node.right, right, survey)
        return not off_scale and _ORDERS[node.sign](left, right)
    return False


def _off_scale(node: Node, value: float, survey: Survey) -> bool:
    return (
        isinstance(node, Name)
        and value in {NO_OPINION, NOT_APPLICABLE}
        and survey.question(node.id).kind is Kind.LIKERT5
    )


class _Check:
    """Walks a tree once and gathers its faults; a part whose type is unknown (None) is not complained about twice."""

    def __init__(self, earlier: dict[str, Question], later: set[str]) -> None:
        self.faults: list[ExpressionFault] = []
        self._earlier = earlier
        self._later = later

    def fault(self, code: str, node: Node, **params: str | Type) -> None:
        named = {key: value.value if isinstance(value, Type) else value for key, value in params.items()}
        self.faults.append(ExpressionFault(code, node.column, **named))

    def type_of(self, node: Node) -> Type | None:
        if isinstance(node, Literal):
            return _literal_type(node)
        if isinstance(node, Name):
            return self._name(node)
        if isinstance(node, Items):
            return self._items(node)
        if isinstance(node, Call):
            return self._call(node)
        if isinstance(node, Not):
            self._condition(node.inner)
            return Type.CONDITION
        if node.sign in {"and", "or"}:
            self._condition(node.left)
            self._condition(node.right)
        elif node.sign == "in":
            self._membership(node)
        else:
            self._comparison(node)
        return Type.CONDITION

    def _condition(self, node: Node) -> None:
        kind = self.type_of(node)
        if kind not in {Type.CONDITION, None}:
            self.fault("show_if.not_a_condition", node, found=kind)

    def _name(self, node: Name) -> Type | None:
        question = self._earlier.get(node.id)
        if question is None:
            self.fault("show_if.later" if node.id in self._later else "show_if.unknown", node, name=node.id)
            return None
        if question.kind not in _TYPES:
            self.fault("show_if.no_answer", node, name=node.id)
        return _TYPES.get(question.kind)

    def _items(self, node: Items) -> Type | None:
        kinds = set()
        for item in node.items:
            if isinstance(item, Literal):
                kinds.add(_literal_type(item))
            else:
                self.fault("show_if.list_item", item)
                return None
        if len(kinds) != 1:
            self.fault("show_if.list_mixed" if kinds else "show_if.list_empty", node)
            return None
        return Type.LIST

    def _call(self, node: Call) -> Type | None:
        if node.function != "answered":
            self.fault("show_if.function", node, name=node.function)
            return None
        if len(node.arguments) != 1 or not isinstance(node.arguments[0], Name):
            self.fault("show_if.answered", node)
        else:
            self._name(node.arguments[0])
        return Type.CONDITION

    def _comparison(self, node: Binary) -> None:
        left, right = self.type_of(node.left), self.type_of(node.right)
        if left is None or right is None:
            return
        wanted = {Type.NUMBER} if node.sign in _ORDERS else {Type.NUMBER, Type.TEXT}
        if left is Type.CHOICES or right is Type.CHOICES:
            self.fault("show_if.use_in", node, sign=node.sign)
        elif left is not right or left not in wanted:
            self.fault("show_if.types", node, sign=node.sign, left=left, right=right)
        else:
            equal = node.sign in {"==", "!="}
            self._possible(node.left, node.right, equal=equal)
            self._possible(node.right, node.left, equal=equal)

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
                    self.fault("show_if.types", node, sign=node.sign, left=left, right=right)
                    break
        else:
            self.fault("show_if.types", node, sign=node.sign, left=left, right=right)

    def _possible(self, name: Node, value: Node, *, equal: bool) -> None:
        """An answer that the question never has is a fault: most often a choice that was renamed."""
        if not equal or not isinstance(name, Name) or not isinstance(value, Literal):
            return
        question = self._earlier[name.id]
        known = possible_answers(question)
        if known is not None and value.value not in known:
            shown = f"{value.value:g}" if isinstance(value.value, float) else str(value.value)
            offered = ", ".join(str(answer) for answer in known)
            self.fault("show_if.choice", value, name=name.id, choice=shown, offered=offered)


def possible_answers(question: Question) -> tuple[int | str, ...] | None:
    """Every answer of a question that has a list of them, else None."""
    if question.kind in {Kind.SINGLE, Kind.MULTIPLE}:
        return tuple(choice.id for choice in question.choices)
    if question.kind is Kind.YESNO:
        return ("yes", "no")
    if question.kind is Kind.NPS:
        return tuple(range(_NPS_MOST + 1))
    if question.kind is Kind.LIKERT5:
        none = (NO_OPINION,) if question.no_opinion else ()
        return (*none, 1, 2, 3, 4, 5, *((NOT_APPLICABLE,) if question.not_applicable else ()))
    return None


def _literal_type(node: Literal) -> Type:
    if isinstance(node.value, bool):
        return Type.CONDITION
    return Type.TEXT if isinstance(node.value, str) else Type.NUMBER
