"""The way through a survey: which questions are shown, which comes next, how far a person is.

`answers` holds what a person has said so far, by question id: None where a shown question was skipped, no entry
where it was not asked yet. An answer to a question that is not shown counts for nothing, even if it is still there;
so does a choice that is no longer offered. `today` is the local day as "2026-11-21"; without it today() has no value.
"""

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from surveys.definition import NO_OPINION, NOT_APPLICABLE, SILENT, Answer, Choice, Kind, Question, Survey
from surveys.evaluating import TODAY, Compiled, as_answer, compiled, scales
from surveys.expression import ANSWER, Call, names, parse, walk

_KEPT_PLANS = 256


class Hidden(msgspec.Struct, frozen=True, kw_only=True):
    """Why a question is not asked.

    `reason` is "condition" (its show_if does not hold), "choices" (none is offered) or "calculated" (never shown).
    `condition` is the expression, `looked_at` the answers that it names; None where there is none or the question
    named is hidden itself.
    """

    reason: str
    condition: str
    looked_at: dict[str, Answer]


def shown(survey: Survey, answers: Mapping[str, Answer], today: str = "") -> list[Question]:
    """The questions that are shown with these answers, in the order of the file, notes included."""
    return _pass(_plan(survey), answers, today)[0]


def visible(survey: Survey, question: Question, answers: Mapping[str, Answer], today: str = "") -> bool:
    """Whether a question of this survey is shown with these answers."""
    return any(other.id == question.id for other in shown(survey, answers, today))


def next_question(survey: Survey, answers: Mapping[str, Answer], after: str | None, today: str = "") -> Question | None:
    """The first shown question after the one of id `after` (None: from the start), or None at the end.

    A note comes like any question; it is shown and passed. KeyError for an id that the survey does not have.
    """
    plan = _plan(survey)
    start = 0 if after is None else plan.order[after] + 1
    return next((q for q in _pass(plan, answers, today)[0] if plan.order[q.id] >= start), None)


def previous_question(survey: Survey, answers: Mapping[str, Answer], before: str, today: str = "") -> Question | None:
    """The last shown question before the one of id `before` that can be answered (going back passes notes)."""
    plan = _plan(survey)
    end = plan.order[before]
    earlier = [q for q in _pass(plan, answers, today)[0] if q.kind not in SILENT and plan.order[q.id] < end]
    return earlier[-1] if earlier else None


def first_unasked(survey: Survey, answers: Mapping[str, Answer], today: str = "") -> Question | None:
    """The first shown question without an entry in `answers`: what an edit may have opened, or None."""
    return next((q for q in shown(survey, answers, today) if q.kind not in SILENT and q.id not in answers), None)


def progress(survey: Survey, answers: Mapping[str, Answer], id: str, today: str = "") -> tuple[int, int]:
    """Which question of how many: counts the shown questions that can be answered.

    A note has the number of the question before it (0 at the start). KeyError for an unknown id.
    """
    plan = _plan(survey)
    here = plan.order[id]
    countable = [plan.order[q.id] for q in _pass(plan, answers, today)[0] if q.kind not in SILENT]
    return sum(1 for place in countable if place <= here), len(countable)


def prune(survey: Survey, answers: Mapping[str, Answer], today: str = "") -> dict[str, Answer]:
    """What is left of the answers after an earlier one was edited: `first_unasked` then tells what to ask again.

    Gone are answers to questions no longer shown, choices no longer offered (with the whole answer where nothing or
    too few remain), and answers that their constraint now refuses.
    """
    return pruned(survey, answers, today)[1]


def pruned(survey: Survey, answers: Mapping[str, Answer], today: str = "") -> tuple[list[Question], dict[str, Answer]]:
    """The questions that are shown after `prune`, and what it leaves: one pass for whoever wants both."""
    questions, values = _pass(_plan(survey), answers, today, judging=True)
    return questions, {q.id: values[q.id] for q in questions if q.id in values}


def settled(survey: Survey, answers: Mapping[str, Answer], today: str = "") -> dict[str, Answer]:
    """What is stored at the end: the answers of shown questions, and the calculated values that there are."""
    plan = _plan(survey)
    values = _pass(plan, answers, today)[1]
    return {step.id: values[step.id] for step in plan.steps if step.id in values}


def offered(survey: Survey, question: Question, answers: Mapping[str, Answer], today: str = "") -> Question:
    """The question with the choices whose show_if holds now; their numbers stay. Itself where it has no such choice."""
    plan = _plan(survey)
    step = plan.steps[plan.order[question.id]]
    if not step.filters:
        return question
    left = _offered(step, _pass(plan, answers, today)[1])
    return msgspec.structs.replace(question, choices=tuple(c for c in question.choices if c.id in left))


def accepts(survey: Survey, question: Question, answer: Answer, answers: Mapping[str, Answer], today: str = "") -> bool:
    """Whether the question's constraint takes this answer (`constraint_message` is what to say where it does not).

    Skipping, and 0 or 9 on likert5, are never judged: whether these are offered is the question's own affair.
    """
    plan = _plan(survey)
    step = plan.steps[plan.order[question.id]]
    return step.constraint is None or _accepts(step, answer, _pass(plan, answers, today)[1])


