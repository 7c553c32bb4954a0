"""Invitations and reminders on their way into the outbox: a little at a time, each once, whoever else is at it too.

A row changes its state in the same transaction that writes its message, so a killed process loses and doubles nothing.
At most a window of unsent ones stands in the outbox of a channel account: pause and cancel take those back at once.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, func, or_, select, update

from storage import invitations as invited
from storage import participations
from storage.bulk import insert_many
from storage.conversations import READ_BY_BROWSER
from storage.ids import new_id
from storage.outbox import Lane, context, unsent
from storage.tables import accounts, channel_accounts, conversations, invitations, outbox, units, waves
from storage.tables import participations as tokens
from storage.tx import Tx
from storage.vault import Vault
from surveys.waves import MOST_REMINDERS, InvitationState, Sending, WaveKind
from vietnam.time import DAY

CHUNK = 100
"""Messages queued in one transaction: it has to stay under 20 ms, turns are waiting behind it."""
WINDOW = 2_000
"""Unsent invitations in the outbox of one channel account: about a minute of a platform's pace."""
NEVER = 253_402_300_799_000
"""The end of the year 9999: when whoever is to hear no more is looked at again."""
_LOST, _ANSWERED, _OPTED_OUT, _COOLING = "gone", "answered", "opted_out", "cool_down"


@dataclass(frozen=True, slots=True)
class Letter:
    """What a message is worded for: `code` "" in an open wave."""

    code: str
    language: str
    reminder: bool


Words = Callable[[Letter], bytes]
"""A letter -> the message as the outbox keeps it (JSON of Bubble)."""


@dataclass(frozen=True, slots=True)
class Going:
    """A wave whose messages are on their way."""

    id: int
    unit: int
    version: int
    kind: WaveKind
    code: str
    closes_at: int | None
    sending: str
    remind_days: int
    remind_times: int


@dataclass(frozen=True, slots=True)
class Pace:
    """How many at once, and how long an account is left in peace between the invitations of two waves."""

    chunk: int = CHUNK
    window: int = WINDOW
    cool_down_days: int = 7


_GOING = (
    waves.c.id,
    waves.c.unit_id,
    waves.c.version_id,
    waves.c.kind,
    waves.c.code,
    waves.c.closes_at,
    waves.c.sending,
    waves.c.remind_days,
    waves.c.remind_times,
)


def going(tx: Tx, wave: int, now: int) -> Going | None:
    """A wave that may send at this moment; None where it is paused, cancelled, closed or not open yet.

    Whoever pauses or closes it waits for the transaction that has asked this, and whoever comes after knows.
    """
    row = tx.execute(
        select(*_GOING).where(waves.c.id == wave, *_may_send(now)).with_for_update(read=True)
    ).one_or_none()
    return None if row is None else _going(row)


def _may_send(now: int) -> tuple[ColumnElement[bool], ...]:
    return (
        waves.c.state == "open",
        waves.c.opens_at <= now,
        or_(waves.c.closes_at.is_(None), waves.c.closes_at > now),
        waves.c.sending.in_([Sending.RUNNING, Sending.DONE]),
    )


def due(conn: Connection, now: int) -> list[tuple[int, bool]]:
    """Waves that have something to send at this moment, with whether these are reminders."""
    ready = (invitations.c.wave_id == waves.c.id, invitations.c.next_at <= now)
    fresh = and_(*ready, invitations.c.state.in_([InvitationState.PLANNED, InvitationState.HELD]))
    again = and_(*ready, invitations.c.state == InvitationState.SENT, invitations.c.reminders < waves.c.remind_times)
    inviting = select(waves.c.id).where(*_may_send(now), waves.c.sending == Sending.RUNNING)
    waiting = select(invitations.c.id).where(invitations.c.wave_id == waves.c.id)
    left = waiting.where(invitations.c.state.in_([InvitationState.PLANNED, InvitationState.HELD]))
    # A wave that nobody is left to be invited of has to be told that it is done.
    some = inviting.where(or_(select(invitations.c.id).where(fresh).exists(), ~left.exists()))
    reminding = select(waves.c.id).where(*_may_send(now), waves.c.remind_times > 0)
    reminding = reminding.where(select(invitations.c.id).where(again).exists())
    return [
        *((wave, False) for wave in conn.scalars(some.order_by(waves.c.id))),
        *((wave, True) for wave in conn.scalars(reminding.order_by(waves.c.id))),
    ]


def _going(row: Row[Any]) -> Going:
    facts = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's own public name
    return Going(**{_SHORT.get(name, name): value for name, value in facts.items()} | {"kind": WaveKind(row.kind)})


_SHORT = {"unit_id": "unit", "version_id": "version"}


# --- queueing ---------------------------------------------------------------------------------------------------------


