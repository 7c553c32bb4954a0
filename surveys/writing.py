"""A Survey written as the TOML file that reads back as the same survey: what was imported becomes readable.

A matrix, "Khác (ghi rõ)" and texts in several languages stand as an author would write them.
"""

import json
from itertools import groupby

from surveys.definition import Choice, Kind, Question, Survey
from surveys.piping import put_back
from surveys.writing_out import MATRIX

_TEXTS = ("text", "hint", "section", "not_applicable", "constraint_message", "audio")
_INHERITED = ("hint", "section", "factor", "required", "show_if", "no_opinion", "not_applicable")
_ITEM = ("text", "factor", "required", "no_opinion", "not_applicable", "overall", "audio")
_KEYS = ("text", "hint", "section", "factor", "required", "show_if", "no_opinion", "not_applicable", "overall", "min",
         "max", "step", "constraint", "constraint_message", "value", "audio")  # fmt: skip
_TOP = ("id", "title", "language", "privacy", "intro", "thanks", "source", "index", "print_note", "document")
_TRANSLATED_TOP = frozenset({"title", "intro", "thanks"})
_LONGEST_IN_LINE = 60
"""Longer choices stand under one another, each in its own line."""

Value = str | float | bool


def write_survey(survey: Survey) -> str:
    """The text of a survey file. `surveys.reading.read_survey` gives the same survey for it."""
    return _Writer(put_back(survey)).text()


class _Writer:
    def __init__(self, survey: Survey) -> None:
        self._survey = survey
        self._said: set[tuple[str, str]] = set()

    def text(self) -> str:
        survey = self._survey
        lines = [
            self._spoken(key, key, value) if key in _TRANSLATED_TOP else f"{key} = {_value(value)}"
            for key in _TOP
            if (value := getattr(survey, key)) and (key in {"id", "title"} or value != _default(Survey, key))
        ]
        for factor in survey.factors:
            lines += ["", "[[factors]]", f"id = {_value(factor.id)}"]
            lines.append(self._spoken("text", f"factors.{factor.id}", factor.text))
        for matrix, run in groupby(survey.questions, key=lambda question: question.matrix):
            items = list(run)
            if matrix:
                lines += self._matrix(matrix, items)
            else:
                for question in items:
                    lines += [] if question.other_of else self._question(question)
        lines += self._apart()
        return "\n".join(lines) + "\n"

    def _question(self, question: Question) -> list[str]:
        lines = ["", "[[questions]]", f"id = {_value(question.id)}", f"kind = {_value(question.kind.value)}"]
        lines += [self._entry(question, key) for key in _KEYS if _written(question, key)]
        if question.choices:
            lines += self._choices(question)
        return lines

    def _entry(self, question: Question, key: str, *, as_key: str = "") -> str:
        value = getattr(question, key)
        if key in _TEXTS or key == "stem":
            return self._spoken(as_key or key, f"questions.{question.id}.{key}", value)
        return f"{as_key or key} = {_value(value)}"

    def _choices(self, question: Question) -> list[str]:
        in_order = all(choice.number in {0, place} for place, choice in enumerate(question.choices, start=1))
        entries = [self._choice(question, choice, numbered=not in_order) for choice in question.choices]
        return ["choices = [", *(f"  {entry}," for entry in entries), "]"]

    def _choice(self, question: Question, choice: Choice, *, numbered: bool) -> str:
        parts = [f"id = {_value(choice.id)}"]
        parts.append(self._spoken("text", f"questions.{question.id}.choices.{choice.id}", choice.text))
        parts += [f"{key} = true" for key in ("exclusive", "other") if getattr(choice, key)]
        parts += [f"show_if = {_value(choice.show_if)}"] if choice.show_if else []
        parts += [f"number = {choice.number}"] if numbered and choice.number else []
        return "{ " + ", ".join(parts) + " }"

    def _matrix(self, matrix: str, items: list[Question]) -> list[str]:
        first = items[0]
        shared = [key for key in _INHERITED if all(self._same(item, first, key) for item in items)]
        lines = ["", "[[questions]]", f"id = {_value(matrix)}", f"kind = {_value(MATRIX)}"]
        lines.append(self._entry(first, "stem", as_key="text"))
        lines += [self._entry(first, key) for key in shared if _written(first, key)]
        for item in items:
            self._said |= {(tag, f"questions.{item.id}.{key}") for tag in self._survey.translations
                           for key in ("stem", *shared) if self._same(item, first, key)}  # fmt: skip
            lines += ["", "[[questions.items]]", f"id = {_value(item.id)}"]
            lines += [self._entry(item, key) for key in _ITEM if key not in shared and _written(item, key)]
        return lines

    def _same(self, one: Question, other: Question, key: str) -> bool:
        return getattr(one, key) == getattr(other, key) and all(
            texts.get(f"questions.{one.id}.{key}") == texts.get(f"questions.{other.id}.{key}")
            for texts in self._survey.translations.values()
        )

    def _spoken(self, key: str, place: str, text: str) -> str:
        """A text, in all its languages where it has several."""
        others = {tag: said for tag, texts in self._survey.translations.items() if (said := texts.get(place))}
        self._said |= {(tag, place) for tag in others}
        if not others:
            return f"{key} = {_value(text)}"
        texts = {self._survey.language: text, **others}
        return f"{key} = {{ {', '.join(f'{tag} = {_value(said)}' for tag, said in texts.items())} }}"

    def _apart(self) -> list[str]:
        """Translations of texts that the file does not write itself."""
        lines: list[str] = []
        for tag, texts in self._survey.translations.items():
            left = {place: text for place, text in texts.items() if (tag, place) not in self._said}
            if left:
                lines += ["", f"[translations.{tag}]"]
                lines += [f"{_value(place)} = {_value(text)}" for place, text in left.items()]
        return lines


def _written(question: Question, key: str) -> bool:
    """Whether a key is written: one that has its default is not, but every question has its text."""
    return (key == "text" and question.kind is not Kind.CALCULATED) or getattr(question, key) != _default(Question, key)


def _default(of: type[Survey | Question], key: str) -> object:
    fields = dict(zip(of.__struct_fields__[-len(of.__struct_defaults__) :], of.__struct_defaults__, strict=True))
    return fields.get(key, "")


def _value(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        plain = value.isprintable() and "'" not in value and ('"' in value or "\\" in value)
        return f"'{value}'" if plain else json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return str(int(value)) if value == int(value) else repr(value)
