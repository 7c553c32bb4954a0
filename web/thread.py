"""The thread of a case on its page: what both sides said, and the citizen's answer, words and pictures.

Whatever is sent here is an Act like any other, and the citizen's own chat is told that it came.
"""

import asyncio
from typing import Literal

import msgspec
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from feedback.acts import (
    MAX_BLOBS,
    MAX_REOPENED,
    MAX_STARS,
    MAX_TEXT,
    Confirm,
    Rate,
    Refusal,
    Reopen,
    Tell,
)
from feedback.codes import read_code
from feedback.kinds import Kind
from feedback.roles import CITIZEN, Actor
from feedback.states import MOVES
from storage import threads
from storage.threads import Public, Thread
from vietnam.text import clean
from web.body import Form, Unreadable, read_form
from web.origin import is_https, is_ours
from web.pages import pages_of, services_of
from web.services import PhotoRefused
from web.visitors import Guest, address_of, guest_of

COOKIE = "nghedan_viec"
CAP = 30 * 1024 * 1024
_FILES = 20
_LONGEST = 60
Way = Literal["tell", "not_done", "done", "rate"]


class Trouble(msgspec.Struct, frozen=True, kw_only=True):
    """Why nothing was taken: a wording key with what it needs, the status, and what was typed, in which form."""

    key: str
    status: int = 422
    way: str = "tell"
    text: str = ""


def is_open(request: Request, case: Public) -> bool:
    """Whether this browser has shown within the last hour that it is the citizen's."""
    services = services_of(request)
    token = request.cookies.get(COOKIE, "")[: _LONGEST * 2]
    return threads.read(services.vault, "browser", token, services.now()) == case.id


def open_for(answer: Response, request: Request, guest: Guest, case: Public) -> None:
    """Let this browser read and answer for an hour from now."""
    services = services_of(request)
    answer.set_cookie(
        COOKIE,
        threads.make(services.vault, "browser", case.id, services.now() + threads.SESSION),
        max_age=threads.SESSION // 1000,
        path=_place(guest, case.code),
        secure=is_https(request, services),
        httponly=True,
        samesite="lax",  # "strict" would not come along when a chat opens the address
    )


def close(answer: Response, guest: Guest, code: str) -> None:
    """Let this browser read no longer."""
    answer.delete_cookie(COOKIE, path=_place(guest, code))


def _place(guest: Guest, code: str) -> str:
    return f"/{guest.commune.slug}/tra-cuu/{code}"


async def shown(request: Request, guest: Guest, case: Public, trouble: Trouble | None = None) -> Response:
    """The page of the thread."""
    services = services_of(request)
    found = await services.store.read(lambda conn: threads.thread(conn, case.id))
    answer = pages_of(request).page(
        request,
        "thread.html",
        status=trouble.status if trouble else 200,
        commune=guest.commune,
        case=case,
        thread=found,
        ways=_ways(case, found),
        trouble=trouble,
        why=services.say(trouble.key) if trouble else "",
        stars=range(MAX_STARS, 0, -1),
        max_text=MAX_TEXT,
        max_photos=MAX_BLOBS,
        done="xong" in request.query_params,
    )
    open_for(answer, request, guest, case)
    return answer


def _ways(case: Public, found: Thread) -> set[Way]:
    """What the citizen can do now; the chat offers the same (bot/conversation/thread.py)."""
    ways: set[Way] = {"tell"}
    if case.kind is not Kind.DIALOGUE:
        if case.state in MOVES["confirm"]:
            ways.add("done")
        if case.state in MOVES["reopen"] and found.reopened < MAX_REOPENED:
            ways.add("not_done")
        if case.state in MOVES["rate"] and not found.stars:
            ways.add("rate")
    return ways


async def _mine(request: Request) -> tuple[Guest, Public] | None:
    """The case of the address, where this browser may read it. A case that may not is as if it were not there."""
    guest = await guest_of(request)
    code = read_code(request.path_params["code"][:_LONGEST])

    def look(conn: Connection) -> Public | None:
        return None if code is None else threads.public(conn, guest.commune.id, code)

    case = await services_of(request).store.read(look)
    return None if case is None or not is_open(request, case) else (guest, case)


