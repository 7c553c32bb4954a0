"""Moves in tables that are no network (three dimensions, means, overlapping periods), by linear programming.

The cheapest move is the solution of: least price of all changes, every relation unchanged, no cell below 0. It is
looked for with floating point and believed only as whole numbers that fit every relation exactly; a cell for which
none is found in so many branches counts as one that cannot be protected.

Sources of the method: Dantzig (1963), Linear Programming and Extensions, chapters 5 and 18 (simplex, upper bounds);
Land and Doig (1960), An automatic method of solving discrete programming problems, Econometrica 28, 497-520.
"""

from math import ceil, floor, inf
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_SMALL = 1e-9
_FREE = 1e-3
"""What changing a withheld cell by one costs; a shown cell costs its number of people and one."""
_DEAR = 1e7
_NEARLY = 1e-6
"""So near to a whole number is one; it is checked exactly afterwards."""
_BRANCHES = 200
_STEPS = 20_000
_CAREFUL = 2_000
"""After so many steps the first column that helps is taken, which cannot go round in a circle (Bland 1977)."""


class LinearMover:
    """As surveys.suppression_moves.Mover says."""

    def __init__(self, values: list[int], cells: list[int], equations: list[dict[int, int]], gone: set[int]) -> None:
        self.values = values
        self.cells = cells
        self._equations = equations
        self._gone = gone

    def move(self, cell: int, by: int) -> dict[int, int] | None:
        others = [other for other in self.cells if other != cell]
        # Mostly what is withheld already will do, and that is a much smaller programme.
        found = self._whole(cell, by, [other for other in others if other in self._gone])
        if found is None:
            found = self._whole(cell, by, others)
        if found is not None:
            self._gone.update(found)
        return found

    def give_up(self, cell: int) -> None:
        """Withhold all of this part, unless known cells alone are enough to solve for the cell.

        Whole numbers near 0 can leave one possibility where equations leave many; only whoever tries all of them sees
        it then.
        """
        import numpy as np

        others = [other for other in self.cells if other != cell]
        matrix = np.array([[one.get(other, 0) for other in others] for one in self._equations], dtype=np.float64)
        right = np.array([one.get(cell, 0) for one in self._equations], dtype=np.float64)
        if others and np.allclose(matrix @ np.linalg.lstsq(matrix, right)[0], right):
            self._gone.update(self.cells)

    def _whole(self, cell: int, by: int, others: list[int]) -> dict[int, int] | None:
        """The first move over these in whole numbers, by branch and bound, the cheaper branch first."""
        least = [-float(self.values[other]) for other in others]
        waiting = [(least, [inf] * len(others))]
        for _ in range(_BRANCHES):
            if not waiting:
                return None
            low, high = waiting.pop()
            net = self._solve(cell, by, others, low, high)
            if net is None:
                continue
            off = [abs(n - round(n)) for n in net]
            worst = max(range(len(off)), key=off.__getitem__, default=0)
            if not off or off[worst] < _NEARLY:
                found = {other: round(n) for other, n in zip(others, net, strict=True) if round(n)} | {cell: by}
                return found if self._fits(found) else None
            down, up = list(high), list(low)
            down[worst], up[worst] = float(floor(net[worst])), float(ceil(net[worst]))
            waiting += [(low, down), (up, high)] if net[worst] > 0 else [(up, high), (low, down)]
        return None

    def _solve(self, cell: int, by: int, others: list[int], low: list[float], high: list[float]) -> list[float] | None:
        """The cheapest changes of the others, each between its bounds, when `cell` changes so; None for none."""
        import numpy as np

        at = {other: column for column, other in enumerate(others)}
        count = len(others)
        touched = [one for one in self._equations if cell in one or not at.keys().isdisjoint(one)]
        matrix, right = np.zeros((len(touched), count)), np.zeros(len(touched))
        for row, equation in enumerate(touched):
            right[row] = -equation.get(cell, 0) * by
            for other, factor in equation.items():
                if other in at:
                    matrix[row, at[other]] = factor
        price = np.array([_FREE if other in self._gone else 1.0 + self.values[other] for other in others])
        # A change is so many more less so many fewer, both counted from the least that they may be.
        lows, highs = np.array(low), np.array(high)
        more, fewer = np.maximum(lows, 0.0), np.maximum(-highs, 0.0)
        both = np.hstack([matrix, -matrix])
        start = np.concatenate([more, fewer])
        bounds = np.concatenate([np.maximum(highs, 0.0), np.maximum(-lows, 0.0)]) - start
        if not count or (bounds < 0).any():
            return [] if not count and not right.any() else None
        found = _cheapest(both, right - both @ start, np.concatenate([price, price]), bounds)
        if found is None:
            return None
        found = found + start
        net: list[float] = (found[:count] - found[count:]).tolist()
        return net

    def _fits(self, change: dict[int, int]) -> bool:
        whole = all(sum(factor * change.get(c, 0) for c, factor in one.items()) == 0 for one in self._equations)
        return whole and all(self.values[cell] + by >= 0 for cell, by in change.items())


