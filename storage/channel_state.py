"""How the channels of a commune stand, from what is stored anyway: no secret, and no call to any platform."""

from typing import Any

import msgspec
from sqlalchemy import Connection, func, select

from storage.by_hand import BY_HAND
from storage.outbox import unsent
from storage.tables import alarms, channel_accounts, channel_facts, channel_tokens, outbox, units

_NEWEST = 2_000
"""Messages that are looked through for the one that went out last."""
_FACTS = ("quota.left",)


class ChannelState(msgspec.Struct, frozen=True, kw_only=True):
    """One account. Instants are UTC milliseconds, None for never (`sent_at`: not among the newest messages)."""

    id: int
    channel: str
    name: str
    active: bool
    shared: bool
    """Whether it is the province's, for several communes."""
    heard_at: int | None
    """When something came in, to the hour."""
    sent_at: int | None
    waiting: int
    oldest: int | None
    """Since when the oldest of the waiting messages waits."""
    login: bool
    """Whether somebody has to give permission in a browser, and has; `login_until`: until when that holds."""
    login_until: int | None
    login_failed: bool
    quota_left: str
    alarm: str
    """Kind of the alarm that stands: "channel", "silent" or ""; `since` when."""
    since: int | None


def of_unit(conn: Connection, unit: int) -> list[ChannelState]:
    """Every account that people of the unit write to, the unit's own first."""
    above = select(units.c.parent_id).where(units.c.id == unit).scalar_subquery()
    accounts = conn.execute(
        select(channel_accounts, channel_tokens.c.refresh_until, channel_tokens.c.fault.label("token_fault"))
        .outerjoin(channel_tokens, channel_tokens.c.channel_account_id == channel_accounts.c.id)
        .where(
            (channel_accounts.c.unit_id == unit) | (channel_accounts.c.unit_id == above),
            channel_accounts.c.channel != BY_HAND,
        )
        .order_by(channel_accounts.c.unit_id != unit, channel_accounts.c.id)
    ).all()
    ids = [row.id for row in accounts]
    waits, sent = _waiting(conn, ids), _sent(conn)
    wrong, facts = _wrong(conn, ids), _facts(conn, ids)
    return [
        ChannelState(
            id=row.id,
            channel=row.channel,
            name=row.name,
            active=bool(row.active),
            shared=row.unit_id != unit,
            heard_at=row.heard_at,
            sent_at=sent.get(row.id),
            waiting=waits.get(row.id, (0, None))[0],
            oldest=waits.get(row.id, (0, None))[1],
            login=row.refresh_until is not None,
            login_until=row.refresh_until or None,
            login_failed=bool(row.token_fault),
            quota_left=facts.get(row.id, ""),
            alarm=wrong.get(row.id, ("", None))[0],
            since=wrong.get(row.id, ("", None))[1],
        )
        for row in accounts
    ]


def _waiting(conn: Connection, ids: list[int]) -> dict[int, tuple[int, int | None]]:
    on = outbox.c.channel_account_id
    query = select(on, func.count(), func.min(outbox.c.created_at)).where(unsent(), on.in_(ids)).group_by(on)
    return {row[0]: (row[1], row[2]) for row in conn.execute(query)}


def _sent(conn: Connection) -> dict[int, int]:
    newest = (
        select(outbox.c.channel_account_id, outbox.c.sent_at).order_by(outbox.c.id.desc()).limit(_NEWEST).subquery()
    )
    query = (
        select(newest.c.channel_account_id, func.max(newest.c.sent_at))
        .where(newest.c.sent_at.is_not(None))
        .group_by(newest.c.channel_account_id)
    )
    return {row[0]: row[1] for row in conn.execute(query)}


def _wrong(conn: Connection, ids: list[int]) -> dict[int, tuple[str, Any]]:
    """The alarm of an account: that its platform refuses us counts for more than that nothing comes."""
    found: dict[int, tuple[str, Any]] = {}
    keys = {f"{kind}:{id}": (kind, id) for kind in ("silent", "channel") for id in ids}
    rows = {row.key: row.since for row in conn.execute(select(alarms).where(alarms.c.key.in_(keys)))}
    for key, (kind, id) in keys.items():
        if key in rows:
            found[id] = (kind, rows[key])
    return found


def _facts(conn: Connection, ids: list[int]) -> dict[int, str]:
    mine = channel_facts.c.channel_account_id.in_(ids) & channel_facts.c.name.in_(_FACTS)
    return {row.channel_account_id: row.value for row in conn.execute(select(channel_facts).where(mine))}


def others(conn: Connection, unit: int) -> list[tuple[str, int]]:
    """What else stands wrong with the machine (kind of the alarm, since when), the oldest first."""
    mine = (alarms.c.unit_id == unit) & alarms.c.kind.not_in(("channel", "silent"))
    return [(row.kind, row.since) for row in conn.execute(select(alarms).where(mine).order_by(alarms.c.since))]
