"""Printed forms of a survey: their numbers, what stands on them, and what became of them."""

import asyncio
from functools import partial
from pathlib import Path

import msgspec
from sqlalchemy import Connection

from app.runtime import Runtime
from reports.phieu import Form, print_form
from reports.texts import texts
from storage import invitations, paper_reading, sources, units, wave_acts, waves
from storage.paper_reading import Total
from storage.sources import Asked
from storage.units import Unit
from surveys.definition import Survey
from surveys.languages import localised
from surveys.outliers import Finding, outliers
from surveys.paper_numbers import form_number, shown
from surveys.waves import Owner, WaveKind, WaveState
from vietnam.time import day_of

MOST_COPIES = 1_000
"""In one file."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be printed. `wave` is None for a survey that is not asked yet; `village` "" for any."""

    survey: Survey
    wave: Asked | None
    copies: int
    first: int = 1
    village: str = ""
    language: str = ""
    give_back: str = ""
    two_sided: bool = True


async def running(runtime: Runtime, unit: Unit, code: str) -> tuple[Asked, Survey] | None:
    """The wave of that code, or of the survey of that name, and what it asks; None where none is running."""

    def look(conn: Connection) -> tuple[Asked, Survey] | None:
        found = sources.running(conn, unit.id, code)
        return None if found is None else (found, waves.survey_of(conn, found.version))

    return await runtime.store.read(look)


async def print_forms(runtime: Runtime, unit: Unit, wanted: Wanted, out: Path) -> int:
    """Write the forms into one PDF; how many. OSError where it cannot be written.

    Those of an invited wave carry the one-time code of an invitation on paper each, in the order of the list, from
    `first` on; there may be fewer than were asked for.
    """
    numbers = await _numbers(runtime, unit, wanted)
    if not numbers:
        return 0
    villages = [village.name for village in await runtime.store.read(partial(units.villages, commune_id=unit.id))]
    above = await runtime.store.read(lambda conn: units.unit(conn, unit.parent_id).name if unit.parent_id else "")
    owner = wanted.wave.owner if wanted.wave else Owner.COMMITTEE
    form = Form(
        survey=localised(wanted.survey, wanted.language) if wanted.language else wanted.survey,
        issuer=texts().say(f"poster.issuer.{owner}", commune=unit.name),
        above=above,
        wave=wanted.wave.code if wanted.wave else "",
        give_back=wanted.give_back or _give_back(unit, owner),
        numbers=tuple(numbers),
        villages=tuple(villages),
        village=wanted.village,
        two_sided=wanted.two_sided,
    )
    data = await asyncio.to_thread(print_form, form, day_of(runtime.now()))
    await asyncio.to_thread(out.write_bytes, data)
    return len(numbers)


async def _numbers(runtime: Runtime, unit: Unit, wanted: Wanted) -> list[str]:
    wave = wanted.wave
    if wave is not None and wave.kind is WaveKind.INVITED:
        rows = await runtime.store.read(
            partial(invitations.slips, wave=wave.id, paper_only=True, after=wanted.first - 1, limit=wanted.copies)
        )
        return [invitations.code_of(runtime.vault, unit.id, wave.id, row.row, bytes(row.code)) for row in rows]
    # By survey, not by wave: what is printed before its wave opens goes on in the same row of numbers.
    seed = runtime.vault.token("paper form", unit.id, wanted.survey.id)
    return [shown(form_number(seed, n)) for n in range(wanted.first, wanted.first + wanted.copies)]


def _give_back(unit: Unit, owner: Owner) -> str:
    say = texts().say
    key = "phieu.give_back_front" if owner is Owner.FRONT else "phieu.give_back"
    contact = say("phieu.ask_phone", contact=unit.contact or unit.name, phone=unit.phone) if unit.phone else ""
    return f"{say(key, commune=unit.name)} {contact}".strip()


class Helped(msgspec.Struct, frozen=True):
    """What officers typed for a wave, and whose piles differ from the others' more than chance explains.

    `findings` is None while the wave's results are sealed.
    """

    totals: list[Total]
    findings: list[Finding] | None


async def helped(runtime: Runtime, unit: Unit, code: str) -> Helped | None:
    """Closed piles of a wave, be it over or not, and the findings of surveys.outliers; None where there is none."""

    def look(conn: Connection) -> Helped | None:
        wave = wave_acts.by_code(conn, unit.id, code)
        if wave is None:
            return None
        totals = paper_reading.totals(conn, runtime.vault, wave.id)
        if wave.sealed and wave.state is not WaveState.CLOSED:
            return Helped(totals, None)
        return Helped(totals, outliers(paper_reading.piles(totals, waves.survey_of(conn, wave.version))))

    return await runtime.store.read(look)