def _cheapest(matrix: "Floats", right: "Floats", price: "Floats", bounds: "Floats") -> "Floats | None":
    """The x with least price·x, matrix·x = right, 0 <= x <= bounds; None where there is none. The simplex method."""
    import numpy as np

    rows, columns = matrix.shape
    turn = np.where(right < 0, -1.0, 1.0)
    table = np.hstack([matrix * turn[:, None], np.eye(rows)])
    held = right * turn
    bounds = np.concatenate([bounds, np.full(rows, np.inf)])
    cost = np.concatenate([price, np.full(rows, _DEAR)])
    cost = cost - _DEAR * table.sum(axis=0)
    basis = np.arange(columns, columns + rows)
    flipped = np.zeros(columns + rows, dtype=bool)
    for step in range(_STEPS):
        cost[basis] = 0.0
        helpful = np.flatnonzero(cost < -_SMALL * _DEAR / 1e3)
        if not len(helpful):
            break
        enter = int(helpful[0] if step > _CAREFUL else cost.argmin())
        column = table[:, enter]
        with np.errstate(divide="ignore", invalid="ignore"):
            down = np.where(column > _SMALL, held / column, np.inf)
            up = np.where(column < -_SMALL, (held - bounds[basis]) / column, np.inf)
        reach = np.minimum(down, up)
        leave = int(reach.argmin()) if rows else 0
        if not rows or bounds[enter] <= reach[leave]:  # goes straight to its bound, nothing leaves
            held = held - column * bounds[enter]
            _flip(table, cost, flipped, enter)
            continue
        if not np.isfinite(reach[leave]):
            return None
        if up[leave] < down[leave]:  # leaves at its bound: counted from there from now on
            out = int(basis[leave])
            table[leave] *= -1
            table[leave, out] = 1.0
            held[leave] = bounds[out] - held[leave]
            flipped[out] = not flipped[out]
        _pivot(table, held, cost, leave, enter)
        basis[leave] = enter
    else:
        return None
    found = np.zeros(columns + rows)
    found[basis] = held
    found = np.where(flipped, bounds - found, found)
    if rows and found[columns:].max() > 1e-6:
        return None
    return np.asarray(found[:columns], dtype=np.float64)


def _flip(table: "Floats", cost: "Floats", flipped: "NDArray[np.bool_]", column: int) -> None:
    """Count a variable from its bound downwards."""
    table[:, column] *= -1
    cost[column] *= -1
    flipped[column] = not flipped[column]


def _pivot(table: "Floats", held: "Floats", cost: "Floats", leave: int, enter: int) -> None:
    import numpy as np

    pivot = table[leave, enter]
    table[leave] /= pivot
    held[leave] /= pivot
    factors = table[:, enter].copy()
    factors[leave] = 0.0
    table -= np.outer(factors, table[leave])
    held -= factors * held[leave]
    np.maximum(held, 0.0, out=held)
    cost -= cost[enter] * table[leave]
