"""Reports: those that are there, asking for one, and fetching its files."""

from datetime import date
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from storage import officers, reading_results
from vietnam.time import day_of
from web.body import Unreadable, read_form
from web.console.access import Desk, signed_in

_TYPES = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".zip": "application/zip",
    ".json": "application/json",
}
_MONTHS = 12
LONGEST_MAKING = 15 * 60_000


def months(today: date) -> list[str]:
    """Months a report can be asked for: the last one first, then this one, then further back."""
    first = today.year * 12 + today.month - 1
    order = [first - 1, first, *range(first - 2, first - _MONTHS, -1)]
    return [f"{month // 12}-{month % 12 + 1:02d}" for month in order]


@signed_in("report.see")
async def reports(desk: Desk) -> Response:
    """All reports of the unit; looks again by itself while one is being made."""
    return await _shown(desk)


async def _shown(desk: Desk, *, odd: bool = False, status: int = 200) -> Response:
    now = desk.services.now()

    def look(conn: Connection) -> dict[str, Any]:
        found = reading_results.all_reports(conn, desk.unit)
        making = any(row.state == "making" and now - row.asked_at < LONGEST_MAKING for row in found)
        return {"reports": found, "making": making, "names": officers.names(conn, desk.unit)}

    return await desk.show(
        "console/reports.html", look, status=status, months=months(day_of(now)), odd=odd, longest=LONGEST_MAKING
    )


@signed_in("report.make")
async def ask(desk: Desk) -> Response:
    """Tạo báo cáo tháng."""
    try:
        form = await read_form(desk.request)
    except Unreadable:
        raise HTTPException(400) from None
    period = form["ky"]
    if period not in months(day_of(desk.services.now())):
        return await _shown(desk, odd=True, status=422)
    await desk.services.ask_report(desk.unit, period, desk.actor)
    return RedirectResponse("/can-bo/bao-cao", 303)


@signed_in("report.see")
async def fetch(desk: Desk) -> Response:
    """A file of a report of the own unit."""
    report, name = desk.request.path_params["report"], desk.request.path_params["name"]

    def look(conn: Connection) -> int | None:
        return reading_results.report_file(conn, desk.unit, report, name)

    blob = await desk.services.store.read(look)
    data = await desk.services.blob(blob) if blob is not None else None
    if data is None:
        raise HTTPException(404)
    kind = _TYPES.get(PurePath(name).suffix.lower(), "application/octet-stream")
    plain = name.encode("ascii", "ignore").decode().replace('"', "") or "bao-cao"
    saved = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    return Response(data, media_type=kind, headers={"content-disposition": saved})
