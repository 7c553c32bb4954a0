"""Somebody who knows every published number of a table, every sum, and that nobody counts below 0."""

from collections.abc import Hashable, Mapping, Sequence
from fractions import Fraction

from surveys.statistics import MINIMUM
from surveys.suppression import Protection

Cells = Mapping[Hashable, int]
Relations = Sequence[Mapping[Hashable, int]]
Bounds = dict[Hashable, tuple[int, int]]
"""From where to where each unseen cell can lie."""


def computed(cells: Cells, relations: Relations, unseen: set[Hashable]) -> dict[Hashable, Fraction]:
    """What he can compute exactly: Gauss and Jordan over fractions, then the rows that have one unknown left."""
    rows: list[tuple[dict[Hashable, Fraction], Fraction]] = []
    for relation in relations:
        left = {key: Fraction(factor) for key, factor in relation.items() if key in unseen}
        value = -sum(Fraction(factor) * cells[key] for key, factor in relation.items() if key not in unseen)
        for row, known in rows:
            pivot = next(iter(row))
            if times := left.get(pivot, Fraction(0)):
                left = minus(left, row, times)
                value -= times * known
        if not left:
            assert value == 0
            continue
        first = next(iter(left))
        scale = left[first]
        left = {key: factor / scale for key, factor in left.items()}
        value /= scale
        rows = [
            (minus(row, left, row[first]), known - row[first] * value) if first in row else (row, known)
            for row, known in rows
        ]
        rows.append((left, value))
    return {next(iter(row)): known for row, known in rows if len(row) == 1}


def minus(row: dict[Hashable, Fraction], other: dict[Hashable, Fraction], times: Fraction) -> dict[Hashable, Fraction]:
    found = {key: row.get(key, Fraction(0)) - times * other.get(key, Fraction(0)) for key in {**row, **other}}
    return {key: factor for key, factor in found.items() if factor}


def narrowed(cells: Cells, relations: Relations, bounds: Bounds) -> Bounds | None:
    """The bounds after every relation has been asked until none says anything new; None where they contradict."""
    found, changed = dict(bounds), True
    while changed:
        changed = False
        for relation in relations:
            spans = {key: found.get(key, (cells[key], cells[key])) for key in relation}
            low = sum(min(factor * n for n in spans[key]) for key, factor in relation.items())
            high = sum(max(factor * n for n in spans[key]) for key, factor in relation.items())
            if low > 0 or high < 0:
                return None
            for key in relation.keys() & found.keys():
                span = _left(relation[key], spans[key], low, high)
                if span[0] > span[1]:
                    return None
                changed |= span != found[key]
                found[key] = span
    return found


def _left(factor: int, span: tuple[int, int], low: int, high: int) -> tuple[int, int]:
    """The span of one cell where the others of its relation are as low or as high as they go."""
    mine = sorted(factor * n for n in span)
    least, most = mine[1] - high, mine[0] - low  # factor * n lies between these
    if factor < 0:
        least, most = most, least
    return max(span[0], -(-least // factor)), min(span[1], most // factor)


def possible(cells: Cells, relations: Relations, bounds: Bounds) -> bool:
    """Whether a table of whole numbers lies within the bounds; those nearest to the true one are tried first."""
    found = narrowed(cells, relations, bounds)
    if found is None:
        return False
    open_ = [key for key, (low, high) in found.items() if low < high]
    if not open_:
        return True
    key = min(open_, key=lambda key: (found[key][1] - found[key][0], str(key)))
    low, high = found[key]
    values = sorted(range(low, high + 1), key=lambda n: (abs(n - cells[key]), n))
    return any(possible(cells, relations, found | {key: (n, n)}) for n in values)


def attack(cells: Cells, relations: Relations, found: Protection[Hashable], *, latent: Sequence[Hashable] = ()) -> None:
    """He must not compute a cell of 1 to 4, nor be sure that one is under five."""
    unseen = set(found.withheld) | set(latent)
    small = {key for key in unseen if 0 < cells[key] < MINIMUM}
    assert not {key for key, n in cells.items() if 0 < n < MINIMUM} - unseen - found.exposed
    assert not (set(computed(cells, relations, unseen)) & small) - found.exposed

    most = max([*cells.values(), MINIMUM]) + MINIMUM
    anything: Bounds = dict.fromkeys(sorted(unseen, key=str), (0, most))
    for key in small - found.exposed:
        if key in found.bounded:
            other = [anything | {key: (0, cells[key] - 1)}, anything | {key: (cells[key] + 1, most)}]
            assert any(possible(cells, relations, bounds) for bounds in other), f"{key} can be told"
        else:
            assert possible(cells, relations, anything | {key: (MINIMUM, most)}), f"{key} is under five"
