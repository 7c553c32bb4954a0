"""Counts of many overlapping periods: which of them, subtracted from others, would leave a group of one to four.

The days are cut into pieces wherever a published period begins or ends. What a reader knows are linear equations over
the counts of the pieces: what each table's relations say, and every number that stands somewhere, a sum over the pieces
of its period. A count can be worked out if it lies in the space that those equations span. So a count is published only
where no new group of one to four gets into that space: a choice over days that follow on each other, what is left of a
choice when everything that is known of its period is taken off, and what is left of a table when every choice that is
known is taken off. Larger counts are tried first: of those that cannot all stand, the smaller ones stay out.

Of bounds it knows this much: what adds up to nothing is nothing everywhere. surveys.suppression proves more, and is
taken for as few periods as it can do in time (reports.count_memory).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from surveys.disclosing import Table
from surveys.statistics import MINIMUM

Days = tuple[date, date]
Vector = NDArray[np.float64]
_NOTHING = 1e-7
"""Counts are whole and relations small whole numbers: what is left of a vector is this small, or far larger."""


class _Group(NamedTuple):
    """People who must not be told apart: pieces `start` to `stop` (not included) of a key."""

    start: int
    stop: int
    key: str


class Equations:
    """What is known of the counts of one question, piece by piece, and what may still be told."""

    def __init__(self, pieces: Sequence[Days], spans: Iterable[Days], tables: Mapping[Days, Table]) -> None:
        """`pieces` in their order, `tables` of every one of them; `spans` are the periods that are published."""
        self._pieces = list(pieces)
        self._spans = [self._inside(span) for span in spans]
        self._actual: dict[tuple[int, str], int] = {}
        for at, piece in enumerate(self._pieces):
            table = tables[piece]
            everything = table.cells | table.unprinted | table.seen
            self._actual |= {(at, key): n for key, n in everything.items()}
        self._column = {cell: at for at, cell in enumerate(self._actual)}
        self._printed = dict.fromkeys(key for piece in self._pieces for key in tables[piece].cells)
        self._hideable = dict.fromkeys(
            [*self._printed, *(key for one in self._pieces for key in tables[one].unprinted)]
        )
        rows = [
            self._row({(at, key): by for key, by in relation.items()})
            for at, piece in enumerate(self._pieces)
            for relation in tables[piece].relations
        ]
        self._known: list[Vector] = rows
        self._groups = self._small_runs()
        self._basis: Vector = np.zeros((0, len(self._column)))
        self._left: Vector = np.zeros((0, len(self._column)))
        self._told: frozenset[Any] = frozenset()

    def say(self, span: Days, key: str, n: int) -> None:
        """Take in a number that stands somewhere whatever follows from it; before `begin`."""
        self._known.append(self._of(span, key))
        if not n:
            self._known += self._each(span, key)

    def nothing(self, span: Days, keys: Iterable[str]) -> None:
        """Take in that these keys are 0 in every piece of a period; before `begin`."""
        for key in keys:
            self._known += self._each(span, key)

    def begin(self) -> None:
        """Everything that is known so far has been said: what already gives a group away cannot be helped."""
        for row in self._known:
            # One by one: a decomposition of all at once would wake every thread of the machine for so little.
            self._basis = _with(self._basis, _grown(self._basis, row))
        wanted = np.array([self._run(one) for one in self._groups]) if self._groups else self._left
        self._left = wanted - (wanted @ self._basis.T) @ self._basis
        self._told = self._given_away(self._left)

    def tell(self, span: Days, key: str, n: int) -> bool:
        """Whether the count may be published; if so it is known from now on."""
        rows = [self._of(span, key), *(self._each(span, key) if not n else ())]
        left, basis = self._left, self._basis
        for row in rows:
            new = _grown(basis, row)
            if new is not None:
                basis, left = _with(basis, new), left - np.outer(left @ new, new)
        told = self._given_away(left)
        if told - self._told:
            return False
        self._left, self._basis, self._told = left, basis, told
        return True

    def _small_runs(self) -> list[_Group]:
        """Every key over every run of pieces in which one to four people stand behind some key of it."""
        found = []
        for start in range(len(self._pieces)):
            sums = dict.fromkeys(self._hideable, 0)
            for stop in range(start + 1, len(self._pieces) + 1):
                if stop > start + 1 and self._pieces[stop - 1][0] != self._pieces[stop - 2][1] + timedelta(days=1):
                    break
                for key in sums:
                    sums[key] += self._actual.get((stop - 1, key), 0)
                if any(0 < n < MINIMUM for n in sums.values()):
                    found += [_Group(start, stop, key) for key in self._hideable]
        return found

    def _given_away(self, left: Vector) -> frozenset[Any]:
        """The small groups that can be worked out where `left` is what is not known of every run."""
        known = np.abs(left).max(axis=1, initial=0.0) < _NOTHING if len(left) else np.zeros(0, dtype=bool)
        found: set[Any] = set()
        by_run: dict[tuple[int, int], list[tuple[int, _Group]]] = {}
        for at, one in enumerate(self._groups):
            if known[at] and 0 < self._sum(one) < MINIMUM:
                found.add(one)
            by_run.setdefault((one.start, one.stop), []).append((at, one))
        for run, some in by_run.items():
            # What a table leaves open: together it may be known although no part of it is.
            open_still = [at for at, one in some if not known[at] and one.key in self._printed]
            rest = sum(self._sum(self._groups[at]) for at in open_still)
            if 0 < rest < MINIMUM and len(open_still) > 1 and _nothing(left[open_still].sum(axis=0)):
                found.add((*run, frozenset(self._groups[at].key for at in open_still)))
        return frozenset(found | self._over_time(left, known))

    def _over_time(self, left: Vector, known: NDArray[np.bool_]) -> set[Any]:
        """Pieces of a period in which a key is open, apart from each other, and few people all together."""
        alone = {(one.start, one.key): at for at, one in enumerate(self._groups) if one.stop == one.start + 1}
        found: set[Any] = set()
        for key in self._printed:
            for inside in self._spans:
                some = [at for start in inside if (at := alone.get((start, key))) is not None]
                open_still = [at for at in some if not known[at] and self._sum(self._groups[at])]
                rest = sum(self._sum(self._groups[at]) for at in open_still)
                if 0 < rest < MINIMUM and len(open_still) > 1 and _nothing(left[open_still].sum(axis=0)):
                    found.add((key, frozenset(self._groups[at].start for at in open_still)))
        return found

    def _sum(self, one: _Group) -> int:
        return sum(self._actual.get((at, one.key), 0) for at in range(one.start, one.stop))

    def _run(self, one: _Group) -> Vector:
        return self._row({(at, one.key): 1 for at in range(one.start, one.stop)})

    def _inside(self, span: Days) -> list[int]:
        return [at for at, piece in enumerate(self._pieces) if span[0] <= piece[0] and piece[1] <= span[1]]

    def _of(self, span: Days, key: str) -> Vector:
        return self._row({(at, key): 1 for at in self._inside(span)})

    def _each(self, span: Days, key: str) -> list[Vector]:
        return [self._row({(at, key): 1}) for at in self._inside(span)]

    def _row(self, factors: Mapping[tuple[int, str], float]) -> Vector:
        row = np.zeros(len(self._column))
        for cell, by in factors.items():
            if cell in self._column:  # what a piece has no column for is 0 there
                row[self._column[cell]] = by
        return row


def _nothing(row: Vector) -> bool:
    return bool(np.abs(row).max(initial=0.0) < _NOTHING)


def _grown(basis: Vector, row: Vector) -> Vector | None:
    """The unit vector that a row adds to an orthonormal basis; None where it lies within."""
    rest = row - (basis @ row) @ basis
    if _nothing(rest):
        return None
    rest /= np.linalg.norm(rest)
    rest -= (basis @ rest) @ basis  # once more: the first time leaves rounding behind
    grown: Vector = rest / np.linalg.norm(rest)
    return grown


def _with(basis: Vector, new: Vector | None) -> Vector:
    return basis if new is None else np.vstack([basis, new])
