"""The scale of five, yes and no, and what is only to be read: words of feeling, asked back where they waver."""

import re
from collections.abc import Sequence
from functools import lru_cache

from surveys.definition import NO_OPINION, NOT_APPLICABLE, Answer, Question
from surveys.options import Misread
from surveys.typed import Book, Words, folded, has_signs, phrase, plain_digits, words_of
from surveys.understanding_numbers import alternatives, halves, small_number, unglued
from surveys.understanding_slips import decoded, squeezed
from surveys.understanding_words import UNCLEAR, Lexicon, lexicon, listed, remark

_DIGITS = frozenset("0123456789")
_LEVELS = 5
_OFF_SCALE = frozenset({NO_OPINION, NOT_APPLICABLE})
_PRINTED: dict[Words, str] = {("1",): "yes", ("2",): "no"}
_STARS = re.compile(r"[*★⭐\ufe0f]+")
_OUT_OF = re.compile(r"\s*(\d{1,2})\s*/\s*5\s*")
_SMILEYS = re.compile(r"[\ufe0f\u200d\s\U0001f3fb-\U0001f3ff]")
_MOST_CANDIDATES = 3
_AFFIRMED = 3
"""The highest level of the scale that a denial may lead to."""


@lru_cache(maxsize=8)
def _levels(language: str) -> tuple[Book[int], Book[tuple[int, ...]]]:
    """Phrases that name one level of the scale, and phrases that waver between levels."""
    known = lexicon(language)
    named = [(name, value) for value, name in enumerate(known.labels.likert, start=1)]
    named += [(text, value) for value, texts in known.words.likert.items() for text in texts]
    named += [(text, NO_OPINION) for text in (known.labels.no_opinion, *known.words.unknowing)]
    wavering = [(text, values) for values, texts in known.words.lukewarm.items() for text in texts]
    return Book(named), Book(wavering)


def likert(question: Question, text: str, language: str) -> Answer | Misread:
    """1 to 5, 0 for no opinion, 9 for not applicable."""
    typed = words_of(text)
    if len(typed) == 1 and typed[0] in _DIGITS and not has_signs(text):
        if text.isascii() or not _belied(text, int(typed[0]), lexicon(language)):
            return _on_scale(question, int(typed[0]))  # by far the most frequent answer
        return UNCLEAR
    known = lexicon(language)
    fraction = _OUT_OF.fullmatch(plain_digits(text))
    if fraction:
        return _marked(question, int(fraction[1]))
    if not typed:
        return _drawn(question, text, known)
    said = _level(question, typed, language)
    if known.breaks_off(text):
        return _broken_off(question, said, typed, language)
    if said is not None:
        return _on_scale(question, said) if "?" not in text and not _belied(text, said, known) else UNCLEAR
    number = None if has_signs(text) else small_number(typed, known)
    if number is not None:
        if number in _OFF_SCALE and known.graded(unglued(typed)):
            return _marked(question, int(number))
        read = _number_on_scale(question, number, typed, known)
        return UNCLEAR if isinstance(read, int) and _belied(text, read, known) else read
    return _wavering(question, text, typed, language)


def _marked(question: Question, mark: int) -> Answer | Misread:
    """A mark as at school: "0 điểm" is the worst there is, not only the printed 0; "9 điểm" is of another scale."""
    if mark == NO_OPINION:
        return _one_of(question, (1, NO_OPINION))
    return Misread("out_of_range") if mark == NOT_APPLICABLE else _on_scale(question, mark)


def _belied(text: str, level: int, known: Lexicon) -> bool:
    """Whether a face or a thumb says the contrary of the words ("hài lòng 😡")."""
    against = {5: known.frowns, 4: known.frowns, 2: known.smiles, 1: known.smiles}.get(level)
    return against is not None and any(sign in against for sign in text)


