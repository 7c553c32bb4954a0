"""The chain of acts: each act of a unit carries the hash of the one before it, so that none can be changed unseen.

Written at the end of the transaction of the act itself: whoever writes an act of a unit then holds the unit's head,
the last lock of any transaction, until the commit. What an act says can be erased and its place in the chain stays:
the chain holds a salted digest of it. Who changes the rows and computes the whole rest of the chain anew is found by
whoever noted an earlier head (docs/decisions/0019).
"""

import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator, Sequence

import msgspec
from sqlalchemy import Connection, Row, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from storage.schema.cases import act_heads, acts
from storage.schema.people import units
from storage.tx import Tx

_FIELDS = ("id", "unit_id", "thing", "thing_id", "version", "action", "actor", "at")
_CHUNK = 1_000
_SALT = 16
_ERASING = "_erasing"


class Broken(msgspec.Struct, frozen=True):
    """The first act of a unit's chain that is not as it was written. `seq` counts from 1.

    `fault`: "missing" (an act was deleted, or its place given away), "changed" (a field is another), "detail" (what it
    says is another), "erased" (what it says is gone and no act says so), "loose" (it never came into the chain),
    "head" (the newest acts are gone).
    """

    unit: str
    seq: int
    fault: str


class Whole(msgspec.Struct, frozen=True):
    """A chain that is as it was written: how many acts, how many of them erased, and the hash of the newest."""

    unit: str
    acts: int
    erased: int
    head: str


def erasing(thing: str) -> str:
    """What an act is on that says that the acts on such a thing before it say nothing any more."""
    return f"{thing}{_ERASING}"


def digest_of(salt: str, detail: str) -> str:
    """What the chain holds of what an act says; without the salt it tells nothing of it."""
    return hashlib.sha256(f"{salt}\n{detail}".encode()).hexdigest()


def link(before: str, seq: int, fields: Sequence[object], digest: str) -> str:
    """The hash of an act: of the chain before it, its place, its fields (in the order of `_FIELDS`) and its digest."""
    row = json.dumps([before, seq, *fields, digest], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(row.encode()).hexdigest()


def close(tx: Tx) -> None:
    """Chain the acts that this unit of work has written; the engines call it last, before the commit."""
    for unit in sorted(tx.acted):
        chain_unit(tx, unit, tx.acted[unit])
    tx.acted = {}


def chain_unit(tx: Tx, unit: int, ids: Iterable[int] | None) -> None:
    """Add acts of a unit to the end of its chain, in the order of their ids. None: all that are not in it yet."""
    seq, before = _locked_head(tx, unit)
    wanted = acts.c.id.in_(list(ids)) if ids is not None else acts.c.seq.is_(None)
    columns = [acts.c[name] for name in (*_FIELDS, "detail")]
    # What a savepoint took back is not there any more.
    rows = tx.execute(select(*columns).where(acts.c.unit_id == unit, wanted).order_by(acts.c.id)).all()
    placed = []
    for row in rows:
        seq += 1
        salt = secrets.token_hex(_SALT)
        digest = digest_of(salt, row.detail)
        before = link(before, seq, row[: len(_FIELDS)], digest)
        placed.append({"of": row.id, "seq": seq, "salt": salt, "digest": digest, "chain": before})
    if placed:
        tx.execute(_PLACE, placed)
        tx.execute(update(act_heads).where(act_heads.c.unit_id == unit).values(seq=seq, chain=before))


_PLACE = (
    update(acts)
    .where(acts.c.id == bindparam("of"))
    .values({name: bindparam(name) for name in ("seq", "salt", "digest", "chain")})
)


def _locked_head(tx: Tx, unit: int) -> tuple[int, str]:
    head = select(act_heads.c.seq, act_heads.c.chain).where(act_heads.c.unit_id == unit).with_for_update()
    row = tx.execute(head).one_or_none()
    if row is None:
        maker = postgres_insert if tx.postgres else sqlite_insert
        tx.execute(maker(act_heads).values(unit_id=unit, seq=0, chain="").on_conflict_do_nothing())
        row = tx.execute(head).one()
    return row.seq, row.chain


def verify(conn: Connection) -> list[Whole | Broken]:
    """Every unit's chain: whole, or its first break."""
    names: dict[int, str] = {row.id: row.name for row in conn.execute(select(units.c.id, units.c.name))}
    heads = {row.unit_id: row for row in conn.execute(select(act_heads))}
    having = set(conn.scalars(select(acts.c.unit_id).distinct()))
    return [_verify(conn, unit, names.get(unit, str(unit)), heads.get(unit)) for unit in sorted(having | set(heads))]


def _verify(conn: Connection, unit: int, name: str, head: "Row[tuple[int, int, str]] | None") -> Whole | Broken:
    seq, before, erased = 0, "", 0
    excused = _erasures(conn, unit)
    for row in _rows(conn, unit):
        if row.seq != seq + 1:
            return Broken(name, seq + 1, "missing")
        seq += 1
        before = link(before, seq, row[: len(_FIELDS)], row.digest)
        if row.chain != before:
            return Broken(name, seq, "changed")
        if row.detail == "" and row.salt == "":
            erased += 1
            if excused.get((erasing(row.thing), row.thing_id), 0) < seq:
                return Broken(name, seq, "erased")
        elif digest_of(row.salt, row.detail) != row.digest:
            return Broken(name, seq, "detail")
    if (head.seq, head.chain) != (seq, before) if head is not None else seq:
        return Broken(name, seq + 1, "head")
    loose = select(func.count()).select_from(acts).where(acts.c.unit_id == unit, acts.c.seq.is_(None))
    if conn.scalar(loose):
        return Broken(name, seq + 1, "loose")
    return Whole(name, seq, erased, before)


def _erasures(conn: Connection, unit: int) -> dict[tuple[str, int], int]:
    """What was erased, as `erasing` names it, and its id -> the place of the newest act that says so."""
    query = (
        select(acts.c.thing, acts.c.thing_id, func.max(acts.c.seq))
        .where(acts.c.unit_id == unit, acts.c.thing.endswith(_ERASING, autoescape=True))
        .group_by(acts.c.thing, acts.c.thing_id)
    )
    return {(row[0], row[1]): row[2] or 0 for row in conn.execute(query)}


def _rows(conn: Connection, unit: int) -> Iterator["Row[tuple[object, ...]]"]:
    """The acts of a chain in its order, some at once."""
    columns = [acts.c[name] for name in (*_FIELDS, "detail", "seq", "salt", "digest", "chain")]
    after = -(1 << 62)
    while True:
        query = select(*columns).where(acts.c.unit_id == unit, acts.c.seq > after).order_by(acts.c.seq).limit(_CHUNK)
        rows = conn.execute(query).all()
        if not rows:
            return
        yield from rows
        after = rows[-1].seq
