"""The answers a commune keeps ready for what people ask."""

from sqlalchemy import Connection, func, insert, select, update

from feedback.acts import Refusal
from feedback.knowledge import MAX_FACTS, Fact, SaveFact, decide_fact
from feedback.roles import Actor
from storage import act_rows
from storage.ids import new_id
from storage.tables import facts
from storage.tx import Tx

_COLUMNS = (
    facts.c.id,
    facts.c.title,
    facts.c.text,
    facts.c.words,
    facts.c.link,
    facts.c.phone,
    facts.c.person,
    facts.c.place,
    facts.c.active,
)


def of_unit(conn: Connection, unit: int, *, all: bool = False) -> list[Fact]:
    """What the commune answers, in its order; with `all` also what is not shown now."""
    query = select(*_COLUMNS).where(facts.c.unit_id == unit).order_by(facts.c.place, facts.c.id).limit(MAX_FACTS)
    rows = conn.execute(query if all else query.where(facts.c.active == 1))
    return [Fact(**{**row._asdict(), "active": bool(row.active)}) for row in rows]


def has_any(conn: Connection, unit: int) -> bool:
    """Whether there is anything to ask."""
    return conn.scalar(select(facts.c.id).where(facts.c.unit_id == unit, facts.c.active == 1).limit(1)) is not None


def changed_at(conn: Connection, unit: int, id: int) -> int:
    """When a fact of this unit was written last (UTC milliseconds); KeyError where there is none."""
    at: int | None = conn.scalar(select(facts.c.changed_at).where(facts.c.unit_id == unit, facts.c.id == id))
    if at is None:
        raise KeyError(id)
    return at


def save(tx: Tx, act: SaveFact, actor: Actor, now: int) -> Fact | Refusal:
    """Decide and keep one; the place is at the end where none is named. KeyError for one of another unit."""
    fact, unit = act.fact, actor.unit
    many = tx.conn.scalar(select(func.count()).select_from(facts).where(facts.c.unit_id == unit)) or 0
    decided = decide_fact(act, actor, unit, many=many, changed_at=changed_at(tx.conn, unit, fact.id) if fact.id else 0)
    if isinstance(decided, Refusal):
        return decided
    id = fact.id or new_id()
    values = {
        name: getattr(decided, name) for name in ("title", "text", "words", "link", "phone", "person", "place")
    } | {"active": int(decided.active)}
    if fact.id:
        mine = (facts.c.unit_id == unit) & (facts.c.id == id) & (facts.c.changed_at == act.seen)
        # One more millisecond: two saves within one would look alike to whoever holds the page of the first.
        if not tx.execute(update(facts).where(mine).values(**values, changed_at=max(now, act.seen + 1))).rowcount:
            return Refusal("fact.changed")
    else:
        tx.execute(insert(facts).values(id=id, unit_id=unit, **values, changed_at=now))
    act_rows.record(tx, actor, "write", thing="fact", thing_id=id, unit=unit, now=now, title=decided.title)
    return decided
