"""What the officers of a unit are told by the program itself."""

from typing import Any

import msgspec
from sqlalchemy import insert

from storage.ids import new_id
from storage.tables import notices
from storage.tx import Tx


def add(tx: Tx, unit_id: int, key: str, params: dict[str, Any], now: int) -> None:
    """Tell a unit's officers something: a wording key and its parameters."""
    body = msgspec.json.encode(params).decode()
    tx.execute(insert(notices).values(id=new_id(), unit_id=unit_id, key=key, params=body, at=now))
    tx.wake(f"queue:{unit_id}")
