"""Cases: opened once, changed only by a decided act with the version it was decided on, every change kept."""

from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, case, func, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from feedback.acts import CaseFacts, Decision, Open
from feedback.clocks import Deadline
from feedback.complaints import Matter
from feedback.confidential import Closed
from feedback.kinds import Kind
from feedback.nearness import cell_of
from feedback.roles import Actor
from feedback.states import OPEN, State
from storage import (
    act_rows,
    case_files,
    case_search,
    confidential,
    merging,
    promised_days,
    replies,
    retention,
    routing,
    voices,
)
from storage.conversations import Conversation
from storage.ids import new_id
from storage.tables import cases, officers
from storage.tx import Tx
from vietnam.text import fold


@dataclass(frozen=True, slots=True)
class Brief:
    """A case as its own citizen may see it."""

    code: str
    kind: str
    state: str
    opened_at: int
    answered_at: int | None
    reply: str
    question: str
    forwarded_to: str
    reopened: int
    account_id: int
    merged_into: int | None


def _briefs(conn: Connection, *where: object) -> list[Brief]:
    columns = [cases.c[name] for name in Brief.__slots__]
    query = select(*columns).where(*where).order_by(cases.c.opened_at.desc(), cases.c.id.desc()).limit(5)  # type: ignore[arg-type]  # a column of yes and no
    return [Brief(*row) for row in conn.execute(query)]


def of_accounts(conn: Connection, account_ids: list[int]) -> list[Brief]:
    """The newest cases opened from these accounts, at most 5; for the person whose accounts these are."""
    return _briefs(conn, cases.c.account_id.in_(account_ids), confidential.own())


def by_code(conn: Connection, unit_id: int, code: str, accounts: list[int] | None = None) -> Brief | None:
    """The case of a commune with that code, where it is open to all, or of these accounts, which are those who ask."""
    mine = cases.c.account_id.in_(accounts or ()) & confidential.own()
    found = _briefs(conn, cases.c.unit_id == unit_id, cases.c.code == code, confidential.visible() | mine)
    return found[0] if found else None


def id_of(conn: Connection, code: str) -> int:
    """The id of a case that is known to be there."""
    found: int = conn.execute(select(cases.c.id).where(cases.c.code == code)).scalar_one()
    return found


def open_case(tx: Tx, conversation: Conversation, act: Open, decision: Decision, actor: Actor, now: int) -> bool:
    """Write a new case with its first act; False where the code is taken already."""
    id = new_id()
    to = routing.of_new(tx.conn, conversation.unit_id, act)
    maker = postgres_insert(cases) if tx.postgres else sqlite_insert(cases)
    made = tx.execute(
        maker.values(
            id=id,
            unit_id=conversation.unit_id,
            village_id=act.village,
            code=act.code,
            kind=str(act.kind),
            category=act.category,
            text=act.text,
            folded=fold(act.text),
            state=str(decision.after),
            anonymous=int(act.anonymous),
            account_id=conversation.account_id,
            channel=act.heard or conversation.on.channel,
            helper_id=actor.id if act.heard else None,
            works_id=act.works,
            name=act.name,
            phone=act.phone,
            wanted_day=act.wanted_day,
            matter=act.matter,
            place=act.where,
            lat=act.point[0] if act.point else None,
            lon=act.point[1] if act.point else None,
            cell=cell_of(*act.point) if act.point else None,
            opened_at=now,
            moved_at=now,
            **_clock(decision),
            **routing.columns(to, now),
        )
        .on_conflict_do_nothing()
        .returning(cases.c.id)
    ).first()
    if made is None:
        return False
    voices.keep(tx, id, act.blobs, 1)
    facts = CaseFacts(id=id, unit=conversation.unit_id, code=act.code, kind=act.kind, state=decision.after, version=0)
    _keep_act(tx, facts, decision, actor, now)
    case_search.keep(tx, id)
    return True


def facts_of(tx: Tx, case_id: int) -> CaseFacts | None:
    """What a decision needs of a case; the row is locked until the commit."""
    keeper = confidential.keeper_of(cases.c.unit_id).label("keeper")
    found = select(cases, keeper).where(cases.c.id == case_id)
    row = tx.execute(found.with_for_update(of=cases)).one_or_none()
    if row is None:
        return None
    joined, senders = merging.joined(tx.conn, row.id)
    return CaseFacts(
        id=row.id,
        unit=row.unit_id,
        code=row.code,
        kind=Kind(row.kind),
        state=State(row.state),
        version=row.version,
        reopened=row.reopened,
        taken=row.taken_at is not None,
        deadline=msgspec.json.decode(row.deadline, type=Deadline) if row.deadline else None,
        category=row.category,
        village=row.village_id or 0,
        draft=replies.draft_of(row.draft),
        confidential=Closed(row.confidential),
        keeper=row.keeper or 0,
        assigned=routing.assignee(row.assigned_role, row.assigned_id),
        staff=routing.staff(tx.conn, row.unit_id),
        escalated=row.escalated,
        over_level=bool(row.over_level),
        matter=row.matter,
        merged_into=row.merged_into or 0,
        merged_at=row.merged_at or 0,
        joined=joined,
        senders=senders,
    )


_OF_LEADERS = frozenset({"approve", "return_draft", "mark", "unmark", "hand_up"})
_ASIDE = frozenset({"transcribe", "note", "joined", "parted"})
"""What an officer does for others: it takes the case out of nobody's hands, and nothing is heard by it."""
_UNMOVED = frozenset({"note"})
"""What happens beside a case: it puts off neither that the case ends by itself nor that its words are taken out."""


