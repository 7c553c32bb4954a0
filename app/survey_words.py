"""The expressions of a survey in words, for officers who wrote it in Excel and never saw one."""

from bot.conversation.wording import Wording
from surveys.definition import Kind, Question, Survey
from surveys.expression import ANSWER, Binary, Call, ExpressionFault, Items, Literal, Name, Node, Not, parse
from surveys.options import label, shown_number

_WEAKEST, _AND, _NOT, _COMPARED, _SUM, _PRODUCT, _WHOLE = range(1, 8)
_LEVELS = {"or": _WEAKEST, "and": _AND, "+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "%": _PRODUCT}
_SIGNS = {"+": "plus", "-": "minus", "*": "times", "/": "over", "%": "rest"}
_NAMED = {"==": "is", "!=": "is_not", "<": "less", "<=": "at_most", ">": "more", ">=": "at_least"}
_CHOSEN = frozenset({Kind.SINGLE, Kind.MULTIPLE, Kind.RANK, Kind.YESNO, Kind.ACKNOWLEDGE, Kind.LIKERT5})


def in_words(expression: str, survey: Survey, say: Wording) -> str:
    """A condition or a calculation as it is read aloud ("câu 3 chọn “Có” và câu 5 lớn hơn 2").

    Questions are named by their number in the survey. What is no expression stays as it is.
    """
    try:
        return _Speaker(survey, say).said(parse(expression), _WEAKEST)
    except ExpressionFault:
        return expression


class _Speaker:
    def __init__(self, survey: Survey, say: Wording) -> None:
        self._say = say
        self._asked = {one.id: (number, one) for number, one in enumerate(survey.questions, start=1)}

    def said(self, node: Node, needed: int) -> str:
        """The words; in brackets where what stands around binds tighter than `needed`."""
        text, level = self._spoken(node)
        return text if level >= needed else f"({text})"

    def _spoken(self, node: Node) -> tuple[str, int]:
        match node:
            case Literal():
                return self._literal(node), _WHOLE
            case Name():
                return self._name(node.id), _WHOLE
            case Items():
                return self._several(node, None), _COMPARED
            case Not():
                return self._denied(node.inner), _NOT
            case Call():
                return self._call(node, denied=False)
            case Binary():
                return self._binary(node, denied=False)

    def _literal(self, node: Literal) -> str:
        value = node.value
        if isinstance(value, bool):
            return self._say("words.true" if value else "words.false")
        if isinstance(value, str):
            return self._say("words.text", text=value) if value else self._say("words.nothing")
        return shown_number(value)

    def _name(self, id: str) -> str:
        if id == ANSWER:
            return self._say("words.answer")
        found = self._asked.get(id)
        return self._say("words.question", number=found[0]) if found else id

    def _denied(self, node: Node) -> str:
        if isinstance(node, Binary) and node.sign in {"==", "in"}:
            return self._binary(node, denied=True)[0]
        if isinstance(node, Call) and node.function in {"answered", "selected"}:
            return self._call(node, denied=True)[0]
        return self._say("words.not", inner=self.said(node, _WEAKEST))

    def _binary(self, node: Binary, *, denied: bool) -> tuple[str, int]:
        sign = node.sign
        if sign in _LEVELS:
            level = _LEVELS[sign]
            left, right = self.said(node.left, level), self.said(node.right, level + (sign not in {"and", "or"}))
            return self._say(f"words.sign.{_SIGNS.get(sign, sign)}", left=left, right=right), level
        if sign == "in":
            if isinstance(node.right, Items):
                return self._chosen(node.left, self._several(node.right, self._question(node.left)), denied=denied)
            return self._chosen(node.right, self._value(node.left, self._question(node.right)), denied=denied)
        question = self._question(node.left)
        right = self._value(node.right, question)
        if sign in {"==", "!="} and question is not None and question.kind in _CHOSEN:
            return self._chosen(node.left, right, denied=denied or sign == "!=", answered=sign == "!=")
        key = "is_not" if denied else _NAMED[sign]
        return self._say(f"words.{key}", left=self.said(node.left, _SUM), right=right), _COMPARED

    def _chosen(self, node: Node, value: str, *, denied: bool, answered: bool = False) -> tuple[str, int]:
        key = "chose_other" if answered else "chose_not" if denied else "chose"
        return self._say(f"words.{key}", left=self.said(node, _SUM), right=value), _COMPARED

    def _call(self, node: Call, *, denied: bool) -> tuple[str, int]:
        if node.function == "selected" and len(node.arguments) > 1:
            first, wanted = node.arguments[:2]
            return self._chosen(first, self._value(wanted, self._question(first)), denied=denied)
        parts = {name: self.said(part, _WEAKEST) for name, part in zip("abc", node.arguments, strict=False)}
        if node.function == "coalesce":
            return self._say("words.otherwise").join(self.said(part, _SUM) for part in node.arguments), _WEAKEST
        name = f"not_{node.function}" if denied else node.function
        name = "round_to" if name == "round" and len(node.arguments) > 1 else name
        return self._say(f"words.call.{name}", **parts), _COMPARED if node.function in {
            "answered",
            "matches",
        } else _WHOLE

    def _question(self, node: Node) -> Question | None:
        found = self._asked.get(node.id) if isinstance(node, Name) else None
        return found[1] if found else None

    def _value(self, node: Node, question: Question | None) -> str:
        """What a question is compared with: of a choice its label."""
        if not isinstance(node, Literal) or isinstance(node.value, bool) or question is None:
            return self.said(node, _SUM)
        if question.kind not in _CHOSEN or node.value == "":
            return self.said(node, _SUM)
        value = int(node.value) if isinstance(node.value, float) and node.value.is_integer() else node.value
        several = question.kind in {Kind.MULTIPLE, Kind.RANK}
        single = question if not several else _as_single(question)
        return self._say("words.text", text=label(single, value))

    def _several(self, node: Items, question: Question | None) -> str:
        return self._say("words.or").join(self._value(one, question) for one in node.items)


def _as_single(question: Question) -> Question:
    """One choice of several is read as the choice of one."""
    return Question(id=question.id, kind=Kind.SINGLE, text=question.text, choices=question.choices)
