"""Điểm nóng: where many people come with one matter, and what lasts; with the numbers that say so."""

from typing import Any

from sqlalchemy import Connection
from starlette.responses import Response

from feedback.hot_spots import hot_spots
from storage import handing, units
from vietnam.time import DAY
from web.console.access import Desk, signed_in

_MOST_SHOWN = 8
"""Codes below one spot; the number says how many there are."""


@signed_in("hot.see")
async def shown(desk: Desk) -> Response:
    """What is hot now, counted anew for this page."""
    limits, now = desk.services.hot.limits, desk.services.now()

    def look(conn: Connection) -> dict[str, Any]:
        since = now - limits.days * DAY
        found = hot_spots(handing.reports(conn, desk.unit, since, desk.actor), limits, now)
        names = {one.id: one.name for one in units.villages(conn, desk.unit)}
        return {"spots": found, "villages": names}

    return await desk.show("console/hot_spots.html", look, limits=limits, most=_MOST_SHOWN)
