"""The rotating tokens of a channel account, sealed; and the lease by which one process at a time asks for new ones."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from storage.tables import channel_tokens
from storage.tx import Tx
from storage.vault import Vault

_LONGEST_FAULT = 200


@dataclass(frozen=True, slots=True)
class TokenRow:
    """What is stored of one account. Times are UTC ms, 0 where there is none; `life` is of the access token.

    `asked_at`: a pair was asked for since then, and no answer has been stored.
    """

    access: str
    refresh: str
    life: int
    version: int
    access_until: int
    refresh_until: int
    lease_until: int
    asked_at: int
    fault: str

    def __repr__(self) -> str:
        """Without the tokens."""
        return f"TokenRow({self.version})"


def _context(account: int) -> bytes:
    return b"channel_tokens:%d" % account


def load(conn: Connection, vault: Vault, account: int) -> TokenRow | None:
    """The newest pair; None before the first login."""
    row = conn.execute(select(channel_tokens).where(channel_tokens.c.channel_account_id == account)).one_or_none()
    if row is None or row.body is None:
        return None
    body = json.loads(vault.open(bytes(row.body), _context(account)))
    return TokenRow(
        access=body["access"],
        refresh=body["refresh"],
        life=body["life"],
        version=row.version,
        access_until=row.access_until,
        refresh_until=row.refresh_until,
        lease_until=row.lease_until or 0,
        asked_at=row.asked_at or 0,
        fault=row.fault,
    )


def lease(tx: Tx, account: int, version: int, now: int, until: int) -> bool:
    """Whether the right to renew this version is the caller's until then; that it asks is stored with it."""
    free = or_(channel_tokens.c.lease_until.is_(None), channel_tokens.c.lease_until <= now)
    mine = (channel_tokens.c.channel_account_id == account) & (channel_tokens.c.version == version)
    taken = tx.execute(update(channel_tokens).where(mine, free).values(lease_until=until, asked_at=now))
    return bool(taken.rowcount)


def keep(
    tx: Tx,
    vault: Vault,
    account: int,
    *,
    version: int,
    access: str,
    refresh: str,
    life: int,
    now: int,
    refresh_until: int,
) -> bool:
    """A new pair in place of that version; `life` in ms. False, and nothing changed, where it is no longer that one."""
    mine = (channel_tokens.c.channel_account_id == account) & (channel_tokens.c.version == version)
    values = _values(vault, account, access=access, refresh=refresh, life=life, now=now, refresh_until=refresh_until)
    return bool(tx.execute(update(channel_tokens).where(mine).values(version=version + 1, **values)).rowcount)


def log_in(
    tx: Tx, vault: Vault, account: int, *, access: str, refresh: str, life: int, now: int, refresh_until: int
) -> None:
    """The pair of a login: it takes the place of whatever is there."""
    values = _values(vault, account, access=access, refresh=refresh, life=life, now=now, refresh_until=refresh_until)
    maker = postgres_insert if tx.postgres else sqlite_insert
    row = maker(channel_tokens).values(channel_account_id=account, version=1, **values)
    newer = values | {"version": channel_tokens.c.version + 1}
    tx.execute(row.on_conflict_do_update(index_elements=["channel_account_id"], set_=newer))


def failed(tx: Tx, account: int, version: int, fault: str, *, asked: bool) -> None:
    """End the lease without a new pair; unless `asked`, none can have been given and lost."""
    mine = (channel_tokens.c.channel_account_id == account) & (channel_tokens.c.version == version)
    values: dict[str, Any] = {"lease_until": None, "fault": fault[:_LONGEST_FAULT]}
    if not asked:
        values["asked_at"] = None
    tx.execute(update(channel_tokens).where(mine).values(**values))


def _values(
    vault: Vault, account: int, *, access: str, refresh: str, life: int, now: int, refresh_until: int
) -> dict[str, Any]:
    body = json.dumps({"access": access, "refresh": refresh, "life": life}).encode()
    return {
        "body": vault.seal(body, _context(account)),
        "access_until": now + life,
        "refresh_until": refresh_until,
        "lease_until": None,
        "asked_at": None,
        "fault": "",
    }
