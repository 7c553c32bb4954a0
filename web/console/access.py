"""Who is at the desk: every page of an officer begins here, with the unit whose rows it may show."""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from feedback.roles import Actor, may
from feedback.states import State
from storage import deliveries, officers, reading_cases, reading_kept, register, replies
from storage.officers import Notice, Officer
from storage.tx import Tx
from web.origin import is_ours
from web.pages import pages_of, services_of
from web.services import Services

COOKIE = "nghedan_can_bo"
HOME = "/can-bo/"
LOGIN = "/can-bo/dang-nhap"
ENTRY = "/can-bo/nhap-phieu"
"""Where those begin who see no cases: Mặt trận and village heads."""
T = TypeVar("T")
_TO_SIGN = "notice.draft_waiting"
"""What only those are told who can do something about it."""


@dataclass(frozen=True, slots=True)
class Shell:
    """What stands around every page: how much is new, what could not be sent, what the officers are told."""

    counts: dict[State, int]
    unsent: int
    calls: int
    notices: tuple[tuple[Notice, str], ...]
    lines_late: int = 0
    """Lines of the register of đơn that are past their term."""
    kept: int = 0
    """Confidential cases that this officer alone may see and still owes an answer."""
    drafts: int = 0
    """Answers that wait for this officer's signature."""


@dataclass(frozen=True, slots=True)
class Desk:
    """An officer at work."""

    request: Request
    services: Services
    officer: Officer

    @property
    def actor(self) -> Actor:
        """As whom changes are asked for."""
        return self.officer.actor()

    @property
    def unit(self) -> int:
        """The unit every row must belong to."""
        return self.officer.unit

    def may(self, action: str) -> bool:
        """Whether the officer may do this in the own unit, a village head in the own village."""
        return may(self.actor, action, self.unit, village=self.officer.village)

    async def show(
        self,
        template: str,
        look: Callable[[Connection], dict[str, Any]],
        *,
        status: int = 200,
        **values: Any,  # noqa: ANN401
    ) -> Response:
        """A page from what `look` reads; 404 where it raises KeyError."""

        def whole(conn: Connection) -> tuple[dict[str, Any], Shell]:
            return look(conn), self._shell(conn)

        try:
            found, shell = await self.services.store.read(whole)
        except KeyError:
            raise HTTPException(404) from None
        page = pages_of(self.request).page
        return page(self.request, template, status=status, desk=self, shell=shell, **found, **values)

    def _shell(self, conn: Connection) -> Shell:
        sees = self.may("case.see")
        told = officers.unread_notices(conn, self.unit) if sees else []
        if not self.may("case.approve"):
            told = [notice for notice in told if notice.key != _TO_SIGN]
        return Shell(
            counts=reading_cases.counts(conn, self.unit) if sees else dict.fromkeys(State, 0),
            unsent=reading_cases.unsent_count(conn, self.unit) if self.may("outbox.see") else 0,
            kept=reading_kept.kept_open(conn, self.actor),
            lines_late=register.late(conn, self.actor, self.services.now()) if self.may("register.see") else 0,
            calls=deliveries.to_call_count(conn, self.unit) if self.may("call.see") else 0,
            notices=tuple((notice, self._worded(notice)) for notice in told),
            drafts=replies.waiting_count(conn, self.unit) if self.may("case.approve") else 0,
        )

    def _worded(self, notice: Notice) -> str:
        return self.services.say(notice.key, **msgspec.json.decode(notice.params, type=dict[str, Any]))


Page = Callable[[Desk], Awaitable[Response]]


def signed_in(action: str) -> Callable[[Page], Callable[[Request], Awaitable[Response]]]:
    """A page for officers who may do `action`; others are sent to the door, or told that it is not theirs."""

    def around(page: Page) -> Callable[[Request], Awaitable[Response]]:
        @wraps(page)
        async def guarded(request: Request) -> Response:
            services = services_of(request)
            if request.method == "POST" and not is_ours(request, services):
                raise HTTPException(403)
            officer = await current(request)
            if officer is None:
                return RedirectResponse(LOGIN, 303)
            if not all(map(_may_be_there, request.path_params.values())):
                raise HTTPException(404)
            desk = Desk(request, services, officer)
            if not desk.may(action):
                if request.method == "GET" and request.url.path == HOME and desk.may("entry.type"):
                    return RedirectResponse(ENTRY, 303)
                raise HTTPException(403)
            return await page(desk)

        return guarded

    return around


def _may_be_there(wanted: object) -> bool:
    """Whether a store can be asked for it: no id has more than 63 bits, no text holds NUL."""
    return wanted < 1 << 63 if isinstance(wanted, int) else "\0" not in str(wanted)


async def current(request: Request) -> Officer | None:
    """The officer of the session cookie; None where there is no session any more."""
    token = token_hash(request)
    if token is None:
        return None
    services = services_of(request)
    now = services.now()
    found = await services.store.read(lambda conn: officers.by_session(conn, token, now))
    if found is None:
        return None
    officer, note = found
    if note:

        def touch(tx: Tx) -> None:
            officers.touch_session(tx, token, now)

        await services.store.write(touch)
    return officer


def token_hash(request: Request) -> bytes | None:
    """The hash under which the store knows the session of a request."""
    token = request.cookies.get(COOKIE, "")
    return hashlib.sha256(token.encode()).digest() if token else None
