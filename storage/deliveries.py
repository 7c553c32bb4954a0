"""How messages about cases and seats fared: what waits for the person's next word, who must be called, the history.

Of survey dialogues nothing is kept here: how many messages they had tells what was answered (docs/decisions/0013).
"""

from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, delete, exists, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from storage import confidential
from storage.conversations import Conversation
from storage.ids import new_id
from storage.tables import (
    accounts,
    bookings,
    calls,
    channel_accounts,
    conversations,
    deliveries,
    outbox,
    sessions,
)
from storage.tx import Tx

OPEN = "open"


def lasting() -> ColumnElement[bool]:
    """Of messages (outbox): those about a case or a booking, which somebody has to hear of in one way or another."""
    return outbox.c.case_id.is_not(None) | outbox.c.booking_id.is_not(None)


def note(tx: Tx, outbox_id: int, what: str, now: int, *, fault: str = "") -> None:
    """Add to the history of a message that is about a case or a booking; nothing for any other."""
    row = tx.execute(select(outbox.c.conversation_id).where(outbox.c.id == outbox_id, lasting())).one_or_none()
    if row is not None:
        values = {"id": new_id(), "outbox_id": outbox_id, "conversation_id": row.conversation_id}
        tx.execute(insert(deliveries).values(**values, at=now, what=what, fault=fault))


def hold(tx: Tx, outbox_id: int, why: str, fault: str, now: int) -> None:
    """The platform takes it only after the person's next word: it waits, and the officers see whom to call.

    `why` is "window" or "gone".
    """
    found = outbox.c.id == outbox_id
    tx.execute(update(outbox).where(found).values(state="held", lease_until=None, fault=fault))
    mine = select(outbox.c.conversation_id).where(found).scalar_subquery()
    tx.execute(update(conversations).where(conversations.c.id == mine).values(held=1))
    note(tx, outbox_id, "held", now, fault=fault)
    call(tx, outbox_id, why, now)


def call(tx: Tx, outbox_id: int, why: str, now: int) -> None:
    """Put the person of a message on the call list, once, where the message is about a case or a booking."""
    row = tx.execute(
        select(outbox.c.unit_id, outbox.c.conversation_id, outbox.c.case_id, outbox.c.booking_id).where(
            outbox.c.id == outbox_id, lasting()
        )
    ).one_or_none()
    if row is None:
        return
    if row.booking_id is not None:
        _superseded(tx, row.booking_id, now, but=outbox_id)
    maker = postgres_insert if tx.postgres else sqlite_insert
    about = {"case_id": row.case_id, "booking_id": row.booking_id}
    values = {"unit_id": row.unit_id, "conversation_id": row.conversation_id, **about}
    new = maker(calls).values(id=new_id(), outbox_id=outbox_id, why=why, since=now, **values)
    tx.execute(new.on_conflict_do_nothing(index_elements=["outbox_id"]))
    tx.wake(f"queue:{row.unit_id}")


def call_without_chat(tx: Tx, unit_id: int, booking_id: int, why: str, now: int) -> None:
    """Put somebody on the call list whose seat an officer wrote down, and to whom no message can be written."""
    _superseded(tx, booking_id, now)
    values = {"unit_id": unit_id, "booking_id": booking_id, "why": why, "since": now}
    tx.execute(insert(calls).values(id=new_id(), **values))
    tx.wake(f"queue:{unit_id}")


def _superseded(tx: Tx, booking_id: int, now: int, *, but: int = 0) -> None:
    """Of a seat only the newest counts: whoever calls says how it stands then."""
    older = (calls.c.booking_id == booking_id) & (calls.c.outbox_id.is_(None) | (calls.c.outbox_id != but))
    _close(tx, older, "dropped", now)


def release(tx: Tx, conversation: Conversation, now: int) -> None:
    """The person has written: what waited goes out, before the answer; questions that have passed are not asked.

    Nor is anybody reminded of a session that has begun, or told of a seat in it.
    """
    mine = (outbox.c.conversation_id == conversation.id) & (outbox.c.state == "held")
    late = _begun(outbox.c.booking_id, outbox.c.created_at, now)
    tx.execute(update(outbox).where(mine, ~lasting() | late).values(state="erased", body=None))
    tx.execute(update(outbox).where(mine).values(state="ready", next_at=now, tries=0, fault=""))
    tx.execute(update(conversations).where(conversations.c.id == conversation.id).values(held=0))
    conversation.held = 0
    tx.wake("outbox")


def lost(tx: Tx, outbox_id: int, fault: str, now: int) -> None:
    """It can never be delivered: the person is called."""
    note(tx, outbox_id, "dead", now, fault=fault)
    call(tx, outbox_id, "failed", now)


