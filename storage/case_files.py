"""Documents of a case: what officers sent with an answer or a question, and what they keep inside beside their notes.

They are apart from its pictures, so that nothing that shows a picture ever opens a document in a browser.
"""

import msgspec
from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from feedback.acts import Decision
from feedback.attaching import Attached
from feedback.roles import Actor
from storage import confidential
from storage.tables import blobs, case_files, cases
from storage.tx import Tx

ANSWER, ASK, DRAFT, INSIDE = "answer", "ask", "draft", "inside"
"""What a document came with: case_files.purpose. Only the first two are the citizen's to read."""
_SENT = (ANSWER, ASK)
KINDS = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".odt": "application/vnd.oasis.opendocument.text",
}
"""Ending -> media type of what is taken; no blob of another type is ever a document of a case."""


class CaseFile(msgspec.Struct, frozen=True, kw_only=True):
    """A document of a case. `version` is that of the case after the act it came with, `purpose` as above."""

    blob: int
    name: str
    size: int
    media_type: str
    purpose: str
    version: int


_columns = (blobs.c.id, blobs.c.name, blobs.c.size, blobs.c.media_type, case_files.c.purpose, case_files.c.version)
_files = select(*_columns).join(case_files, case_files.c.blob_id == blobs.c.id)


def keep(tx: Tx, case_id: int, decision: Decision, version: int) -> None:
    """The documents of a decided act beside the case; those of a draft that is over are let go.

    `version` is that of the case after the act.
    """
    wanted = [one.blob for one in decision.files]
    if decision.parts is not None or decision.draft_over:
        mine = (case_files.c.case_id == case_id) & (case_files.c.purpose == DRAFT)
        gone = set(tx.execute(delete(case_files).where(mine).returning(case_files.c.blob_id)).scalars())
        _let_go(tx, gone - set(wanted))
    purpose = DRAFT if decision.draft is not None else {"ask": ASK, "note": INSIDE}.get(decision.action, ANSWER)
    for place, blob in enumerate(dict.fromkeys(wanted)):
        values = {"case_id": case_id, "blob_id": blob, "purpose": purpose, "version": version, "place": place}
        tx.execute(insert(case_files).values(**values))
        tx.execute(update(blobs).where(blobs.c.id == blob).values(kept=1))


def forget(tx: Tx, case_id: int) -> None:
    """Everything of a case that is erased, or has been kept long enough: the next sweep takes the bytes."""
    mine = delete(case_files).where(case_files.c.case_id == case_id).returning(case_files.c.blob_id)
    _let_go(tx, set(tx.execute(mine).scalars()))


def _let_go(tx: Tx, ids: set[int]) -> None:
    if ids:
        tx.execute(update(blobs).where(blobs.c.id.in_(ids)).values(kept=0, created_at=0))


def usable(conn: Connection, unit: int, case_id: int, ids: tuple[int, ...]) -> tuple[Attached, ...]:
    """Of documents that a form names: those of this unit that nothing points to yet, or this case's own draft."""
    if not ids:
        return ()
    draft = select(case_files.c.blob_id).where(case_files.c.case_id == case_id, case_files.c.purpose == DRAFT)
    new = (blobs.c.kept == 0) & (blobs.c.created_at > 0) & blobs.c.media_type.in_(KINDS.values())
    mine = (blobs.c.id.in_(ids), blobs.c.unit_id == unit, new | blobs.c.id.in_(draft))
    rows = conn.execute(select(blobs.c.id, blobs.c.name, blobs.c.size).where(*mine))
    found = {row.id: Attached(row.id, row.name, row.size) for row in rows}
    return tuple(found[id] for id in dict.fromkeys(ids) if id in found)


def of_case(conn: Connection, case_id: int) -> tuple[CaseFile, ...]:
    """All of them, in the order they came; for officers who reach the case."""
    mine = _files.where(case_files.c.case_id == case_id)
    return _read(conn, mine.order_by(case_files.c.version, case_files.c.place))


def sent_of(conn: Connection, case_id: int) -> tuple[CaseFile, ...]:
    """Those that went to the citizen, in the order they came; the caller has seen to it that the case may be read."""
    mine = _files.where(case_files.c.case_id == case_id, case_files.c.purpose.in_(_SENT))
    return _read(conn, mine.order_by(case_files.c.version, case_files.c.place))


def for_officer(
    conn: Connection, unit: int, code: str, blob: int, *, kept: bool = False, by: Actor | None = None
) -> CaseFile | None:
    """A document of a case of this unit that the officer reaches; `kept`: one that the keeper alone may see."""
    shown = confidential.kept() if kept else confidential.reached(by)
    return _one(conn, (cases.c.unit_id == unit) & (cases.c.code == code) & shown, blob)


def _one(conn: Connection, where: ColumnElement[bool], blob: int) -> CaseFile | None:
    mine = _files.join(cases, cases.c.id == case_files.c.case_id).where(blobs.c.id == blob, where)
    return next(iter(_read(conn, mine)), None)


def _read(conn: Connection, query: object) -> tuple[CaseFile, ...]:
    return tuple(
        CaseFile(
            blob=row.id,
            name=row.name,
            size=row.size,
            media_type=row.media_type,
            purpose=row.purpose,
            version=row.version,
        )
        for row in conn.execute(query)  # type: ignore[call-overload]  # a select of the columns above
    )