def _broken_off(question: Question, joined: int | None, typed: Words, language: str) -> Misread:
    """ "ko, hài lòng": with the denial or without it."""
    known = lexicon(language)
    rest = known.bare(typed)
    while len(rest) > 1 and (rest[:1] in known.negations):
        rest = rest[1:]
    alone = _level(question, rest, language)
    return UNCLEAR if joined is None or alone is None else _one_of(question, (joined, alone))


def _on_scale(question: Question, value: int) -> Answer | Misread:
    if value == NO_OPINION and not question.no_opinion:
        return Misread("not_offered")
    if value == NOT_APPLICABLE and not question.not_applicable:
        return Misread("not_offered")
    return value if 0 <= value <= _LEVELS or value == NOT_APPLICABLE else Misread("out_of_range")


def _number_on_scale(question: Question, number: float, typed: Words, known: Lexicon) -> Answer | Misread:
    if not float(number).is_integer():
        return _one_of(question, (int(number), int(number) + 1))
    value = int(number)
    first = known.bare(typed)
    starting = [n for n, name in enumerate(known.labels.likert, start=1) if folded(first) == folded(phrase(name)[:1])]
    # "hai" is the number two, and the beginning of "hai long".
    return _one_of(question, (value, *starting)) if starting else _on_scale(question, value)


def _one_of(question: Question, values: tuple[int, ...], reason: str = "ambiguous") -> Misread:
    """Asked back with those of the values that this question offers."""
    offered = [value for value in dict.fromkeys(values) if not isinstance(_on_scale(question, value), Misread)]
    if not 1 < len(offered) <= _MOST_CANDIDATES:
        return UNCLEAR
    tokens = tuple(map(str, offered))
    return Misread("conflict", candidates=tokens) if reason == "conflict" else Misread("ambiguous", candidates=tokens)


def _drawn(question: Question, text: str, known: Lexicon) -> Misread:
    """Stars and faces only point a way."""
    bare = text.strip()
    if _STARS.fullmatch(bare):
        stars = sum(letter != "\ufe0f" for letter in bare)
        return _one_of(question, (stars - 1, stars)) if 1 < stars <= _LEVELS else UNCLEAR
    if _all_of(text, (*known.words.thumbs_up, *known.words.glad)):
        return _one_of(question, (_LEVELS - 1, _LEVELS))
    return _one_of(question, (1, 2)) if _all_of(text, (*known.words.thumbs_down, *known.words.sad)) else UNCLEAR


def _all_of(text: str, emoji: tuple[str, ...]) -> bool:
    drawn = _SMILEYS.sub("", text)
    return bool(drawn) and set(drawn) <= set(emoji)


def _level(question: Question, typed: Words, language: str, *, slips: bool = True) -> int | None:
    """The scale value that words surely name, whether or not it is offered; with slips of the hand or without."""
    known, (named, wavering) = lexicon(language), _levels(language)
    found = named.find(typed)
    if len(found) == 1:
        return found[0]
    if wavering.find(typed):
        return None
    for words in dict.fromkeys(_readings(typed, known)):
        found = named.find(words) or named.run_together(words)
        if found or words in wavering:
            return _affirmed(found, typed, known)
    if _means_not_applicable(question, typed, known):
        return NOT_APPLICABLE
    if not slips:
        return None
    for words in decoded(typed):
        found = named.exactly(words) or named.exactly(known.bare(known.spelled_out(words)))
        if found:
            return _affirmed(found, words, known)
    return _affirmed(_nearly(typed, language), typed, known)


def _readings(typed: Words, known: Lexicon) -> list[Words]:
    """The words with short forms written out and courtesy left out, as they are and with long letters shortened."""
    short = squeezed(typed)
    forms = [*known.forms(known.spelled_out(typed))]
    if short != typed:
        forms += [short, *known.forms(known.spelled_out(short))]
    return forms


