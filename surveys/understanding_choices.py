"""One choice, several, or all in order: by printed number, by label, by a part that can only mean one of them."""

import re
from functools import lru_cache

from surveys.definition import Answer, Choice, Question
from surveys.options import Misread, settle
from surveys.typed import Book, Words, folded, has_signs, phrase, plain_digits, words_of
from surveys.understanding_numbers import alternatives, asked_words, cardinal, small_number
from surveys.understanding_scale import both_said, said_yes_or_no
from surveys.understanding_slips import decoded, squeezed
from surveys.understanding_words import UNCLEAR, Lexicon, lexicon, listed, without

_MOST_CANDIDATES = 3
_LONGEST_PRINTED = 3
_LEAST_COUNTS, _ENDS, _LONGEST_COUNT = 2, 2, 6
"""Labels that say a count: so many at least in one question, with so many numbers and words at most."""
_ENDLESS = 10**9
_LEAST_CODE = 90
"""Printed numbers from here on ("99. Chưa lần nào") are meant as printed: nobody counts as far."""
_NUMBERS_ONLY = re.compile(r"[\s\d,;.&+()]*")
_ORDER = re.compile(r"\s*(?:>|->|→|=>|[-,;\n])\s*|\s+(?=\d{1,2}[.)]\s)")
_DIVIDED = re.compile(r"\s*(?:[/,]|\shoặc\s)\s*")


class _Choices:
    """The choices of one question, made ready for looking up: places in its list by words and by printed number."""

    def __init__(self, choices: tuple[Choice, ...], language: str) -> None:
        known = lexicon(language)
        self.ids = [choice.id for choice in choices]
        self.labels = [phrase(choice.text) for choice in choices]
        self.plain = [folded(label) for label in self.labels]
        self.full = Book((choice.text, place) for place, choice in enumerate(choices))
        self.short = Book((known.short_label(choice.text), place) for place, choice in enumerate(choices))
        self.numbers = {choice.number or place: place - 1 for place, choice in enumerate(choices, start=1)}
        self.yes, self.no = (
            [place for place, label in enumerate(self.plain) if label == folded(phrase(word))]
            for word in (known.labels.yes, known.labels.no)
        )
        self.spans = Book((_without_to(choice.text, known), place) for place, choice in enumerate(choices))
        self.counted = any(word.isdecimal() for label in self.labels for word in label)
        self.spans_of = [_span(label, known) for label in self.labels]
        self.unknowing = [place for place, choice in enumerate(choices) if _is_unknowing(choice.text, known)]

    def counting(self, number: int) -> list[int]:
        """The choices that say this count, where two or more of them are counts ("1 lần", "2 lần", "Trên 2 lần")."""
        counts = [span for span in self.spans_of if span is not None]
        if len(counts) < _LEAST_COUNTS or number >= _LEAST_CODE:
            return []
        return [place for place, span in enumerate(self.spans_of) if span and span[0] <= number <= span[1]]


def _span(label: Words, known: Lexicon) -> tuple[int, int] | None:
    """From which count to which a label says ("1 đến 2 lần": 1, 2; "Trên 3 lần": from 4 on); None if it says none."""
    numbers = [(place, int(word)) for place, word in enumerate(label) if word.isdecimal()]
    if not 1 <= len(numbers) <= _ENDS or len(label) > _LONGEST_COUNT:
        return None
    (place, low), high = numbers[0], numbers[-1][1]
    before = label[place - 1 : place]
    if len(numbers) == 1 and before in known.above:
        return low + 1, _ENDLESS
    if len(numbers) == 1 and before in known.from_on:
        return low, _ENDLESS
    return (low, high) if not place and not known.weighty.intersection(label) else None


@lru_cache(maxsize=2048)
def _choices(choices: tuple[Choice, ...], language: str) -> _Choices:
    return _Choices(choices, language)


def _without_to(text: str, known: Lexicon) -> str:
    """ "18 đến 30" as "18-30"."""
    return known.span.sub("-", f" {text} ")


