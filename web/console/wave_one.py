"""One wave: how far it is, its link, and everything that can be done to it."""

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storage import invitations, opinions, reading_results, reading_waves, sources, units, wave_acts
from storage.wave_acts import WaveRow
from storage.waves import takes_answers
from surveys.sources import place_word
from surveys.statistics import MINIMUM
from surveys.waves import Act, Cancel, Close, Owner, Pause, Refusal, Remind, Resume, Send, WaveKind, WaveState
from vietnam.text import clean
from web.body import FIELD_CAP, Form, read_form
from web.console.access import Desk, signed_in
from web.console.results import channels
from web.console.waves import WAVES, side_of, stage

MOST_WHY = 300
_SURE = frozenset({"close", "cancel", "invite", "remind"})
"""What is asked about once more, because nothing brings it back."""


def wave_in(conn: Connection, desk: Desk) -> WaveRow:
    """The wave of the address; KeyError where the officer's unit has none."""
    found = wave_acts.wave(conn, desk.request.path_params["wave"])
    if found is None or found.unit != desk.unit:
        raise KeyError("wave")
    return found


async def wave_of(desk: Desk) -> WaveRow:
    """The same; 404."""
    try:
        return await desk.services.store.read(lambda conn: wave_in(conn, desk))
    except KeyError:
        raise HTTPException(404) from None


@signed_in("wave.see")
async def one(desk: Desk) -> Response:
    """A wave."""
    return await shown(desk)


async def shown(
    desk: Desk, *, refused: Refusal | None = None, at: str = "", written: Form | None = None, status: int = 200
) -> Response:
    """The page of a wave; `refused` is why the form `at` was not done, `written` what stood in it."""
    now, side = desk.services.now(), side_of(desk)

    def look(conn: Connection) -> dict[str, Any]:
        wave = wave_in(conn, desk)
        own = wave.owner is side
        over = not takes_answers(conn, wave.id, now, begun=True)
        unit = units.unit(conn, wave.unit)
        found: dict[str, Any] = {
            "wave": wave,
            "own": own,
            "stage": stage(wave, now),
            "over": over,
            "progress": None,
            "counted": None,
        }
        found |= {"history": [], "places": [], "by_channel": (), "villages": [], "released_on": ""}
        found["address"] = f"{desk.services.public_url}/{unit.slug}/?n=ks_{wave.code}"
        # What nobody may count before the close is not counted here either.
        if over or not wave.sealed:
            found["counted"], found["released_on"] = reading_waves.released(conn, wave.id)
            if (
                own
                and wave.kind is WaveKind.OPEN
                and found["counted"] >= MINIMUM
                and reading_waves.alone(conn, wave.id)
            ):
                found["by_channel"] = channels(reading_results.channels(conn, wave.version, wave.kind))
        about = own and side is Owner.COMMITTEE and desk.may("opinion.answer")
        asked = opinions.consultation(conn, wave.unit, wave.code, now) if about else None
        found["opinions"] = asked is not None and asked.wave == wave.id and asked.closed
        if own:
            found["history"] = reading_waves.done(conn, wave.unit, wave.id)
            found["villages"] = units.villages(conn, wave.unit)
            found["progress"] = invitations.progress(conn, wave.id)
            began = sources.totals(conn, wave.unit, wave.code) if wave.kind is WaveKind.OPEN else {}
            named = {place_word(one.name): one.name for one in found["villages"]}
            found["places"] = [
                (named.get(word, word.replace("_", " ")), count)
                for word, count in sorted(began.items(), key=lambda pair: (pair[0] == "-", -pair[1], pair[0]))
            ]
        return found

    return await desk.show(
        "console/wave.html",
        look,
        status=status,
        refused=refused,
        at=at,
        written=written or Form(),
        fewest=MINIMUM,
        most_why=MOST_WHY,
        side=side,
        done=desk.request.query_params.get("xong", ""),
    )


async def form_of(desk: Desk) -> Form:
    """A small form of the page."""
    return await read_form(desk.request, cap=FIELD_CAP)


def _acted(name: str, act: Act) -> Callable[[Request], Awaitable[Response]]:
    """A page that does one act; the officer's own side is checked with the wave's owner, in the same transaction."""

    @signed_in(f"wave.{name}")
    async def page(desk: Desk) -> Response:
        wave, form = await wave_of(desk), await form_of(desk)
        why = " ".join(clean(form["ly_do"])[0].split())[:MOST_WHY]
        if name == "cancel" and not why:
            return await shown(desk, refused=Refusal("form.why"), at=name, written=form, status=422)
        if name in _SURE and not form["chac"]:
            return await shown(desk, refused=Refusal("form.sure"), at=name, written=form, status=422)
        try:
            made = await desk.services.waves.act(wave, act, why, desk.actor)
        except PermissionError:
            raise HTTPException(403) from None
        if isinstance(made, Refusal):
            return await shown(desk, refused=made, at=name, written=form, status=409)
        said = "thoi-lap" if made.stops else "van-vay" if made.again else name
        return RedirectResponse(f"{WAVES}/{wave.id}?xong={said}", 303)

    return page


close = _acted("close", Close())
cancel = _acted("cancel", Cancel())
invite = _acted("invite", Send())
pause = _acted("pause", Pause())
resume = _acted("resume", Resume())
remind = _acted("remind", Remind())


@signed_in("wave.see")
async def code(desk: Desk) -> Response:
    """The QR code of the wave's link, to be shown on a screen or saved."""
    wave = await wave_of(desk)
    if wave.kind is not WaveKind.OPEN or wave.state is WaveState.CANCELLED:
        raise HTTPException(404)
    if wave.owner is not side_of(desk) and wave.owner is Owner.FRONT:
        raise HTTPException(403)
    # The library of codes is only for whoever asks for one.
    from reports.posters import qr_svg

    unit = await desk.services.store.read(lambda conn: units.unit(conn, wave.unit))
    drawn = qr_svg(f"{desk.services.public_url}/{unit.slug}/?n=ks_{wave.code}")
    return Response(drawn, media_type="image/svg+xml", headers={"cache-control": "private, max-age=3600"})
