"""Answers by parts, the evidence that came with them, and drafts that wait for a leader."""

from datetime import date

import msgspec
from sqlalchemy import Connection, delete, func, insert, select, update

from feedback.acts import CaseFacts, Decision
from feedback.confidential import Closed
from feedback.notice_readers import HANDED_UP
from feedback.replies import PLAIN, Draft, Outcome, Parts
from feedback.roles import Actor
from feedback.states import State
from storage import notices
from storage.tables import blobs, case_blobs, cases, officers
from storage.tx import Tx

CITIZEN, OFFICER, DRAFT = "citizen", "officer", "draft"
"""Whose a picture of a case is: case_blobs.sent_by."""
WAITING, RETURNED = "waiting", "returned"
_NO_MORE_PROMISED = frozenset({"due", "confirm", "reopen", "forward", "close"})


def columns(decision: Decision) -> dict[str, object]:
    """The columns of a case that an answer, or the draft of one, changes."""
    if decision.draft is not None:
        state = RETURNED if decision.draft.returned else WAITING
        return {"draft": msgspec.json.encode(decision.draft).decode(), "draft_state": state}
    values: dict[str, object] = {"draft": "", "draft_state": ""} if decision.draft_over else {}
    if decision.parts is not None:
        values["answer"] = "" if decision.parts == PLAIN else msgspec.json.encode(decision.parts).decode()
        promise = decision.parts.day if decision.parts.outcome is Outcome.PROMISED else None
        values["promised_on"] = promise.isoformat() if promise else ""
    elif decision.action in _NO_MORE_PROMISED:
        values["promised_on"] = ""
    return values


def promised_before(conn: Connection, day: date, limit: int) -> list[tuple[int, int]]:
    """Cases (id, unit) whose answer promised that it would be done before that day, and nobody has asked since."""
    mine = (cases.c.promised_on != "") & (cases.c.promised_on < day.isoformat()) & (cases.c.confidential == 0)
    query = select(cases.c.id, cases.c.unit_id).where(mine, cases.c.state == State.ANSWERED)
    return [(row.id, row.unit_id) for row in conn.execute(query.order_by(cases.c.promised_on).limit(limit))]


def draft_of(text: str) -> Draft | None:
    """The draft as a row holds it."""
    return msgspec.json.decode(text, type=Draft) if text else None


def parts_of(text: str) -> Parts:
    """The parts of an answer as a row holds them."""
    return msgspec.json.decode(text, type=Parts) if text else PLAIN


def keep_evidence(tx: Tx, case_id: int, decision: Decision, version: int) -> None:
    """The pictures of an answer, or of its draft, beside the case; those of a draft that is over are let go.

    `version` is that of the case after the act.
    """
    if decision.parts is None and not decision.draft_over:
        return
    wanted = decision.parts.photos if decision.parts is not None else ()
    mine = (case_blobs.c.case_id == case_id) & (case_blobs.c.sent_by == DRAFT)
    gone = tx.execute(delete(case_blobs).where(mine).returning(case_blobs.c.blob_id)).scalars().all()
    if unused := set(gone) - set(wanted):
        tx.execute(update(blobs).where(blobs.c.id.in_(unused)).values(kept=0))
    whose = OFFICER if decision.draft is None else DRAFT
    for place, blob in enumerate(dict.fromkeys(wanted)):
        values = {"case_id": case_id, "blob_id": blob, "sent_by": whose, "version": version, "place": place}
        tx.execute(insert(case_blobs).values(**values))
        tx.execute(update(blobs).where(blobs.c.id == blob).values(kept=1))


def usable(conn: Connection, unit: int, case_id: int, ids: tuple[int, ...]) -> tuple[int, ...]:
    """Of pictures that a form names: those of this unit that nothing points to yet, or this case's own draft.

    Not what was taken back and waits to be swept, and no file that is no picture.
    """
    mine = select(case_blobs.c.blob_id).where(case_blobs.c.case_id == case_id, case_blobs.c.sent_by == DRAFT)
    new = (blobs.c.kept == 0) & (blobs.c.created_at > 0) & blobs.c.media_type.startswith("image/")
    query = select(blobs.c.id).where(blobs.c.id.in_(ids), blobs.c.unit_id == unit, new | blobs.c.id.in_(mine))
    found = set(conn.scalars(query))
    return tuple(id for id in dict.fromkeys(ids) if id in found)


def waiting_count(conn: Connection, unit: int) -> int:
    """How many drafts wait for a signature."""
    mine = (cases.c.unit_id == unit) & (cases.c.draft_state == WAITING)
    return conn.scalar(select(func.count()).select_from(cases).where(mine, cases.c.confidential == 0)) or 0


_NOTICES = {"draft_reply": "notice.draft_waiting", "return_draft": "notice.draft_returned", "due": "notice.promise_due"}
_ANSWERED = frozenset({"due", "reply", "approve", "confirm", "reopen"})


def tell_officers(tx: Tx, facts: CaseFacts, decision: Decision, actor: Actor, now: int) -> None:
    """Tell the leader that an answer waits, its writer that it came back, both that a promised day is over.

    What is settled is put away.
    """
    params = {"code": facts.code}
    over = [_NOTICES["due"]] if decision.action in _ANSWERED else []
    if decision.draft is not None or decision.draft_over:
        over += [_NOTICES["draft_reply"], _NOTICES["return_draft"]]
    for key in over:
        notices.settle(tx, facts.unit, key, params, now)
    if decision.closed is Closed.ERASED and not facts.confidential:
        # Which case it was nobody hears any more; that one was deleted, and by whom, the keeper does.
        who = tx.conn.scalar(select(officers.c.name).where(officers.c.id == actor.id)) or ""
        notices.add(tx, facts.unit, HANDED_UP, {"who": who}, now)
    hidden = tx.conn.scalar(select(cases.c.confidential).where(cases.c.id == facts.id))
    if decision.action in _NOTICES and not hidden:  # else nobody is told that there is such a case
        notices.add(tx, facts.unit, _NOTICES[decision.action], params, now)
