"""Where a commune lies, as a rectangle of latitudes and longitudes, and Viet Nam around it."""

import re
from math import cos, radians
from typing import NamedTuple

_KM_A_DEGREE = 111.32
"""Of latitude, and of longitude at the equator."""


class Area(NamedTuple):
    """Edges in WGS 84 degrees."""

    south: float
    north: float
    west: float
    east: float

    def holds(self, lat: float, lon: float) -> bool:
        """Whether a point lies in it."""
        return self.south <= lat <= self.north and self.west <= lon <= self.east

    def wider(self, km: float) -> "Area":
        """The same with a margin: a map is drawn to the border, and a telephone is not exact."""
        up = km / _KM_A_DEGREE
        across = up / max(0.1, cos(radians((self.south + self.north) / 2)))
        return Area(self.south - up, self.north + up, self.west - across, self.east + across)


def point_of(text: str) -> tuple[float, float] | None:
    """Latitude and longitude in "21.6203, 106.5361"; None where it is none, or none of Viet Nam."""
    read = re.fullmatch(r"\s*(\d{1,2}(?:\.\d+)?)\s*,\s*(\d{1,3}(?:\.\d+)?)\s*", text, re.ASCII)
    if read is None:
        return None
    point = float(read[1]), float(read[2])
    return point if VIETNAM.holds(*point) else None


def around(lat: float, lon: float, km: float) -> Area:
    """The square whose sides are so far from a point."""
    return Area(lat, lat, lon, lon).wider(km)


VIETNAM = Area(6.5, 23.4, 102.1, 117.9)
"""From the south of Trường Sa to Lũng Cú, from A Pa Chải to the east of Trường Sa: who is outside is certainly not
in a commune of Viet Nam."""
