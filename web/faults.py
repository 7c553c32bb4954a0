"""What nobody foresaw: the person gets a page, the log gets the kind of fault and the place in the program.

Not its text: a store or a library may quote there what somebody wrote (docs/operators/install.md promises none of it).
"""

import logging
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_FRAMES = 12
_ROOT = Path(__file__).parents[1]
_LONGEST_PATH = 2000
"""Characters; the longest of ours has some two hundred. Python itself refuses to read numbers of 4,300 digits."""

log = logging.getLogger(__name__)


class Faults:
    """Plain ASGI. `page(request, fault)` is the answer; without it the server would log the whole fault."""

    def __init__(self, app: ASGIApp, page: Callable[[Request, Exception], Awaitable[Response]]) -> None:
        self.app = app
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; answer where that fails before anything was answered."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if len(scope["path"]) > _LONGEST_PATH:
            await Response(status_code=414)(scope, receive, send)
            return
        begun = False

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, noted)
        except Exception as fault:  # noqa: BLE001 - whatever it was
            log.error("%s", place_of(fault))
            if not begun:
                answer = await self._page(Request(scope), fault)
                await answer(scope, receive, send)


def place_of(fault: BaseException) -> str:
    """The kind of a fault, of its cause, and the last lines of the program that led to it; never its text."""
    frames = traceback.extract_tb(fault.__traceback__)[-_FRAMES:]
    way = " > ".join(f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames)
    cause = fault.__cause__ or fault.__context__
    return f"{type(fault).__name__}{f' of {type(cause).__name__}' if cause else ''} at {way}"


def _short(file: str) -> str:
    path = Path(file)
    return str(path.relative_to(_ROOT)) if path.is_relative_to(_ROOT) else "/".join(path.parts[-2:])
