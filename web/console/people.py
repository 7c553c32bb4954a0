"""Cán bộ: who may log in and as what, how far they reach, and what is done when somebody leaves or forgets."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from feedback.acts import Decision
from feedback.handing import Return
from feedback.kinds import CATEGORIES
from feedback.people import LONGEST_NAME, Account, makeable
from feedback.reach import SCOPED
from feedback.roles import SYSTEM, Actor, Role
from feedback.routing import HANDLERS
from storage import officer_changes, units
from storage.officer_changes import PersonRow, Refused
from storage.tx import Tx
from vietnam.text import clean
from web.body import Form, read_form
from web.console.access import Desk, signed_in
from web.console.passwords import Crowded, Door, first_password, hash_password

ADDRESS = "/can-bo/can-bo"
_FIELDS = 200
"""A commune has up to some hundred villages, each a box to tick."""
_LONGEST_NUMBER = 20


@signed_in("people.see")
async def shown(desk: Desk) -> Response:
    """Everybody, and the form for one more."""
    return await _list(desk)


async def _list(desk: Desk, refused: str = "", typed: Form | None = None, status: int = 200) -> Response:
    def look(conn: Connection) -> dict[str, Any]:
        rows = officer_changes.people(conn, desk.unit)
        return {
            "there": [row for row in rows if row.active],
            "off": [row for row in rows if not row.active],
            "villages": units.villages(conn, desk.unit),
        }

    return await desk.show(
        "console/people.html",
        look,
        status=status,
        refused=refused,
        typed=_typed(typed),
        roles=makeable(desk.actor),
        longest=LONGEST_NAME,
        given_for=desk.services.first_password,
    )


@signed_in("people.edit")
async def add(desk: Desk) -> Response:
    """A new account; its first password is made here and shown once."""
    form = await read_form(desk.request, fields=_FIELDS)
    wanted, password, now = _wanted(form), first_password(), desk.services.now()
    if wanted is None:
        return await _list(desk, "role", form, 422)
    hashed = await _hashed(desk, password)
    done = await desk.services.store.write(lambda tx: officer_changes.add(tx, desk.actor, wanted, hashed, now))
    if isinstance(done, Refused):
        return await _list(desk, done.why, form, 422)
    return await _one(desk, done, password=password, done="them")


@signed_in("people.see")
async def one(desk: Desk) -> Response:
    """One account."""
    query = desk.request.query_params
    back = query.get("viec", "")
    handed, follower = _number(query.get("giao", "")), _number(query.get("cho", ""))
    return await _one(
        desk,
        _id(desk),
        done=query.get("xong", ""),
        back=int(back) if _is_number(back) else 0,
        handed=handed,
        follower=follower,
    )


async def _one(
    desk: Desk,
    id: int,
    *,
    refused: str = "",
    typed: Form | None = None,
    password: str = "",
    done: str = "",
    back: int = 0,
    handed: int = 0,
    follower: int = 0,
    status: int = 200,
) -> Response:
    def look(conn: Connection) -> dict[str, Any]:
        person = officer_changes.person(conn, desk.unit, id)
        if person is None:
            raise KeyError(id)
        to = officer_changes.person(conn, desk.unit, follower) if handed and follower else None
        return {
            "person": person,
            "villages": units.villages(conn, desk.unit),
            "follower": to.name if to else "",
        }

    return await desk.show(
        "console/people_one.html",
        look,
        status=status,
        refused=refused,
        typed=_typed(typed),
        was_typed=typed is not None,
        roles=makeable(desk.actor),
        scoped=SCOPED,
        fields=CATEGORIES,
        password=password,
        done=done,
        back=back,
        handed=handed,
        longest=LONGEST_NAME,
        given_for=desk.services.first_password,
    )


@signed_in("people.edit")
async def save(desk: Desk) -> Response:
    """Another name, log-in, role, village or reach."""
    id, form, now = _id(desk), await read_form(desk.request, fields=_FIELDS), desk.services.now()
    wanted, seen = _wanted(form), _number(form["seen"])
    before = await _person(desk, id)
    if wanted is None:
        return await _one(desk, id, refused="role", typed=form, status=422)
    return await _changed(
        desk, before, form, "luu", lambda tx: officer_changes.change(tx, desk.actor, id, wanted, seen, now)
    )


@signed_in("people.edit")
async def switch_on(desk: Desk) -> Response:
    """The account opens the door again."""
    id, form, now = _id(desk), await read_form(desk.request, fields=_FIELDS), desk.services.now()
    before, seen = await _person(desk, id), _number(form["seen"])
    return await _changed(
        desk,
        before,
        None,
        "bat",
        lambda tx: officer_changes.switch(tx, desk.actor, id, on=True, seen=seen, now=now),
    )


@signed_in("people.edit")
async def reset(desk: Desk) -> Response:
    """Another password, made here and shown once."""
    id, form, now = _id(desk), await read_form(desk.request, fields=_FIELDS), desk.services.now()
    await _person(desk, id)
    password, seen, second = first_password(), _number(form["seen"]), form["buoc_hai"] == "1"
    hashed = await _hashed(desk, password)
    refused = await desk.services.store.write(
        lambda tx: officer_changes.reset(tx, desk.actor, id, hashed, now, seen=seen, second_off=second)
    )
    if refused is not None:
        return await _one(desk, id, refused=refused.why, status=422)
    return await _one(desk, id, password=password, done="mat-khau")


@signed_in("people.edit")
async def forget_second(desk: Desk) -> Response:
    """The second step goes: the telephone is lost."""
    id, form, now = _id(desk), await read_form(desk.request, fields=_FIELDS), desk.services.now()
    before, seen = await _person(desk, id), _number(form["seen"])
    return await _changed(
        desk,
        before,
        None,
        "buoc-hai",
        lambda tx: officer_changes.forget_second(tx, desk.actor, id, now, seen=seen),
    )


async def _changed(
    desk: Desk, before: PersonRow, form: Form | None, done: str, unit: Callable[[Tx], Refused | None]
) -> Response:
    """Write a change; then whatever is nobody's turn any more goes back to the desk."""
    refused = await desk.services.store.write(unit)
    if refused is not None:
        return await _one(desk, before.id, refused=refused.why, typed=form, status=422)
    back = await _give_back(desk, before)
    return RedirectResponse(f"{ADDRESS}/{before.id}?xong={done}" + (f"&viec={back}" if back else ""), 303)


