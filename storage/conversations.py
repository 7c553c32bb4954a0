"""Who is talking: channel accounts, people, and the one conversation of each account, locked while a turn is on."""

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.sql.dml import Insert
from sqlalchemy.sql.schema import Table

from storage.ids import new_id, random_id
from storage.tables import accounts, channel_accounts, consents, conversations, persons
from storage.tx import Tx
from storage.vault import Vault, WrongKey
from vietnam.time import DAY


@dataclass(frozen=True, slots=True)
class ChannelAccount:
    """One of our own accounts on a platform. `pushed`: False where a browser reads."""

    id: int
    unit_id: int
    channel: str
    pushed: bool


@dataclass(slots=True)
class Conversation:
    """A conversation within an open turn: `state` as stored (opened), `last_seq` grows as messages are added.

    `heard_at` is the person's last word (UTC ms); `held`: messages wait for the next one.
    """

    id: int
    account_id: int
    person_id: int
    unit_id: int
    state: bytes | None
    last_seq: int
    gone: str
    heard_at: int
    held: int
    on: ChannelAccount


READ_BY_BROWSER = frozenset({"webchat", "terminal"})


def channel_account(conn: Connection, id: int) -> ChannelAccount | None:
    """One of our accounts by its id."""
    table = channel_accounts.c
    row = conn.execute(select(table.id, table.unit_id, table.channel).where(table.id == id)).one_or_none()
    return None if row is None else ChannelAccount(row.id, row.unit_id, row.channel, row.channel not in READ_BY_BROWSER)


def ensure_channel_account(tx: Tx, unit_id: int, channel: str, name: str = "") -> int:
    """The id of our account on a channel for a commune, made when it is new."""
    table = channel_accounts.c
    wanted = (table.unit_id == unit_id) & (table.channel == channel) & (table.name == name)
    found = tx.conn.scalar(select(table.id).where(wanted))
    if found is not None:
        return int(found)
    id = new_id()
    tx.execute(insert(channel_accounts).values(id=id, unit_id=unit_id, channel=channel, name=name))
    return id


def _context(id: int) -> bytes:
    return b"conversation:%d" % id


def lock(tx: Tx, vault: Vault, on: ChannelAccount, platform_id: str, at: int) -> Conversation:
    """The person's conversation, made when new and locked until the transaction ends."""
    for _ in range(2):
        rows = tx.hot("find_conversation", channel_account_id=on.id, platform_id=platform_id)
        if rows:
            id, account_id, person_id, unit_id, state, last_seq, gone, heard_at, held = rows[0]
            opened = None if state is None else vault.open(bytes(state), _context(id))
            return Conversation(id, account_id, person_id, unit_id, opened, last_seq, gone, heard_at, held, on)
        _create(tx, on, platform_id, at)
    raise AssertionError("an account was made and cannot be found")


def lock_by_account(tx: Tx, vault: Vault, account_id: int, at: int) -> Conversation:
    """The conversation of an account that is known, for a message of ours that answers nothing."""
    row = tx.execute(
        select(accounts.c.platform_id, accounts.c.channel_account_id).where(accounts.c.id == account_id)
    ).one()
    on = channel_account(tx.conn, row.channel_account_id)
    if on is None:
        raise AssertionError("an account without its channel")
    return lock(tx, vault, on, row.platform_id, at)


def _create(tx: Tx, on: ChannelAccount, platform_id: str, at: int) -> None:
    """Make person, account and conversation; whoever comes second at the same moment makes nothing.

    Neither ids nor times are of the moment: from there to the thanks is as long as somebody had questions to answer.
    """
    account_id, person_id, day = random_id(), random_id(), at - at % DAY
    tx.execute(insert(persons).values(id=person_id, unit_id=on.unit_id, created_at=day))
    made = tx.execute(
        _on_conflict_nothing(tx, accounts)
        .values(id=account_id, person_id=person_id, channel_account_id=on.id, platform_id=platform_id, created_at=day)
        .returning(accounts.c.id)
    ).first()
    if made is None:
        tx.execute(persons.delete().where(persons.c.id == person_id))
        return
    tx.execute(
        insert(conversations).values(
            id=random_id(), account_id=account_id, unit_id=on.unit_id, channel=on.channel, heard_at=at
        )
    )


