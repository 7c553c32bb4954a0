"""Posters of a wave: what stands on them comes from the store, the pages are drawn by reports/posters.py."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from app.runtime import Runtime
from reports.posters import Door, Format, Poster, Size, draw_poster
from reports.texts import texts
from storage import sources, units
from storage.sources import Asked
from storage.tx import Tx
from storage.units import Unit
from surveys.definition import Privacy
from surveys.sources import place_word, source_word
from surveys.waves import WaveKind
from vietnam.time import day_of

FEWEST = 5
"""Fewer dialogues than this are not shown by number."""


class NoSuchWave(ValueError):
    """No running wave has this code; `known` are those that do."""

    def __init__(self, code: str, known: list[str]) -> None:
        super().__init__(code)
        self.code, self.known = code, known


class Invited(ValueError):
    """An invited wave has no poster: whoever is not on the list would answer too."""


@dataclass(frozen=True, slots=True)
class Hung:
    """One poster to be drawn: its place as people write it, and its word ("" for none)."""

    poster: Poster
    code: str
    word: str

    def file_name(self, size: Size, format: Format) -> str:
        """ "to-dan_sau_thu_tuc_quay_3_A4.pdf"."""
        return "_".join(filter(None, ("to-dan", self.code, self.word, size))) + f".{format}"


async def wave_for(runtime: Runtime, unit: Unit, code: str) -> Asked:
    """The open wave that posters are made for. NoSuchWave, Invited."""

    def look(conn: Connection) -> tuple[Asked | None, list[str]]:
        return sources.running(conn, unit.id, code), sources.running_codes(conn, unit.id)

    wave, known = await runtime.store.read(look)
    if wave is None:
        raise NoSuchWave(code, known)
    if wave.kind is not WaveKind.OPEN:
        raise Invited(code)
    return wave


async def villages_of(runtime: Runtime, unit: Unit) -> list[str]:
    """Names of the commune's villages."""
    return [village.name for village in await runtime.store.read(lambda conn: units.villages(conn, unit.id))]


async def poster_for(runtime: Runtime, unit: Unit, wave: Asked, place: str) -> Hung:
    """The poster of a wave for a place ("" for none), which is counted from now on."""
    word = place_word(place)
    source = source_word(wave.code, place)
    above = await runtime.store.read(lambda conn: _above(conn, unit))
    settings = runtime.settings
    page = f"{settings.public_url}/{unit.slug}/"
    doors = []
    if settings.telegram.name:
        doors.append(Door(name="Telegram", url=f"https://t.me/{settings.telegram.name}?start={source}"))
    if settings.zalo_oa.oa_id:
        # A link to an Official Account carries no word: our page shows what to send there (decision 19).
        number = await runtime.store.write(lambda tx: sources.number_of(tx, unit.id, source))
        doors.append(Door(name="Zalo", url=f"{page}zalo?n={source}", note=f"KS {number}"))
    poster = Poster(
        issuer=texts().say(f"poster.issuer.{wave.owner}", commune=unit.name),
        above=above,
        title=wave.title,
        url=f"{page}?n={source}",
        address=page.partition("://")[2].rstrip("/"),
        place=place,
        # The last moment belongs to the day before where a wave closes at midnight.
        until=day_of(wave.closes_at - 1) if wave.closes_at else None,
        anonymous=wave.privacy is Privacy.ANONYMOUS,
        doors=tuple(doors),
    )
    if word:
        now = runtime.now()

        def known(tx: Tx) -> None:
            sources.register(tx, unit.id, wave.code, word, now)

        await runtime.store.write(known)
    return Hung(poster, wave.code, word)


def _above(conn: Connection, unit: Unit) -> str:
    return units.unit(conn, unit.parent_id).name if unit.parent_id else ""


async def draw(runtime: Runtime, hung: Hung, size: Size, format: Format, out: Path) -> Path:
    """Write a poster to a file; OSError where it cannot be written."""
    data = await asyncio.to_thread(draw_poster, hung.poster, size, format, day_of(runtime.now()))
    await asyncio.to_thread(out.write_bytes, data)
    return out
