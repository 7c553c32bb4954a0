"""Cases whose time of keeping is over: which they are, and taking out what was said in them.

What stays is what the figures are made of, and the registers that officers write: code, kind, field, village, days,
states, stars, who of the office did what. See docs/decisions/0024.
"""

from collections.abc import Mapping

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, case, delete, exists, func, or_, select, update

from feedback.acts import CaseFacts, Decision
from feedback.clocks import Deadline, Extended
from feedback.kinds import Kind
from feedback.retention import OVER
from feedback.roles import Actor
from storage import act_rows, case_files, confidential, deliveries, rights, topic_gone
from storage.tables import (
    blobs,
    calls,
    case_blobs,
    case_followers,
    cases,
    conversations,
    data_requests,
    outbox,
    register_lines,
)
from storage.tx import Tx

FIGURES = ("before", "after", "to", "role", "officer", "stars", "photos", "files", "due", "until", "named")
"""What an act on such a case goes on saying: nothing of it is anybody's words."""
_SAID = (
    "text", "folded", "name", "phone", "wanted_day", "place", "question", "reply", "answer", "promised_on", "draft",
    "draft_state", "transcript", "transcript_language", "once",
)  # fmt: skip
_POINTED = ("lat", "lon", "cell")
_UNSAID = "-"
_CHUNK = 500


def _since() -> ColumnElement[int]:
    """Since when nothing has happened; 0 stood there before that was kept."""
    older = func.coalesce(cases.c.answered_at, cases.c.opened_at)
    return case((cases.c.moved_at > 0, cases.c.moved_at), else_=older)


def _due(before: Mapping[Kind, int]) -> ColumnElement[bool]:
    """Of cases: over since before the instant of their kind, open to their unit, and no clock of the law runs on them.

    Such a clock is a line of the register that names the code and has no result yet, or what the person has asked about
    their own data and waits for.
    """
    old = [and_(cases.c.kind == str(kind), _since() < at) for kind, at in before.items()]
    register = exists(
        select(register_lines.c.id).where(
            register_lines.c.unit_id == cases.c.unit_id,
            register_lines.c.due_at.is_not(None),
            register_lines.c.summary.contains(cases.c.code),
        )
    )
    asked = exists(
        select(data_requests.c.id).where(
            data_requests.c.account_id == cases.c.account_id, data_requests.c.done_at.is_(None)
        )
    )
    over = cases.c.state.in_([str(state) for state in OVER])
    return and_(over, cases.c.expired_at.is_(None), confidential.visible(), or_(*old), ~register, ~asked)


def due(conn: Connection, before: Mapping[Kind, int], limit: int) -> list[tuple[int, int, int]]:
    """(id, unit, version) of cases that are to go now, the oldest first."""
    if not before:
        return []
    columns = (cases.c.id, cases.c.unit_id, cases.c.version)
    query = select(*columns).where(_due(before)).order_by(cases.c.moved_at, cases.c.id)
    return [(row.id, row.unit_id, row.version) for row in conn.execute(query.limit(limit))]


def count(conn: Connection, before: Mapping[Kind, int]) -> dict[Kind, int]:
    """How many there are of each kind, over all communes; kinds of which there are none are left out."""
    if not before:
        return {}
    query = select(cases.c.kind, func.count().label("many")).where(_due(before)).group_by(cases.c.kind)
    return {Kind(row.kind): row.many for row in conn.execute(query)}


def due_in(conn: Connection, unit: int, before: Mapping[Kind, int]) -> dict[str, int]:
    """The same of one commune."""
    if not before:
        return {}
    mine = select(cases.c.kind, func.count().label("many")).where(cases.c.unit_id == unit, _due(before))
    return {row.kind: row.many for row in conn.execute(mine.group_by(cases.c.kind))}


def acted(tx: Tx, facts: CaseFacts, decision: Decision, actor: Actor, now: int) -> None:
    """Take out what was said in a case, in the transaction of the act that decided it; nothing after any other act."""
    if decision.action != "expire":
        return
    row = tx.execute(select(cases.c.account_id, cases.c.deadline).where(cases.c.id == facts.id)).one()
    gone = tx.execute(delete(case_blobs).where(case_blobs.c.case_id == facts.id).returning(case_blobs.c.blob_id))
    # The next sweep takes them, however new they are; until then nothing may point to them again.
    tx.execute(update(blobs).where(blobs.c.id.in_(gone.scalars().all())).values(kept=0, created_at=0))
    case_files.forget(tx, facts.id)
    # Nobody is to be called any more: the number is gone.
    open_calls = (calls.c.case_id == facts.id) & (calls.c.state == deliveries.OPEN)
    tx.execute(update(calls).where(open_calls).values(state="dropped", done_at=now))
    tx.execute(delete(case_followers).where(case_followers.c.case_id == facts.id))
    empty: dict[str, object] = dict.fromkeys(_SAID, "") | dict.fromkeys(_POINTED)
    values = empty | {"deadline": _unsaid(row.deadline), "voice": 0, "unheard": 0, "expired_at": now}
    tx.execute(update(cases).where(cases.c.id == facts.id).values(**values))
    tx.execute(update(outbox).where(outbox.c.case_id == facts.id, outbox.c.state != "leased").values(body=None))
    rights.part_from_cases(tx, row.account_id, now, only=[facts.id])
    confidential.forget_zips(tx, facts.unit)
    topic_gone.forget(tx, [facts.id])
    act_rows.erase(tx, actor, thing="case", thing_id=facts.id, unit=facts.unit, now=now, but=FIGURES)
    confidential.forget_notes(tx, actor, facts.id, facts.unit, now)


def _unsaid(deadline: str) -> str:
    """A deadline without the words in which an officer explained that it was put off."""
    if not deadline:
        return ""
    read = msgspec.json.decode(deadline, type=Deadline)
    changes = tuple(
        msgspec.structs.replace(one, reason=_UNSAID) if isinstance(one, Extended) else one for one in read.changes
    )
    return msgspec.json.encode(msgspec.structs.replace(read, changes=changes)).decode()


# --- what was said beside cases ---------------------------------------------------------------------------------------


def old_words(conn: Connection, before: int) -> list[int]:
    """Messages (ids) of the web chat, on both sides, that were said before an instant and still hold their words."""
    old = and_(outbox.c.state.in_(["read", "own"]), outbox.c.created_at < before, outbox.c.body.is_not(None))
    return list(conn.scalars(select(outbox.c.id).where(old).limit(_CHUNK)))


def forget_words(tx: Tx, ids: list[int]) -> None:
    """Take the words out of messages; that they were there stays, so that the numbers of a chat go on."""
    tx.execute(update(outbox).where(outbox.c.id.in_(ids)).values(body=None))


def silent(conn: Connection, before: int) -> list[int]:
    """Conversations (ids) in which the person has said nothing since an instant, and something is still open."""
    idle = and_(conversations.c.heard_at < before, conversations.c.state.is_not(None))
    return list(conn.scalars(select(conversations.c.id).where(idle).limit(_CHUNK)))


def forget_state(tx: Tx, ids: list[int], before: int) -> None:
    """What was begun there and never sent goes; the person is greeted as somebody new. Not where they just wrote."""
    idle = and_(conversations.c.id.in_(ids), conversations.c.heard_at < before)
    tx.execute(update(conversations).where(idle).values(state=None, expires_at=None))
