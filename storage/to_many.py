"""A message to everybody who hears from a commune, or from a thôn: a little at a time, each person once.

How far it got stands in the row of whatever is sent and moves in the transaction that writes the messages: whoever is
killed and comes back goes on behind the last one.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select, update

from storage import audience
from storage.bulk import insert_many
from storage.conversations import READ_BY_BROWSER
from storage.ids import new_id
from storage.outbox import Lane, context, unsent
from storage.sending import CHUNK, WINDOW
from storage.tables import accounts, channel_accounts, conversations, outbox, units
from storage.tx import Tx
from storage.vault import Vault
from surveys.waves import Segment

Words = Callable[[str], bytes]
"""A language tag -> the message as the outbox keeps it (JSON of Bubble)."""
TOPIC = "notices"
"""What wakes whoever sends them."""


class Step(NamedTuple):
    """How many accounts were looked at and how many people told, the account to go on behind, whether it is through."""

    looked: int
    told: int
    after: int
    last: bool


def queue_next(
    tx: Tx,
    vault: Vault,
    unit: int,
    village: int | None,
    *,
    after: int,
    words: Words,
    now: int,
    chunk: int = CHUNK,
    spared: Callable[[list[int]], set[int]] = lambda _found: set(),
) -> Step | None:
    """Queue the messages of the next accounts; None where the outbox has enough to do.

    `spared` says which of some accounts are not to hear it.
    """
    if _full(tx, unit):
        return None
    segment = Segment(villages=(village,) if village else ())
    found = audience.subscribers(tx.conn, unit, segment, after=after, limit=chunk)
    ids = [account for account, _village in found]
    told = _queue(tx, vault, [one for one in _best(tx, ids) if one not in spared(ids)], words, now)
    return Step(len(ids), told, ids[-1] if ids else after, len(ids) < chunk)


def _full(tx: Tx, unit: int) -> bool:
    """Whether one of the commune's accounts has as much to many people before it as it can send in a minute."""
    above = select(units.c.parent_id).where(units.c.id == unit)
    here = (channel_accounts.c.unit_id == unit) | channel_accounts.c.unit_id.in_(above)
    waiting = (
        select(func.count().label("many"))
        .join(channel_accounts, channel_accounts.c.id == outbox.c.channel_account_id)
        .where(here, outbox.c.lane == int(Lane.BROADCAST), unsent())
        .group_by(outbox.c.channel_account_id)
    )
    return any(many >= WINDOW for many in tx.execute(waiting).scalars())


_COLUMNS = (
    "id", "unit_id", "conversation_id", "channel_account_id", "seq", "lane", "state", "body", "topic", "next_at",
    "created_at",
)  # fmt: skip
_SAVE_SEQ = update(conversations).where(conversations.c.id == bindparam("chat")).values(last_seq=bindparam("seq"))


def _queue(tx: Tx, vault: Vault, ids: list[int], words: Words, now: int) -> int:
    """Write the messages to these accounts; how many."""
    rows = tx.execute(
        select(
            conversations.c.id,
            conversations.c.unit_id,
            conversations.c.last_seq,
            conversations.c.channel,
            accounts.c.channel_account_id,
            accounts.c.language,
        )
        .join(accounts, accounts.c.id == conversations.c.account_id)
        .where(accounts.c.id.in_(ids))
        .order_by(conversations.c.id)
        .with_for_update(of=conversations)
    ).all()
    letters: list[tuple[Any, ...]] = []
    for row in rows:
        id, pushed = new_id(), row.channel not in READ_BY_BROWSER
        body = vault.seal(words(row.language), context(id))
        state = "ready" if pushed else "read"
        where = (row.unit_id, row.id, row.channel_account_id)
        letters.append((id, *where, row.last_seq + 1, int(Lane.BROADCAST), state, body, 0, now, now))
        tx.wake("outbox" if pushed else f"chat:{row.id}")
    if rows:
        insert_many(tx, outbox, _COLUMNS, letters)
        tx.execute(_SAVE_SEQ, [{"chat": row.id, "seq": row.last_seq + 1} for row in rows])
    return len(rows)


def _best(tx: Tx, found: list[int]) -> list[int]:
    """Those of the accounts that their person used last: whoever joined two chats hears it in one."""
    persons = select(accounts.c.person_id).where(accounts.c.id.in_(found))
    theirs = tx.execute(
        select(accounts.c.id, accounts.c.person_id, conversations.c.heard_at)
        .join(conversations, conversations.c.account_id == accounts.c.id)
        .where(accounts.c.person_id.in_(persons), accounts.c.gone == "", accounts.c.opted_out_at.is_(None))
    )
    newest: dict[int, tuple[int, int]] = {}
    for row in theirs:
        newest[row.person_id] = max(newest.get(row.person_id, (-1, 0)), (row.heard_at, row.id))
    mine = set(found)
    return [account for _heard, account in newest.values() if account in mine]
