"""Typed text as an answer: numbers, labels, and free Vietnamese with or without accents (CH1).

Nothing is guessed: what could mean two things, or loses a "không", is a Misread and asked again.
"""

import re
from collections.abc import Callable

from surveys.definition import NO_OPINION, NOT_APPLICABLE, Answer, Choice, Kind, Question
from surveys.options import NPS_MOST, SKIP, SKIP_TOKEN, Misread, from_token, label, options, settle, toggle
from surveys.typed import (
    Words,
    folded,
    has_signs,
    is_one_of,
    is_telling_part,
    number_word,
    phrase,
    remark,
    same,
    short_label,
    small_number,
    spelled_out,
    with_digits,
    without_courtesy,
    words_of,
)
from surveys.vocabulary import Vocabulary, vocabulary
from surveys.wording import labels
from vietnam.text import clean

__all__ = ["SKIP", "SKIP_TOKEN", "Misread", "from_token", "label", "options", "settle", "toggle", "understand"]

TEXT_LIMIT = 10_000
"""Characters of a free answer, where the question sets no `max`."""
_NUMBER_LIMIT = 10**12
_LONGEST_CLOSED = 2_000
"""Characters beyond which a text cannot be a label or several of them (a label has 1,000 at most)."""
_DIGITS = frozenset("0123456789")
_UNCLEAR = Misread("unclear")

_GROUPED = re.compile(r"[-+]?[1-9]\d{0,2}([. ]\d{3})+(,\d+)?")
_COMMA = re.compile(r"[-+]?\d+,\d+")
_POINT = re.compile(r"[-+]?\d+(\.\d+)?")
_ENGLISH_THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2}(,\d{3})+")
_NUMBER_START = re.compile(r"[-+]?\d[\d., ]*\d|[-+]?\d")
_OUT_OF = re.compile(r"\s*(\d{1,2})\s*/\s*(\d{1,2})\s*")
_BETWEEN = re.compile(r"[,;&+\n]+")


def understand(question: Question, text: str, language: str = "vi") -> Answer | Misread:
    """The answer that a typed text is, or why it is none. Skipping words give SKIP where the question may be skipped.

    A note has no answer: anything typed at it is Misread("unclear").
    """
    kept = clean(text)[0].strip()
    if not kept:
        return Misread("empty")
    known = vocabulary(language)
    skips = len(kept) <= _LONGEST_CLOSED and is_one_of(words_of(kept), known.skip)
    if question.kind is Kind.TEXT:
        return _skipped(question) if skips else _free_text(question, kept)
    if len(kept) > _LONGEST_CLOSED:
        return _UNCLEAR
    reader = _READERS.get(question.kind)
    answer = reader(question, kept, language) if reader else _UNCLEAR
    return _skipped(question) if skips and isinstance(answer, Misread) else answer


def _skipped(question: Question) -> Answer | Misread:
    return Misread("required") if question.required else SKIP


def _free_text(question: Question, text: str) -> Answer | Misread:
    if len(text) > (question.max if question.max is not None else TEXT_LIMIT):
        return Misread("too_long")
    if question.min is not None and len(text) < question.min:
        return Misread("too_short")
    return text


def _likert(question: Question, text: str, language: str) -> Answer | Misread:
    known = vocabulary(language)
    typed = words_of(text)
    if len(typed) == 1 and typed[0] in _DIGITS and not has_signs(text):
        return _on_scale(question, int(typed[0]))  # by far the most frequent answer
    fraction = _OUT_OF.fullmatch(text)
    if fraction and fraction[2] == "5":
        return _on_scale(question, int(fraction[1]))
    said = _level(question, typed, language)
    if said is not None:
        return _on_scale(question, said) if "?" not in text else _UNCLEAR
    number = None if has_signs(text) else small_number(typed, known)
    if number is not None:
        words = folded(without_courtesy(typed, known.before, known.after))
        starts = {folded(phrase(name))[0] for name in labels(language).likert}
        # "hai" is the number two, and the beginning of "hai long".
        return Misread("ambiguous") if words[0] in starts else _on_scale(question, number)
    return _number_and_label(typed, lambda rest: _level(question, rest, language), lambda n: _on_scale(question, n))


def _level(question: Question, typed: Words, language: str) -> int | None:
    """The scale value that words name, whether or not it is offered."""
    known, names = vocabulary(language), labels(language)
    for words in (typed, without_courtesy(spelled_out(typed, known), known.before, known.after)):
        for value, name in enumerate(names.likert, start=1):
            if is_one_of(words, (name, *known.likert.get(value, ()))):
                return value
        if is_one_of(words, (names.no_opinion, *known.likert[NO_OPINION])):
            return NO_OPINION
        if is_one_of(words, known.likert[NOT_APPLICABLE]):
            return NOT_APPLICABLE
    unused = question.not_applicable
    words = without_courtesy(spelled_out(typed, known), known.before, known.after)
    parts = [phrase(part) for part in (unused, short_label(unused, known), remark(unused)) if part.strip()]
    meant = any(same(typed, part) or is_telling_part(words, part, known) for part in parts)
    return NOT_APPLICABLE if meant else None


