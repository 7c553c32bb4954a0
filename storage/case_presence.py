"""Who has which case open just now, so that two officers do not work on one without knowing it.

A table and not the memory of a process: several processes may serve one commune, and each would know its own half.
"""

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from storage.tables import case_presence, officers
from storage.tx import Tx
from vietnam.time import DAY, MINUTE

FRESH = 10 * MINUTE
"""Milliseconds after which somebody who has not looked at it again is thought to be gone."""
AGAIN = MINUTE
"""Milliseconds before which it is not written down again that the same officer is there."""


def is_noted(conn: Connection, case_id: int, officer: int, now: int) -> bool:
    """Whether it was written down a moment ago that the officer is there."""
    mine = (case_presence.c.case_id == case_id, case_presence.c.officer_id == officer)
    at = conn.scalar(select(case_presence.c.at).where(*mine))
    return at is not None and at > now - AGAIN


def note(tx: Tx, case_id: int, unit: int, officer: int, now: int) -> None:
    """An officer has the page of a case open; what is older than a day goes. Those who have it open too are told."""
    maker = postgres_insert(case_presence) if tx.postgres else sqlite_insert(case_presence)
    said = maker.values(case_id=case_id, officer_id=officer, at=now)
    tx.execute(said.on_conflict_do_update(index_elements=["case_id", "officer_id"], set_={"at": now}))
    tx.execute(delete(case_presence).where(case_presence.c.at < now - DAY))
    tx.wake(f"queue:{unit}")


def others(conn: Connection, case_id: int, officer: int, now: int) -> list[tuple[str, int]]:
    """Who else has it open: name, and when they last looked (UTC milliseconds), the newest first."""
    here = (case_presence.c.case_id == case_id, case_presence.c.officer_id != officer)
    query = (
        select(officers.c.name, case_presence.c.at)
        .join(officers, officers.c.id == case_presence.c.officer_id)
        .where(*here, case_presence.c.at > now - FRESH, officers.c.active == 1)
    )
    return [(row.name, row.at) for row in conn.execute(query.order_by(case_presence.c.at.desc()))]
