"""A survey as rows of the officers' template, and what of it the template cannot say."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import msgspec

from surveys.definition import Choice, Kind, Question, Survey
from surveys.sheets.template_choices import says_other, slug, unused
from surveys.sheets.template_conditions import cells_of, same_condition
from surveys.sheets.template_words import (
    ALONE,
    INFO,
    KINDS,
    MARKS,
    MATRIX,
    NOT_APPLICABLE,
    PRIVACIES,
    SECTION,
    SPECIFY,
    written,
)

UNSAYABLE = frozenset({Kind.CALCULATED, Kind.RANGE})
"""Kinds that the template has no word for; such questions are left out and listed."""

Row = dict[str, str]
"""Texts of a row by the keys of the columns."""


def info_rows(survey: Survey) -> Iterator[tuple[str, str]]:
    """(key, text) for the sheet "Phiếu", in the order of the labels."""
    for key in INFO:
        if key == "privacy":
            yield key, written(PRIVACIES, survey.privacy)
        elif key == "factors":
            yield key, _factors(survey)
        else:
            yield key, getattr(survey, key)


def question_rows(survey: Survey, *, strict: bool = True) -> list[Row]:
    """The rows of the sheet "Câu hỏi".

    A condition that the template cannot say stands in its cell as it is, so that reading the file again stops there;
    with `strict` false it is left out.
    """
    return _Rows(survey, strict=strict).rows


def _factors(survey: Survey) -> str:
    """Empty where reading makes the same ids in the same order from the questions."""
    names = {factor.id: factor.text for factor in survey.factors}
    used = list(dict.fromkeys(question.factor for question in survey.questions if question.factor))
    made: list[str] = []
    for id in used:
        made.append(unused(slug(names.get(id, ""), "nhom"), set(made)))
    same = made == used == [factor.id for factor in survey.factors]
    return "" if same else "\n".join(f"{factor.id} = {factor.text}" for factor in survey.factors)


class _Rows:
    def __init__(self, survey: Survey, *, strict: bool) -> None:
        self.rows: list[Row] = []
        self._strict = strict
        self._factors = {factor.id: factor.text for factor in survey.factors}
        self._numbers: dict[str, tuple[str, Question]] = {}
        self._count = 0
        self._section = ""
        for matrix, questions in groupby(survey.questions, key=lambda question: question.matrix):
            for group in [list(questions)] if matrix else [[question] for question in questions]:
                self._enter(matrix, group)

    def _enter(self, matrix: str, group: list[Question]) -> None:
        first = group[0]
        if first.kind in UNSAYABLE or first.other_of:
            return
        if first.section != self._section:
            self._section = first.section
            self.rows.append({"kind": written(KINDS, SECTION), "text": self._section})
        self._count += 1
        number = str(self._count)
        row = self._common(first)
        row["number"] = number
        if matrix:
            row |= {"kind": written(KINDS, MATRIX), "text": first.stem}
            row["choices"] = "\n".join(item.text for item in group)
            ids = [(item.id, f"{matrix}_{place}", item.text) for place, item in enumerate(group, start=1)]
            row["code"] = _code(matrix, number, ids)
            for place, item in enumerate(group, start=1):
                self._numbers[item.id] = (f"{number}.{place}", item)
        else:
            row |= {"kind": written(KINDS, first.kind), "text": first.text}
            row["choices"] = "\n".join(map(_line, first.choices))
            row["code"] = _code(first.id, number, _made(first.choices))
            self._numbers[first.id] = (number, first)
        self.rows.append({key: text for key, text in row.items() if text})

    def _common(self, question: Question) -> Row:
        yes = written(MARKS, "yes")
        row = {
            "required": yes if question.required else "",
            "hint": question.hint,
            "factor": self._factors.get(question.factor, question.factor),
            "min": _figure(question.min),
            "max": _figure(question.max),
            "not_applicable": "x" if question.not_applicable == NOT_APPLICABLE else question.not_applicable,
            "overall": "x" if question.overall else "",
        }
        if question.show_if:
            cells = cells_of(question.show_if, self._numbers)
            if cells:
                row["when"], row["chosen"] = cells
            elif self._strict:
                row["when"], row["chosen"] = "?", question.show_if
        return row


def _line(choice: Choice) -> str:
    if choice.exclusive:
        return f"{choice.text} {ALONE}"
    return f"{choice.text} {SPECIFY}" if choice.other and not says_other(choice.text) else choice.text


def _made(choices: tuple[Choice, ...]) -> list[tuple[str, str, str]]:
    """(id, the id that reading would make of the text alone, text) of every choice."""
    made: list[tuple[str, str, str]] = []
    for choice in choices:
        taken = {id for id, _, _ in made}
        plain = not choice.other or says_other(choice.text)
        made.append((choice.id, unused(slug(choice.text, "l"), taken) if plain else "", choice.text))
    return made


def _code(id: str, number: str, parts: list[tuple[str, str, str]]) -> str:
    """The cell "Mã": empty where reading makes the same ids."""
    lines = [f"{own} = {text}" for own, made, text in parts if own != made]
    return "" if not lines and id == f"c{number}" else "\n".join([id, *lines])


def _figure(value: float | None) -> str:
    if value is None:
        return ""
    return str(int(value)) if value == int(value) else f"{value:.15g}"


def differences(survey: Survey, other: Survey) -> Iterator[tuple[int, str, str]]:
    """(number of the question or 0, its id, key) of everything that is not the same in the other survey."""
    for key in Survey.__struct_fields__:
        if key != "questions" and getattr(survey, key) != getattr(other, key):
            yield 0, "", key
    found = {question.id: question for question in other.questions}
    for number, question in enumerate(survey.questions, start=1):
        twin = found.get(question.id)
        if twin is None:
            yield number, question.id, "kind"
            continue
        for key in Question.__struct_fields__:
            own, its = getattr(question, key), getattr(twin, key)
            if _plain(own) != _plain(its) and not (key == "show_if" and same_condition(own, its)):
                yield number, question.id, key


def _plain(value: Any) -> Any:  # noqa: ANN401 - any field of a question
    """Choices by what they say; the number that is their place anyway is nothing to lose."""
    if not isinstance(value, tuple):
        return value
    return [msgspec.structs.replace(one, number=one.number or place) for place, one in enumerate(value, start=1)]
