"""Whom to call: people whose answer could not be delivered, and the slip that a village head hands over."""

import io
from typing import Any

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from storage import deliveries, reading_cases, threads, units
from web.body import Unreadable, read_form
from web.console.access import Desk, signed_in

_WHAT = ("called", "unreached", "printed")


@signed_in("call.see")
async def calls(desk: Desk) -> Response:
    """The list, whoever waits longest first."""

    def look(conn: Connection) -> dict[str, Any]:
        return {"calls": deliveries.to_call(conn, desk.unit)}

    return await desk.show("console/calls.html", look, done=desk.request.query_params.get("xong", ""))


@signed_in("call.act")
async def done(desk: Desk) -> Response:
    """Called, not reached, or a slip handed over."""
    call: int = desk.request.path_params["call"]
    try:
        what = (await read_form(desk.request))["what"]
    except Unreadable:
        raise HTTPException(400) from None
    if what not in _WHAT:
        raise HTTPException(400)
    now = desk.services.now()
    changed = await desk.services.store.write(lambda tx: deliveries.done(tx, desk.actor, call, what, now))
    # A second press, or a colleague's: the list as it is now says so better than an error.
    return RedirectResponse("/can-bo/can-goi" + (f"?xong={what}" if changed else ""), 303)


@signed_in("call.see")
async def slip(desk: Desk) -> Response:
    """A slip for the printer: that an answer waits and where to read it; not what it is about, and no name."""
    id: int = desk.request.path_params["call"]

    def look(conn: Connection) -> dict[str, Any]:
        call = next((one for one in deliveries.to_call(conn, desk.unit) if one.id == id), None)
        if call is None:
            raise KeyError(id)
        commune = units.unit(conn, desk.unit)
        case = reading_cases.one(conn, desk.unit, call.case)
        if case is None:
            raise KeyError(call.case)
        # Put into the person's own hand: whoever stays unknown has no telephone that would open the page.
        pages = f"{desk.services.public_url}/{commune.slug}"
        address = threads.address(desk.services.vault, pages, case.id, desk.services.now())
        return {"call": call, "commune": commune, "qr": qr_of(address)}

    return await desk.show("console/slip.html", look)


def qr_of(address: str) -> str:
    """The address as an SVG picture without anything around it."""
    import segno

    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=True, nl=False, border=2, scale=4
    )
    return out.getvalue().decode()
