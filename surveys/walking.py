"""The way through a survey: which questions are shown, which comes next, how far a person is.

`answers` holds what a person has said so far, by question id: None where a shown question was skipped, no entry
where it was not asked yet. An answer to a question that is not shown counts for nothing, even if it is still there.
"""

from collections.abc import Mapping

from surveys.condition import holds
from surveys.definition import Answer, Kind, Question, Survey
from surveys.expression import parse


def shown(survey: Survey, answers: Mapping[str, Answer]) -> list[Question]:
    """The questions that are shown with these answers, in the order of the file, notes included."""
    effective: dict[str, Answer] = {}
    settled = {"": True}
    questions = []
    for question in survey.questions:
        # A condition looks only at earlier questions, so one pass in the order of the file settles everything,
        # and a condition that stands at several questions is what it was at the first of them.
        condition = question.show_if
        if condition not in settled:
            settled[condition] = holds(parse(condition), survey, effective)
        if not settled[condition]:
            continue
        questions.append(question)
        if question.id in answers:
            effective[question.id] = answers[question.id]
    return questions


def visible(survey: Survey, question: Question, answers: Mapping[str, Answer]) -> bool:
    """Whether a question of this survey is shown with these answers."""
    return any(other.id == question.id for other in shown(survey, answers))


def next_question(survey: Survey, answers: Mapping[str, Answer], after: str | None) -> Question | None:
    """The first shown question after the one of id `after` (None: from the start), or None at the end.

    A note comes like any question; it is shown and passed. KeyError for an id that the survey does not have.
    """
    order = _order(survey)
    start = 0 if after is None else order[after] + 1
    return next((q for q in shown(survey, answers) if order[q.id] >= start), None)


def previous_question(survey: Survey, answers: Mapping[str, Answer], before: str) -> Question | None:
    """The last shown question before the one of id `before` that can be answered (going back passes notes)."""
    order = _order(survey)
    end = order[before]
    earlier = [q for q in shown(survey, answers) if q.kind is not Kind.NOTE and order[q.id] < end]
    return earlier[-1] if earlier else None


def first_unasked(survey: Survey, answers: Mapping[str, Answer]) -> Question | None:
    """The first shown question without an entry in `answers`: what an edit may have opened, or None."""
    return next((q for q in shown(survey, answers) if q.kind is not Kind.NOTE and q.id not in answers), None)


def progress(survey: Survey, answers: Mapping[str, Answer], id: str) -> tuple[int, int]:
    """Which question of how many: counts the shown questions that can be answered.

    A note has the number of the question before it (0 at the start). KeyError for an unknown id.
    """
    order = _order(survey)
    here = order[id]
    countable = [q for q in shown(survey, answers) if q.kind is not Kind.NOTE]
    return sum(1 for q in countable if order[q.id] <= here), len(countable)


def prune(survey: Survey, answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """The answers without those to questions that are no longer shown, after an earlier answer was edited."""
    return {q.id: answers[q.id] for q in shown(survey, answers) if q.id in answers}


def _order(survey: Survey) -> dict[str, int]:
    return {question.id: position for position, question in enumerate(survey.questions)}