def invite(tx: Tx, vault: Vault, wave: int, words: Words, now: int, pace: Pace) -> int:
    """Look at one chunk of invitations whose time has come and queue those that may go; how many were looked at."""
    on = going(tx, wave, now)
    if on is None or on.sending != Sending.RUNNING:
        return 0
    room = _room(tx, on.unit, pace.window)
    for state in (InvitationState.PLANNED, InvitationState.HELD):
        rows = _take(tx, on, and_(invitations.c.state == state, invitations.c.next_at <= now), room, pace.chunk)
        if rows:
            _sort_out(tx, vault, on, rows, words, now, pace, room)
            return len(rows)
    return 0


def finish(tx: Tx, wave: int) -> bool:
    """The sending of a wave is done once nobody is left to be invited; whether it is now."""
    waiting = [InvitationState.PLANNED, InvitationState.HELD]
    left = select(invitations.c.id).where(invitations.c.wave_id == wave, invitations.c.state.in_(waiting))
    done = update(waves).where(waves.c.id == wave, waves.c.sending == Sending.RUNNING, ~left.exists())
    return bool(tx.execute(done.values(sending=Sending.DONE)).rowcount)


def remind(tx: Tx, vault: Vault, wave: int, words: Words, now: int, pace: Pace) -> int:
    """The same for reminders: whoever was invited long enough ago, is not reminded out and has not answered."""
    on = going(tx, wave, now)
    if on is None or not on.remind_times:
        return 0
    due = and_(
        invitations.c.state == InvitationState.SENT,
        invitations.c.reminders < min(on.remind_times, MOST_REMINDERS),
        invitations.c.next_at <= now,
    )
    room = _room(tx, on.unit, pace.window)
    rows = _take(tx, on, due, room, pace.chunk)
    if not rows:
        return 0
    done = _took_part(tx, vault, on, rows)
    go = [row for row in rows if row.id not in done and not row.gone and row.opted_out_at is None]
    going_on = room.fitting(go)
    _queue(tx, vault, on, going_on, words, now, reminder=True)
    wait = {row.id for row in rows} - {row.id for row in go}
    # They may come back, or write again: looked at once more when the next reminder would be due.
    put(tx, wait, next_at=now + max(1, on.remind_days) * DAY)
    return len(going_on) + len(wait)


class _Room:
    """How many more messages may stand unsent in the outbox of each channel account that pushes."""

    def __init__(self, left: dict[int, int]) -> None:
        self._left = left
        self.full = [account for account, count in left.items() if count <= 0]

    def fitting(self, rows: Sequence[Row[Any]]) -> list[Row[Any]]:
        """Those of the rows that there is room for, which is then taken."""
        fit = []
        for row in rows:
            left = self._left.get(row.channel_account_id)
            if left is None:
                fit.append(row)
            elif left > 0:
                self._left[row.channel_account_id] = left - 1
                fit.append(row)
        return fit


def _room(tx: Tx, unit: int, window: int) -> _Room:
    above = select(units.c.parent_id).where(units.c.id == unit)
    here = or_(channel_accounts.c.unit_id == unit, channel_accounts.c.unit_id.in_(above))
    pushing = select(channel_accounts.c.id).where(here, channel_accounts.c.channel.not_in(READ_BY_BROWSER))
    left = {}
    for account in tx.execute(pushing).scalars():
        waiting = select(func.count()).where(
            outbox.c.channel_account_id == account,
            outbox.c.lane == int(Lane.BROADCAST),
            unsent(),
        )
        left[account] = window - tx.execute(waiting).scalar_one()
    return _Room(left)


def _take(tx: Tx, on: Going, which: ColumnElement[bool], room: _Room, limit: int) -> list[Row[Any]]:
    """Rows that nobody else is at, with the chat they go to; both locked."""
    query = (
        select(
            invitations.c.id,
            invitations.c.frame_row_id,
            invitations.c.account_id,
            invitations.c.code,
            invitations.c.reminders,
            accounts.c.gone,
            accounts.c.opted_out_at,
            accounts.c.language,
            conversations.c.id.label("conversation_id"),
            conversations.c.unit_id,
            conversations.c.last_seq,
            conversations.c.channel,
            accounts.c.channel_account_id,
        )
        .join(accounts, accounts.c.id == invitations.c.account_id)
        .join(conversations, conversations.c.account_id == accounts.c.id)
        .where(invitations.c.wave_id == on.id, which)
        .limit(limit)
        .with_for_update(of=[invitations, conversations], skip_locked=True)
    )
    if room.full:
        query = query.where(accounts.c.channel_account_id.not_in(room.full))
    return list(tx.execute(query))


