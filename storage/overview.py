"""What the overview and the public pages ask of all cases of a unit at once: counts and places, never anybody's words.

Each question is one statement, whatever the number of cases. Whoever looks sees the cases that they reach, as in the
queue; what was joined into another case is that case, and counted there.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from sqlalchemy import JSON, BigInteger, ColumnElement, Connection, case, cast, func, or_, select

from feedback.promised_days import SORRY
from feedback.roles import Actor
from feedback.states import OPEN, State
from storage import confidential
from storage.tables import act_heads, acts, cases, officers, reports, units

_OPEN = sorted(str(state) for state in OPEN)
_MADE = ("ready", "approved", "handed", "frozen")
_MOST_PLACES = 1_500
"""Places on the map, the newest."""


class Today(NamedTuple):
    """Of the cases of which somebody owes the citizen an answer.

    `new`: not begun; `due_today`: by tonight, `late`: before now; `waiting` for the citizen; `unheard`: the citizen
    has said something that no officer has read.
    """

    open: int
    new: int
    due_today: int
    late: int
    waiting: int
    unheard: int


class Holder(NamedTuple):
    """Who holds late cases: a name, or where nobody was named a feedback.roles.Role, or ""; `since` the oldest due."""

    name: str
    role: str
    many: int
    since: int


class Kept(NamedTuple):
    """Answers of some days to what was promised, and how many of them came by the day that stood then."""

    answered: int
    in_time: int


class Place(NamedTuple):
    """Where a case lies: a field and a village ("" without one); received lately, open, and late of these."""

    category: str
    village: str
    received: int
    open: int
    late: int


def begun(conn: Connection, unit: int) -> tuple[int | None, int]:
    """When the first case of a unit was opened (UTC ms), None where there is none; and how many acts it has."""
    first = select(func.min(cases.c.opened_at)).where(cases.c.unit_id == unit, confidential.visible()).scalar_subquery()
    done = select(act_heads.c.seq).where(act_heads.c.unit_id == unit).scalar_subquery()
    row = conn.execute(select(first.label("first"), done.label("acts"))).one()
    return row.first, row.acts or 0


def today(conn: Connection, unit: int, by: Actor, now: int, tonight: int) -> Today:
    """The day's work as it stands; `tonight` is the end of the local day, all instants UTC ms."""
    due = cases.c.due_at
    counts = (
        func.count(),
        _many(cases.c.state.in_([State.NEW, State.REOPENED])),
        _many((due >= now) & (due < tonight)),
        _many(due < now),
        _many(cases.c.state == State.WAITING),
        _many(cases.c.unheard == 1),
    )
    where = (cases.c.unit_id == unit, cases.c.state.in_(_OPEN), confidential.reached(by))
    return Today(*(int(count) for count in conn.execute(select(*counts).where(*where)).one()))


def holders(conn: Connection, unit: int, by: Actor, now: int) -> list[Holder]:
    """Who holds what is late, most first: whose turn it is; where that is a role, whoever took it, else the role."""
    holder = func.coalesce(cases.c.assigned_id, cases.c.officer_id)
    role = case((holder.is_(None), cases.c.assigned_role), else_="")
    many = func.count().label("many")
    rows = conn.execute(
        select(officers.c.name, role.label("role"), many, func.min(cases.c.due_at).label("since"))
        .select_from(cases)
        .outerjoin(officers, officers.c.id == holder)
        .where(cases.c.unit_id == unit, cases.c.due_at < now, confidential.reached(by))
        .group_by(officers.c.id, officers.c.name, role)
        .order_by(many.desc(), func.min(cases.c.due_at))
    )
    return [Holder(row.name or "", row.role or "", row.many, row.since) for row in rows]


def kept_promises(conn: Connection, unit: int, by: Actor, bounds: Sequence[int]) -> list[Kept]:
    """Of each span between two following bounds (UTC ms, ascending): answers to promises, as reports count them."""
    spans = list(pairwise(bounds))
    which = case(*((acts.c.at < after, at) for at, (_, after) in enumerate(spans)), else_=-1)
    due = _due(conn)
    rows = conn.execute(
        select(which.label("which"), func.count().label("answered"), _many(acts.c.at <= due).label("in_time"))
        .select_from(acts)
        .join(cases, (cases.c.id == acts.c.thing_id) & (acts.c.thing == "case"))
        .where(acts.c.unit_id == unit, acts.c.at >= bounds[0], acts.c.at < bounds[-1])
        # Only where something was owed do acts say until when; apologies say it too, and are no answer.
        .where(acts.c.detail.like('%"due":%'), acts.c.action.not_in(sorted(SORRY)))
        .where(cases.c.unit_id == unit, confidential.reached(by), cases.c.merged_into.is_(None))
        .group_by(which)
    )
    found = {row.which: Kept(row.answered, int(row.in_time or 0)) for row in rows}
    return [found.get(at, Kept(0, 0)) for at in range(len(spans))]


def _due(conn: Connection) -> ColumnElement[int]:
    """Until when an answer was owed (storage.promised_days.detail); SQLite knows no type of JSON to cast to."""
    if conn.dialect.name == "postgresql":
        return cast(func.json_extract_path_text(cast(acts.c.detail, JSON), "due"), BigInteger)
    return func.json_extract(acts.c.detail, "$.due", type_=BigInteger)


def by_place(conn: Connection, unit: int, by: Actor, since: int, now: int) -> list[Place]:
    """Cases received from `since` on or still open, by field and village."""
    is_open = cases.c.state.in_(_OPEN)
    counts = (
        _many(cases.c.opened_at >= since).label("received"),
        _many(is_open).label("open"),
        _many(cases.c.due_at < now).label("late"),
    )
    rows = conn.execute(
        select(cases.c.category, units.c.name, *counts)
        .select_from(cases)
        .outerjoin(units, units.c.id == cases.c.village_id)
        .where(cases.c.unit_id == unit, confidential.reached(by), cases.c.merged_into.is_(None))
        .where(or_(is_open, cases.c.opened_at >= since))
        .group_by(cases.c.category, units.c.name)
    )
    return [Place(row.category, row.name or "", int(row.received), int(row.open), int(row.late)) for row in rows]


def points(
    conn: Connection, unit: int, by: Actor, since: int, now: int, *, without: tuple[frozenset[str], frozenset[str]]
) -> list[tuple[float, float, bool]]:
    """Latitude, longitude and whether it is late of cases received from `since` on, the newest first.

    `without` are the kinds and the fields that stand on no map.
    """
    kinds, fields = without
    rows = conn.execute(
        select(cases.c.lat, cases.c.lon, cases.c.due_at)
        .where(cases.c.unit_id == unit, cases.c.opened_at >= since, cases.c.lat.is_not(None))
        .where(confidential.reached(by), cases.c.merged_into.is_(None))
        .where(cases.c.kind.not_in(sorted(kinds)), cases.c.category.not_in(sorted(fields)))
        .order_by(cases.c.opened_at.desc())
        .limit(_MOST_PLACES)
    )
    return [(row.lat, row.lon, row.due_at is not None and row.due_at < now) for row in rows]


def newest_figures(conn: Connection, unit: int) -> str:
    """The figures of the unit's newest report, as JSON; "" where none was made."""
    made = (reports.c.unit_id == unit) & reports.c.state.in_(_MADE) & reports.c.figures.is_not(None)
    query = select(reports.c.figures).where(made).order_by(reports.c.made_at.desc(), reports.c.id.desc()).limit(1)
    return conn.execute(query).scalar() or ""


def _many(which: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((which, 1), else_=0)), 0)
