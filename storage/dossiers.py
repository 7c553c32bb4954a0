"""The ZIPs that leaders asked for: known by their acts alone, the file a blob that is swept after a day."""

import msgspec
from sqlalchemy import Connection, select

from feedback.roles import Actor
from storage import act_rows
from storage.ids import new_id
from storage.tables import acts, blobs
from storage.tx import Tx

THING = "dossier"
_SHOWN = 20


class Dossier(msgspec.Struct, frozen=True, kw_only=True):
    """A ZIP. `state`: making, ready, failed, gone (swept); `why` it failed, `blob` while it is there."""

    id: int
    period: str
    names: bool
    asked_at: int
    asked_by: str
    state: str
    why: str = ""
    name: str = ""
    blob: int = 0
    size: int = 0
    made_at: int = 0


def ask(tx: Tx, actor: Actor, period: str, now: int, *, names: bool) -> int:
    """A leader wants the ZIP of a period; its id."""
    id = new_id()
    act_rows.record(
        tx, actor, "ask", thing=THING, thing_id=id, unit=actor.unit, now=now, version=1, period=period, names=names
    )
    return id


def ready(tx: Tx, actor: Actor, id: int, now: int, *, name: str, blob: int, cases: int) -> None:
    """It is made."""
    unit = actor.unit
    act_rows.record(tx, actor, "ready", thing=THING, thing_id=id, unit=unit, now=now, name=name, blob=blob, cases=cases)


def failed(tx: Tx, actor: Actor, id: int, now: int, why: str) -> None:
    """It could not be made."""
    act_rows.record(tx, actor, "fail", thing=THING, thing_id=id, unit=actor.unit, now=now, why=why)


def exported(tx: Tx, actor: Actor, now: int, *, what: str, id: int | None = None, names: bool = True) -> None:
    """Somebody takes citizens' data out of the program; `what` is the paper by its name, `id` that of a ZIP."""
    thing, thing_id = (THING, id) if id is not None else ("paper", new_id())
    unit = actor.unit
    act_rows.record(tx, actor, "export", thing=thing, thing_id=thing_id, unit=unit, now=now, what=what, names=names)


def one(conn: Connection, unit: int, id: int) -> Dossier | None:
    """A ZIP of this unit."""
    found = _read(conn, unit, [id])
    return found[0] if found else None


def all_of(conn: Connection, unit: int) -> list[Dossier]:
    """The newest ZIPs of this unit, newest first."""
    mine = (acts.c.unit_id == unit) & (acts.c.thing == THING) & (acts.c.action == "ask")
    ids = conn.scalars(select(acts.c.thing_id).where(mine).order_by(acts.c.at.desc()).limit(_SHOWN))
    return _read(conn, unit, list(ids))


def _read(conn: Connection, unit: int, ids: list[int]) -> list[Dossier]:
    mine = (acts.c.unit_id == unit) & (acts.c.thing == THING) & acts.c.thing_id.in_(ids) & (acts.c.action != "export")
    columns = (acts.c.thing_id, acts.c.action, acts.c.actor, acts.c.detail, acts.c.at)
    found: dict[int, Dossier] = {}
    for row in conn.execute(select(*columns).where(mine).order_by(acts.c.thing_id, acts.c.version)):
        detail = msgspec.json.decode(row.detail or "{}")
        if row.action == "ask":
            found[row.thing_id] = Dossier(
                id=row.thing_id,
                period=str(detail.get("period", "")),
                names=bool(detail.get("names")),
                asked_at=row.at,
                asked_by=row.actor,
                state="making",
            )
        elif row.thing_id in found:
            found[row.thing_id] = _after(conn, found[row.thing_id], row.action, detail, row.at)
    return sorted(found.values(), key=lambda dossier: dossier.asked_at, reverse=True)


def _after(conn: Connection, before: Dossier, action: str, detail: dict[str, object], at: int) -> Dossier:
    if action != "ready":
        return msgspec.structs.replace(before, state="failed", why=str(detail.get("why", "")))
    blob = int(str(detail.get("blob", 0)))
    size = conn.scalar(select(blobs.c.size).where(blobs.c.id == blob))
    return msgspec.structs.replace(
        before,
        state="ready" if size is not None else "gone",
        name=str(detail.get("name", "")),
        blob=blob if size is not None else 0,
        size=size or 0,
        made_at=at,
    )
