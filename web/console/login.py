"""In and out. The second step has a page of its own (web/console/second_step.py)."""

import hashlib
import re
import secrets
from urllib.parse import urlencode

import msgspec
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storage import login_tries, officer_access, officers
from storage.login_tries import KNOWN_FOR, Place, Wait
from storage.officer_access import HALF, Signs
from storage.officers import LONGEST, Officer
from storage.tx import Tx
from vietnam.text import clean, fold
from web.body import Form, read_form
from web.chat import limits_of
from web.console.access import COOKIE, HOME, LOGIN, current, own_page, token_hash
from web.console.devices import coarse, device_of
from web.console.passwords import Crowded, Door
from web.origin import is_https, is_ours
from web.pages import pages_of, services_of
from web.visitors import address_of

SECOND = f"{LOGIN}/buoc-hai"
HALF_COOKIE = "nghedan_buoc_hai"
"""Of a browser whose password was right and whose second step is awaited."""
MARK = "nghedan_may"
"""By which a browser is known again where its officer has been; it opens nothing."""
_MARK = re.compile(r"[0-9A-Za-z_-]{20,60}")
_LONGEST_FIELD = 200


class Found(msgspec.Struct, frozen=True):
    """What a try at the door met: where it is made, how long it waits, and whose login it is."""

    place: Place
    wait: Wait | None
    officer: Officer | None = None
    password_hash: str | None = None


async def ask(request: Request) -> Response:
    """The door; whoever is inside already goes straight to work."""
    wanted = own_page(request.query_params.get("den", ""))
    if await current(request) is not None:
        return RedirectResponse(wanted, 303)
    return _door(request, page=wanted)


async def enter(request: Request) -> Response:
    """Log in. What went wrong is said the same way for an unknown login and a wrong password."""
    services = services_of(request)
    if not is_ours(request, services):
        raise HTTPException(403)
    if not limits_of(request).logins.allows(address_of(request), services.now()):
        return _door(request, trouble="crowded", status=429)
    form = await read_form(request)
    door: Door = request.app.state.door
    try:
        async with door:
            return await _try(request, form, door)
    except Crowded:
        return _door(request, trouble="crowded", status=429, page=own_page(form["den"]))


async def _try(request: Request, form: Form, door: Door) -> Response:
    services = services_of(request)
    now = services.now()
    login, password = fold(clean(form["login"])[0])[:_LONGEST_FIELD], form["password"][:_LONGEST_FIELD]
    page = own_page(form["den"])
    address, mark = address_of(request), mark_of(request)

    def look(conn: Connection) -> Found:
        officer, hashed = officers.by_login(conn, login) or (None, None)
        id = officer.id if officer else None
        place = login_tries.place_of(conn, services.vault, id, login, address, mark)
        return Found(place, login_tries.wait_for(conn, place, now), officer, hashed)

    found = await services.store.read(look)
    if found.wait:
        return _door(request, trouble="locked", status=429, login=form["login"], page=page, wait=found.wait)
    if not await door.opens(found.password_hash, password) or found.officer is None:
        services.count("login.failed", 1)
        await services.store.write(lambda tx: login_tries.count_failure(tx, found.place, now))
        return _door(request, trouble="wrong", status=422, login=form["login"], page=page)
    # Only whoever knows it is told that it has ended: to everybody else it is a wrong one, after the same time.
    if found.officer.may_not_begin(now, services.first_password):
        return _door(request, trouble="ended", status=422, login=form["login"], page=page)
    if found.officer.second:
        return await _half_way(request, found.officer, page)
    return await let_in(request, found.officer, page)


async def _half_way(request: Request, officer: Officer, page: str) -> Response:
    """The password was right: whoever knows it is asked for the code, on the next page."""
    services = services_of(request)
    token, now = secrets.token_urlsafe(32), services.now()
    await services.store.write(lambda tx: officer_access.begin_half(tx, digest(token), officer.id, now))
    answer = RedirectResponse(SECOND if page == HOME else f"{SECOND}?{urlencode({'den': page})}", 303)
    set_cookie(request, answer, HALF_COOKIE, token, HALF, LOGIN)
    return answer


async def let_in(
    request: Request, officer: Officer, page: str, *, half: bytes | None = None, code: str = ""
) -> Response:
    """A session begins, in place of the one (`half`) that waited for the second step, passed by `code`."""
    services = services_of(request)
    token, mark, now = secrets.token_urlsafe(32), mark_of(request) or secrets.token_urlsafe(24), services.now()
    address = address_of(request)
    signs = Signs(device_of(request.headers.get("user-agent", "")), coarse(address))

    def begin(tx: Tx) -> None:
        # A new mark is known from now on; an old one may be another officer's as well.
        place = login_tries.place_of(tx.conn, services.vault, officer.id, officer.login, address, mark)
        failures = login_tries.came_in(tx, officer.id, place, now)
        if half is not None:
            officer_access.end_half(tx, half)
        officer_access.begin(tx, digest(token), officer, signs, now, failures=failures, second=code)

    await services.store.write(begin)
    answer = RedirectResponse(page, 303)
    set_cookie(request, answer, COOKIE, token, LONGEST, "/can-bo")
    set_cookie(request, answer, MARK, mark, KNOWN_FOR, LOGIN)
    if half is not None:
        answer.delete_cookie(HALF_COOKIE, path=LOGIN)
    return answer


async def leave(request: Request) -> Response:
    """Log out: the session ends on the server, not only in the browser."""
    services = services_of(request)
    if not is_ours(request, services):
        raise HTTPException(403)
    token, officer, now = token_hash(request), await current(request), services.now()
    if token is not None and officer is not None:
        await services.store.write(lambda tx: officer_access.leave(tx, token, officer, now))
    answer = RedirectResponse(LOGIN, 303)
    answer.delete_cookie(COOKIE, path="/can-bo")
    return answer


def digest(token: str) -> bytes:
    """The hash under which the store knows a token."""
    return hashlib.sha256(token.encode()).digest()


def mark_of(request: Request) -> str:
    """The mark of a browser where some officer has been; "" where it has none."""
    mark = request.cookies.get(MARK, "")
    return mark if _MARK.fullmatch(mark) else ""


def set_cookie(request: Request, answer: Response, name: str, value: str, lasts: int, path: str) -> None:
    """A cookie for `lasts` milliseconds that no script reads and no other site sends."""
    secure = is_https(request, services_of(request))
    kept = {"max_age": lasts // 1000, "path": path, "secure": secure}
    answer.set_cookie(name, value, **kept, httponly=True, samesite="strict")  # type: ignore[arg-type]  # by their names


def _door(
    request: Request,
    *,
    trouble: str = "",
    status: int = 200,
    login: str = "",
    page: str = HOME,
    wait: Wait | None = None,
) -> Response:
    values = {"trouble": trouble, "login": login, "wanted": "" if page == HOME else page, "wait": wait}
    return pages_of(request).page(request, "console/login.html", status=status, **values)
