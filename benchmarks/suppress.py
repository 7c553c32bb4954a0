"""Withholding the small cells of a table and what would give them away: 100 villages by 40 answers, with all sums.

    python -m benchmarks.suppress [--short] [--json FILE]

Three tables of one seed: many small cells, some, and few that stand alone in their row and column (these need the
longest ways). Promised: each under 2 s. As a yardstick of the same run, the same small cells are found and checked by
elimination over whole numbers modulo a prime, which can only say that a cell is not known exactly; ours proves that
five or more are possible there. Printed beside it: a table of three dimensions, which is no network.
"""

import time
from random import Random

from benchmarks.result import Measured, Outcome, hand_over, options
from surveys.suppression import Protection, protect, two_way, whole

PRIME = (1 << 61) - 1
Cells = dict[tuple[int | None, int | None], int]
Relations = list[dict[tuple[int | None, int | None], int]]
KINDS = {"many small": 0.6, "some small": 0.15, "few small": 0.004}


def table(rows: int, columns: int, share: float, rng: Random) -> tuple[Cells, Relations]:
    """Counts of 10 and more, but for a `share` of cells under 5."""
    counts = {
        (row, column): rng.randint(1, 4) if rng.random() < share else 10 + int(rng.expovariate(1 / 40))
        for row in range(rows)
        for column in range(columns)
    }
    return two_way(counts)


def known_exactly(relations: Relations, withheld: frozenset[tuple[int | None, int | None]]) -> int:
    """How many withheld cells an attacker can compute: elimination, then rows of one unknown."""
    columns = {key: at for at, key in enumerate(sorted(withheld, key=str))}
    rows: dict[int, dict[int, int]] = {}
    for relation in relations:
        left = {columns[key]: factor % PRIME for key, factor in relation.items() if key in columns}
        while left:
            pivot = min(left)
            if pivot not in rows:
                inverse = pow(left[pivot], -1, PRIME)
                rows[pivot] = {at: x * inverse % PRIME for at, x in left.items()}
                break
            factor = left[pivot]
            for at, x in rows[pivot].items():
                rest = (left.get(at, 0) - factor * x) % PRIME
                if rest:
                    left[at] = rest
                else:
                    left.pop(at, None)
    for pivot in sorted(rows, reverse=True):
        row = rows[pivot]
        for at in [at for at in row if at != pivot and at in rows]:
            factor = row[at]
            for other, x in rows[at].items():
                rest = (row.get(other, 0) - factor * x) % PRIME
                if rest:
                    row[other] = rest
                else:
                    row.pop(other, None)
    return sum(len(row) == 1 for row in rows.values())


def cube(side: int, rng: Random) -> Protection[tuple[int | None, ...]]:
    """Villages by answers by months, with every sum: relations of cells that stand in three of them."""
    span: tuple[int | None, ...] = (*range(side), None)
    cells: dict[tuple[int | None, ...], int] = {}
    for a in range(side):
        for b in range(side):
            for c in range(side):
                n = rng.randint(0, 30)
                for key in ((x, y, z) for x in (a, None) for y in (b, None) for z in (c, None)):
                    cells[key] = cells.get(key, 0) + n
    relations: list[dict[tuple[int | None, ...], int]] = []
    for one in span:
        for other in span:
            relations.append(whole((None, one, other), [(at, one, other) for at in range(side)]))
            relations.append(whole((one, None, other), [(one, at, other) for at in range(side)]))
            relations.append(whole((one, other, None), [(one, other, at) for at in range(side)]))
    return protect(cells, relations)


def main() -> None:
    asked = options("suppress")
    rows, columns, side = (30, 20, 3) if asked.short else (100, 40, 4)
    figures, details = [], {}
    for name, share in KINDS.items():
        cells, relations = table(rows, columns, share, Random(7))
        protect(cells, relations)  # numpy is imported where it is needed, once
        start = time.perf_counter()
        found = protect(cells, relations)
        spent = time.perf_counter() - start
        begun = time.perf_counter()
        if found.bounded or found.exposed or known_exactly(relations, found.withheld):
            raise SystemExit(f"{name}: a small cell can be told")
        checked = time.perf_counter() - begun
        figures.append(Measured(name=f"{rows} x {columns} with sums, {name}", value=spent, unit="s", most=2))
        figures.append(Measured(name=f"the same: elimination alone against ours, {name}", value=checked / spent))
        details[name] = {"withheld": len(found.withheld), "complements": len(found.complements)}
    start = time.perf_counter()
    solid = cube(side, Random(7))
    figures.append(Measured(name=f"{side} x {side} x {side} with sums", value=time.perf_counter() - start, unit="s"))
    details["cube"] = {"withheld": len(solid.withheld), "bounded": len(solid.bounded), "exposed": len(solid.exposed)}
    hand_over(Outcome(name="suppress", short=asked.short, figures=figures, details=details), asked.json)


if __name__ == "__main__":
    main()
