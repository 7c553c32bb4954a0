"""Public pages, kept for a minute here and by browsers: a link in a village's group brings everybody at once.

Only what is the same for everybody may stand on such a page. How large somebody wants it is in a cookie, so each size
is a page of its own here, and no proxy is to give one person's to another.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from functools import wraps

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from web.looks import look_of
from web.pages import services_of

LIFE = 60
"""Seconds that a page stands; an officer's change is on it after that."""
ROOM = 200
"""Pages that one process keeps, those that were asked for last."""
LARGEST = 1 << 20
"""Bytes of the largest answer that is kept."""
_LONGEST = 100
"""Characters of a part of the question that a page is kept for: nobody else's are."""

Page = Callable[[Request], Awaitable[Response]]
Key = tuple[str, ...]


class Kept(msgspec.Struct, frozen=True):
    """A page as it goes out, until when it stands (UTC ms), and the tag of its bytes."""

    body: bytes
    media_type: str
    headers: dict[str, str]
    until: int
    tag: str


class PageCache:
    """The kept pages of one process. Whoever asks for a page that somebody is making already waits for that one."""

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._pages: dict[Key, Kept] = {}
        self._being_made: dict[Key, asyncio.Future[None]] = {}

    async def get(self, key: Key, now: int, make: Callable[[], Awaitable[Response]]) -> Kept | Response:
        """The page of that key; what `make` gives where it cannot be kept (no 200, too large)."""
        while True:
            kept = self._pages.get(key)
            if kept is not None and now < kept.until:
                self._pages[key] = self._pages.pop(key)
                return kept
            other = self._being_made.get(key)
            if other is None:
                break
            await other
        self._being_made[key] = asyncio.get_running_loop().create_future()
        try:
            answer = await make()
            return self._keep(key, answer, now) or answer
        finally:
            self._being_made.pop(key).set_result(None)

    def _keep(self, key: Key, answer: Response, now: int) -> Kept | None:
        body = bytes(answer.body)
        if answer.status_code != 200 or len(body) > LARGEST or "set-cookie" in answer.headers:
            self._pages.pop(key, None)
            return None
        names = ("content-disposition",)
        headers = {name: answer.headers[name] for name in names if name in answer.headers}
        # Weak: a proxy may have packed the same bytes another way.
        tag = f'W/"{hashlib.sha256(body).hexdigest()[:20]}"'
        kept = Kept(body, answer.headers["content-type"], headers, now + LIFE * 1000, tag)
        self._pages.pop(key, None)
        self._pages[key] = kept
        while len(self._pages) > self._room:
            del self._pages[next(iter(self._pages))]
        return kept


def kept(*asked: str) -> Callable[[Page], Page]:
    """A page that is the same for everybody; `asked` are the names of the address's question that it depends on."""

    def around(page: Page) -> Page:
        @wraps(page)
        async def answered(request: Request) -> Response:
            cache: PageCache = request.app.state.page_cache
            look = look_of(request).classes
            question = tuple(request.query_params.get(name, "") for name in asked)
            if any(len(part) > _LONGEST for part in (*question, request.url.path)):
                return await page(request)
            key = (request.url.path, look, *question)
            found = await cache.get(key, services_of(request).now(), lambda: page(request))
            return found if isinstance(found, Response) else _answer(request, found, plain=not look)

        return answered

    return around


def _answer(request: Request, found: Kept, *, plain: bool) -> Response:
    headers = {
        "cache-control": f"{'public' if plain else 'private'}, max-age={LIFE}",
        "etag": found.tag,
        "vary": "Cookie",
        **found.headers,
    }
    if found.tag in [one.strip() for one in request.headers.get("if-none-match", "").split(",")]:
        return Response(status_code=304, headers=headers)
    return Response(found.body, headers=headers | {"content-type": found.media_type})
