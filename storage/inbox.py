"""Events whose turn failed or took too long: kept sealed, taken up again in the order of their chat, never lost."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, exists, func, insert, select, update

from storage.ids import new_id
from storage.tables import inbox
from storage.tx import Tx
from storage.vault import Vault, WrongKey

MAX_TRIES = 3
RETRY_MS = 5_000


@dataclass(frozen=True, slots=True)
class Kept:
    """An event that waits."""

    id: int
    unit_id: int
    channel_account_id: int
    chat: str
    body: bytes
    tries: int


def _context(id: int) -> bytes:
    return b"inbox:%d" % id


def waits(tx: Tx, channel_account_id: int, chat: str) -> bool:
    """Whether an earlier event of the chat still waits, so that later ones must queue behind it."""
    return bool(tx.hot("inbox_waits", channel_account_id=channel_account_id, chat=chat))


def keep(tx: Tx, vault: Vault, *, unit_id: int, channel_account_id: int, chat: str, body: bytes, now: int) -> None:
    """Keep an event to be taken up soon."""
    id = new_id()
    tx.execute(
        insert(inbox).values(
            id=id,
            unit_id=unit_id,
            channel_account_id=channel_account_id,
            chat=chat,
            body=vault.seal(body, _context(id), dialogue=True),
            next_at=now,
            received_at=now,
        )
    )
    tx.wake("inbox")


def due(conn: Connection, vault: Vault, now: int, limit: int = 20) -> list[Kept]:
    """The oldest waiting event of each chat whose time has come."""
    earlier = inbox.alias("earlier")
    first = ~exists().where(
        earlier.c.channel_account_id == inbox.c.channel_account_id,
        earlier.c.chat == inbox.c.chat,
        earlier.c.dead == 0,
        earlier.c.id < inbox.c.id,
    )
    columns = (inbox.c.id, inbox.c.unit_id, inbox.c.channel_account_id, inbox.c.chat, inbox.c.body, inbox.c.tries)
    query = select(*columns).where(inbox.c.dead == 0, inbox.c.next_at <= now, first).order_by(inbox.c.id).limit(limit)
    return [Kept(*row[:4], _opened(vault, row.id, row.body), row.tries) for row in conn.execute(query)]


def _opened(vault: Vault, id: int, body: bytes) -> bytes:
    try:
        return vault.open(bytes(body), _context(id))
    except WrongKey:
        return b""  # no event can be read from it: it is given up after its tries, the other chats go on


def done(tx: Tx, id: int) -> None:
    """The turn of a kept event is done."""
    tx.execute(delete(inbox).where(inbox.c.id == id))


def failed(tx: Tx, kept: Kept, fault: str, now: int) -> bool:
    """Another try later; False where it was the last one and the event is given up (it stays 7 days, sealed).

    Nothing happens where another process has done it or counted this very try meanwhile: it is given up only once.
    """
    tries = kept.tries + 1
    given_up = tries >= MAX_TRIES
    row = update(inbox).where(inbox.c.id == kept.id, inbox.c.tries == kept.tries, inbox.c.dead == 0)
    mine = tx.execute(row.values(tries=tries, fault=fault, dead=int(given_up), next_at=now + RETRY_MS * 2**tries))
    return not (given_up and mine.rowcount)


def sweep(tx: Tx, before: int) -> None:
    """Erase what was given up before an instant."""
    tx.execute(delete(inbox).where(inbox.c.dead == 1, inbox.c.received_at < before))


def waiting(conn: Connection) -> tuple[int, int]:
    """How many events wait, and how many were given up: for health and doctor."""
    rows = conn.execute(select(inbox.c.dead, func.count()).group_by(inbox.c.dead))
    counts = {int(row[0]): int(row[1]) for row in rows}
    return counts.get(0, 0), counts.get(1, 0)
