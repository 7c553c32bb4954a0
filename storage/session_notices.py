"""Notices of a session to everybody who hears from the commune: a little at a time, each person once.

How far it got stands in the row itself and moves in the transaction that writes the messages: whoever is killed and
comes back goes on behind the last one.
"""

from typing import Literal

from sqlalchemy import Connection, insert, select, update

from storage import to_many
from storage.ids import new_id
from storage.schema.session_work import session_notices
from storage.sending import CHUNK
from storage.tables import bookings, sessions
from storage.to_many import TOPIC, Words
from storage.tx import Tx
from storage.vault import Vault

What = Literal["announced", "moved", "cancelled"]
_MEANT = {"announced": ("announced",), "moved": ("planned", "announced"), "cancelled": ("cancelled",)}
"""What a session must still be for its notice to go on."""


def begin(tx: Tx, unit: int, session: int, what: What, village: int | None, now: int) -> None:
    """From now on everybody of the commune, or of a village, is told; once for each announcement and cancellation."""
    mine = (session_notices.c.session_id == session) & (session_notices.c.what == what)
    if what != "moved" and tx.conn.scalar(select(session_notices.c.id).where(mine)) is not None:
        return
    # Whoever is still to hear of the old day hears of the new one only.
    earlier = (session_notices.c.session_id == session) & session_notices.c.done_at.is_(None)
    tx.execute(update(session_notices).where(earlier).values(done_at=now))
    values = {"unit_id": unit, "session_id": session, "what": what, "village_id": village}
    tx.execute(insert(session_notices).values(id=new_id(), **values, after=0, told=0, created_at=now))
    tx.wake(TOPIC)


def was_told(conn: Connection, session: int) -> bool:
    """Whether anybody has been told of a session by a notice to many."""
    query = select(session_notices.c.id).where(session_notices.c.session_id == session, session_notices.c.told > 0)
    return conn.scalar(query.limit(1)) is not None


def going(conn: Connection) -> list[tuple[int, int, int, What]]:
    """Notices (id, unit, session, what) that are not through, the oldest first."""
    columns = (session_notices.c.id, session_notices.c.unit_id, session_notices.c.session_id, session_notices.c.what)
    query = select(*columns).where(session_notices.c.done_at.is_(None)).order_by(session_notices.c.id).limit(20)
    return [(row.id, row.unit_id, row.session_id, row.what) for row in conn.execute(query)]


def send_some(tx: Tx, vault: Vault, id: int, words: Words, now: int, *, chunk: int = CHUNK) -> int:
    """Queue the next people's messages; how many accounts were looked at, 0 where it is through or has to wait."""
    row = tx.execute(
        select(session_notices, sessions.c.state)
        .join(sessions, sessions.c.id == session_notices.c.session_id)
        .where(session_notices.c.id == id, session_notices.c.done_at.is_(None))
        .with_for_update(of=session_notices)
    ).one_or_none()
    if row is None:
        return 0
    step: to_many.Step | None = to_many.Step(0, 0, row.after, last=True)  # a session that is no more what was said
    if row.state in _MEANT[row.what]:
        step = to_many.queue_next(
            tx,
            vault,
            row.unit_id,
            row.village_id,
            after=row.after,
            words=words,
            now=now,
            chunk=chunk,
            spared=lambda found: set() if row.what == "announced" else _booked(tx, row.session_id, found),
        )
    if step is None:
        return 0
    values = {"told": row.told + step.told, "after": step.after, "done_at": now if step.last else None}
    tx.execute(update(session_notices).where(session_notices.c.id == id).values(**values))
    return step.looked


def _booked(tx: Tx, session: int, found: list[int]) -> set[int]:
    """Accounts that have a booking there: they are told of it by name."""
    mine = (bookings.c.session_id == session) & bookings.c.account_id.in_(found)
    return set(tx.execute(select(bookings.c.account_id).where(mine)).scalars())
