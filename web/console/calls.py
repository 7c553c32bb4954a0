"""Whom to call: people whose answer could not be delivered, and the slip that a village head hands over."""

import io
from typing import Any

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from storage import call_list, page_openings, reading_cases, units
from storage.tx import Tx
from web.body import read_form
from web.console.access import Desk, signed_in

_WHAT = ("called", "unreached", "printed")


@signed_in("call.see")
async def calls(desk: Desk) -> Response:
    """The list, whoever waits longest first."""

    def look(conn: Connection) -> dict[str, Any]:
        return {"calls": call_list.to_call(conn, desk.unit, desk.actor)}

    return await desk.show("console/calls.html", look, done=desk.request.query_params.get("xong", ""))


@signed_in("call.act")
async def done(desk: Desk) -> Response:
    """Called, not reached, or a slip handed over."""
    call: int = desk.request.path_params["call"]
    what = (await read_form(desk.request))["what"]
    if what not in _WHAT:
        raise HTTPException(400)
    now = desk.services.now()
    changed = await desk.services.store.write(lambda tx: call_list.done(tx, desk.actor, call, what, now))
    # A second press, or a colleague's: the list as it is now says so better than an error.
    return RedirectResponse("/can-bo/can-goi" + (f"?xong={what}" if changed else ""), 303)


@signed_in("call.see")
async def slip(desk: Desk) -> Response:
    """A slip for the printer: that an answer waits and where to read it; not what it is about, and no name."""
    return await _slip(desk)


@signed_in("call.act")
async def number(desk: Desk) -> Response:
    """The slip with a number that opens the thread once, for somebody who left no telephone; it is not shown again."""
    services, now = desk.services, desk.services.now()
    drawn = f"{services.chance(10**page_openings.DIGITS, 1)[0]:0{page_openings.DIGITS}}"

    def unit(tx: Tx) -> bool:
        call = _call(desk, tx.conn)
        case = None if call.seat or call.phone else reading_cases.one(tx.conn, desk.unit, call.case, by=desk.actor)
        return case is not None and page_openings.hand_out(tx, services.vault, desk.actor, case.id, drawn, now)

    try:
        given = await services.store.write(unit)
    except KeyError:
        raise HTTPException(404) from None
    if not given:
        raise HTTPException(400)
    return await _slip(desk, drawn)


def _call(desk: Desk, conn: Connection) -> call_list.Call:
    id: int = desk.request.path_params["call"]
    call = next((one for one in call_list.to_call(conn, desk.unit, desk.actor) if one.id == id), None)
    if call is None:
        raise KeyError(id)
    return call


async def _slip(desk: Desk, drawn: str = "") -> Response:
    def look(conn: Connection) -> dict[str, Any]:
        call = _call(desk, conn)
        commune = units.unit(conn, desk.unit)
        pages = f"{desk.services.public_url}/{commune.slug}"
        return {"call": call, "commune": commune, "qr": qr_of(_address(call, pages))}

    half = page_openings.DIGITS // 2
    return await desk.show("console/slip.html", look, number=" ".join((drawn[:half], drawn[half:])).strip())


def _address(call: call_list.Call, pages: str) -> str:
    """What the picture on the slip opens: the page by code, the file for the calendar, or the commune's calendar."""
    if call.seat is not None:
        return f"{pages}/lich/{call.case}.ics" if call.seat.what == "seat" else f"{pages}/lich"
    # Where anybody may look: what an officer has printed opens no thread (docs/decisions/0023).
    return f"{pages}/tra-cuu/{call.case}"


def qr_of(address: str) -> str:
    """The address as an SVG picture with its quiet zone, of no size of its own: it fills its place and is never cut."""
    import segno

    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=True, nl=False, border=4, light="#ffffff", omitsize=True
    )
    return out.getvalue().decode()
