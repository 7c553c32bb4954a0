"""What the officers of a unit are told by the program itself."""

from typing import Any

import msgspec
from sqlalchemy import delete, insert, select, update

from storage.ids import new_id
from storage.tables import notices, units
from storage.tx import Tx


def add(tx: Tx, unit_id: int, key: str, params: dict[str, Any], now: int) -> None:
    """Tell a unit's officers something: a wording key and its parameters."""
    body = msgspec.json.encode(params).decode()
    tx.execute(insert(notices).values(id=new_id(), unit_id=unit_id, key=key, params=body, at=now))
    tx.wake(f"queue:{unit_id}")


def add_once(tx: Tx, unit_id: int, key: str, params: dict[str, Any], now: int) -> bool:
    """Tell a unit's officers something, unless they have been told just this, read or not; whether it was told now."""
    # Of two processes the second waits here and sees what the first has said.
    tx.execute(select(units.c.id).where(units.c.id == unit_id).with_for_update())
    body = msgspec.json.encode(params).decode()
    same = (notices.c.unit_id == unit_id) & (notices.c.key == key) & (notices.c.params == body)
    if tx.execute(select(notices.c.id).where(same).limit(1)).first() is not None:
        return False
    add(tx, unit_id, key, params, now)
    return True


def settle(tx: Tx, unit_id: int, key: str, params: dict[str, Any], now: int) -> None:
    """Put away what is said of something that is over; nothing where nobody was told, or all have read it."""
    body = msgspec.json.encode(params).decode()
    same = (notices.c.unit_id == unit_id) & (notices.c.key == key) & (notices.c.params == body)
    tx.execute(update(notices).where(same, notices.c.read_at.is_(None)).values(read_at=now))


def forget(tx: Tx, before: int) -> None:
    """What the officers were told before an instant goes, read or not."""
    tx.execute(delete(notices).where(notices.c.at < before))
