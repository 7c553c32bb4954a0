"""Accounts of officers, changed by an administrator, a leader or a command: each change is an act, checked first."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, exists, func, insert, select, update

from feedback.notice_readers import KEEPER_GONE
from feedback.people import Account, Person, fault_of, is_needed, refused
from feedback.roles import Actor, Role, may
from feedback.states import OPEN
from storage import act_rows, confidential, notices, officer_access, officer_reach, second_factor
from storage.ids import new_id
from storage.officer_reach import Reach
from storage.tables import cases, officer_sessions, officers, second_factors, units
from storage.tables import officer_reach as reaches
from storage.tx import Tx


class PersonRow(msgspec.Struct, frozen=True, kw_only=True):
    """An officer as the list shows one. `village` is that of a village head, 0 for others; `seen_at` the newest look.

    `given_at`: when somebody else gave the password, None where it is the officer's own choice.

    `open`: how many cases are the officer's turn, those left out that only the keeper sees.
    """

    id: int
    login: str
    name: str
    role: Role
    active: bool
    version: int
    village: int
    village_name: str
    reach: Reach
    must_change: bool
    given_at: int | None
    second: bool
    seen_at: int | None
    open: int
    keeper: bool


class Refused(msgspec.Struct, frozen=True):
    """Why not, as a word that whoever asked puts into a sentence.

    Of feedback.people: login, name, role, village, reach, not_allowed, self, admin. Besides: gone, taken, needed,
    changed, second.
    """

    why: str


def people(conn: Connection, unit: int) -> list[PersonRow]:
    """The officers of a unit and the heads of its villages: who is there first, by name."""
    return [_row(row, unit) for row in conn.execute(_people(unit).order_by(officers.c.active.desc(), officers.c.name))]


def person(conn: Connection, unit: int, id: int) -> PersonRow | None:
    """One of them."""
    row = conn.execute(_people(unit).where(officers.c.id == id)).one_or_none()
    return None if row is None else _row(row, unit)


def held(conn: Connection, officer: int) -> list[int]:
    """Open cases that are the officer's turn; those that only the keeper sees are left where they are."""
    mine = (cases.c.assigned_id == officer) & cases.c.state.in_(OPEN) & confidential.visible()
    return list(conn.scalars(select(cases.c.id).where(mine).order_by(cases.c.opened_at)))


def add(tx: Tx, actor: Actor, wanted: Account, password_hash: str, now: int) -> int | Refused:
    """A new account, whose password was made by somebody else: the officer changes it first. Its id."""
    if not may(actor, "people.edit", actor.unit):
        return Refused("not_allowed")
    fault = _fault(tx, actor, wanted)
    if fault:
        return Refused(fault)
    id = new_id()
    values = {"login": wanted.login, "name": wanted.name, "role": str(wanted.role)}
    tx.execute(
        insert(officers).values(
            id=id,
            unit_id=wanted.village or actor.unit,
            password_hash=password_hash,
            must_change=1,
            given_at=now,
            created_at=now,
            **values,
        )
    )
    officer_reach.put(tx, id, _reach(wanted))
    _act(tx, actor, "add", id, now, **values, **_said(wanted))
    return id


def change(tx: Tx, actor: Actor, id: int, wanted: Account, seen: int, now: int) -> Refused | None:
    """Another name, log-in, role, village or reach. Who does something else from now on logs in again."""
    before = _locked(tx, actor, id, seen)
    if isinstance(before, Refused):
        return before
    fault = _fault(tx, actor, wanted, but=id)
    if fault:
        return Refused(fault)
    other = before.role is not wanted.role or before.village != wanted.village
    if before.role is not wanted.role and is_needed(_facts(before), _staff(tx, actor.unit)):
        return Refused("needed")
    new = {"login": wanted.login, "name": wanted.name, "role": str(wanted.role)}
    said = {"login": before.login, "name": before.name, "role": str(before.role)}
    if new == said and not other and before.reach == _reach(wanted):
        return None
    _write(tx, id, unit_id=wanted.village or actor.unit, **new)
    officer_reach.put(tx, id, _reach(wanted))
    if other:
        officer_access.end_all(tx, id)
        _keeper_gone(tx, actor, before, id, now)
    changed = {name: value for name, value in new.items() if value != said[name]}
    _act(tx, actor, "change", id, now, **changed, was={name: said[name] for name in changed}, **_said(wanted))
    return None


def switch(tx: Tx, actor: Actor, id: int, *, on: bool, seen: int, now: int, to: int = 0) -> Refused | None:
    """On or off. Off: every session ends with this transaction, and no password opens the door again.

    `to`: the officer who is handed what this one held, for the list of acts.
    """
    before = _locked(tx, actor, id, seen)
    if isinstance(before, Refused):
        return before
    if before.active is on:
        return None
    if not on and is_needed(_facts(before), _staff(tx, actor.unit)):
        return Refused("needed")
    _write(tx, id, active=int(on))
    _keeper_gone(tx, actor, before, id, now)
    if not on:
        officer_access.end_all(tx, id)
    _act(tx, actor, "on" if on else "off", id, now, **({"to": to} if to else {}))
    return None


