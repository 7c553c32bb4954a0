"""A show_if back in the two cells "Chỉ hỏi khi câu" and "Chọn", where they can say it."""

from collections.abc import Mapping
from typing import Any

import msgspec

from surveys.definition import Kind, Question
from surveys.expression import Binary, Call, ExpressionFault, Items, Literal, Name, Node, Not, parse
from surveys.sheets.template_when import Asked, WhenFault, show_if, stt
from surveys.wording import LABELS

_ORDERS = frozenset({"<", "<=", ">", ">="})


def cells_of(expression: str, numbers: Mapping[str, tuple[str, Question]]) -> tuple[str, str] | None:
    """The two cells that mean the same, or None. `numbers`: (STT, question) of every earlier question by its id."""
    try:
        node = parse(expression)
        cells = _cells(node, numbers)
        if cells is None:
            return None
        asked = {stt(number): _asked(number, question) for number, question in numbers.values()}
        back = parse(show_if(*cells, asked, set()))
    except (ExpressionFault, WhenFault):
        return None
    return cells if _shape(back) == _shape(node) else None


def same_condition(one: str, other: str) -> bool:
    """Whether two expressions are the same but for spaces, quotes and brackets."""
    try:
        return bool(one and other) and _shape(parse(one)) == _shape(parse(other))
    except ExpressionFault:
        return False


def _cells(node: Node, numbers: Mapping[str, tuple[str, Question]]) -> tuple[str, str] | None:
    single = _single(node, numbers)
    if single:
        return single
    for sign, between in (("and", ", "), ("or", " hoặc ")):
        parts = [_single(part, numbers) for part in _parts(node, sign)]
        if len(parts) > 1 and all(parts):
            found = [part for part in parts if part]
            chosen = {text for _, text in found}
            if len(chosen) > 1 and any("\n" in text for text in chosen):
                continue
            texts = chosen.pop() if len(chosen) == 1 else "\n".join(text for _, text in found)
            return between.join(number for number, _ in found), texts
    return None


def _parts(node: Node, sign: str) -> list[Node]:
    if isinstance(node, Binary) and node.sign == sign:
        return [*_parts(node.left, sign), *_parts(node.right, sign)]
    return [node]


def _single(node: Node, numbers: Mapping[str, tuple[str, Question]]) -> tuple[str, str] | None:
    """The cells for a condition on one question."""
    if isinstance(node, Not):
        inner = _single(node.inner, numbers)
        return (inner[0], f"trừ {inner[1]}") if inner else None
    if isinstance(node, Call):
        name = node.arguments[0] if node.arguments else None
        known = node.function == "answered" and isinstance(name, Name) and name.id in numbers
        return (numbers[name.id][0], "có trả lời") if known and isinstance(name, Name) else None
    if not isinstance(node, Binary):
        return None
    if node.sign in {"or", "and"}:
        return _several(node, numbers)
    question, values = _sides(node)
    if question not in numbers or not values:
        return None
    number, asked = numbers[question]
    if node.sign in _ORDERS:
        return (number, f"{node.sign} {_figure(values[0])}") if isinstance(values[0], float | int) else None
    labels = [_label(asked, value) for value in values]
    return (number, "; ".join(labels)) if all(labels) and node.sign in {"==", "in"} else None


def _several(node: Binary, numbers: Mapping[str, tuple[str, Question]]) -> tuple[str, str] | None:
    """Choices of one question with "or" between them; a span of a scale with "and"."""
    parts = _parts(node, node.sign)
    sides = [_sides(part) for part in parts if isinstance(part, Binary)]
    names = {question for question, _ in sides}
    if len(sides) != len(parts) or len(names) != 1 or not names <= numbers.keys():
        return None
    number, asked = numbers[names.pop()]
    if node.sign == "and":
        signs = [part.sign for part in parts if isinstance(part, Binary)]
        values = [value for _, found in sides for value in found]
        span = signs == [">=", "<="] and len(values) == len(signs)
        return (number, f"từ {_figure(values[0])} đến {_figure(values[1])}") if span else None
    labels = [_label(asked, value) for _, found in sides for value in found]
    return (number, "; ".join(labels)) if asked.kind is Kind.MULTIPLE and all(labels) else None


def _sides(node: Node) -> tuple[str, list[object]]:
    """The question that a comparison looks at, and the values on the other side; ("", []) where it is none such."""
    if not isinstance(node, Binary):
        return "", []
    left, right = node.left, node.right
    if node.sign == "in" and isinstance(left, Literal) and isinstance(right, Name):
        return right.id, [left.value]
    if not isinstance(left, Name):
        return "", []
    if isinstance(right, Items):
        return left.id, [item.value for item in right.items if isinstance(item, Literal)]
    return (left.id, [right.value]) if isinstance(right, Literal) else ("", [])


def _label(question: Question, value: object) -> str:
    words = LABELS["vi"]
    if question.kind is Kind.YESNO:
        return {"yes": words.yes, "no": words.no}.get(str(value), "")
    if isinstance(value, str):
        return next((choice.text for choice in question.choices if choice.id == value), "")
    if question.kind is Kind.LIKERT5:
        labels = dict(enumerate(words.likert, start=1)) | {0: words.no_opinion, 9: question.not_applicable}
        return labels.get(int(value), "") if isinstance(value, float | int) else ""
    return _figure(value)


def _figure(value: object) -> str:
    return f"{value:.15g}" if isinstance(value, float | int) else str(value)


def _asked(number: str, question: Question) -> Asked:
    return Asked(
        number=number,
        id=question.id,
        kind=question.kind,
        choices=question.choices,
        not_applicable=question.not_applicable,
    )


def _shape(node: Node) -> Any:  # noqa: ANN401 - nested lists and values
    """The tree without its columns, and with numbers in one form."""

    def bare(value: Any) -> Any:  # noqa: ANN401 - handed on as it came
        if isinstance(value, dict):
            return {key: bare(part) for key, part in value.items() if key != "column"}
        if isinstance(value, list):
            return [bare(part) for part in value]
        return float(value) if isinstance(value, int) and not isinstance(value, bool) else value

    return bare(msgspec.to_builtins(node))
