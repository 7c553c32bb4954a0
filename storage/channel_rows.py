"""Our own accounts on the platforms, and the few facts that are kept about each."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from feedback.roles import SYSTEM, Actor
from storage import act_rows
from storage.by_hand import BY_HAND
from storage.ids import new_id
from storage.tables import channel_accounts, channel_facts
from storage.tx import Tx
from storage.vault import Vault


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """One account of ours. `config` is None where the settings hold it; `name` is "" for that of the settings."""

    id: int
    unit_id: int
    channel: str
    name: str
    active: bool
    heard_at: int | None
    config: dict[str, Any] | None


def _context(id: int) -> bytes:
    return b"channel:%d" % id


_COLUMNS = (
    channel_accounts.c.id,
    channel_accounts.c.unit_id,
    channel_accounts.c.channel,
    channel_accounts.c.name,
    channel_accounts.c.active,
    channel_accounts.c.heard_at,
    channel_accounts.c.secret,
)


def _row(row: Any, vault: Vault) -> ChannelRow:  # noqa: ANN401 - a row of _COLUMNS
    config = None if row.secret is None else json.loads(vault.open(bytes(row.secret), _context(row.id)))
    return ChannelRow(row.id, row.unit_id, row.channel, row.name, bool(row.active), row.heard_at, config)


def rows(conn: Connection, vault: Vault) -> list[ChannelRow]:
    """Every account, the oldest first; not that of people without a chat, which is no platform's."""
    platforms = channel_accounts.c.channel != BY_HAND
    found = conn.execute(select(*_COLUMNS).where(platforms).order_by(channel_accounts.c.id))
    return [_row(row, vault) for row in found]


def add(tx: Tx, vault: Vault, *, unit_id: int, channel: str, name: str, config: dict[str, Any], now: int) -> int:
    """A new account with its secrets sealed; IntegrityError where the unit has one of that channel and name."""
    id = new_id()
    sealed = vault.seal(json.dumps(config).encode(), _context(id))
    tx.execute(
        insert(channel_accounts).values(id=id, unit_id=unit_id, channel=channel, name=name, secret=sealed, active=1)
    )
    _record(tx, id, "add", now)
    return id


def change(tx: Tx, vault: Vault, id: int, config: dict[str, Any], now: int) -> None:
    """Other settings for an account, which is on again if it was off."""
    sealed = vault.seal(json.dumps(config).encode(), _context(id))
    tx.execute(update(channel_accounts).where(channel_accounts.c.id == id).values(secret=sealed, active=1))
    _record(tx, id, "change", now)


def set_active(tx: Tx, id: int, now: int, *, active: bool) -> None:
    """Switch an account on or off; its people and conversations stay."""
    tx.execute(update(channel_accounts).where(channel_accounts.c.id == id).values(active=int(active)))
    _record(tx, id, "switch_on" if active else "switch_off", now)


def _record(tx: Tx, id: int, action: str, now: int) -> None:
    """The act of the operator, without anything of the settings themselves."""
    columns = (channel_accounts.c.unit_id, channel_accounts.c.channel, channel_accounts.c.name)
    row = tx.execute(select(*columns).where(channel_accounts.c.id == id)).one()
    said: dict[str, Any] = {"channel": row.channel, "name": row.name}
    actor = Actor(kind=SYSTEM, unit=row.unit_id)
    act_rows.record(tx, actor, action, thing="channel", thing_id=id, unit=row.unit_id, now=now, **said)


def heard_at(conn: Connection, id: int) -> int | None:
    """When something came in on this account last (UTC ms), None for never."""
    found: int | None = conn.scalar(select(channel_accounts.c.heard_at).where(channel_accounts.c.id == id))
    return found


def heard(tx: Tx, id: int, now: int) -> None:
    """Something came in on this account."""
    tx.execute(update(channel_accounts).where(channel_accounts.c.id == id).values(heard_at=now))


def facts(conn: Connection, id: int) -> dict[str, tuple[str, int]]:
    """Name -> (value, since when in UTC ms) of one account."""
    found = conn.execute(select(channel_facts).where(channel_facts.c.channel_account_id == id))
    return {row.name: (row.value, row.at) for row in found}


def set_fact(tx: Tx, id: int, name: str, value: str, now: int) -> None:
    """Remember a fact ("quota.left", "signature.variant"); "" forgets it."""
    mine = (channel_facts.c.channel_account_id == id) & (channel_facts.c.name == name)
    if not value:
        tx.execute(delete(channel_facts).where(mine))
        return
    maker = postgres_insert if tx.postgres else sqlite_insert
    row = maker(channel_facts).values(channel_account_id=id, name=name, value=value, at=now)
    tx.execute(
        row.on_conflict_do_update(index_elements=["channel_account_id", "name"], set_={"value": value, "at": now})
    )
