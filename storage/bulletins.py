"""Notices of the commune to many: who wants those of which thôn, what was sent, and how far it got."""

import msgspec
from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from feedback.acts import Refusal
from feedback.bulletins import Publish, decide_publish
from feedback.roles import Actor, may
from storage import act_rows, to_many
from storage.ids import new_id
from storage.tables import bulletins, officers, subscriptions, units
from storage.tx import Tx
from storage.units import villages
from storage.vault import Vault
from vietnam.time import day_of, start_of


class Bulletin(msgspec.Struct, frozen=True, kw_only=True):
    """What was sent, to how many so far; `village` "" for the whole commune, `done_at` None while it goes out."""

    id: int
    text: str
    village: str
    officer: str
    told: int
    created_at: int
    done_at: int | None


def subscribe(tx: Tx, account: int, village: int, now: int) -> None:
    """Whose notices somebody wants beside those of the whole commune; 0: no thôn's."""
    if not village:
        tx.execute(delete(subscriptions).where(subscriptions.c.account_id == account))
        return
    maker = postgres_insert(subscriptions) if tx.postgres else sqlite_insert(subscriptions)
    made = maker.values(account_id=account, village_id=village, since=now)
    tx.execute(made.on_conflict_do_update(index_elements=["account_id"], set_={"village_id": village, "since": now}))


def publish(tx: Tx, act: Publish, actor: Actor, now: int) -> str | Refusal:
    """Decide, and begin to send; the same text twice within a day goes out once."""
    unit, since = actor.unit, start_of(day_of(now))
    mine = (bulletins.c.unit_id == unit) & (bulletins.c.created_at >= since)
    tx.execute(select(units.c.id).where(units.c.id == unit).with_for_update())
    today = tx.conn.execute(select(bulletins.c.text, bulletins.c.village_id).where(mine)).all()
    known = frozenset(village.id for village in villages(tx.conn, unit))
    decided = decide_publish(act, actor, unit, today=len(today), villages=known)
    if isinstance(decided, Refusal) or (decided, act.village) in {tuple(row) for row in today}:
        return decided
    id = new_id()
    values = {"unit_id": unit, "village_id": act.village, "text": decided, "officer_id": actor.id or None}
    tx.execute(insert(bulletins).values(id=id, **values, after=0, created_at=now))
    act_rows.record(tx, actor, "send", thing="bulletin", thing_id=id, unit=unit, now=now, text=decided)
    tx.wake(to_many.TOPIC)
    return decided


def stop(tx: Tx, actor: Actor, id: int, now: int) -> bool:
    """Whoever has not been reached yet is not; False where it is through already, or of another unit."""
    if not may(actor, "bulletin.send", actor.unit):
        return False
    mine = (bulletins.c.id == id) & (bulletins.c.unit_id == actor.unit) & bulletins.c.done_at.is_(None)
    if not tx.execute(update(bulletins).where(mine).values(done_at=now)).rowcount:
        return False
    act_rows.record(tx, actor, "stop", thing="bulletin", thing_id=id, unit=actor.unit, now=now)
    return True


def of_unit(conn: Connection, unit: int) -> list[Bulletin]:
    """The newest 30."""
    village = units.alias()
    rows = conn.execute(
        select(
            bulletins.c.id,
            bulletins.c.text,
            func.coalesce(village.c.name, "").label("village"),
            func.coalesce(officers.c.name, "").label("officer"),
            bulletins.c.told,
            bulletins.c.created_at,
            bulletins.c.done_at,
        )
        .outerjoin(village, village.c.id == bulletins.c.village_id)
        .outerjoin(officers, officers.c.id == bulletins.c.officer_id)
        .where(bulletins.c.unit_id == unit)
        .order_by(bulletins.c.created_at.desc(), bulletins.c.id.desc())
        .limit(30)
    )
    return [Bulletin(**row._asdict()) for row in rows]


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A notice as the head of a village reads it; `own` where it was for that village alone."""

    text: str
    own: bool
    created_at: int


def of_village(conn: Connection, unit: int, village: int, since: int) -> list[Told]:
    """What people of a village were told since an instant (UTC ms), the newest first; at most 20."""
    rows = conn.execute(
        select(bulletins.c.text, bulletins.c.village_id, bulletins.c.created_at)
        .where(
            bulletins.c.unit_id == unit,
            bulletins.c.village_id.is_(None) | (bulletins.c.village_id == village),
            bulletins.c.created_at >= since,
        )
        .order_by(bulletins.c.created_at.desc(), bulletins.c.id.desc())
        .limit(20)
    )
    return [Told(text=row.text, own=row.village_id is not None, created_at=row.created_at) for row in rows]


def going(conn: Connection) -> list[tuple[int, int, str]]:
    """(id, unit, text) of those that are not through, the oldest first."""
    query = select(bulletins.c.id, bulletins.c.unit_id, bulletins.c.text).where(bulletins.c.done_at.is_(None))
    return [tuple(row) for row in conn.execute(query.order_by(bulletins.c.id).limit(20))]


def send_some(tx: Tx, vault: Vault, id: int, words: to_many.Words, now: int) -> int:
    """Queue the next people's messages; how many accounts were looked at, 0 where it is through or has to wait."""
    mine = (bulletins.c.id == id) & bulletins.c.done_at.is_(None)
    row = tx.execute(select(bulletins).where(mine).with_for_update()).one_or_none()
    if row is None:
        return 0
    step = to_many.queue_next(tx, vault, row.unit_id, row.village_id, after=row.after, words=words, now=now)
    if step is None:
        return 0
    values = {"told": row.told + step.told, "after": step.after, "done_at": now if step.last else None}
    tx.execute(update(bulletins).where(bulletins.c.id == id).values(**values))
    return step.looked
