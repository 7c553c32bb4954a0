"""Two chats of one person: the code that joins them, and the join itself."""

from typing import NamedTuple

from sqlalchemy import Connection, delete, func, insert, select, update

from storage.ids import random_id
from storage.tables import accounts, channel_accounts, join_codes, persons
from storage.tx import Tx
from storage.vault import Vault
from vietnam.time import DAY, MINUTE

LIFE = 15 * MINUTE


class Giver(NamedTuple):
    """Whose code it is."""

    account: int
    person: int
    unit: int
    channel: str


def _token(vault: Vault, unit_id: int, code: str) -> bytes:
    return vault.token("join", unit_id, code)


def offer(tx: Tx, vault: Vault, *, unit_id: int, account_id: int, code: str, now: int) -> None:
    """Keep a code of an account for LIFE; its earlier ones, and everybody's that are over, go."""
    tx.execute(delete(join_codes).where((join_codes.c.account_id == account_id) | (join_codes.c.expires_at <= now)))
    hash = _token(vault, unit_id, code)
    tx.execute(delete(join_codes).where(join_codes.c.code_hash == hash))
    tx.execute(insert(join_codes).values(code_hash=hash, account_id=account_id, expires_at=now + LIFE))


def find(conn: Connection, vault: Vault, unit_id: int, code: str, now: int) -> Giver | None:
    """Who gave an open code of this unit; None where it is wrong, used or over."""
    row = conn.execute(
        select(accounts.c.id, accounts.c.person_id, channel_accounts.c.unit_id, channel_accounts.c.channel)
        .select_from(join_codes)
        .join(accounts, accounts.c.id == join_codes.c.account_id)
        .join(channel_accounts, channel_accounts.c.id == accounts.c.channel_account_id)
        .where(join_codes.c.code_hash == _token(vault, unit_id, code), join_codes.c.expires_at > now)
    ).one_or_none()
    return None if row is None else Giver(row.id, row.person_id, row.unit_id, row.channel)


def join(tx: Tx, vault: Vault, *, unit_id: int, person_id: int, code: str, now: int) -> Giver | None:
    """Make all accounts of a person those of whoever gave the code, which is used up; None where it is over.

    The code is taken first: of two that come with it at once, one joins.
    """
    giver = find(tx.conn, vault, unit_id, code, now)
    if giver is None:
        return None
    taken = tx.execute(delete(join_codes).where(join_codes.c.code_hash == _token(vault, unit_id, code)))
    if taken.rowcount != 1:
        return None
    tx.execute(update(accounts).where(accounts.c.person_id == person_id).values(person_id=giver.person))
    if person_id != giver.person:
        tx.execute(delete(persons).where(persons.c.id == person_id))
    return giver


def joined(conn: Connection, person_id: int) -> bool:
    """Whether a person has more than one account."""
    many = conn.scalar(select(func.count()).select_from(accounts).where(accounts.c.person_id == person_id))
    return (many or 0) > 1


def part(tx: Tx, *, unit_id: int, account_id: int, now: int) -> int:
    """Give an account a person of its own; the new person's id."""
    person_id = random_id()
    tx.execute(insert(persons).values(id=person_id, unit_id=unit_id, created_at=now - now % DAY))
    tx.execute(update(accounts).where(accounts.c.id == account_id).values(person_id=person_id))
    return person_id
