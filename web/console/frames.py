"""Lists that samples are drawn from: brought in by an officer; of the people in them nothing is shown but how many."""

from typing import Any

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from storage import frames, units
from surveys.sheets.grid import LISTING
from surveys.waves import FrameKind
from vietnam.text import clean
from web.body import FIELD_CAP, Form, read_form
from web.console.access import Desk, signed_in
from web.wave_door import FrameTried

FRAMES = "/can-bo/danh-sach"
MOST_NAME = 100


@signed_in("wave.see")
async def listed(desk: Desk) -> Response:
    """The lists, and a field for another."""
    return await _page(desk, Form({"loai": FrameKind.HOUSEHOLD}))


@signed_in("frame.import")
async def brought(desk: Desk) -> Response:
    """A file is read whole: a list, or every cell of it that cannot be used."""
    form = await read_form(desk.request, cap=LISTING.bytes + FIELD_CAP)
    if form.too_big or len(form.file or b"") > LISTING.bytes:
        return await _page(desk, form, odd="big", status=413)
    name = " ".join(clean(form["ten"])[0].split())[:MOST_NAME]
    if not form.file:
        return await _page(desk, form, odd="none", status=422)
    if not name or form["loai"] not in list(FrameKind):
        return await _page(desk, form, odd="name", status=422)
    try:
        tried = await desk.services.waves.import_frame(
            form.file, form.file_name, name, FrameKind(form["loai"]), desk.actor
        )
    except PermissionError:
        raise HTTPException(403) from None
    if tried.frame is None:
        return await _page(desk, form, tried=tried, odd=tried.refused, status=409 if tried.refused == "name" else 422)
    return RedirectResponse(f"{FRAMES}?xong={'moi' if tried.new else 'cu'}&so={tried.frame.id}", 303)


async def _page(
    desk: Desk, form: Form, *, tried: FrameTried | None = None, odd: str = "", status: int = 200
) -> Response:
    def look(conn: Connection) -> dict[str, Any]:
        lists = frames.listed(conn, desk.unit)
        reached = frames.reached_of(conn, [one.id for one in lists])
        return {
            "lists": [(one, reached[one.id]) for one in lists],
            "villages": [one.name for one in units.villages(conn, desk.unit)],
        }

    query = desk.request.query_params
    return await desk.show(
        "console/frames.html",
        look,
        status=status,
        written=form,
        tried=tried,
        odd=odd,
        done=query.get("xong", ""),
        which=query.get("so", ""),
        most=LISTING.bytes >> 20,
        most_name=MOST_NAME,
        kinds=[kind.value for kind in FrameKind],
    )
