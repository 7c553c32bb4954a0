"""A survey published from the console: what it will be, what is different, which waves ask what, and then the act."""

from typing import Any

import msgspec
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from storage import reading_surveys, survey_sides, wave_acts, waves
from storage.wave_acts import WaveRow
from surveys.definition import Survey
from surveys.differing import Difference, differences
from surveys.waves import Repeat, WaveKind, WaveState
from vietnam.text import clean
from web.body import Form, read_form
from web.console.access import Desk, signed_in
from web.console.preview import Tried, listed, looked_at, tried_again
from web.wave_door import Published, Publishing

SURVEYS = "/can-bo/phieu"
_FILES = 24
_CAP = 24 << 20
"""Bytes of all the recordings and the document together."""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What there is of a survey before another version: its newest `number`, 0 for none, and waves that ask it.

    `everybody` is the wave that anyone may answer under the survey's own name, which a new version may take the place
    of; `asked` are all that are open; `monthly` those whose next one asks the newest version by itself. `same`: not a
    word differs from the newest version; `taken`: another side's survey has that name.
    """

    number: int
    changes: list[Difference]
    everybody: WaveRow | None
    asked: list[WaveRow]
    monthly: list[WaveRow]
    same: bool = False
    taken: bool = False


@signed_in("survey.publish")
async def publish(desk: Desk) -> Response:
    """First what will happen, then, when it is confirmed, the version."""
    if desk.request.method == "GET":
        wanted = desk.request.query_params.get("phieu", "")
        return await _asked(desk, await looked_at(desk, wanted, desk.services.now()), Form())
    form = await read_form(desk.request, cap=_CAP, fields=12, files=_FILES)
    tried = await tried_again(desk, form)
    if tried is None:
        return await listed(desk, fault="sealed", status=422)
    if form.too_big:
        return await _asked(desk, tried, form, fault="big", status=413)
    if not form["chac"]:
        return await _asked(desk, tried, form, status=422 if form["lan"] else 200, fault="sure" if form["lan"] else "")
    return await _published(desk, tried, form)


async def _published(desk: Desk, tried: Tried, form: Form) -> Response:
    if not tried.checksum:
        raise HTTPException(404)
    seen = form["thay"]
    given = dict(zip((_bare(name) for name in form.names), form.files, strict=False))
    wanted = Publishing(
        survey=tried.survey,
        checksum=tried.checksum,
        newest=int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 6 else 0,
        given=given,
        opens=form["mo"] == "ngay",
    )
    made = await desk.services.waves.publish(wanted, desk.actor)
    if not made.version:
        return await _asked(desk, tried, form, made=made, status=409 if made.refused else 422)
    said = "moi" if made.new else "mo-lai" if made.opened else "cu"
    where = f"/can-bo/dot/{made.wave}" if made.wave else SURVEYS
    return RedirectResponse(f"{where}?xong={said}&ban={made.number}", 303)


def _bare(name: str) -> str:
    """The name of a file without the folders that some browsers put before it."""
    return clean(name.replace("\\", "/"))[0].rpartition("/")[2]


async def _asked(
    desk: Desk, tried: Tried, form: Form, *, made: Published | None = None, fault: str = "", status: int = 200
) -> Response:
    if not tried.checksum:
        raise HTTPException(404)
    doors = desk.services.waves

    def look(conn: Connection) -> dict[str, Any]:
        return {"standing": standing(conn, desk, tried.survey)}

    return await desk.show(
        "console/publish.html",
        look,
        status=status,
        tried=tried,
        files=list(doors.named(tried.survey)),
        unfilled=doors.unfilled(tried.survey),
        made=made,
        fault=fault,
        opens=form["mo"] == "ngay",
    )


def standing(conn: Connection, desk: Desk, survey: Survey) -> Standing:
    """What stands of a survey in a commune; of a survey of the other side no more than that its name is taken."""
    unit, side = desk.unit, desk.side
    owner = survey_sides.owner_of(conn, unit, survey.id)
    if owner not in (None, side):
        return Standing(number=0, changes=[], everybody=None, asked=[], monthly=[], taken=True)
    number, _ = waves.newest(conn, unit, survey.id)
    mine = [wave for wave in wave_acts.listed(conn, unit) if wave.slug == survey.id]
    asked = [wave for wave in mine if wave.state in (WaveState.OPEN, WaveState.PLANNED)]
    before = wave_acts.newest_version(conn, unit, survey.id)
    old = None if before is None else waves.survey_of(conn, before[0])
    return Standing(
        number=number,
        changes=[] if old is None else differences(old, survey),
        same=old == survey,
        everybody=next((one for one in asked if one.code == survey.id and one.kind is WaveKind.OPEN), None),
        asked=asked,
        monthly=[wave for wave in mine if wave.repeat is Repeat.MONTHLY and wave.owner is side],
    )


@signed_in("survey.read")
async def changed(desk: Desk) -> Response:
    """What a version does not ask as the one before it did."""
    wanted = desk.request.query_params.get("phieu", "")
    tried = await looked_at(desk, wanted, desk.services.now())

    def look(conn: Connection) -> dict[str, Any]:
        versions = reading_surveys.versions(conn, desk.unit, desk.side, desk.services.now())
        this = next((one for one in versions if wanted == f"ban:{one.id}"), None)
        if this is None:
            raise KeyError(wanted)
        before = next((one for one in versions if one.code == this.code and one.number == this.number - 1), None)
        if before is None:
            raise KeyError(wanted)
        old = reading_surveys.version(conn, desk.unit, desk.side, desk.services.now(), before.id)
        return {"this": this, "before": before, "changes": differences(old, tried.survey)}

    return await desk.show("console/survey_changes.html", look, wanted=wanted)
