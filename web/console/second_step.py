"""The second step at the door: a code of the officer's telephone, or one of those kept on paper."""

from urllib.parse import urlencode

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storage import login_tries, officers, second_factor
from storage.login_tries import Place, Wait
from storage.officers import Officer
from storage.tx import Tx
from web.body import read_form
from web.chat import limits_of
from web.console.access import HOME, LOGIN, own_page
from web.console.login import HALF_COOKIE, digest, let_in, mark_of
from web.origin import is_ours
from web.pages import pages_of, services_of
from web.visitors import address_of

_LONGEST_CODE = 60


async def ask(request: Request) -> Response:
    """The page for the code; without a password that was right, the door."""
    page = own_page(request.query_params.get("den", ""))
    if await _half_inside(request) is None:
        return RedirectResponse(_door(page), 303)
    return _page(request, page=page)


async def enter(request: Request) -> Response:
    """Take the code. A wrong one counts as a wrong password does, and a right one is right once."""
    services = services_of(request)
    if not is_ours(request, services):
        raise HTTPException(403)
    form = await read_form(request)
    page = own_page(form["den"])
    if not limits_of(request).logins.allows(address_of(request), services.now()):
        return _page(request, trouble="crowded", status=429, page=page)
    half = await _half_inside(request)
    if half is None:
        return RedirectResponse(_door(page), 303)
    officer, token_hash = half
    return await _try(request, officer, token_hash, (form["code"] or form["recovery"])[:_LONGEST_CODE], page)


async def _try(request: Request, officer: Officer, token_hash: bytes, typed: str, page: str) -> Response:
    services = services_of(request)
    now, address, mark = services.now(), address_of(request), mark_of(request)

    def look(conn: Connection) -> tuple[Place, Wait | None]:
        place = login_tries.place_of(conn, services.vault, officer.id, officer.login, address, mark)
        return place, login_tries.wait_for(conn, place, now)

    place, wait = await services.store.read(look)
    if wait:
        return _page(request, trouble="locked", status=429, page=page, wait=wait)

    def take(tx: Tx) -> str:
        how = second_factor.passes(tx, services.vault, officer.id, typed, now)
        if not how:
            login_tries.count_failure(tx, place, now)
        return how

    how = await services.store.write(take)
    if not how:
        services.count("login.failed", 1)
        return _page(request, trouble="wrong", status=422, page=page)
    return await let_in(request, officer, page, half=token_hash, code=how)


async def _half_inside(request: Request) -> tuple[Officer, bytes] | None:
    """Whose second step this browser waits for, and the hash of its token."""
    token = request.cookies.get(HALF_COOKIE, "")
    if not token:
        return None
    services = services_of(request)
    now, token_hash = services.now(), digest(token)
    found = await services.store.read(lambda conn: officers.by_session(conn, token_hash, now, half=True))
    return (found[0], token_hash) if found else None


def _door(page: str) -> str:
    return LOGIN if page == HOME else f"{LOGIN}?{urlencode({'den': page})}"


def _page(
    request: Request, *, trouble: str = "", status: int = 200, page: str = HOME, wait: Wait | None = None
) -> Response:
    values = {"trouble": trouble, "wanted": "" if page == HOME else page, "wait": wait}
    return pages_of(request).page(request, "console/second.html", status=status, **values)
