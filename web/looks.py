"""How large and how sharp a citizen wants the pages: kept in a cookie of the browser, with and without scripts."""

import re
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from web.body import Unreadable, read_form
from web.origin import is_https, is_ours
from web.pages import pages_of, services_of
from web.visitors import guest_of

COOKIE = "xem"
_YEAR = 365 * 24 * 3600
_VALUE = re.compile(r"([123])(c?)")


class Look(NamedTuple):
    """`size` 1 to 3; `contrast`: black on white, strong lines."""

    size: int = 1
    contrast: bool = False

    @property
    def classes(self) -> str:
        """Classes of the html element (web/static/base.css)."""
        return " ".join(
            filter(None, (f"size{self.size}" if self.size > 1 else "", "contrast" if self.contrast else ""))
        )


def look_of(request: Request) -> Look:
    """What the browser's cookie says; the ordinary look for anything else."""
    found = _VALUE.fullmatch(request.cookies.get(COOKIE, ""))
    return Look(int(found[1]), bool(found[2])) if found else Look()


async def ask(request: Request) -> Response:
    """The choices, each shown as it will be."""
    guest = await guest_of(request)
    return pages_of(request).page(request, "chat/look.html", commune=guest.commune, look=look_of(request))


async def choose(request: Request) -> Response:
    """Remember the choice and go back to the chat."""
    guest = await guest_of(request)
    answer = RedirectResponse(f"/{guest.commune.slug}/#cuoi", 303)
    if not is_ours(request, services_of(request)):
        return answer
    try:
        form = await read_form(request)
    except Unreadable:
        return answer
    chosen = _VALUE.fullmatch(form["size"] + ("c" if form["contrast"] else ""))
    if chosen:
        answer.set_cookie(
            COOKIE,
            chosen[0],
            max_age=_YEAR,
            path="/",
            secure=is_https(request, services_of(request)),
            samesite="lax",
        )
    return answer


routes = [Route("/{slug}/hien-thi", ask, methods=["GET"]), Route("/{slug}/hien-thi", choose, methods=["POST"])]
