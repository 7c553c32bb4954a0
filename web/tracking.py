"""Public: what became of a case, by its code: state and dates for anybody, every word only for its own citizen.

The citizen comes by the signed address from the chat, with the last digits of the telephone that was left, or with the
number of a slip; the browser may then read and answer for an hour (web/thread.py). Each such opening leaves a line.
"""

import re

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from feedback.codes import LENGTH, looks_like_code, read_code, slip_in
from storage import deliveries, page_openings, threads
from storage.page_openings import Tried
from storage.threads import Public
from storage.tx import Tx
from web import thread, thread_pictures
from web.origin import is_ours
from web.pages import pages_of, services_of
from web.presence import by_a_person
from web.thread import Trouble
from web.visitors import Guest, address_of, guest_of

_LONGEST = 60
_BROUGHT = ("way", "text", "giu")
"""What was written before the hour was over, as the page with the digits carries it."""
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
    if by_a_person(request):
        await thread.read_by_citizen(request, found)
    return await thread.shown(request, guest, found)


async def enter(request: Request) -> Response:
    """The last digits of the telephone, or the number of a slip: right, and the thread is open; wrong, and it is not.

    What was written before the hour was over comes along, and stands in its form again.
    """
    guest = await guest_of(request)
    found = await _found(request, guest)
    if isinstance(found, Response):
        return found
    services = services_of(request)
    now = services.now()
    form = await thread.form_of(request)
    brought = {name: form[name] for name in _BROUGHT} if form["text"] or form["giu"] else None
    if not is_ours(request, services):
        return _shown(request, guest, found, wrong="elsewhere", status=403, brought=brought)
    limit, here = request.app.state.limits.digits, f"{found.id} {address_of(request)}"
    if not limit.would_allow(here, now):
        return _shown(request, guest, found, wrong="too_often", status=429, brought=brought)
    typed, again = form["so"][:_LONGEST], thread.was_open(request, found)

    def unit(tx: Tx) -> Tried:
        tried = page_openings.enter(tx, services.vault, found, guest.commune.id, typed, now, again=again)
        if tried.what == "open":
            deliveries.read_by_code(tx, found.id, now)
        return tried

    tried = await services.store.write(unit)
    if tried.what != "open":
        limit.allows(here, now)
        wrong, status = {"often": ("locked", 429), "short": ("short", 429)}.get(tried.what, (tried.what, 422))
        return _shown(request, guest, found, wrong=wrong, status=status, at=tried.at, brought=brought)
    if brought is None:
        return _let_in(request, guest, found)
    held = await thread_pictures.waiting(request, guest, found, form)
    kept = Trouble(key="thread.brought", status=200, way=form["way"], text=thread.words_of(form), pictures=held)
    return await thread.shown(request, guest, found, kept)


async def by_link(request: Request) -> Response:
    """The signed address that was said in the citizen's own chat. Only a person who opens it has read what is there."""
    guest = await guest_of(request)
    services = services_of(request)
    now, slug = services.now(), guest.commune.slug
    if not request.app.state.limits.codes.allows(address_of(request), now):
        return _shown(request, guest, wrong="often", status=429)
    case_id = threads.read(services.vault, "thread", request.path_params["token"][: _LONGEST * 2], now)

    def look(conn: Connection) -> Public | None:
        return None if case_id is None else threads.public_of(conn, slug, case_id)

    found = await services.store.read(look)
    if found is None:
        return _shown(request, guest, wrong="over", status=410)
    person = by_a_person(request)

    def unit(tx: Tx) -> None:
        page_openings.opened(tx, found, guest.commune.id, "link", now, robot=not person)
        if person:
            deliveries.read_by_code(tx, found.id, now)

    await services.store.write(unit)
    return _let_in(request, guest, found)


async def leave(request: Request) -> Response:
    """Close the thread in this browser: a telephone may be somebody else's."""
    guest = await guest_of(request)
    code = read_code(request.path_params["code"][:_LONGEST]) or ""
    answer = RedirectResponse(f"/{guest.commune.slug}/tra-cuu/{code}".rstrip("/"), 303)
    if is_ours(request, services_of(request)):
        thread.close(answer, guest, code)
    return answer


def _let_in(request: Request, guest: Guest, found: Public) -> Response:
    """Begin an hour of reading."""
    answer = RedirectResponse(f"/{guest.commune.slug}/tra-cuu/{found.code}", 303)
    thread.open_for(answer, request, guest, found)
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
    request: Request,
    guest: Guest,
    found: Public | None = None,
    *,
    typed: str = "",
    wrong: str = "",
    status: int = 200,
    at: int = 0,
    brought: dict[str, str] | None = None,
) -> Response:
    return pages_of(request).page(
        request,
        "track.html",
        commune=guest.commune,
        case=found,
        typed=typed,
        wrong=wrong,
        slip=slip_in(typed.strip(".-–")) if wrong == "mistyped" else None,
        length=LENGTH + 1,
        at=at,
        brought=brought,
        status=status,
    )


_CASE = "/{slug}/tra-cuu/{code}"
routes = [
    Route("/{slug}/tra-cuu", ask),
    Route("/{slug}/viec/{token}", by_link),
    Route(_CASE, one),
    Route(f"{_CASE}/mo", enter, methods=["POST"]),
    Route(f"{_CASE}/dong", leave, methods=["POST"]),
    Route(f"{_CASE}/noi", thread.say, methods=["POST"]),
    Route(f"{_CASE}/da-doc", thread.has_read, methods=["POST"]),
    Route(f"{_CASE}/anh/{{blob:int}}", thread.picture),
    Route(f"{_CASE}/tep/{{blob:int}}", thread.document),
]
