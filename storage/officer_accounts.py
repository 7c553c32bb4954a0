"""Officers in chat: which account of a platform is whose, the one-time codes that link one, and what each was told."""

import re

import msgspec
from sqlalchemy import ColumnElement, Connection, delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from feedback.codes import ALPHABET
from feedback.roles import Actor, may
from storage import act_rows
from storage.ids import new_id
from storage.officers import Officer, by_id
from storage.tables import (
    accounts,
    channel_accounts,
    conversations,
    officer_accounts,
    officer_codes,
    officer_told,
    units,
)
from storage.tx import Tx
from storage.vault import Vault
from vietnam.time import DAY, MINUTE

CODE_LIFE = 10 * MINUTE
_SIGNS = 8
CODES = len(ALPHABET) ** _SIGNS
"""How many codes there are: some 850 thousand million, of which one or two are good for ten minutes."""
WORD = "cb"
"""What a code begins with where it is typed, so that no other word is taken for one."""
_TYPED = re.compile(rf"\s*/?{WORD}[\s_.\-–]*([{ALPHABET}]{{4}})[\s_.\-–]*([{ALPHABET}]{{4}})\s*", re.IGNORECASE)
_LIKE_ONE = re.compile(rf"\s*/?{WORD}[\s_.\-–]*(?:[0-9A-Z]{{4}}[\s_.\-–]*){{2}}", re.IGNORECASE)
_HELD = "held"
"""Among what was told: since when it is not told (see hold_back)."""
TOLD_FOR = 30 * DAY
"""How long it is kept what somebody was told; what is older is told again by nothing."""


class Linked(msgspec.Struct, frozen=True, kw_only=True):
    """An account of an officer on a platform. `gone`: why nothing can be sent there, "" while it can.

    `heard_at` is when the person wrote or pressed last; instants are UTC milliseconds.
    """

    id: int
    account: int
    channel: str
    linked_at: int
    heard_at: int
    gone: str


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """An officer who is told in chat: the link, the account, its channel and the officer as of now.

    `heard_at` and `gone` as in Linked.
    """

    id: int
    account: int
    channel: str
    linked_at: int
    officer: Officer
    heard_at: int = 0
    gone: str = ""


# --- the code ---------------------------------------------------------------------------------------------------------


def code_of(number: int) -> str:
    """The signs of a random number below CODES."""
    signs = []
    for _ in range(_SIGNS):
        number, rest = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[rest])
    return "".join(signs)


def typed(text: str) -> str | None:
    """The code in what was typed or came with a link; "" for what was meant as one and is none, None for all else."""
    found = _TYPED.fullmatch(text)
    if found:
        return (found[1] + found[2]).upper()
    return "" if _LIKE_ONE.fullmatch(text) else None


def keep_code(tx: Tx, vault: Vault, actor: Actor, code: str, now: int) -> bool:
    """From now on the officer can link an account with this code, once; an older one of theirs is void."""
    if not may(actor, "chat.link", actor.unit):
        return False
    tx.execute(delete(officer_codes).where((officer_codes.c.officer_id == actor.id) | (officer_codes.c.until < now)))
    tx.execute(insert(officer_codes).values(code_hash=_hash(vault, code), officer_id=actor.id, until=now + CODE_LIFE))
    return True


def _hash(vault: Vault, code: str) -> bytes:
    return vault.token("officer-code", code)


# --- the link ---------------------------------------------------------------------------------------------------------


def link(tx: Tx, vault: Vault, code: str, channel_account: int, account: int, now: int) -> Officer | None:
    """Link the account of a person to the officer whose code this is; None where it is nobody's, or used, or too old.

    An account that was another officer's is that no more; an officer has one account on each platform.
    """
    mine = (officer_codes.c.code_hash == _hash(vault, code)) & (officer_codes.c.until >= now)
    whose = tx.execute(delete(officer_codes).where(mine).returning(officer_codes.c.officer_id)).scalar()
    officer = by_id(tx.conn, whose) if whose is not None else None
    if officer is None or not may(officer.actor(), "chat.link", officer.unit):
        return None
    if not _serves(tx.conn, channel_account, officer.unit):
        return None
    same = select(accounts.c.id).where(accounts.c.channel_account_id == channel_account)
    own = (officer_accounts.c.officer_id == officer.id) & officer_accounts.c.account_id.in_(same)
    before = select(officer_accounts.c.id).where(own | (officer_accounts.c.account_id == account))
    _drop(tx, list(tx.execute(before).scalars()))
    id = new_id()
    values = {"unit_id": officer.unit, "officer_id": officer.id, "account_id": account, "linked_at": now}
    tx.execute(insert(officer_accounts).values(id=id, **values))
    _record(tx, officer.actor(), "link_chat", officer.id, now)
    return officer


