"""What is printed for a wave: posters with its code, and invitations on paper."""

from typing import get_args

from starlette.exceptions import HTTPException
from starlette.responses import Response

from storage import units
from surveys.waves import Refusal
from vietnam.text import clean
from web.console.access import Desk, signed_in
from web.console.wave_one import form_of, shown, wave_of
from web.console.waves import side_of
from web.paper_services import PaperFailed, PaperFile
from web.wave_door import Ending, ListEnding, Size

MOST_PLACE = 60
EVERY_VILLAGE = "tat-ca"


@signed_in("wave.see")
async def poster(desk: Desk) -> Response:
    """A poster of one place, or a ZIP with that of every village."""
    wave, form = await wave_of(desk), await form_of(desk)
    if wave.owner is not side_of(desk):
        raise HTTPException(403)
    size: Size = "A5" if form["co"] == "A5" else "A4"
    ending: Ending = next((one for one in get_args(Ending) if one == form["dang"]), "pdf")
    typed = " ".join(clean(form["noi"])[0].split())[:MOST_PLACE]
    doors = desk.services.waves
    try:
        if form["thon"] == EVERY_VILLAGE:
            made = await doors.posters(wave, size, desk.actor)
        else:
            villages = await desk.services.store.read(lambda conn: units.villages(conn, desk.unit))
            village = next((one.name for one in villages if str(one.id) == form["thon"]), "")
            place = " · ".join(filter(None, (typed, village)))
            made = await doors.poster(wave, place, size, ending, desk.actor)
    except PaperFailed:
        return await shown(desk, refused=Refusal("form.paper"), at="poster", written=form, status=503)
    if made is None:
        return await shown(desk, refused=Refusal("form.poster"), at="poster", written=form, status=409)
    return _file(made)


@signed_in("wave.invite")
async def letters(desk: Desk) -> Response:
    """The invitations of a wave on paper, with names and codes: a file to be kept like the forms themselves."""
    wave, form = await wave_of(desk), await form_of(desk)
    if not form["chac"]:
        return await shown(desk, refused=Refusal("form.sure"), at="letters", written=form, status=422)
    ending: ListEnding = next((one for one in get_args(ListEnding) if one == form["dang"]), "pdf")
    try:
        made = await desk.services.waves.letters(wave, ending, bool(form["moi-nguoi"]), desk.actor)
    except PermissionError:
        raise HTTPException(403) from None
    except PaperFailed:
        return await shown(desk, refused=Refusal("form.paper"), at="letters", written=form, status=503)
    if made is None:
        return await shown(desk, refused=Refusal("form.letters"), at="letters", written=form, status=409)
    return _file(made)


def _file(made: PaperFile) -> Response:
    saved = f'attachment; filename="{made.name}"'
    return Response(
        made.data, media_type=made.media_type, headers={"content-disposition": saved, "cache-control": "no-store"}
    )
