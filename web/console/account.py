"""Tài khoản của tôi: the password, the second step and the open sessions of whoever is at work."""

import asyncio
import secrets
import unicodedata
from typing import Any

from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from feedback.passwords import MOST, weakness
from storage import login_tries, officer_access, second_factor
from storage.login_tries import Place, Wait
from storage.officers import LONGEST
from web.body import read_form
from web.console.access import ACCOUNT, COOKIE, OWN, Desk, signed_in, token_hash
from web.console.login import digest, set_cookie
from web.console.passwords import Crowded, Door, hash_password

_DONE = ("mat-khau", "phien", "cac-phien", "tat", "con")


@signed_in(OWN)
async def shown(desk: Desk) -> Response:
    """The page."""
    return await page(desk)


@signed_in(OWN)
async def change(desk: Desk) -> Response:
    """A new password; the old one is asked for, and every other session ends."""
    form = await read_form(desk.request)
    old, new = form["old"][:MOST], form["new"]
    about = (desk.officer.login, desk.officer.name, desk.officer.unit_name, desk.officer.village_name)
    if new != form["again"]:
        return await page(desk, part="password", trouble="differ", status=422)
    if (weak := await asyncio.to_thread(weakness, new, about)) is not None:
        return await page(desk, part="password", trouble="weak", weak=weak, status=422)
    trouble = await check(desk, old)
    if trouble is not None:
        return await page(desk, part="password", trouble=trouble[0], wait=trouble[1], status=422)
    if _same(old, new):
        return await page(desk, part="password", trouble="same", status=422)
    door: Door = desk.request.app.state.door
    try:
        async with door:
            hashed = await asyncio.to_thread(hash_password, new)
    except Crowded:
        return await page(desk, part="password", trouble="crowded", status=429)
    here, token, now = session_of(desk), secrets.token_urlsafe(32), desk.services.now()
    fresh = digest(token)
    await desk.services.store.write(
        lambda tx: officer_access.change_password(tx, desk.officer, hashed, here, fresh, now)
    )
    answer = RedirectResponse(f"{ACCOUNT}?xong=mat-khau", 303)
    set_cookie(desk.request, answer, COOKIE, token, LONGEST, "/can-bo")
    return answer


@signed_in(OWN)
async def end_one(desk: Desk) -> Response:
    """End one session of one's own; one that has ended already is as it should be."""
    key, now = str(desk.request.path_params["key"]), desk.services.now()
    await desk.services.store.write(lambda tx: officer_access.end_one(tx, desk.officer, key, now))
    return RedirectResponse(f"{ACCOUNT}?xong=phien", 303)


@signed_in(OWN)
async def end_others(desk: Desk) -> Response:
    """End all sessions of one's own but this."""
    here, now = session_of(desk), desk.services.now()
    await desk.services.store.write(lambda tx: officer_access.end_others(tx, desk.officer, here, now))
    return RedirectResponse(f"{ACCOUNT}?xong=cac-phien", 303)


async def page(desk: Desk, *, part: str = "", trouble: str = "", status: int = 200, **more: object) -> Response:
    """The page; `trouble` is said at its `part` ("password", "second"). No password that was typed is shown again."""
    done = desk.request.query_params.get("xong", "")
    officer, now, here = desk.officer, desk.services.now(), officer_access.key_of(session_of(desk))

    def look(conn: Connection) -> dict[str, Any]:
        return {
            "open": officer_access.sessions(conn, officer.id, now),
            "step": second_factor.standing(conn, officer.id),
        }

    values: dict[str, Any] = {"weak": None, "wait": None, **more, "here": here, "part": part, "trouble": trouble}
    values["done"] = done if done in _DONE and not trouble else ""
    return await desk.show("console/account.html", look, status=status, **values)


async def check(desk: Desk, password: str) -> tuple[str, Wait | None] | None:
    """Ask for the password once more: None where it is right, else what to say. Five wrong ones close this for a while.

    The count is one of the account's own: whoever sits at an open session can guess here no better than at the door.
    """
    services, officer, now = desk.services, desk.officer, desk.services.now()
    own = services.vault.token("account", officer.id).hex()
    place = Place(officer.login, own, own, (), known=True)

    def look(conn: Connection) -> tuple[Wait | None, str | None]:
        return login_tries.wait_for(conn, place, now), officer_access.hash_of(conn, officer.id)

    wait, hashed = await services.store.read(look)
    if wait:
        return "locked", wait
    door: Door = desk.request.app.state.door
    try:
        async with door:
            right = await door.opens(hashed, password)
    except Crowded:
        return "crowded", None
    if right:
        return None
    await services.store.write(lambda tx: login_tries.count_failure(tx, place, now))
    return "wrong", None


def session_of(desk: Desk) -> bytes:
    """The hash of the session at work."""
    return token_hash(desk.request) or b""


def _same(one: str, other: str) -> bool:
    return unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", other)
