"""The papers of a session on their way to every trưởng thôn: sent with the act itself, ticked off when received."""

from typing import Any, Literal

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from feedback.roles import Actor
from storage import act_rows, units
from storage.tables import session_sheets, sessions
from storage.tx import Tx

Kind = Literal["notice", "results"]


def send(tx: Tx, unit: int, session: int, kind: Kind, now: int) -> None:
    """A paper for every village of the commune, whichever the session is for: all of them are to know."""
    maker = postgres_insert(session_sheets) if tx.postgres else sqlite_insert(session_sheets)
    for village in units.villages(tx.conn, unit):
        values = {"session_id": session, "village_id": village.id, "kind": kind, "sent_at": now}
        tx.execute(maker.values(**values).on_conflict_do_nothing())


def send_again(tx: Tx, unit: int, session: int, kind: Kind, now: int) -> None:
    """What the paper says is another thing now: it goes out anew, to those as well who had ticked the earlier one.

    That they had stays in the list of acts.
    """
    mine = (session_sheets.c.session_id == session) & (session_sheets.c.kind == kind)
    tx.execute(update(session_sheets).where(mine).values(sent_at=now, received_at=None))
    send(tx, unit, session, kind, now)


CORRECTED = "corrected"
"""The note on a paper that goes to a village once more, as what it says was put right."""


def corrected(tx: Tx, session: int, now: int) -> None:
    """The results are other ones now: every village that has them gets them again, and hears that they were changed."""
    mine = (session_sheets.c.session_id == session) & (session_sheets.c.kind == "results")
    has_it = mine & session_sheets.c.received_at.is_not(None)
    tx.execute(update(session_sheets).where(has_it).values(sent_at=now, received_at=None, note=CORRECTED))


def receive(tx: Tx, actor: Actor, session: int, village: int, kind: str, now: int) -> bool:
    """A village has the paper; False where none was sent there, or it was received before."""
    mine = (
        (session_sheets.c.session_id == session)
        & (session_sheets.c.village_id == village)
        & (session_sheets.c.kind == kind)
        & session_sheets.c.received_at.is_(None)
        & session_sheets.c.session_id.in_(select(sessions.c.id).where(sessions.c.unit_id == actor.unit))
    )
    if tx.execute(update(session_sheets).where(mine).values(received_at=now)).rowcount != 1:
        return False
    kept: dict[str, Any] = {"village": village, "kind": kind}
    act_rows.record(
        tx, actor, "session.receive", thing="session_sheet", thing_id=session, unit=actor.unit, now=now, **kept
    )
    return True


def waiting(conn: Connection, village: int) -> list[tuple[int, str, str]]:
    """Papers (session, kind, note) that the head of a village has not ticked off, the oldest first."""
    query = (
        select(session_sheets.c.session_id, session_sheets.c.kind, session_sheets.c.note)
        .where(session_sheets.c.village_id == village, session_sheets.c.received_at.is_(None))
        .order_by(session_sheets.c.sent_at)
        .limit(50)
    )
    return [(row.session_id, row.kind, row.note) for row in conn.execute(query)]
