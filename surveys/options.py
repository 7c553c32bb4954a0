"""How a question is offered (buttons, printed numbers) and how an answer is shown again."""

from typing import Final

import msgspec

from surveys.definition import NO_OPINION, NOT_APPLICABLE, Answer, Kind, Question
from surveys.wording import labels
from vietnam.numbers import number_vi

SKIP: Final = None
"""The answer of a person who skips a question that may be skipped."""
SKIP_TOKEN: Final = "-"  # noqa: S105  (no secret: what the button "bỏ qua" carries; no choice id can be "-")
NPS_MOST: Final = 10
_DECIMALS_SHOWN = 2


class Misread(msgspec.Struct, frozen=True):
    """Not an answer to the question, and why: `reason` is the key of what to say.

    empty · unclear · ambiguous (could be two answers) · conflict ("5 không hài lòng") · out_of_range ·
    not_offered (0 or 9 where the question has none) · required (may not be skipped) · too_short · too_long ·
    too_few, too_many, exclusive (multiple) · unknown (a button that this question does not have).
    """

    reason: str


def options(question: Question, language: str = "vi") -> list[tuple[str, str, str]]:
    """What a person can choose from, as (token id, label, printed digit), in the order to show it.

    The digit of a likert5 or nps question is the scale value, that of a choice its place in the file.
    Empty for kinds that are typed (number, text) and for notes.
    """
    words = labels(language)
    if question.kind is Kind.LIKERT5:
        scale = [(str(value), text, str(value)) for value, text in enumerate(words.likert, start=1)]
        if question.no_opinion:
            scale.append((str(NO_OPINION), words.no_opinion, str(NO_OPINION)))
        if question.not_applicable:
            scale.append((str(NOT_APPLICABLE), question.not_applicable, str(NOT_APPLICABLE)))
        return scale
    if question.kind is Kind.NPS:
        return [(str(value), str(value), str(value)) for value in range(NPS_MOST + 1)]
    if question.kind is Kind.YESNO:
        return [("yes", words.yes, "1"), ("no", words.no, "2")]
    return [(choice.id, choice.text, str(number)) for number, choice in enumerate(question.choices, start=1)]


def from_token(question: Question, token: str) -> Answer | Misread:
    """The answer that a button carries; for multiple a tuple of that one choice (see `toggle` and `settle`)."""
    if token == SKIP_TOKEN:
        return Misread("required") if question.required else SKIP
    if token not in {known for known, _, _ in options(question)}:
        return Misread("unknown")
    if question.kind in {Kind.LIKERT5, Kind.NPS}:
        return int(token)
    return (token,) if question.kind is Kind.MULTIPLE else token


def toggle(question: Question, chosen: tuple[str, ...], token: str) -> tuple[str, ...]:
    """The choices of a multiple question after one was pressed: on or off, an exclusive one alone."""
    alone = {choice.id for choice in question.choices if choice.exclusive}
    if token in chosen:
        kept = set(chosen) - {token}
    elif token in alone:
        kept = {token}
    else:
        kept = (set(chosen) - alone) | {token}
    return tuple(choice.id for choice in question.choices if choice.id in kept)


def settle(question: Question, chosen: tuple[str, ...]) -> Answer | Misread:
    """The answer to a multiple question that these choices make, checked against min, max and exclusive."""
    ordered = tuple(choice.id for choice in question.choices if choice.id in chosen)
    if not ordered:
        return Misread("required") if question.required else SKIP
    if len(ordered) > 1 and any(choice.exclusive for choice in question.choices if choice.id in ordered):
        return Misread("exclusive")
    alone = len(ordered) == 1 and any(c.exclusive for c in question.choices if c.id == ordered[0])
    if question.min is not None and len(ordered) < question.min and not alone:
        return Misread("too_few")
    if question.max is not None and len(ordered) > question.max:
        return Misread("too_many")
    return ordered


def label(question: Question, answer: Answer, language: str = "vi") -> str:
    """An answer as it is shown to people ("Hài lòng", "Đất đai, xây dựng", "1.200")."""
    words = labels(language)
    if answer is None:
        return words.skipped
    known = {token: text for token, text, _ in options(question, language)}
    if isinstance(answer, tuple):
        return words.between.join(known.get(choice, choice) for choice in answer)
    if isinstance(answer, str):
        return answer if question.kind is Kind.TEXT else known.get(answer, answer)
    if question.kind is Kind.NUMBER:
        return number_vi(answer) if float(answer).is_integer() else _short(answer)
    return known.get(str(answer), str(answer))


def _short(value: float) -> str:
    return number_vi(value, _DECIMALS_SHOWN).rstrip("0").rstrip(",")
