"""The chain of acts: each act of a unit carries the hash of the one before it, so that none can be changed unseen.

Written at the end of the transaction of the act itself: whoever writes an act of a unit then holds the unit's head,
the last lock of any transaction, until the commit. What an act says can be erased and its place in the chain stays:
the chain holds a salted digest of it. Who changes the rows and computes the whole rest of the chain anew is found by
whoever noted an earlier head (docs/decisions/0019).
"""

import hashlib
import json
import secrets
from collections.abc import Iterable, Sequence
from typing import Any

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
    says is another), "erased" (what it said is gone, wholly or in part, and no act says so), "loose" (it never came
    into the chain), "head" (the newest acts are gone).
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


_NOTHING = digest_of("", "")


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
    having = set(conn.scalars(select(acts.c.unit_id).distinct()))
    having |= set(conn.scalars(select(act_heads.c.unit_id)))
    return [_verify(conn, unit) for unit in sorted(having)]


def _verify(conn: Connection, unit: int) -> Whole | Broken:
    walk = begin(conn, unit)
    while True:
        found = go_on(conn, walk)
        if found is not None:
            return found


class Walk:
    """How far the chain of a unit has been looked at, each part perhaps in a transaction of its own."""

    def __init__(self, unit: int, name: str) -> None:
        self.unit, self.name = unit, name
        self.seq, self.before, self.erased = 0, "", 0
        self.excused: dict[tuple[str, int], _Erased] = {}
        self.looked_again = False


def begin(conn: Connection, unit: int) -> Walk:
    """A walk from the first act of a unit to the newest, those included that are written meanwhile."""
    walk = Walk(unit, conn.scalar(select(units.c.name).where(units.c.id == unit)) or str(unit))
    walk.excused = _erasures(conn, unit)
    return walk


def go_on(conn: Connection, walk: Walk, most: int = _CHUNK) -> Whole | Broken | None:
    """Look at some acts more; None where the walk is not over."""
    rows = _rows(conn, walk.unit, walk.seq, most)
    for row in rows:
        fault = _look_at(conn, walk, row)
        if fault:
            return Broken(walk.name, walk.seq + (fault == "missing"), fault)
    if len(rows) == most:
        return None
    head = conn.execute(select(act_heads.c.seq, act_heads.c.chain).where(act_heads.c.unit_id == walk.unit)).first()
    if (head.seq, head.chain) != (walk.seq, walk.before) if head is not None else walk.seq:
        if not walk.looked_again:
            # An act may have been written between the two looks.
            walk.looked_again = True
            return None
        return Broken(walk.name, walk.seq + 1, "head")
    loose = select(func.count()).select_from(acts).where(acts.c.unit_id == walk.unit, acts.c.seq.is_(None))
    if conn.scalar(loose):
        return Broken(walk.name, walk.seq + 1, "loose")
    return Whole(walk.name, walk.seq, walk.erased, walk.before)


def _look_at(conn: Connection, walk: Walk, row: "Row[Any]") -> str:
    """What is wrong with the next act of a walk, "" for nothing."""
    walk.looked_again = False
    if row.seq != walk.seq + 1:
        return "missing"
    walk.seq += 1
    walk.before = link(walk.before, walk.seq, row[: len(_FIELDS)], row.digest)
    if row.chain != walk.before:
        return "changed"
    if row.salt != "":
        return "" if digest_of(row.salt, row.detail) == row.digest else "detail"
    walk.erased += 1
    fault = _unexcused(walk, row)
    if fault:
        # It may have been erased since the walk began.
        walk.excused = _erasures(conn, walk.unit)
        fault = _unexcused(walk, row)
    return fault


def _unexcused(walk: Walk, row: "Row[Any]") -> str:
    said = walk.excused.get((erasing(row.thing), row.thing_id), _NEVER)
    if said.seq < row.seq:
        return "erased"
    return "" if said.left.get(str(row.version), _NOTHING) == digest_of("", row.detail) else "detail"


class _Erased(msgspec.Struct):
    """The newest act that says that a thing's acts were erased. `left`: version -> digest of what is still said."""

    seq: int = 0
    left: dict[str, str] = {}


_NEVER = _Erased()
_erased = msgspec.json.Decoder(_Erased)


def _erasures(conn: Connection, unit: int) -> dict[tuple[str, int], _Erased]:
    """What was erased, as `erasing` names it, and its id -> the newest act that says so."""
    query = (
        select(acts.c.thing, acts.c.thing_id, acts.c.seq, acts.c.detail)
        .where(acts.c.unit_id == unit, acts.c.thing.endswith(_ERASING, autoescape=True), acts.c.seq.is_not(None))
        .order_by(acts.c.seq)
    )
    found = {}
    for row in conn.execute(query):
        try:
            left = _erased.decode(row.detail or "{}").left
        except msgspec.MsgspecError:
            left = {}  # somebody has changed it; the chain says so at its own place
        found[row.thing, row.thing_id] = _Erased(row.seq, left)
    return found


def _rows(conn: Connection, unit: int, after: int, most: int) -> "Sequence[Row[Any]]":
    """The next acts of a chain in its order."""
    columns = [acts.c[name] for name in (*_FIELDS, "detail", "seq", "salt", "digest", "chain")]
    # From the very beginning also what somebody numbered below 1.
    behind = acts.c.seq.is_not(None) if after == 0 else acts.c.seq > after
    query = select(*columns).where(acts.c.unit_id == unit, behind).order_by(acts.c.seq).limit(most)
    return conn.execute(query).all()
