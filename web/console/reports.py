"""Reports: those that are there, asking for one, and fetching its files."""

from collections.abc import Iterable
from datetime import date
from pathlib import PurePath
from typing import Any, NamedTuple
from urllib.parse import quote

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from reports.periods import BadPeriod, Month, parse
from storage import officers, reading_results
from vietnam.time import day_of
from web.body import read_form
from web.console.access import Desk, signed_in

_TYPES = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".csv": "text/csv",
    ".zip": "application/zip",
    ".json": "application/json",
    ".txt": "text/plain; charset=utf-8",
}
_MONTHS = 12
_QUARTERS = 5
LONGEST_MAKING = 15 * 60_000


class Choice(NamedTuple):
    """A period that a report can be asked for; `whole`: its days are over."""

    key: str
    title: str
    whole: bool


def choices(today: date, month: Month) -> dict[str, list[Choice]]:
    """What has begun, by "month", "quarter" and "year" (6, 9, 12 months): the last month first, then this one."""
    now = today.year * 12 + today.month - 1
    order = [now - 1, now, *range(now - 2, now - _MONTHS, -1)]
    quarters = range(now // 3, now // 3 - _QUARTERS, -1)
    keys = {
        "month": [f"{at // 12}-{at % 12 + 1:02d}" for at in order],
        "quarter": [f"{at // 4}-Q{at % 4 + 1}" for at in quarters],
        "year": [f"{year}-{part}" for year in (today.year, today.year - 1) for part in ("6m", "9m", "12m")],
    }
    found = {group: [parse(key, month=month) for key in some] for group, some in keys.items()}
    return {
        group: [Choice(one.key, _first_up(one.title), one.last < today) for one in some if one.first <= today]
        for group, some in found.items()
    }


def titles_of(keys: Iterable[str]) -> dict[str, str]:
    """What the periods of reports are called on the page; their key where it is none that is known today."""
    found = {}
    for key in keys:
        try:
            found[key] = _first_up(parse(key).title)
        except BadPeriod:
            found[key] = key
    return found


def _first_up(text: str) -> str:
    return text[:1].upper() + text[1:]


@signed_in("report.see")
async def reports(desk: Desk) -> Response:
    """All reports of the unit; looks again by itself while one is being made."""
    return await _shown(desk)


async def _shown(desk: Desk, *, odd: bool = False, status: int = 200) -> Response:
    now = desk.services.now()
    today = day_of(now)

    def look(conn: Connection) -> dict[str, Any]:
        found = reading_results.all_reports(conn, desk.unit)
        making = any(row.state == "making" and now - row.asked_at < LONGEST_MAKING for row in found)
        titles = titles_of(row.period for row in found)
        doors = desk.services.plans
        return {
            "reports": found,
            "titles": titles,
            "making": making,
            "names": officers.names(conn, desk.unit),
            "due": doors.due(conn, desk.unit, today),
            "plans": {one.slug: one for one in doors.plans(conn, desk.unit, today)},
            "own": doors.profile(conn, desk.unit)[1],
        }

    periods = choices(today, desk.services.report_month)
    return await desk.show(
        "console/reports.html",
        look,
        status=status,
        periods=periods,
        done=desk.request.query_params.get("xong", ""),
        fault=desk.request.query_params.get("loi", ""),
        today=today,
        odd=odd,
        longest=LONGEST_MAKING,
    )


@signed_in("report.make")
async def ask(desk: Desk) -> Response:
    """Tạo báo cáo của một kỳ."""
    form = await read_form(desk.request)
    period = form["ky"]
    known = choices(day_of(desk.services.now()), desk.services.report_month)
    if period not in {choice.key for some in known.values() for choice in some}:
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
