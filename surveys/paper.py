"""A survey on paper: its questions numbered, with skip instructions in plain words where these are simple.

The printed form and the screen on which forms are typed are both made from this, so that "Câu 7" is the same question
on both.
"""

import re

import msgspec

from surveys.definition import SILENT, TELLING, Answer, Kind, Question, Survey
from surveys.options import from_token, options
from surveys.walking import shown

_ANSWERED = re.compile(r"\s*answered\(\s*[a-z][a-z0-9_]*\s*\)\s*")
_WORD = re.compile(r"[a-z][a-z0-9_]*")
_ENUMERATED = frozenset({Kind.LIKERT5, Kind.NPS, Kind.SINGLE, Kind.YESNO, Kind.MULTIPLE, Kind.ACKNOWLEDGE})


class When(msgspec.Struct, frozen=True, kw_only=True):
    """A question is answered only if (or, `unless`, not if) one of `digits` was ticked at question `number`.

    No digits: only if question `number`, which has no boxes, was answered at all. number 0: it hangs on more than one
    answer and cannot be said in a line.
    """

    number: int = 0
    digits: tuple[str, ...] = ()
    unless: bool = False


class Jump(msgspec.Struct, frozen=True):
    """Whoever ticks `digit` goes on at question `to`; 0 is the end of the form."""

    digit: str
    to: int


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One question on paper; `number` is 0 for a note.

    `codes` are (token, label, printed digit) of what can be ticked. `when` is said before the question, "" jumps after
    it. `words_of` holds the questions whose words are written beside a choice ("Khác (ghi rõ)"), by choice id.
    """

    number: int
    question: Question
    codes: tuple[tuple[str, str, str], ...] = ()
    when: When | None = None
    jumps: tuple[Jump, ...] = ()
    words_of: dict[str, str] = {}


def on_paper(survey: Survey) -> tuple[Item, ...]:
    """The survey's questions as they are printed and typed, in order.

    What can only be sent (photo, voice, place) is left out, and a "Khác" has its line beside the choice.
    """
    items: list[Item] = []
    number = 0
    for question in survey.questions:
        if question.kind in TELLING or question.kind is Kind.CALCULATED or question.other_of:
            continue
        number += question.kind not in SILENT
        items.append(
            Item(
                number=number if question.kind not in SILENT else 0,
                question=question,
                codes=tuple(options(question, survey.language)) if question.kind is not Kind.NOTE else (),
                words_of=_words_beside(survey, question),
            )
        )
    whens = [_when(survey, item.question, items) for item in items]
    conditioned = [msgspec.structs.replace(item, when=when) for item, when in zip(items, whens, strict=True)]
    return tuple(msgspec.structs.replace(item, jumps=_jumps(item, conditioned)) for item in conditioned)


def typed_questions(survey: Survey) -> tuple[tuple[str, Question], ...]:
    """(number as it is said, question) of every question that is typed, "5" or, for words beside a choice, "5+"."""
    numbered = {item.question.id: str(item.number) for item in on_paper(survey) if item.number}
    return tuple(
        (f"{numbered[question.other_of]}+" if question.other_of in numbered else numbered[question.id], question)
        for question in survey.questions
        if question.id in numbered or question.other_of in numbered
    )


def _words_beside(survey: Survey, question: Question) -> dict[str, str]:
    words = next((one.id for one in survey.questions if one.other_of == question.id), "")
    return {choice.id: words for choice in question.choices if choice.other and words}


def _when(survey: Survey, question: Question, items: list[Item]) -> When | None:
    """When the question is to be answered; None: always."""
    if not question.show_if:
        return None
    known = {one.id for one in survey.questions}
    named = [word for word in dict.fromkeys(_WORD.findall(question.show_if)) if word in known]
    on = next((item for item in items if named == [item.question.id]), None)
    if on is not None and on.question.kind not in _ENUMERATED and _ANSWERED.fullmatch(question.show_if):
        return When(number=on.number)
    if on is None or on.question.kind not in _ENUMERATED:
        return When()
    asked = [digit for token, _, digit in on.codes if _is_asked(survey, question, on.question, token)]
    hidden = tuple(digit for _, _, digit in on.codes if digit not in asked)
    if not hidden:
        return None
    if len(hidden) < len(asked):
        return When(number=on.number, digits=hidden, unless=True)
    return When(number=on.number, digits=tuple(asked))


def _is_asked(survey: Survey, question: Question, on: Question, token: str) -> bool:
    # A survey of these two alone: what the first one itself hangs on is said there, not here.
    answer = from_token(on, token)
    said: dict[str, Answer] = {on.id: answer if isinstance(answer, int | float | str | tuple) else None}
    pair = (msgspec.structs.replace(on, show_if=""), question)
    return any(one.id == question.id for one in shown(msgspec.structs.replace(survey, questions=pair), said))


def _jumps(item: Item, items: list[Item]) -> tuple[Jump, ...]:
    later = [one for one in items if one.number > item.number] if item.number else []
    if not later or item.question.kind is Kind.MULTIPLE:
        return ()
    found = []
    for _, _, digit in item.codes:
        to = next((one.number for one in later if not _hides(one.when, item.number, digit)), 0)
        if to != later[0].number:
            found.append(Jump(digit, to))
    return tuple(found)


def _hides(when: When | None, number: int, digit: str) -> bool:
    return when is not None and when.number == number and (digit in when.digits) == when.unless
