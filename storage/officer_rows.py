"""Adding and listing officers, from the command line."""

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from feedback.roles import SYSTEM, Actor, Role
from storage import act_rows
from storage.ids import new_id
from storage.tables import officers
from storage.tx import Tx


@dataclass(frozen=True, slots=True)
class Listed:
    """An officer as a list shows one."""

    login: str
    name: str
    role: str


def add(tx: Tx, *, unit_id: int, login: str, name: str, role: Role, password_hash: str, now: int) -> bool:
    """Add an officer; False where the log-in is taken."""
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
            created_at=now,
        )
    )
    actor = Actor(kind=SYSTEM, unit=unit_id)
    act_rows.record(tx, actor, "add", thing="officer", thing_id=id, unit=unit_id, now=now, login=login, role=role)
    return True


def listed(conn: Connection, unit_id: int) -> list[Listed]:
    """The officers of a unit."""
    columns = (officers.c.login, officers.c.name, officers.c.role)
    mine = select(*columns).where(officers.c.unit_id == unit_id, officers.c.active == 1)
    return [Listed(*row) for row in conn.execute(mine.order_by(officers.c.login))]
