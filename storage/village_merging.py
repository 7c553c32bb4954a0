"""Sáp nhập thôn: one village goes into another, with its cases and its head; what was counted stays as it was counted.

Frozen reports, answers of surveys, lists on paper and sessions that are over keep the village they were made for.
"""

from typing import Any

import msgspec
from sqlalchemy import Connection, func, select, update

from feedback.acts import Refusal
from feedback.roles import Actor, may
from storage import act_rows, case_search, confidential, officer_reach
from storage.tables import cases, officers, routing_rules, session_series, sessions, subscriptions, units
from storage.tables import officer_reach as reaches
from storage.tx import Tx
from storage.units import Unit, earlier_names, unit
from vietnam.text import fold_words, sort_key
from vietnam.villages import LONGEST

_TO_COME = ("planned", "announced")


class Going(msgspec.Struct, frozen=True, kw_only=True):
    """What goes from a village into another. `cases`: those that the unit sees; `heads`: names of their accounts."""

    cases: int
    heads: tuple[str, ...]
    rules: int
    sessions: int


def going(conn: Connection, village: int, now: int) -> Going:
    """What a merger would move."""
    mine = (cases.c.village_id == village) & confidential.visible()
    heads = (
        select(officers.c.name).where(officers.c.unit_id == village, officers.c.active == 1).order_by(officers.c.name)
    )
    rules = select(func.count()).select_from(routing_rules).where(routing_rules.c.village == village)
    held = select(func.count()).select_from(sessions).where(*_to_come(village, now))
    return Going(
        cases=conn.scalar(select(func.count()).select_from(cases).where(mine)) or 0,
        heads=tuple(conn.scalars(heads)),
        rules=conn.scalar(rules) or 0,
        sessions=conn.scalar(held) or 0,
    )


def merge(
    tx: Tx, actor: Actor, village: int, into: int, name: str, *, seen: tuple[int, int], now: int
) -> Refusal | None:
    """The cases, head and rules of `village` are those of `into` from now on, which is called `name`.

    `village` is switched off; its name still finds what it has become. `seen`: the versions of the two that the officer
    has looked at.
    """
    if not may(actor, "places.edit", actor.unit):
        return Refusal("act.not_allowed")
    tx.execute(select(units.c.id).where(units.c.id == actor.unit).with_for_update())
    gone, left = _mine(tx, actor, village), _mine(tx, actor, into)
    if gone is None or left is None or gone.id == left.id or not left.active:
        return Refusal("places.gone")
    if (gone.version, left.version) != seen:
        return Refusal("act.changed")
    if not name or len(name) > LONGEST:
        return Refusal("places.name", {"most": LONGEST})
    if _taken(tx, actor.unit, name, left, gone):
        return Refusal("places.twice", {"name": name})
    known = earlier_names(name, (left.name, gone.name, *left.earlier, *gone.earlier))
    values: dict[str, Any] = {"name": name, "sort_key": sort_key(name), "was": known, "version": left.version + 1}
    tx.execute(update(units).where(units.c.id == into).values(**values))
    tx.execute(update(units).where(units.c.id == village).values(active=0, version=gone.version + 1))
    tx.execute(update(units).where(units.c.id == actor.unit).values(managed=1))
    _move(tx, village, into, actor.unit, now)
    # Every case of the two has another name of its village: also those that only the keeper sees, which no index holds.
    tx.execute(update(cases).where(cases.c.village_id == village).values(village_id=into))
    case_search.keep_village(tx, into)
    was = f"{gone.name}, {left.name}"
    act_rows.record(tx, actor, "merge", thing="place", thing_id=into, unit=actor.unit, now=now, name=name, was=was)
    return None


def _mine(tx: Tx, actor: Actor, village: int) -> Unit | None:
    try:
        held = unit(tx.conn, village)
    except LookupError:
        return None
    return held if held.parent_id == actor.unit and held.kind == "village" else None


def _taken(tx: Tx, commune: int, name: str, left: Unit, gone: Unit) -> bool:
    """Whether a third village of the commune has this name and the same old commune."""
    others = select(units.c.name, units.c.former).where(
        units.c.parent_id == commune, units.c.kind == "village", units.c.id.not_in((left.id, gone.id))
    )
    wanted = (fold_words(name), fold_words(left.former))
    return any((fold_words(one.name), fold_words(one.former)) == wanted for one in tx.conn.execute(others))


def _move(tx: Tx, village: int, into: int, commune: int, now: int) -> None:
    """Everything that looks ahead: who heads it, reaches it, hears from it, and what is planned for it."""
    tx.execute(
        update(officers).where(officers.c.unit_id == village).values(unit_id=into, version=officers.c.version + 1)
    )
    tx.execute(update(subscriptions).where(subscriptions.c.village_id == village).values(village_id=into))
    tx.execute(update(sessions).where(*_to_come(village, now)).values(village_id=into))
    going_on = (session_series.c.village_id == village) & (session_series.c.state == "open")
    tx.execute(update(session_series).where(going_on).values(village_id=into))
    there = select(routing_rules.c.kind, routing_rules.c.category).where(
        routing_rules.c.unit_id == commune, routing_rules.c.village == into
    )
    known = {tuple(row) for row in tx.conn.execute(there)}
    mine = (routing_rules.c.unit_id == commune) & (routing_rules.c.village == village)
    for rule in tx.conn.execute(select(routing_rules.c.id, routing_rules.c.kind, routing_rules.c.category).where(mine)):
        same = routing_rules.c.id == rule.id
        if (rule.kind, rule.category) in known:
            tx.execute(routing_rules.delete().where(same))  # the rule of the village that stays holds for both
        else:
            tx.execute(update(routing_rules).where(same).values(village=into))
    here = select(officers.c.id).where(officers.c.unit_id == commune)
    for row in tx.conn.execute(select(reaches).where(reaches.c.officer_id.in_(here))).all():
        reach = officer_reach.read(row.fields, row.villages)
        if village in reach.villages:
            places = tuple(sorted({into if one == village else one for one in reach.villages}))
            officer_reach.put(tx, row.officer_id, msgspec.structs.replace(reach, villages=places))


def _to_come(village: int, now: int) -> tuple[Any, ...]:
    return sessions.c.village_id == village, sessions.c.state.in_(_TO_COME), sessions.c.starts_at > now
