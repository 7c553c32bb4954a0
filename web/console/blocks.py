"""Blocking whoever opened a case, the list of those who are, and pictures that others may see."""

from typing import Any

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from feedback.acts import Refusal
from feedback.blocking import Block
from storage import blocks, shown_photos
from vietnam.text import clean
from web.console import cases
from web.console.access import Desk, signed_in
from web.console.case_forms import case_of, form_of, number_of

_LONGEST_NUMBER = 4
_WAYS = ("cho-xem", "thoi")


@signed_in("block.see")
async def listed(desk: Desk) -> Response:
    """The list: from which case, why, until when; never who."""

    def look(conn: Connection) -> dict[str, Any]:
        return {"rows": blocks.listed(conn, desk.unit, desk.services.now(), desk.actor)}

    return await desk.show("console/blocks.html", look, done=desk.request.query_params.get("xong", ""))


@signed_in("block.put")
async def put(desk: Desk) -> Response:
    """Block whoever opened a case; the person is told why, until when, and what stays open."""
    form = await form_of(desk)
    reason, days = clean(form["reason"])[0], form["days"]
    case = await case_of(desk)
    act = Block(reason=reason, days=number_of(days, most=_LONGEST_NUMBER))
    done = await desk.services.block(case.id, act, desk.actor)
    if isinstance(done, Refusal):
        return await cases.refused(desk, done, "chan", text=reason, kept={"days": days[:_LONGEST_NUMBER]})
    return RedirectResponse("/can-bo/chan?xong=chan", 303)


@signed_in("block.lift")
async def lift(desk: Desk) -> Response:
    """End a block before its time; a second press finds nothing left to do."""
    lifted = await desk.services.lift(desk.request.path_params["block"], desk.actor)
    return RedirectResponse("/can-bo/chan" + ("?xong=bo" if lifted else ""), 303)


@signed_in("case.show_photo")
async def turn_photo(desk: Desk) -> Response:
    """Let others who report the same matter see a picture, or no more."""
    code, blob = desk.request.path_params["code"], desk.request.path_params["blob"]
    way = desk.request.path_params["way"]
    if way not in _WAYS:
        raise HTTPException(404)
    shown = way == "cho-xem"
    now = desk.services.now()
    turned = await desk.services.store.write(
        lambda tx: shown_photos.turn(tx, desk.actor, code, blob, shown=shown, now=now)
    )
    if not turned:
        raise HTTPException(404)
    return RedirectResponse(f"/can-bo/vu-viec/{code}#anh", 303)
