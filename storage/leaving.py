"""What somebody leaves behind whose account is switched off: open cases, lines of the table, sessions."""

import msgspec
from sqlalchemy import ColumnElement, Connection, func, select

from feedback.roles import OFFICER, Actor, Role
from feedback.routing import HANDLERS
from feedback.states import OPEN
from storage import confidential
from storage.tables import cases, officers, routing_rules, sessions, survey_drafts, units
from storage.tx import Tx

_MOST = 200
_TO_COME = ("planned", "announced")


class HeldCase(msgspec.Struct, frozen=True, kw_only=True):
    """An open case that is the officer's turn. `draft`: "waiting", "returned", "" where no answer is drafted."""

    id: int
    code: str
    kind: str
    category: str
    state: str
    village: str
    due_at: int | None
    draft: str


class Session(msgspec.Struct, frozen=True):
    """A session to come that names the officer as its host; `starts_at` UTC milliseconds."""

    id: int
    title: str
    starts_at: int


class Colleague(msgspec.Struct, frozen=True):
    """Somebody of the same role who is there, and how many open cases they have (without confidential ones)."""

    id: int
    name: str
    open: int


class LeftBehind(msgspec.Struct, frozen=True, kw_only=True):
    """What hangs on an officer. `unseen`: cases that whoever looks may not see: they go to the leaders by themselves.

    `drafts`: titles of surveys that the officer saved last; they are the commune's and stay where they are.
    """

    cases: tuple[HeldCase, ...]
    unseen: int
    rules: int
    sessions: tuple[Session, ...]
    drafts: tuple[str, ...]
    colleagues: tuple[Colleague, ...]


def left_behind(conn: Connection, by: Actor, officer: int, now: int) -> LeftBehind:
    """As the actor may see it. What only the keeper of confidential cases sees is neither shown nor counted."""
    who = conn.execute(select(officers.c.name, officers.c.role).where(officers.c.id == officer)).one()
    mine = (cases.c.assigned_id == officer) & (cases.c.unit_id == by.unit) & cases.c.state.in_(OPEN)
    query = (
        select(cases, func.coalesce(units.c.name, "").label("village"))
        .outerjoin(units, units.c.id == cases.c.village_id)
        .where(mine, confidential.reached(by))
        .order_by(cases.c.due_at.is_(None), cases.c.due_at, cases.c.opened_at)
        .limit(_MOST)
    )
    found = tuple(
        HeldCase(
            id=row.id,
            code=row.code,
            kind=row.kind,
            category=row.category,
            state=row.state,
            village=row.village,
            due_at=row.due_at,
            draft=row.draft_state,
        )
        for row in conn.execute(query)
    )
    every = conn.scalar(select(func.count()).select_from(cases).where(mine, confidential.visible())) or 0
    seen = conn.scalar(select(func.count()).select_from(cases).where(mine, confidential.reached(by))) or 0
    rules = select(func.count()).select_from(routing_rules).where(_named(by.unit, officer))
    hosts = select(sessions.c.id, sessions.c.title, sessions.c.starts_at).where(
        sessions.c.unit_id == by.unit,
        sessions.c.state.in_(_TO_COME),
        sessions.c.starts_at > now,
        sessions.c.host_name == who.name,
    )
    written = select(survey_drafts.c.title).where(
        survey_drafts.c.unit_id == by.unit, survey_drafts.c.officer_id == officer
    )
    return LeftBehind(
        cases=found,
        unseen=every - seen,
        rules=conn.scalar(rules) or 0,
        sessions=tuple(Session(*row) for row in conn.execute(hosts.order_by(sessions.c.starts_at).limit(_MOST))),
        drafts=tuple(conn.scalars(written.order_by(survey_drafts.c.updated_at.desc()).limit(_MOST))),
        colleagues=_colleagues(conn, by.unit, officer, who.role),
    )


def _colleagues(conn: Connection, unit: int, officer: int, role: str) -> tuple[Colleague, ...]:
    if role not in {str(one) for one in HANDLERS}:
        return ()
    held = (cases.c.assigned_id == officers.c.id) & cases.c.state.in_(OPEN) & confidential.visible()
    there = (officers.c.unit_id == unit) & (officers.c.active == 1) & (officers.c.role == role)
    query = select(
        officers.c.id, officers.c.name, select(func.count()).select_from(cases).where(held).scalar_subquery()
    ).where(there, officers.c.id != officer)
    return tuple(Colleague(*row) for row in conn.execute(query.order_by(officers.c.name, officers.c.id)))


def may_follow(conn: Connection, unit: int, officer: int, to: int) -> bool:
    """Whether `to` is there and has the rights of the officer: whoever is handed all that somebody held."""
    role = conn.scalar(select(officers.c.role).where(officers.c.id == officer))
    return role is not None and any(one.id == to for one in _colleagues(conn, unit, officer, role))


def named_in_rules(tx: Tx, unit: int, officer: int) -> list[int]:
    """Lines (ids) of the commune's table that name the officer."""
    return list(tx.execute(select(routing_rules.c.id).where(_named(unit, officer))).scalars())


def role_of(conn: Connection, officer: int) -> Role | None:
    """The role of an officer, also of one who is switched off."""
    found = conn.scalar(select(officers.c.role).where(officers.c.id == officer))
    return Role(found) if found in set(Role) else None


def is_leader(actor: Actor) -> bool:
    """Whether this is a leader of the unit, who reaches all that is open to it."""
    return actor.kind == OFFICER and actor.role is Role.LEADER


def _named(unit: int, officer: int) -> ColumnElement[bool]:
    return (routing_rules.c.unit_id == unit) & (routing_rules.c.officer_id == officer)
