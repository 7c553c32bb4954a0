"""How a commune addresses and signs its papers: one row a commune, JSON of reports.plans.Profile."""

import hashlib
from typing import Any

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from feedback.roles import Actor, may
from storage import act_rows
from storage.tables import commune_profiles, units
from storage.tx import Tx


def body(conn: Connection, unit: int) -> str | None:
    """The commune's own profile; None where it has not said how it signs."""
    return conn.scalar(select(commune_profiles.c.body).where(commune_profiles.c.unit_id == unit))


def without(conn: Connection) -> list[str]:
    """Names of the communes that have not said how they sign, in the order of the alphabet."""
    own = select(commune_profiles.c.unit_id)
    query = select(units.c.name).where(units.c.kind == "commune", units.c.active == 1, units.c.id.not_in(own))
    return list(conn.scalars(query.order_by(units.c.sort_key)))


def mark_of(body: str | None) -> str:
    """What tells one profile from another, "" for none: whoever changes it says which one they looked at."""
    return "" if body is None else hashlib.sha256(body.encode()).hexdigest()[:16]


def put(tx: Tx, actor: Actor, body: str, now: int, seen: str | None = None) -> bool:
    """The commune of the actor signs so from now on. PermissionError.

    False, and nothing changed, where it is not the one of the mark `seen` any more; None: whatever there is.
    """
    _checked(actor)
    mine = select(commune_profiles.c.body).where(commune_profiles.c.unit_id == actor.unit)
    there = tx.execute(mine.with_for_update()).scalar()
    if there == body:
        return True
    if seen is not None and mark_of(there) != seen:
        return False
    maker = postgres_insert if tx.postgres else sqlite_insert
    values = {"body": body, "changed_by": actor.label(), "changed_at": now}
    made = maker(commune_profiles).values(unit_id=actor.unit, **values)
    tx.execute(made.on_conflict_do_update(index_elements=["unit_id"], set_=values))
    _record(tx, actor, "change", now, body=body)
    return True


def forget(tx: Tx, actor: Actor, now: int) -> bool:
    """The commune signs as any other again; False where it had nothing of its own. PermissionError."""
    _checked(actor)
    if not tx.execute(delete(commune_profiles).where(commune_profiles.c.unit_id == actor.unit)).rowcount:
        return False
    _record(tx, actor, "remove", now)
    return True


def _checked(actor: Actor) -> None:
    if not may(actor, "profile.edit", actor.unit):
        raise PermissionError("profile.edit")


def _record(tx: Tx, actor: Actor, action: str, now: int, **detail: Any) -> None:  # noqa: ANN401 - what the act says
    act_rows.record(tx, actor, action, thing="profile", thing_id=actor.unit, unit=actor.unit, now=now, **detail)
