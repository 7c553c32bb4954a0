"""How a question is offered (buttons, printed numbers) and how an answer is shown again."""

import math
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Final

import msgspec

from surveys.definition import NO_OPINION, NOT_APPLICABLE, Answer, Kind, Question
from surveys.wording import Labels, labels
from vietnam.numbers import date_vi, number_vi

SKIP: Final = None
"""The answer of a person who skips a question that may be skipped."""
SKIP_TOKEN: Final = "-"  # noqa: S105  (no secret: what the button "bỏ qua" carries; no choice id can be "-")
VALUE_TOKEN: Final = "="  # noqa: S105  (no secret: what begins a token that holds the value itself)
NPS_MOST: Final = 10
RANGE_BUTTONS: Final = 11
"""A range of at most so many values is offered value by value, as 0 to 10 is."""
CHOOSING: Final = frozenset({Kind.SINGLE, Kind.MULTIPLE, Kind.RANK})
NUMERIC: Final = frozenset({Kind.NUMBER, Kind.DECIMAL, Kind.RANGE})
NUMBER_LIMIT: Final = 10**12
_DECIMALS_SHOWN = 6
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


class Misread(msgspec.Struct, frozen=True):
    """Not an answer to the question, and why: `reason` is the key of what to say.

    Of any question:
    empty (nothing but spaces) · unclear (not understood) · ambiguous (could be two answers) ·
    conflict (says two answers at once: "5 không hài lòng") · required (may not be skipped) ·
    unknown (a button that this question does not have) · out_of_range (no such number; a value or year beyond bounds) ·
    not_offered (0 or 9 on a scale that has none).
    Of a text: too_short · too_long. Of several choices: too_few · too_many · exclusive.
    Of a rank: rank_missing (not every choice named) · rank_twice (one named twice).
    Of a number: whole (only whole numbers) · step (between two values of the range).
    Of a date: no_such_day (31/2, 11/21/2026) · lunar (a day of the lunar calendar). Of a time: no_such_time (25 giờ).
    Of what is to be read: not_acknowledged ("chưa đọc", "không đồng ý").
    Of a place: place_words (words where a shared location or degrees are wanted) · place_outside (not in Việt Nam).
    Text where something is to be sent: send_photo · send_voice.

    `candidates` are the tokens (as of `options`, or "=" and the value for a number, date or time; each is taken by
    `from_token`) of the two, at most three, things it could be: of every "ambiguous", "conflict" and "step", unless
    fewer than two of them may be answered.
    """

    reason: str
    candidates: tuple[str, ...] = ()


def options(question: Question, language: str = "vi") -> list[tuple[str, str, str]]:
    """What a person can choose from, as (token id, label, printed digit), in the order to show it.

    The digit of a likert5, nps or range question is the value itself, that of a choice its own number (its place where
    it has none), whichever others are offered. Empty for kinds that are typed or sent and for notes; of a range only
    where it has few values.
    """
    words = labels(language)
    if question.kind is Kind.LIKERT5:
        return _scale(question, words)
    if question.kind is Kind.NPS:
        return [(str(value), str(value), str(value)) for value in range(NPS_MOST + 1)]
    if question.kind is Kind.YESNO:
        return [("yes", words.yes, "1"), ("no", words.no, "2")]
    if question.kind is Kind.ACKNOWLEDGE:
        return [("yes", words.acknowledge, "1")]
    if question.kind is Kind.RANGE:
        return [(number_token(value), shown_number(value), shown_number(value)) for value in range_values(question)]
    return [(choice.id, choice.text, str(choice.number or place)) for place, choice in enumerate(question.choices, 1)]


def _scale(question: Question, words: Labels) -> list[tuple[str, str, str]]:
    scale = [(str(value), text, str(value)) for value, text in enumerate(words.likert, start=1)]
    if question.no_opinion:
        scale.append((str(NO_OPINION), words.no_opinion, str(NO_OPINION)))
    if question.not_applicable:
        scale.append((str(NOT_APPLICABLE), question.not_applicable, str(NOT_APPLICABLE)))
    return scale


def from_token(question: Question, token: str) -> Answer | Misread:
    """The answer that a button carries; for multiple and rank a tuple of that one choice (see `toggle`, `settle`)."""
    if token == SKIP_TOKEN:
        return Misread("required") if question.required else SKIP
    if question.kind in NUMERIC or question.kind in {Kind.DATE, Kind.TIME}:
        return _value(question, token)
    if token not in {known for known, _, _ in options(question)}:
        return Misread("unknown")
    if question.kind in {Kind.LIKERT5, Kind.NPS}:
        return int(token)
    return (token,) if question.kind in {Kind.MULTIPLE, Kind.RANK} else token


def _value(question: Question, token: str) -> Answer | Misread:
    """A number, date or time from its token ("=1200", "=2.5", "=2026-11-21", "=15:00")."""
    written = token.removeprefix(VALUE_TOKEN)
    if written == token or not written.isascii():
        return Misread("unknown")
    try:
        if question.kind is Kind.DATE:
            return date.fromisoformat(written).isoformat()
        if question.kind is Kind.TIME:
            return written if _CLOCK.fullmatch(written) else Misread("unknown")
        return checked_number(question, float(written))
    except ValueError:
        return Misread("unknown")


def number_token(value: float) -> str:
    """The token of a number: "=1200", "=2.5"."""
    return f"{VALUE_TOKEN}{_plain(value)}"


def _plain(value: float) -> float:
    return int(value) if float(value).is_integer() else value


