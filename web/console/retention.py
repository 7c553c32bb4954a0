"""Lưu giữ: what is kept for how long, and what the last round took out; the settings file says it, not this page."""

from typing import Any

from sqlalchemy import Connection
from starlette.responses import Response

from feedback.kinds import Kind
from feedback.retention import over_before
from storage import retention_state
from vietnam.time import DAY
from web.console.access import Desk, signed_in

_AHEAD = 30


@signed_in("retention.see")
async def shown(desk: Desk) -> Response:
    """Months by kind, what has gone, and what goes within the next month."""
    months, then = desk.services.kept_months, desk.services.now() + _AHEAD * DAY
    before = over_before({kind: months.get(kind, 0) for kind in Kind}, then)

    def look(conn: Connection) -> dict[str, Any]:
        return {"swept": retention_state.swept(conn, desk.unit, before)}

    return await desk.show("console/retention.html", look, months=months, kinds=tuple(Kind), ahead=_AHEAD)
