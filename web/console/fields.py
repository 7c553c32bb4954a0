"""What is typed for the questions of a form: read, compared with what should have been passed over, shown again."""

import re
from collections.abc import Mapping

import msgspec

from surveys import walking
from surveys.definition import Answer, Kind, Survey
from surveys.keying import jumps, read_keys
from surveys.options import Misread, options
from surveys.paper import typed_questions

_WORD = re.compile(r"[a-z][a-z0-9_]*")


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One question on the screen. `codes` are (digit, label), `jumps` what ends the field by itself.

    `asks`: others hang on its answer. `fault` is a word the page knows, "" for none; `hidden`: not to be answered.
    """

    id: str
    number: str
    kind: Kind
    text: str
    codes: tuple[tuple[str, str], ...]
    jumps: tuple[str, ...]
    asks: bool
    typed: str = ""
    fault: str = ""
    hidden: bool = False


class Typed(msgspec.Struct, frozen=True, kw_only=True):
    """What stands on the screen: the answers that count, the fields to show again, and whether any has a fault."""

    answers: dict[str, Answer]
    fields: tuple[Field, ...]
    wrong: bool


def understood(survey: Survey, typed: Mapping[str, str], today: str) -> Typed:
    """What was typed, question by question; what a person should have passed over counts for nothing."""
    questions = typed_questions(survey)
    said = {question.id: read_keys(question, typed.get(question.id, "")) for _, question in questions}
    answers: dict[str, Answer] = {id: one for id, one in said.items() if not isinstance(one, Misread)}
    # A blank is a question that was passed, as in the chat.
    shown = {question.id for question in walking.shown(survey, answers, today)}
    kept = walking.prune(survey, answers, today)
    asking, fields = _asking(survey), []
    for number, question in questions:
        one, hidden = said[question.id], question.id not in shown
        fault = ""
        if not hidden:
            fault = one.reason if isinstance(one, Misread) else "" if question.id in kept else "constraint"
        fields.append(
            Field(
                id=question.id,
                number=number,
                kind=question.kind,
                text=f"{question.stem} {question.text}".strip(),
                codes=tuple((digit, text) for _, text, digit in options(question, survey.language)),
                jumps=jumps(question),
                asks=question.id in asking,
                typed=typed.get(question.id, ""),
                fault=fault,
                hidden=hidden,
            )
        )
    stored = {
        id: answer for id, answer in walking.settled(survey, kept, today).items() if id in shown or id not in said
    }
    return Typed(answers=stored, fields=tuple(fields), wrong=any(field.fault for field in fields))


def _asking(survey: Survey) -> frozenset[str]:
    """Words of the conditions that questions, choices and values hang on: among them the ids of what is asked there."""
    return frozenset(
        word
        for question in survey.questions
        for condition in (question.show_if, question.value, *(choice.show_if for choice in question.choices))
        for word in _WORD.findall(condition)
    )
