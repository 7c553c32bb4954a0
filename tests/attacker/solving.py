"""Whole numbers of people from claims: equations over the days between all published ones, solved and narrowed."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

from tests.attacker.reading_files import Claim, Days

Var = Hashable
Row = dict[Var, Fraction]


def pieces(days: Iterable[Days]) -> list[Days]:
    """The days cut wherever some published days begin or end."""
    known = set(days)
    edges = sorted({first for first, _ in known} | {last + timedelta(days=1) for _, last in known})
    return [(first, after - timedelta(days=1)) for first, after in pairwise(edges)]


class System:
    """Unknown whole numbers from 0 on, and linear equations between them that all hold."""

    def __init__(self, cut: Sequence[Days]) -> None:
        self._cut = cut
        self._equations: list[tuple[Row, Fraction]] = []
        self._bounds: dict[Var, tuple[int, int | None]] = {}

    def over(self, names: Iterable[Var], days: Days) -> Row:
        """The sum of some unknowns over some days."""
        inside = [piece for piece in self._cut if days[0] <= piece[0] and piece[1] <= days[1]]
        return {(name, piece): Fraction(1) for name in names for piece in inside}

    def holds(self, row: Mapping[Var, Fraction], value: float) -> None:
        """An equation that a file tells; what is printed as a share comes from a whole number."""
        self._equations.append((dict(row), Fraction(round(value))))
        for var in row:
            self._bounds.setdefault(var, (0, None))

    def solve(self) -> None:
        """Gauss and Jordan; then every equation is asked for bounds until none says anything new."""
        rows = _reduced(self._equations)
        self._rows = rows
        changed = True
        while changed:
            changed = False
            for row, value in (*self._equations, *rows):
                changed |= self._narrow(row, value)

    def _narrow(self, row: Row, value: Fraction) -> bool:
        """Bounds of each unknown of an equation, the others being as small and as large as they can."""
        lows: dict[Var, Fraction | None] = {}
        highs: dict[Var, Fraction | None] = {}
        for var, by in row.items():
            low, high = self._bounds[var]
            ends = (by * low, None if high is None else by * high)
            lows[var], highs[var] = ends if by > 0 else (ends[1], ends[0])
        changed = False
        for var, by in row.items():
            others_low = [low for other, low in lows.items() if other != var]
            others_high = [high for other, high in highs.items() if other != var]
            most = None if None in others_low else (value - sum(filter(None, others_low), Fraction(0)))
            least = None if None in others_high else (value - sum(filter(None, others_high), Fraction(0)))
            if by < 0:
                most, least = least, most
            low, high = self._bounds[var]
            new = (
                low if least is None else max(low, ceil(least / by)),
                high if most is None else (floor(most / by) if high is None else min(high, floor(most / by))),
            )
            if new != (low, high):
                assert new[1] is None or new[0] <= new[1], f"{var} cannot be: {new}"
                self._bounds[var] = new
                changed = True
        return changed

    def told(self, row: Row) -> int | None:
        """The one value that a sum can have; None where it may be more than one."""
        left, value = dict(row), Fraction(0)
        for reduced, known in self._rows:
            pivot = next(iter(reduced))
            if times := left.get(pivot, Fraction(0)):
                left = _minus(left, reduced, times)
                value += times * known
        low = high = value
        for var, by in left.items():
            least, most = self._bounds.get(var, (0, None))
            if most is None:
                return None
            low += min(by * least, by * most)
            high += max(by * least, by * most)
        # The sum itself, piece by piece, may be narrower than what is left of it.
        direct = [self._bounds.get(var, (0, None)) for var in row]
        if all(most is not None for _, most in direct) and all(by == 1 for by in row.values()):
            low = max(low, Fraction(sum(least for least, _ in direct)))
            high = min(high, Fraction(sum(most or 0 for _, most in direct)))
        return int(low) if ceil(low) == floor(high) else None


def _reduced(equations: Iterable[tuple[Row, Fraction]]) -> list[tuple[Row, Fraction]]:
    rows: dict[Var, tuple[Row, Fraction]] = {}
    for equation, number in equations:
        left, value = dict(equation), number
        for pivot in [var for var in left if var in rows]:
            if times := left.get(pivot, Fraction(0)):
                row, known = rows[pivot]
                left, value = _minus(left, row, times), value - times * known
        if not left:
            assert value == 0, "two files contradict each other"
            continue
        first = next(iter(left))
        left = {first: left[first], **left}
        scale = left[first]
        left, value = {var: by / scale for var, by in left.items()}, value / scale
        for pivot, (row, known) in list(rows.items()):
            if times := row.get(first, Fraction(0)):
                less = _minus(row, left, times)
                rows[pivot] = ({pivot: less[pivot], **less}, known - times * value)
        rows[first] = (left, value)
    return list(rows.values())


def _minus(row: Row, other: Row, times: Fraction) -> Row:
    found = dict(row)
    for var, by in other.items():
        rest = found.get(var, Fraction(0)) - times * by
        if rest:
            found[var] = rest
        else:
            found.pop(var, None)
    return found


def within(claims: Iterable[Claim], first: date, last: date) -> list[Claim]:
    """Claims that lie between two days: what is of another year is of other people."""
    return [claim for claim in claims if first <= claim.days[0] and claim.days[1] <= last]
