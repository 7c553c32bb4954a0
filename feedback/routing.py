"""Who gets a new case: the commune's own table first, the most specific line of it, and always somebody."""

from collections.abc import Iterable, Sequence

import msgspec

from feedback.kinds import Kind
from feedback.kinds import rule as rule_of
from feedback.reach import SCOPED
from feedback.roles import ALLOWED, Role

HANDLERS: frozenset[Role] = frozenset(Role(one) for one in ALLOWED["case.take"] if one in set(Role))
"""Roles that handle cases: nobody else is given one."""


class Assignee(msgspec.Struct, frozen=True):
    """Whose turn it is: an officer by id, else whoever of a role comes first ("" and 0: nobody yet)."""

    role: Role | None = None
    officer: int = 0


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a commune's table. `kind` and `category` "" and `village` 0 stand for any."""

    id: int = 0
    kind: str = ""
    category: str = ""
    village: int = 0
    to: Assignee

    @property
    def weight(self) -> tuple[int, bool, bool, bool]:
        """The heavier line wins: more conditions first, then kind before field before village."""
        said = (bool(self.kind), bool(self.category), bool(self.village))
        return (sum(said), *said)


class Colleague(msgspec.Struct, frozen=True):
    """An officer of the unit who is there."""

    id: int
    role: Role


class Routed(msgspec.Struct, frozen=True):
    """Where a case goes, and by which line (None: by the rule of its kind)."""

    to: Assignee
    by: Route | None = None


def route(
    table: Iterable[Route], *, kind: Kind, category: str, village: int | None, staff: Sequence[Colleague]
) -> Routed:
    """To whom a case goes: the heaviest line that fits and whose person or role is there, else the kind's own role.

    A line that names an officer who has left, or whose role nobody has, is passed over; where nobody has the kind's
    role either it goes to reception, so that every case is somebody's.
    """
    fitting = [line for line in table if _fits(line, kind, category, village) and is_there(line.to, staff)]
    if fitting:
        best = max(fitting, key=lambda line: line.weight)
        return Routed(best.to, best)
    return Routed(fallback(kind, staff))


def fallback(kind: Kind, staff: Sequence[Colleague]) -> Assignee:
    """Who handles a kind where no line says so."""
    own = Assignee(rule_of(kind).handled_by)
    order = (own, Assignee(Role.RECEPTION), Assignee(Role.LEADER))
    return next((to for to in order if is_there(to, staff)), own)


def is_there(to: Assignee, staff: Sequence[Colleague]) -> bool:
    """Whether the officer is there and handles cases, or anybody of the role does."""
    if to.officer:
        return any(one.id == to.officer and one.role in HANDLERS for one in staff)
    # A specialist is given a case by name: which of them it would be for, a role does not say.
    return to.role in HANDLERS - SCOPED and any(one.role is to.role for one in staff)


def returned_to(kind: Kind, now_with: Assignee, staff: Sequence[Colleague]) -> Assignee | None:
    """Who gets a case that lay untouched: reception, then the leaders; None where it has come that far already."""
    for to in (Assignee(Role.RECEPTION), Assignee(Role.LEADER)):
        if now_with.role is to.role and not now_with.officer:
            continue
        if to.role is Role.RECEPTION and (now_with.role is Role.LEADER or rule_of(kind).handled_by is Role.LEADER):
            continue  # what was the leaders' never goes back down to the counter
        if is_there(to, staff):
            return to
    return None


def _fits(line: Route, kind: Kind, category: str, village: int | None) -> bool:
    return line.kind in ("", kind) and line.category in ("", category) and line.village in (0, village or 0)