def _is_unknowing(text: str, known: Lexicon) -> bool:
    return any(phrase(part) in known.unknowing for part in _DIVIDED.split(known.short_label(text)) if phrase(part))


def single(question: Question, text: str, language: str) -> Answer | Misread:
    """The id of one choice."""
    found = _one(question, text, language)
    return question.choices[found].id if isinstance(found, int) else found


def _one(question: Question, text: str, language: str) -> int | Misread:
    """The place of the one choice that a text means."""
    typed = words_of(text)
    known, here = lexicon(language), _choices(question.choices, language)
    if not typed:
        return UNCLEAR
    if len(typed) == 1 and typed[0].isdecimal() and len(typed[0]) <= _LONGEST_PRINTED and not has_signs(text):
        return _printed(question, here, typed)
    whole = _whole(question, here, typed, text, known)
    if whole is not None or "?" in text:
        return UNCLEAR if whole is None else whole
    if here.counted and len(typed) > 1 and (spans := here.spans.find(words_of(_without_to(text, known)))):
        return _only(question, list(spans))
    number = None if has_signs(text) else small_number(typed, known)
    alike = _alike(question, here, typed, known)
    if number is not None:
        return _numbered(question, here, number, [] if any(word.isdecimal() for word in typed) else alike)
    if alike:
        return _only(question, alike)
    for words in decoded(typed):
        if found := here.full.exactly(words) or here.short.exactly(words):
            return _only(question, list(found))
    copied = _number_and_label(question, here, typed, known)
    return _either(question, text, language) if copied is None else copied


def _whole(question: Question, here: _Choices, typed: Words, text: str, known: Lexicon) -> int | Misread | None:
    """The choice whose whole label was typed, if nothing in the text puts it in doubt; None where it is no label."""
    if both_said(text, known):
        return _only(question, [*here.yes, *here.no]) if here.yes and here.no else UNCLEAR
    exact = _exact(here, typed, known)
    if not exact:
        return None
    if "?" in text:
        exact = [place for place in exact if "?" in question.choices[place].text]
    if known.breaks_off(text):
        exact = [place for place in exact if known.breaks_off(question.choices[place].text)]
    return _only(question, exact) if exact else UNCLEAR


def _printed(question: Question, here: _Choices, typed: Words) -> int | Misread:
    """The choice of a printed number; the label "2" printed under 1 makes it two."""
    number = here.numbers.get(int(typed[0]))
    counted = [] if number is None else [number, *here.counting(int(typed[0]))]
    places = [*counted, *here.full.find(typed)]
    return _only(question, sorted(set(places))) if places else Misread("out_of_range")


def _only(question: Question, places: list[int]) -> int | Misread:
    """The one place, or asked back with those there are."""
    if len(places) == 1:
        return places[0]
    tokens = tuple(question.choices[place].id for place in places)
    return Misread("ambiguous", candidates=tokens) if len(tokens) <= _MOST_CANDIDATES else UNCLEAR


def _numbered(question: Question, here: _Choices, number: float, alike: list[int]) -> int | Misread:
    place = here.numbers.get(int(number)) if float(number).is_integer() else None
    if place is None:
        return alike[0] if len(alike) == 1 else Misread("out_of_range")
    # "hai" is the printed 2, and may be a part of a label, or how often something was
    return _only(question, list(dict.fromkeys((place, *alike, *here.counting(int(number))))))


def _exact(here: _Choices, typed: Words, known: Lexicon) -> list[int]:
    """Choices whose whole label was typed: with the very accents if any has them, else without."""
    if found := here.full.find(typed) or here.short.find(typed):
        return _undenied(here, list(found), typed, known)
    spelled = known.spelled_out(typed)
    for words in dict.fromkeys((*known.forms(typed), *known.forms(spelled), squeezed(typed), squeezed(spelled))):
        found = here.full.find(words) or here.short.find(words) or here.full.run_together(words)
        if not found and here.counted and len(words) > 1:
            found = here.full.find(_with_digits(words, known))
        if found:
            return _undenied(here, list(found), typed, known)
    return []


