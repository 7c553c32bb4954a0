"""Cases that lie untouched, are late, or gather: what the round over cases looks for. Never what is confidential."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, exists, func, insert, select, union, update

from feedback.hot_spots import Report
from feedback.roles import Actor
from feedback.routing import HANDLERS
from feedback.states import OPEN, State
from storage import confidential
from storage.ids import new_id
from storage.tables import accounts, acts, case_followers, cases, hot_spots, officers
from storage.tx import Tx
from vietnam.time import DAY

_UNTOUCHED = (State.NEW, State.RECEIVED, State.REOPENED)
_LATE = OPEN - {State.WAITING}
_MOST = 20_000
"""Cases looked at for hot spots; a commune has a few hundred open ones."""


def untouched(conn: Connection, before: int, limit: int) -> list[tuple[int, int]]:
    """Cases (id, unit) that have been somebody's turn since before that instant, and that nobody has taken.

    What an officer has done with it since counts, and that it was reopened; that the program apologised, or the citizen
    asked again, is no sign that anybody sees to it.
    """
    query = (
        select(cases.c.id, cases.c.unit_id)
        .where(
            cases.c.state.in_(_UNTOUCHED),
            func.coalesce(cases.c.assigned_at, cases.c.opened_at) < before,
            ~_acted(acts.c.actor.startswith("officer:") | (acts.c.action == "reopen"), before),
            cases.c.assigned_role != "leader",
            confidential.visible(),
        )
        .order_by(cases.c.moved_at)
        .limit(limit)
    )
    return [(row.id, row.unit_id) for row in conn.execute(query)]


def _acted(which: ColumnElement[bool], since: int) -> ColumnElement[bool]:
    """That there is such an act on a case from an instant on."""
    return exists(
        select(acts.c.id).where(acts.c.thing == "case", acts.c.thing_id == cases.c.id, acts.c.at >= since, which)
    )


def abandoned(conn: Connection, limit: int) -> list[tuple[int, int]]:
    """Open cases (id, unit) of an officer who is switched off, or handles cases no longer."""
    handlers = [str(role) for role in HANDLERS]
    there = (officers.c.id == cases.c.assigned_id) & (officers.c.active == 1) & officers.c.role.in_(handlers)
    here = exists(select(officers.c.id).where(there, officers.c.unit_id == cases.c.unit_id))
    query = (
        select(cases.c.id, cases.c.unit_id)
        .where(cases.c.state.in_(OPEN), cases.c.assigned_id.is_not(None), ~here, confidential.visible())
        .order_by(cases.c.opened_at)
        .limit(limit)
    )
    return [(row.id, row.unit_id) for row in conn.execute(query)]


def unheard_of(conn: Connection, before: int, longest: int, limit: int) -> list[tuple[int, int]]:
    """Cases (id, unit) that went to another authority before that instant, and of which nobody was reminded since.

    What went there before `longest` is asked after no more.
    """
    asked = acts.c.action.in_(("forward", "remind"))
    went = acts.c.action == "forward"
    query = (
        select(cases.c.id, cases.c.unit_id)
        .where(
            cases.c.state == State.FORWARDED,
            cases.c.expired_at.is_(None),
            ~_acted(asked, before),
            _acted(went, longest),
            confidential.visible(),
        )
        .order_by(cases.c.moved_at)
        .limit(limit)
    )
    return [(row.id, row.unit_id) for row in conn.execute(query)]


def late(conn: Connection, before: int, level: int, limit: int) -> list[tuple[int, int]]:
    """Cases (id, unit) that should have been answered before that instant, the leaders told less often than `level`."""
    query = (
        select(cases.c.id, cases.c.unit_id)
        .where(
            cases.c.due_at < before,
            cases.c.state.in_(_LATE),
            cases.c.escalated < level,
            confidential.visible(),
        )
        .order_by(cases.c.due_at)
        .limit(limit)
    )
    return [(row.id, row.unit_id) for row in conn.execute(query)]


def reports(conn: Connection, unit: int, since: int, by: Actor | None = None, *, recent: bool = False) -> list[Report]:
    """Cases of a unit that are open, or that came since an instant, as hot spots see them; `recent`: only the latter.

    What was joined into another is among them, for its sender is one more who said it; as a matter it is the other,
    where this officer reaches that one.
    """
    # Each side has its index; said as one condition with OR, SQLite would look through every case there is.
    mine = select(cases.c.id).where(cases.c.unit_id == unit)
    came = mine.where(cases.c.opened_at > since)
    wanted = came if recent else union(mine.where(cases.c.state.in_(OPEN)), came)
    query = (
        select(
            cases.c.id,
            cases.c.code,
            cases.c.category,
            cases.c.village_id,
            cases.c.opened_at,
            cases.c.state,
            cases.c.lat,
            cases.c.lon,
            cases.c.over_level,
            cases.c.merged_into,
            accounts.c.person_id,
        )
        .outerjoin(accounts, accounts.c.id == cases.c.account_id)
        .where(
            cases.c.id.in_(wanted),
            confidential.reached(by),
            cases.c.kind != "praise",
        )
        .order_by(cases.c.opened_at.desc())
        .limit(_MOST)
    )
    following = (
        select(case_followers.c.case_id, accounts.c.person_id)
        .join(accounts, accounts.c.id == case_followers.c.account_id)
        .where(case_followers.c.unit_id == unit)
    )
    followers: dict[int, list[int]] = defaultdict(list)
    for one in conn.execute(following):
        followers[one.case_id].append(one.person_id)
    rows = conn.execute(query).all()
    into = select(cases.c.id, cases.c.code).where(
        cases.c.unit_id == unit, cases.c.id.in_({row.merged_into for row in rows} - {None}), confidential.reached(by)
    )
    matters: dict[int | None, str] = {one.id: one.code for one in conn.execute(into)}
    return [
        Report(
            code=row.code,
            person=row.person_id or row.id,
            category=row.category,
            village=row.village_id,
            opened_at=row.opened_at,
            open=row.state in OPEN,
            point=None if row.lat is None or row.lon is None else (row.lat, row.lon),
            over_level=bool(row.over_level),
            followers=tuple(followers.get(row.id, ())),
            matter=matters.get(row.merged_into, ""),
        )
        for row in rows
    ]


def long_open(conn: Connection, unit: int, until: int, opened_until: int, by: Actor) -> int:
    """How many that came until an instant are open and hot by themselves: "vượt cấp", or there since `opened_until`."""
    lasts = (cases.c.over_level == 1) | (cases.c.opened_at <= opened_until)
    of_unit = (cases.c.unit_id == unit) & cases.c.state.in_(OPEN) & (cases.c.opened_at <= until)
    query = select(func.count()).where(of_unit, lasts, cases.c.kind != "praise", confidential.reached(by))
    return conn.scalar(query) or 0


def changed(conn: Connection, unit: int, keys: Collection[str]) -> bool:
    """Whether the hot spots there are now are others than those on record."""
    rows = conn.execute(select(hot_spots.c.key, hot_spots.c.over_at).where(hot_spots.c.unit_id == unit))
    known = {row.key: row.over_at for row in rows}
    return set(known) != set(keys) or any(over_at is not None for over_at in known.values())


def to_tell(tx: Tx, unit: int, keys: Collection[str], now: int) -> list[str]:
    """Those of the hot spots there are now that the leaders were not told of; they count as told from here on.

    One that is none any more is forgotten after a day, so that a report more or less tells nobody anew.
    """
    mine = hot_spots.c.unit_id == unit
    known = {row.key: row.over_at for row in tx.execute(select(hot_spots.c.key, hot_spots.c.over_at).where(mine))}
    for key, over_at in known.items():
        row = mine & (hot_spots.c.key == key)
        if key in keys:
            if over_at is not None:
                tx.execute(update(hot_spots).where(row).values(over_at=None))
        elif over_at is None:
            tx.execute(update(hot_spots).where(row).values(over_at=now))
        elif over_at < now - DAY:
            tx.execute(hot_spots.delete().where(row))
    new = [key for key in keys if key not in known]
    for key in new:
        tx.execute(insert(hot_spots).values(id=new_id(), unit_id=unit, key=key, told_at=now))
    return new
