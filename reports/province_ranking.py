"""Who stands above whom, as far as the intervals tell: communes whose intervals overlap are never put in an order.

Of two values with 95 % intervals that do not meet, the difference is surer than 95 % (Goldstein and Healy, 1995, The
graphical presentation of a collection of means, JRSS A 158, 175-177): a stricter rule than a test of each pair, which
suits a table that many people read as many comparisons.
"""

from collections.abc import Sequence

import msgspec

LEAST = 30
"""Fewer answers than this are too few to be placed, whatever their interval says (domain: warned below 30)."""

Interval = tuple[float, float]


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """The places that somebody may hold, 1 the highest; `best` equals `worst` only where nobody's interval is met."""

    best: int
    worst: int

    @property
    def rank(self) -> int | None:
        """The one place that is possible, None where there are several."""
        return self.best if self.best == self.worst else None


def above(one: Interval, other: Interval) -> bool:
    """Whether the whole of one interval lies above the other; ends that touch do not."""
    return one[0] > other[1]


def places(intervals: Sequence[Interval]) -> list[Place]:
    """For each interval the places it may hold among all; ValueError for an interval that ends before it begins."""
    if any(not low <= high for low, high in intervals):
        raise ValueError("an interval ends before it begins")
    many = len(intervals)
    return [
        Place(
            best=1 + sum(above(other, mine) for other in intervals),
            worst=many - sum(above(mine, other) for other in intervals),
        )
        for mine in intervals
    ]


def tells(found: Sequence[Place]) -> bool:
    """Whether anybody stands above anybody: else there is no ground for a ranking."""
    return any(place.best > 1 for place in found)
