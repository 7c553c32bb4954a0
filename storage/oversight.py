"""Kiến nghị giám sát of the Front: written, answered, listed; and what the Front sees of cases, which is no person."""

from collections.abc import Collection, Sequence
from datetime import date

import msgspec
from sqlalchemy import ColumnElement, Connection, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from feedback.acts import Refusal
from feedback.oversight import Act, Facts, Recommend, State, decide
from feedback.reach import PAST_THE_DESK
from feedback.roles import Actor
from feedback.states import OPEN
from feedback.states import State as CaseState
from storage import act_rows, confidential, notices
from storage.ids import new_id
from storage.tables import cases, front_entries, officers, oversight_requests, units
from storage.tx import Tx
from vietnam.time import day_of

NEW, ANSWERED = "notice.oversight_new", "notice.oversight_answered"
LATE = "notice.oversight_late"
_MOST = 100


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One kiến nghị giám sát. `about` are codes of cases that are still open to the unit; instants are UTC ms."""

    id: int
    subject: str
    text: str
    category: str
    about: tuple[str, ...]
    state: State
    version: int
    writer: str
    written_at: int
    due_on: date
    answer: str
    reason: str
    answerer: str
    ended_at: int | None


# --- acts -------------------------------------------------------------------------------------------------------------


def write(
    tx: Tx, act: Recommend, actor: Actor, *, codes: Sequence[str], days: int, now: int, once: str = ""
) -> int | Refusal:
    """A new one about the cases with these codes; its id. The same form sent twice is one."""
    unit = actor.unit
    tx.execute(select(units.c.id).where(units.c.id == unit).with_for_update())
    if once:
        same = (oversight_requests.c.unit_id == unit) & (oversight_requests.c.once == once)
        there = tx.execute(select(oversight_requests.c.id).where(same)).scalar()
        if there is not None:
            return int(there)
    known = _ids(tx.conn, unit, codes)
    if missing := [code for code in codes if code not in known]:
        return Refusal("oversight.no_case", {"code": missing[0]})
    act = msgspec.structs.replace(act, about=tuple(known[code] for code in dict.fromkeys(codes)))
    decision = decide(None, act, actor, today=day_of(now), days=days)
    if isinstance(decision, Refusal):
        return decision
    id = new_id()
    due = decision.due_on.isoformat() if decision.due_on else ""
    tx.execute(
        insert(oversight_requests).values(
            id=id,
            unit_id=unit,
            subject=decision.subject,
            text=decision.text,
            category=act.category,
            about=msgspec.json.encode(act.about).decode(),
            state=str(decision.after),
            written_by=actor.id,
            written_at=now,
            due_on=due,
            once=once,
        )
    )
    detail = {"subject": decision.subject, "due_on": due}
    act_rows.record(tx, actor, "recommend", thing="oversight", thing_id=id, unit=unit, now=now, version=1, **detail)
    notices.add(tx, unit, NEW, {"subject": decision.subject}, now)
    return id


def change(tx: Tx, id: int, act: Act, actor: Actor, now: int) -> str | Refusal:
    """Answer or withdraw; its subject."""
    mine = (oversight_requests.c.id == id) & (oversight_requests.c.unit_id == actor.unit)
    row = tx.execute(select(oversight_requests).where(mine).with_for_update()).one_or_none()
    if row is None:
        return Refusal("oversight.over")
    facts = Facts(id=row.id, unit=row.unit_id, state=State(row.state), version=row.version)
    decision = decide(facts, act, actor, today=day_of(now), days=0)
    if isinstance(decision, Refusal):
        return decision
    words = {"answer": decision.text, "answered_by": actor.id} if decision.after is State.ANSWERED else {}
    words |= {"reason": decision.text} if decision.after is State.WITHDRAWN else {}
    done = tx.execute(
        update(oversight_requests)
        .where(mine, oversight_requests.c.version == facts.version)
        .values(state=str(decision.after), version=facts.version + 1, ended_at=now, **words)
    )
    if done.rowcount != 1:
        return Refusal("oversight.changed")
    act_rows.record(
        tx,
        actor,
        decision.action,
        thing="oversight",
        thing_id=id,
        unit=actor.unit,
        now=now,
        version=facts.version + 1,
        text=decision.text,
    )
    for key in (NEW, LATE):
        notices.settle(tx, actor.unit, key, {"subject": row.subject}, now)
    return str(row.subject)


def tell_late(tx: Tx, now: int) -> int:
    """The leaders are told once of each that is past its term; how many were new."""
    today = day_of(now).isoformat()
    late = (oversight_requests.c.state == str(State.OPEN)) & (oversight_requests.c.due_on < today)
    rows = tx.execute(select(oversight_requests.c.unit_id, oversight_requests.c.subject).where(late)).all()
    return sum(notices.add_once(tx, row.unit_id, LATE, {"subject": row.subject}, now) for row in rows)


def late_ones(conn: Connection, now: int) -> bool:
    """Whether there is any past its term."""
    today = day_of(now).isoformat()
    late = (oversight_requests.c.state == str(State.OPEN)) & (oversight_requests.c.due_on < today)
    return conn.execute(select(oversight_requests.c.id).where(late).limit(1)).first() is not None


def _ids(conn: Connection, unit: int, codes: Collection[str]) -> dict[str, int]:
    """Code -> id of cases that may be named here."""
    if not codes:
        return {}
    query = select(cases.c.code, cases.c.id).where(cases.c.unit_id == unit, cases.c.code.in_(codes), _shown())
    return {row.code: row.id for row in conn.execute(query)}


def _shown() -> ColumnElement[bool]:
    """Of cases: those of which the Front sees code and kind; how officials behave is for the leaders alone."""
    return confidential.visible() & cases.c.kind.not_in(PAST_THE_DESK)


# --- looks ------------------------------------------------------------------------------------------------------------

_writer, _answerer = officers.alias("writer"), officers.alias("answerer")


def listed(conn: Connection, unit: int) -> list[Request]:
    """Those that wait, the oldest term first, then the others, the newest first; at most 100."""
    rows = conn.execute(
        select(oversight_requests, _writer.c.name.label("writer"), _answerer.c.name.label("answerer"))
        .join(_writer, _writer.c.id == oversight_requests.c.written_by)
        .outerjoin(_answerer, _answerer.c.id == oversight_requests.c.answered_by)
        .where(oversight_requests.c.unit_id == unit)
        .order_by(oversight_requests.c.state != str(State.OPEN), oversight_requests.c.due_on.desc())
        .limit(_MOST)
    ).all()
    about = {row.id: msgspec.json.decode(row.about, type=tuple[int, ...]) for row in rows}
    wanted = {id for ids in about.values() for id in ids}
    query = select(cases.c.id, cases.c.code).where(cases.c.id.in_(wanted), cases.c.unit_id == unit, _shown())
    codes = {row.id: row.code for row in conn.execute(query)} if wanted else {}
    found = [_request(row, tuple(codes[id] for id in about[row.id] if id in codes)) for row in rows]
    waiting = sorted((one for one in found if one.state is State.OPEN), key=lambda one: (one.due_on, one.written_at))
    over = sorted((one for one in found if one.state is not State.OPEN), key=lambda one: -(one.ended_at or 0))
    return [*waiting, *over]


def _request(row: object, about: tuple[str, ...]) -> Request:
    names = ("id", "subject", "text", "category", "version", "written_at", "answer", "reason", "ended_at")
    return Request(
        **{name: getattr(row, name) for name in names},
        state=State(getattr(row, "state", "")),
        due_on=date.fromisoformat(getattr(row, "due_on", "")),
        writer=getattr(row, "writer", "") or "",
        answerer=getattr(row, "answerer", None) or "",
        about=about,
    )


def waiting_count(conn: Connection, unit: int) -> int:
    """How many wait for an answer."""
    mine = (oversight_requests.c.unit_id == unit) & (oversight_requests.c.state == str(State.OPEN))
    return conn.execute(select(func.count()).select_from(oversight_requests).where(mine)).scalar_one()


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A case as the Front sees it: no name, no telephone, no word. `organisation` is "" where no member brought it."""

    code: str
    kind: str
    category: str
    village: str
    state: CaseState
    due_at: int | None
    opened_at: int
    reopened: int
    organisation: str = ""