def _serves(conn: Connection, channel_account: int, unit: int) -> bool:
    """Whether a channel account of ours is the commune's own, or its province's."""
    parent = select(units.c.parent_id).where(units.c.id == unit).scalar_subquery()
    mine = (channel_accounts.c.unit_id == unit) | (channel_accounts.c.unit_id == parent)
    found = select(channel_accounts.c.id).where(channel_accounts.c.id == channel_account, mine)
    return conn.execute(found).first() is not None


def unlink(tx: Tx, actor: Actor, id: int, now: int) -> bool:
    """The officer's own account is told nothing more; False where it is not theirs."""
    mine = (officer_accounts.c.id == id) & (officer_accounts.c.officer_id == actor.id)
    if tx.execute(select(officer_accounts.c.id).where(mine)).first() is None:
        return False
    _drop(tx, [id])
    _record(tx, actor, "unlink_chat", actor.id, now)
    return True


def drop_accounts(tx: Tx, accounts: list[int]) -> None:
    """Officers who have their own data erased in the chat are told nothing there any more."""
    _drop(tx, list(tx.conn.scalars(select(officer_accounts.c.id).where(officer_accounts.c.account_id.in_(accounts)))))


def _record(tx: Tx, actor: Actor, action: str, officer: int, now: int) -> None:
    act_rows.record(tx, actor, action, thing="officer", thing_id=officer, unit=actor.unit, now=now)


def _drop(tx: Tx, ids: list[int]) -> None:
    if ids:
        tx.execute(delete(officer_told).where(officer_told.c.link_id.in_(ids)))
        tx.execute(delete(officer_accounts).where(officer_accounts.c.id.in_(ids)))


def of_officer(conn: Connection, officer: int) -> list[Linked]:
    """The accounts of an officer."""
    rows = conn.execute(
        select(
            officer_accounts.c.id,
            officer_accounts.c.account_id.label("account"),
            channel_accounts.c.channel,
            officer_accounts.c.linked_at,
            conversations.c.heard_at,
            accounts.c.gone,
        )
        .join(accounts, accounts.c.id == officer_accounts.c.account_id)
        .join(channel_accounts, channel_accounts.c.id == accounts.c.channel_account_id)
        .join(conversations, conversations.c.account_id == accounts.c.id)
        .where(officer_accounts.c.officer_id == officer)
        .order_by(officer_accounts.c.linked_at)
    )
    return [Linked(**row._asdict()) for row in rows]


def channels_of(conn: Connection, unit: int) -> list[str]:
    """The channels by which officers of a unit can be told, its province's included."""
    parent = select(units.c.parent_id).where(units.c.id == unit).scalar_subquery()
    mine = (channel_accounts.c.unit_id == unit) | (channel_accounts.c.unit_id == parent)
    query = select(channel_accounts.c.channel).where(mine, channel_accounts.c.active == 1).distinct()
    return sorted(row.channel for row in conn.execute(query))


def who(conn: Connection, account: int) -> Link | None:
    """Whose account it is; None for a stranger, and for an officer who is there no more."""
    found = _links(conn, officer_accounts.c.account_id == account)
    return found[0] if found else None


def by_link(conn: Connection, id: int) -> Link | None:
    """A link by its id; None where it was undone."""
    found = _links(conn, officer_accounts.c.id == id)
    return found[0] if found else None


def of_unit(conn: Connection, unit: int) -> list[Link]:
    """Everybody of a unit who is told in chat."""
    return _links(conn, officer_accounts.c.unit_id == unit)


def units_told(conn: Connection) -> list[int]:
    """Units of which somebody is told in chat."""
    return list(conn.scalars(select(officer_accounts.c.unit_id).distinct()))


