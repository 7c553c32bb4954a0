"""Which of a citizen's pictures an officer has let others see who report the same matter (no face, no number plate)."""

from sqlalchemy import Connection, select, update

from feedback.kinds import Kind
from feedback.nearness import PUBLIC_FIELDS
from feedback.roles import Actor, may
from storage import act_rows
from storage.tables import case_blobs, cases
from storage.tx import Tx


def of(conn: Connection, case_id: int) -> frozenset[int]:
    """The pictures of a case that may be shown."""
    query = select(case_blobs.c.blob_id).where(case_blobs.c.case_id == case_id, case_blobs.c.shown == 1)
    return frozenset(conn.scalars(query))


def can(kind: str, category: str) -> bool:
    """Whether pictures of such a case are ever shown to others at all."""
    return kind == Kind.FEEDBACK and category in PUBLIC_FIELDS


def turn(tx: Tx, actor: Actor, code: str, blob: int, *, shown: bool, now: int) -> bool:
    """Let a picture be seen, or no more; False where it is none of a case of which others may learn."""
    row = tx.execute(
        select(cases.c.id, cases.c.unit_id, cases.c.kind, cases.c.category)
        .join(case_blobs, case_blobs.c.case_id == cases.c.id)
        .where(
            cases.c.code == code,
            cases.c.unit_id == actor.unit,
            cases.c.confidential == 0,
            case_blobs.c.blob_id == blob,
            case_blobs.c.sent_by == "citizen",
        )
    ).one_or_none()
    if row is None or not may(actor, "case.show_photo", row.unit_id) or (shown and not can(row.kind, row.category)):
        return False
    mine = (case_blobs.c.case_id == row.id, case_blobs.c.blob_id == blob)
    if tx.execute(update(case_blobs).where(*mine, case_blobs.c.shown != int(shown)).values(shown=int(shown))).rowcount:
        action = "show_photo" if shown else "hide_photo"
        act_rows.record(tx, actor, action, thing="photo", thing_id=blob, unit=row.unit_id, now=now, code=code)
    return True
