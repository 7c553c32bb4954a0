"""Kênh: which channels run, what waits on them, and what is wrong; nothing secret, and nothing to be changed here."""

from typing import Any

from sqlalchemy import Connection
from starlette.responses import Response

from storage import channel_state
from vietnam.time import DAY
from web.console.access import Desk, signed_in

_SOON = 14 * DAY
_LATE = 600_000
"""Milliseconds that a message may wait before it is worth a word."""


@signed_in("channels.see")
async def shown(desk: Desk) -> Response:
    """Every channel that people of the commune write to."""

    def look(conn: Connection) -> dict[str, Any]:
        return {"channels": channel_state.of_unit(conn, desk.unit), "others": channel_state.others(conn, desk.unit)}

    return await desk.show("console/channels.html", look, soon=_SOON, late=_LATE)