def reset(
    tx: Tx, actor: Actor, id: int, password_hash: str, now: int, *, seen: int = 0, second_off: bool = False
) -> Refused | None:
    """Another password, to be changed at the next log-in; `second_off`: the second step goes too."""
    before = _locked(tx, actor, id, seen)
    if isinstance(before, Refused):
        return before
    _write(tx, id)
    officer_access.give_password(tx, actor, id, actor.unit, password_hash, now, second_off=second_off)
    return None


def forget_second(tx: Tx, actor: Actor, id: int, now: int, *, seen: int = 0) -> Refused | None:
    """The second step goes: the telephone is lost. The password stays, every session ends."""
    before = _locked(tx, actor, id, seen)
    if isinstance(before, Refused):
        return before
    if not before.second:
        return Refused("second")
    _write(tx, id)
    second_factor.forget(tx, id)
    officer_access.end_all(tx, id)
    _act(tx, actor, "second_off", id, now)
    return None


# --- how --------------------------------------------------------------------------------------------------------------


def _people(unit: int) -> Any:  # noqa: ANN401 - a Select of more columns than there are typed forms for
    at = officer_sessions.c.officer_id == officers.c.id
    seen = select(func.max(officer_sessions.c.seen_at)).where(at).scalar_subquery()
    held_now = (cases.c.assigned_id == officers.c.id) & cases.c.state.in_(OPEN) & confidential.visible()
    second = exists().where(second_factors.c.officer_id == officers.c.id, second_factors.c.since.is_not(None))
    village = (units.c.parent_id == unit) & (units.c.kind == "village")
    return (
        select(
            officers,
            units.c.name.label("place"),
            reaches.c.fields,
            reaches.c.villages,
            seen.label("seen_at"),
            select(func.count()).where(held_now).scalar_subquery().label("open"),
            second.label("second"),
            confidential.keeper_of(units.c.id).label("keeper"),
        )
        .join(units, units.c.id == officers.c.unit_id)
        .outerjoin(reaches, reaches.c.officer_id == officers.c.id)
        .where((units.c.id == unit) | village, officers.c.role.in_([str(role) for role in Role]))
    )


def _row(row: Row[Any], unit: int) -> PersonRow:
    in_village = row.unit_id != unit
    return PersonRow(
        id=row.id,
        login=row.login,
        name=row.name,
        role=Role(row.role),
        active=bool(row.active),
        version=row.version,
        village=row.unit_id if in_village else 0,
        village_name=row.place if in_village else "",
        reach=officer_reach.read(row.fields, row.villages),
        must_change=bool(row.must_change),
        given_at=row.given_at,
        second=bool(row.second),
        seen_at=row.seen_at,
        open=row.open,
        keeper=row.keeper == row.id,
    )


def _locked(tx: Tx, actor: Actor, id: int, seen: int) -> PersonRow | Refused:
    """The account, of the actor's unit, that nobody else changes now; or why this actor does not."""
    # Two who switch off one another's account at once: each must see what the other has done.
    tx.execute(select(units.c.id).where(units.c.id == actor.unit).with_for_update())
    found = person(tx.conn, actor.unit, id)
    if found is None:
        return Refused("gone")
    why = refused(actor, _facts(found), actor.unit)
    if not why and seen not in (0, found.version):
        why = "changed"
    return Refused(why) if why else found


def _facts(row: PersonRow) -> Person:
    return Person(row.id, row.role, row.active)


def _staff(tx: Tx, unit: int) -> Sequence[Person]:
    return [_facts(one) for one in people(tx.conn, unit)]


def _fault(tx: Tx, actor: Actor, wanted: Account, but: int = 0) -> str:
    fault = fault_of(wanted, actor)
    if fault:
        return fault
    there = select(officers.c.id).where(officers.c.login == wanted.login, officers.c.id != but)
    if tx.execute(there).first() is not None:
        return "taken"
    places = {wanted.village} - {0} | set(wanted.villages)
    if officer_reach.known(tx.conn, actor.unit, wanted.fields, places) is None:
        return "village"
    return ""


def _reach(wanted: Account) -> Reach:
    return Reach(wanted.fields, wanted.villages)


def _said(wanted: Account) -> dict[str, object]:
    said = {"village": wanted.village, "fields": list(wanted.fields), "villages": list(wanted.villages)}
    return {name: value for name, value in said.items() if value}


def _keeper_gone(tx: Tx, actor: Actor, before: PersonRow, id: int, now: int) -> None:
    """Whom the Chủ tịch named for denunciations opens them no more: the leaders are told to name somebody.

    In the same words whether much is kept or nothing: nobody is to learn from them that there is anything.
    """
    after = person(tx.conn, actor.unit, id)
    if before.keeper and not (after is not None and after.keeper and after.active):
        notices.add(tx, actor.unit, KEEPER_GONE, {}, now)


def _write(tx: Tx, id: int, **values: object) -> None:
    tx.execute(update(officers).where(officers.c.id == id).values(version=officers.c.version + 1, **values))


def _act(tx: Tx, actor: Actor, action: str, id: int, now: int, **detail: object) -> None:
    about: dict[str, Any] = {"thing": "officer", "thing_id": id, "unit": actor.unit, **detail}
    act_rows.record(tx, actor, action, now=now, **about)