def _on_conflict_nothing(tx: Tx, table: Table) -> Insert:
    maker = postgres_insert(table) if tx.postgres else sqlite_insert(table)
    return maker.on_conflict_do_nothing()


def key_fits(conn: Connection, vault: Vault) -> bool:
    """Whether the key opens the state that was stored last; True where nothing is stored yet."""
    newest = select(conversations.c.id, conversations.c.state).where(conversations.c.state.is_not(None))
    row = conn.execute(newest.order_by(conversations.c.heard_at.desc()).limit(1)).one_or_none()
    try:
        if row is not None:
            vault.open(bytes(row.state), _context(row.id))
    except WrongKey:
        return False
    return True


def first_time(tx: Tx, vault: Vault, channel_account_id: int, dedupe_key: str, at: int) -> bool:
    """Whether this event was never seen before; it is marked as seen.

    What is kept names neither person nor moment: how many events somebody's survey took tells how many questions were
    shown. Hence a one-way token of the key, and the day.
    """
    key = vault.token("event", channel_account_id, dedupe_key).hex()
    return bool(tx.hot("see_event", channel_account_id=channel_account_id, dedupe_key=key, at=at - at % DAY))


def save(tx: Tx, vault: Vault, conversation: Conversation, state: bytes, expires_at: int | None = None) -> None:
    """Keep the new state, number of the newest message, last word, and when what is unfinished has had its time."""
    sealed = vault.seal(state, _context(conversation.id), dialogue=True)
    row = {"state": sealed, "last_seq": conversation.last_seq, "heard_at": conversation.heard_at}
    row["expires_at"] = expires_at
    tx.hot("save_conversation", id=conversation.id, **row)


def set_opted_out(tx: Tx, account_id: int, at: int | None) -> None:
    """Since when this account wants no invitations, reminders and notices; None: it wants them (again)."""
    tx.execute(update(accounts).where(accounts.c.id == account_id).values(opted_out_at=at))


def set_language(tx: Tx, account_id: int, language: str) -> None:
    """The tag of the language that the person chose."""
    tx.execute(update(accounts).where(accounts.c.id == account_id).values(language=language))


def save_seq(tx: Tx, conversation: Conversation) -> None:
    """Keep only the number of the newest message: for a message of ours outside a turn."""
    row = update(conversations).where(conversations.c.id == conversation.id)
    tx.execute(row.values(last_seq=conversation.last_seq))


def set_gone(tx: Tx, account_id: int, why: str) -> None:
    """Remember that nothing can be sent to an account ("" when the person is back)."""
    tx.execute(update(accounts).where(accounts.c.id == account_id).values(gone=why))


def add_consent(tx: Tx, conversation: Conversation, *, purpose: str, data: str, wording: str, at: int) -> None:
    """Keep the proof of a consent."""
    tx.execute(
        insert(consents).values(
            id=new_id(),
            unit_id=conversation.unit_id,
            account_id=conversation.account_id,
            purpose=purpose,
            data=data,
            wording=wording,
            given_at=at,
        )
    )


def accounts_of(conn: Connection, person_id: int) -> list[int]:
    """Every account that the person has joined."""
    return list(conn.scalars(select(accounts.c.id).where(accounts.c.person_id == person_id)))


def last_seq(conn: Connection, conversation_id: int) -> int:
    """The number of the newest message of a conversation, 0 where there is none."""
    return conn.scalar(select(conversations.c.last_seq).where(conversations.c.id == conversation_id)) or 0


def platform_of(conn: Connection, account_id: int) -> tuple[int, str]:
    """The channel account and the platform's id of a person's account."""
    columns = (accounts.c.channel_account_id, accounts.c.platform_id)
    row = conn.execute(select(*columns).where(accounts.c.id == account_id)).one()
    return row[0], row[1]


def cursor(conn: Connection, channel_account_id: int) -> str:
    """Where polling of one of our accounts goes on."""
    return conn.scalar(select(channel_accounts.c.cursor).where(channel_accounts.c.id == channel_account_id)) or ""


def save_cursor(tx: Tx, channel_account_id: int, cursor: str, now: int) -> None:
    """Keep where polling goes on."""
    mine = update(channel_accounts).where(channel_accounts.c.id == channel_account_id)
    tx.execute(mine.values(cursor=cursor, heard_at=now))
