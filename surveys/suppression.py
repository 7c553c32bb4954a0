"""Which cells of published tables are withheld, so that nobody can work out a group of one to four people.

    protection = protect(
        {"commune": 40, "A": 20, "B": 17, "C": 3},
        [whole("commune", ["A", "B", "C"])],
    )
    protection.withheld  # frozenset({"C", "B"}): 40 - 20 - 17 would be 3

Cells are whole numbers of people; relations are linear equations between them that a reader knows too: sums of rows and
columns, a quarter of its months, a margin that two tables share, a mean from its levels. A number that is not printed
but could be worked out (what a month leaves of its quarter) is a cell as well: `latent`. What was published before is
`known`, and never withheld now.

A cell of 1 to 4 is small; 0 is not (nobody is there to be found), nor is what a reader could only guess at. It is safe
if another table of whole numbers, not below 0, has the same published cells and 5 or more there: then no sum, no
difference and no bound tells a reader that the group is small. Such a table is found for each small cell and kept as
its proof; where there is none yet, the cheapest further cells (by their number of people) are withheld until there is.

Sources: Fischetti and Salazar-González (2001), Solving the cell suppression problem on tabular data with linear
constraints, Management Science 47, 1008-1026 (the problem, and the attacker's bounds); Gusfield (1988), A graph
theoretic approach to statistical data security, SIAM Journal on Computing 17, 552-571; Castro (2007), A shortest-paths
heuristic for statistical data protection in positive tables, INFORMS Journal on Computing 19, 520-533.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping
from typing import Generic, TypeVar

import msgspec

from surveys.statistics import MINIMUM
from surveys.suppression_moves import Mover, movers

Key = TypeVar("Key", bound=Hashable)
Row = TypeVar("Row", bound=Hashable)
Column = TypeVar("Column", bound=Hashable)


class Inconsistent(ValueError):
    """Cells that do not fit their relations, are negative or not whole, or a relation over a cell that is not there."""


class Protection(msgspec.Struct, Generic[Key], frozen=True, kw_only=True):
    """What is withheld: the small cells, and the `complements` that would give them away.

    `bounded` and `exposed` cannot be helped any more, because of what is `known`: a reader of it sees that the bounded
    ones are under five (but not how many they are), and can compute the exposed ones. Both are withheld all the same,
    and both are empty where nothing was published before.
    """

    withheld: frozenset[Key]
    complements: frozenset[Key] = frozenset()
    bounded: frozenset[Key] = frozenset()
    exposed: frozenset[Key] = frozenset()


def whole(total: Key, parts: Iterable[Key]) -> dict[Key, int]:
    """The relation of a total with the parts that make it up."""
    relation = dict.fromkeys(parts, 1)
    relation[total] = -1
    return relation


def two_way(
    counts: Mapping[tuple[Row, Column], int],
) -> tuple[dict[tuple[Row | None, Column | None], int], list[dict[tuple[Row | None, Column | None], int]]]:
    """Cells and relations of a table with its margins: (row, None), (None, column), (None, None) are the sums."""
    cells: dict[tuple[Row | None, Column | None], int] = {(None, None): 0}
    rows: dict[Row, dict[tuple[Row | None, Column | None], int]] = {}
    columns: dict[Column, dict[tuple[Row | None, Column | None], int]] = {}
    sums: list[tuple[Row | None, Column | None]]
    for (row, column), n in counts.items():
        cells[row, column] = n
        sums = [(row, None), (None, column), (None, None)]
        for key in sums:
            cells[key] = cells.get(key, 0) + n
        rows.setdefault(row, {(row, None): -1})[row, column] = 1
        columns.setdefault(column, {(None, column): -1})[row, column] = 1
    down: dict[tuple[Row | None, Column | None], int] = {(None, None): -1}
    across = dict(down)
    down |= {(row, None): 1 for row in rows}
    across |= {(None, column): 1 for column in columns}
    return cells, [*rows.values(), *columns.values(), down, across]


def protect(
    cells: Mapping[Key, int],
    relations: Iterable[Mapping[Key, int]],
    *,
    known: Collection[Key] = (),
    latent: Collection[Key] = (),
    hidden: Collection[Key] = (),
    minimum: int = MINIMUM,
) -> Protection[Key]:
    """The cells to withhold of those that are neither `known` nor `latent`; `hidden` ones are withheld in any case.

    Every relation says that its cells, times their factors, add up to 0. Inconsistent where the cells do not fit.
    """
    keys = list(cells)
    place = {key: at for at, key in enumerate(keys)}
    values = [_whole_number(key, cells[key]) for key in keys]
    equations = [_equation(relation, place, values) for relation in relations]
    fixed = {place[key] for key in known}
    unprinted = {place[key] for key in latent}
    small = [at for at, n in enumerate(values) if 0 < n < minimum]
    gone = {at for at in small if at not in fixed} | {place[key] for key in hidden if place[key] not in fixed}
    gone |= unprinted
    first = set(gone)
    bounded: set[int] = set()
    exposed = {at for at in small if at in fixed}
    for mover in movers(values, equations, gone, fixed, {at for at in small if at not in fixed}):
        _settle(mover, [at for at in mover.cells if 0 < values[at] < minimum], minimum, bounded, exposed)

    def named(places: Iterable[int]) -> frozenset[Key]:
        return frozenset(keys[at] for at in places)

    return Protection(
        withheld=named(gone - unprinted),
        complements=named(gone - first),
        bounded=named(bounded),
        exposed=named(exposed),
    )


def _settle(mover: Mover, small: list[int], minimum: int, bounded: set[int], exposed: set[int]) -> None:
    """Find a proof for every small cell of one connected part, withholding more as it takes."""
    safe: set[int] = set()
    # The smallest need the widest way; what opens for them serves the others.
    for at in sorted(small, key=lambda at: (mover.values[at], at)):
        if at in safe:
            continue
        proof = mover.move(at, minimum - mover.values[at])
        if proof is None:
            doubt = mover.move(at, 1) or mover.move(at, -1)
            (bounded if doubt else exposed).add(at)
            if not doubt:
                mover.give_up(at)
            continue
        safe |= {cell for cell, change in proof.items() if mover.values[cell] + change >= minimum}


def _whole_number(key: Hashable, n: int) -> int:
    if n != int(n) or n < 0:
        raise Inconsistent(f"{key!r}: {n} is not a number of people")
    return int(n)


def _equation(relation: Mapping[Key, int], place: Mapping[Key, int], values: list[int]) -> dict[int, int]:
    missing = [key for key in relation if key not in place]
    if missing:
        raise Inconsistent(f"a relation speaks of {missing[0]!r}, which is no cell")
    equation = {place[key]: factor for key, factor in relation.items() if factor}
    off = sum(factor * values[at] for at, factor in equation.items())
    if off:
        raise Inconsistent(f"a relation of {len(equation)} cells is off by {off}: {list(relation)[:3]!r} ...")
    return equation
