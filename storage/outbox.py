"""Messages on their way: written in the turn, claimed chat by chat in order, sent with leases, kept as history."""

from contextlib import suppress
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)

from feedback.roles import Actor
from storage import act_rows, confidential
from storage.conversations import Conversation
from storage.ids import new_id
from storage.tables import accounts, conversations, outbox
from storage.tx import Tx
from storage.vault import Vault, WrongKey


class Lane(IntEnum):
    """What goes first: an answer to a person who waits, then a notice, then a message to many."""

    REPLY = 0
    NOTICE = 1
    BROADCAST = 2


STATES = ("ready", "leased", "sent", "held", "read", "own", "dead", "erased")
"""ready, leased, sent, held, dead: pushed messages (held: until the person writes again); read: ours for the person's
browser; own: the person's own words; erased: was still to be sent when it was taken back."""
MAX_TRIES = 8
ROOM = 256
"""Numbers that a dialogue takes up once it is erased, however many messages it had (or twice, three times as many)."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that this process may send until its lease ends."""

    id: int
    unit_id: int
    conversation_id: int
    account_id: int
    platform_id: str
    body: bytes
    edits_ref: str
    tries: int
    heard_at: int
    """When the person wrote last."""
    case: int | None
    """The case that it is about."""
    booking: int | None
    """The booking that it is about."""
    many: bool
    """Whether it goes to many people."""


def context(id: int) -> bytes:
    """What a sealed body is bound to."""
    return b"outbox:%d" % id


def add(
    tx: Tx,
    vault: Vault,
    conversation: Conversation,
    body: bytes,
    *,
    at: int,
    lane: Lane = Lane.REPLY,
    topic: int = 0,
    own: bool = False,
) -> int:
    """Add a message to the end of a conversation; the caller saves the conversation afterwards. Its id."""
    id = new_id()
    conversation.last_seq += 1
    state = "own" if own else "ready" if conversation.on.pushed else "read"
    tx.hot(
        "add_outbox",
        id=id,
        unit_id=conversation.unit_id,
        conversation_id=conversation.id,
        channel_account_id=conversation.on.id,
        seq=conversation.last_seq,
        lane=int(lane),
        state=state,
        body=vault.seal(body, context(id), dialogue=bool(topic)),
        topic=topic,
        next_at=at,
        created_at=at,
    )
    tx.wake("outbox" if conversation.on.pushed else f"chat:{conversation.id}")
    return id


def about(tx: Tx, id: int, case_id: int) -> None:
    """Say which case a message is about."""
    tx.execute(update(outbox).where(outbox.c.id == id).values(case_id=case_id))


def about_booking(tx: Tx, id: int, booking_id: int) -> None:
    """Say which booking a message is about."""
    tx.execute(update(outbox).where(outbox.c.id == id).values(booking_id=booking_id))


