"""The vocabulary of a language made ready for looking up, and what its words do to each other."""

import re
from functools import lru_cache

from surveys.options import Misread
from surveys.typed import Book, Words, folded, phrase, phrases, plain_phrase, words_of
from surveys.understanding_slips import slip
from surveys.vocabulary import vocabulary
from surveys.wording import labels

UNCLEAR = Misread("unclear")
_REMARK = re.compile(r"\([^()]*\)")
_LEAST_LETTERS = 3
_PAUSE = re.compile(r"[,;.:!\n–—]+|\s-+\s")
_LIST = re.compile(r"[,;&+\n|]+|\s+(?=\d{1,2}[.)]\s)")


class Lexicon:
    """What is typed in one language: books of its phrases, made once."""

    def __init__(self, language: str) -> None:
        known = vocabulary(language)
        self.words = known
        self.labels = labels(language)
        self.skip = phrases(known.skip)
        self.unknowing = phrases((*known.unknowing, self.labels.no_opinion))
        self.yes, self.no = phrases((*known.yes, self.labels.yes)), phrases((*known.no, self.labels.no))
        self.yes_or_no, self.asks = phrases(known.yes_or_no), frozenset(phrase(text) for text in known.asks)
        self.asides = frozenset(phrase(text) for text in known.asides)
        self.acknowledged = phrases((*known.acknowledged, *known.yes, self.labels.acknowledge))
        self.not_acknowledged = phrases((*known.not_acknowledged, *known.no))
        self.before, self.after = phrases(known.before), phrases(known.after)
        self.number_before, self.number_after = phrases(known.number_before), phrases(known.number_after)
        self.never, self.not_yet = phrases(known.never), phrases(known.not_yet)
        self.negations = phrases(known.negations)
        self.weighty = frozenset(word for text in known.weighty for word in phrase(text))
        self.fixed = phrases((*known.negations, *known.weighty, *known.numbers, *known.ones, *known.tens))
        self.numbers, self.ones = Book(known.numbers.items()), Book(known.ones.items())
        self.twenties, self.magnitudes = Book(known.twenties.items()), Book(known.magnitudes.items())
        self.above, self.from_on = phrases(known.above), phrases(known.from_on)
        self.grades, self.stars = phrases(known.grades), phrases(known.stars)
        self.smiles, self.frowns = {*known.thumbs_up, *known.glad}, {*known.thumbs_down, *known.sad}
        self.tens, self.half, self.none_of = phrases(known.tens), phrases(known.half), phrases(known.none_of)
        self.short = Book((short, phrase(full)) for short, full in known.short.items())
        self.upto, self.span = _between((*known.either, *known.upto)), _between(known.upto)
        self.both = _between(known.both)
        self.then = _between(known.then)

    def bare(self, typed: Words) -> Words:
        """The words without polite ones around; what is nothing but courtesy stays as it is."""
        return without(without(typed, self.before), self.after, at_end=True)

    def forms(self, typed: Words) -> tuple[Words, ...]:
        """The words as they are, and without polite ones behind, before and around."""
        trimmed = without(typed, self.after, at_end=True)
        return (typed, trimmed, without(trimmed, self.before), without(typed, self.before))

    def near(self, typed: Words, label: Words) -> bool:
        """Whether typed words are a label but for one slip of the hand, in a word that neither denies nor counts."""
        place = slip(folded(typed), folded(label))
        return place is not None and (typed[place],) not in self.fixed and not self.fixed.exactly((label[place],))

    def spelled_out(self, typed: Words) -> Words:
        """The words with short forms written in full ("ko hl" as "không hài lòng")."""
        return tuple(full for word in typed for full in (self.short.find((word,)) or ((word,),))[0])

    def denies(self, typed: Words) -> bool:
        """Whether a word denies ("không", "k", "chả"), or could where it has no accents."""
        return any((word,) in self.negations for word in typed)

    def breaks_off(self, text: str) -> bool:
        """Whether a denial stands alone before other words ("ko, hài lòng"): of them or instead of them, who knows."""
        parts = self.pieces(text)
        return len(parts) > 1 and all((word,) in self.negations for word in self.bare(parts[0]))

    def pieces(self, text: str) -> list[Words]:
        """The words between the pauses of a text; [] where it has none."""
        if not _PAUSE.search(text):
            return []
        return [words for piece in _PAUSE.split(text) if (words := words_of(piece))]

    def graded(self, typed: Words) -> bool:
        """Whether a number is given as a mark ("0 điểm", "chấm 9")."""
        return any((word,) in self.grades for word in typed)

    def part(self, typed: Words, label: Words, plain: Words) -> Words:
        """The words of a label that were typed, in its order, if these are more than numbers and denials; else ().

        `plain` is the label without accents.
        """
        if len(typed) > len(label):
            return ()
        rest = iter(zip(label, plain, strict=True))
        matched: list[str] = []
        for word in typed:
            wanted = next((wanted for wanted, bare in rest if word in (wanted, bare)), None)
            if wanted is None:
                return ()
            matched.append(wanted)
        only_weights = self.weighty.issuperset(matched) or all(w.isdecimal() for w in matched)
        return tuple(matched) if sum(map(len, folded(typed))) >= _LEAST_LETTERS and not only_weights else ()

    def telling_part(self, typed: Words, label: Words, plain: Words) -> bool:
        """Whether words are a part of a label and none that weighs is missing.

        "trễ hẹn" is no telling part of "Không bị trễ hẹn".
        """
        matched = self.part(typed, label, plain)
        return bool(matched) and [w for w in label if w in self.weighty] == [w for w in matched if w in self.weighty]

    def short_label(self, label: str) -> str:
        """A label without its remark in brackets, where the remark does not turn it round."""
        remark = " ".join(_REMARK.findall(label))
        return label if self.weighty & set(phrase(remark)) else _REMARK.sub(" ", label)


@lru_cache(maxsize=8)
def lexicon(language: str) -> Lexicon:
    """The lexicon of a language tag (made at the first use: about a millisecond)."""
    return Lexicon(language)


def remark(label: str) -> str:
    """What stands in brackets in a label, or ""."""
    return " ".join(_REMARK.findall(label)).strip("() ")


def without(typed: Words, courtesies: Book[bool], *, at_end: bool = False) -> Words:
    """The words without such phrases at one end, as often as they stand there; at least one word stays."""
    length = courtesies.longest
    while length:
        if length < len(typed) and (typed[-length:] if at_end else typed[:length]) in courtesies:
            typed = typed[:-length] if at_end else typed[length:]
            length = courtesies.longest
        else:
            length -= 1
    return typed


def listed(text: str) -> list[str]:
    """The parts of a text between commas, semicolons, "&", "+" and new lines, and before "2."; empty ones left out."""
    return [part.strip() for part in _LIST.split(text) if words_of(part)]


def _between(texts: tuple[str, ...]) -> re.Pattern[str]:
    """A pattern for these words standing alone between others, with accents or without."""
    forms = {form for text in texts for form in (text, " ".join(plain_phrase(text)))}
    return re.compile(rf"\s(?:{'|'.join(sorted(map(re.escape, forms), key=len, reverse=True))})\s", re.IGNORECASE)