def _undenied(here: _Choices, places: list[int], typed: Words, known: Lexicon) -> list[int]:
    """The places whose label denies as the typed words do ("xay dung" is of the label "Xây dựng", no "đừng")."""
    denying = [word for word in typed if (word,) in known.negations]
    if not denying:
        return places
    return [
        place
        for place in places
        if known.denies(here.labels[place]) or set(denying).issubset((*here.plain[place], *here.labels[place]))
    ]


def _with_digits(words: Words, known: Lexicon) -> Words:
    """The words with number words as digits ("hai lần" as "2 lần")."""
    numbers = (cardinal((word,), known) for word in words)
    return tuple(word if n is None else str(n) for word, n in zip(words, numbers, strict=True))


def _alike(question: Question, here: _Choices, typed: Words, known: Lexicon) -> list[int]:
    """Choices of which a telling part was typed, or the label with a slip; "ko", "dạ có" for plain "Có" and "Không"."""
    said = said_yes_or_no(typed, known)
    if said == "yes" or (said == "no" and not _is_not_yet(typed, known)):
        return here.yes if said == "yes" else here.no
    words = known.bare(known.spelled_out(squeezed(typed)))
    plain = known.bare(typed)
    unknowing = here.unknowing if typed in known.unknowing or words in known.unknowing else []
    if unknowing:
        return sorted({*unknowing, *_told(here, words, known)})
    if typed in known.unknowing or words in known.unknowing:
        return []  # "chưa rõ" is no telling part of "Đã chuyển nơi khác, chưa rõ kết quả"
    asked = asked_words(question)
    for form in dict.fromkeys((plain, words, *(_without_asked(each, question, known) for each in (plain, words)))):
        named = [place for place, label in enumerate(here.labels) if known.part(form, label, here.plain[place])]
        # "trễ" is a part of "Trễ hẹn" and of "Không bị trễ hẹn": both are asked back.
        # "việc" tells nothing of "Việc khác" where it is asked for what "việc".
        again = len(form) == 1 and asked.issuperset(folded(form)) and form not in known.numbers
        if len(named) > 1 or (not again and _told(here, form, known)):
            return _undenied(here, named, typed, known)
    slips = [place for place, label in enumerate(here.labels) if known.near(words, label)]
    return _undenied(here, slips, typed, known)


def _told(here: _Choices, words: Words, known: Lexicon) -> list[int]:
    """Choices of which the words are a telling part."""
    pairs = enumerate(zip(here.labels, here.plain, strict=True))
    return [place for place, (label, plain) in pairs if known.telling_part(words, label, plain)]


def _without_asked(typed: Words, question: Question, known: Lexicon) -> Words:
    """The words without those at their beginning that only say the question again ("tôi làm việc đất đai")."""
    asked = asked_words(question)
    while len(typed) > 1 and folded(typed[:1])[0] in asked and typed[:1] not in known.fixed:
        typed = without(typed[1:], known.before)
    return typed


def _is_not_yet(typed: Words, known: Lexicon) -> bool:
    """Whether it is "chưa": not yet is no answer to a choice of "Có" and "Không"."""
    return known.bare(typed)[-1:] in known.not_yet


def _number_and_label(question: Question, here: _Choices, typed: Words, known: Lexicon) -> int | Misread | None:
    """A printed choice copied whole ("2. Đất đai"); number and label must agree. None if it is none."""
    if len(typed) < 2 or not typed[0].isdecimal() or len(typed[0]) > _LONGEST_PRINTED:
        return None
    rest = typed[1:]
    meant = _exact(here, rest, known) or _alike(question, here, rest, known)
    if len(meant) != 1:
        return None
    numbered = here.numbers.get(int(typed[0]))
    if numbered == meant[0]:
        return numbered
    tokens = tuple(question.choices[place].id for place in (numbered, meant[0]) if place is not None)
    return Misread("conflict", candidates=tokens if len(tokens) > 1 else ())


