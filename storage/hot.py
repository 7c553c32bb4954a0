"""The statements of every turn, compiled once per engine to plain SQL: Core's own per-call work costs more than SQLite.

Everything else is run as ordinary Core. A statement here is written without literals and without types that need
processing, so that the driver's own values go in and come out.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, bindparam, insert, literal_column, null, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.dialects.sqlite import pysqlite
from sqlalchemy.engine.default import DefaultDialect as Dialect
from sqlalchemy.sql.dml import Insert
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.sql.schema import Column, Table

from storage.tables import accounts, conversations, inbox, outbox, participations, sealed_responses, seen_events


class Compiled(NamedTuple):
    """SQL of one engine and, where its parameters are positional, their order."""

    text: str
    order: tuple[str, ...]


def _same(column: Column[Any]) -> BindParameter[Any]:
    """A parameter named and typed as its column."""
    return bindparam(f"p_{column.name}", type_=column.type)


def _insert(table: Table, *names: str) -> Insert:
    return insert(table).values({name: _same(table.c[name]) for name in names})


def _once(engine: str, table: Table, *names: str) -> ClauseElement:
    """Insert unless the key is there already; a row comes back only when it was not."""
    maker = postgres_insert if engine == "postgresql" else sqlite_insert
    values = {name: _same(table.c[name]) for name in names}
    return maker(table).values(values).on_conflict_do_nothing().returning(literal_column("1"))


def _find_conversation(_engine: str) -> ClauseElement:
    return (
        select(
            conversations.c.id,
            conversations.c.account_id,
            accounts.c.person_id,
            conversations.c.unit_id,
            conversations.c.state,
            conversations.c.last_seq,
            accounts.c.gone,
            conversations.c.heard_at,
            conversations.c.held,
        )
        .select_from(accounts)
        .join(conversations, conversations.c.account_id == accounts.c.id)
        .where(
            accounts.c.channel_account_id == _same(accounts.c.channel_account_id),
            accounts.c.platform_id == _same(accounts.c.platform_id),
        )
        .with_for_update(of=conversations)
    )


def _save_conversation(_engine: str) -> ClauseElement:
    names = ("state", "last_seq", "heard_at", "expires_at")
    return (
        update(conversations)
        .values({name: _same(conversations.c[name]) for name in names})
        .where(conversations.c.id == _same(conversations.c.id))
    )


def _sent_outbox(_engine: str) -> ClauseElement:
    given = {name: _same(outbox.c[name]) for name in ("platform_ref", "sent_at")}
    plain = {"state": literal_column("'sent'"), "lease_until": null(), "fault": literal_column("''")}
    return update(outbox).values({**given, **plain}).where(outbox.c.id == _same(outbox.c.id))


def _inbox_waits(_engine: str) -> ClauseElement:
    return select(inbox.c.id).where(
        inbox.c.channel_account_id == _same(inbox.c.channel_account_id),
        inbox.c.chat == _same(inbox.c.chat),
        inbox.c.dead == literal_column("0"),
    )


_OUTBOX = (
    "id",
    "unit_id",
    "conversation_id",
    "channel_account_id",
    "seq",
    "lane",
    "state",
    "body",
    "topic",
    "next_at",
    "created_at",
)

_STATEMENTS: dict[str, Callable[[str], ClauseElement]] = {
    "find_conversation": _find_conversation,
    "save_conversation": _save_conversation,
    "see_event": lambda engine: _once(engine, seen_events, "channel_account_id", "dedupe_key", "at"),
    "inbox_waits": _inbox_waits,
    "sent_outbox": _sent_outbox,
    "add_outbox": lambda _engine: _insert(outbox, *_OUTBOX),
    "add_participation": lambda engine: _once(engine, participations, "token", "wave_id"),
    "add_sealed": lambda _engine: _insert(
        sealed_responses, "id", "unit_id", "wave_id", "village_id", "channel", "partial", "body"
    ),
}


@cache
def compiled(engine: str, name: str) -> Compiled:
    """A statement of this file as SQL of "sqlite" (named parameters) or "postgresql" (numbered); KeyError if unknown.

    Parameters are given without the "p_" that keeps them apart from columns.
    """
    statement = _STATEMENTS[name](engine)
    dialect: Dialect = pysqlite.dialect(paramstyle="named")
    if engine == "postgresql":
        from sqlalchemy.dialects.postgresql import asyncpg  # SQLite never needs it

        dialect = asyncpg.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy names no type
    built = statement.compile(dialect=dialect)
    order = tuple(key.removeprefix("p_") for key in getattr(built, "positiontup", None) or ())
    return Compiled(str(built).replace(":p_", ":"), order)
