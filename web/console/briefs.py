"""A report "để biết": a few lines to copy into the officers' own chat."""

from datetime import date
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from reports.briefs import brief
from reports.figures import Figures
from storage import officer_accounts, reading_report
from vietnam.numbers import date_vi
from web.console.access import Desk, signed_in

_LONGEST = 6


@signed_in("report.see")
async def shown(desk: Desk) -> Response:
    """The lines, and that they do not stand for the paper; 404 while the report has no figures."""
    report: int = desk.request.path_params["report"]

    def look(conn: Connection) -> dict[str, Any]:
        found = _read(conn, desk.unit, report)
        hearing = len(officer_accounts.of_unit(conn, desk.unit)) if desk.may("brief.send") else 0
        return {"report": report, "text": found.text, "title": found.title, "issued": found.issued, "hearing": hearing}

    sent = desk.request.query_params.get("gui", "")
    told = int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < _LONGEST else None
    return await desk.show("console/brief.html", look, told=told)


@signed_in("brief.send")
async def send(desk: Desk) -> Response:
    """To every officer who has linked an account, each once; only of a report that văn thư has issued."""
    report: int = desk.request.path_params["report"]
    try:
        found = await desk.services.store.read(lambda conn: _read(conn, desk.unit, report))
    except KeyError:
        raise HTTPException(404) from None
    if not found.issued:
        raise HTTPException(409)
    many = await desk.services.tell_officers(desk.actor, report, found.text)
    return RedirectResponse(f"/can-bo/bao-cao/{report}/de-biet?gui={many}", 303)


class _Brief(NamedTuple):
    text: str
    title: str
    issued: bool


def _read(conn: Connection, unit: int, report: int) -> _Brief:
    """The lines of a report; KeyError while it has no figures."""
    one = reading_report.one(conn, unit, report)
    if one is None or not one.figures:
        raise KeyError(report)
    try:
        figures = Figures.decode(one.figures.encode())
    except msgspec.ValidationError:
        raise KeyError(report) from None
    issued = date_vi(date.fromisoformat(one.issued_on)) if one.issued_on else ""
    text = brief(figures, name=one.owed.owed, number=one.number, issued=issued)
    return _Brief(text, figures.period.title, bool(one.number and one.issued_on))