def _either(question: Question, text: str, language: str) -> Misread:
    """ "1 hoặc 2", "1-2", "1, 2" where one is wanted: asked back with them."""
    numbers = words_of(text) if _NUMBERS_ONLY.fullmatch(plain_digits(text)) else ()
    known = lexicon(language)
    parts = alternatives(text, known) or list(numbers) or listed(text)
    parts = parts if len(parts) > 1 else known.both.split(f" {text} ")
    if not 1 < len(parts) <= _MOST_CANDIDATES:
        return UNCLEAR
    places = [_one(question, part, language) for part in parts]
    found = list(dict.fromkeys(place for place in places if isinstance(place, int)))
    if len(found) < len(parts):
        return UNCLEAR
    return Misread("ambiguous", candidates=tuple(question.choices[place].id for place in found))


def multiple(question: Question, text: str, language: str) -> Answer | Misread:
    """The ids of several choices, in the order of the file."""
    known, here = lexicon(language), _choices(question.choices, language)
    whole = _exact(here, words_of(text), known)
    if len(whole) == 1:
        return settle(question, (here.ids[whole[0]],))
    numbers = _printed_numbers(text, here, known)
    if numbers is not None:
        places = [here.numbers[number] for number in numbers if number in here.numbers]
        chosen = tuple(here.ids[place] for place in places)
        return settle(question, chosen) if len(places) == len(numbers) else Misread("out_of_range")
    ids: list[str] = []
    for part in _parts(question, text, language):
        found = _one(question, part, language)
        if isinstance(found, Misread):
            return found
        ids.append(here.ids[found])
    return settle(question, tuple(ids)) if ids else UNCLEAR


def _printed_numbers(text: str, here: _Choices, known: Lexicon) -> list[int] | None:
    """The numbers in a text that holds nothing else ("1, 3", "1 và 3"); None if it holds more."""
    plain = known.both.sub(" ", f" {plain_digits(text)} ")
    typed = words_of(plain)
    if not typed or not _NUMBERS_ONLY.fullmatch(plain):
        return None
    if len(typed) == 1 and len(here.full.find(typed)) > 0:
        return None
    return [int(word) if len(word) <= _LONGEST_PRINTED else -1 for word in typed]


def _parts(question: Question, text: str, language: str) -> list[str]:
    """The single choices in a text; "và" divides only where the words on both sides are no choice together."""
    if isinstance(_one(question, text, language), int):
        return [text]
    both = lexicon(language).both
    parts: list[str] = []
    for piece in listed(text):
        together = isinstance(_one(question, piece, language), int)
        parts.extend([piece] if together else both.split(piece))
    return parts


def rank(question: Question, text: str, language: str) -> Answer | Misread:
    """The ids of all choices, the first first."""
    known, here = lexicon(language), _choices(question.choices, language)
    typed = words_of(text)
    numbers_only = all(word.isdecimal() for word in typed)
    if len(typed) == 1 and numbers_only and len(typed[0]) == len(here.ids) and max(here.numbers) < 10:
        parts = list(typed[0])  # "312"
    elif typed and numbers_only:
        parts = list(typed)
    else:
        parts = [part for piece in known.then.split(f" {text} ") for part in _ORDER.split(piece) if words_of(part)]
    found = [_ranked(question, part, place, language) for place, part in enumerate(parts, start=1)]
    wrong = next((one for one in found if isinstance(one, Misread)), None)
    if wrong is not None or not found:
        return wrong or UNCLEAR
    return settle(question, tuple(here.ids[one] for one in found if isinstance(one, int)))


def _ranked(question: Question, part: str, place: int, language: str) -> int | Misread:
    """One choice of a rank; "1. Đất đai" may also be its rank and its label, as it is shown again."""
    found = _one(question, part, language)
    typed = words_of(part)
    if isinstance(found, Misread) and found.reason == "conflict" and typed[0] == str(place):
        return _one(question, part.split(typed[0], 1)[1], language)
    return found
