"""Who handles what in a unit: its own table, its officers, and whose turn a case is."""

from typing import Any

import msgspec
from sqlalchemy import Connection, Row, delete, insert, select

from feedback.acts import CaseFacts, Decision, Open
from feedback.kinds import Kind
from feedback.roles import Actor, Role
from feedback.routing import Assignee, Colleague, Route, is_there, route
from storage import act_rows
from storage.ids import new_id
from storage.tables import cases, officers, routing_rules, units
from storage.tx import Tx

_IN_PASSING = frozenset({"assign", "flag"})
"""Acts of somebody who neither works on the case nor has seen to what the citizen said last."""


def staff(conn: Connection, unit: int) -> tuple[Colleague, ...]:
    """The officers of a unit itself who are there; heads of villages handle no cases."""
    query = select(officers.c.id, officers.c.role).where(officers.c.unit_id == unit, officers.c.active == 1)
    known = set(Role)
    return tuple(Colleague(row.id, Role(row.role)) for row in conn.execute(query) if row.role in known)


def table(conn: Connection, unit: int) -> list[Route]:
    """A unit's own lines, the heaviest first."""
    rows = conn.execute(select(routing_rules).where(routing_rules.c.unit_id == unit))
    lines = [
        Route(
            id=row.id, kind=row.kind, category=row.category, village=row.village, to=assignee(row.role, row.officer_id)
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: (tuple(-int(part) for part in line.weight), line.kind, line.category))


def _said(row: Row[Any]) -> dict[str, Any]:
    return {"kind": row.kind, "category": row.category, "village": row.village}


def assignee(role: str | None, officer: int | None) -> Assignee:
    """Whose turn it is, from its two columns."""
    return Assignee(Role(role) if role in set(Role) else None, officer or 0)


def columns(to: Assignee | None, now: int) -> dict[str, Any]:
    """The columns of a case that say whose turn it is; none where that stays."""
    if to is None:
        return {}
    return {"assigned_role": str(to.role or ""), "assigned_id": to.officer or None, "assigned_at": now}


def of_new(conn: Connection, unit: int, act: Open) -> Assignee:
    """Whose turn a new case is."""
    there = staff(conn, unit)
    return route(table(conn, unit), kind=act.kind, category=act.category, village=act.village, staff=there).to


def after(facts: CaseFacts, decision: Decision, now: int) -> dict[str, Any]:
    """What an act changes beside the state: whose turn it is, how often it was called late, whether it is too high."""
    values = columns(decision.assigned, now)
    if decision.action == "flag":
        values["over_level"] = 1
    if decision.action == "escalate":
        values["escalated"] = facts.escalated + 1
    if decision.action in _IN_PASSING:
        values |= {"officer_id": cases.c.officer_id, "unheard": cases.c.unheard}
    return values


def detail(decision: Decision) -> dict[str, str]:
    """Whose turn it is now, for the history: the officer's id, or the role."""
    to = decision.assigned
    if to is None or decision.action == "take":
        return {}
    return {"officer": str(to.officer)} if to.officer else {"role": str(to.role)}


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line as the page shows it. `there`: the person or role can be given cases now."""

    id: int
    kind: str
    category: str
    village: int
    village_name: str
    role: str
    officer: str
    there: bool


def lines(conn: Connection, unit: int) -> list[Line]:
    """A unit's own lines, the heaviest first, with what their names are."""
    there = staff(conn, unit)
    names = {row.id: row.name for row in conn.execute(select(officers.c.id, officers.c.name))}
    below = conn.execute(select(units.c.id, units.c.name).where(units.c.parent_id == unit))
    places = {row.id: row.name for row in below}
    return [
        Line(
            id=one.id,
            kind=one.kind,
            category=one.category,
            village=one.village,
            village_name=places.get(one.village, ""),
            role=str(one.to.role or ""),
            officer=names.get(one.to.officer, ""),
            there=is_there(one.to, there),
        )
        for one in table(conn, unit)
    ]


def handlers(conn: Connection, unit: int) -> list[tuple[int, str, str]]:
    """Officers (id, name, role) who may be given cases, by name."""
    there = staff(conn, unit)
    able = [one.id for one in there if is_there(Assignee(officer=one.id), there)]
    query = select(officers.c.id, officers.c.name, officers.c.role).where(officers.c.id.in_(able))
    return [(row.id, row.name, row.role) for row in conn.execute(query.order_by(officers.c.name, officers.c.id))]


class Bad(ValueError):
    """A line that cannot be: the text is a wording key, `who` has the case now where that is why."""

    def __init__(self, key: str, who: Assignee | None = None) -> None:
        super().__init__(key)
        self.who = who


def put(tx: Tx, actor: Actor, line: Route, now: int, seen: frozenset[int] | None = None) -> int:
    """Add a line, or change that of the same conditions; its id. Bad where it names nobody or nothing of the unit.

    `seen` are the ids of the lines that were looked at: one that somebody else has put there since is not taken away
    unread. None: whatever there is.
    """
    conn, unit = tx.conn, actor.unit
    if not is_there(line.to, staff(conn, unit)):
        raise Bad("act.nobody_there")
    if not (line.kind or line.category or line.village) or line.kind not in ("", *Kind):
        raise Bad("routing.empty")
    if line.village and conn.scalar(select(units.c.parent_id).where(units.c.id == line.village)) != unit:
        raise Bad("routing.village")
    same = (
        (routing_rules.c.unit_id == unit)
        & (routing_rules.c.kind == line.kind)
        & (routing_rules.c.category == line.category)
        & (routing_rules.c.village == line.village)
    )
    there = tx.execute(select(routing_rules).where(same)).first()
    if there is not None and seen is not None and there.id not in seen:
        raise Bad("routing.changed", assignee(there.role, there.officer_id))
    tx.execute(delete(routing_rules).where(same))
    id = new_id()
    said: dict[str, Any] = {"kind": line.kind, "category": line.category, "village": line.village}
    to: dict[str, Any] = {"role": str(line.to.role or ""), "officer_id": line.to.officer or None}
    tx.execute(insert(routing_rules).values(id=id, unit_id=unit, created_at=now, **said, **to))
    act_rows.record(tx, actor, "put", thing="routing", thing_id=id, unit=unit, now=now, **said, **to)
    return id


def remove(tx: Tx, actor: Actor, id: int, now: int) -> bool:
    """Take a line away; False where the unit has none of that id."""
    mine = (routing_rules.c.id == id) & (routing_rules.c.unit_id == actor.unit)
    if tx.execute(delete(routing_rules).where(mine)).rowcount != 1:
        return False
    act_rows.record(tx, actor, "remove", thing="routing", thing_id=id, unit=actor.unit, now=now)
    return True
