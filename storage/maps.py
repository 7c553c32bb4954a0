"""A picture of each commune on which a place can be shown: no map server is asked, and none learns who looks."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, exists, insert, select, update

from feedback.roles import SYSTEM, Actor
from storage import act_rows
from storage.tables import blobs, maps, units
from storage.tx import Tx
from vietnam.area import ASHORE, Area, around
from vietnam.provinces import lands_of


@dataclass(frozen=True, slots=True)
class Picture:
    """The picture of a commune, north above; its sides in pixels, its edges in WGS 84 degrees."""

    blob: int
    width: int
    height: int
    north: float
    south: float
    west: float
    east: float

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Latitude and longitude of a place on it; x and y from its upper left corner, each 0 to 1."""
        return self.north + (self.south - self.north) * y, self.west + (self.east - self.west) * x


def of(conn: Connection, unit_id: int) -> Picture | None:
    """The picture of a commune, None where it has none."""
    row = conn.execute(
        select(maps, blobs.c.width, blobs.c.height)
        .join(blobs, blobs.c.id == maps.c.blob_id)
        .where(maps.c.unit_id == unit_id)
    ).one_or_none()
    if row is None:
        return None
    return Picture(row.blob_id, row.width, row.height, row.north, row.south, row.west, row.east)


_MARGIN_KM = 2.0
"""A map is drawn to the border and a telephone is not exact; of a commune's own it is better not to doubt a point."""


def area(conn: Connection, unit_id: int) -> Area:
    """Where a commune lies: the edges of its map, else around the middle in the settings, else its province.

    The country's land where nothing of it is known, not even a province by that name.
    """
    edges = (maps.c.south, maps.c.north, maps.c.west, maps.c.east)
    row = conn.execute(select(*edges).where(maps.c.unit_id == unit_id)).one_or_none()
    if row is not None:
        return Area(row.south, row.north, row.west, row.east).wider(_MARGIN_KM)
    above = units.alias()
    query = select(units.c.lat, units.c.lon, units.c.reach_km, above.c.name)
    query = query.outerjoin(above, above.c.id == units.c.parent_id).where(units.c.id == unit_id)
    middle = conn.execute(query).one_or_none()
    if middle is None or middle.lat is None or middle.lon is None or not middle.reach_km:
        return lands_of((middle.name if middle else "") or "") or ASHORE
    return around(middle.lat, middle.lon, middle.reach_km)


def put(tx: Tx, unit_id: int, blob: int, *, north: float, south: float, west: float, east: float) -> None:
    """Take this picture from now on."""
    remove(tx, unit_id)
    tx.execute(insert(maps).values(unit_id=unit_id, blob_id=blob, north=north, south=south, west=west, east=east))
    tx.execute(update(blobs).where(blobs.c.id == blob).values(kept=1))


def remove(tx: Tx, unit_id: int) -> bool:
    """Show places in words alone again; False where there was no picture."""
    old = tx.conn.scalar(select(maps.c.blob_id).where(maps.c.unit_id == unit_id))
    tx.execute(delete(maps).where(maps.c.unit_id == unit_id))
    if old is not None:
        tx.execute(update(blobs).where(blobs.c.id == old).values(kept=0))
    return old is not None


def noted(tx: Tx, unit_id: int, now: int, *, there: bool) -> None:
    """The act of the operator that set the picture, or took it away."""
    actor, action = Actor(kind=SYSTEM, unit=unit_id), "set" if there else "remove"
    act_rows.record(tx, actor, action, thing="map", thing_id=unit_id, unit=unit_id, now=now)


def unplaced(conn: Connection) -> list[tuple[str, str]]:
    """The names of the communes of which neither a map nor a middle says where they lie, and of their provinces."""
    known = exists(select(maps.c.unit_id).where(maps.c.unit_id == units.c.id))
    nowhere = (units.c.kind == "commune") & (units.c.active == 1) & units.c.lat.is_(None) & ~known
    above = units.alias()
    query = select(units.c.name, above.c.name).outerjoin(above, above.c.id == units.c.parent_id)
    return [(name, province or "") for name, province in conn.execute(query.where(nowhere).order_by(units.c.id))]
