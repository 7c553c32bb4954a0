"""The list of acts: who changed what, when; written in the transaction of the change itself."""

from typing import Any

import msgspec
from sqlalchemy import func, insert, select, update

from feedback.roles import Actor
from storage import act_chain
from storage.ids import new_id
from storage.tables import acts
from storage.tx import Tx


def record(
    tx: Tx,
    actor: Actor,
    action: str,
    *,
    thing: str,
    thing_id: int,
    unit: int,
    now: int,
    version: int | None = None,
    **detail: object,
) -> None:
    """Keep one act on a thing ("case", "survey", "report", "officer", "letter"). `detail` must hold no secret.

    `version` is that of the thing after the act; a thing without versions gets the next number of its acts.
    """
    if version is None:
        mine = (acts.c.thing == thing) & (acts.c.thing_id == thing_id)
        version = (tx.conn.scalar(select(func.max(acts.c.version)).where(mine)) or 0) + 1
    id = new_id()
    tx.acted.setdefault(unit, []).append(id)
    tx.execute(
        insert(acts).values(
            id=id,
            unit_id=unit,
            thing=thing,
            thing_id=thing_id,
            version=version,
            action=action,
            actor=actor.label(),
            detail=msgspec.json.encode(detail).decode(),
            at=now,
        )
    )


def erase(tx: Tx, actor: Actor, *, thing: str, thing_id: int, unit: int, now: int, but: tuple[str, ...] = ()) -> None:
    """Take out what the acts on a thing say; that this was done is an act itself, and the chain stays whole.

    `but`: what they go on saying of it. The act that erases then vouches for each of them as it is from now on.
    """
    mine = (acts.c.thing == thing) & (acts.c.thing_id == thing_id)
    # Those of this very transaction are chained first: the chain must have seen what it is to vouch for.
    act_chain.close(tx)
    left: dict[str, str] = {}
    if but:
        for row in tx.execute(select(acts.c.id, acts.c.version, acts.c.detail).where(mine)).all():
            said = msgspec.json.decode(row.detail or "{}", type=dict[str, Any])
            kept = msgspec.json.encode({name: said[name] for name in but if name in said}).decode()
            left[str(row.version)] = act_chain.digest_of("", kept)
            tx.execute(update(acts).where(acts.c.id == row.id).values(detail=kept, salt=""))
    else:
        tx.execute(update(acts).where(mine).values(detail="", salt=""))
    about = act_chain.erasing(thing)  # a thing of its own: the versions of the other go on
    detail: dict[str, Any] = {"left": left} if left else {}
    record(tx, actor, "erase", thing=about, thing_id=thing_id, unit=unit, now=now, **detail)