async def _give_back(desk: Desk, before: PersonRow) -> int:
    """Open cases of somebody who handles cases no longer go back to the desk, or to the leaders; how many."""
    now_is = await _person(desk, before.id)
    if now_is.active and now_is.role in HANDLERS:
        return 0
    found = await desk.services.store.read(lambda conn: officer_changes.held(conn, before.id))
    system = Actor(kind=SYSTEM, unit=desk.unit)
    outcomes = [await desk.services.act(case, Return(), system) for case in found]
    return sum(isinstance(one, Decision) for one in outcomes)


async def _person(desk: Desk, id: int) -> PersonRow:
    found = await desk.services.store.read(lambda conn: officer_changes.person(conn, desk.unit, id))
    if found is None:
        raise HTTPException(404)
    return found


async def _hashed(desk: Desk, password: str) -> str:
    """One hash at a time: each takes 64 MiB for a moment."""
    door: Door = desk.request.app.state.door
    try:
        async with door:
            return await asyncio.to_thread(hash_password, password)
    except Crowded:
        raise HTTPException(429, headers={"retry-after": "10"}) from None


def _wanted(form: Form) -> Account | None:
    """What the form asks for; None where its role is none."""
    if form["role"] not in set(Role):
        return None
    role = Role(form["role"])
    scoped = role in SCOPED
    ids = [_number(name[1:]) for name in form.fields if name[:1] == "t" and _is_number(name[1:])]
    return Account(
        login=clean(form["login"])[0].strip().lower(),
        name=" ".join(clean(form["name"])[0].split()),
        role=role,
        village=_number(form["village"]) if role is Role.VILLAGE_HEAD else 0,
        fields=tuple(one for one in CATEGORIES if f"l_{one}" in form.fields) if scoped else (),
        villages=tuple(sorted(ids)) if scoped else (),
    )


def _typed(form: Form | None) -> defaultdict[str, str]:
    return defaultdict(str, form.fields if form else {})


def _id(desk: Desk) -> int:
    id: int = desk.request.path_params["officer"]
    return id


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < _LONGEST_NUMBER and int(text) < 1 << 63


def _number(text: str) -> int:
    return int(text) if _is_number(text) else 0
