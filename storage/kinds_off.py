"""Which kinds and fields of cases a unit has switched off, and who did so when."""

from typing import Any

import msgspec
from sqlalchemy import Connection, delete, insert, select

from feedback.acts import Refusal
from feedback.in_use import InUse, Switch, decide_switch, without
from feedback.roles import Actor
from storage import act_rows
from storage.tables import acts, kinds_off, officers, units
from storage.tx import Tx

_THING = "kinds"
_LATELY = 10


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One change, as the page tells it; `at` in UTC milliseconds, `who` "" where an officer is gone."""

    what: str
    name: str
    on: bool
    who: str
    at: int


def _off(conn: Connection, unit: int) -> frozenset[tuple[str, str]]:
    rows = conn.execute(select(kinds_off.c.what, kinds_off.c.name).where(kinds_off.c.unit_id == unit))
    return frozenset((row.what, row.name) for row in rows)


def in_use(conn: Connection, unit: int) -> InUse:
    """What a unit takes now."""
    return without(_off(conn, unit))


def off(conn: Connection, unit: int) -> frozenset[tuple[str, str]]:
    """("kind" or "field", its id) of what a unit has switched off by itself."""
    return _off(conn, unit)


def switch(tx: Tx, actor: Actor, act: Switch, now: int) -> Refusal | None:
    """Switch one off or on; why not, or None where it is done or stands so already."""
    unit = actor.unit
    # Two officers at once must not switch off the last two.
    tx.execute(select(units.c.id).where(units.c.id == unit).with_for_update())
    decided = decide_switch(_off(tx.conn, unit), act, actor, unit)
    if isinstance(decided, Refusal):
        return decided
    if not decided:
        return None
    one: dict[str, Any] = {"what": act.what, "name": act.name}
    if act.on:
        mine = (kinds_off.c.unit_id == unit) & (kinds_off.c.what == act.what) & (kinds_off.c.name == act.name)
        tx.execute(delete(kinds_off).where(mine))
    else:
        tx.execute(insert(kinds_off).values(unit_id=unit, at=now, **one))
    done = "switch_on" if act.on else "switch_off"
    act_rows.record(tx, actor, done, thing=_THING, thing_id=unit, unit=unit, now=now, **one)
    return None


def changes(conn: Connection, unit: int) -> list[Change]:
    """The newest first, at most 10."""
    rows = conn.execute(
        select(acts.c.action, acts.c.actor, acts.c.detail, acts.c.at)
        .where(acts.c.thing == _THING, acts.c.thing_id == unit)
        .order_by(acts.c.version.desc())
        .limit(_LATELY)
    ).all()
    by = [int(row.actor.partition(":")[2] or 0) for row in rows]
    there = conn.execute(select(officers.c.id, officers.c.name).where(officers.c.id.in_(by)))
    names = {row.id: row.name for row in there}
    found = []
    for row, officer in zip(rows, by, strict=True):
        said = msgspec.json.decode(row.detail or "{}", type=dict[str, str])
        on = row.action == "switch_on"
        who = names.get(officer, "")
        found.append(Change(what=said.get("what", ""), name=said.get("name", ""), on=on, who=who, at=row.at))
    return found
