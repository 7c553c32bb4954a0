"""Whether an authority that a case is to go to is one of those that ended in 2025, and who does its work today."""

import re
import tomllib
from functools import lru_cache
from importlib import resources

import msgspec

from vietnam.text import fold


class Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How bodies of a district begin, folded, and who it is today."""

    said: tuple[str, ...]
    now: str


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The file; see its head."""

    levels: tuple[str, ...]
    others: tuple[str, ...]
    cities: tuple[str, ...]
    body: tuple[Body, ...]


class Gone:
    """The table made ready for looking up."""

    def __init__(self, table: Table) -> None:
        self._bodies = table.body
        self._gone = frozenset(table.levels)
        city = r"(?:thành phố|thanh pho|tp\.?)\s+(?:" + "|".join(map(re.escape, table.cities)) + r")\b"
        town = r"(?:thành phố|thanh pho|tp\.?)\s+\w+"
        # Of two levels that begin at one place the longer counts: a thị xã is no xã.
        words = sorted((*table.levels, *table.others), key=len, reverse=True)
        self._levels = re.compile(rf"\b(?:(?P<city>{city})|(?P<town>{town})|(?P<word>{'|'.join(words)})\b)")

    def today(self, to: str) -> str:
        """Who does today what that body did; "" where there is such a body, as far as its name says."""
        said = " ".join(re.sub(r"\b(ubnd|hđnd|hdnd) h\b\.?", r"\1 huyện", to.lower()).split())
        level = self._levels.search(said)
        party = fold(said).startswith(("huyen uy", "quan uy", "thi uy"))
        if level is None and not party:
            return ""
        if level is not None and not party and not (level["town"] or level["word"] in self._gone):
            return ""
        folded = fold(said)
        return next((one.now for one in self._bodies if folded.startswith(one.said)), "")


@lru_cache(maxsize=1)
def gone() -> Gone:
    """What comes with the program."""
    text = resources.files("feedback").joinpath("gone_bodies.toml").read_text(encoding="utf-8")
    return Gone(msgspec.convert(tomllib.loads(text), Table))
