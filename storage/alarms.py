"""What is wrong with the running of things, one row for each wrong: since when, and when the officers were told."""

import json
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from storage.tables import alarms
from storage.tx import Tx


class Standing(NamedTuple):
    """An alarm that has not ended; instants in UTC milliseconds."""

    key: str
    unit: int
    kind: str
    params: dict[str, Any]
    since: int
    told_at: int | None


def standing(conn: Connection) -> list[Standing]:
    """Every alarm that has not ended, the oldest first."""
    rows = conn.execute(select(alarms).order_by(alarms.c.since, alarms.c.key))
    return [Standing(row.key, row.unit_id, row.kind, json.loads(row.params), row.since, row.told_at) for row in rows]


def begin(tx: Tx, *, key: str, unit_id: int, kind: str, params: dict[str, Any], now: int) -> bool:
    """Note an alarm; False where it stands already, whoever noted it (its parameters are brought up to date)."""
    maker = postgres_insert if tx.postgres else sqlite_insert
    body = json.dumps(params)
    row = maker(alarms).values(key=key, unit_id=unit_id, kind=kind, params=body, since=now)
    if tx.execute(row.on_conflict_do_nothing().returning(alarms.c.key)).first() is not None:
        return True
    tx.execute(update(alarms).where(alarms.c.key == key).values(kind=kind, params=body))
    return False


def told(tx: Tx, key: str, now: int, *, before: int) -> bool:
    """Claim the telling of an alarm not told since `before`; of several processes one may."""
    due = alarms.c.told_at.is_(None) | (alarms.c.told_at < before)
    return tx.execute(update(alarms).where(alarms.c.key == key, due).values(told_at=now)).rowcount == 1


def end(tx: Tx, key: str) -> bool:
    """It is well again; False where it was not noted, or somebody else has ended it."""
    return tx.execute(delete(alarms).where(alarms.c.key == key)).rowcount == 1
