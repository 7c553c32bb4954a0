"""Cases that were joined into another: which they are, who is told of the answer, and what may be the same matter."""

from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, delete, func, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from feedback.acts import CaseFacts, Decision
from feedback.merging import Other
from feedback.nearness import Near, Report, words_of
from feedback.replies import Parts
from feedback.roles import Actor
from feedback.states import OPEN, State
from storage import confidential, following, jobs, nearness
from storage.replies import parts_of
from storage.tables import case_followers, cases
from storage.tx import Tx

JOB = "joined"
PART_JOB = "part"
_WORDS = 400
"""Characters of a text that are compared, as in storage.nearness."""


def columns(decision: Decision, now: int) -> dict[str, object]:
    """The columns of a case that say with which it is answered; none where that stays."""
    if decision.merged is None:
        return {}
    return {"merged_into": decision.merged or None, "merged_at": now if decision.merged else None}


def detail(decision: Decision) -> dict[str, str]:
    """The other case, for the history: by its id, for its code is shown to those alone who reach it."""
    other = decision.merged or decision.other
    return {"case": str(other)} if other else {}


def joined(conn: Connection, case_id: int) -> tuple[int, tuple[str, ...]]:
    """How many cases were joined into one, and the names and numbers that their senders and its own have left."""
    rows = conn.execute(select(cases.c.name, cases.c.phone).where(_joined_to(case_id))).all()
    if not rows:
        return 0, ()
    own = conn.execute(select(cases.c.name, cases.c.phone).where(cases.c.id == case_id)).one()
    return len(rows), tuple(dict.fromkeys(said for row in (own, *rows) for said in row if said))


def _joined_to(case_id: int) -> ColumnElement[bool]:
    return (cases.c.merged_into == case_id) & confidential.visible()


class Sender(msgspec.Struct, frozen=True):
    """Who told of a matter in a case that was joined: `account` is where they are told of it."""

    id: int
    code: str
    account: int


def senders(conn: Connection, case_id: int) -> list[Sender]:
    """Those of the cases that were joined into one, in the order they came."""
    query = select(cases.c.id, cases.c.code, cases.c.account_id).where(_joined_to(case_id))
    return [Sender(row.id, row.code, row.account_id) for row in conn.execute(query.order_by(cases.c.opened_at))]


class Told(msgspec.Struct, frozen=True):
    """What those are told whose cases were joined: where it stands, and the newest answer.

    `parts` has what officers sent with it; what a citizen has sent belongs to the case it was sent to, and stays there.
    """

    code: str
    state: State
    reply: str
    parts: Parts


def told(conn: Connection, case_id: int) -> Told | None:
    """None where it is no longer open to the unit."""
    mine = (cases.c.id == case_id, confidential.visible(), cases.c.expired_at.is_(None))
    row = conn.execute(select(cases.c.code, cases.c.state, cases.c.reply, cases.c.answer).where(*mine)).one_or_none()
    return None if row is None else Told(row.code, State(row.state), row.reply, parts_of(row.answer))


def changed(tx: Tx, facts: CaseFacts, decision: Decision, now: int) -> None:
    """After an act on a case into which others were joined: their senders are told soon, outside this transaction.

    Where it is open to its unit no more they go their own way again: nobody would answer them.
    """
    if not facts.joined:
        return
    if decision.closed is not None:
        for id in tx.execute(select(cases.c.id).where(_joined_to(facts.id))).scalars().all():
            jobs.put(tx, unit=facts.unit, kind=PART_JOB, key=f"{id}:{facts.version + 1}", run_at=now)
        return
    moved = decision.after is not decision.before and decision.after in following.TOLD
    if moved or decision.tell == "case.reply":
        jobs.put(tx, unit=facts.unit, kind=JOB, key=f"{facts.id}:{facts.version + 1}:{decision.after}", run_at=now)


def lock(tx: Tx, *ids: int) -> None:
    """Hold these cases until the commit, always in the same order, so that two officers never wait for each other."""
    held = select(cases.c.id).where(cases.c.id.in_(ids), confidential.visible())
    tx.execute(held.order_by(cases.c.id).with_for_update())


def other(facts: CaseFacts) -> Other:
    """What a decision needs of the case into which one is to be joined."""
    return Other(
        id=facts.id,
        code=facts.code,
        kind=facts.kind,
        state=facts.state,
        category=facts.category,
        matter=facts.matter,
        confidential=bool(facts.confidential),
        merged=bool(facts.merged_into),
    )


def follow_on(tx: Tx, gone: int, into: int, unit: int, now: int) -> None:
    """Whoever followed the joined case follows the other from now on, where that is one that may be followed."""
    mine = delete(case_followers).where(case_followers.c.case_id == gone).returning(case_followers.c.account_id)
    if following.followed(tx.conn, into) is None:
        following.let_go(tx, gone, unit, now)
        return
    maker = postgres_insert(case_followers) if tx.postgres else sqlite_insert(case_followers)
    for account in tx.execute(mine).scalars().all():
        values = {"case_id": into, "account_id": account, "unit_id": unit, "since": now}
        tx.execute(maker.values(**values).on_conflict_do_nothing())


class Beside(msgspec.Struct, frozen=True, kw_only=True):
    """What the page of a case shows of others: into which it was joined, which were joined into it, which may be.

    Codes are of cases that the officer reaches; `names` are those of the cases that the history speaks of, by id.
    """

    into: str = ""
    merged_at: int = 0
    joined: tuple[str, ...] = ()
    near: tuple[tuple[str, Near, str], ...] = ()
    """Code, how near, and the first words."""
    names: dict[str, str] = {}


def beside(conn: Connection, unit: int, code: str, by: Actor, now: int, ids: tuple[int, ...] = ()) -> Beside:
    """Of a case of this unit that the officer reaches. `ids`: cases that its history speaks of."""
    row = conn.execute(
        select(cases).where(cases.c.unit_id == unit, cases.c.code == code, confidential.reached(by))
    ).one_or_none()
    if row is None:
        return Beside()
    spoken = tuple(one for one in (*ids, row.merged_into) if one)
    known = select(cases.c.id, cases.c.code, cases.c.merged_into).where(
        cases.c.unit_id == unit, cases.c.id.in_(spoken) | (cases.c.merged_into == row.id), confidential.reached(by)
    )
    others = conn.execute(known.order_by(cases.c.opened_at)).all()
    found = {str(one.id): str(one.code) for one in others}
    return Beside(
        into=found.get(str(row.merged_into), ""),
        merged_at=row.merged_at or 0,
        joined=tuple(one.code for one in others if one.merged_into == row.id),
        near=_near(conn, row, by, now),
        names=found,
    )


def _near(conn: Connection, row: Row[Any], by: Actor, now: int) -> tuple[tuple[str, Near, str], ...]:
    """Open cases that may be the same matter: by what is told and where, never by who told it."""
    if row.merged_into or row.state not in OPEN:
        return ()
    report = Report(
        category=row.category,
        words=words_of(row.folded[:_WORDS]),
        place=words_of(row.place),
        point=None if row.lat is None else (row.lat, row.lon),
        village=row.village_id,
    )
    found = [one for one in nearness.near(conn, row.unit_id, report, [], now, but=row.id) if one.id != row.id]
    said = select(cases.c.id, cases.c.code, func.substr(cases.c.text, 1, _WORDS).label("text"))
    said = said.where(cases.c.id.in_([one.id for one in found]), confidential.reached(by))
    rows = {one.id: one for one in conn.execute(said)}
    return tuple((rows[one.id].code, one, rows[one.id].text) for one in found if one.id in rows)
