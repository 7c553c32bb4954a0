"""Counts by day of what happened at the doors ("webhook.bad_secret"), without a word of what was said."""

from datetime import date

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from storage.tables import counters
from storage.tx import Tx
from vietnam.time import day_of


def add(tx: Tx, name: str, now: int, by: int = 1) -> None:
    """Add to a counter of the day."""
    maker = postgres_insert(counters) if tx.postgres else sqlite_insert(counters)
    row = maker.values(name=name, day=day_of(now).isoformat(), count=by)
    key = [counters.c.name, counters.c.day]
    tx.execute(row.on_conflict_do_update(index_elements=key, set_={"count": counters.c.count + by}))


def since(conn: Connection, name: str, day: date) -> int:
    """One counter from that day on."""
    query = select(func.sum(counters.c.count)).where(counters.c.name == name, counters.c.day >= day.isoformat())
    return int(conn.scalar(query) or 0)


def totals(conn: Connection) -> dict[str, int]:
    """Every counter, all days together."""
    query = select(counters.c.name, func.sum(counters.c.count)).group_by(counters.c.name)
    return {row[0]: int(row[1]) for row in conn.execute(query)}
