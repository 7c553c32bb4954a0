"""The thread of a case on its page: what both sides said, and the citizen's answer, words and pictures.

Whatever is sent here is an Act like any other, and the citizen's own chat is told that it came.
"""

from typing import Any, Literal

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
from storage import deliveries, page_openings, threads
from storage.threads import Public, Thread
from vietnam.time import HOUR
from web import thread_matter, thread_pictures
from web.body import FIELD_CAP, Form, Unreadable, read_form, words
from web.downloads import saved
from web.origin import is_https, is_ours
from web.pages import pages_of, services_of
from web.visitors import Guest, address_of, guest_of

COOKIE = "nghedan_viec"
CAP = 30 * 1024 * 1024
_FILES = 20
_FIELDS = 12
_LONGEST = 60
_LATE = 12 * HOUR
"""How long after its hour a browser may still hand in what was written, to be sent once the digits were given again."""
Way = Literal["tell", "not_done", "done", "rate"]


class Trouble(msgspec.Struct, frozen=True, kw_only=True):
    """Why nothing was taken: a wording key and the status; what was typed in which form, and pictures that wait there.

    `lost`: pictures came that could not be kept, and must be chosen again.
    """

    key: str = ""
    status: int = 422
    way: str = "tell"
    text: str = ""
    pictures: tuple[int, ...] = ()
    lost: bool = False
    asked: str = ""
    """What the words could be (feedback.complaints.Matter), where that is asked before they are sent."""


def is_open(request: Request, case: Public) -> bool:
    """Whether this browser has shown within the last hour that it is the citizen's."""
    return _passed(request, case) == "open"


def was_open(request: Request, case: Public) -> bool:
    """Whether this browser had it open some hours ago, and nobody has closed it."""
    return _passed(request, case) == "late"


def _passed(request: Request, case: Public) -> Literal["open", "late", "no"]:
    """ "late": the hour is over, but what is written is not thrown away."""
    services = services_of(request)
    token, now = request.cookies.get(COOKIE, "")[: _LONGEST * 2], services.now()
    if threads.read(services.vault, "browser", token, now) == case.id:
        return "open"
    return "late" if threads.read(services.vault, "browser", token, now - _LATE) == case.id else "no"


