"""A few answers of a question that stand for all of them, as far as some expressions can tell them apart."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import combinations, pairwise
from math import isfinite
from typing import NamedTuple

from surveys.definition import Answer, Kind, Question
from surveys.expression import COMPARISONS, Binary, Call, Items, Literal, Name, Node, Not
from surveys.expression_types import possible_answers

_MOST_STEPS = 100
_MOST_CHOICES = 10
_SOME_DAY = "2000-01-01"
_SOME_FILE = "x"


class Uses(NamedTuple):
    """How expressions look at questions: what each is compared with, which are used in another way, or counted."""

    compared: dict[str, set[float | str]]
    otherwise: set[str]
    counted: set[str]


def uses(nodes: Iterable[Node]) -> Uses:
    """The uses of every name in the expressions."""
    found = Uses({}, set(), set())
    for node in nodes:
        _look(node, found)
    return found


def candidates(question: Question, used: Uses) -> tuple[Answer, ...] | None:
    """Answers, None (skipped) among them, such that every expression that can hold for some answer holds for one.

    None where there is no such short list.
    """
    if question.kind in {Kind.NUMBER, Kind.DECIMAL, Kind.RANGE}:
        found = _numbers(question, used)
    elif question.kind is Kind.MULTIPLE:
        found = _subsets(question, used)
    elif question.kind is Kind.RANK:
        found = [tuple(choice.id for choice in question.choices)]
    elif question.kind is Kind.NOTE:
        found = []
    else:
        listed = possible_answers(question)
        found = list(listed) if listed is not None else _texts(question, used)
    return None if found is None else (*found, None)


def _look(node: Node, found: Uses) -> None:
    if isinstance(node, Name):
        found.otherwise.add(node.id)
    elif isinstance(node, Not):
        _look(node.inner, found)
    elif isinstance(node, Items):
        for item in node.items:
            _look(item, found)
    elif isinstance(node, Call):
        _look_at_call(node, found)
    elif isinstance(node, Binary):
        for side, other in ((node.left, node.right), (node.right, node.left)):
            values = _written(other)
            if node.sign in COMPARISONS and isinstance(side, Name) and values is not None:
                found.compared.setdefault(side.id, set()).update(values)
            else:
                _look(side, found)


def _look_at_call(node: Call, found: Uses) -> None:
    first = node.arguments[0] if node.arguments else None
    if not isinstance(first, Name) or node.function not in {"answered", "selected", "count_selected"}:
        for part in node.arguments:
            _look(part, found)
        return
    values = _written(node.arguments[-1]) if node.function == "selected" else set()
    found.compared.setdefault(first.id, set()).update(values or ())
    if node.function == "count_selected":
        found.counted.add(first.id)


def _written(node: Node) -> set[float | str] | None:
    """The values that stand in a literal or a list of literals; None for anything else."""
    if isinstance(node, Literal):
        return {node.value}
    if isinstance(node, Items) and all(isinstance(item, Literal) for item in node.items):
        return {item.value for item in node.items if isinstance(item, Literal)}
    return None


def _numbers(question: Question, used: Uses) -> list[Answer] | None:
    """Every number compared with, one between each two, and one on each side; within min and max, these too."""
    least, most, step = question.min, question.max, question.step or 1
    if question.kind is Kind.RANGE and least is not None and most is not None and step > 0:
        steps = (most - least) / step
        if isfinite(steps) and 0 <= steps <= _MOST_STEPS:
            return [least + step * number for number in range(int(steps + 0.5) + 1)]
    if question.id in used.otherwise:
        return None
    marks = sorted({float(v) for v in used.compared.get(question.id, ()) if not isinstance(v, str)})
    between = [(a + b) / 2 for a, b in pairwise(marks)]
    around = [marks[0] - 1, marks[-1] + 1] if marks else [0.0]
    ends = [end for end in (least, most) if end is not None]
    every = {*marks, *between, *around, *ends}
    return [v for v in sorted(every) if (least is None or v >= least) and (most is None or v <= most)]


def _subsets(question: Question, used: Uses) -> list[Answer] | None:
    """Every set of choices; of many, only of those that are named, with one more that stands for the others."""
    ids = [choice.id for choice in question.choices]
    if len(ids) > _MOST_CHOICES:
        if question.id in used.counted | used.otherwise:
            return None
        named = used.compared.get(question.id, set())
        others = [id for id in ids if id not in named]
        ids = [id for id in ids if id in named] + (_unguarded(question, others) or others)[:1]
    if len(ids) > _MOST_CHOICES:
        return None
    return [subset for size in range(1, len(ids) + 1) for subset in combinations(ids, size)]


def _unguarded(question: Question, ids: list[str]) -> list[str]:
    return [choice.id for choice in question.choices if choice.id in ids and not choice.show_if]


def _texts(question: Question, used: Uses) -> list[Answer] | None:
    """Every text compared with and one more; of days and times also the next and the last."""
    if question.id in used.otherwise:
        return None
    if question.kind in {Kind.PHOTO, Kind.VOICE, Kind.PLACE}:
        return [_SOME_FILE]
    marks = {value for value in used.compared.get(question.id, ()) if isinstance(value, str)}
    if question.kind is Kind.DATE:
        return [*sorted({_SOME_DAY, *marks, *(near for mark in marks for near in _days_near(mark))})]
    if question.kind is Kind.TIME:
        return [*sorted({"00:00", "23:59", *marks, *(near for mark in marks for near in _minutes_near(mark))})]
    return [*sorted(marks), "".join(sorted(marks)) + "."]


def _days_near(day: str) -> list[str]:
    try:
        here = date.fromisoformat(day)
        return [(here - timedelta(days=1)).isoformat(), (here + timedelta(days=1)).isoformat()]
    except (ValueError, OverflowError):
        return []


def _minutes_near(time: str) -> list[str]:
    hours, _, minutes = time.partition(":")
    if not hours.isdecimal() or not minutes.isdecimal():
        return []
    here = int(hours) * 60 + int(minutes)
    return [f"{near // 60:02d}:{near % 60:02d}" for near in (here - 1, here + 1) if 0 <= near < 24 * 60]
