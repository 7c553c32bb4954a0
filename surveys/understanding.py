"""Typed text as an answer: numbers, labels, and free Vietnamese with or without accents (CH1).

Nothing is guessed: what could mean two things, or loses a "không", is a Misread and asked again. Each kind has its own
file beside this one; the words are in `surveys.vocabulary`.
"""

from collections.abc import Callable

from surveys.definition import Answer, Kind, Question
from surveys.options import SKIP, SKIP_TOKEN, Misread, from_token, label, options, settle, shown_number, toggle
from surveys.typed import words_of
from surveys.understanding_choices import multiple, rank, single
from surveys.understanding_days import day
from surveys.understanding_numbers import nps, number
from surveys.understanding_places import photo, place, placed, voice
from surveys.understanding_scale import acknowledge, likert, yesno
from surveys.understanding_times import clock
from surveys.understanding_words import UNCLEAR, lexicon
from vietnam.text import clean

__all__ = [
    "SKIP",
    "SKIP_TOKEN",
    "Misread",
    "from_token",
    "label",
    "options",
    "placed",
    "settle",
    "shown_number",
    "toggle",
    "understand",
]

TEXT_LIMIT = 10_000
"""Characters of a free answer, where the question sets no `max`."""
_SURELY_READ = 200
"""Characters up to which a text is always looked at."""
_LONGEST_SKIP = 100


def understand(question: Question, text: str, language: str = "vi", *, today: str = "") -> Answer | Misread:
    """The answer that a typed text is, or why it is none. Skipping words give SKIP where the question may be skipped.

    `today` is the Vietnamese day of the answer ("2026-11-21"): without it "hôm qua" and a day without its year are
    unclear. A note and a calculated value have no answer: anything typed at them is Misread("unclear").
    """
    kept = clean(text)[0].strip()
    if not kept:
        return Misread("empty")
    if question.kind is Kind.TEXT:
        return _free_text(question, kept, language)
    if len(kept) > _SURELY_READ and len(kept) > _longest(question):
        return UNCLEAR
    if question.kind is Kind.DATE:
        answer = day(kept, language, today)
    elif question.kind is Kind.TIME:
        answer = clock(kept, language)
    else:
        reader = _READERS.get(question.kind)
        answer = reader(question, kept, language) if reader else UNCLEAR
    return _skipped(question) if isinstance(answer, Misread) and _skips(kept, language) else answer


def _longest(question: Question) -> int:
    """Characters beyond which a text cannot be a label of the question, or several of them with words between."""
    return _SURELY_READ + len(question.not_applicable) + 2 * sum(len(choice.text) + 4 for choice in question.choices)


def _skips(text: str, language: str) -> bool:
    known = lexicon(language)
    typed = words_of(text)
    return typed in known.skip or (bool(typed) and known.bare(typed) in known.skip)


def _skipped(question: Question) -> Answer | Misread:
    return Misread("required") if question.required else SKIP


def _free_text(question: Question, text: str, language: str) -> Answer | Misread:
    if len(text) <= _LONGEST_SKIP and words_of(text) in lexicon(language).skip:
        return _skipped(question)
    if len(text) > (question.max if question.max is not None else TEXT_LIMIT):
        return Misread("too_long")
    if question.min is not None and len(text) < question.min:
        return Misread("too_short")
    return text


_READERS: dict[Kind, Callable[[Question, str, str], Answer | Misread]] = {
    Kind.LIKERT5: likert,
    Kind.NPS: nps,
    Kind.YESNO: yesno,
    Kind.ACKNOWLEDGE: acknowledge,
    Kind.SINGLE: single,
    Kind.MULTIPLE: multiple,
    Kind.RANK: rank,
    Kind.NUMBER: number,
    Kind.DECIMAL: number,
    Kind.RANGE: number,
    Kind.PLACE: place,
    Kind.PHOTO: photo,
    Kind.VOICE: voice,
}
