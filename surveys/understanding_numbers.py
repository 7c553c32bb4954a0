"""Numbers as people type them: digits, words up to ninety-nine, Vietnamese and English points and commas."""

import math
import re
from functools import lru_cache

from surveys.definition import Answer, Kind, Question
from surveys.options import NPS_MOST, Misread, checked_number, number_token
from surveys.typed import Book, Words, folded, has_signs, phrase, plain_digits, plain_phrase, words_of
from surveys.understanding_words import UNCLEAR, Lexicon, lexicon, without

_LONGEST_SMALL = 6
_TEN = 10
_GROUPED = re.compile(r"[-+]?[1-9]\d{0,2}([., ])\d{3}(?:\1\d{3})*")
_GROUPED_FRACTION = re.compile(r"([-+]?[1-9]\d{0,2}(?:(?:\.\d{3})+(?=,)|(?:,\d{3})+(?=\.)|(?: \d{3})+))[.,](\d+)")
_PLAIN = re.compile(r"[-+]?\d+(?:[.,]\d+)?")
_START = re.compile(r"[-+]?\d(?:[\d., ]*\d)?")
_GLUED = re.compile(r"(?<=\d)(?=[^\W\d_])")
_HALVES = re.compile(r"(\d{1,2})[.,](\d+)")
_NOT_DIGIT = re.compile(r"[., ]")
_DASHES = r"-–—~"
_CANDIDATES = 3


def cardinal(words: Words, known: Lexicon) -> float | None:
    """The number that words say: "12", "mười hai", "hai mươi mốt", "hăm lăm", "hai rưỡi"; None if they say none."""
    if len(words) == 1 and words[0].isdecimal():
        return int(words[0]) if len(words[0]) <= _LONGEST_SMALL else None
    if len(words) > 1 and words[-1:] in known.half:
        whole = cardinal(words[:-1], known)
        return None if whole is None else whole + 0.5
    return _spoken(words, known)


def _spoken(words: Words, known: Lexicon) -> int | None:
    if len(words) == 1:
        return None if words[0] in known.words.unsure else _one(known.numbers, words)
    first = _one(known.numbers, words[:1])
    if (contracted := _one(known.twenties, words[:1])) is not None:
        return _with_ones(contracted, words[1:], known)
    if first == _TEN:
        return _with_ones(_TEN, words[1:], known)
    if first is None:
        return None
    if words[1:2] in known.tens:
        return _with_ones(first * _TEN, words[2:], known)
    shortened = known.ones.exactly(words[1:])  # "hai mốt": 21
    return first * _TEN + shortened[0] if shortened else None


def _with_ones(tens: int, rest: Words, known: Lexicon) -> int | None:
    if not rest:
        return tens
    ones = _one(known.ones, rest)
    if ones is None and rest[0] not in known.words.unsure:
        ones = _one(known.numbers, rest)
    return tens + ones if ones is not None and ones < _TEN else None


def _one(numbers: Book[int], words: Words) -> int | None:
    return next(iter(numbers.find(words)), None)


def small_number(typed: Words, known: Lexicon) -> float | None:
    """A printed digit or mark as people write it: "5", "số 5", "chọn năm", "5 điểm", "5đ". None if it is none."""
    core = without(without(unglued(typed), known.before), known.number_before)
    core = without(without(core, known.after, at_end=True), known.number_after, at_end=True)
    return cardinal(core, known)


def unglued(typed: Words) -> Words:
    """Words with a number and what is written to it taken apart ("5đ", "3lần")."""
    return tuple(part for word in typed for part in (_GLUED.split(word) if word[0].isdecimal() else (word,)))


def halves(text: str) -> tuple[int, ...]:
    """Of "4,5" or "4.5" the whole numbers on both sides (one where it is "4,0"); () if the text is no such number."""
    found = _HALVES.fullmatch(plain_digits(text.strip()))
    if found is None:
        return ()
    low = int(found[1])
    return (low, low + 1) if found[2].strip("0") else (low,)