def erase_topic(tx: Tx, conversation: Conversation, topic: int, at: int) -> None:
    """Take a topic out of a conversation without a trace of how long it was; the caller saves the conversation.

    How many messages there were tells how many questions were shown, and so what was answered. Hence no row of the
    topic stays: not its words, its ids and times, nor its share of the numbers. The rows that stood between move up,
    and the next number is a fixed distance away. A browser gets one line instead, which says that something went.
    """
    mine = outbox.c.conversation_id == conversation.id
    gone = tx.execute(delete(outbox).where(mine, outbox.c.topic == topic).returning(outbox.c.seq)).scalars().all()
    if not gone:
        return
    place = first = min(gone)
    later = select(outbox.c.id).where(mine, outbox.c.seq > first).order_by(outbox.c.seq)
    for place, id in enumerate(tx.execute(later).scalars().all(), start=first):
        tx.execute(update(outbox).where(outbox.c.id == id).values(seq=place))
    conversation.last_seq = first - 1 + -(-(conversation.last_seq - first + 2) // ROOM) * ROOM
    if not conversation.on.pushed:
        _add_blank(tx, conversation, at)


def _add_blank(tx: Tx, conversation: Conversation, at: int) -> None:
    """The line that stands on the screen for what was erased."""
    tx.execute(
        insert(outbox).values(
            id=new_id(),
            unit_id=conversation.unit_id,
            conversation_id=conversation.id,
            channel_account_id=conversation.on.id,
            seq=conversation.last_seq,
            lane=int(Lane.REPLY),
            state="read",
            next_at=at,
            created_at=at,
        )
    )


def unsent(table: FromClause = outbox) -> ColumnElement[bool]:
    """That a message is still to be sent; written out, as SQLite takes the index of just these rows for that alone."""
    return table.c.state.in_([literal_column("'ready'"), literal_column("'leased'")])


@cache
def _due(many: bool) -> Select[Any]:  # noqa: FBT001 - yes or no is all there is to say
    """The oldest unsent message of each chat that has none in flight, most urgent lane first: those to many, or others.

    An invitation to many may be put off until the morning: answers to the same person go before it, whatever is older.
    Nor does a look at the answers, which every turn brings about, walk past the thousands of invitations that wait.
    """
    other = outbox.alias("other")
    now: BindParameter[int] = bindparam("now", type_=outbox.c.next_at.type)
    broadcast = int(Lane.BROADCAST)
    goes_before = or_(
        other.c.state == "leased",
        and_(outbox.c.lane == broadcast, other.c.lane != broadcast),
        and_(other.c.seq < outbox.c.seq, or_(other.c.lane != broadcast, outbox.c.lane == broadcast)),
    )
    first_in_chat = ~exists().where(
        other.c.conversation_id == outbox.c.conversation_id,
        unsent(other),
        other.c.id != outbox.c.id,
        goes_before,
    )
    due = or_(outbox.c.state == "ready", outbox.c.lease_until <= now)
    edited = outbox.alias("edited")
    return (
        select(
            outbox.c.id,
            outbox.c.unit_id,
            outbox.c.conversation_id,
            conversations.c.account_id,
            accounts.c.platform_id,
            conversations.c.heard_at,
            outbox.c.case_id,
            outbox.c.booking_id,
            outbox.c.body,
            outbox.c.tries,
            outbox.c.edits,
            edited.c.platform_ref.label("edits_ref"),
        )
        .join(conversations, conversations.c.id == outbox.c.conversation_id)
        .join(accounts, accounts.c.id == conversations.c.account_id)
        .outerjoin(edited, edited.c.id == outbox.c.edits)
        .where(
            outbox.c.channel_account_id == bindparam("account"),
            outbox.c.lane == broadcast if many else outbox.c.lane < broadcast,
            outbox.c.next_at <= now,
            unsent(),
            due,
            first_in_chat,
        )
        .order_by(outbox.c.lane, outbox.c.next_at)
        .limit(bindparam("most", type_=Integer()))
    )


def _lease(tx: Tx, ids: list[int], until: int) -> None:
    was_leased = case((outbox.c.state == "leased", 1), else_=0)
    tx.execute(
        update(outbox)
        .where(outbox.c.id.in_(ids))
        .values(state="leased", lease_until=until, uncertain=outbox.c.uncertain + was_leased)
    )


def claim(
    tx: Tx, vault: Vault, channel_account_id: int, now: int, lease_ms: int, limit: int, many: int | None = None
) -> list[Claimed]:
    """Lease what `_due` finds, at most `limit` messages, of which at most `many` go to many people (None: any number).

    A lease that ran out belonged to a process that died while sending: the message may have arrived, it is marked as
    uncertain and goes out again.
    """
    claimed: list[Claimed] = []
    for of_many in (False, True):
        most = limit - len(claimed) if not of_many or many is None else min(many, limit - len(claimed))
        if most > 0:
            claimed += _claim(
                tx, vault, {"account": channel_account_id, "now": now, "most": most}, now + lease_ms, of_many
            )
    return claimed


def _claim(tx: Tx, vault: Vault, which: dict[str, int], until: int, many: bool) -> list[Claimed]:  # noqa: FBT001 - yes or no is all there is to say
    query = _due(many)
    if tx.postgres:
        query = query.with_for_update(of=outbox, skip_locked=True)
    claimed: list[Claimed] = []
    for row in tx.execute(query, which).all():
        try:
            body = vault.open(bytes(row.body), context(row.id))
            edits_ref = _opened_ref(vault, row.edits, row.edits_ref)
        except WrongKey:
            dead(tx, row.id, "WrongKey")  # an officer sees it; it holds back neither its chat nor the others
            continue
        claimed.append(
            Claimed(
                row.id,
                row.unit_id,
                row.conversation_id,
                row.account_id,
                row.platform_id,
                body,
                edits_ref,
                row.tries,
                row.heard_at,
                row.case_id,
                row.booking_id,
                many,
            )
        )
    if claimed:
        _lease(tx, [one.id for one in claimed], until)
    return claimed


def sent(tx: Tx, vault: Vault, id: int, ref: str, now: int) -> None:
    """It was delivered to the platform, which calls it `ref`.

    That is sealed: a platform numbers all messages of a bot, and two numbers tell how much was said between them.
    """
    sealed = vault.seal(ref.encode(), _ref_context(id)).hex()
    tx.hot("sent_outbox", id=id, platform_ref=sealed, sent_at=now)


def refs(conn: Connection, vault: Vault, ids: list[int]) -> dict[int, str]:
    """What the platform calls these messages; those it has not taken, or whose fate is unknown, are not in it."""
    known = outbox.c.id.in_(ids) & outbox.c.platform_ref.is_not(None)
    rows = conn.execute(select(outbox.c.id, outbox.c.platform_ref).where(known, outbox.c.state == "sent"))
    found: dict[int, str] = {}
    for row in rows:
        with suppress(WrongKey):
            found[row.id] = _opened_ref(vault, row.id, row.platform_ref)
    return found


def _ref_context(id: int) -> bytes:
    return b"outbox.ref:%d" % id


def _opened_ref(vault: Vault, id: int | None, sealed: str | None) -> str:
    return vault.open(bytes.fromhex(sealed), _ref_context(id)).decode() if id and sealed else ""


def later(tx: Tx, id: int, *, at: int, fault: str, counts: bool, uncertain: bool = False) -> bool:
    """Try again at `at`; False where it was tried too often and is now a dead letter."""
    # Locked: its words may be erased at this very moment, and a row without words must never be ready again.
    query = select(outbox.c.tries, outbox.c.state).where(outbox.c.id == id).with_for_update()
    row = tx.execute(query).one_or_none()
    if row is None or row.state == "erased":
        return True
    tries = row.tries + (1 if counts else 0)
    if tries >= MAX_TRIES:
        dead(tx, id, fault)
        return False
    tx.execute(
        update(outbox)
        .where(outbox.c.id == id)
        .values(
            state="ready",
            tries=tries,
            next_at=at,
            lease_until=None,
            fault=fault,
            uncertain=outbox.c.uncertain + (1 if uncertain else 0),
        )
    )
    return True


def dead(tx: Tx, id: int, fault: str) -> None:
    """It cannot be delivered: an officer sees it, the chat goes on with the next message."""
    tx.execute(update(outbox).where(outbox.c.id == id).values(state="dead", lease_until=None, fault=fault))


def revive(tx: Tx, actor: Actor, id: int, now: int) -> bool:
    """Send a dead letter of the actor's unit again; False where there is none, or its words are erased already."""
    mine = and_(outbox.c.id == id, outbox.c.unit_id == actor.unit, outbox.c.state == "dead", outbox.c.body.is_not(None))
    open_to_all = and_(mine, confidential.letters())
    done = tx.execute(update(outbox).where(open_to_all).values(state="ready", tries=0, next_at=now, fault=""))
    if done.rowcount != 1:
        return False
    act_rows.record(tx, actor, "resend", thing="letter", thing_id=id, unit=actor.unit, now=now)
    tx.wake("outbox")
    return True


def oldest_waiting(conn: Connection) -> int | None:
    """When the oldest unsent message was written, for health and doctor."""
    oldest: int | None = conn.scalar(select(func.min(outbox.c.created_at)).where(unsent()))
    return oldest
