"""Somebody leaves: what they hold is looked at, and handed on together with the switching off."""

from typing import Any

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from feedback.people import makeable
from storage import leaving, officer_changes
from storage.officer_changes import Refused
from web.body import Form, read_form
from web.console.access import Desk, signed_in
from web.console.people import ADDRESS
from web.console.sessions_forms import number, number_long


@signed_in("people.edit")
async def shown(desk: Desk) -> Response:
    """What the officer holds, as far as whoever looks may see it, and who could follow."""
    return await _page(desk)


async def _page(desk: Desk, refused: str = "", typed: Form | None = None) -> Response:
    id, now = _id(desk), desk.services.now()

    def look(conn: Connection) -> dict[str, Any]:
        person = officer_changes.person(conn, desk.unit, id)
        if person is None:
            raise KeyError(id)
        return {"person": person, "left": leaving.left_behind(conn, desk.actor, id, now)}

    return await desk.show(
        "console/people_leaving.html",
        look,
        status=422 if refused else 200,
        refused=refused,
        typed=typed or Form(),
        roles=makeable(desk.actor),
    )


@signed_in("people.edit")
async def switch_off(desk: Desk) -> Response:
    """Whoever is inside is out at once; what they held is somebody else's in the same transaction."""
    id, form = _id(desk), await read_form(desk.request)
    found = await desk.services.store.read(lambda conn: officer_changes.person(conn, desk.unit, id))
    if found is None:
        raise HTTPException(404)
    to = number_long(form["cho"])
    done = await desk.services.leave(id, to, number(form["seen"]), desk.actor)
    if isinstance(done, Refused):
        return await _page(desk, done.why, form)
    said = f"&giao={done.handed}&cho={to}" if done.handed else ""
    return RedirectResponse(f"{ADDRESS}/{id}?xong=tat{said}" + (f"&viec={done.back}" if done.back else ""), 303)


def _id(desk: Desk) -> int:
    id: int = desk.request.path_params["officer"]
    return id
