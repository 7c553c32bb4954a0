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


class _Ashore(Area):
    """Viet Nam's land and islands, closer than one rectangle, which holds half of a sea besides."""

    def holds(self, lat: float, lon: float) -> bool:
        """Whether a point lies near its land: 20 km out at sea at the least still do, and so do the neighbours'."""
        return any(south <= lat <= north and west <= lon <= east for south, north, west, east in _LAND)


_LAND = (
    (8.3, 9.1, 104.4, 105.9),
    (9.0, 10.1, 104.5, 107.0),
    (9.9, 11.1, 103.5, 108.8),
    (10.9, 12.1, 105.3, 109.6),
    (11.9, 13.1, 106.1, 109.8),
    (12.9, 15.1, 107.0, 109.7),
    (14.9, 16.1, 106.9, 109.4),
    (15.9, 17.1, 106.1, 108.7),
    (16.9, 18.1, 105.2, 107.6),
    (17.9, 19.1, 103.5, 106.8),
    (18.9, 20.1, 103.5, 106.8),
    (19.9, 21.1, 102.6, 108.1),
    (20.9, 22.1, 102.1, 108.3),
    (21.9, 23.4, 102.1, 107.3),
    (8.4, 9.0, 106.3, 106.9),  # Côn Đảo
    (9.1, 10.6, 103.2, 104.4),  # Thổ Chu, Phú Quốc
    (10.2, 10.8, 108.6, 109.3),  # Phú Quý
    (15.2, 15.6, 108.9, 109.4),  # Lý Sơn
    (15.6, 17.3, 111.0, 113.0),  # Hoàng Sa
    (6.5, 11.7, 111.3, 117.9),  # Trường Sa
)
"""South, north, west, east of a band of each degree of latitude, from Đất Mũi to Lũng Cú, then of the islands."""
ASHORE = _Ashore(*VIETNAM)
"""What a place is held against where nobody has said where the commune lies: then only the sea and what is abroad is
doubted, and nothing of another province."""