def open_for(answer: Response, request: Request, guest: Guest, case: Public) -> None:
    """Let this browser read and answer for an hour from now."""
    services = services_of(request)
    answer.set_cookie(
        COOKIE,
        threads.make(services.vault, "browser", case.id, services.now() + threads.SESSION),
        max_age=(threads.SESSION + _LATE) // 1000,  # the hour is in what is signed
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

    def look(conn: Connection) -> dict[str, Any]:
        return {
            "thread": threads.thread(conn, case.id),
            "openings": page_openings.listed(conn, case.id),
            "unread": deliveries.waits(conn, case.id),
        }

    found = await services.store.read(look)
    held = trouble.pictures if trouble else ()
    answer = pages_of(request).page(
        request,
        "thread.html",
        status=trouble.status if trouble else 200,
        commune=guest.commune,
        case=case,
        ways=_ways(case, found["thread"]),
        trouble=trouble,
        why=services.say(trouble.key) if trouble and trouble.key else "",
        held=held,
        held_word=thread_pictures.word_of(services.vault, case.id, held, services.now()),
        stars=range(MAX_STARS, 0, -1),
        max_text=MAX_TEXT,
        max_photos=MAX_BLOBS,
        max_bytes=CAP,
        done=request.query_params.get("xong"),
        petition="don" in request.query_params,
        asked_of=thread_matter.mark(trouble.text) if trouble and trouble.asked else "",
        alarm=thread_matter.alarm(request, trouble.text)
        if trouble
        else thread_matter.alarm_of(request, request.query_params.get("goi", "")),
        **found,
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


async def _named(request: Request) -> tuple[Guest, Public] | None:
    """The case of the address. One that may not be known of is as if it were not there."""
    guest = await guest_of(request)
    code = read_code(request.path_params["code"][:_LONGEST])

    def look(conn: Connection) -> Public | None:
        return None if code is None else threads.public(conn, guest.commune.id, code)

    case = await services_of(request).store.read(look)
    return None if case is None else (guest, case)


async def say(request: Request) -> Response:
    """The citizen's answer, that it is settled or not, or how it was handled."""
    named = await _named(request)
    passed = "no" if named is None else _passed(request, named[1])
    if named is None or passed == "no":
        # It was never open here: the page asks, and says nothing else.
        return RedirectResponse(request.url.path.rpartition("/")[0], 303)
    guest, case = named
    services, limits = services_of(request), request.app.state.limits
    now = services.now()
    slow = not (limits.session.allows(f"viec:{case.id}", now) and limits.address.allows(address_of(request), now))
    form = await form_of(request, cap=CAP, files=_FILES)
    if passed == "late":
        return await _late(request, guest, case, form)
    trouble = _at_the_door(request, form, slow=slow)
    found = thread_matter.verdict(form["way"], words_of(form), form["la"], form["cho"])
    if trouble is None and found.does == "explain":
        return await thread_matter.explained(request, guest, case, found.matter, words_of(form), form["la"])
    if trouble is not None:
        held = await thread_pictures.waiting(request, guest, case, form)
        trouble = msgspec.structs.replace(trouble, pictures=held, lost=bool(form.files) or form.too_big)
    else:
        trouble = await _send(request, guest, case, form, asks=str(found.matter) if found.does == "ask" else "")
    if trouble is not None:
        return await shown(request, guest, case, trouble)
    await read_by_citizen(request, case)
    number = thread_matter.first_number(words_of(form))
    petition = thread_matter.lacks_petition(form["way"], words_of(form))
    # The numbers, and the word about a đơn, stand at the top; everything else has come last.
    said = "?xong" + ("&don" if petition else "") + (f"&goi={number}" if number else "" if petition else "#cuoi")
    return RedirectResponse(f"{_place(guest, case.code)}{said}", 303)


def _at_the_door(request: Request, form: Form, *, slow: bool) -> Trouble | None:
    """What keeps a form from being looked at, which costs no written word."""
    way, text = form["way"], words_of(form)
    if not is_ours(request, services_of(request)):
        return Trouble(key="thread.elsewhere", status=403, way=way, text=text)
    if slow:
        return Trouble(key="thread.slow", status=429, way=way, text=text)
    return Trouble(key="thread.photo_big", way=way, text=text) if form.too_big else None


async def _late(request: Request, guest: Guest, case: Public, form: Form) -> Response:
    """The hour was over before it was sent: the digits are asked for again, and what was written comes along."""
    services = services_of(request)
    pictures: tuple[int, ...] = ()
    if is_ours(request, services):
        pictures = (await thread_pictures.taken(request, guest, case, form)).ids
    word = thread_pictures.word_of(services.vault, case.id, pictures, services.now())
    return pages_of(request).page(
        request,
        "track.html",
        commune=guest.commune,
        case=case,
        typed=case.code,
        wrong="late",
        slip=None,
        length=0,
        at=0,
        brought={"way": form["way"], "text": words_of(form), "giu": word},
        alarm=thread_matter.alarm(request, words_of(form)),
        status=403,
    )


async def read_by_citizen(request: Request, case: Public) -> None:
    """The citizen has what was to be said to them: nobody need call."""
    services = services_of(request)
    if await services.store.read(lambda conn: deliveries.waits(conn, case.id)):
        await services.store.write(lambda tx: deliveries.read_by_code(tx, case.id, services.now()))


async def has_read(request: Request) -> Response:
    """The button for browsers that do not say whether a person opened the page."""
    named = await _named(request)
    if named is None or not is_open(request, named[1]) or not is_ours(request, services_of(request)):
        return RedirectResponse(request.url.path.rpartition("/")[0], 303)
    await read_by_citizen(request, named[1])
    guest, case = named
    return RedirectResponse(f"{_place(guest, case.code)}?xong=doc", 303)


def words_of(form: Form) -> str:
    """What was written, as it is kept."""
    return words(form["text"])


async def form_of(request: Request, *, cap: int = FIELD_CAP, files: int = 1) -> Form:
    """What was sent; 400 where it is no form."""
    try:
        return await read_form(request, cap=cap, files=files, fields=_FIELDS)
    except Unreadable:
        raise HTTPException(400) from None


async def _send(request: Request, guest: Guest, case: Public, form: Form, *, asks: str) -> Trouble | None:
    """Send it; or say why not, or (`asks`) ask first what the words are."""
    services = services_of(request)
    way, text = form["way"], words_of(form)
    if await _was_said(request, case, text, form["seen"]):
        return None
    kept: tuple[int, ...] = ()
    if way in ("tell", "not_done"):
        taken = await thread_pictures.taken(request, guest, case, form)
        kept = taken.ids
        if taken.fault:
            return Trouble(key=taken.fault, way=way, text=text, pictures=kept)
    if asks:
        return Trouble(way=way, text=text, pictures=kept, asked=asks)
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
    return Trouble(key=outcome.key, way=way, text=text, pictures=kept) if isinstance(outcome, Refusal) else None


async def _was_said(request: Request, case: Public, text: str, seen: str) -> bool:
    """Whether the very same words are what was said last, from a page that did not show them: sent off twice."""
    found = await services_of(request).store.read(lambda conn: threads.thread(conn, case.id))
    last = found.said[-1]
    return bool(text) and last.who == CITIZEN and last.text == text and seen != str(found.version)


async def picture(request: Request) -> Response:
    """A picture of the thread, to the browser that may read it."""
    named = await _named(request)
    blob: int = request.path_params["blob"]
    if named is None or not is_open(request, named[1]) or blob >= 1 << 63:
        raise HTTPException(404)
    return await thread_pictures.send(request, *named, blob)


async def document(request: Request) -> Response:
    """A document of the thread, to the browser that may read it; only to be saved."""
    named = await _named(request)
    blob: int = request.path_params["blob"]
    if named is None or not is_open(request, named[1]) or blob >= 1 << 63:
        raise HTTPException(404)
    services, case = services_of(request), named[1]
    file = await services.store.read(lambda conn: threads.document(conn, case.id, blob))
    data = await services.blob(blob) if file is not None else None
    if file is None or data is None:
        raise HTTPException(404)
    return saved(data, file.name, file.media_type)