async def say(request: Request) -> Response:
    """The citizen's answer, that it is settled or not, or how it was handled."""
    mine = await _mine(request)
    if mine is None:
        # An hour is over, or it was never open: the page asks anew, and says nothing else.
        return RedirectResponse(request.url.path.rpartition("/")[0], 303)
    guest, case = mine
    services, limits = services_of(request), request.app.state.limits
    now = services.now()
    if not is_ours(request, services):
        return await shown(request, guest, case, Trouble(key="thread.elsewhere", status=403))
    if not (limits.session.allows(f"viec:{case.id}", now) and limits.address.allows(address_of(request), now)):
        return await shown(request, guest, case, Trouble(key="thread.slow", status=429))
    form = await form_of(request)
    trouble = await _send(request, guest, case, form)
    if trouble is not None:
        return await shown(request, guest, case, trouble)
    return RedirectResponse(f"{_place(guest, case.code)}?xong#cuoi", 303)


async def form_of(request: Request) -> Form:
    """What was sent; 400 where it is no form."""
    try:
        return await read_form(request, cap=CAP, files=_FILES)
    except Unreadable:
        raise HTTPException(400) from None


async def _send(request: Request, guest: Guest, case: Public, form: Form) -> Trouble | None:
    services = services_of(request)
    text = clean(form["text"].replace("\r\n", "\n"))[0].strip()
    way = form["way"]
    if form.too_big:
        return Trouble(key="thread.photo_big", way=way, text=text)
    if await _was_said(request, case, text, form["seen"]):
        return None
    if len(form.files) > MAX_BLOBS:
        return Trouble(key="act.too_many_photos", way=way, text=text)
    kept = await _kept(request, guest, case, form.files) if way in ("tell", "not_done") else ()
    if isinstance(kept, str):
        return Trouble(key=kept, way=way, text=text)
    act: Tell | Reopen | Confirm | Rate
    match way:
        case "done":
            act = Confirm()
        case "not_done":
            act = Reopen(text, kept)
        case "rate":
            act = Rate(int(form["stars"]) if form["stars"] in "12345" and form["stars"] else 0)
        case _:
            act = Tell(text, kept)
    outcome = await services.act(case.id, act, Actor(kind=CITIZEN, unit=guest.commune.id))
    return Trouble(key=outcome.key, way=way, text=text) if isinstance(outcome, Refusal) else None


async def _was_said(request: Request, case: Public, text: str, seen: str) -> bool:
    """Whether the very same words are what was said last, from a page that did not show them: sent off twice."""
    found = await services_of(request).store.read(lambda conn: threads.thread(conn, case.id))
    last = found.said[-1]
    return bool(text) and last.who == CITIZEN and last.text == text and seen != str(found.version)


async def _kept(request: Request, guest: Guest, case: Public, files: tuple[bytes, ...]) -> tuple[int, ...] | str:
    """The pictures as they are kept, or why one was not."""
    services, limits = services_of(request), request.app.state.limits
    if not all(limits.thread_photos.allows(f"viec:{case.id}", services.now()) for _file in files):
        return "thread.slow"
    kept = await asyncio.gather(*(services.keep_photo(guest.commune.id, data) for data in files))
    refused = next((one.key for one in kept if isinstance(one, PhotoRefused)), "")
    return refused or tuple(one for one in kept if isinstance(one, int))


async def picture(request: Request) -> Response:
    """A picture of the thread, to the browser that may read it."""
    mine = await _mine(request)
    blob: int = request.path_params["blob"]
    if mine is None or blob >= 1 << 63:
        raise HTTPException(404)
    services, case_id = services_of(request), mine[1].id
    media_type = await services.store.read(lambda conn: threads.picture_type(conn, case_id, blob))
    data = await services.blob(blob) if media_type else None
    if media_type is None or data is None:
        raise HTTPException(404)
    return Response(data, media_type=media_type)