def _on_scale(question: Question, value: int) -> Answer | Misread:
    if value == NO_OPINION and not question.no_opinion:
        return Misread("not_offered")
    if value == NOT_APPLICABLE and not question.not_applicable:
        return Misread("not_offered")
    return value if value in {0, 1, 2, 3, 4, 5, NOT_APPLICABLE} else Misread("out_of_range")


def _number_and_label(
    typed: Words, named: Callable[[Words], Answer], numbered: Callable[[int], Answer | Misread]
) -> Answer | Misread:
    """An answer from a printed option copied whole ("4. Hài lòng"); number and label must agree."""
    if len(typed) < 2 or not typed[0].isdecimal() or len(typed[0]) > 2:  # two digits at most are printed
        return _UNCLEAR
    meant = named(typed[1:])
    if meant is None:
        return _UNCLEAR
    return meant if numbered(int(typed[0])) == meant else Misread("conflict")


def _nps(_question: Question, text: str, language: str) -> Answer | Misread:
    fraction = _OUT_OF.fullmatch(text)
    if fraction and fraction[2] == str(NPS_MOST):
        number: int | None = int(fraction[1])
    else:
        number = None if has_signs(text) else small_number(words_of(text), vocabulary(language))
    if number is None:
        return _UNCLEAR
    return number if number <= NPS_MOST else Misread("out_of_range")


def _yesno(_question: Question, text: str, language: str) -> Answer | Misread:
    known, names = vocabulary(language), labels(language)
    typed = words_of(text)
    if "?" in text:
        return _UNCLEAR
    said = _yes_or_no(typed, known.yes, known.no, known)
    if said:
        return said
    number = None if has_signs(text) else small_number(typed, known)
    if number is not None:
        return {1: "yes", 2: "no"}.get(number, Misread("out_of_range"))
    return _number_and_label(
        typed,
        lambda rest: _yes_or_no(rest, (names.yes,), (names.no,), known) or None,
        lambda n: {1: "yes", 2: "no"}.get(n, Misread("out_of_range")),
    )


def _yes_or_no(typed: Words, yes: tuple[str, ...], no: tuple[str, ...], known: Vocabulary) -> str:
    for words in (typed, without_courtesy(typed, known.before, known.after)):
        if is_one_of(words, no):
            return "no"
        if is_one_of(words, yes):
            return "yes"
    return ""


def _single(question: Question, text: str, language: str) -> Answer | Misread:
    found = _choice(question, text, language)
    return found if isinstance(found, Misread) else found.id


def _choice(question: Question, text: str, language: str) -> Choice | Misread:
    known = vocabulary(language)
    typed = words_of(text)
    bare = without_courtesy(typed, known.before, known.after)
    exact = _exact(question, typed, known) or _exact(question, bare, known)
    if not exact and len(bare) > 1:
        exact = _exact(question, with_digits(bare, known), known)
    if exact:
        return exact[0] if len(exact) == 1 else Misread("ambiguous")
    if "?" in text:
        return _UNCLEAR
    number = None if has_signs(text) else small_number(typed, known)
    alike = _alike(question, typed, language)
    if number is not None:
        digits = any(word.isdecimal() for word in typed)
        if alike and not digits:
            return Misread("ambiguous")
        return question.choices[number - 1] if 1 <= number <= len(question.choices) else Misread("out_of_range")
    if alike:
        return alike[0] if len(alike) == 1 else Misread("ambiguous")
    return _numbered_choice(question, typed, known)


def _numbered_choice(question: Question, typed: Words, known: Vocabulary) -> Choice | Misread:
    ids = [choice.id for choice in question.choices]

    def named(rest: Words) -> Answer:
        parts = [c for c in question.choices if is_telling_part(rest, phrase(c.text), known)]
        found = _exact(question, rest, known) or parts
        return found[0].id if len(found) == 1 else None

    answer = _number_and_label(typed, named, lambda n: ids[n - 1] if 1 <= n <= len(ids) else Misread("out_of_range"))
    return question.choices[ids.index(answer)] if isinstance(answer, str) else Misread(_reason(answer))


def _reason(answer: Answer | Misread) -> str:
    return answer.reason if isinstance(answer, Misread) else _UNCLEAR.reason


def _exact(question: Question, typed: Words, known: Vocabulary) -> list[Choice]:
    """Choices whose whole label was typed: with the very accents if any has them, else without."""
    accented = [choice for choice in question.choices if phrase(choice.text) == typed]
    alike = accented or [choice for choice in question.choices if same(typed, phrase(choice.text))]
    return alike or [c for c in question.choices if same(typed, phrase(short_label(c.text, known)))]


