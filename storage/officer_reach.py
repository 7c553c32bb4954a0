"""How far an officer reaches: fields and villages, in two columns that every log-in reads along."""

from collections.abc import Iterable

import msgspec
from sqlalchemy import Connection, delete, insert, select

from feedback.kinds import CATEGORIES
from storage.tables import officer_reach, units
from storage.tx import Tx


class Reach(msgspec.Struct, frozen=True):
    """Fields (feedback.kinds.CATEGORIES) and ids of villages; nothing of either stands for all of them."""

    fields: tuple[str, ...] = ()
    villages: tuple[int, ...] = ()


def read(fields: str | None, villages: str | None) -> Reach:
    """The reach of its two columns; NULL where there is no row."""
    return Reach(
        tuple(filter(None, (fields or "").split(","))), tuple(map(int, filter(None, (villages or "").split(","))))
    )


def of(conn: Connection, officer: int) -> Reach:
    """Of one officer."""
    mine = officer_reach.c.officer_id == officer
    row = conn.execute(select(officer_reach.c.fields, officer_reach.c.villages).where(mine)).first()
    return Reach() if row is None else read(row.fields, row.villages)


def known(conn: Connection, unit: int, fields: Iterable[str], villages: Iterable[int]) -> Reach | None:
    """What was chosen, in the order of the lists; None where a field or a village of the commune is no such thing."""
    here = list(conn.scalars(select(units.c.id).where(units.c.parent_id == unit, units.c.kind == "village")))
    said, where = set(fields), set(villages)
    if not said <= set(CATEGORIES) or not where <= set(here):
        return None
    return Reach(tuple(one for one in CATEGORIES if one in said), tuple(sorted(where)))


def put(tx: Tx, officer: int, reach: Reach) -> None:
    """From now on."""
    tx.execute(delete(officer_reach).where(officer_reach.c.officer_id == officer))
    if reach != Reach():
        said = {"fields": ",".join(reach.fields), "villages": ",".join(map(str, reach.villages))}
        tx.execute(insert(officer_reach).values(officer_id=officer, **said))
