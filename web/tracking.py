"""Public: what became of a case, by its code: state and dates for anybody, every word only for its own citizen.

The citizen comes by the signed address from the chat, or with the last digits of the telephone that was left; the
browser may then read and answer for an hour (web/thread.py).
"""

import re

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from feedback.codes import looks_like_code, read_code
from storage import deliveries, threads
from storage.threads import Public
from web import thread
from web.origin import is_ours
from web.pages import pages_of, services_of
from web.visitors import Guest, address_of, guest_of

_LONGEST = 60
_SPACES = re.compile(r"\s+")


async def ask(request: Request) -> Response:
    """A form for the code; a code that came with it leads on."""
    guest = await guest_of(request)
    typed = _SPACES.sub("", request.query_params.get("ma", ""))[:_LONGEST]
    code = read_code(typed)
    if code is not None:
        return RedirectResponse(f"/{guest.commune.slug}/tra-cuu/{code}", 303)
    wrong = "mistyped" if looks_like_code(typed) else "none" if typed else ""
    return _shown(request, guest, typed=typed, wrong=wrong)


async def one(request: Request) -> Response:
    """State and dates; the whole thread where the browser has shown that it is the citizen's own."""
    guest = await guest_of(request)
    found = await _found(request, guest)
    if isinstance(found, Response):
        return found
    if not thread.is_open(request, found):
        return _shown(request, guest, found, typed=found.code)
    return await thread.shown(request, guest, found)


async def enter(request: Request) -> Response:
    """The last digits of the telephone: right, and the thread is open; wrong, or none was left, and it is not."""
    guest = await guest_of(request)
    found = await _found(request, guest)
    if isinstance(found, Response):
        return found
    services, limits = services_of(request), request.app.state.limits
    now = services.now()
    if not is_ours(request, services):
        return _shown(request, guest, found, typed=found.code, wrong="elsewhere", status=403)
    if not (
        limits.digits.allows(f"{found.id} {address_of(request)}", now)
        and limits.digits_of_a_case.allows(str(found.id), now)
    ):
        return _shown(request, guest, found, typed=found.code, wrong="too_often", status=429)
    typed = (await thread.form_of(request))["so"][:_LONGEST]
    if not await services.store.read(lambda conn: threads.digits_fit(conn, found.id, typed)):
        return _shown(request, guest, found, typed=found.code, wrong="digits", status=422)
    return await _let_in(request, guest, found)


async def by_link(request: Request) -> Response:
    """The signed address that was said in the citizen's own chat, or handed to them on paper."""
    guest = await guest_of(request)
    services = services_of(request)
    now, slug = services.now(), guest.commune.slug
    case_id = threads.read(services.vault, "thread", request.path_params["token"][: _LONGEST * 2], now)

    def look(conn: Connection) -> Public | None:
        return None if case_id is None else threads.public_of(conn, slug, case_id)

    found = await services.store.read(look)
    if found is None:
        return _shown(request, guest, wrong="over", status=410)
    return await _let_in(request, guest, found)


async def leave(request: Request) -> Response:
    """Close the thread in this browser: a telephone may be somebody else's."""
    guest = await guest_of(request)
    code = read_code(request.path_params["code"][:_LONGEST]) or ""
    answer = RedirectResponse(f"/{guest.commune.slug}/tra-cuu/{code}".rstrip("/"), 303)
    if is_ours(request, services_of(request)):
        thread.close(answer, guest, code)
    return answer


async def _let_in(request: Request, guest: Guest, found: Public) -> Response:
    """Begin an hour of reading; whoever was to be called has been reached."""
    services = services_of(request)
    answer = RedirectResponse(f"/{guest.commune.slug}/tra-cuu/{found.code}", 303)
    thread.open_for(answer, request, guest, found)
    if request.method == "POST" or "prefetch" not in request.headers.get("sec-purpose", ""):
        await services.store.write(lambda tx: deliveries.read_by_code(tx, found.id, services.now()))
    return answer


async def _found(request: Request, guest: Guest) -> Public | Response:
    """The case of the code in the address, or the page that says why there is none."""
    services = services_of(request)
    if not request.app.state.limits.codes.allows(address_of(request), services.now()):
        return _shown(request, guest, wrong="often", status=429)
    typed = request.path_params["code"][:_LONGEST]
    code = read_code(typed)

    def look(conn: Connection) -> Public | None:
        return None if code is None else threads.public(conn, guest.commune.id, code)

    found = await services.store.read(look)
    if found is None:
        return _shown(request, guest, typed=typed, wrong="unknown" if code else "mistyped", status=404)
    return found


def _shown(
    request: Request, guest: Guest, found: Public | None = None, *, typed: str = "", wrong: str = "", status: int = 200
) -> Response:
    page = pages_of(request).page
    return page(request, "track.html", commune=guest.commune, case=found, typed=typed, wrong=wrong, status=status)


_CASE = "/{slug}/tra-cuu/{code}"
routes = [
    Route("/{slug}/tra-cuu", ask),
    Route("/{slug}/viec/{token}", by_link),
    Route(_CASE, one),
    Route(f"{_CASE}/mo", enter, methods=["POST"]),
    Route(f"{_CASE}/dong", leave, methods=["POST"]),
    Route(f"{_CASE}/noi", thread.say, methods=["POST"]),
    Route(f"{_CASE}/anh/{{blob:int}}", thread.picture),
]
