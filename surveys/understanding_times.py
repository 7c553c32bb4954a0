"""Times of day as people type them: "8h30", "8 giờ rưỡi", "3 giờ chiều", "15:00"."""

import re
from functools import lru_cache

from surveys.definition import Answer
from surveys.options import VALUE_TOKEN, Misread
from surveys.typed import Book, Words, folded, phrase, phrases, plain_digits, words_of
from surveys.understanding_numbers import alternatives, cardinal
from surveys.understanding_words import UNCLEAR, Lexicon, lexicon, without

_HOURS, _HALF_DAY, _MINUTES = 24, 12, 60
_SURELY_MORNING = range(8, 12)
"""Hours that are of the morning where nothing else is said: of the evening they are 20h to 23h, or said with "tối"."""
_RUN = re.compile(r"\s*(\d{2})(\d{2})\s*")
_GLUED = re.compile(r"(?<=\d)(?=[^\W\d_])|(?<=[^\W\d_])(?=\d)")


class _Times:
    """The words for times of one language, made ready for looking up."""

    def __init__(self, language: str) -> None:
        known = lexicon(language)
        words = known.words.times
        self.hour, self.minute = phrases(words.hour), phrases(words.minute)
        self.half, self.less = phrases(words.half), phrases(words.less)
        self.exact = Book(words.exact.items())
        self.parts = Book((text, tuple(hours.items())) for text, hours in words.parts.items())
        self.before = phrases((*known.words.days.before, *known.words.before))


@lru_cache(maxsize=8)
def _times(language: str) -> _Times:
    return _Times(language)


def clock(text: str, language: str) -> Answer | Misread:
    """A time as "08:30"; where it could be of the morning or of the afternoon, it is asked back with both."""
    found = _read(text, language)
    if isinstance(found, Misread) and found.reason == "unclear":
        both = [_read(part, language) for part in alternatives(text, lexicon(language))]
        sure = [one for one in both if isinstance(one, str)]
        if len(set(sure)) == len(both) > 1:
            return Misread("ambiguous", candidates=tuple(VALUE_TOKEN + one for one in sure))
    return found


def _read(text: str, language: str) -> str | Misread:
    known, here = lexicon(language), _times(language)
    typed = tuple(part for word in words_of(text) for part in _GLUED.split(word))
    typed = without(without(typed, here.before), known.after, at_end=True)
    if "?" in text or not typed:
        return UNCLEAR
    if exact := here.exact.find(typed):
        return exact[0]
    core, part = _part_of_day(typed, here)
    plain = plain_digits(text).strip()
    run = _RUN.fullmatch(plain)
    if run:
        return _time(int(run[1]), int(run[2]), (), certain=True)
    spoken = _clock_words(core, plain) or _spoken(core, here, known)
    if spoken is None:
        return UNCLEAR
    hour, minute, certain = spoken
    found = _time(hour, minute, part, certain=certain)
    return found if part or isinstance(found, Misread) else _maybe_part(words_of(text)[0], hour, found, here)


def _maybe_part(first: str, hour: int, found: str, here: _Times) -> str | Misread:
    """ "toi 8h" without accents: "tôi" or "tối"."""
    hours = here.parts.find((first,)) if first.isascii() else ()
    other = dict(hours[0]).get(hour) if hours else None
    if other is None or f"{other:02d}" == found[:2]:
        return found
    return Misread("ambiguous", candidates=(VALUE_TOKEN + found, f"{VALUE_TOKEN}{other:02d}{found[2:]}"))


def _part_of_day(typed: Words, here: _Times) -> tuple[Words, tuple[tuple[int, int], ...]]:
    """The words without the part of the day, and its hours; () where none is said."""
    for length in range(here.parts.longest, 0, -1):
        if length < len(typed):
            if found := here.parts.find(typed[-length:]):
                return typed[:-length], found[0]
            if (found := here.parts.exactly(typed[:length])) and typed[:length] != folded(typed[:length]):
                return typed[length:], found[0]
    return typed, ()


def _clock_words(core: Words, plain: str) -> tuple[int, int, bool] | None:
    """ "15:00", "08.30": hour, minute, and whether its writing tells the half of the day ("03:00")."""
    if len(core) < 2 or not all(word.isdecimal() for word in core):
        return None
    found = re.search(r"(\d{1,2})\s*[:.]\s*(\d{2})(?!\d)", plain)
    if found is None or (found[1], found[2]) != core[:2] or len(core) > 3:
        return None
    return int(found[1]), int(found[2]), found[1].startswith("0")


def _spoken(core: Words, here: _Times, known: Lexicon) -> tuple[int, int, bool] | None:
    """ "8 giờ rưỡi", "chín giờ kém mười lăm", "3h": hour, minute, and whether the half of the day is told."""
    place = next((place for place, word in enumerate(core) if (word,) in here.hour and place), 0)
    hour = _number(core[:place], known) if place else None
    if not place and core[-1:] in here.half and (half := _number(core[:-1], known)) is not None:
        return half, 30, False
    if hour is None:
        return (int(core[0]), 0, False) if len(core) == 1 and core[0].isdecimal() and len(core[0]) <= 2 else None
    rest = core[place + 1 :]
    if rest in here.half:
        return hour, 30, False
    less = bool(rest) and rest[:1] in here.less
    if less:
        rest = rest[1:]
    if rest and rest[-1:] in here.minute:
        rest = rest[:-1]
    minute = _number(rest, known) if rest else (None if less else 0)
    if minute is None:
        return None
    certain = core[0].startswith("0")
    return ((hour - 1) % _HOURS, _MINUTES - minute, certain) if less and minute < _MINUTES else (hour, minute, certain)


def _number(words: Words, known: Lexicon) -> int | None:
    if len(words) == 1 and words[0] in known.words.unsure:  # before "giờ" it is nothing but a number
        return next(n for name, n in known.words.numbers.items() if folded(phrase(name)) == words)
    number = cardinal(words, known) if words else None
    return int(number) if number is not None and float(number).is_integer() else None


def _time(hour: int, minute: int, part: tuple[tuple[int, int], ...], *, certain: bool) -> str | Misread:
    if hour > _HOURS or minute >= _MINUTES or (hour == _HOURS and minute):
        return Misread("no_such_time")
    if part:
        said = dict(part).get(hour, hour if hour in dict(part).values() else None)
        return Misread("no_such_time") if said is None else f"{said:02d}:{minute:02d}"
    if certain or hour == 0 or hour > _HALF_DAY or hour in _SURELY_MORNING:
        return f"{hour % _HOURS:02d}:{minute:02d}"
    both = (hour % _HALF_DAY, hour % _HALF_DAY + _HALF_DAY)
    return Misread("ambiguous", candidates=tuple(f"{VALUE_TOKEN}{one:02d}:{minute:02d}" for one in both))
