"""Accounts that may open no case for a while; the officers see why and until when, never who it is."""

import msgspec
from sqlalchemy import Connection, insert, select, update

from feedback.acts import Refusal
from feedback.blocking import Block, Blocked, decide_block
from feedback.kinds import Kind
from feedback.roles import Actor, may
from storage import act_rows, confidential
from storage.ids import new_id
from storage.tables import blocks, cases, officers
from storage.tx import Tx
from vietnam.time import HOUR

_SHOWN = 200
_TWICE = HOUR
"""Milliseconds in which the same block again is the same form again."""


class BlockRow(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the list; instants are UTC milliseconds. `open` while it holds."""

    id: int
    code: str
    reason: str
    officer: str
    since: int
    until: int
    lifted_at: int | None
    open: bool


class Put(msgspec.Struct, frozen=True, kw_only=True):
    """An accepted block: the account that is to be told, and what of."""

    account: int
    blocked: Blocked
    again: bool = False
    """The same officer has put the very same block already: the form was sent twice."""


def put(tx: Tx, actor: Actor, case_id: int, act: Block, now: int) -> Put | Refusal:
    """Block whoever opened a case; one that was put from this case and still holds takes the new reason and end.

    One put from another case stays as it is: who wrote both would stand in the list.
    """
    row = tx.execute(select(cases).where(cases.c.id == case_id)).one_or_none()
    if row is None:
        return Refusal("act.no_case")
    conduct = row.kind == Kind.CONDUCT or row.category == "conduct"
    decided = decide_block(act, actor, row.unit_id, now=now, confidential=bool(row.confidential), conduct=conduct)
    if isinstance(decided, Refusal):
        return decided
    holds = (blocks.c.case_id == case_id, blocks.c.lifted_at.is_(None), blocks.c.until > now)
    same = (blocks.c.officer_id == actor.id, blocks.c.reason == decided.reason, blocks.c.since > now - _TWICE)
    length = blocks.c.until.between(decided.until - _TWICE, decided.until)
    if tx.conn.scalar(select(blocks.c.id).where(*holds, *same, length)) is not None:
        return Put(account=row.account_id, blocked=decided, again=True)
    tx.execute(update(blocks).where(*holds).values(lifted_at=now, lifted_by=actor.id))
    id = new_id()
    tx.execute(
        insert(blocks).values(
            id=id,
            unit_id=row.unit_id,
            account_id=row.account_id,
            case_id=case_id,
            officer_id=actor.id,
            reason=decided.reason,
            since=now,
            until=decided.until,
        )
    )
    detail = {"reason": decided.reason, "until": decided.until, "code": row.code}
    act_rows.record(tx, actor, "block", thing="block", thing_id=id, unit=row.unit_id, now=now, **detail)
    return Put(account=row.account_id, blocked=decided)


def lift(tx: Tx, actor: Actor, id: int, now: int) -> int:
    """End a block of the actor's unit; the account that is to be told, 0 where there was nothing to end."""
    row = tx.execute(select(blocks).where(blocks.c.id == id, blocks.c.unit_id == actor.unit)).one_or_none()
    if row is None or not may(actor, "block.lift", row.unit_id):
        return 0
    holds = (blocks.c.id == id, blocks.c.lifted_at.is_(None), blocks.c.until > now)
    if not tx.execute(update(blocks).where(*holds).values(lifted_at=now, lifted_by=actor.id)).rowcount:
        return 0
    act_rows.record(tx, actor, "lift", thing="block", thing_id=id, unit=row.unit_id, now=now)
    return int(row.account_id)


def holding(conn: Connection, unit: int, account_ids: list[int], now: int) -> tuple[int, str] | None:
    """Until when, and why, a person may open no case in this unit; None where nothing holds."""
    query = select(blocks.c.until, blocks.c.reason).where(
        blocks.c.account_id.in_(account_ids),
        blocks.c.until > now,
        blocks.c.unit_id == unit,
        blocks.c.lifted_at.is_(None),
    )
    row = conn.execute(query.order_by(blocks.c.until.desc()).limit(1)).first()
    return None if row is None else (row.until, row.reason)


def of_case(conn: Connection, case_id: int, now: int) -> int:
    """Until when whoever opened a case is blocked from that very case (UTC milliseconds), 0 where not.

    Not from their other cases: whoever blocks the sender of one would read on the others which are by the same hand.
    """
    holds = (blocks.c.case_id == case_id, blocks.c.until > now, blocks.c.lifted_at.is_(None))
    return conn.scalar(select(blocks.c.until).where(*holds).order_by(blocks.c.until.desc()).limit(1)) or 0


def listed(conn: Connection, unit: int, now: int, by: Actor | None = None) -> list[BlockRow]:
    """The blocks of a unit, with `by` from cases that this officer reaches; those that hold first, at most 200."""
    rows = conn.execute(
        select(blocks, cases.c.code, officers.c.name.label("officer"))
        .join(cases, cases.c.id == blocks.c.case_id)
        .join(officers, officers.c.id == blocks.c.officer_id)
        .where(blocks.c.unit_id == unit, confidential.reached(by))
        .order_by(blocks.c.since.desc())
        .limit(_SHOWN)
    )
    found = [
        BlockRow(
            id=row.id,
            code=row.code,
            reason=row.reason,
            officer=row.officer,
            since=row.since,
            until=row.until,
            lifted_at=row.lifted_at,
            open=row.lifted_at is None and row.until > now,
        )
        for row in rows
    ]
    return sorted(found, key=lambda row: not row.open)


def opened_since(conn: Connection, account_ids: list[int], since: int, most: int) -> int:
    """How many cases these accounts have opened since an instant; counted up to `most`."""
    query = select(cases.c.id).where(cases.c.account_id.in_(account_ids), cases.c.opened_at >= since).limit(most)
    return len(conn.execute(query).all())
