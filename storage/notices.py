"""What the officers of a unit are told by the program itself."""

from typing import Any

import msgspec
from sqlalchemy import insert, update

from storage.ids import new_id
from storage.tables import notices
from storage.tx import Tx


def add(tx: Tx, unit_id: int, key: str, params: dict[str, Any], now: int) -> None:
    """Tell a unit's officers something: a wording key and its parameters."""
    body = msgspec.json.encode(params).decode()
    tx.execute(insert(notices).values(id=new_id(), unit_id=unit_id, key=key, params=body, at=now))
    tx.wake(f"queue:{unit_id}")


def settle(tx: Tx, unit_id: int, key: str, params: dict[str, Any], now: int) -> None:
    """Put away what is said of something that is over; nothing where nobody was told, or all have read it."""
    body = msgspec.json.encode(params).decode()
    same = (notices.c.unit_id == unit_id) & (notices.c.key == key) & (notices.c.params == body)
    tx.execute(update(notices).where(same, notices.c.read_at.is_(None)).values(read_at=now))