def _sort_out(
    tx: Tx, vault: Vault, on: Going, rows: list[Row[Any]], words: Words, now: int, pace: Pace, room: _Room
) -> None:
    """Queue, hold, or give up each of the rows."""
    done = _took_part(tx, vault, on, rows)
    cooling = _cooling(tx, on, rows, now, pace.cool_down_days)
    go: list[Row[Any]] = []
    for row in rows:
        if row.id in done:
            put(tx, [row.id], state=InvitationState.CANCELLED, fault=_ANSWERED)
        elif row.gone:
            put(tx, [row.id], state=InvitationState.FAILED, fault=_LOST)
        elif row.opted_out_at is not None:
            # Asked again tomorrow: the person may have changed their mind.
            put(tx, [row.id], state=InvitationState.HELD, fault=_OPTED_OUT, next_at=now + DAY)
        elif row.account_id in cooling:
            put(tx, [row.id], state=InvitationState.HELD, fault=_COOLING, next_at=cooling[row.account_id])
        else:
            go.append(row)
    _queue(tx, vault, on, room.fitting(go), words, now, reminder=False)


def _took_part(tx: Tx, vault: Vault, on: Going, rows: Iterable[Row[Any]]) -> set[int]:
    """Invitations whose answer is in."""
    mine = {_token(vault, on, row): row.id for row in rows}
    found = tx.execute(select(tokens.c.token).where(tokens.c.token.in_(list(mine)))).scalars()
    return {mine[bytes(token)] for token in found}


def _token(vault: Vault, on: Going, row: Row[Any]) -> bytes:
    if on.kind is WaveKind.INVITED:
        return participations.of_invitation(vault, on.id, row.id)
    return participations.of_account(vault, on.id, row.account_id)


def _cooling(tx: Tx, on: Going, rows: Iterable[Row[Any]], now: int, days: int) -> dict[int, int]:
    """Accounts that another wave has invited of late -> when they may be invited again."""
    other = (
        select(invitations.c.account_id, func.max(outbox.c.created_at).label("at"))
        .join(outbox, outbox.c.id == invitations.c.outbox_id)
        .where(
            invitations.c.account_id.in_([row.account_id for row in rows]),
            invitations.c.wave_id != on.id,
            invitations.c.state.in_([InvitationState.QUEUED, InvitationState.SENT]),
        )
        .group_by(invitations.c.account_id)
    )
    return {row.account_id: row.at + days * DAY for row in tx.execute(other) if row.at + days * DAY > now}


def put(tx: Tx, ids: Collection[int], **values: object) -> None:
    """Change some rows."""
    if ids:
        tx.execute(update(invitations).where(invitations.c.id.in_(ids)).values(**values))


_COLUMNS = (
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
_SAVE_SEQ = update(conversations).where(conversations.c.id == bindparam("chat")).values(last_seq=bindparam("seq"))
_SAVE_ROW = (
    update(invitations)
    .where(invitations.c.id == bindparam("row"))
    .values(
        state=bindparam("to"),
        outbox_id=bindparam("letter"),
        reminders=bindparam("told"),
        next_at=bindparam("again"),
        fault="",
    )
)


def _queue(
    tx: Tx, vault: Vault, on: Going, rows: Sequence[Row[Any]], words: Words, now: int, *, reminder: bool
) -> None:
    """Write the messages, count them in their chats, and remember in each row which one is its own."""
    letters: list[tuple[Any, ...]] = []
    seqs: list[dict[str, int]] = []
    kept: list[dict[str, object]] = []
    for row in rows:
        id, pushed = new_id(), row.channel not in READ_BY_BROWSER
        code = ""
        if row.frame_row_id is not None:
            code = invited.code_of(vault, on.unit, on.id, row.frame_row_id, bytes(row.code))
        body = vault.seal(words(Letter(code, row.language, reminder)), context(id))
        seq = row.last_seq + 1
        state = "ready" if pushed else "read"
        where = (row.unit_id, row.conversation_id, row.channel_account_id)
        letters.append((id, *where, seq, int(Lane.BROADCAST), state, body, 0, now, now))
        seqs.append({"chat": row.conversation_id, "seq": seq})
        to = InvitationState.QUEUED if pushed else InvitationState.SENT
        told = row.reminders + (1 if reminder else 0)
        # Out of the way of every later look, once no reminder is to follow.
        again = now + max(1, on.remind_days) * DAY if told < min(on.remind_times, MOST_REMINDERS) else NEVER
        kept.append({"row": row.id, "to": str(to), "letter": id, "told": told, "again": again})
        tx.wake("outbox" if pushed else f"chat:{row.conversation_id}")
    if rows:
        insert_many(tx, outbox, _COLUMNS, letters)
        tx.execute(_SAVE_SEQ, seqs)
        tx.execute(_SAVE_ROW, kept)