def responsible(conn: Connection, case_id: int, officer: int = 0) -> str:
    """The name of an officer, or of the one who acted on a case last; "" where nobody has."""
    last = func.coalesce(cases.c.officer_id, cases.c.assigned_id)
    mine = select(last).where(cases.c.id == case_id).scalar_subquery()
    return conn.scalar(select(officers.c.name).where(officers.c.id == (officer or mine))) or ""


def account_of(conn: Connection, case_id: int) -> int | None:
    """The account a case was opened from: to lock its conversation before the case."""
    return conn.scalar(select(cases.c.account_id).where(cases.c.id == case_id))


def write(tx: Tx, facts: CaseFacts, decision: Decision, actor: Actor, now: int) -> bool:
    """Write a decided change; False where the case changed after it was read."""
    values: dict[str, object] = {"state": str(decision.after), "version": facts.version + 1}
    values |= {} if decision.action in _UNMOVED else {"moved_at": now}
    if decision.action in _OF_LEADERS:
        values["unheard"] = 0  # whoever signs does not take the case out of the hands that work on it
    elif actor.id and decision.action not in _ASIDE:
        values |= {"officer_id": actor.id, "unheard": 0}
    elif not actor.id and (decision.text or decision.blobs):
        values["unheard"] = 1
    match decision.action:
        case "take" | "ask" | "forward" | "receive" | "draft_reply":
            values["taken_at"] = func.coalesce(cases.c.taken_at, now)
        case "reply" | "approve":
            values |= {"reply": decision.text, "answered_at": func.coalesce(cases.c.answered_at, now)}
            values["taken_at"] = func.coalesce(cases.c.taken_at, now)
        case "rate":
            values["stars"] = decision.stars
        case "reopen":
            # Whoever says that it is another matter than the one it was joined into has not been answered yet.
            values["reopened"] = facts.reopened + (0 if facts.merged_into else 1)
        case _:
            pass
    if decision.after is not decision.before or decision.action == "ask":
        values["question"] = decision.text if decision.action == "ask" else ""
    if decision.to:
        values["forwarded_to"] = decision.to
    if decision.tell == "case.late":
        values["apologies"] = cases.c.apologies + 1
    values |= _matter(decision) | _clock(decision) | replies.columns(decision) | routing.after(facts, decision, now)
    values |= voices.columns(tx, facts, decision) | merging.columns(decision, now)
    same = (cases.c.id == facts.id) & (cases.c.version == facts.version)
    if tx.execute(update(cases).where(same).values(**values)).rowcount != 1:
        return False
    voices.keep(tx, facts.id, decision.blobs, facts.version + 1)
    replies.keep_evidence(tx, facts.id, decision, facts.version + 1)
    case_files.keep(tx, facts.id, decision, facts.version + 1)
    _keep_act(tx, facts, decision, actor, now)
    confidential.close(tx, facts, decision.closed, actor, now)
    retention.acted(tx, facts, decision, actor, now)
    case_search.keep(tx, facts.id)
    return True


def _matter(decision: Decision) -> dict[str, object]:
    """What the citizen's words denounce. Of two things the graver stays: nobody takes the banner off by saying less."""
    if not decision.matter:
        return {}
    graver = cases.c.matter == str(Matter.ABOUT_CHAIRMAN)
    return {"matter": case((graver, cases.c.matter), else_=decision.matter)}


def _clock(decision: Decision) -> dict[str, object]:
    """The columns of the deadline after a decision; none where it stays as it was."""
    values: dict[str, object] = {}
    deadline = decision.deadline
    if deadline is not None:
        values["deadline"] = msgspec.json.encode(deadline).decode()
        values["due_at"] = None if deadline.paused else deadline.due
    if decision.after not in OPEN:
        values["due_at"] = None
    return values


def promised(conn: Connection, before: int, limit: int) -> list[tuple[int, int, Deadline]]:
    """Cases (id, unit, deadline) whose answer is due before an instant, the most urgent first."""
    query = select(cases.c.id, cases.c.unit_id, cases.c.deadline).where(cases.c.due_at < before, confidential.visible())
    rows = conn.execute(query.order_by(cases.c.due_at).limit(limit))
    return [(row.id, row.unit_id, msgspec.json.decode(row.deadline, type=Deadline)) for row in rows]


def over(conn: Connection, before: int, limit: int) -> list[tuple[int, int]]:
    """Cases (id, unit) that are answered, and of which nothing was said since that instant."""
    columns = (cases.c.id, cases.c.unit_id)
    query = (
        select(*columns)
        .where(cases.c.state == State.ANSWERED, cases.c.moved_at < before, confidential.visible())
        .where(cases.c.promised_on == "")  # not before the day until which it is promised to be done
        .order_by(cases.c.moved_at)
        .limit(limit)
    )
    return [(row.id, row.unit_id) for row in conn.execute(query)]


def _keep_act(tx: Tx, facts: CaseFacts, decision: Decision, actor: Actor, now: int) -> None:
    act_rows.record(
        tx,
        actor,
        decision.action,
        thing="case",
        thing_id=facts.id,
        unit=facts.unit,
        now=now,
        version=facts.version + 1,
        before=decision.before,
        after=decision.after,
        text=decision.text,
        **({"to": decision.to} if decision.to else {}),
        **({"contact": decision.contact} if decision.contact else {}),
        **routing.detail(decision),
        **merging.detail(decision),
        **promised_days.detail(tx, facts, decision, actor),
        **confidential.seen_by(tx, facts, decision.closed),
        **({"about_head": True} if decision.about_head else {}),
        **({"stars": decision.stars} if decision.stars else {}),
        **({"photos": len(photos)} if (photos := decision.blobs or _evidence(decision)) else {}),
        **({"files": len(decision.files)} if decision.files else {}),
    )


def _evidence(decision: Decision) -> tuple[int, ...]:
    return decision.parts.photos if decision.parts is not None else ()
