"""Which questions and choices nobody can ever reach: their condition holds for no answers that the others can have.

Decided by trying the answers of the questions that a condition looks at, directly or through their own conditions.
Where they are too many, or without end in a way that cannot be cut down to a few, nothing is said: a question is
called unreachable only where it surely is. Constraints and limits of a multiple are not looked at, for the same reason.
"""

from collections.abc import Iterator, Sequence
from math import prod
from typing import NamedTuple

from surveys.candidates import Uses, candidates, uses
from surveys.definition import SILENT, Answer, Kind, Question
from surveys.evaluating import Compiled, as_answer, compiled
from surveys.expression import Call, names, parse, walk

MOST_TRIED = 10_000
"""Combinations of answers tried for one condition."""
_MOST_IN_ALL = 100_000
_MOST_QUESTIONS = 60

Found = tuple[int, int | None]
"""(position of a question, None), or (position of a question, position of its choice)."""


def unreachable(questions: Sequence[Question]) -> Iterator[Found]:
    """The unreachable ones of questions whose expressions are all sound, in their order."""
    search = _Search(questions)
    for at, question in enumerate(questions):
        if question.show_if and not search.possible([question.show_if]):
            search.hidden.add(question.id)
            yield at, None
            continue
        for number, choice in enumerate(question.choices):
            guards = [text for text in (question.show_if, choice.show_if) if text]
            if choice.show_if and not search.possible(guards):
                yield at, number


class _Free(NamedTuple):
    """A question of the search: what hides it, and what can be answered; or its value where it is calculated."""

    question: Question
    condition: Compiled | None
    value: Compiled | None
    filters: dict[str, Compiled]
    answers: tuple[Answer, ...]


class _Search:
    def __init__(self, questions: Sequence[Question]) -> None:
        self.hidden: set[str] = set()
        self._questions = {question.id: question for question in questions}
        self._nodes = {question.id: [parse(text) for text in _expressions(question)] for question in questions}
        self._names = {id: {name for node in nodes for name in names(node)} for id, nodes in self._nodes.items()}
        self._scales = frozenset(question.id for question in questions if question.kind is Kind.LIKERT5)
        self._place = {question.id: at for at, question in enumerate(questions)}
        self._left = _MOST_IN_ALL

    def possible(self, guards: list[str]) -> bool:
        """Whether the conditions can hold together; True also where that cannot be decided."""
        targets = [parse(guard) for guard in guards]
        looked_at = self._looked_at({name for node in targets for name in names(node)})
        if looked_at is None:
            return True
        every = [*targets, *(node for question in looked_at for node in self._nodes[question.id])]
        if any(isinstance(part, Call) and part.function == "today" for node in every for part in walk(node)):
            return True
        used = uses(every)
        free = [self._free(question, used) for question in looked_at]
        known = [one for one in free if one is not None]
        if len(known) < len(free):
            return True
        tried = prod(len(one.answers) for one in known)
        if tried > min(MOST_TRIED, self._left):
            return True
        self._left -= tried
        return _found(known, 0, {}, [compiled(node, self._scales) for node in targets])

    def _looked_at(self, open: set[str]) -> list[Question] | None:
        """The questions that matter to those named, in the order of the survey; None for unknown or too many ones."""
        found: set[str] = set()
        free = 0
        while open:
            name = open.pop()
            if name not in self._questions:
                return None
            found.add(name)
            if name in self.hidden:
                continue  # has no value, whatever it hangs on
            free += self._questions[name].kind not in SILENT
            if 2**free > MOST_TRIED or len(found) > _MOST_QUESTIONS:
                return None
            open |= self._names[name] - found
        return [self._questions[id] for id in sorted(found, key=self._place.__getitem__)]

    def _free(self, question: Question, used: Uses) -> _Free | None:
        if question.id in self.hidden:
            return _Free(question, None, None, {}, (None,))
        silent = question.kind is Kind.CALCULATED
        answers = (None,) if silent else candidates(question, used)
        if answers is None:
            return None
        return _Free(
            question,
            self._function(question.show_if),
            self._function(question.value) if silent else None,
            {choice.id: compiled(parse(choice.show_if), self._scales) for choice in question.choices if choice.show_if},
            answers,
        )

    def _function(self, text: str) -> Compiled | None:
        return compiled(parse(text), self._scales) if text else None


def _expressions(question: Question) -> list[str]:
    value = question.value if question.kind is Kind.CALCULATED else ""
    texts = (question.show_if, value, *(choice.show_if for choice in question.choices))
    return [text for text in texts if text.strip()]


def _found(free: list[_Free], at: int, values: dict[str, Answer], targets: list[Compiled]) -> bool:
    """Whether some answers to the questions from `at` on make all the targets hold, given those before."""
    if at == len(free):
        return all(target(values) is True for target in targets)
    one = free[at]
    if one.condition is not None and one.condition(values) is not True:
        return _found(free, at + 1, values, targets)
    if one.value is not None:
        return _found(free, at + 1, {**values, one.question.id: as_answer(one.value(values))}, targets)
    closed = {id for id, holds in one.filters.items() if holds(values) is not True}
    for answer in one.answers:
        if closed and answer is not None and closed & set(answer if isinstance(answer, tuple) else (answer,)):
            continue
        if _found(free, at + 1, {**values, one.question.id: answer}, targets):
            return True
    return False
