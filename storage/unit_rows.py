"""What officers change of their commune and its villages: each an act, none loses what hangs on a village."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, func, select, update

from feedback.acts import Refusal
from feedback.roles import Actor, may
from storage import act_rows, case_search, confidential
from storage.ids import new_id
from storage.tables import cases, officers, units
from storage.tx import Tx
from storage.units import COLUMNS, Unit, earlier_names, ensure, prefix_of, slug_of, unit
from vietnam.text import fold_words, sort_key
from vietnam.villages import LONGEST, MOST, VillageLine

LONGEST_TEXT = 200


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """How people reach the commune. `phone` and `contact` are said in every reply, `reception` where they are sent."""

    phone: str
    contact: str
    address: str
    reception: str


class VillageRow(msgspec.Struct, frozen=True, kw_only=True):
    """A village as its page shows it: also one that is switched off. `cases`: those that its unit sees."""

    unit: Unit
    cases: int
    head: str
    """Its head's account, "" where there is none."""


def all_villages(conn: Connection, commune: int) -> list[VillageRow]:
    """Those that are there now in their order, then those that are switched off."""
    of_it = (cases.c.village_id == units.c.id) & confidential.visible()
    sent = select(func.count()).select_from(cases).where(of_it).scalar_subquery()
    head = (
        select(func.min(officers.c.name))
        .where(officers.c.unit_id == units.c.id, officers.c.role == "village_head", officers.c.active == 1)
        .scalar_subquery()
    )
    query = (
        select(*COLUMNS, sent.label("sent"), func.coalesce(head, "").label("head"))
        .where(units.c.parent_id == commune, units.c.kind == "village")
        .order_by(units.c.active.desc(), units.c.place, units.c.sort_key, units.c.id)
    )
    wide = len(COLUMNS)
    return [VillageRow(unit=Unit(*row[:wide]), cases=row.sent, head=row.head) for row in conn.execute(query)]


def settle(tx: Tx, actor: Actor, province: str, name: str, now: int) -> Refusal | None:
    """Give the commune of a new store its name and province, with the address and the letters of codes that follow.

    Only while it is set up: afterwards its address stands on posters.
    """
    fault = _may_not(actor)
    if fault is not None:
        return fault
    slug = slug_of(name)
    if not slug or len(name) > LONGEST:
        return Refusal("places.name", {"most": LONGEST})
    same = (units.c.slug == slug) & (units.c.kind == "commune") & (units.c.id != actor.unit)
    if tx.conn.scalar(select(units.c.id).where(same)) is not None:
        return Refusal("places.twice", {"name": name})
    above = ensure(tx, None, "province", province)
    values = {"name": name, "slug": slug, "prefix": prefix_of(name), "sort_key": sort_key(name), "parent_id": above}
    mine = update(units).where(units.c.id == actor.unit)
    tx.execute(mine.values(**values, managed=1, version=units.c.version + 1))
    _record(tx, actor, "setup", actor.unit, now, name=name)
    return None


def set_contact(tx: Tx, actor: Actor, to: Contact, seen: int, now: int) -> Refusal | None:
    """How people reach the commune from now on; `seen` is the version that the officer has changed."""
    fault = _may_not(actor) or _longest(to.contact, to.address, to.reception, to.phone)
    if fault is not None:
        return fault
    values: dict[str, Any] = msgspec.structs.asdict(to)
    if not _write(tx, actor.unit, seen, values):
        return Refusal("act.changed")
    _manage(tx, actor.unit)
    _record(tx, actor, "contact", actor.unit, now)
    return None


def rename(tx: Tx, actor: Actor, village: int, name: str, seen: int, now: int, **more: str) -> Refusal | None:
    """Another name, old commune (`former`), head (`contact`) or telephone (`phone`); the old name still finds it."""
    fault = _may_not(actor) or _longest(*more.values())
    if fault is not None:
        return fault
    held = _mine(tx, actor, village)
    if held is None:
        return Refusal("places.gone")
    if not name or len(name) > LONGEST:
        return Refusal("places.name", {"most": LONGEST})
    others = [one for one in _there(tx, actor.unit) if one.id != village]
    if _taken(others, name, more.get("former", held.former)):
        return Refusal("places.twice", {"name": name})
    values: dict[str, Any] = {"name": name, "sort_key": sort_key(name), **more}
    if name != held.name:
        values["was"] = earlier_names(name, (held.name, *held.earlier))
    if not _write(tx, village, seen, values):
        return Refusal("act.changed")
    _manage(tx, actor.unit)
    if name != held.name:
        case_search.keep_village(tx, village)
    said = {"name": name, "was": held.name} if name != held.name else {"name": name}
    _record(tx, actor, "rename" if name != held.name else "change", village, now, **said)
    return None


