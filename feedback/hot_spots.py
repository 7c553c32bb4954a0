"""Hot spots: many different people, one place or field, few days; or one matter that lasts. Numbers, never a verdict.

"điểm nóng", "đông người", "kéo dài, vượt cấp" are words of the plans; from how many people on is the commune's setting.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from enum import StrEnum
from math import asin, cos, radians, sin, sqrt

import msgspec

from vietnam.time import DAY

_EARTH = 6_371_000
"""Metres: the mean radius."""
_METRES_OF_A_DEGREE = 111_195


class Thresholds(msgspec.Struct, frozen=True, kw_only=True):
    """From when on: people in one place, people about one field, within how many days, how near, how long open."""

    people: int = 5
    field_people: int = 10
    days: int = 14
    metres: int = 200
    long_days: int = 30


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A case as hot spots see it. `person` tells people apart and nothing else; `point` is in WGS 84 degrees.

    `followers` are people who had the same matter and follow this case instead of sending their own.
    """

    code: str
    person: int
    category: str
    village: int | None
    opened_at: int
    open: bool
    point: tuple[float, float] | None = None
    over_level: bool = False
    followers: tuple[int, ...] = ()
    matter: str = ""
    """The code of the case into which it was joined: its sender counts, the matter is that one."""


class Why(StrEnum):
    """What makes it hot: một thôn · một chỗ · một lĩnh vực · kéo dài · vượt cấp."""

    VILLAGE = "village"
    PLACE = "place"
    FIELD = "field"
    LONG = "long"
    OVER_LEVEL = "over_level"


class HotSpot(msgspec.Struct, frozen=True, kw_only=True):
    """With the numbers that raised it: how many people, how many cases, from when to when (UTC milliseconds).

    `key` is the same as long as the spot is; `limit` the threshold that was reached.
    """

    why: Why
    key: str
    people: int
    codes: tuple[str, ...]
    first_at: int
    last_at: int
    limit: int
    category: str = ""
    village: int | None = None
    point: tuple[float, float] | None = None


def hot_spots(reports: Iterable[Report], limits: Thresholds, now: int) -> list[HotSpot]:
    """Every hot spot of a unit at an instant, the one with most people first.

    The same people are counted once; a person who writes ten times makes no spot.
    """
    rows = sorted(reports, key=lambda one: (one.opened_at, one.code))
    recent = [one for one in rows if one.opened_at > now - limits.days * DAY]
    found = [*_villages(recent, limits), *_places(recent, limits), *_fields(recent, limits), *_long(rows, limits, now)]
    return sorted(found, key=lambda spot: (-spot.people, spot.key))


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The distance between two points (latitude, longitude in degrees), along the ground."""
    lat, lon, to_lat, to_lon = map(radians, (*one, *other))
    half = sin((to_lat - lat) / 2) ** 2 + cos(lat) * cos(to_lat) * sin((to_lon - lon) / 2) ** 2
    return 2 * _EARTH * asin(sqrt(min(1.0, half)))


def _villages(rows: Sequence[Report], limits: Thresholds) -> list[HotSpot]:
    """One thôn and one field: everything that comes from a large thôn is no spot."""
    groups: dict[tuple[int, str], list[Report]] = defaultdict(list)
    for one in rows:
        if one.village is not None:
            groups[one.village, one.category].append(one)
    return [
        _spot(Why.VILLAGE, f"village:{village}:{category}", group, limits.people, category=category, village=village)
        for (village, category), group in groups.items()
        if _people(group) >= limits.people
    ]


def _places(rows: Sequence[Report], limits: Thresholds) -> list[HotSpot]:
    """Around each point as many as lie near it; the fullest first, and no case in two spots."""
    placed = [(one, one.point) for one in rows if one.point is not None]
    # By squares as wide as the distance: only neighbours are measured.
    side = max(limits.metres, 1) / _METRES_OF_A_DEGREE
    squares: dict[tuple[int, int], list[tuple[Report, tuple[float, float]]]] = defaultdict(list)
    for one, point in placed:
        squares[_square(point, side)].append((one, point))
    rings = []
    for one, point in placed:
        x, y = _square(point, side)
        near = [
            other
            for dx in (-1, 0, 1)
            for dy in (-2, -1, 0, 1, 2)
            for other, there in squares.get((x + dx, y + dy), ())
            if metres(point, there) <= limits.metres
        ]
        if _people(near) >= limits.people:
            rings.append((one, point, near))
    rings.sort(key=lambda ring: (-_people(ring[2]), ring[0].opened_at, ring[0].code))
    taken: set[str] = set()
    found = []
    for _centre, point, near in rings:
        left = [one for one in near if one.code not in taken]
        if _people(left) >= limits.people:
            taken |= {one.code for one in left}
            first = min(left, key=lambda one: (one.opened_at, one.code))
            spot = _spot(Why.PLACE, f"place:{first.code}", left, limits.people, category=_common(left), point=point)
            found.append(spot)
    return found


def _square(point: tuple[float, float], side: float) -> tuple[int, int]:
    # A degree of longitude is shorter than one of latitude: in Vietnam 0.92 to 0.99 of it, so two squares reach.
    return int(point[0] // side), int(point[1] // side)


def _fields(rows: Sequence[Report], limits: Thresholds) -> list[HotSpot]:
    groups: dict[str, list[Report]] = defaultdict(list)
    for one in rows:
        groups[one.category].append(one)
    return [
        _spot(Why.FIELD, f"field:{category}", group, limits.field_people, category=category)
        for category, group in groups.items()
        if category != "other" and _people(group) >= limits.field_people
    ]


def _long(rows: Sequence[Report], limits: Thresholds, now: int) -> list[HotSpot]:
    found = []
    for one in rows:
        if not one.open:
            continue
        why, limit = (Why.OVER_LEVEL, 0) if one.over_level else (Why.LONG, limits.long_days)
        if one.over_level or now - one.opened_at >= limit * DAY:
            key = f"{why}:{one.code}"
            spot = _spot(why, key, [one], limit, category=one.category, village=one.village, point=one.point)
            found.append(spot)
    return found


def _people(rows: Iterable[Report]) -> int:
    return len({person for one in rows for person in (one.person, *one.followers)})


def _common(rows: Sequence[Report]) -> str:
    """The field of all of them; "" where they differ."""
    fields = {one.category for one in rows}
    return fields.pop() if len(fields) == 1 else ""


def _spot(
    why: Why,
    key: str,
    rows: Sequence[Report],
    limit: int,
    *,
    category: str = "",
    village: int | None = None,
    point: tuple[float, float] | None = None,
) -> HotSpot:
    return HotSpot(
        why=why,
        key=key,
        people=_people(rows),
        codes=tuple(dict.fromkeys(one.matter or one.code for one in rows)),
        first_at=min(one.opened_at for one in rows),
        last_at=max(one.opened_at for one in rows),
        limit=limit,
        category=category,
        village=village,
        point=point,
    )