def arrived(tx: Tx, outbox_id: int, now: int, *, copy_of: int = 0) -> None:
    """It has been delivered after all: its call is off. So is that of the message it repeats, which need not follow."""
    note(tx, outbox_id, "sent", now)
    _close(tx, calls.c.outbox_id.in_([outbox_id, copy_of]), "delivered", now)
    if copy_of:
        held = (outbox.c.id == copy_of) & (outbox.c.state == "held")
        tx.execute(update(outbox).where(held).values(state="erased", body=None))


def read_by_code(tx: Tx, case_id: int, now: int) -> None:
    """The citizen has read the thread on its page, which a machine that looks ahead has not: nobody need call them."""
    _close(tx, calls.c.case_id == case_id, "read", now)


def waits(conn: Connection, case_id: int) -> bool:
    """Whether somebody is still to be called about a case, which no confidential one is."""
    mine = (calls.c.case_id == case_id) & (calls.c.state == OPEN) & confidential.calling()
    return conn.scalar(select(calls.c.id).where(mine).limit(1)) is not None


def _begun(booking: ColumnElement[int | None], said_at: ColumnElement[int], now: int) -> ColumnElement[bool]:
    """That something was said of a booking before its hour, which has come since."""
    at = func.coalesce(bookings.c.slot_at, sessions.c.starts_at)
    meant = exists(bookings.c.id).where(bookings.c.id == booking, sessions.c.id == bookings.c.session_id)
    return meant.where(at <= now, said_at < at)


def overtaken(conn: Connection, now: int) -> list[int]:
    """Calls about seats in sessions that have begun since: nobody need hear of these any more; at most 500."""
    late = (calls.c.state == OPEN) & calls.c.booking_id.is_not(None) & _begun(calls.c.booking_id, calls.c.since, now)
    return list(conn.scalars(select(calls.c.id).where(late).limit(500)))


def drop_of(tx: Tx, booking_id: int, now: int) -> None:
    """Take the calls about a booking off the list: it was given back, or the person is there."""
    _close(tx, calls.c.booking_id == booking_id, "dropped", now)


def drop(tx: Tx, ids: list[int], now: int) -> None:
    """Take calls off the list that are of no use any more."""
    _close(tx, calls.c.id.in_(ids), "dropped", now)


def _close(tx: Tx, which: ColumnElement[bool], state: str, now: int) -> None:
    tx.execute(update(calls).where(which, calls.c.state == OPEN).values(state=state, done_at=now))


class Event(NamedTuple):
    """One line of the history of the messages of a case: what (see storage/schema/channels.py), on which channel."""

    at: int
    what: str
    fault: str
    channel: str


def history(conn: Connection, case_id: int) -> list[Event]:
    """How the messages about a case fared, in order."""
    rows = conn.execute(
        select(deliveries.c.at, deliveries.c.what, deliveries.c.fault, conversations.c.channel)
        .join(outbox, outbox.c.id == deliveries.c.outbox_id)
        .join(conversations, conversations.c.id == deliveries.c.conversation_id)
        .where(outbox.c.case_id == case_id)
        .order_by(deliveries.c.at, deliveries.c.id)
    )
    return [Event(row.at, row.what, row.fault, row.channel) for row in rows]


class Way(NamedTuple):
    """Another chat of the same person, joined by their own act."""

    account: int
    channel: str
    heard_at: int


def other_ways(conn: Connection, conversation_id: int) -> list[Way]:
    """The person's other chats that can be written to, the one used last first; windows are the caller's matter."""
    mine = select(accounts.c.person_id, accounts.c.id).join(conversations, conversations.c.account_id == accounts.c.id)
    row = conn.execute(mine.where(conversations.c.id == conversation_id)).one_or_none()
    if row is None:
        return []
    rows = conn.execute(
        select(accounts.c.id, channel_accounts.c.channel, conversations.c.heard_at)
        .join(conversations, conversations.c.account_id == accounts.c.id)
        .join(channel_accounts, channel_accounts.c.id == accounts.c.channel_account_id)
        .where(
            accounts.c.person_id == row.person_id,
            accounts.c.id != row.id,
            accounts.c.gone == "",
            channel_accounts.c.active == 1,
        )
        .order_by(conversations.c.heard_at.desc())
    )
    return [Way(one.id, one.channel, one.heard_at) for one in rows]


def waiting(conn: Connection) -> tuple[int, int]:
    """How many messages are held, and how many are dead, of all units."""
    rows = conn.execute(
        select(outbox.c.state, func.count())
        .where(or_(outbox.c.state == "held", outbox.c.state == "dead"), confidential.letters())
        .group_by(outbox.c.state)
    )
    found = {row[0]: int(row[1]) for row in rows}
    return found.get("held", 0), found.get("dead", 0)


def sweep(tx: Tx, before: int) -> None:
    """Forget the history of what was closed before that moment."""
    tx.execute(delete(deliveries).where(deliveries.c.at < before))
