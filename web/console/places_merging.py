"""Sáp nhập thôn: what goes from a village into another is looked at first, then done in one act."""

from typing import Any

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from feedback.acts import Refusal
from storage import unit_rows, units, village_merging
from vietnam.villages import LONGEST, full_name
from web.body import Form, read_form
from web.console.access import Desk, signed_in
from web.console.places import ADDRESS
from web.console.sessions_forms import number, number_long


@signed_in("places.edit")
async def shown(desk: Desk) -> Response:
    """Into which village, and then what would go there."""
    return await _page(desk, number_long(desk.request.query_params.get("vao", "0")))


async def _page(desk: Desk, into: int, refused: Refusal | None = None, typed: Form | None = None) -> Response:
    village, now = _village(desk), desk.services.now()

    def look(conn: Connection) -> dict[str, Any]:
        rows = {row.unit.id: row for row in unit_rows.all_villages(conn, desk.unit)}
        if village not in rows:
            raise KeyError(village)
        others = [row.unit for row in rows.values() if row.unit.active and row.unit.id != village]
        to = next((one for one in others if one.id == into), None)
        return {
            "one": rows[village].unit,
            "others": others,
            "to": to,
            "to_cases": rows[into].cases if to else 0,
            "going": village_merging.going(conn, village, now),
            "commune": units.unit(conn, desk.unit),
        }

    return await desk.show(
        "console/places_merging.html",
        look,
        status=422 if refused is not None else 200,
        refused="" if refused is None else desk.services.say(refused.key, **refused.values),
        stale=refused is not None and refused.key == "act.changed",
        typed=typed or Form(),
        longest=LONGEST,
    )


@signed_in("places.edit")
async def merge(desk: Desk) -> Response:
    """It is done, and cannot be undone."""
    form, village = await read_form(desk.request), _village(desk)
    into, seen = number_long(form["vao"]), (number(form["seen"]), number(form["seen_vao"]))
    name, actor, now = full_name(form["name"], ""), desk.actor, desk.services.now()
    fault = await desk.services.store.write(
        lambda tx: village_merging.merge(tx, actor, village, into, name, seen=seen, now=now)
    )
    if fault is None:
        return RedirectResponse(f"{ADDRESS}?xong=sap-nhap#t{into}", 303)
    if fault.key == "act.not_allowed":
        raise HTTPException(403)
    return await _page(desk, into, fault, form)


def _village(desk: Desk) -> int:
    village: int = desk.request.path_params["village"]
    return village