def alternatives(text: str, known: Lexicon, *, signs: str = "-–—~/") -> list[str]:
    """What stands on both sides of "hoặc", "hay", "đến" (and of one of the signs): two or three parts, else []."""
    parts = known.upto.split(f" {text} ")
    if len(parts) == 1 and signs:
        parts = _span(signs).split(text)
    return [part.strip() for part in parts] if 1 < len(parts) <= _CANDIDATES and all(map(words_of, parts)) else []


@lru_cache(maxsize=8)
def _span(signs: str) -> re.Pattern[str]:
    return re.compile(rf"(?<=\w)\s*(?:[{re.escape(signs)}]|\.\.+)\s*(?=\d)")


def asked_words(question: Question) -> frozenset[str]:
    """The words of a question and its hint, without accents."""
    return frozenset((*plain_phrase(question.text), *plain_phrase(question.hint)))


def nps(question: Question, text: str, language: str) -> Answer | Misread:
    """0 to 10."""
    known = lexicon(language)
    fraction = re.fullmatch(r"\s*(\d{1,2})\s*/\s*10\s*", plain_digits(text))
    if fraction:
        return _within(int(fraction[1]))
    typed = words_of(text)
    number = None if has_signs(text) else small_number(typed, known)
    if number is not None and typed[-1:] in known.stars:
        return UNCLEAR  # "5 sao" is the best there is, and five of ten
    sides: tuple[int, ...] = halves(text)
    if number is not None and float(number).is_integer():
        return _within(int(number))
    if number is not None:
        sides = (math.floor(number), math.ceil(number))
    if not sides and (parts := alternatives(text, known)):
        found = [nps(question, part, language) for part in parts]
        sides = tuple(one for one in found if isinstance(one, int)) if len(set(found)) == len(found) else ()
        sides = sides if len(sides) == len(found) else ()
    if len(sides) == 1:
        return _within(sides[0])
    offered = tuple(str(side) for side in sides if side <= NPS_MOST)
    return Misread("ambiguous", candidates=offered) if len(offered) > 1 else UNCLEAR


def _within(number: int) -> Answer | Misread:
    return number if number <= NPS_MOST else Misread("out_of_range")


def number(question: Question, text: str, language: str) -> Answer | Misread:
    """A number, decimal or range question, checked against its bounds and its step."""
    known = lexicon(language)
    values = _values(question, text, known)
    if values is None:
        return _either(question, text, language)
    checked = [(value, checked_number(question, value)) for value in values]
    fitting = [value for value, answer in checked if not isinstance(answer, Misread)]
    if len(fitting) == 1 and len(values) > 1 and (_unit_unsaid(text, known) or text.rstrip(" .!").endswith("0")):
        return UNCLEAR  # "5 triệu", "1,000": that only one reading fits does not make it the one meant
    if len(fitting) > 1:
        return Misread("ambiguous", candidates=tuple(map(number_token, fitting)))
    return checked_number(question, fitting[0]) if fitting else checked[0][1]


def _either(question: Question, text: str, language: str) -> Misread:
    """ "3-4", "3 hoặc 4": asked back with both."""
    found = [number(question, part, language) for part in alternatives(text, lexicon(language), signs=_DASHES)]
    sure = [one for one in found if isinstance(one, int | float)]
    if len(sure) < len(found) or len(set(sure)) < 2:
        return UNCLEAR
    return Misread("ambiguous", candidates=tuple(number_token(value) for value in dict.fromkeys(sure)))


def _values(question: Question, text: str, known: Lexicon) -> tuple[float, ...] | None:
    """What number or numbers a text could say, alone or with a unit that the question names; None if it says none."""
    plain = plain_digits(text).replace("\u00a0", " ").replace("\u2212", "-").rstrip(" .!")
    plain = _from_first_digit(question, plain, known)
    start = _START.match(plain)
    if start is None:
        return _in_words(question, text, known)
    rest = plain[start.end() :]
    if has_signs(rest.replace(",", " ")):
        return None
    return _with_unit(question, _written(question, start.group()), words_of(rest), known)


