"""Days as people type them: "21/11/2026", "21 tháng 11", "hôm qua", "thứ hai tuần trước"; the day always first."""

import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise

from surveys.definition import Answer
from surveys.options import VALUE_TOKEN, Misread
from surveys.typed import Book, Words, folded, phrases, plain_digits, plain_phrase, words_of
from surveys.understanding_numbers import alternatives, cardinal
from surveys.understanding_words import UNCLEAR, Lexicon, lexicon, without

_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_SURELY_PAST, _SURELY_COMING = timedelta(days=120), timedelta(days=7)
"""A day without a year that lies so near to today is of no other year. People are mostly asked for what has been."""
_COMING_YEARS = 20
"""Years from today within which two digits of a year could be of this century or of the last."""
_MONTHS = 12
_LAST_DAY = 31
_NUMERIC = re.compile(r"(\d{1,4})\s*([/.\-\s])\s*(\d{1,2})(?:\s*(?:\2\s*|[/.\-\s]\s*(?=\d{4}))(\d{1,4}))?")
_RUN = re.compile(r"(\d{2})(\d{2})(\d{4}|\d{2})")
_YEAR_FIRST = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_SEPARATORS = re.compile(r"[^\w/.\-]+")
_WEEK = 7

Reading = date | Misread


class _Days:
    """The words for days of one language, made ready for looking up."""

    def __init__(self, language: str) -> None:
        known = lexicon(language)
        words = known.words.days
        self.days = Book(words.days.items())
        self.weekdays = Book(words.weekdays.items())
        self.weeks = Book(words.weeks.items())
        self.last, self.next = phrases(words.last), phrases(words.next)
        self.ago, self.since, self.ahead = phrases(words.ago), phrases(words.since), phrases(words.ahead)
        self.unit, self.lunar, self.solar = phrases(words.unit), phrases(words.lunar), phrases(words.solar)
        self.before = phrases((*words.before, *known.words.before))
        self.years = {" ".join(plain_phrase(text)): years for text, years in words.years.items()}
        self.months = {" ".join(plain_phrase(text)): months for text, months in words.months.items()}
        numbers = _spelled(known)
        heads = "|".join(_forms((*words.day, *words.month)))
        spelled = "|".join(sorted(map(re.escape, numbers), key=len, reverse=True))
        self.numbers = numbers
        self.in_words = re.compile(rf"\b({heads}) ({spelled})\b")
        self.day = re.compile(rf"\b(?:{'|'.join(_forms(words.day))})\s*(?=\d)")
        self.month = re.compile(rf"\s*(?:\b|(?<=\d))(?:{'|'.join(_forms(words.month))})\s*(?=\d)")
        self.year = re.compile(rf"\s*\b(?:{'|'.join(_forms(words.year))})\s*(?=\d)")
        self.month_first = re.compile(
            rf"^(?:{'|'.join(_forms(words.month))})\s*(\d{{1,2}})\s*(?:{'|'.join(_forms(words.day))})\s*(\d{{1,2}})\b"
        )
        weekdays = "|".join(_forms(words.weekdays))
        self.named_weekday = re.compile(rf"^({weekdays})\s+(?=(?:{'|'.join(_forms(words.day))})?\s*\d)")
        months = "|".join(sorted(self.months, key=len, reverse=True))
        self.month_from_now = re.compile(rf"\s(?:{'|'.join(_forms(words.month[:1]))}) ({months})$")
        self.year_from_now = re.compile(rf"\s({'|'.join(sorted(self.years, key=len, reverse=True))})$")


@lru_cache(maxsize=8)
def _days(language: str) -> _Days:
    return _Days(language)


def _forms(texts: Iterable[str]) -> list[str]:
    return sorted({" ".join(plain_phrase(text)) for text in texts}, key=len, reverse=True)


def _spelled(known: Lexicon) -> dict[str, int]:
    """Numbers of days and months in words without accents ("hai muoi mot")."""
    ones = [*known.words.numbers, *known.words.ones]
    tens = known.words.tens[:1]
    ten = [name for name, value in known.words.numbers.items() if value == 10]
    texts = [*known.words.numbers, *known.words.ones]
    texts += [f"{first} {last}" for first in (*ten, *known.words.twenties) for last in ones]
    texts += [f"{first} {ten_word}" for first in known.words.numbers for ten_word in tens]
    texts += [f"{first} {ten_word} {last}" for first in known.words.numbers for ten_word in tens for last in ones]
    values = ((text, cardinal(words_of(text), known) or known.words.ones.get(text)) for text in texts)
    small = {" ".join(plain_phrase(text)): int(value) for text, value in values if value and value <= _LAST_DAY}
    return {text: value for text, value in small.items() if not (" " in text and text.endswith(" nam"))}


