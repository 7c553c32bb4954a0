"""The plans a commune works by, and the days that its officers entered where a plan names none."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, delete, exists, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from feedback.roles import Actor, may
from storage import act_rows
from storage.ids import new_id
from storage.tables import plan_days, plans, reports, units
from storage.tx import Tx

Entered = dict[tuple[str, str], date]
"""(name of a report owed, key of its period) -> the day before which it is to be sent."""
MOST = 20
"""Plans of one commune: beyond that the list of what is owed is no list to work by."""
_UNDER_WAY = ("making", "ready", "approved", "handed")


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A plan of a commune. `body` is TOML; `year` the one it is used in, 0: those that it names itself.

    `added_at` is when it was taken in, 0: worked by before plans were rows. `earlier` and `earlier_year` are its body
    and year before those of a later year came in their place, "" where there was nothing such.
    """

    id: int
    slug: str
    body: str
    year: int
    added_at: int
    earlier: str = ""
    earlier_year: int = 0


class TooMany(ValueError):
    """The commune has MOST plans already."""


class InUse(ValueError):
    """A report of the plan is being worked on."""


def of_unit(conn: Connection, unit: int) -> list[PlanRow]:
    """The plans of a commune, the one that was added first at the top."""
    columns = (plans.c.id, plans.c.slug, plans.c.body, plans.c.year, plans.c.added_at)
    query = select(*columns, plans.c.earlier, plans.c.earlier_year)
    rows = conn.execute(query.where(plans.c.unit_id == unit).order_by(plans.c.added_at, plans.c.id))
    return [PlanRow(*row) for row in rows]


def put(
    tx: Tx,
    actor: Actor,
    slug: str,
    body: str,
    year: int,
    now: int,
    *,
    first: tuple[str, str, int] | None,
    outlived: Callable[[str, int], bool] = lambda _body, _year: False,
) -> bool:
    """Add a plan to the actor's commune, or take its new file in; whether it is a new one. PermissionError, TooMany.

    `first` (slug, body, year) is put before it where the commune has none yet: what it has worked by until now.
    `outlived`: whether what stood there (body, year) still asks for reports of an earlier year; then it is kept beside.
    """
    _checked(actor, "plan.edit")
    unit = actor.unit
    # Two officers at once: the second waits here and sees what the first has added.
    tx.execute(select(units.c.id).where(units.c.id == unit).with_for_update())
    mine = plans.c.unit_id == unit
    there = tx.execute(select(plans.c.slug, plans.c.body, plans.c.year).where(mine)).all()
    known = {row.slug: (row.body, row.year) for row in there}
    if first is not None and not known and first[0] != slug:
        # At no day of its own: the commune has worked by it, and it stays the first of the list.
        _insert(tx, actor, *first, now, 0)
    if known.get(slug) == (body, year):
        return False
    if slug in known:
        values: dict[str, object] = {"body": body, "year": year}
        if outlived(*known[slug]):
            values["earlier"], values["earlier_year"] = known[slug]
        tx.execute(update(plans).where(mine, plans.c.slug == slug).values(**values))
        _record(tx, actor, "change", now, slug=slug, year=year)
        return False
    if len(known) >= MOST:
        raise TooMany(str(MOST))
    before = first[1:] if first is not None and not known and first[0] == slug else None
    if before is not None and outlived(*before):
        # That of the settings, for a later year: what it has asked for until now stays.
        _insert(tx, actor, slug, body, year, now, 0, earlier=before)
    else:
        _insert(tx, actor, slug, body, year, now, now)
    return True


def remove(tx: Tx, actor: Actor, slug: str, now: int) -> bool:
    """Work by it no longer; False where the commune has no plan of that name. PermissionError, InUse.

    What was made under it stays; while a report of it is under way it cannot go.
    """
    _checked(actor, "plan.edit")
    unit = actor.unit
    tx.execute(select(units.c.id).where(units.c.id == unit).with_for_update())
    mine = (reports.c.unit_id == unit) & (reports.c.plan == slug) & (reports.c.owed != "")
    if tx.conn.scalar(select(exists().where(mine, reports.c.state.in_(_UNDER_WAY)))):
        raise InUse(slug)
    if not tx.execute(delete(plans).where(plans.c.unit_id == unit, plans.c.slug == slug)).rowcount:
        return False
    tx.execute(delete(plan_days).where(plan_days.c.unit_id == unit, plan_days.c.plan == slug))
    _record(tx, actor, "remove", now, slug=slug)
    return True


def days(conn: Connection, unit: int) -> dict[str, Entered]:
    """The days that officers of a commune entered, by plan."""
    found: dict[str, Entered] = {}
    query = select(plan_days.c.plan, plan_days.c.owed, plan_days.c.period, plan_days.c.before)
    for plan, owed, period, before in conn.execute(query.where(plan_days.c.unit_id == unit)):
        found.setdefault(plan, {})[owed, period] = date.fromisoformat(before)
    return found


def set_day(tx: Tx, actor: Actor, plan: str, owed: str, period: str, before: date | None, now: int) -> None:
    """The day before which a report is to be sent, where the plan names none or another; None: as the plan says.

    PermissionError. Whether there is such a report, and whether the day fits, has been looked at.
    """
    _checked(actor, "plan.day")
    unit = actor.unit
    mine = (plan_days.c.unit_id == unit) & (plan_days.c.plan == plan)
    mine &= (plan_days.c.owed == owed) & (plan_days.c.period == period)
    stands = tx.conn.scalar(select(plan_days.c.before).where(mine))
    if stands == (before.isoformat() if before else None):
        return
    if before is None:
        tx.execute(delete(plan_days).where(mine))
    else:
        maker = postgres_insert if tx.postgres else sqlite_insert
        values = {"before": before.isoformat(), "set_by": actor.label(), "set_at": now}
        made = maker(plan_days).values(unit_id=unit, plan=plan, owed=owed, period=period, **values)
        keys = ["unit_id", "plan", "owed", "period"]
        tx.execute(made.on_conflict_do_update(index_elements=keys, set_=values))
    said = before.isoformat() if before else ""
    _record(tx, actor, "day", now, slug=plan, owed=owed, period=period, before=said)


def how_many(conn: Connection) -> dict[int, int]:
    """Plans of each commune that has any."""
    query = select(plans.c.unit_id, func.count()).group_by(plans.c.unit_id)
    return {int(unit): int(count) for unit, count in conn.execute(query)}


def _insert(
    tx: Tx, actor: Actor, slug: str, body: str, year: int, now: int, since: int, *, earlier: tuple[str, int] = ("", 0)
) -> None:
    values = {"slug": slug, "body": body, "year": year, "added_by": actor.label(), "added_at": since}
    values |= {"earlier": earlier[0], "earlier_year": earlier[1]}
    tx.execute(insert(plans).values(id=new_id(), unit_id=actor.unit, **values))
    _record(tx, actor, "add", now, slug=slug, year=year)


def _checked(actor: Actor, action: str) -> None:
    if not may(actor, action, actor.unit):
        raise PermissionError(action)


def _record(tx: Tx, actor: Actor, action: str, now: int, **detail: Any) -> None:  # noqa: ANN401 - what the act says
    act_rows.record(tx, actor, action, thing="plan", thing_id=actor.unit, unit=actor.unit, now=now, **detail)
