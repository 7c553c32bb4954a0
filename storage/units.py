"""Provinces, communes and villages, and how the first commune is seeded from the settings."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, insert, select

from storage.ids import new_id
from storage.tables import units
from storage.tx import Tx
from vietnam.text import fold, sort_key

_EARLIER = 5


@dataclass(frozen=True, slots=True)
class Unit:
    """A province, commune or village; `name` carries its own word ("xã Vạn Linh"), `former` is its old commune.

    `was`: what it was called before, one name a line. Of a village `contact` and `phone` are its head's.
    """

    id: int
    parent_id: int | None
    kind: str
    name: str
    slug: str
    prefix: str
    phone: str
    contact: str
    sample: int
    former: str
    address: str = ""
    reception: str = ""
    """When, and where, the commune receives citizens; "" as the settings file has it."""
    seed: str = ""
    """Of the commune that the settings file made: its name there (see `seed_of`)."""
    managed: int = 0
    """1: officers keep its names and villages on their page, and the settings file changes them no more."""
    was: str = ""
    place: int = 0
    active: int = 1
    version: int = 1

    @property
    def earlier(self) -> tuple[str, ...]:
        """What it was called before."""
        return tuple(self.was.split("\n")) if self.was else ()


# So many columns are more than select() has typed forms for.
COLUMNS: tuple[Column[Any], ...] = (
    units.c.id,
    units.c.parent_id,
    units.c.kind,
    units.c.name,
    units.c.slug,
    units.c.prefix,
    units.c.phone,
    units.c.contact,
    units.c.sample,
    units.c.former,
    units.c.address,
    units.c.reception,
    units.c.seed,
    units.c.managed,
    units.c.was,
    units.c.place,
    units.c.active,
    units.c.version,
)


def unit(conn: Connection, id: int) -> Unit:
    """A unit by its id; LookupError where there is none."""
    row = conn.execute(select(*COLUMNS).where(units.c.id == id)).one_or_none()
    if row is None:
        raise LookupError(f"no unit {id}")
    return Unit(*row)


def communes(conn: Connection) -> list[Unit]:
    """Every commune of the store, in the order of the alphabet."""
    query = select(*COLUMNS).where(units.c.kind == "commune", units.c.active == 1).order_by(units.c.sort_key)
    return [Unit(*row) for row in conn.execute(query)]


def commune_by_slug(conn: Connection, slug: str) -> Unit | None:
    """The commune of a web address, or None."""
    query = select(*COLUMNS).where(units.c.kind == "commune", units.c.active == 1, units.c.slug == slug)
    row = conn.execute(query).one_or_none()
    return None if row is None else Unit(*row)


def villages(conn: Connection, commune_id: int) -> list[Unit]:
    """The villages of a commune that are there now, in its own order, else in that of the alphabet."""
    query = select(*COLUMNS).where(units.c.parent_id == commune_id, units.c.kind == "village", units.c.active == 1)
    return [Unit(*row) for row in conn.execute(query.order_by(units.c.place, units.c.sort_key, units.c.id))]


def set_sample(tx: Tx, id: int) -> None:
    """From now on everything of this commune is sample data."""
    tx.execute(units.update().where(units.c.id == id).values(sample=1))


def earlier_names(name: str, known: Sequence[str]) -> str:
    """`Unit.was` of what is called `name` now: the five names it had last, the newest first, each once."""
    return "\n".join([one for one in dict.fromkeys(known) if one != name][:_EARLIER])


def slug_of(name: str) -> str:
    """A web address of a name: "xã Vạn Linh" -> "van-linh"."""
    bare = re.sub(r"^(xa|phuong|thi tran|dac khu|tinh|thanh pho) ", "", fold(name))
    return re.sub(r"[^a-z0-9]+", "-", bare).strip("-")


def prefix_of(name: str) -> str:
    """The letters that case codes begin with: "xã Vạn Linh" -> "VL"."""
    return "".join(word[0] for word in slug_of(name).split("-") if word and word[0].isalpha()).upper()[:4] or "X"


def seed_commune(tx: Tx, *, province: str, commune: str, village_names: list[str], phone: str, contact: str) -> int:
    """Make the first commune from the settings, or add villages that are new; nothing is ever renamed or removed.

    Once officers have changed anything of it on their page, their word stands: the settings change it no more.
    """
    key = seed_of(province, commune)
    made = tx.conn.execute(select(units.c.id, units.c.managed).where(units.c.seed == key)).first()
    if made is not None and made.managed:
        return int(made.id)
    if made is not None:
        commune_id = int(made.id)
    else:
        province_id = ensure(tx, None, "province", province)
        commune_id = ensure(tx, province_id, "commune", commune, prefix=prefix_of(commune))
        tx.execute(units.update().where(units.c.id == commune_id).values(seed=key))
        if tx.conn.scalar(select(units.c.managed).where(units.c.id == commune_id)):
            return commune_id
    known = units.update().where(units.c.id == commune_id)
    if phone or contact:
        tx.execute(known.values(phone=phone, contact=contact))
    for name in village_names:
        ensure(tx, commune_id, "village", name)
    return commune_id


def seed_of(province: str, commune: str) -> str:
    """How a commune that the settings file made is found again, whatever it is called now."""
    return f"{slug_of(province)}/{slug_of(commune)}"


def set_middle(tx: Tx, id: int, lat: float, lon: float, reach_km: int) -> None:
    """Where a commune lies, as far as the settings know: its middle in WGS 84 degrees, and how far it reaches."""
    tx.execute(units.update().where(units.c.id == id).values(lat=lat, lon=lon, reach_km=reach_km))


def ensure(tx: Tx, parent: int | None, kind: str, name: str, prefix: str = "") -> int:
    """The unit of that name below another, made where there is none; its id."""
    slug = slug_of(name)
    above = units.c.parent_id.is_(None) if parent is None else units.c.parent_id == parent
    found = tx.conn.scalar(select(units.c.id).where(above, units.c.kind == kind, units.c.slug == slug))
    if found is not None:
        return int(found)
    id = new_id()
    tx.execute(
        insert(units).values(
            id=id, parent_id=parent, kind=kind, name=name, slug=slug, prefix=prefix, sort_key=sort_key(name)
        )
    )
    return id
