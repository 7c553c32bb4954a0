"""How large a store is, for papers about the running system itself."""

import msgspec
from sqlalchemy import Connection, func, select

from storage.tables import accounts, officers


class Scale(msgspec.Struct, frozen=True):
    """Accounts of officers that are on, and accounts of people on all platforms."""

    officers: int
    people: int


def scale(conn: Connection) -> Scale:
    """Of the whole store, all communes together."""
    staff = select(func.count()).select_from(officers).where(officers.c.active == 1)
    return Scale(conn.scalar(staff) or 0, conn.scalar(select(func.count()).select_from(accounts)) or 0)
