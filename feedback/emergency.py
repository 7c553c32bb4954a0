"""Somebody is in danger: which of the emergency numbers fits what was written (feedback/emergency.toml)."""

import tomllib
from collections.abc import Iterable
from functools import lru_cache
from importlib import resources
from itertools import chain

import msgspec

from vietnam.phrases import Found, Phrase, Phrases, Words, words_of

_NEAR = 2
"""Words that may stand between a phrase and what calms it ("nguy cơ xảy ra cháy nhà")."""
_SHORT = 3
"""Letters of the shortest phrase ("sos")."""


class Alarm(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Phrases, and the numbers that they call for, the fittest first, () for any; see the head of the file."""

    numbers: tuple[str, ...]
    clear: tuple[str, ...] = ()
    accented: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The file: every number, what alarms, and what takes an alarm back."""

    numbers: tuple[str, ...]
    alarm: tuple[Alarm, ...]
    calm: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


class Emergencies:
    """A table made ready for looking up."""

    def __init__(self, table: Table) -> None:
        """ValueError where a phrase calls for a number that the table does not list."""
        self.numbers = table.numbers
        for alarm in table.alarm:
            if unknown := set(alarm.numbers) - set(table.numbers):
                raise ValueError(f"alarm: {', '.join(sorted(unknown))} is none of {', '.join(table.numbers)}")
        self._alarms = Phrases(
            (Phrase(text, exact=exact), alarm.numbers)
            for alarm in table.alarm
            for texts, exact in ((alarm.clear, False), (alarm.accented, True))
            for text in texts
        )
        self._alone = {words_of(text): alarm.numbers for alarm in table.alarm for text in alarm.alone}
        phrases = (text for alarm in table.alarm for text in (*alarm.clear, *alarm.accented, *alarm.alone))
        self._short = [text for text in map(_bare, phrases) if len(text) <= _SHORT]
        self._calm, self._before, self._after = map(_plain, (table.calm, table.before, table.after))

    def called_for(self, text: str) -> tuple[str, ...]:
        """Every number, those first that the text calls for; () where nothing in it alarms."""
        if self._says_nothing(text):
            return ()
        words = words_of(text)
        called = [one.value for one in self._alarming(self._alarms.find(words), words)]
        alone = self._alone.get(tuple(word for word in words if word.bare.isalnum()))
        called += [] if alone is None else [alone]
        return tuple(dict.fromkeys((*chain.from_iterable(called), *self.numbers))) if called else ()

    def _says_nothing(self, text: str) -> bool:
        """Whether it is a number or a few letters, as most messages are, in which no phrase can stand."""
        short = text.isascii() and (len(text) <= _SHORT or text.strip().isdecimal())
        return short and not any(phrase in text.lower() for phrase in self._short)

    def _alarming(self, found: list[Found[tuple[str, ...]]], words: Words) -> list[Found[tuple[str, ...]]]:
        """Without what is no danger now; of those that begin together the longest first."""
        if not found:
            return []
        calm, before, after = self._calm.find(words), self._before.find(words), self._after.find(words)
        left = [
            one
            for one in found
            if not one.overruled(calm)
            and not any(_joins(words, early.end, one.start) for early in before)
            and not any(_joins(words, one.end, late.start) for late in after)
        ]
        return sorted(left, key=lambda one: (one.start, -one.end))


def _bare(text: str) -> str:
    return " ".join(word.bare for word in words_of(text))


def _plain(texts: Iterable[str]) -> Phrases[None]:
    return Phrases((Phrase(text.removeprefix("="), exact=text.startswith("=")), None) for text in texts)


def _joins(words: Words, end: int, start: int) -> bool:
    """Whether there is next to nothing between two places, and no pause."""
    return 0 <= start - end <= _NEAR and all(word.bare.isalnum() for word in words[end:start])


def read_emergencies(text: str) -> Emergencies:
    """A table from TOML; ValueError (msgspec.ValidationError, tomllib.TOMLDecodeError among them) where it is none."""
    return Emergencies(msgspec.convert(tomllib.loads(text), Table))


@lru_cache(maxsize=1)
def emergencies() -> Emergencies:
    """What comes with the program."""
    return read_emergencies(resources.files("feedback").joinpath("emergency.toml").read_text(encoding="utf-8"))
