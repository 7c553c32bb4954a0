"""Phân công: who handles what, what the unit does not use, and the works (công trình, dự án) people are asked about."""

from collections import defaultdict
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from feedback.in_use import Switch, What
from feedback.kinds import CATEGORIES, Kind
from feedback.kinds import rule as rule_of
from feedback.routing import Assignee, Route
from storage import kinds_off, officers, routing, units, works
from vietnam.text import clean
from web.body import read_form
from web.console.access import Desk, signed_in
from web.console.hands import whom

_ADDRESS = "/can-bo/phan-cong"
_LONGEST_ID = 20
NOTHING: Mapping[str, str] = MappingProxyType({})


@signed_in("routing.see")
async def shown(desk: Desk) -> Response:
    """The unit's own lines, the heaviest first, and its works."""
    return await _page(desk)


async def _page(
    desk: Desk, refused: str = "", status: int = 200, typed: Mapping[str, str] = NOTHING, **said: str
) -> Response:
    """After a refusal with what was chosen (`typed`), and what the refusal names (`said`)."""

    def look(conn: Connection) -> dict[str, Any]:
        return {
            "lines": routing.lines(conn, desk.unit),
            "taken": kinds_off.in_use(conn, desk.unit),
            "off": kinds_off.off(conn, desk.unit),
            "changes": kinds_off.changes(conn, desk.unit),
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
        refused=desk.services.say(refused, **said) if refused else "",
        typed=defaultdict(str, typed),
        done=desk.request.query_params.get("xong", ""),
        longest=works.LONGEST,
    )


@signed_in("routing.edit")
async def put(desk: Desk) -> Response:
    """Add a line, or change that of the same conditions."""
    form = await read_form(desk.request)
    officer, role = whom(form["to"])
    category = form["category"] if form["category"] in CATEGORIES else ""
    line = Route(kind=form["kind"], category=category, village=_id(form["village"]), to=Assignee(role, officer))
    now = desk.services.now()
    looked_at = frozenset(map(_id, form["da_xem"].split(","))) if "da_xem" in form.fields else None
    try:
        await desk.services.store.write(lambda tx: routing.put(tx, desk.actor, line, now, looked_at))
    except routing.Bad as bad:
        chosen = {name: form[name][:_LONGEST_ID] for name in ("kind", "category", "village", "to")}
        return await _page(desk, str(bad), 422, chosen, who=await _name(desk, bad.who) if bad.who else "")
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
    form = await read_form(desk.request)
    name, now = " ".join(clean(form["name"])[0].split()), desk.services.now()
    refused = await desk.services.store.write(lambda tx: works.add(tx, desk.actor, name, now))
    return await _page(desk, refused, 422) if refused else RedirectResponse(f"{_ADDRESS}?xong=cong-trinh", 303)


@signed_in("works.edit")
async def turn_works(desk: Desk) -> Response:
    """It is finished, or goes on again."""
    form = await read_form(desk.request)
    id: int = desk.request.path_params["works"]
    on, now = form["on"] == "1", desk.services.now()
    refused = await desk.services.store.write(lambda tx: works.set_active(tx, desk.actor, id, active=on, now=now))
    if refused == "act.no_case":
        raise HTTPException(404)
    return await _page(desk, refused, 422) if refused else RedirectResponse(f"{_ADDRESS}?xong=cong-trinh", 303)


@signed_in("kinds.switch")
async def switch(desk: Desk) -> Response:
    """A kind or a field is used no longer, or again."""
    form = await read_form(desk.request)
    what: What = "field" if form["what"] == "field" else "kind"
    act, now = Switch(what=what, name=form["name"], on=form["on"] == "1"), desk.services.now()
    refused = await desk.services.store.write(lambda tx: kinds_off.switch(tx, desk.actor, act, now))
    if refused is not None:
        return await _page(desk, refused.key, 422)
    return RedirectResponse(f"{_ADDRESS}?xong={'bat' if act.on else 'tat'}#dung", 303)


async def _name(desk: Desk, who: Assignee) -> str:
    """Whom a line names, as the page says it."""
    if who.officer:
        names = await desk.services.store.read(lambda conn: officers.names(conn, desk.unit))
        return names.get(who.officer, "")
    return desk.services.say(f"routing.role.{who.role}") if who.role else ""


def _id(said: str) -> int:
    return int(said) if said.isascii() and said.isdecimal() and len(said) < _LONGEST_ID else 0
