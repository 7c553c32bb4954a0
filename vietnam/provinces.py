"""The provinces by name, old names too, and roughly where each lies (provinces.toml)."""

import re
import tomllib
from collections.abc import Iterable
from functools import lru_cache
from importlib import resources

import msgspec

from vietnam.area import Area
from vietnam.text import fold_words

_KM = 15.0
"""What a rectangle that is only rounded is given besides: whoever stands near a border is not asked."""
_OF_A_PROVINCE = r"(?:tinh|thanh pho|tp|t p)"
_BESIDE = r"(?:giap|giap ranh|giap voi|di|huong|huong di|sang|ve|den|toi|tu|noi|noi voi|duong|pho|ngo|cho|quan|bien so)"
"""Words before a province's name that say where something leads, or are the name of something else."""


class Province(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A province since July 2025; `former`: those that were joined to it; `lands` as in the head of the file."""

    kind: str
    name: str
    former: tuple[str, ...]
    also: tuple[str, ...]
    lands: tuple[tuple[float, float, float, float], ...]

    @property
    def full(self) -> str:
        """With its own word, "tỉnh Lạng Sơn"."""
        return f"{self.kind} {self.name}"


class Lands(Area):
    """All that a province is made of; as an Area its edges. `province` is its name with its own word."""

    province: str
    _parts: tuple[Area, ...]

    @classmethod
    def of(cls, province: Province) -> "Lands":
        """Its rectangles, each with a margin."""
        parts = tuple(Area(*land).wider(_KM) for land in province.lands)
        edges = zip(*parts, strict=True)
        south, north, west, east = (choose(edge) for choose, edge in zip((min, max, min, max), edges, strict=True))
        made = cls(south, north, west, east)
        made.province, made._parts = province.full, parts
        return made

    def holds(self, lat: float, lon: float) -> bool:
        """Whether a point lies in it, or near."""
        return any(part.holds(lat, lon) for part in self._parts)


@lru_cache(maxsize=1)
def provinces() -> tuple[Province, ...]:
    """All 34."""
    text = resources.files("vietnam").joinpath("provinces.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text)["province"], tuple[Province, ...])


@lru_cache(maxsize=1)
def _by_name() -> dict[str, tuple[str, Province]]:
    """Each folded name, as it is written and of whom."""
    return {fold_words(name): (name, one) for one in provinces() for name in (one.name, *one.former, *one.also)}


def province_of(name: str) -> Province | None:
    """By a name of today or of before, with its word or without ("tỉnh Hà Giang", "Hà Giang"); None for no province."""
    found = _by_name().get(_bare(name))
    return None if found is None else found[1]


def _bare(name: str) -> str:
    return re.sub(rf"^{_OF_A_PROVINCE} ", "", fold_words(name))


@lru_cache(maxsize=64)
def lands_of(name: str) -> Lands | None:
    """Where the province of that name lies; None where no province has it."""
    found = province_of(name)
    return None if found is None else Lands.of(found)


@lru_cache(maxsize=1)
def _named() -> re.Pattern[str]:
    names = "|".join(re.escape(name) for name in sorted(_by_name(), key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:({_BESIDE}) )?{_OF_A_PROVINCE} ({names})(?!\w)")


def elsewhere(text: str, home: str, own: Iterable[str] = ()) -> str:
    """Another province that a place is said to lie in, by the name that was written; "" where none is.

    It counts with its own word ("tỉnh Hải Dương", "TP Huế"), or as the last of several parts ("thôn 2, Hải Dương"); not
    where the text says that something leads or borders there, nor as one of the `own` names of the commune and what
    was joined to it. Nothing is found where the province `home` is not known.
    """
    here = province_of(home)
    if here is None:
        return ""
    known = {fold_words(name) for name in own}
    found = [name for beside, name in _named().findall(fold_words(text)) if not beside]
    parts = [_bare(part) for part in text.split(",")]
    if len(parts) > 1 and parts[-1] not in known:
        found.append(parts[-1])
    others = (_by_name().get(name, ("", here)) for name in found)
    return next((name for name, one in others if one is not here), "")
