"""The commune's works (công trình, dự án) that a case may concern."""

from typing import NamedTuple

from sqlalchemy import Connection, func, insert, select, update

from feedback.roles import Actor
from storage import act_rows, confidential
from storage.ids import new_id
from storage.tables import cases, works
from storage.tx import Tx
from vietnam.text import sort_key

MOST = 12
"""Going on at the same time: a longer list is no question for a small screen."""
LONGEST = 120


class Works(NamedTuple):
    """One of them; `cases`: how many concern it."""

    id: int
    name: str
    active: bool = True
    cases: int = 0


def going_on(conn: Connection, unit: int) -> list[Works]:
    """Those that people are asked about, in the order of the alphabet."""
    query = select(works.c.id, works.c.name).where(works.c.unit_id == unit, works.c.active == 1)
    return [Works(row.id, row.name) for row in conn.execute(query.order_by(works.c.sort_key, works.c.id).limit(MOST))]


def all_of(conn: Connection, unit: int) -> list[Works]:
    """Every one of a unit, those going on first. What one person alone may see is not counted."""
    concern = (cases.c.works_id == works.c.id) & confidential.visible()
    many = select(func.count()).where(concern).scalar_subquery()
    query = select(works.c.id, works.c.name, works.c.active, many.label("cases")).where(works.c.unit_id == unit)
    rows = conn.execute(query.order_by(works.c.active.desc(), works.c.sort_key, works.c.id))
    return [Works(row.id, row.name, bool(row.active), int(row.cases)) for row in rows]


def is_of(conn: Connection, unit: int, id: int) -> bool:
    """Whether the unit has such works, going on or not."""
    return conn.scalar(select(works.c.unit_id).where(works.c.id == id)) == unit


def add(tx: Tx, actor: Actor, name: str, now: int) -> str:
    """Add one; "" or why not, as a wording key."""
    mine = works.c.unit_id == actor.unit
    if not name or len(name) > LONGEST:
        return "works.name"
    if tx.conn.scalar(select(works.c.id).where(mine, works.c.name == name)) is not None:
        return "works.twice"
    if (tx.conn.scalar(select(func.count()).where(mine, works.c.active == 1)) or 0) >= MOST:
        return "works.many"
    id = new_id()
    tx.execute(insert(works).values(id=id, unit_id=actor.unit, name=name, sort_key=sort_key(name), created_at=now))
    act_rows.record(tx, actor, "add", thing="works", thing_id=id, unit=actor.unit, now=now, name=name)
    return ""


def set_active(tx: Tx, actor: Actor, id: int, *, active: bool, now: int) -> str:
    """People are asked about it, or not any more; "" or why not, as a wording key."""
    mine = (works.c.id == id) & (works.c.unit_id == actor.unit)
    stands = tx.conn.scalar(select(works.c.active).where(mine).with_for_update())
    if stands is None:
        return "act.no_case"
    if bool(stands) == active:
        return ""
    going = (tx.conn.scalar(select(func.count()).where(works.c.unit_id == actor.unit, works.c.active == 1))) or 0
    if active and going >= MOST:
        return "works.many"
    tx.execute(update(works).where(mine).values(active=int(active)))
    action = "resume" if active else "finish"
    act_rows.record(tx, actor, action, thing="works", thing_id=id, unit=actor.unit, now=now)
    return ""
