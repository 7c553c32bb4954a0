"""Whether words are a khiếu nại or a tố cáo, or belong elsewhere (feedback/complaints.toml); the person is asked then.

Khiếu nại is against an administrative decision or act that touches the writer's own rights; tố cáo reports somebody's
breach of the law (Luật Khiếu nại, Luật Tố cáo, article 2 of both). That an officer was rude is an ordinary report.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from importlib import resources

import msgspec

from vietnam.phrases import Choice, Phrase, Phrases, Words, choice, words_of


class Matter(StrEnum):
    """What it is, those first that weigh more where a text could be several.

    about_chairman: a denunciation of the very person who would handle it. The rest is guided and not taken: crime to
    the police, land_dispute to a đơn and the commune's conciliation, mediation to the village's group, rules to the
    national portal or the province's office.
    """

    ABOUT_CHAIRMAN = "about_chairman"
    DENUNCIATION = "denunciation"
    COMPLAINT = "complaint"
    CRIME = "crime"
    LAND_DISPUTE = "land_dispute"
    MEDIATION = "mediation"
    RULES = "rules"


_ORDER = tuple(Matter)
_O, _A = "[oôốòóọõỏồộổỗơ0]", "[aáàâấă@]"
_SIGN = r"[.*_\-^'`~]{0,3}"
_DISGUISED = re.compile(
    rf"(?<!\w)(?:t{_SIGN}{_O}{_SIGN}[\s._\-]{{0,3}}[ck]{_SIGN}{_A}{_SIGN}o|t\s{_O}\s[ck]\s{_A}\s[o0])(?!\w)",
    re.IGNORECASE,
)
_MEANT = "tố cáo"
_MONEY = ((re.compile(r"(\d)\s?tr\b"), r"\1 triệu"), (re.compile(r"(\d)\s?k\b"), r"\1 nghìn"))


class Reading(msgspec.Struct, frozen=True):
    """What words most likely are; not `sure` where they could as well be an ordinary report."""

    matter: Matter
    sure: bool


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The phrases of one matter."""

    kind: Matter
    sure: tuple[str, ...] = ()
    perhaps: tuple[str, ...] = ()


class SetAside(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What takes a phrase back that lies within it, or (`denied`) that it touches."""

    within: tuple[str, ...] = msgspec.field(name="not", default=())
    denied: tuple[str, ...] = ()


class Chairman(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How the head of the commune is named, surely or perhaps, and where somebody else is meant or spoken to."""

    about: tuple[str, ...]
    perhaps: tuple[str, ...] = ()
    within: tuple[str, ...] = msgspec.field(name="not", default=())


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The file; see its head."""

    classes: Mapping[str, Sequence[str]]
    matter: tuple[Entry, ...]
    set_aside: SetAside
    chairman: Chairman


class Complaints:
    """A table made ready for looking up."""

    def __init__(self, table: Table) -> None:
        """ValueError where a phrase names a class that the table lacks."""
        known = {name: choice(texts) for name, texts in table.classes.items()}
        self._matters = Phrases(
            (phrase, Reading(entry.kind, sure))
            for entry in table.matter
            for texts, sure in ((entry.sure, True), (entry.perhaps, False))
            for phrase in _phrases(texts, known)
        )
        self._within = _marks(table.set_aside.within, known)
        self._denied = _marks(table.set_aside.denied, known)
        chairman = table.chairman
        self._chairman = Phrases(
            (phrase, sure)
            for texts, sure in ((chairman.about, True), (chairman.perhaps, False))
            for phrase in _phrases(texts, known)
        )
        self._others = _marks(chairman.within, known)

    def read(self, text: str) -> Reading | None:
        """What a text most likely is; None for anything that the commune takes as it comes."""
        words = words_of(_plainly(text))
        found = self._matters.find(words)
        if not found:
            return None
        within, denied = self._within.find(words), self._denied.find(words)
        left = [one.value for one in found if not (one.within(within) or one.touched(denied))]
        if not left:
            return None
        reading = min(left, key=_weight)
        return self._of_whom(reading, words) if reading.matter is Matter.DENUNCIATION else reading

    def _of_whom(self, reading: Reading, words: Words) -> Reading:
        """The denunciation, or that of the chairman where he is named and not only spoken to."""
        others = self._others.find(words)
        named = [one.value for one in self._chairman.find(words) if not one.within(others)]
        if not named:
            return reading
        return Reading(Matter.ABOUT_CHAIRMAN, reading.sure and any(named))


def _plainly(text: str) -> str:
    """With "tố cáo" as it is meant where signs were put into it ("T.ố c.á.o", "t0 cao"), and "10tr" in words.

    Whoever fears that the word is looked for writes it so. Plain "to cao" stays: it may be what is tall and big.
    """
    for short, full in _MONEY:
        text = short.sub(full, text)
    return _DISGUISED.sub(_unmasked, text)


def _unmasked(found: re.Match[str]) -> str:
    first, between, second = re.split(r"(?i)([\s._\-]*)(?=[ck])", found[0], maxsplit=1)
    masked = "0" in found[0] or any(not sign.isalnum() for sign in first + second)
    glued = between in {".", "-", "_"} and not found[0].isascii()
    misspelt = "k" in found[0].lower() and not found[0].isascii()
    return _MEANT if masked or glued or misspelt else found[0]


def read_each(*texts: str) -> list[Reading]:
    """What several fields of one form are, the gravest first; each is read alone, as an address may name the Chủ tịch.

    Nothing of a field that the commune takes as it comes.
    """
    found = (complaints().read(text) for text in texts if text)
    return sorted((reading for reading in found if reading is not None), key=_weight)


def read_all(*texts: str) -> Reading | None:
    """The gravest of them; None where there is none."""
    return next(iter(read_each(*texts)), None)


def denounced(*texts: str) -> str:
    """What texts surely denounce, as a Matter, whatever their writer says of it; "" for all others."""
    reading = read_all(*texts)
    matters = (Matter.ABOUT_CHAIRMAN, Matter.DENUNCIATION)
    return str(reading.matter) if reading is not None and reading.sure and reading.matter in matters else ""


def _weight(reading: Reading) -> tuple[bool, int]:
    return not reading.sure, _ORDER.index(reading.matter)


def _phrases(texts: Iterable[str], known: Mapping[str, Choice]) -> Iterator[Phrase]:
    for text in texts:
        yield Phrase(text.removeprefix("="), known, exact=text.startswith("="))


def _marks(texts: Iterable[str], known: Mapping[str, Choice]) -> Phrases[None]:
    return Phrases((phrase, None) for phrase in _phrases(texts, known))


def read_complaints(text: str) -> Complaints:
    """A table from TOML; ValueError (msgspec.ValidationError, tomllib.TOMLDecodeError among them) where it is none."""
    return Complaints(msgspec.convert(tomllib.loads(text), Table))


@lru_cache(maxsize=1)
def complaints() -> Complaints:
    """What comes with the program."""
    return read_complaints(resources.files("feedback").joinpath("complaints.toml").read_text(encoding="utf-8"))