def _affirmed(found: tuple[int, ...], typed: Words, known: Lexicon) -> int | None:
    """The one level found; none above the middle where a word denies."""
    if len(found) != 1 or (_AFFIRMED < found[0] <= _LEVELS and known.denies(squeezed(typed))):
        return None
    return found[0]


def _nearly(typed: Words, language: str) -> tuple[int, ...]:
    """Levels whose label differs by one slip of the hand."""
    known = lexicon(language)
    words = known.bare(known.spelled_out(squeezed(typed)))
    names = [(name, value) for value, name in enumerate(known.labels.likert, start=1)]
    names.append((known.labels.no_opinion, NO_OPINION))
    return tuple(value for name, value in names if known.near(words, phrase(name)))


def _means_not_applicable(question: Question, typed: Words, known: Lexicon) -> bool:
    unused = question.not_applicable
    if not unused:
        return False
    words = known.bare(known.spelled_out(typed))
    forms = (typed, words, _without_never(words, known))
    parts = [phrase(part) for part in (unused, known.short_label(unused), remark(unused)) if part.strip()]
    return any(
        folded(form) == folded(part) or known.telling_part(form, part, folded(part)) for part in parts for form in forms
    )


def _without_never(words: Words, known: Lexicon) -> Words:
    for length in range(min(known.never.longest, len(words) - 1), 0, -1):
        if words[-length:] in known.never:
            return words[:-length]
    return words


def _wavering(question: Question, text: str, typed: Words, language: str) -> Answer | Misread:
    """What names two levels, or a level and another number: asked back."""
    known = lexicon(language)
    if "?" in text:
        return UNCLEAR
    if both := halves(text):
        return _one_of(question, both) if len(both) > 1 else _on_scale(question, both[0])
    for words in (typed, *_readings(typed, known)):
        if found := _levels(language)[1].find(words):
            return _one_of(question, found[0])
    for parts in (alternatives(text, known), listed(text)):
        if several := _all_named(question, parts, language):
            return _one_of(question, several)
    copied = _number_and_level(question, typed, language)
    if copied == UNCLEAR and not re.search(r"[-+]", text) and (several := _all_named(question, typed, language)):
        return _one_of(question, several)
    return copied


def _all_named(question: Question, parts: Sequence[str], language: str) -> tuple[int, ...]:
    """The levels that two or three parts name; () where one of them names none."""
    if not 1 < len(parts) <= _MOST_CANDIDATES:
        return ()
    named = [_named(question, part, language) for part in parts]
    return tuple(value for value in named if value is not None) if None not in named else ()


def _named(question: Question, part: str, language: str) -> int | None:
    words = words_of(part)
    fraction = _OUT_OF.fullmatch(plain_digits(part))
    level = int(fraction[1]) if fraction else _level(question, words, language) if words else None
    if level is not None or has_signs(part):
        return level
    number = small_number(words, lexicon(language)) if words else None
    return int(number) if number is not None and float(number).is_integer() else None


def _number_and_level(question: Question, typed: Words, language: str) -> Answer | Misread:
    """A printed option copied whole ("4. Hài lòng"), where number and label must agree; or two labels in a row."""
    for digit, rest in ((typed[0], typed[1:]), (typed[-1], typed[:-1])):
        level = _level(question, rest, language) if rest and digit in _DIGITS else None
        if level is not None:
            number = int(digit)
            return _on_scale(question, level) if level == number else _one_of(question, (number, level), "conflict")
    for cut in range(1, len(typed)):
        first = _level(question, typed[:cut], language, slips=False)
        second = None if first is None else _level(question, typed[cut:], language, slips=False)
        if first is not None and second is not None:
            return _one_of(question, (first, second), "conflict")
    return UNCLEAR


