"""A village by the name that somebody typed on the command line."""

from app.runtime import Runtime
from storage import units
from storage.units import Unit
from vietnam.text import fold


class NoSuchVillage(ValueError):
    """The commune has no such village, or several: the text names all that it has."""


async def village_of(runtime: Runtime, commune: Unit, name: str) -> Unit:
    """The village of that name, with or without its own word ("thôn") and its accents. NoSuchVillage."""
    known = await runtime.store.read(lambda conn: units.villages(conn, commune.id))
    wanted = fold(name)
    exact = [village for village in known if fold(village.name) == wanted]
    found = exact or [village for village in known if fold(village.name).partition(" ")[2] == wanted]
    found = found or [village for village in known if wanted in map(fold, village.earlier)]
    if len(found) != 1:
        raise NoSuchVillage(f"{name} is none of: {', '.join(village.name for village in known) or '-'}")
    return found[0]