def _from_first_digit(question: Question, text: str, known: Lexicon) -> str:
    """The text from its first digit on, where only polite words and words of the question stand before it."""
    first = next((place for place, letter in enumerate(text) if letter.isdecimal()), 0)
    typed = words_of(text[:first])
    if not typed or has_signs(text[:first]):
        return text
    return text[first:] if len(_without_start((*typed, "0"), question, known)) == 1 else text


def _without_start(typed: Words, question: Question, known: Lexicon) -> Words:
    """The words without polite ones and words of the question before a number ("tôi đến 3 lần")."""
    asked = asked_words(question)
    while True:
        left = without(without(typed, known.before), known.number_before)
        if len(left) > 1 and folded(left[:1])[0] in asked and left[:1] not in known.fixed:
            left = left[1:]
        if left == typed:
            return typed
        typed = left


def _with_unit(question: Question, values: tuple[float, ...], rest: Words, known: Lexicon) -> tuple[float, ...] | None:
    """The values with the words behind the number: a unit of the question, or a magnitude that it may mean already."""
    rest = () if rest in known.after else without(rest, known.after, at_end=True)
    rest = () if rest in known.number_after else without(rest, known.number_after, at_end=True)
    if rest and (rest[-1:] in known.half or rest[:1] in known.half):
        values = tuple(value + 0.5 for value in values)
        rest = rest[:-1] if rest[-1:] in known.half else rest[1:]
    asked, plain = asked_words(question), folded(rest)
    if all(word in asked and not word.isdecimal() for word in plain):
        counts = [word for word in plain if (word,) in known.numbers and word not in _counting(question, known)]
        return None if counts else values or None  # "ba" is a number; "Bà" of the question is no unit
    factor = _one(known.magnitudes, rest[:1])
    if factor and len(values) == 1 and asked.issuperset(plain[1:]):
        return (values[0], values[0] * factor)
    return None


def _counting(question: Question, known: Lexicon) -> frozenset[str]:
    """Words of the question that are also numbers ("năm"), without accents."""
    return frozenset(folded(tuple(word for word in phrase(question.text) if known.numbers.exactly((word,)))))


def _unit_unsaid(text: str, known: Lexicon) -> bool:
    return any((word,) in known.magnitudes for word in unglued(words_of(text)))


def _in_words(question: Question, text: str, known: Lexicon) -> tuple[float, ...] | None:
    typed = _without_start(words_of(text), question, known)
    if has_signs(text) or not typed or any(letter.isdecimal() for letter in text):
        return None
    asked = asked_words(question)
    if known.denies(typed[:1]):
        nothing = typed[-1:] in known.none_of and typed[1:-1] and asked.issuperset(folded(typed[1:-1]))
        return (0,) if nothing else None
    first, second = _one(known.numbers, typed[:1]), _one(known.numbers, typed[1:2])
    if first and second == first + 1 and asked.issuperset(folded(typed[2:])):
        return (first, second)  # "ba bốn lần"
    for length in range(len(typed), 0, -1):
        value = cardinal(typed[:length], known)
        # "hai mươi năm" is twenty where years are asked for, else it may be 25.
        unit_last = length > 1 and folded(typed[length - 1 : length])[0] in _counting(question, known)
        if value is not None and not unit_last:
            return _with_unit(question, (value,), typed[length:], known)
    return None


def _written(question: Question, written: str) -> tuple[float, ...]:
    """The numbers that digits with points, commas or spaces could be; () where they are no number."""
    fraction = _GROUPED_FRACTION.fullmatch(written)
    if fraction:
        return (float(f"{_NOT_DIGIT.sub('', fraction[1])}.{fraction[2]}"),)
    grouped = _GROUPED.fullmatch(written)
    if grouped is None:
        return (float(written.replace(",", ".")),) if _PLAIN.fullmatch(written) else ()
    thousands = float(_NOT_DIGIT.sub("", written))
    if grouped[1] == " " or written.count(grouped[1]) > 1 or question.kind is Kind.NUMBER:
        return (thousands,)  # of whole numbers 1.234 and 1,234 are both more than a thousand
    if grouped[1] == "." and written.endswith("0"):
        return (thousands,)  # nobody writes 1.200 for 1,2
    return (thousands, float(written.replace(",", ".")))
