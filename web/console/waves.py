"""Waves: the list, and another one opened."""

from typing import Any

import msgspec
from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from storage import frames, reading_waves, units, wave_acts
from storage.units import Unit
from storage.wave_acts import WaveRow
from surveys.waves import MOST_REMINDERS, Owner, Refusal, WaveKind, WaveState
from web.body import FIELD_CAP, Form, read_form
from web.console import wave_opening
from web.console.access import Desk, signed_in
from web.console.wave_opening import ALL, AUTO, CHANNELS, EMPTY, MOST_TITLE, Drawing, Wanted

WAVES = "/can-bo/dot"
_FIELDS = 400
"""A commune has some dozens of villages, and each is a tick."""
_ENDED_SHOWN = 60


def side_of(desk: Desk) -> Owner:
    """Whose waves are the officer's own."""
    return desk.side


def stage(wave: WaveRow, now: int) -> str:
    """The state of a wave as people see it: "coming" before its first day, "ending" past its last moment."""
    if wave.state is WaveState.OPEN and wave.opens_at > now:
        return "coming"
    if wave.state is WaveState.OPEN and wave.closes_at is not None and wave.closes_at <= now:
        return "ending"
    return wave.state.value


@signed_in("wave.see")
async def listed(desk: Desk) -> Response:
    """Every wave: those that are asked or will be, then those that are over."""
    now = desk.services.now()

    def look(conn: Connection) -> dict[str, Any]:
        rows = wave_acts.listed(conn, desk.unit)
        going = [wave for wave in rows if wave.state in (WaveState.OPEN, WaveState.PLANNED)]
        ended = [wave for wave in rows if wave not in going]
        return {
            "going": [(wave, stage(wave, now)) for wave in going],
            "ended": [(wave, stage(wave, now)) for wave in ended[:_ENDED_SHOWN]],
            "more": max(0, len(ended) - _ENDED_SHOWN),
        }

    return await desk.show("console/waves.html", look, side=side_of(desk))


@signed_in("wave.open")
async def new(desk: Desk) -> Response:
    """The form."""
    slug = desk.request.query_params.get("phieu", "")
    return await _form(desk, Form({**EMPTY.fields, "phieu": slug}))


@signed_in("wave.open")
async def opened(desk: Desk) -> Response:
    """First what the wave will be, whom it draws, and then, confirmed, the wave itself."""
    form = await read_form(desk.request, cap=FIELD_CAP, fields=_FIELDS)
    now, owner = desk.services.now(), side_of(desk)

    def known(conn: Connection) -> tuple[list[reading_waves.Asking], list[Unit], list[WaveRow]]:
        there = reading_waves.asking(conn, desk.unit, owner), units.villages(conn, desk.unit)
        return *there, wave_acts.listed(conn, desk.unit)

    asking, villages, rows = await desk.services.store.read(known)
    try:
        meant = wave_opening.wanted(form, owner, asking, villages, now)
    except wave_opening.Unreadable as odd:
        return await _form(desk, form, refused=odd.refusal)
    if not form["ma"].strip():
        code = wave_opening.free_code(meant.slug, owner, meant.opening.kind, rows)
        meant = msgspec.structs.replace(meant, opening=msgspec.structs.replace(meant.opening, code=code))
        form = Form({**form.fields, "ma": code})
    drawn = await _drawing(desk, meant)
    if isinstance(drawn, Refusal):
        return await _form(desk, form, refused=drawn)
    if meant.auto and drawn is not None and drawn.sample < drawn.listed:
        opening = msgspec.structs.replace(meant.opening, sample=drawn.sample)
        meant = msgspec.structs.replace(meant, opening=opening)
    if not form["chac"]:
        return await _form(desk, form, meant=meant, drawn=drawn, sure=bool(form["lan"]))
    found = await desk.services.waves.open(meant.slug, meant.opening, meant.frame, desk.actor)
    if isinstance(found, WaveRow):
        return RedirectResponse(f"{WAVES}/{found.id}?xong=mo", 303)
    if found.key == "wave.code_taken":
        twice = next((row for row in await _standing(desk) if wave_opening.same(row, meant)), None)
        if twice is not None:
            return RedirectResponse(f"{WAVES}/{twice.id}?xong=mo", 303)
    return await _form(desk, form, refused=found, status=409)


async def _standing(desk: Desk) -> list[WaveRow]:
    rows = await desk.services.store.read(lambda conn: wave_acts.listed(conn, desk.unit))
    return [row for row in rows if row.state in (WaveState.OPEN, WaveState.PLANNED)]


async def _drawing(desk: Desk, meant: Wanted) -> Drawing | Refusal | None:
    """How the sample of an invited wave will be drawn; None for an open one."""
    if meant.opening.kind is not WaveKind.INVITED:
        return None

    def look(conn: Connection) -> dict[int, int] | None:
        frame = frames.by_name(conn, desk.unit, meant.frame)
        return None if frame is None else reading_waves.sizes(conn, frame.id, meant.opening.segment)

    sizes = await desk.services.store.read(look)
    if sizes is None:
        return Refusal("wave.no_frame" if meant.frame else "wave.needs_frame")
    if not sum(sizes.values()):
        return Refusal("wave.segment_empty")
    listed = sum(sizes.values())
    if meant.opening.sample > listed:
        return Refusal("wave.sample_too_large", {"sample": str(meant.opening.sample), "listed": str(listed)})
    return wave_opening.drawing(meant, sizes)


async def _form(
    desk: Desk,
    form: Form,
    *,
    refused: Refusal | None = None,
    meant: Wanted | None = None,
    drawn: Drawing | None = None,
    sure: bool = False,
    status: int = 422,
) -> Response:
    def look(conn: Connection) -> dict[str, Any]:
        asking = reading_waves.asking(conn, desk.unit, desk.side)
        lists = frames.listed(conn, desk.unit)
        chosen = next((one for one in lists if one.name == form["danh_sach"]), None)
        return {
            "asking": asking,
            "lists": lists,
            "groups": [name for name, _ in reading_waves.groups(conn, chosen.id) if name] if chosen else [],
            "villages": units.villages(conn, desk.unit),
            "tongues": sorted({tag for one in asking for tag in one.languages} - {"vi"}),
        }

    return await desk.show(
        "console/wave_new.html",
        look,
        status=status if refused or sure else 200,
        written=form,
        refused=refused,
        meant=meant,
        drawn=drawn,
        sure=sure,
        side=side_of(desk),
        channels=CHANNELS,
        most_title=MOST_TITLE,
        most_reminders=MOST_REMINDERS,
        all=ALL,
        auto=AUTO,
        public_url=desk.services.public_url,
    )
