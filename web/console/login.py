"""In and out."""

import hashlib
import secrets

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storage import officers
from storage.officers import LONGEST, Officer
from storage.tx import Tx
from vietnam.text import clean, fold
from web.body import Form, Unreadable, read_form
from web.chat import limits_of
from web.console.access import COOKIE, HOME, LOGIN, current, token_hash
from web.console.passwords import Crowded, Door
from web.origin import is_https, is_ours
from web.pages import pages_of, services_of
from web.visitors import address_of

_LONGEST_FIELD = 200


async def ask(request: Request) -> Response:
    """The door; whoever is inside already goes straight to work."""
    if await current(request) is not None:
        return RedirectResponse(HOME, 303)
    return _door(request)


async def enter(request: Request) -> Response:
    """Log in. What went wrong is said the same way for an unknown login and a wrong password."""
    services = services_of(request)
    if not is_ours(request, services):
        raise HTTPException(403)
    if not limits_of(request).logins.allows(address_of(request), services.now()):
        return _door(request, trouble="crowded", status=429)
    try:
        form = await read_form(request)
    except Unreadable:
        raise HTTPException(400) from None
    door: Door = request.app.state.door
    try:
        async with door:
            return await _try(request, form, door)
    except Crowded:
        return _door(request, trouble="crowded", status=429)


async def _try(request: Request, form: Form, door: Door) -> Response:
    services = services_of(request)
    now = services.now()
    login, password = fold(clean(form["login"])[0])[:_LONGEST_FIELD], form["password"][:_LONGEST_FIELD]
    # Login and address together: a stranger cannot lock an officer out of the office.
    place = services.vault.token("login", login, address_of(request)).hex()

    def look(conn: Connection) -> tuple[bool, tuple[Officer, str] | None]:
        return officers.is_locked(conn, place, now), officers.by_login(conn, login)

    locked, found = await services.store.read(look)
    if locked:
        return _door(request, trouble="locked", status=429, login=form["login"])
    if not await door.opens(found[1] if found else None, password) or found is None:
        await services.store.write(lambda tx: officers.count_failure(tx, place, now))
        return _door(request, trouble="wrong", status=422, login=form["login"])
    return await _let_in(request, found[0], place, now)


async def _let_in(request: Request, officer: Officer, place: str, now: int) -> Response:
    services = services_of(request)
    token = secrets.token_urlsafe(32)

    def begin(tx: Tx) -> None:
        officers.forget_failures(tx, place)
        officers.begin_session(tx, hashlib.sha256(token.encode()).digest(), officer.id, now)

    await services.store.write(begin)
    answer = RedirectResponse(HOME, 303)
    answer.set_cookie(
        COOKIE,
        token,
        max_age=LONGEST // 1000,
        path="/can-bo",
        secure=is_https(request, services),
        httponly=True,
        samesite="strict",
    )
    return answer


async def leave(request: Request) -> Response:
    """Log out: the session ends on the server, not only in the browser."""
    services = services_of(request)
    if not is_ours(request, services):
        raise HTTPException(403)
    token = token_hash(request)
    if token is not None:
        await services.store.write(lambda tx: officers.end_session(tx, token))
    answer = RedirectResponse(LOGIN, 303)
    answer.delete_cookie(COOKIE, path="/can-bo")
    return answer


def _door(request: Request, *, trouble: str = "", status: int = 200, login: str = "") -> Response:
    return pages_of(request).page(request, "console/login.html", status=status, trouble=trouble, login=login)
