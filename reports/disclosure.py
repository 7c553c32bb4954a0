"""What may be published beside what already is, so that no group of fewer than five can be computed from it.

Published numbers of answers are linear equations over "answers of a village until a day". A new one is refused when,
with it, some village in some span of days (or what the published villages leave of the whole commune) could be solved
for and would be 1 to 4. This one rule covers small cells, the complement of a hidden village, and differences of
nested and overlapping periods.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import combinations

from surveys.statistics import MINIMUM

FLOOR = MINIMUM
"""Fewer answers than this are never published."""

# Arithmetic modulo a prime is exact and fast; the coefficients are small, so no false zero is to be feared.
_PRIME = (1 << 61) - 1

Vector = dict[tuple[int, date], int]


class Ledger:
    """The published numbers of one question, all cuts and periods together; `places` are the parts of the whole."""

    def __init__(self, places: Iterable[int]) -> None:
        self._places = tuple(places)
        self._rows: dict[tuple[int, date], tuple[Vector, int]] = {}
        self._days: set[date] = set()

    def record(self, place: int | None, first: date, last: date, n: int) -> None:
        """Take in what was published before, whatever follows from it. `place` is None for the whole."""
        self._add(self._vector(place, first, last), n)

    def publish(self, place: int | None, first: date, last: date, n: int) -> bool:
        """Whether `n` answers may be published; if so they are recorded. 0 needs no hiding: nobody answered."""
        if 0 < n < FLOOR:
            return False
        rows, days = dict(self._rows), set(self._days)
        surprise = self._add(self._vector(place, first, last), n)
        if _small(surprise) or self._leaks():
            self._rows, self._days = rows, days
            return False
        return True

    def _vector(self, place: int | None, first: date, last: date) -> Vector:
        after = last + timedelta(days=1)
        self._days |= {first, after}
        return self._span(self._places if place is None else (place,), first, after)

    @staticmethod
    def _span(places: Iterable[int], first: date, after: date) -> Vector:
        return {(place, day): sign for place in places for day, sign in ((after, 1), (first, _PRIME - 1))}

    def _add(self, vector: Vector, n: int) -> int:
        """Keep one more equation; returns by how much it contradicts the earlier ones (0 unless it follows)."""
        left, value = self._reduce(vector, n)
        if not left:
            return value
        pivot = min(left)
        inverse = pow(left[pivot], -1, _PRIME)
        self._rows[pivot] = ({at: x * inverse % _PRIME for at, x in left.items()}, value * inverse % _PRIME)
        return 0

    def _reduce(self, vector: Vector, value: int) -> tuple[Vector, int]:
        left = dict(vector)
        # A row only has columns at or after its pivot, so the smallest one to clear is always right.
        while found := [at for at in left if at in self._rows]:
            pivot = min(found)
            row, n = self._rows[pivot]
            factor = left[pivot]
            for at, x in row.items():
                rest = (left.get(at, 0) - factor * x) % _PRIME
                if rest:
                    left[at] = rest
                else:
                    left.pop(at, None)
            value = (value - factor * n) % _PRIME
        return left, value

    def _solved(self, vector: Vector) -> int | None:
        left, value = self._reduce(vector, 0)
        return None if left else -value % _PRIME

    def _leaks(self) -> bool:
        for first, after in combinations(sorted(self._days), 2):
            parts = [self._solved(self._span((place,), first, after)) for place in self._places]
            known = [n for n in parts if n is not None]
            if any(_small(n) for n in known):
                return True
            whole = self._solved(self._span(self._places, first, after))
            if whole is not None and _small(whole - sum(known)):
                return True
        return False


def _small(n: int) -> bool:
    n %= _PRIME
    return 0 < min(n, _PRIME - n) < FLOOR
