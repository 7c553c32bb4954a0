"""The list of acts: who changed what, when; written in the transaction of the change itself."""

import msgspec
from sqlalchemy import func, insert, select

from feedback.roles import Actor
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
    tx.execute(
        insert(acts).values(
            id=new_id(),
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