def day(text: str, language: str, today: str) -> Answer | Misread:
    """A day as "2026-11-21". `today` is the Vietnamese day of the answer in the same form, or "" where unknown."""
    now = date.fromisoformat(today) if today else None
    found = _read(text, language, now)
    if isinstance(found, Misread) and (parts := alternatives(text, lexicon(language), signs="")):
        both = [_read(part, language, now) for part in parts]
        sure = [one for one in both if isinstance(one, date)]
        if len(sure) == len(both):
            found = _which(sure)
    return found if isinstance(found, Misread) else found.isoformat()


def _which(days: list[date]) -> Reading:
    """The one day, or asked back with those it could be."""
    different = list(dict.fromkeys(days))
    if len(different) == 1:
        return different[0]
    return Misread("ambiguous", candidates=tuple(f"{VALUE_TOKEN}{one.isoformat()}" for one in different))


def _read(text: str, language: str, now: date | None) -> Reading:
    known, here = lexicon(language), _days(language)
    typed = without(without(words_of(text), here.before), known.after, at_end=True)
    if any((word,) in here.lunar for word in typed) or any(pair in here.lunar for pair in pairwise(typed)):
        return Misread("lunar") if _has_number(typed, here, known) else UNCLEAR
    if not typed or "?" in text:
        return UNCLEAR
    if now is not None:
        whole = without(without(words_of(text), known.before), known.after, at_end=True)
        said = _from_today(whole, here, known, now) or _from_today(typed, here, known, now)
        if said is not None:
            return said
    plain = _normal(text, here, known, now)
    weekday = here.named_weekday.match(plain)
    found = _written(plain[weekday.end() :] if weekday else plain, now)
    if weekday and isinstance(found, date) and found.weekday() not in here.weekdays.find(words_of(weekday[1])):
        return UNCLEAR
    return found


def _has_number(typed: Words, here: _Days, known: Lexicon) -> bool:
    return len(typed) > 1 or typed in here.lunar or any(cardinal((word,), known) for word in typed)


def _from_today(typed: Words, here: _Days, known: Lexicon, now: date) -> Reading | None:
    """Days that are said as seen from today; None where these are no such words."""
    if shifts := here.days.find(typed):
        return _which([now + timedelta(days=shift) for shift in shifts])
    for length in range(here.since.longest, 0, -1):
        if typed[:length] in here.since:
            typed = (*typed[length:], *next(iter(here.ago.plain()))[0])
    for cut in range(1, len(typed)):
        first, rest = typed[:cut], typed[cut:]
        number = cardinal(first, known)
        if number is not None and float(number).is_integer() and number <= 366 and (rest[:1] in here.unit):
            back, ahead = rest[1:] in here.ago, rest[1:] in here.ahead
            return now + timedelta(days=int(-number if back else number)) if back or ahead else None
        if weekdays := here.weekdays.find(first):
            return _weekday(weekdays[0], rest, here, now)
    return _weekday(found[0], (), here, now) if (found := here.weekdays.find(typed)) else None


def _weekday(weekday: int, rest: Words, here: _Days, now: date) -> Reading | None:
    """A weekday of this, the last or the next week; alone it is the last one or the next one."""
    past = now - timedelta(days=(now.weekday() - weekday - 1) % _WEEK + 1)
    coming = now + timedelta(days=(weekday - now.weekday() - 1) % _WEEK + 1)
    if not rest:
        same_day = [now] if now.weekday() == weekday else []
        return _which([past, *same_day, coming])
    if rest in here.last or rest in here.next:
        return past if rest in here.last else coming
    weeks = here.weeks.find(rest)
    if not weeks:
        return None
    monday_first = now - timedelta(days=now.weekday()) + timedelta(days=weekday + _WEEK * weeks[0])
    sunday_first = (
        now - timedelta(days=(now.weekday() + 1) % _WEEK) + timedelta(days=(weekday + 1) % _WEEK + _WEEK * weeks[0])
    )
    return _which([monday_first, sunday_first])  # they differ only where one of both days is a Sunday


