"""A whole survey to read through: every question with what can be answered, and when it is asked, in words."""

from collections.abc import Mapping

import msgspec

from surveys.definition import Kind, Question, Survey
from surveys.expression import ExpressionFault, names, parse
from surveys.languages import localised
from surveys.options import label, options
from surveys.sheets.template_conditions import cells_of
from surveys.walking import Hidden


class Condition(msgspec.Struct, frozen=True, kw_only=True):
    """When something is asked: question `number` ("3", "3, 5", "3 hoặc 5") was answered with `chosen`.

    Where it cannot be said so, `number` is "", and `looks_at` holds the id and number of what `expression` names.
    """

    number: str = ""
    chosen: tuple[str, ...] = ()
    expression: str = ""
    looks_at: tuple[tuple[str, str], ...] = ()


class Offered(msgspec.Struct, frozen=True, kw_only=True):
    """One answer to choose; `other`: the next question asks for its words."""

    digit: str
    text: str
    exclusive: bool = False
    other: bool = False
    condition: Condition | None = None


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One question; `factor` is the name of its group in reports."""

    number: int
    question: Question
    factor: str
    offered: tuple[Offered, ...]
    condition: Condition | None


def rows(survey: Survey, language: str) -> list[Row]:
    """Every question of the survey in one of its languages, in the order of the file."""
    said = localised(survey, language)
    factors = {factor.id: factor.text for factor in said.factors}
    numbers: dict[str, tuple[str, Question]] = {}
    found = []
    for number, question in enumerate(said.questions, 1):
        offered = tuple(
            _offered(question, row, numbers, place) for place, row in enumerate(options(question, language))
        )
        found.append(
            Row(
                number=number,
                question=question,
                factor=factors.get(question.factor, ""),
                offered=offered if question.kind is not Kind.ACKNOWLEDGE else (),
                condition=condition(question.show_if, numbers),
            )
        )
        numbers[question.id] = (str(number), question)
    return found


def condition(expression: str, numbers: Mapping[str, tuple[str, Question]]) -> Condition | None:
    """A condition in words as far as it can be said so; None where there is none.

    `numbers` are (number, question) of every question that it may name, by id.
    """
    if not expression.strip():
        return None
    try:
        named = {id: numbers[id] for id in names(parse(expression)) if id in numbers}
    except ExpressionFault:
        return Condition(expression=expression)
    cells = cells_of(expression, named)
    if cells is not None:
        return Condition(number=cells[0], chosen=tuple(cells[1].split("\n")), expression=expression)
    return Condition(expression=expression, looks_at=tuple((id, number) for id, (number, _) in named.items()))


def _offered(
    question: Question, row: tuple[str, str, str], numbers: Mapping[str, tuple[str, Question]], place: int
) -> Offered:
    _, text, digit = row
    if place >= len(question.choices):
        return Offered(digit=digit, text=text)
    choice = question.choices[place]
    return Offered(
        digit=digit,
        text=text,
        exclusive=choice.exclusive,
        other=choice.other,
        condition=condition(choice.show_if, numbers),
    )


class Unasked(msgspec.Struct, frozen=True, kw_only=True):
    """Why a question is not asked. `reason` is that of `surveys.walking.Hidden`.

    `because` holds (number, answer in words, "" where there is none) of every question that the condition names.
    """

    reason: str
    condition: Condition | None
    because: tuple[tuple[int, str], ...]


def unasked(survey: Survey, hidden: Hidden, language: str) -> Unasked:
    """A Hidden in words."""
    said = localised(survey, language)
    place = {question.id: number for number, question in enumerate(said.questions, 1)}
    numbers = {id: (str(place[id]), said.question(id)) for id in hidden.looked_at if id in place}
    return Unasked(
        reason=hidden.reason,
        condition=condition(hidden.condition, numbers) if hidden.reason == "condition" else None,
        because=tuple(
            (place[id], "" if answer is None else label(said.question(id), answer, language))
            for id, answer in hidden.looked_at.items()
            if id in place
        ),
    )
