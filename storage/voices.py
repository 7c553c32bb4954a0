"""Recordings of cases: told apart from pictures, waiting to be written down, found by what was written."""

from collections.abc import Iterable

import msgspec
from sqlalchemy import ColumnElement, Connection, Integer, func, insert, literal_column, select, update

from feedback.acts import CaseFacts, Decision
from feedback.roles import Actor
from storage import confidential
from storage.tables import blobs, case_blobs, cases
from storage.tx import Tx
from vietnam.text import fold

VOICE = "voice"
"""As case_blobs.sent_by has it: no page of pictures then takes a recording for one."""
WAITING, WRITTEN = 1, 2
MOST = 200
_WAITS = literal_column(str(WAITING), Integer)
"""Written out: only so do both engines know that ix_cases_voice holds them all."""


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """A case with a recording that nobody has written down; `at` UTC milliseconds of its newest act."""

    code: str
    kind: str
    at: int


def keep(tx: Tx, case_id: int, ids: Iterable[int], version: int) -> None:
    """Let a case have these pictures and recordings; a recording waits to be written down."""
    kept = list(ids)
    audio = blobs.c.media_type.startswith("audio/")
    spoken = set(tx.execute(select(blobs.c.id).where(blobs.c.id.in_(kept), audio)).scalars()) if kept else set()
    for place, blob in enumerate(kept):
        whose = {"sent_by": VOICE} if blob in spoken else {}
        values = {"case_id": case_id, "blob_id": blob, "version": version, "place": place}
        tx.execute(insert(case_blobs).values(**values, **whose))
        tx.execute(update(blobs).where(blobs.c.id == blob).values(kept=1))
    if spoken:
        tx.execute(update(cases).where(cases.c.id == case_id).values(voice=WAITING))


def columns(tx: Tx, facts: CaseFacts, decision: Decision) -> dict[str, object]:
    """The columns of what was written down; none for any other decision."""
    if decision.action != "transcribe":
        return {}
    text = tx.execute(select(cases.c.text).where(cases.c.id == facts.id)).scalar_one()
    return {
        "voice": WRITTEN,
        "transcript": decision.text,
        "transcript_language": decision.language,
        "folded": fold(f"{text} {decision.text}"),
    }


def waiting(conn: Connection, unit: int, by: Actor | None = None) -> list[Waiting]:
    """Cases of a unit with something to be written down, the oldest first."""
    query = select(cases.c.code, cases.c.kind, cases.c.moved_at).where(_to_write(unit, by))
    rows = conn.execute(query.order_by(cases.c.moved_at).limit(MOST))
    return [Waiting(code=row.code, kind=row.kind, at=row.moved_at) for row in rows]


def how_many(conn: Connection, unit: int, by: Actor | None = None) -> int:
    """How many wait."""
    return conn.execute(select(func.count()).select_from(cases).where(_to_write(unit, by))).scalar_one()


def _to_write(unit: int, by: Actor | None) -> ColumnElement[bool]:
    return (cases.c.unit_id == unit) & (cases.c.voice == _WAITS) & confidential.reached(by)
