"""Whether two people tell of the same matter: how far apart, of which field, in how like words, how long ago."""

from collections.abc import Iterable
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt

import msgspec

from feedback.states import State
from vietnam.text import fold_words
from vietnam.time import DAY

PUBLIC_FIELDS = frozenset({"environment", "roads"})
"""Fields of which a stranger may learn that something is going on somewhere: roads, light, water, refuse.

Land, order, allowances and the conduct of officials are about people: that somebody complained is nobody's business.
"""
MOST = 3
REACH = 200.0
"""Metres beyond which two points are two matters."""
ENOUGH = 0.5
"""What two reports must score to be taken for perhaps the same."""
_STEP = 50
"""Metres to which a distance is told: closer would give the place away that somebody else pointed at."""
_PLACE, _FIELD, _WORDS, _AGE = 0.45, 0.25, 0.30, 0.10
_OLD = 180.0
"""Days after which age counts no more against a case."""
_OTHER_FIELD = 0.4
_SAME_VILLAGE = 0.4
_EARTH = 6_371_008.8
"""Mean radius in metres (IUGG)."""
_CELL = 0.002
"""Degrees: a side of a cell is 204 to 223 m in Viet Nam, longer than REACH, so that a cell and its neighbours do."""
_ROWS = 1_000_000
_MANY_WORDS = 120
_IN_ANY = """
a anh ay ba bac ban bi boi cac cai can chi cho chua co con cua cung da dang de den di do duoc em gi gui hien ho hoac
kinh la lai lam len mot muon nay nen nhe nhieu nhu nhung no o oi ong qua ra rang rat roi se sau tai thi toi trong tu
tren truoc va van ve vi vao voi xa xin day nua khong ko bao nho mong
"""
_SMALL = frozenset(_IN_ANY.split())
"""Syllables that stand in any report."""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What is compared: `point` is latitude and longitude (WGS 84 degrees), `village` the id of a thôn."""

    category: str
    words: frozenset[str]
    place: frozenset[str] = frozenset()
    """Of the place in the person's own words, as `words`."""
    point: tuple[float, float] | None = None
    village: int | None = None


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """An open case that may be the same matter; `photo` is a picture an officer has let others see, 0 for none."""

    id: int
    report: Report
    state: State
    opened_at: int
    own: bool = False
    code: str = ""
    """Only of a case of the person's own: with its code, anybody could read the answer to somebody else's."""
    photo: int = 0


class Near(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a stranger is shown of a case; `metres` is rounded, -1 where one of the two has no point."""

    id: int
    category: str
    village: int = 0
    metres: int = -1
    opened_at: int = 0
    state: State = State.NEW
    own: bool = False
    code: str = ""
    photo: int = 0


def words_of(text: str) -> frozenset[str]:
    """The syllables of a text without accents, and its neighbouring pairs, which is what Vietnamese words mostly are.

    At most the first 120 syllables: what is wrong is said at the beginning.
    """
    said = [word for word in fold_words(text).replace("/", " ").replace("-", " ").split() if word not in _SMALL]
    said = said[:_MANY_WORDS]
    return frozenset(said) | {f"{one} {two}" for one, two in pairwise(said)}


def closeness(one: frozenset[str], other: frozenset[str]) -> float:
    """0 (nothing in common) to 1 (the same words): the shared ones against those of the shorter text and of both."""
    if not one or not other:
        return 0.0
    shared = len(one & other)
    return (shared / min(len(one), len(other)) + 2 * shared / (len(one) + len(other))) / 2


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Along the surface of a sphere, between two points of latitude and longitude in degrees (haversine)."""
    lat1, lon1, lat2, lon2 = map(radians, (*one, *other))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * _EARTH * asin(min(1.0, sqrt(half)))


def cell_of(lat: float, lon: float) -> int:
    """The number of the cell that holds a point."""
    return int((lat + 90) / _CELL) * _ROWS + int((lon + 180) / _CELL)


def cells_around(lat: float, lon: float) -> list[int]:
    """The cell of a point and its eight neighbours: every point within REACH of it lies in one of them."""
    middle = cell_of(lat, lon)
    return [middle + up * _ROWS + right for up in (-1, 0, 1) for right in (-1, 0, 1)]


def score(one: Report, other: Report) -> float:
    """How likely both tell of the same matter, 0 to 1; the same whichever comes first."""
    if one.category not in PUBLIC_FIELDS or other.category not in PUBLIC_FIELDS:
        return 0.0
    place = _place(one, other)
    if place is None:
        return 0.0
    field = 1.0 if one.category == other.category else _OTHER_FIELD
    return _PLACE * place + _FIELD * field + _WORDS * closeness(one.words, other.words)


def _place(one: Report, other: Report) -> float | None:
    """0 to 1; None where they are at two places, or where nobody can tell."""
    if one.point is not None and other.point is not None:
        apart = metres(one.point, other.point)
        return None if apart > REACH else 1 - apart / REACH
    if one.village is None or one.village != other.village:
        return None
    return _SAME_VILLAGE + (1 - _SAME_VILLAGE) * closeness(one.place, other.place)


def nearest(mine: Report, candidates: Iterable[Candidate], now: int) -> list[Near]:
    """The at most three cases that are most probably the same matter, the likeliest first; `now` in UTC ms."""
    found: dict[int, tuple[float, Candidate]] = {}
    for one in candidates:
        age = min(1.0, max(0, now - one.opened_at) / (_OLD * DAY))
        reached = score(mine, one.report) - _AGE * age
        if reached >= ENOUGH:
            found[one.id] = (reached, one)
    best = sorted(found.values(), key=lambda pair: (-pair[0], -pair[1].opened_at, pair[1].id))
    return [_shown(mine, one) for _, one in best[:MOST]]


def _shown(mine: Report, one: Candidate) -> Near:
    apart = -1
    if mine.point is not None and one.report.point is not None:
        apart = max(1, round(metres(mine.point, one.report.point) / _STEP)) * _STEP
    return Near(
        id=one.id,
        category=one.report.category,
        village=one.report.village or 0,
        metres=apart,
        opened_at=one.opened_at,
        state=one.state,
        own=one.own,
        code=one.code if one.own else "",
        photo=one.photo,
    )