def yesno(question: Question, text: str, language: str) -> Answer | Misread:
    """Yes or no."""
    known = lexicon(language)
    typed = words_of(text)
    if typed in _PRINTED and not has_signs(text):
        return _PRINTED[typed]
    if "?" in text:
        return UNCLEAR
    if not typed:
        return _thumb(text, known)
    if both_said(text, known):
        return Misread("ambiguous", candidates=("yes", "no"))
    if said := said_yes_or_no(typed, known) or _with_question(question, typed, known):
        return said
    number = None if has_signs(text) else small_number(typed, known)
    if number is not None:
        return _PRINTED.get((f"{number:g}",), Misread("out_of_range"))
    if typed[:1] in _PRINTED and (meant := said_yes_or_no(typed[1:], known)):
        return meant if _PRINTED[typed[:1]] == meant else Misread("conflict", candidates=("yes", "no"))
    parts = {said_or_number(words_of(part), known) for part in alternatives(text, known)}
    both = typed in known.yes_or_no or parts == {"yes", "no"}
    return Misread("ambiguous", candidates=("yes", "no")) if both else UNCLEAR


def _thumb(text: str, known: Lexicon) -> Answer | Misread:
    if _all_of(text, known.words.thumbs_up):
        return "yes"
    return "no" if _all_of(text, known.words.thumbs_down) else UNCLEAR


def _with_question(question: Question, typed: Words, known: Lexicon) -> str:
    """Yes or no said with the words of the question ("có xin lỗi"); not where the question itself denies."""
    asked = phrase(question.text)
    if known.denies(asked[:-1]):
        return ""
    words = folded(_what_is_asked(asked, known))
    said_words = known.bare(typed)
    for cut in range(1, len(said_words)):
        rest = said_words[cut:]
        if (
            not known.denies(rest)
            and set(folded(rest)).issubset(words)
            and (said := said_yes_or_no(said_words[:cut], known))
        ):
            return said
    return ""


def both_said(text: str, known: Lexicon) -> bool:
    """Whether somebody says yes and no, one after the other ("không, có"): which of them is meant, who knows."""
    parts = known.pieces(text)
    return len(parts) > 1 and {said_yes_or_no(part, known) for part in parts} == {"yes", "no"}


def _what_is_asked(asked: Words, known: Lexicon) -> Words:
    """The words of a question behind its "có": "không trễ" is no answer to "Khi trễ hẹn, có được xin lỗi không?"."""
    starts = [place for place, word in enumerate(asked) if (word,) in known.asks]
    words = asked[starts[-1] :] if starts else asked
    return words[: next((place for place, word in enumerate(words) if (word,) in known.asides), None)]


def said_or_number(typed: Words, known: Lexicon) -> str:
    """ "yes", "no" or "", from words or from the printed 1 and 2."""
    return said_yes_or_no(typed, known) or _PRINTED.get(typed, "")


def said_yes_or_no(typed: Words, known: Lexicon) -> str:
    """ "yes", "no", or "" where the words say neither; no yes where a word denies."""
    if not typed or typed in known.yes_or_no:
        return ""
    short = squeezed(typed)
    for words in (*known.forms(typed), *known.forms(short), *decoded(typed), known.spelled_out(known.bare(short))):
        if words in known.no:
            return "no"
        if words in known.yes and not known.denies(words):
            return "yes"
    return ""


def acknowledge(_question: Question, text: str, language: str) -> Answer | Misread:
    """What is only to be read: "đã đọc", "rõ rồi", "đồng ý"."""
    known = lexicon(language)
    typed = words_of(text)
    if "?" in text:
        return UNCLEAR
    if not typed:
        return "yes" if _all_of(text, known.words.thumbs_up) else UNCLEAR
    copied = typed[1:] if len(typed) > 1 and typed[0] == "1" else typed  # "1. Tôi đã đọc"
    for words in (*known.forms(copied), known.bare(known.spelled_out(squeezed(copied))), *decoded(copied)):
        if words in known.not_acknowledged:
            return Misread("not_acknowledged")
        if words in known.acknowledged and not known.denies(typed):
            return "yes"
    return "yes" if small_number(typed, known) == 1 and not has_signs(text) else UNCLEAR