def _links(conn: Connection, mine: ColumnElement[bool]) -> list[Link]:
    rows = conn.execute(
        select(
            officer_accounts.c.id,
            officer_accounts.c.account_id,
            officer_accounts.c.officer_id,
            officer_accounts.c.linked_at,
            channel_accounts.c.channel,
            conversations.c.heard_at,
            accounts.c.gone,
        )
        .join(accounts, accounts.c.id == officer_accounts.c.account_id)
        .join(channel_accounts, channel_accounts.c.id == accounts.c.channel_account_id)
        .join(conversations, conversations.c.account_id == accounts.c.id)
        .where(mine)
        .order_by(officer_accounts.c.id)
    ).all()
    found = []
    for row in rows:
        officer = by_id(conn, row.officer_id)
        if officer is not None and may(officer.actor(), "chat.link", officer.unit):
            shown = {"id": row.id, "account": row.account_id, "channel": row.channel, "linked_at": row.linked_at}
            found.append(Link(**shown, officer=officer, heard_at=row.heard_at, gone=row.gone))
    return found


def account_of(tx: Tx, channel_account: int, person: str) -> int | None:
    """The account of a person on one of our channel accounts; None for whoever never wrote."""
    mine = (accounts.c.channel_account_id == channel_account) & (accounts.c.platform_id == person)
    found: int | None = tx.execute(select(accounts.c.id).where(mine)).scalar()
    return found


def heard(tx: Tx, channel_account: int, person: str, now: int) -> None:
    """The person has written or pressed: from then on the platform's window is counted."""
    mine = (accounts.c.channel_account_id == channel_account) & (accounts.c.platform_id == person)
    whose = select(accounts.c.id).where(mine).scalar_subquery()
    tx.execute(update(conversations).where(conversations.c.account_id == whose).values(heard_at=now))


# --- what each was told -----------------------------------------------------------------------------------------------


def told(conn: Connection, link: int) -> frozenset[str]:
    """The keys of all that this link was told lately."""
    return frozenset(conn.scalars(select(officer_told.c.key).where(officer_told.c.link_id == link)))


def tell_once(tx: Tx, link: int, key: str, now: int) -> bool:
    """Whether it is to be told now: False where it was, by this process or another, or the link is undone."""
    there = select(officer_accounts.c.id).where(officer_accounts.c.id == link).with_for_update()
    if tx.execute(there).first() is None:
        return False
    maker = postgres_insert(officer_told) if tx.postgres else sqlite_insert(officer_told)
    made = maker.values(link_id=link, key=key, at=now).on_conflict_do_nothing().returning(officer_told.c.key)
    return tx.execute(made).first() is not None


def hold_back(tx: Tx, link: int, now: int) -> None:
    """From now on what there is to tell is held: the platform takes nothing until the person writes again."""
    tell_once(tx, link, _HELD, now)


def held_since(conn: Connection, link: int) -> int | None:
    """Since when lines of a link are held; None where none is."""
    mine = (officer_told.c.link_id == link) & (officer_told.c.key == _HELD)
    return conn.scalar(select(officer_told.c.at).where(mine))


def held_of(conn: Connection, channel_account: int, person: str) -> int | None:
    """The link of a person for whom lines are held; None for everybody else."""
    whose = (accounts.c.channel_account_id == channel_account) & (accounts.c.platform_id == person)
    return conn.scalar(
        select(officer_told.c.link_id)
        .join(officer_accounts, officer_accounts.c.id == officer_told.c.link_id)
        .join(accounts, accounts.c.id == officer_accounts.c.account_id)
        .where(whose, officer_told.c.key == _HELD)
    )


def let_go(tx: Tx, link: int) -> bool:
    """Lines are held no more; False where none was, or another process has been first."""
    mine = (officer_told.c.link_id == link) & (officer_told.c.key == _HELD)
    return tx.execute(delete(officer_told).where(mine).returning(officer_told.c.key)).first() is not None


def forget(tx: Tx, now: int) -> None:
    """What was told long ago, and codes that nobody used."""
    tx.execute(delete(officer_told).where(officer_told.c.at < now - TOLD_FOR))
    tx.execute(delete(officer_codes).where(officer_codes.c.until < now))
