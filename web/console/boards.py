"""Giám sát: what Ban Thanh tra nhân dân and Ban Giám sát đầu tư của cộng đồng read of their fields and villages."""

from typing import Any

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import Response

from storage import reading_cases, reading_overseen, units
from web.console.access import Desk, signed_in

TABS = {"chua-xong": "open", "qua-han": "late", "da-tra-loi": "done"}
_LAST_PAGE = 1_000


@signed_in("case.read")
async def shown(desk: Desk) -> Response:
    """What is in their reach: open, late, answered."""
    query, now = desk.request.query_params, desk.services.now()
    tab = query.get("muc", "")
    tab = tab if tab in TABS else "chua-xong"
    said = query.get("trang", "1")
    number = min(int(said), _LAST_PAGE) if said.isascii() and said.isdecimal() and len(said) < 6 and int(said) else 1

    def look(conn: Connection) -> dict[str, Any]:
        rows, more = reading_overseen.listed(conn, desk.actor, TABS[tab], now, number)
        names = {one.id: one.name for one in units.villages(conn, desk.unit)}
        reach = desk.officer.reach
        return {
            "rows": rows,
            "more": more,
            "counts": reading_overseen.counts(conn, desk.actor, now),
            "villages": [names[id] for id in reach.villages if id in names],
        }

    return await desk.show("console/boards.html", look, tab=tab, tabs=TABS, page_number=number)


@signed_in("case.read")
async def one(desk: Desk) -> Response:
    """One case: what it is about, its steps and its answer."""
    code: str = desk.request.path_params["code"]

    def look(conn: Connection) -> dict[str, Any]:
        found = reading_overseen.one(conn, desk.actor, code)
        if found is None:
            raise KeyError(code)
        return {"found": found}

    return await desk.show("console/boards_one.html", look)


@signed_in("case.read")
async def photo(desk: Desk) -> Response:
    """A picture that an officer has let others see."""
    code, blob = desk.request.path_params["code"], desk.request.path_params["blob"]

    def look(conn: Connection) -> str | None:
        found = reading_overseen.one(conn, desk.actor, code)
        if found is None or blob not in found.photos:
            return None
        return reading_cases.photo_type(conn, desk.unit, code, blob, by=desk.actor)

    media = await desk.services.store.read(look)
    data = await desk.services.blob(blob) if media else None
    if media is None or data is None:
        raise HTTPException(404)
    return Response(data, media_type=media)
