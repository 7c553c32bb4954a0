"""Answers a unit keeps ready: its own, each change an act; and the shipped ones it has not taken over."""

from sqlalchemy import Connection, func, insert, select, update

from feedback.acts import Refusal
from feedback.canned import MOST, Canned, Shipped, checked, shipped
from feedback.roles import Actor, may
from storage import act_rows
from storage.ids import new_id
from storage.tables import canned_replies, officers
from storage.tx import Tx

_SAID = ("title", "text", "kind", "category", "outcome")


class Kept(Canned, frozen=True, kw_only=True):
    """One of a unit's own; `by` is who wrote it last, `changed_at` when (UTC milliseconds)."""

    id: int
    version: int
    active: bool
    by: str
    changed_at: int


def of_unit(conn: Connection, unit: int, *, all: bool = False) -> list[Kept]:
    """A unit's own by their titles; with `all` also those that are switched off."""
    query = (
        select(canned_replies, officers.c.name.label("by"))
        .outerjoin(officers, officers.c.id == canned_replies.c.officer_id)
        .where(canned_replies.c.unit_id == unit)
        .order_by(canned_replies.c.title, canned_replies.c.id)
    )
    rows = conn.execute(query if all else query.where(canned_replies.c.active == 1))
    return [
        Kept(
            **{name: getattr(row, name) for name in (*_SAID, "id", "version", "changed_at")},
            active=bool(row.active),
            by=row.by or "",
        )
        for row in rows
    ]


def one(conn: Connection, unit: int, id: int) -> Kept | None:
    """One of a unit's own, None where it has none of that id."""
    return next((kept for kept in of_unit(conn, unit, all=True) if kept.id == id), None)


def offered(conn: Connection, unit: int) -> list[Shipped]:
    """Shipped ones that the unit has not made its own, also not one that it has switched off since."""
    taken = set(conn.scalars(select(canned_replies.c.taken_from).where(canned_replies.c.unit_id == unit)))
    return [shipped_one for shipped_one in shipped() if shipped_one.id not in taken]


def put(tx: Tx, actor: Actor, id: int, written: Canned, seen: int, now: int, taken_from: str = "") -> int | Refusal:
    """Keep one, new for id 0; its id, or why not. KeyError for one of another unit.

    `seen` is the version that was looked at: what somebody else wrote meanwhile is not written over unread.
    """
    if not may(actor, "canned.write", actor.unit):
        return Refusal("act.not_allowed")
    right = checked(written)
    if isinstance(right, Refusal):
        return right
    values = {name: getattr(right, name) for name in _SAID} | {"officer_id": actor.id or None, "changed_at": now}
    mine = canned_replies.c.unit_id == actor.unit
    if id:
        if tx.conn.scalar(select(canned_replies.c.id).where(mine, canned_replies.c.id == id)) is None:
            raise KeyError(id)
        same = mine & (canned_replies.c.id == id) & (canned_replies.c.version == seen)
        if not tx.execute(update(canned_replies).where(same).values(**values, version=seen + 1)).rowcount:
            return Refusal("canned.changed")
    else:
        if (tx.conn.scalar(select(func.count()).select_from(canned_replies).where(mine)) or 0) >= MOST:
            return Refusal("canned.too_many", {"most": MOST})
        id = new_id()
        known = {one.id for one in shipped()}
        source = taken_from if taken_from in known else ""
        tx.execute(insert(canned_replies).values(id=id, unit_id=actor.unit, taken_from=source, **values))
    act_rows.record(tx, actor, "write", thing="canned", thing_id=id, unit=actor.unit, now=now, title=right.title)
    return id


def turn(tx: Tx, actor: Actor, id: int, *, on: bool, now: int) -> bool:
    """Offer one on the pages of cases, or no more; False where the unit has none, or it stands so already."""
    if not may(actor, "canned.write", actor.unit):
        return False
    mine = (canned_replies.c.unit_id == actor.unit) & (canned_replies.c.id == id)
    other = canned_replies.c.active != int(on)
    turned = update(canned_replies).where(mine, other)
    if not tx.execute(turned.values(active=int(on), version=canned_replies.c.version + 1)).rowcount:
        return False
    action = "switch_on" if on else "switch_off"
    act_rows.record(tx, actor, action, thing="canned", thing_id=id, unit=actor.unit, now=now)
    return True
