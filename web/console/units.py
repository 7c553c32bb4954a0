"""Phân công: who handles what in the own unit, and the works (công trình, dự án) that people are asked about."""

from typing import Any

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from feedback.kinds import CATEGORIES, Kind
from feedback.kinds import rule as rule_of
from feedback.routing import Assignee, Route
from storage import routing, units, works
from vietnam.text import clean
from web.body import Unreadable, read_form
from web.console.access import Desk, signed_in
from web.console.hands import whom

_ADDRESS = "/can-bo/phan-cong"
_LONGEST_ID = 20


@signed_in("routing.see")
async def shown(desk: Desk) -> Response:
    """The unit's own lines, the heaviest first, and its works."""
    return await _page(desk)


async def _page(desk: Desk, refused: str = "", status: int = 200) -> Response:
    def look(conn: Connection) -> dict[str, Any]:
        return {
            "lines": routing.lines(conn, desk.unit),
            "works": works.all_of(conn, desk.unit),
            "villages": units.villages(conn, desk.unit),
            "colleagues": routing.handlers(conn, desk.unit),
        }

    return await desk.show(
        "console/routing.html",
        look,
        status=status,
        kinds=tuple(Kind),
        categories=CATEGORIES,
        rules={kind: rule_of(kind) for kind in Kind},
        signed=desk.services.office.sign_off,
        refused=desk.services.say(refused) if refused else "",
        done=desk.request.query_params.get("xong", ""),
        longest=works.LONGEST,
    )


@signed_in("routing.edit")
async def put(desk: Desk) -> Response:
    """Add a line, or change that of the same conditions."""
    form = await _form(desk)
    officer, role = whom(form["to"])
    category = form["category"] if form["category"] in CATEGORIES else ""
    line = Route(kind=form["kind"], category=category, village=_id(form["village"]), to=Assignee(role, officer))
    now = desk.services.now()
    try:
        await desk.services.store.write(lambda tx: routing.put(tx, desk.actor, line, now))
    except routing.Bad as bad:
        return await _page(desk, str(bad), 422)
    return RedirectResponse(f"{_ADDRESS}?xong=ghi", 303)


@signed_in("routing.edit")
async def remove(desk: Desk) -> Response:
    """Take a line away."""
    line: int = desk.request.path_params["line"]
    now = desk.services.now()
    if not await desk.services.store.write(lambda tx: routing.remove(tx, desk.actor, line, now)):
        raise HTTPException(404)
    return RedirectResponse(f"{_ADDRESS}?xong=bo", 303)


@signed_in("works.edit")
async def add_works(desk: Desk) -> Response:
    """A công trình or dự án that people are asked about from now on."""
    form = await _form(desk)
    name, now = " ".join(clean(form["name"])[0].split()), desk.services.now()
    refused = await desk.services.store.write(lambda tx: works.add(tx, desk.actor, name, now))
    return await _page(desk, refused, 422) if refused else RedirectResponse(f"{_ADDRESS}?xong=cong-trinh", 303)


@signed_in("works.edit")
async def turn_works(desk: Desk) -> Response:
    """It is finished, or goes on again."""
    form = await _form(desk)
    id: int = desk.request.path_params["works"]
    on, now = form["on"] == "1", desk.services.now()
    refused = await desk.services.store.write(lambda tx: works.set_active(tx, desk.actor, id, active=on, now=now))
    if refused == "act.no_case":
        raise HTTPException(404)
    return await _page(desk, refused, 422) if refused else RedirectResponse(f"{_ADDRESS}?xong=cong-trinh", 303)


async def _form(desk: Desk) -> Any:  # noqa: ANN401 - a mapping of fields that are "" where they were not sent
    try:
        return await read_form(desk.request)
    except Unreadable:
        raise HTTPException(400) from None


def _id(said: str) -> int:
    return int(said) if said.isascii() and said.isdecimal() and len(said) < _LONGEST_ID else 0
