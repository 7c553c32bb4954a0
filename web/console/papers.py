"""Papers on the way out: of a case, of a session, the registers of a period, and the ZIP for a đoàn kiểm tra."""

from datetime import date
from typing import Any, Literal, cast
from urllib.parse import quote

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from reports.paper_facts import CasePaper
from reports.session_facts import SessionPaper
from storage import dossiers, officers, reading_sessions
from vietnam.time import DAY, day_of
from web.body import read_form
from web.console.access import Desk, signed_in
from web.console.sessions_papers import bulletin
from web.paper_services import (
    CaseWanted,
    NoSuchPeriod,
    PaperFailed,
    PaperFile,
    PaperWanted,
    RegisterWanted,
    SessionWanted,
)

CASE_PAPERS: dict[str, CasePaper] = {
    "phieu-tiep-nhan": "receipt",
    "phieu-chuyen": "transfer",
    "van-ban-tra-loi": "answer",
}
"""The name of a paper in addresses -> what it is."""
SESSION_PAPERS: dict[str, SessionPaper] = {
    "danh-sach": "sheet",
    "niem-yet": "notice",
    "bien-ban": "minutes",
    "ket-qua": "results",
    "truyen-thanh": "loudspeaker",
}
REGISTERS: dict[str, Literal["cases", "visits"]] = {"so-theo-doi": "cases", "so-tiep-cong-dan": "visits"}
MAKING = 30 * 60_000
"""Milliseconds after which nobody works on a ZIP any more."""
_MONTHS = 12
_QUARTERS = 4
_SESSIONS = 10


def periods(today: date) -> list[tuple[str, str]]:
    """Periods to choose from as (key, wording of the page): months, quarters, parts of the year, newest first."""
    month = today.year * 12 + today.month - 1
    found = [(f"{at // 12}-{at % 12 + 1:02d}", "month") for at in range(month, month - _MONTHS, -1)]
    quarter = month // 3
    found += [(f"{at // 4}-Q{at % 4 + 1}", "quarter") for at in range(quarter, quarter - _QUARTERS, -1)]
    found += [(f"{year}-{part}", part) for year in (today.year, today.year - 1) for part in ("6m", "9m", "12m")]
    return found


@signed_in("paper.register")
async def books(desk: Desk) -> Response:
    """Sổ sách: choose a period, take its registers; a leader also the ZIP."""
    return await _shown(desk)


async def _shown(desk: Desk, *, fault: str = "", status: int = 200) -> Response:
    now = desk.services.now()

    def look(conn: Connection) -> dict[str, Any]:
        asked = dossiers.all_of(conn, desk.unit) if desk.may("paper.dossier") else []
        past, _ = reading_sessions.past(conn, desk.unit, now)
        coming = reading_sessions.coming(conn, desk.unit, now, limit=_SESSIONS)
        return {
            "dossiers": asked,
            "making": any(one.state == "making" and now - one.asked_at < MAKING for one in asked),
            "names": officers.names(conn, desk.unit),
            "sessions": [*coming, *past[:_SESSIONS]],
        }

    chosen = desk.request.query_params.get("ky", "")
    return await desk.show(
        "console/papers.html",
        look,
        status=status,
        fault=fault,
        periods=periods(day_of(now)),
        chosen=chosen,
        longest=MAKING,
        gone_after=DAY,
        done=desk.request.query_params.get("xong", ""),
    )


@signed_in("paper.case")
async def case_paper(desk: Desk) -> Response:
    """phieu-tiep-nhan.docx and the others, of a case of the own unit."""
    name, ending = _asked(desk, ("docx", "pdf"))
    if name not in CASE_PAPERS:
        raise HTTPException(404)
    code: str = desk.request.path_params["code"]
    wanted = CaseWanted(code=code, paper=CASE_PAPERS[name], ending=cast("Literal['docx', 'pdf']", ending))
    return await _given(desk, wanted)


@signed_in("paper.session")
async def session_paper(desk: Desk) -> Response:
    """danh-sach.docx and the others, of a session of the own unit."""
    name, ending = _asked(desk, ("docx", "pdf"))
    if name not in SESSION_PAPERS:
        raise HTTPException(404)
    session: int = desk.request.path_params["session"]
    aloud = await bulletin(desk) if name == "truyen-thanh" else ""
    kind = cast("Literal['docx', 'pdf']", ending)
    return await _given(desk, SessionWanted(session=session, paper=SESSION_PAPERS[name], ending=kind, aloud=aloud))


@signed_in("paper.register")
async def register(desk: Desk) -> Response:
    """so-theo-doi.xlsx?ky=2026-10 and the others."""
    name, ending = _asked(desk, ("xlsx", "pdf"))
    if name not in REGISTERS:
        raise HTTPException(404)
    query = desk.request.query_params
    wanted = RegisterWanted(
        which=REGISTERS[name],
        period=query.get("ky", "")[:20],
        names=query.get("ten", "") == "co",
        ending=cast("Literal['xlsx', 'pdf']", ending),
    )
    return await _given(desk, wanted)


def _asked(desk: Desk, endings: tuple[str, ...]) -> tuple[str, str]:
    """Name and ending of the paper that the address names."""
    name, _, ending = str(desk.request.path_params["name"]).rpartition(".")
    if ending not in endings:
        raise HTTPException(404)
    return name, ending


async def _given(desk: Desk, wanted: PaperWanted) -> Response:
    try:
        made = await desk.services.papers.make(desk.actor, wanted)
    except NoSuchPeriod:
        return await _shown(desk, fault="period", status=422)
    except PaperFailed:
        return await _shown(desk, fault="failed", status=503)
    if made is None:
        raise HTTPException(404)
    return download(made)


def download(made: PaperFile) -> Response:
    """A file to be saved under its own name, and kept by nobody on the way."""
    plain = made.name.encode("ascii", "ignore").decode().replace('"', "")
    saved = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(made.name)}"
    headers = {"content-disposition": saved, "cache-control": "no-store"}
    return Response(made.data, media_type=made.media_type, headers=headers)


@signed_in("paper.dossier")
async def ask_dossier(desk: Desk) -> Response:
    """Lập bộ hồ sơ kiểm tra."""
    form = await read_form(desk.request)
    try:
        await desk.services.papers.ask_dossier(desk.actor, form["ky"][:20], form["ten"] == "co")
    except NoSuchPeriod:
        return await _shown(desk, fault="period", status=422)
    return RedirectResponse("/can-bo/so-sach?xong=ho-so#ho-so", 303)


@signed_in("paper.dossier")
async def fetch_dossier(desk: Desk) -> Response:
    """The ZIP; that it was fetched is written down."""
    made = await desk.services.papers.fetch_dossier(desk.actor, desk.request.path_params["dossier"])
    if made is None:
        raise HTTPException(404)
    return download(made)