def overdue(conn: Connection, unit: int, now: int) -> tuple[list[Line], int]:
    """Cases of the commune that should have been answered by now, the longest first, and how many there are."""
    return _lines(conn, unit, cases.c.due_at < now)


def reopened(conn: Connection, unit: int) -> tuple[list[Line], int]:
    """Cases that citizens said were not settled, and that are open again."""
    return _lines(conn, unit, (cases.c.reopened > 0) & cases.c.state.in_(OPEN))


def entered(conn: Connection, unit: int) -> tuple[list[Line], int]:
    """What the Front entered for members, the newest first, whatever became of it."""
    return _lines(conn, unit, front_entries.c.organisation.is_not(None), newest=True)


def _lines(conn: Connection, unit: int, which: ColumnElement[bool], *, newest: bool = False) -> tuple[list[Line], int]:
    here = (cases.c.unit_id == unit) & which & _shown()
    joined = cases.outerjoin(front_entries, front_entries.c.case_id == cases.c.id)
    many = conn.execute(select(func.count()).select_from(joined).where(here)).scalar_one()
    order = (cases.c.opened_at.desc(),) if newest else (cases.c.due_at.is_(None), cases.c.due_at, cases.c.opened_at)
    rows = conn.execute(
        select(
            cases.c.code,
            cases.c.kind,
            cases.c.category,
            units.c.name.label("village"),
            cases.c.state,
            cases.c.due_at,
            cases.c.opened_at,
            cases.c.reopened,
            front_entries.c.organisation,
        )
        .select_from(joined.outerjoin(units, units.c.id == cases.c.village_id))
        .where(here)
        .order_by(*order)
        .limit(_MOST)
    )
    return [
        Line(
            code=row.code,
            kind=row.kind,
            category=row.category,
            village=row.village or "",
            state=CaseState(row.state),
            due_at=row.due_at,
            opened_at=row.opened_at,
            reopened=row.reopened,
            organisation=row.organisation or "",
        )
        for row in rows
    ], many


def brought_by(tx: Tx, code: str, organisation: str, unit: int) -> None:
    """Whose member brought a case that the Front has just entered."""
    maker = postgres_insert(front_entries) if tx.postgres else sqlite_insert(front_entries)
    mine = select(cases.c.id).where(cases.c.code == code, cases.c.unit_id == unit, confidential.visible())
    case = tx.execute(mine).scalar()
    if case is not None:
        tx.execute(maker.values(case_id=case, unit_id=unit, organisation=organisation).on_conflict_do_nothing())
