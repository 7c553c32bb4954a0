"""Moves: changes of withheld cells that no published number shows. See surveys.suppression for what they prove.

A connected part of the tables whose every cell stands in at most two relations, with opposite signs (tables of two
dimensions with their sums, chains of sums), is a network: relations are nodes, cells the arcs between them, a move is a
way round and the cheapest one a shortest path. Any other part is left to the linear programme (suppression_linear).
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

from surveys.suppression_linear import LinearMover

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Equation = dict[int, int]
Move = dict[int, int]
"""Cell -> by how many people it changes."""

_SHORT = 1e-6
"""What a step over a cell withheld already costs: of two ways that cost nothing, the shorter one."""


class Mover(Protocol):
    """Finds moves in one connected part of the tables."""

    values: list[int]
    """Of all cells, whatever their part."""
    cells: list[int]
    """Those of this part that can be withheld."""

    def move(self, cell: int, by: int) -> Move | None:
        """A move that changes a cell so, no cell below 0; cells that it touches are withheld from now on. Or None."""
        ...

    def give_up(self, cell: int) -> None:
        """What can be done for a cell that cannot be moved: where sums alone do not tell it, leave it to guessing."""
        ...


def movers(
    values: list[int], equations: list[Equation], gone: set[int], fixed: set[int], small: set[int]
) -> Iterator[Mover]:
    """A mover for each connected part with a `small` cell; they add to `gone`, what is withheld, but never `fixed`."""
    # A cell that everybody knows is a number like any other: it links nothing.
    free = [{cell: factor for cell, factor in one.items() if cell not in fixed} for one in equations]
    for cells, part in _parts([cell for cell in range(len(values)) if cell not in fixed], free):
        if small.isdisjoint(cells):
            continue
        signs = _signs(part)
        if signs is None:
            yield LinearMover(values, cells, part, gone)
        else:
            signed = [_signed(one, sign) for one, sign in zip(part, signs, strict=True)]
            yield NetworkMover(values, cells, signed, gone)


def _parts(cells: list[int], equations: list[Equation]) -> Iterator[tuple[list[int], list[Equation]]]:
    """Cells that are linked by relations, with these; in the order of the cells."""
    parent = {cell: cell for cell in cells}

    def root(cell: int) -> int:
        while parent[cell] != cell:
            parent[cell] = parent[parent[cell]]
            cell = parent[cell]
        return cell

    equations = [equation for equation in equations if equation]
    for equation in equations:
        first, *others = equation
        for other in others:
            parent[root(other)] = root(first)
    parts: dict[int, list[int]] = {}
    for cell in cells:
        parts.setdefault(root(cell), []).append(cell)
    linked: dict[int, list[Equation]] = {}
    for equation in equations:
        linked.setdefault(root(next(iter(equation))), []).append(equation)
    for at, members in parts.items():
        yield members, linked.get(at, [])


def _signed(equation: Equation, sign: int) -> Equation:
    return {cell: sign * factor for cell, factor in equation.items()}


def _signs(equations: list[Equation]) -> list[int] | None:
    """Signs for the relations so that every cell has opposite ones in its two; None where it is no network."""
    within: dict[int, list[tuple[int, int]]] = {}
    for node, equation in enumerate(equations):
        for cell, factor in equation.items():
            within.setdefault(cell, []).append((node, factor))
    if any(len(ends) > 2 or any(factor not in {1, -1} for _, factor in ends) for ends in within.values()):
        return None
    beside: dict[int, list[tuple[int, int]]] = {}
    for ends in within.values():
        if len(ends) == 2:
            (one, a), (two, b) = ends
            beside.setdefault(one, []).append((two, -a * b))
            beside.setdefault(two, []).append((one, -a * b))
    signs = [0] * len(equations)
    for start in range(len(equations)):
        if signs[start]:
            continue
        signs[start], waiting = 1, [start]
        while waiting:
            node = waiting.pop()
            for other, turn in beside.get(node, []):
                if not signs[other]:
                    signs[other] = signs[node] * turn
                    waiting.append(other)
                elif signs[other] != signs[node] * turn:
                    return None
    return signs


class NetworkMover:
    """Moves by shortest paths. Each free cell is two arcs: taking people out (as many as it has), and putting some in.

    A cell that is put up leaves its plus-node with too many and its minus-node with too few. An arc from the plus-node
    to the minus-node takes out of another cell, one back puts in; a way from the one to the other makes all good.
    """

    def __init__(self, values: list[int], cells: list[int], equations: list[Equation], gone: set[int]) -> None:
        import numpy as np

        self.values = values
        self._gone = gone
        self.cells = cells
        self._place = {cell: at for at, cell in enumerate(cells)}
        outside = len(equations)  # one more node: where a cell in one relation has its other end
        ends = self._ends = [[outside, outside] for _ in cells]
        for node, equation in enumerate(equations):
            for cell, factor in equation.items():
                ends[self._place[cell]][factor < 0] = node
        arcs = [(minus, plus, at, -1) for at, (plus, minus) in enumerate(ends) if plus != minus]
        arcs = sorted(arcs + [(plus, minus, at, 1) for minus, plus, at, _ in arcs])
        self._head, self._tail, self._at, self._puts = (
            np.array([arc[part] for arc in arcs], dtype=np.intp) for part in range(4)
        )
        self._heads, self._starts = np.unique(self._head, return_index=True)
        self._stops = np.append(self._starts[1:], len(arcs))
        self._group = {int(head): group for group, head in enumerate(self._heads)}
        self._nodes = len(equations) + 1
        self._n = np.array([values[cell] for cell in cells], dtype=np.int64)
        self._price = np.array([_SHORT if cell in gone else 1.0 + values[cell] for cell in cells])

    def move(self, cell: int, by: int) -> Move | None:
        plus, minus = self._ends[self._place[cell]]
        if plus == minus:  # in no relation, or twice in one: nothing published depends on it
            return {cell: by}
        start, end = (plus, minus) if by > 0 else (minus, plus)
        # What is withheld already may do; then one way wide enough; then several.
        for more, single in ((False, False), (True, True), (True, False)):
            change = self._round(self._place[cell], start, end, abs(by), more=more, single=single)
            if change is not None:
                change[self._place[cell]] = by
                self._price[list(change)] = _SHORT
                found = {self.cells[at]: n for at, n in change.items()}
                self._gone.update(found)
                return found
        return None

    def give_up(self, cell: int) -> None:
        """Nothing: in a network what cannot be moved is a sum of known cells."""

    def _round(self, place: int, start: int, end: int, need: int, *, more: bool, single: bool) -> Move | None:
        """Ways from start to end for `need` people, over withheld cells only unless `more`; in one way if `single`."""
        import numpy as np

        change = np.zeros(len(self._n), dtype=np.int64)
        price = self._price.copy()
        if not more:
            price[price > _SHORT] = np.inf
        price[place] = np.inf
        left = need
        while left:
            # Putting in has no bound; taking out has what is there.
            room = np.where(self._puts > 0, np.iinfo(np.int64).max, (self._n + change)[self._at])
            cost = np.where(room >= (left if single else 1), price[self._at], np.inf)
            way = self._shortest(start, end, cost)
            if way is None:
                return None
            width = min(left, int(room[way].min()))
            np.add.at(change, self._at[way], self._puts[way] * width)
            price[self._at[way]] = _SHORT
            left -= width
        return {int(at): int(change[at]) for at in np.flatnonzero(change)}

    def _shortest(self, start: int, end: int, cost: "NDArray[np.float64]") -> "NDArray[np.intp] | None":
        """The arcs of the cheapest way (Bellman 1958, Ford 1956: every node at once, until nothing gets cheaper)."""
        import numpy as np

        if not len(self._head):
            return None
        far = np.full(self._nodes, np.inf)
        far[start] = 0.0
        for _ in range(self._nodes):
            nearer = np.minimum(far[self._heads], np.minimum.reduceat(far[self._tail] + cost, self._starts))
            if np.array_equal(nearer, far[self._heads]):
                break
            far[self._heads] = nearer
        if not np.isfinite(far[end]):
            return None
        way, node = [], end
        while node != start:
            group = self._group[node]
            arcs = slice(self._starts[group], self._stops[group])
            arc = int(self._starts[group]) + int((far[self._tail[arcs]] + cost[arcs]).argmin())
            way.append(arc)
            node = int(self._tail[arc])
        return np.array(way, dtype=np.intp)