def add_villages(tx: Tx, actor: Actor, lines: Sequence[VillageLine], now: int) -> int | Refusal:
    """New villages, behind those there are where the commune has an order of its own; how many are new.

    One of the same name and old commune is there already and stays as it is; one that is switched off comes back.
    """
    fault = _may_not(actor)
    if fault is not None:
        return fault
    there = _there(tx, actor.unit)
    # Of two of one name, the one that was merged into the other stays switched off.
    known = {(fold_words(one.name), fold_words(one.former)): one for one in reversed(there)}
    fresh = [one for one in lines if (fold_words(one.name), fold_words(one.former)) not in known]
    back = [
        held
        for one in lines
        if (held := known.get((fold_words(one.name), fold_words(one.former)))) is not None and not held.active
    ]
    if len(there) + len(fresh) > MOST:
        return Refusal("places.many", {"most": MOST})
    slugs = set(tx.conn.scalars(select(units.c.slug).where(units.c.parent_id == actor.unit)))
    last = max((one.place for one in there), default=0)
    rows: list[dict[str, Any]] = []
    for number, one in enumerate(fresh, start=1):
        slug = _free_slug(one.name, slugs)
        slugs.add(slug)
        row = {"id": new_id(), "parent_id": actor.unit, "kind": "village", "name": one.name, "slug": slug}
        row |= {"former": one.former, "phone": one.phone, "sort_key": sort_key(one.name)}
        rows.append(row | {"place": last + number if last else 0})
    if rows:
        tx.execute(units.insert(), rows)
    for held in back:
        _write(tx, held.id, held.version, {"active": 1})
    if rows or back:
        _manage(tx, actor.unit)
        names = [one.name for one in fresh] + [one.name for one in back]
        _record(tx, actor, "add", actor.unit, now, count=len(names), name=", ".join(names)[:LONGEST_TEXT])
    return len(rows) + len(back)


def switch(tx: Tx, actor: Actor, village: int, seen: int, now: int, *, on: bool) -> Refusal | None:
    """Offered to nobody any more, or again: its cases, bookings and papers stay, and reports go on counting them."""
    fault = _may_not(actor)
    if fault is not None:
        return fault
    held = _mine(tx, actor, village)
    if held is None:
        return Refusal("places.gone")
    others = [one for one in _there(tx, actor.unit) if one.active and one.id != village] if on else []
    if _taken(others, held.name, held.former):  # it was merged into one that has taken its name
        return Refusal("places.twice", {"name": held.name})
    if not _write(tx, village, seen, {"active": int(on)}):
        return Refusal("act.changed")
    _manage(tx, actor.unit)
    _record(tx, actor, "switch_on" if on else "switch_off", village, now, name=held.name)
    return None


def move(tx: Tx, actor: Actor, village: int, seen: int, by: int, now: int) -> Refusal | None:
    """One place up (-1) or down (1) among the villages that are there; at the end of the list it stays.

    `seen`: its version that the officer has looked at, so that a form that is sent twice moves it once.
    """
    fault = _may_not(actor)
    if fault is not None:
        return fault
    order = [one for one in _there(tx, actor.unit) if one.active]
    at = next((place for place, one in enumerate(order) if one.id == village), None)
    if at is None:
        return Refusal("places.gone")
    to = at + (1 if by > 0 else -1)
    if 0 <= to < len(order):
        if not _write(tx, village, seen, {}):
            return Refusal("act.changed")
        order[at], order[to] = order[to], order[at]
        _place(tx, order)
        _manage(tx, actor.unit)
        _record(tx, actor, "order", village, now, name=order[to].name)
    return None


def by_the_alphabet(tx: Tx, actor: Actor, now: int) -> Refusal | None:
    """No order of its own any more."""
    fault = _may_not(actor)
    if fault is not None:
        return fault
    tx.execute(update(units).where(units.c.parent_id == actor.unit, units.c.kind == "village").values(place=0))
    _manage(tx, actor.unit)
    _record(tx, actor, "order", actor.unit, now)
    return None


def _may_not(actor: Actor) -> Refusal | None:
    return None if may(actor, "places.edit", actor.unit) else Refusal("act.not_allowed")


def _longest(*texts: str) -> Refusal | None:
    return Refusal("places.long", {"most": LONGEST_TEXT}) if max(map(len, texts), default=0) > LONGEST_TEXT else None


def _mine(tx: Tx, actor: Actor, village: int) -> Unit | None:
    tx.execute(select(units.c.id).where(units.c.id == actor.unit).with_for_update())
    try:
        held = unit(tx.conn, village)
    except LookupError:
        return None
    return held if held.parent_id == actor.unit and held.kind == "village" else None


def _there(tx: Tx, commune: int) -> list[Unit]:
    """Every village, those switched off included; whoever else changes them waits until this is over."""
    tx.execute(select(units.c.id).where(units.c.id == commune).with_for_update())
    return [row.unit for row in all_villages(tx.conn, commune)]


def _taken(others: Sequence[Unit], name: str, former: str) -> bool:
    wanted = (fold_words(name), fold_words(former))
    return any((fold_words(one.name), fold_words(one.former)) == wanted for one in others)


def _free_slug(name: str, taken: set[str]) -> str:
    base = slug_of(name) or "thon"
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug


def _place(tx: Tx, order: Sequence[Unit]) -> None:
    for place, one in enumerate(order, start=1):
        if one.place != place:
            tx.execute(update(units).where(units.c.id == one.id).values(place=place))


def _write(tx: Tx, id: int, seen: int, values: dict[str, Any]) -> bool:
    same = (units.c.id == id) & (units.c.version == seen)
    return tx.execute(update(units).where(same).values(**values, version=seen + 1)).rowcount == 1


def _manage(tx: Tx, commune: int) -> None:
    """From the first change on this page the settings file says no more what the commune's places are."""
    tx.execute(update(units).where(units.c.id == commune).values(managed=1))


def _record(tx: Tx, actor: Actor, action: str, id: int, now: int, **said: Any) -> None:  # noqa: ANN401 - what the act says
    act_rows.record(tx, actor, action, thing="place", thing_id=id, unit=actor.unit, now=now, **said)
