"""Adding and listing officers, from the command line."""

import msgspec
from sqlalchemy import Connection, case, insert, select

from feedback.roles import SYSTEM, Actor, Role
from storage import act_rows
from storage.ids import new_id
from storage.tables import officers, units
from storage.tx import Tx


class Listed(msgspec.Struct, frozen=True, omit_defaults=True):
    """An officer as a list shows one; `village` is that of a village head."""

    login: str
    name: str
    role: str
    village: str = ""


def add(
    tx: Tx,
    *,
    unit_id: int,
    login: str,
    name: str,
    role: Role,
    password_hash: str,
    now: int,
    must_change: bool = False,
) -> bool:
    """Add an officer of a commune, or the head of a village; False where the log-in is taken.

    `must_change`: whoever adds the officer knows the password; it is changed at the first log-in, and ends by itself.
    """
    if tx.conn.scalar(select(officers.c.id).where(officers.c.login == login)) is not None:
        return False
    id = new_id()
    tx.execute(
        insert(officers).values(
            id=id,
            unit_id=unit_id,
            login=login,
            name=name,
            role=str(role),
            password_hash=password_hash,
            must_change=int(must_change),
            given_at=now if must_change else None,
            created_at=now,
        )
    )
    actor = Actor(kind=SYSTEM, unit=unit_id)
    act_rows.record(tx, actor, "add", thing="officer", thing_id=id, unit=unit_id, now=now, login=login, role=role)
    return True


def listed(conn: Connection, unit_id: int) -> list[Listed]:
    """The officers of a unit, and the heads of its villages."""
    village = case((units.c.kind == "village", units.c.name), else_="")
    mine = (
        select(officers.c.login, officers.c.name, officers.c.role, village)
        .join(units, units.c.id == officers.c.unit_id)
        .where((units.c.id == unit_id) | ((units.c.parent_id == unit_id) & (units.c.kind == "village")))
        .where(officers.c.active == 1)
    )
    return [Listed(*row) for row in conn.execute(mine.order_by(officers.c.login))]
