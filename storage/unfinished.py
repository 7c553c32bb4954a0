"""Conversations in which a survey was begun and not sent off: that it is there, never what it says."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from storage.tables import accounts, conversations

_MOST = 500


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A conversation, where to reach it, and when the first unfinished survey in it has had its time."""

    id: int
    channel_account: int
    platform_id: str
    expires_at: int


_QUERY = select(
    conversations.c.id,
    accounts.c.channel_account_id,
    accounts.c.platform_id,
    conversations.c.expires_at,
).join(accounts, accounts.c.id == conversations.c.account_id)


def expired(conn: Connection, now: int, limit: int = _MOST) -> list[Unfinished]:
    """Conversations with a survey that was left unfinished too long, the longest first."""
    over = _QUERY.where(conversations.c.expires_at <= now).order_by(conversations.c.expires_at)
    return [Unfinished(*row) for row in conn.execute(over.limit(limit))]


def of_unit(conn: Connection, unit_id: int, after: int = 0, limit: int = _MOST) -> list[Unfinished]:
    """Conversations of a commune with any unfinished survey, in the order of their ids, after one."""
    mine = (conversations.c.unit_id == unit_id, conversations.c.expires_at.is_not(None), conversations.c.id > after)
    return [Unfinished(*row) for row in conn.execute(_QUERY.where(*mine).order_by(conversations.c.id).limit(limit))]