def _normal(text: str, here: _Days, known: Lexicon, now: date | None) -> str:
    """The text as numbers with "/" between them, as far as its words say so."""
    plain = " ".join(folded((plain_digits(_SEPARATORS.sub(" ", text.lower())),)))
    plain = here.in_words.sub(lambda found: f"{found[1]} {here.numbers[found[2]]}", plain.strip(" ."))
    typed = without(without(words_of(plain), here.before), known.after, at_end=True)
    plain = _cut_to(plain, typed)
    if now is not None:
        plain = here.year_from_now.sub(lambda found: f"/{now.year + here.years[found[1]]}", plain)
        said_day = bool(here.day.search(plain))  # "5 tháng trước" is five months ago
        plain = here.month_from_now.sub(_months_from(here, now, said_day=said_day), plain)
    for words in sorted((" ".join(form) for form, _ in here.solar.plain()), key=len, reverse=True):
        plain = re.sub(rf"\b{words}\b", " ", plain)
    plain = here.month_first.sub(r"\2/\1", plain)
    plain = here.day.sub("", plain)
    plain = here.month.sub("/", plain)
    plain = here.year.sub("/", plain)
    return re.sub(r"[\s/]*/[\s/]*", "/", plain).strip(" ./")


def _cut_to(plain: str, typed: Words) -> str:
    """The text from its first to its last word that is left; and without a weekday said before the date."""
    if not typed:
        return plain
    start = plain.find(typed[0])
    end = plain.rfind(typed[-1]) + len(typed[-1])
    return plain[start:end]


def _months_from(here: _Days, now: date, *, said_day: bool) -> Callable[[re.Match[str]], str]:
    def dated(found: re.Match[str]) -> str:
        if here.months[found[1]] and not said_day:
            return found[0]
        months = now.year * _MONTHS + now.month - 1 + here.months[found[1]]
        return f"/{months % _MONTHS + 1}/{months // _MONTHS}"

    return dated


def _written(plain: str, now: date | None) -> Reading:
    found = _YEAR_FIRST.fullmatch(plain) or _RUN.fullmatch(plain) or _NUMERIC.fullmatch(plain)
    if found is None:
        return UNCLEAR
    first, *_, second, third = found.groups()
    if len(first) == 4 and third is not None and len(third) <= 2:
        return _dated(int(third), int(second), [int(first)])
    if len(first) > 2:
        return UNCLEAR
    if third is None:
        return _without_year(int(first), int(second), now)
    if len(third) == 4:
        return _dated(int(first), int(second), [int(third)])
    return _dated(int(first), int(second), _centuries(int(third), now)) if len(third) == 2 else UNCLEAR


def _centuries(year: int, now: date | None) -> list[int]:
    """The years that two digits could be."""
    if now is None:
        return [_FIRST_YEAR + year, _FIRST_YEAR + 100 + year]
    this = now.year // 100 * 100 + year
    if this <= now.year + 1:
        return [this]
    return [this - 100] if this > now.year + _COMING_YEARS else [this - 100, this]


def _dated(day_of_month: int, month: int, years: list[int]) -> Reading:
    days = [one for year in years if (one := _day(day_of_month, month, year)) is not None]
    if not days:
        return Misread("no_such_day")
    kept = [one for one in days if _FIRST_YEAR <= one.year <= _LAST_YEAR]
    return _which(kept) if kept else Misread("out_of_range")


def _day(day_of_month: int, month: int, year: int) -> date | None:
    try:
        return date(year, month, day_of_month)
    except ValueError:
        return None


def _without_year(day_of_month: int, month: int, now: date | None) -> Reading:
    """The day of that name nearest to today, or the last and the next one where none is near."""
    if _day(day_of_month, month, 2000) is None:
        return Misread("no_such_day")
    if now is None:
        return UNCLEAR
    around = [one for year in range(now.year - 8, now.year + 9) if (one := _day(day_of_month, month, year)) is not None]
    past, coming = max(one for one in around if one <= now), min(one for one in around if one > now)
    if coming - now <= _SURELY_COMING:
        return coming
    return past if now - past <= _SURELY_PAST else _which([past, coming])