def _alike(question: Question, typed: Words, language: str) -> list[Choice]:
    """Choices of which a telling part was typed, and "ko", "dạ có" where the labels are just "Có" and "Không"."""
    known, names = vocabulary(language), labels(language)
    plain_no = tuple(word for word in known.no if phrase(word)[-1] not in {"chưa", "chua"})
    said = _yes_or_no(typed, known.yes, plain_no, known)
    if said:
        wanted = names.yes if said == "yes" else names.no
        return [choice for choice in question.choices if same(phrase(choice.text), phrase(wanted))]
    words = without_courtesy(spelled_out(typed, known), known.before, known.after)
    return [choice for choice in question.choices if is_telling_part(words, phrase(choice.text), known)]


def _multiple(question: Question, text: str, language: str) -> Answer | Misread:
    known = vocabulary(language)
    whole = _exact(question, words_of(text), known)
    if len(whole) == 1:
        return settle(question, (whole[0].id,))
    both = phrase(known.both)[0]
    words = [word for word in words_of(text) if not same((word,), (both,))]
    if words and all(word.isdecimal() for word in words) and not re.search(r"[-<>=%~?/]", text):
        numbers = [int(word) for word in words if len(word) <= 2]
        if len(numbers) < len(words) or not all(1 <= n <= len(question.choices) for n in numbers):
            return Misread("out_of_range")
        return settle(question, tuple(question.choices[n - 1].id for n in numbers))
    chosen: list[str] = []
    for part in _parts(question, text, language):
        found = _choice(question, part, language)
        if isinstance(found, Misread):
            return found
        chosen.append(found.id)
    return settle(question, tuple(chosen)) if chosen else _UNCLEAR


def _parts(question: Question, text: str, language: str) -> list[str]:
    """The single choices in a text; "và" divides only where the words on both sides are no choice together."""
    if isinstance(_choice(question, text, language), Choice):
        return [text]
    both = vocabulary(language).both
    parts: list[str] = []
    for piece in filter(str.strip, _BETWEEN.split(text)):
        together = isinstance(_choice(question, piece, language), Choice)
        halves = [piece] if together else re.split(rf"\s(?:{both}|va)\s", piece, flags=re.IGNORECASE)
        parts.extend(halves)
    return parts


def _number(question: Question, text: str, language: str) -> Answer | Misread:
    value = _numeric(question, text, language)
    if isinstance(value, Misread):
        return value
    below = question.min is not None and value < question.min
    above = question.max is not None and value > question.max
    if below or above or abs(value) >= _NUMBER_LIMIT:
        return Misread("out_of_range")
    return int(value) if float(value).is_integer() else value


def _numeric(question: Question, text: str, language: str) -> float | Misread:
    """A number in Vietnamese writing, alone or with a unit that the question names ("3 lần")."""
    known = vocabulary(language)
    plain = "".join(words_of(c)[0] if c.isdecimal() else c for c in text).strip(" .!")
    start = _NUMBER_START.match(plain)
    if start is not None:
        rest = words_of(plain[start.end() :])
        signs = has_signs(plain[start.end() :])
        asked = folded(phrase(question.text))
        unit = without_courtesy(rest, (), known.after)
        courtesy = is_one_of(rest, known.after)
        if signs or not (courtesy or all(word in asked and not word.isdecimal() for word in folded(unit))):
            return _UNCLEAR
        return _written_number(start.group())
    typed = without_courtesy(words_of(text), known.before + known.number_before, known.after)
    if has_signs(text) or not typed:
        return _UNCLEAR
    if typed[0].isdecimal() and not text[0].isdecimal():
        return _numeric(question, text[next(i for i, c in enumerate(text) if c.isdecimal()) :], language)
    number = number_word(typed[0], known)
    in_question = all(word in folded(phrase(question.text)) for word in folded(typed[1:]))
    return _UNCLEAR if number is None or not in_question else number


def _written_number(written: str) -> float | Misread:
    if _GROUPED.fullmatch(written):
        return float(re.sub(r"[. ]", "", written).replace(",", "."))
    if _ENGLISH_THOUSANDS.fullmatch(written):
        return Misread("ambiguous")  # 1,200 is 1.2 in Vietnamese writing, and 1200 to many who type it
    if _COMMA.fullmatch(written):
        return float(written.replace(",", "."))
    return float(written) if _POINT.fullmatch(written) else _UNCLEAR


_READERS: dict[Kind, Callable[[Question, str, str], Answer | Misread]] = {
    Kind.LIKERT5: _likert,
    Kind.NPS: _nps,
    Kind.YESNO: _yesno,
    Kind.SINGLE: _single,
    Kind.MULTIPLE: _multiple,
    Kind.NUMBER: _number,
}