def checked_number(question: Question, value: float) -> Answer | Misread:
    """A number as the answer to a number, decimal or range question, checked against its bounds and its step."""
    if not math.isfinite(value) or abs(value) >= NUMBER_LIMIT:
        return Misread("out_of_range")
    if question.kind is Kind.NUMBER and not float(value).is_integer():
        return Misread("whole")
    if (question.min is not None and value < question.min) or (question.max is not None and value > question.max):
        return Misread("out_of_range")
    if question.kind is Kind.RANGE:
        steps = (_exact(value) - _exact(question.min or 0)) / _exact(question.step or 1)
        if steps != int(steps):
            return Misread("step", candidates=_beside(question, math.floor(steps)))
    return _plain(value)


def _beside(question: Question, steps: int) -> tuple[str, ...]:
    """The values of a range below and above a number between them; () where one of them lies outside."""
    both = [float(_exact(question.min or 0) + _exact(question.step or 1) * n) for n in (steps, steps + 1)]
    inside = question.max is None or both[1] <= question.max
    return tuple(map(number_token, both)) if inside else ()


def range_values(question: Question) -> list[float]:
    """Every value of a range that has at most RANGE_BUTTONS of them, from the lowest; else []."""
    if question.min is None or question.max is None:
        return []
    low, step = _exact(question.min), _exact(question.step or 1)
    many = int((_exact(question.max) - low) / step) + 1 if step > 0 else 0
    return [_plain(float(low + step * n)) for n in range(many)] if many <= RANGE_BUTTONS else []


def _exact(value: float) -> Decimal:
    return Decimal(str(value))


def toggle(question: Question, chosen: tuple[str, ...], token: str) -> tuple[str, ...]:
    """The choices of a multiple or rank question after one was pressed.

    Multiple: on or off, in the order of the file, an exclusive one alone. Rank: put behind those chosen, or taken out;
    when one alone is left, it is last without a press.
    """
    if question.kind is Kind.RANK:
        return _toggle_rank(question, chosen, token)
    alone = {choice.id for choice in question.choices if choice.exclusive}
    if token in chosen:
        kept = set(chosen) - {token}
    elif token in alone:
        kept = {token}
    else:
        kept = (set(chosen) - alone) | {token}
    return tuple(choice.id for choice in question.choices if choice.id in kept)


def _toggle_rank(question: Question, chosen: tuple[str, ...], token: str) -> tuple[str, ...]:
    ids = [choice.id for choice in question.choices]
    if token in chosen:
        return tuple(one for one in chosen if one != token)
    if token not in ids:
        return chosen
    left = [one for one in ids if one not in chosen and one != token]
    return (*chosen, token, *left) if len(left) == 1 else (*chosen, token)


def settle(question: Question, chosen: tuple[str, ...]) -> Answer | Misread:
    """The answer that these choices make: of a multiple checked against min, max and exclusive, of a rank complete."""
    if not chosen:
        return Misread("required") if question.required else SKIP
    if question.kind is Kind.RANK:
        if len(set(chosen)) < len(chosen):
            return Misread("rank_twice")
        return chosen if set(chosen) == {c.id for c in question.choices} else Misread("rank_missing")
    ordered = tuple(choice.id for choice in question.choices if choice.id in chosen)
    if not ordered:
        return Misread("unknown")
    if len(ordered) > 1 and any(choice.exclusive for choice in question.choices if choice.id in ordered):
        return Misread("exclusive")
    alone = len(ordered) == 1 and any(c.exclusive for c in question.choices if c.id == ordered[0])
    if question.min is not None and len(ordered) < question.min and not alone:
        return Misread("too_few")
    if question.max is not None and len(ordered) > question.max:
        return Misread("too_many")
    return ordered


def label(question: Question, answer: Answer, language: str = "vi") -> str:
    """An answer as it is shown to people ("Hài lòng", "Đất đai; Xây dựng", "1.200", "21/11/2026", "1. Điện; 2. Nước").

    Never an error: what is no answer to the question is shown as it is.
    """
    words = labels(language)
    if answer is None:
        return words.skipped
    if question.kind in _BY_KIND:
        return _BY_KIND[question.kind](answer, words)
    if isinstance(answer, float) or (isinstance(answer, int) and question.kind in {*NUMERIC, Kind.CALCULATED}):
        return shown_number(answer)
    known = {token: text for token, text, _ in options(question, language)}
    if not isinstance(answer, tuple):
        return known.get(str(answer), str(answer))
    texts = [known.get(choice, choice) for choice in answer]
    if question.kind is Kind.RANK:
        texts = [f"{place}. {text}" for place, text in enumerate(texts, start=1)]
    return words.between.join(texts)


def shown_number(value: float) -> str:
    """A number in Vietnamese writing with no more decimals than it has: "1.200", "2,5"."""
    try:
        shown = number_vi(value, 0 if float(value).is_integer() else _DECIMALS_SHOWN)
    except (ValueError, ArithmeticError):
        return str(value)
    return shown.rstrip("0").rstrip(",") if "," in shown else shown


def _day(answer: Answer, _words: Labels) -> str:
    try:
        return date_vi(date.fromisoformat(str(answer)))
    except ValueError:
        return str(answer)


_BY_KIND: dict[Kind, Callable[[Answer, Labels], str]] = {
    Kind.DATE: _day,
    Kind.PHOTO: lambda _answer, words: words.photo,
    Kind.VOICE: lambda _answer, words: words.voice,
    Kind.PLACE: lambda answer, words: f"{words.place} {str(answer).replace(',', ', ')}",
}
