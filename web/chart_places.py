"""A map of places as SVG: over the commune's own picture, or on a plain sheet; no map server is asked, none learns it.

Places that lie close together are one circle with their number, so that fifty stay readable; its area grows with it.
"""

from collections.abc import Iterable, Sequence
from math import cos, radians, sqrt

import msgspec
from markupsafe import Markup

_WIDTH = 480
_MOST_HIGH, _LEAST_HIGH = 480, 240
_GRID = 26
"""Pixels of the drawing within which places are one circle."""
_SMALL, _LARGE = 8.0, 26.0
_MARGIN = 0.12
_KM = 111.32
"""Of one degree of latitude."""
_LEAST_DEGREES = 0.01


class Edges(msgspec.Struct, frozen=True, kw_only=True):
    """The edges of a sheet in degrees, WGS 84; `ratio` is its height by its width."""

    north: float
    south: float
    west: float
    east: float
    ratio: float


class Spot(msgspec.Struct, frozen=True, kw_only=True):
    """A place of `count` cases, of which `late` are overdue; x and y in pixels of the drawing."""

    x: float
    y: float
    count: int
    late: int


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """A drawn map: `svg`, how many places are on it, how many lie beside it, and how many kilometres it is wide."""

    svg: Markup
    on: int
    beside: int
    km: float


def edges_of(points: Sequence[tuple[float, float]]) -> Edges:
    """A sheet around points (latitude, longitude), at least about a kilometre wide."""
    lats, lons = [lat for lat, _ in points], [lon for _, lon in points]
    middle = (max(lats) + min(lats)) / 2
    squeeze = max(cos(radians(middle)), 0.1)
    high = max(max(lats) - min(lats), _LEAST_DEGREES) * (1 + 2 * _MARGIN)
    wide = max(max(lons) - min(lons), _LEAST_DEGREES / squeeze) * (1 + 2 * _MARGIN)
    ratio = min(max(high / (wide * squeeze), _LEAST_HIGH / _WIDTH), _MOST_HIGH / _WIDTH)
    # Whichever side is too short for the shape gets more land around it.
    high, wide = max(high, wide * squeeze * ratio), max(wide, high / (squeeze * ratio))
    east = (max(lons) + min(lons)) / 2
    return Edges(
        north=middle + high / 2, south=middle - high / 2, west=east - wide / 2, east=east + wide / 2, ratio=ratio
    )


def sheet(
    name: str, title: str, about: str, points: Iterable[tuple[float, float, bool]], edges: Edges, *, picture: str = ""
) -> Sheet:
    """Points (latitude, longitude, overdue) drawn; `picture` is the address of the commune's own, "" for none.

    `name` is unique on its page.
    """
    height = round(_WIDTH * edges.ratio)
    spots, beside = gathered(points, edges, height)
    drawn = [_ground(height, picture)]
    # The large ones first, so that none lies under another.
    drawn += [_spot(one) for one in sorted(spots, key=lambda one: -one.count)]
    km = (edges.east - edges.west) * _KM * cos(radians((edges.north + edges.south) / 2))
    svg = Markup(
        '<svg class="place-sheet" role="img" aria-labelledby="{0}-t {0}-d" viewBox="0 0 {1} {2}">'
        '<title id="{0}-t">{3}</title><desc id="{0}-d">{4}</desc>{5}</svg>'
    ).format(name, _WIDTH, height, title, about, Markup("").join(drawn))
    return Sheet(svg=svg, on=sum(one.count for one in spots), beside=beside, km=km)


def gathered(points: Iterable[tuple[float, float, bool]], edges: Edges, height: int) -> tuple[list[Spot], int]:
    """Points on the sheet, those close together as one in their middle; and how many do not lie on it."""
    near: dict[tuple[int, int], list[tuple[float, float, bool]]] = {}
    beside = 0
    for lat, lon, late in points:
        x = (lon - edges.west) / (edges.east - edges.west)
        y = (edges.north - lat) / (edges.north - edges.south)
        if not (0 <= x <= 1 and 0 <= y <= 1):
            beside += 1
            continue
        at = (x * _WIDTH, y * height, late)
        near.setdefault((int(at[0] // _GRID), int(at[1] // _GRID)), []).append(at)
    return [_together(some) for some in near.values()], beside


def _together(some: Sequence[tuple[float, float, bool]]) -> Spot:
    n = len(some)
    late = len([one for one in some if one[2]])
    return Spot(x=sum(one[0] for one in some) / n, y=sum(one[1] for one in some) / n, count=n, late=late)


def _ground(height: int, picture: str) -> Markup:
    if picture:
        return Markup('<image href="{0}" width="{1}" height="{2}" preserveAspectRatio="none"/>').format(
            picture, _WIDTH, height
        )
    lines = [Markup('<rect class="ground" width="{0}" height="{1}"/>').format(_WIDTH, height)]
    for at in range(1, 4):
        lines.append(Markup('<line class="grid" x1="{0}" x2="{0}" y1="0" y2="{1}"/>').format(_WIDTH * at // 4, height))
        lines.append(Markup('<line class="grid" x1="0" x2="{0}" y1="{1}" y2="{1}"/>').format(_WIDTH, height * at // 4))
    return Markup("").join(lines)


def _spot(one: Spot) -> Markup:
    radius = min(_SMALL + 3 * sqrt(one.count - 1), _LARGE)
    circle = Markup('<circle class="{0}" cx="{1:.1f}" cy="{2:.1f}" r="{3:.1f}"/>').format(
        "spot late" if one.late else "spot", one.x, one.y, radius
    )
    # What is overdue has a second ring: colour alone tells nothing on a grey copy.
    ring = Markup('<circle class="ring" cx="{0:.1f}" cy="{1:.1f}" r="{2:.1f}"/>').format(one.x, one.y, radius + 3.5)
    count = Markup('<text class="spot-count" x="{0:.1f}" y="{1:.1f}">{2}</text>').format(one.x, one.y + 4.5, one.count)
    return Markup("").join([circle, ring if one.late else Markup(""), count])
