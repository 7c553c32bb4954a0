"""What may be published beside what already is, so that no group of fewer than five can be computed from it.

Published numbers of answers are linear equations over "answers of a village until a day". A new one is refused when,
with it, one of these could be solved for and would be 1 to 4: a village or the whole in a span of days, what known
spans leave of a wider one, what known villages leave of the whole. This one rule covers small cells, the complement
of a hidden village, and differences of nested and overlapping periods.
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
Leak = tuple[str, int, date, date]
Marker = tuple[frozenset[tuple[tuple[int, date], int]], int]
State = tuple[dict[tuple[int, date], tuple[Vector, int]], set[date], frozenset[Leak] | None]


class Ledger:
    """The published numbers of one question, all cuts and periods together; `places` are the parts of the whole."""

    def __init__(self, places: Iterable[int]) -> None:
        self._places = tuple(places)
        self._rows: dict[tuple[int, date], tuple[Vector, int]] = {}
        self._days: set[date] = set()
        self._known_leaks: frozenset[Leak] | None = frozenset()

    def record(self, place: int | None, first: date, last: date, n: int) -> None:
        """Take in what was published before, whatever follows from it. `place` is None for the whole."""
        self._add(self._vector(place, first, last), n)
        self._known_leaks = None

    def publish(self, place: int | None, first: date, last: date, n: int) -> bool:
        """Whether `n` answers may be published; if so they are recorded. 0 needs no hiding: nobody answered."""
        if 0 < n < FLOOR:
            return False
        if self._known_leaks is None:
            self._known_leaks = self._leaks()
        state = self.state()
        surprise = self._add(self._vector(place, first, last), n)
        leaks = self._leaks()
        # What follows from earlier publications alone cannot be taken back by refusing everything after them.
        if _small(surprise) or leaks - self._known_leaks:
            self.restore(state)
            return False
        self._known_leaks = leaks
        return True

    def state(self) -> State:
        """What `restore` brings back: a copy."""
        return dict(self._rows), set(self._days), self._known_leaks

    def restore(self, state: State) -> None:
        """As it was when `state` was taken."""
        self._rows, self._days, self._known_leaks = state

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

    def _leaks(self) -> frozenset[Leak]:
        days = sorted(self._days)
        lines = {place: [self._marker({(place, day): 1}) for day in days] for place in self._places}
        whole = [self._marker({(place, day): 1 for place in self._places}) for day in days]
        found = [("village", place, *span) for place, line in lines.items() for span in _line_leaks(line)]
        found += [("whole", 0, *span) for span in _line_leaks(whole)]
        for first, after in combinations(range(len(days)), 2):
            n = _between(whole, first, after)
            if n is not None and _small(n - sum(_between(line, first, after) or 0 for line in lines.values())):
                found.append(("rest", 0, first, after))
        return frozenset((what, place, days[first], days[after]) for what, place, first, after in found)

    def _marker(self, vector: Vector) -> Marker:
        """Answers until a day, as far as they are known: two markers with the same unknown part differ by a number."""
        left, value = self._reduce(vector, 0)
        return frozenset(left.items()), -value


def _between(line: list[Marker], first: int, after: int) -> int | None:
    """The answers between two days if they can be computed, else None."""
    if line[first][0] != line[after][0]:
        return None
    return (line[after][1] - line[first][1]) % _PRIME


def _line_leaks(line: list[Marker]) -> list[tuple[int, int]]:
    """Spans of days of which a small part can be computed: the span itself, or what known spans leave of it."""
    known = {
        (first, after): n
        for first, after in combinations(range(len(line)), 2)
        if (n := _between(line, first, after)) is not None
    }
    return [span for span, n in known.items() if _small(n) or _rest_leaks(known, *span, n)]


def _rest_leaks(known: dict[tuple[int, int], int], first: int, after: int, n: int) -> bool:
    """Whether `n` less known spans that stand apart inside it can be small."""
    if all((day, day + 1) in known for day in range(first, after)):
        return False  # whatever is left over is made of spans that are looked at themselves
    inside = [(a, b) for a, b in known if first <= a and b <= after and (a, b) != (first, after)]
    if not inside:
        return False
    # What spans up to a day can add up to, without overlapping.
    reach: list[set[int]] = [set() for _ in range(after + 1)]
    reach[first].add(0)
    for day in range(first + 1, after + 1):
        reach[day] |= reach[day - 1]
        for a, b in inside:
            if b == day:
                reach[day] |= {done + known[a, b] for done in reach[a]}
        if (first, day) in known:
            # What is left uncovered only grows: years of months would else be 2^months sums.
            reach[day] = {done for done in reach[day] if _signed(known[first, day] - done) < FLOOR}
    return any(_small(n - done) for done in reach[after])


def _signed(n: int) -> int:
    n %= _PRIME
    return n if n <= _PRIME // 2 else n - _PRIME


def _small(n: int) -> bool:
    return 0 < abs(_signed(n)) < FLOOR