def why_hidden(survey: Survey, id: str, answers: Mapping[str, Answer], today: str = "") -> Hidden | None:
    """Why the question of that id is not shown with these answers; None where it is. KeyError for an unknown id."""
    plan = _plan(survey)
    step = plan.steps[plan.order[id]]
    questions, values = _pass(plan, answers, today)
    if any(question.id == id for question in questions):
        return None

    def looked_at(*conditions: str) -> dict[str, Answer]:
        return {name: values.get(name) for text in conditions for name in names(parse(text))}

    own = step.question.show_if
    if step.condition is not None and step.condition(values) is not True:
        return Hidden(reason="condition", condition=own, looked_at=looked_at(own))
    if step.value is not None:
        return Hidden(reason="calculated", condition=step.question.value, looked_at=looked_at(step.question.value))
    filters = tuple(dict.fromkeys(choice.show_if for choice in step.question.choices if choice.show_if))
    return Hidden(reason="choices", condition=" or ".join(f"({f})" for f in filters), looked_at=looked_at(*filters))


# --- one pass over a survey that was made ready for it ---------------------------------------------------------------


class _Step(NamedTuple):
    """A question with its expressions as functions; None and () where it has none."""

    question: Question
    id: str
    show_if: str
    condition: Compiled | None
    value: Compiled | None
    filters: tuple[tuple[Choice, Compiled | None], ...]
    constraint: Compiled | None


class _Plan(NamedTuple):
    survey: Survey
    steps: tuple[_Step, ...]
    order: dict[str, int]


_plans: dict[int, _Plan] = {}


def _plan(survey: Survey) -> _Plan:
    """The survey's plan, made once for the object: a frozen version is read once a process, and holds no answers."""
    plan = _plans.get(id(survey))
    if plan is not None and plan.survey is survey:  # a plan keeps its survey alive, so its id is nobody else's
        return plan
    if len(_plans) >= _KEPT_PLANS:
        _plans.clear()
    plan = _plans[id(survey)] = _made(survey)
    return plan


def _made(survey: Survey) -> _Plan:
    known = scales(survey)

    def function(text: str, question: Question) -> Compiled | None:
        if not text.strip():
            return None
        return compiled(parse(text), known | {ANSWER} if question.kind is Kind.LIKERT5 else known)

    return _Plan(
        survey,
        tuple(
            _Step(
                question,
                question.id,
                question.show_if,
                function(question.show_if, question),
                function(question.value, question),
                tuple((choice, function(choice.show_if, question)) for choice in question.choices)
                if any(choice.show_if for choice in question.choices)
                else (),
                function(question.constraint, question),
            )
            for question in survey.questions
        ),
        {question.id: position for position, question in enumerate(survey.questions)},
    )


def _pass(
    plan: _Plan, answers: Mapping[str, Answer], today: str, *, judging: bool = False
) -> tuple[list[Question], dict[str, Answer]]:
    """The shown questions, and by id the answers that count together with the calculated values.

    `judging` also leaves out what a constraint refuses.
    """
    values: dict[str, Answer] = {TODAY: today}
    known: dict[str, bool] = {}
    questions = []
    for step in plan.steps:
        question, id, show_if, condition, value, filters, constraint = step
        if condition is not None:
            # A condition looks only at earlier questions, so one pass in the order of the file settles everything,
            # and a condition that stands at several questions is what it was at the first of them.
            holds = known.get(show_if)
            if holds is None:
                holds = known[show_if] = condition(values) is True
            if not holds:
                continue
        if value is not None:
            result = as_answer(value(values))
            if result is not None:
                values[id] = result
            continue
        if filters:
            left = _offered(step, values)
            if not left:
                continue
            questions.append(question)
            if id in answers and (kept := _still(question, answers[id], left)) is not _GONE:
                values[id] = kept
        else:
            questions.append(question)
            if id in answers:
                values[id] = answers[id]
        if judging and constraint is not None and id in values and not _accepts(step, values[id], values):
            del values[id]
    return questions, values


def _offered(step: _Step, values: Mapping[str, Answer]) -> set[str]:
    return {choice.id for choice, holds in step.filters if holds is None or holds(values) is True}


_GONE = ("",)
"""Stands for an answer of which nothing is left; no choice has an empty id."""


def _still(question: Question, answer: Answer, left: set[str]) -> Answer:
    """What an answer is with only these choices offered, or _GONE."""
    if answer is None:
        return None
    if isinstance(answer, str):
        return answer if answer in left else _GONE
    if not isinstance(answer, tuple):
        return _GONE
    if question.kind is Kind.RANK:
        return answer if set(answer) == left else _GONE
    kept = tuple(choice for choice in answer if choice in left)
    too_few = len(kept) < len(answer) and question.min is not None and len(kept) < question.min
    return _GONE if not kept or too_few else kept


def _accepts(step: _Step, answer: Answer, values: Mapping[str, Answer]) -> bool:
    constraint = step.constraint
    if constraint is None or answer is None:
        return True
    if step.question.kind is Kind.LIKERT5 and answer in {NO_OPINION, NOT_APPLICABLE}:
        return True
    if not values.get(TODAY) and _asks_the_day(step.question.constraint):
        return True  # nobody said which day it is: what cannot be known refuses nothing
    return constraint({**values, ANSWER: answer}) is True


def _asks_the_day(expression: str) -> bool:
    return any(isinstance(node, Call) and node.function == "today" for node in walk(parse(expression)))
