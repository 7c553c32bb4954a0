"""Plans of the commune, the days of the reports they ask for, and how its papers are addressed and signed."""

from datetime import date
from functools import cache
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from reports.plan_faults import Fault
from reports.plans import LARGEST, Profile, plan, plan_names, shipped
from reports.profiles import typed
from vietnam.text import clean
from vietnam.time import day_of
from web.body import FIELD_CAP, Form, read_form
from web.console.access import Desk, signed_in
from web.plan_door import PlanTried

PLANS = "/can-bo/ke-hoach"
PROFILE = "/can-bo/ho-so-xa"
REPORTS = "/can-bo/bao-cao"
_YEARS = range(2000, 2100)
_TEMPLATE = "mau"
_LONGEST = 4000
"""Characters of a list of lines: 20 lines of 200."""


@signed_in("report.see")
async def shown(desk: Desk) -> Response:
    """The plans, each with what it asks for, and a field for another."""
    return await _page(desk)


async def _page(desk: Desk, *, tried: PlanTried | None = None, odd: str = "", status: int = 200) -> Response:
    today = day_of(desk.services.now())

    def look(conn: Connection) -> dict[str, Any]:
        doors = desk.services.plans
        return {
            "plans": doors.plans(conn, desk.unit, today),
            "unreadable": doors.unreadable(conn, desk.unit),
            "own": doors.profile(conn, desk.unit)[1],
        }

    return await desk.show(
        "console/plans.html",
        look,
        status=status,
        tried=tried,
        odd=odd,
        today=today,
        ready=_ready(),
        done=desk.request.query_params.get("xong", ""),
    )


@cache
def _ready() -> list[tuple[str, str]]:
    """Names and titles of the shipped plans."""
    return [(name, plan(name).title) for name in plan_names() if name != _TEMPLATE]


@signed_in("plan.edit")
async def add(desk: Desk) -> Response:
    """Take in a file, or a shipped plan; its faults, or in which year it is to be used."""
    form = await _form(desk, LARGEST + FIELD_CAP)
    if form.too_big or len(form.file or b"") > LARGEST:
        return await _page(desk, odd="big", status=413)
    name = form["san"]
    if form.file:
        raw = form.file
    elif form["tep_cu"]:
        raw = form["tep_cu"].encode()
    else:
        raw = (shipped(name) if name != _TEMPLATE else None) or b""
    if not raw:
        return await _page(desk, odd="none", status=422)
    said = form["nam"]
    year = int(said) if said.isascii() and said.isdecimal() and len(said) == 4 else None
    if said and (year is None or year not in _YEARS):
        return await _page(desk, odd="year", status=422)
    tried = await desk.services.plans.add(raw, year, desk.actor)
    if not tried.taken:
        return await _page(desk, tried=tried, status=422)
    return RedirectResponse(f"{PLANS}?xong={'them' if tried.new else 'thay'}", 303)


@signed_in("report.see")
async def template(_desk: Desk) -> Response:
    """The file that a plan is written after."""
    saved = f'attachment; filename="{_TEMPLATE}.toml"'
    return Response(shipped(_TEMPLATE) or b"", media_type="application/toml", headers={"content-disposition": saved})


@signed_in("plan.edit")
async def remove(desk: Desk) -> Response:
    """Work by a plan no longer."""
    form = await _form(desk)
    refused = await desk.services.plans.remove(form["ke-hoach"], desk.actor)
    if refused == "plan.none":
        raise HTTPException(404)
    return await _page(desk, odd="in_use", status=409) if refused else RedirectResponse(f"{PLANS}?xong=bo", 303)


@signed_in("plan.day")
async def day(desk: Desk) -> Response:
    """The day before which a report is to be sent, where the plan names none or another was given."""
    form = await _form(desk)
    try:
        before = date.fromisoformat(form["truoc"]) if form["truoc"] else None
    except ValueError:
        return _back("ngay")
    if before is not None and before.year not in _YEARS:
        return _back("ngay")
    door, words = desk.services.plans, (form["ke-hoach"], form["ten"], form["ky"])
    refused = await door.set_day(*words, before, desk.actor)
    if refused == "plan.none":
        raise HTTPException(404)
    return _back("som" if refused == "plan.day.early" else "ky" if refused else "", "ngay")


@signed_in("report.make")
async def ask(desk: Desk) -> Response:
    """Make a report that a plan asks for."""
    form = await _form(desk)
    refused = await desk.services.plans.ask(form["ke-hoach"], form["ten"], form["ky"], desk.actor)
    if refused == "plan.none":
        raise HTTPException(404)
    return _back("chua" if refused else "", "tao")


def _back(fault: str, done: str = "") -> Response:
    said = urlencode({"loi": fault} if fault else {"xong": done})
    return RedirectResponse(f"{REPORTS}?{said}#phai-gui", 303)


@signed_in("report.see")
async def profile(desk: Desk) -> Response:
    """How the commune's papers are addressed and signed."""
    return await _profile(desk)


async def _profile(
    desk: Desk, wrong: Profile | None = None, faults: list[Fault] | None = None, *, stale: bool = False
) -> Response:
    """`wrong` is what was typed; `stale`: somebody else has changed it meanwhile, and theirs is shown beside it."""

    def look(conn: Connection) -> dict[str, Any]:
        known, own = desk.services.plans.profile(conn, desk.unit)
        mark = desk.services.plans.profile_mark(conn, desk.unit)
        return {"profile": wrong or known, "own": own, "mark": mark, "now_kept": known if stale else None}

    done = "xong" in desk.request.query_params
    places = {fault.key.partition("[")[0]: fault.sentence for fault in reversed(faults or [])}
    return await desk.show(
        "console/profile.html", look, status=422 if faults or stale else 200, faults=places, done=done, longest=_LONGEST
    )


@signed_in("profile.edit")
async def sign(desk: Desk) -> Response:
    """The commune signs so from now on."""
    form = await _form(desk)
    said = {name: "\n".join(clean(line)[0] for line in form[name][:_LONGEST].splitlines()) for name in _FIELDS}
    found, faults = typed(**said)
    if faults:
        return await _profile(desk, found, faults)
    seen = form["da_xem"] if "da_xem" in form.fields else None
    if not await desk.services.plans.sign(found, desk.actor, seen):
        return await _profile(desk, found, stale=True)
    return RedirectResponse(f"{PROFILE}?xong", 303)


_FIELDS = ("addressed", "copies", "signature", "signer", "mark", "letters_mark")


async def _form(desk: Desk, cap: int = FIELD_CAP) -> Form:
    return await read_form(desk.request, cap=cap)
