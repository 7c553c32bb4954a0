"""How messages about cases fared: what waits for the person's next word, who must be called, and the history of each.

Of survey dialogues nothing is kept here: how many messages they had tells what was answered (docs/decisions/0013).
"""

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, delete, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from feedback.roles import Actor
from storage import act_rows, confidential
from storage.conversations import Conversation
from storage.ids import new_id
from storage.tables import accounts, calls, cases, channel_accounts, conversations, deliveries, outbox, units
from storage.tx import Tx

OPEN = "open"
DONE = ("called", "printed")
"""What an officer may have done about a call; "unreached" leaves it open and counts a try."""


def note(tx: Tx, outbox_id: int, what: str, now: int, *, fault: str = "") -> None:
    """Add to the history of a message that is about a case; nothing for any other."""
    row = tx.execute(
        select(outbox.c.conversation_id).where(outbox.c.id == outbox_id, outbox.c.case_id.is_not(None))
    ).one_or_none()
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
    """Put the person of a message on the call list, once, where the message is about a case."""
    row = tx.execute(
        select(outbox.c.unit_id, outbox.c.conversation_id, outbox.c.case_id).where(
            outbox.c.id == outbox_id, outbox.c.case_id.is_not(None)
        )
    ).one_or_none()
    if row is None:
        return
    maker = postgres_insert if tx.postgres else sqlite_insert
    values = {"unit_id": row.unit_id, "conversation_id": row.conversation_id, "case_id": row.case_id}
    new = maker(calls).values(id=new_id(), outbox_id=outbox_id, why=why, since=now, **values)
    tx.execute(new.on_conflict_do_nothing(index_elements=["outbox_id"]))
    tx.wake(f"queue:{row.unit_id}")


def release(tx: Tx, conversation: Conversation, now: int) -> None:
    """The person has written: what waited goes out, before the answer; questions that have passed are not asked."""
    mine = (outbox.c.conversation_id == conversation.id) & (outbox.c.state == "held")
    lasting = outbox.c.case_id.is_not(None)
    tx.execute(update(outbox).where(mine, ~lasting).values(state="erased", body=None))
    tx.execute(update(outbox).where(mine, lasting).values(state="ready", next_at=now, tries=0, fault=""))
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
    """Somebody has opened the case by its code: whoever has the code knows what was to be said."""
    _close(tx, calls.c.case_id == case_id, "read", now)


def _close(tx: Tx, which: ColumnElement[bool], state: str, now: int) -> None:
    tx.execute(update(calls).where(which, calls.c.state == OPEN).values(state=state, done_at=now))


def done(tx: Tx, actor: Actor, id: int, what: str, now: int) -> bool:
    """An officer has called, could not reach the person ("unreached"), or printed a slip; False where it is closed."""
    if what not in (*DONE, "unreached"):
        raise ValueError(what)
    mine = (calls.c.id == id) & (calls.c.unit_id == actor.unit) & (calls.c.state == OPEN) & confidential.calling()
    values: dict[str, Any] = {"tries": calls.c.tries + 1}
    if what in DONE:
        values |= {"state": what, "done_at": now}
    row = tx.execute(update(calls).where(mine).values(**values).returning(calls.c.outbox_id)).one_or_none()
    if row is None:
        return False
    note(tx, row.outbox_id, what, now)
    act_rows.record(tx, actor, f"call.{what}", thing="call", thing_id=id, unit=actor.unit, now=now)
    return True


class Call(NamedTuple):
    """Somebody to be called. `phone` is "" where the person gave none, or wants to stay unknown."""

    id: int
    case: str
    kind: str
    village: str
    name: str
    phone: str
    anonymous: bool
    channel: str
    why: str
    since: int
    tries: int


_village = units.alias("village_of_call")


def to_call(conn: Connection, unit_id: int) -> list[Call]:
    """The open call list of a unit, whoever waits longest first, at most 500."""
    rows = conn.execute(
        select(
            calls.c.id,
            cases.c.code,
            cases.c.kind,
            _village.c.name.label("village"),
            cases.c.name,
            cases.c.phone,
            cases.c.anonymous,
            conversations.c.channel,
            calls.c.why,
            calls.c.since,
            calls.c.tries,
        )
        .join(cases, cases.c.id == calls.c.case_id)
        .join(conversations, conversations.c.id == calls.c.conversation_id)
        .outerjoin(_village, _village.c.id == cases.c.village_id)
        .where(calls.c.unit_id == unit_id, calls.c.state == OPEN, confidential.visible())
        .order_by(calls.c.since, calls.c.id)
        .limit(500)
    )
    return [
        Call(
            row.id, row.code, row.kind, row.village or "", "" if row.anonymous else row.name,
            "" if row.anonymous else row.phone, bool(row.anonymous), row.channel, row.why, row.since, row.tries,
        )
        for row in rows
    ]  # fmt: skip


def to_call_count(conn: Connection, unit_id: int) -> int:
    """How many are to be called."""
    mine = (calls.c.unit_id == unit_id) & (calls.c.state == OPEN) & confidential.calling()
    return conn.execute(select(func.count()).select_from(calls).where(mine)).scalar_one()


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
