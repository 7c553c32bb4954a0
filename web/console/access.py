"""Who is at the desk: every page of an officer begins here, with the unit whose rows it may show."""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

import msgspec
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from feedback.morning import line
from feedback.notice_readers import FOR_ADMIN, FOR_KEEPER, FOR_LEADER
from feedback.roles import Actor, may, side
from feedback.states import OPEN, State
from storage import (
    call_list,
    legal_clocks,
    officer_access,
    officers,
    queue_news,
    reading_cases,
    reading_kept,
    reading_report,
    register,
    replies,
)
from storage.morning import morning
from storage.officers import Notice, Officer
from storage.tx import Tx
from surveys.waves import Owner
from web.console.own_rows import are_there
from web.console.since import sealed
from web.limits import Limits
from web.origin import is_ours
from web.pages import pages_of, services_of
from web.services import Services

COOKIE = "nghedan_can_bo"
HOME = "/can-bo/"
LOGIN = "/can-bo/dang-nhap"
LEAVE = "/can-bo/dang-xuat"
ENTRY = "/can-bo/nhap-phieu"
"""Where forms on paper are typed in."""
PROVINCE = "/can-bo/tinh"
"""Where officers of a province begin."""
_FIRST = (
    ("case.see", HOME),
    ("front.see", "/can-bo/mat-tran"),
    ("village.see", "/can-bo/thon"),
    ("entry.type", ENTRY),
    ("case.read", "/can-bo/giam-sat"),
    ("province.see", PROVINCE),
)
"""(action, page): whoever may do the first of these begins there."""
ACCOUNT = "/can-bo/tai-khoan"
"""The officer's own account: password, second step, sessions."""
OWN = "account.own"
_MAKES_FILES = frozenset({"paper.case", "paper.session", "paper.register", "paper.dossier"})
"""Actions of pages that have papers made in a child process."""
_LONGEST_PAGE = 500
STANDING = (*OPEN, State.FORWARDED)
"""What is counted on every page; what is answered is most of all there is, and nothing to do."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Shell:
    """What stands around every page: how much is new, what could not be sent, what the officers are told."""

    counts: dict[State, int]
    unsent: int
    calls: int
    notices: tuple[tuple[Notice, str], ...]
    lines_late: int = 0
    """Lines of the register of đơn that are past their term."""
    requests: int = 0
    """What people have asked about their own data, and nobody has answered yet."""
    kept: int = 0
    """Confidential cases that this officer alone may see and still owes an answer."""
    drafts: int = 0
    """Answers and reports that wait for this officer's signature."""
    since: str = ""
    """The place of the unit's newest act: what comes after it is told while the page is open (web/console/live.py)."""
    morning: str = ""
    """The line above a leader's first page: what is late and who holds it, what is hot, what waits; "" elsewhere."""


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

    @property
    def owes(self) -> str:
        """What comes before any page: "password" where somebody else knows it, "second" where that step is due."""
        if self.officer.must_change:
            return "password"
        due = self.officer.role in self.services.second_step and not self.officer.second
        return "second" if due else ""

    def may(self, action: str) -> bool:
        """Whether the officer may do this in the own unit, a village head in the own village.

        What is done to waves and surveys is meant of those of the officer's own side.
        """
        return may(self.actor, action, self.unit, village=self.officer.village, owner=self.side)

    @property
    def side(self) -> Owner:
        """Whose waves and surveys are the officer's own: the Front's or the People's Committee's."""
        return Owner(side(self.actor))

    @property
    def live_events(self) -> str:
        """Names of what the event stream may tell, with spaces between."""
        return " ".join(LIVE)

    @property
    def first(self) -> str:
        """Where this officer's day begins."""
        return next((page for action, page in _FIRST if self.may(action)), HOME)

    async def show(
        self,
        template: str,
        look: Callable[[Connection], dict[str, Any]],
        *,
        status: int = 200,
        **values: Any,  # noqa: ANN401 - handed on as it came
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

    @property
    def not_told(self) -> frozenset[str]:
        """Notices (their wording keys) that are not this officer's to read or to take away."""
        readers = ((FOR_LEADER, "case.approve"), (FOR_KEEPER, "kept.see"), (FOR_ADMIN, "routing.edit"))
        return frozenset().union(*(keys for keys, action in readers if not self.may(action)))

    def _shell(self, conn: Connection) -> Shell:
        sees = self.may("case.see")
        told = officers.unread_notices(conn, self.unit, self.not_told) if self.may("notice.see") else []
        return Shell(
            counts=reading_cases.counts(conn, self.unit, self.actor, states=STANDING)
            if sees
            else dict.fromkeys(State, 0),
            unsent=reading_cases.unsent_count(conn, self.unit) if self.may("outbox.see") else 0,
            kept=reading_kept.kept_open(conn, self.actor),
            lines_late=register.late(conn, self.actor, self.services.now()) if self.may("register.see") else 0,
            requests=legal_clocks.waiting(conn, self.unit) if self.may("data.see") else 0,
            calls=call_list.to_call_count(conn, self.unit, self.actor) if self.may("call.see") else 0,
            notices=tuple((notice, self._worded(notice)) for notice in told),
            drafts=self._to_sign(conn),
            since=sealed(self.services.vault, self.unit, queue_news.newest(conn, self.unit)) if sees else "",
            morning=self._morning(conn),
        )

    def _to_sign(self, conn: Connection) -> int:
        """Answers and reports that wait for a leader."""
        answers = replies.waiting_count(conn, self.unit) if self.may("case.approve") else 0
        return answers + (reading_report.submitted_count(conn, self.unit) if self.may("report.approve") else 0)

    def _morning(self, conn: Connection) -> str:
        """For the first page of whoever signs; its hot spots at most a minute old."""
        if self.request.url.path != HOME or not self.may("case.approve"):
            return ""
        now = self.services.now()
        hot = self.services.hot.of(conn, self.actor, now)
        return line(morning(conn, self.actor, hot, now), self.services.say)

    def _worded(self, notice: Notice) -> str:
        return self.services.say(notice.key, **msgspec.json.decode(notice.params, type=dict[str, Any]))


Page = Callable[[Desk], Awaitable[Response]]
LIVE: list[str] = []
"""Names of events (web/console/live.py) that pages are to listen to."""
ACTIONS: dict[Callable[[Request], Awaitable[Response]], str] = {}
"""Every page of the console, with the action of feedback.roles that it asks for."""


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
                return RedirectResponse(_door(request), 303)
            if not all(map(_may_be_there, request.path_params.values())):
                raise HTTPException(404)
            desk = Desk(request, services, officer)
            if desk.owes and action != OWN:
                return RedirectResponse(ACCOUNT, 303)
            _slow_down(desk, action)
            if not desk.may(action):
                if desk.first != HOME and request.method == "GET" and request.url.path == HOME:
                    return RedirectResponse(desk.first, 303)
                raise HTTPException(403)
            await _look_for(desk)
            return await page(desk)

        ACTIONS[guarded] = action
        return guarded

    return around


async def _look_for(desk: Desk) -> None:
    """404 for a form about a row that is not this officer's, before anything of the form is read."""
    request, actor = desk.request, desk.actor
    if request.method != "POST" or not request.path_params:
        return
    address, named = request.url.path, request.path_params
    if not await desk.services.store.read(lambda conn: are_there(conn, actor, address, named)):
        raise HTTPException(404)


def _slow_down(desk: Desk, action: str) -> None:
    """429 for a browser that runs away: far more forms, or files made, than anybody's hands could ask for."""
    limits: Limits = desk.request.app.state.limits
    key, now = str(desk.officer.id), desk.services.now()
    posted = desk.request.method == "POST" and not limits.posts.allows(key, now)
    if posted or (action in _MAKES_FILES and not limits.files.allows(key, now)):
        raise HTTPException(429, headers={"retry-after": "60"})


def _door(request: Request) -> str:
    """The way in, with the page that was asked for; a form that was sent leads back to the page it stood on."""
    url = request.url
    wanted = url.path + (f"?{url.query}" if url.query else "")
    if request.method != "GET":
        try:
            wanted = urlsplit(request.headers.get("referer", "")).path
        except ValueError:
            wanted = ""
    page = own_page(wanted)
    return LOGIN if page == HOME else f"{LOGIN}?{urlencode({'den': page})}"


def own_page(wanted: str) -> str:
    """A page of the console to go to after logging in; the first one where `wanted` is none."""
    plain = wanted.isascii() and wanted.isprintable() and len(wanted) <= _LONGEST_PAGE
    path = wanted.partition("?")[0]
    ours = path.startswith(HOME) and not any(sign in path for sign in ("//", "\\", ":", "/.")) and "\\" not in wanted
    return wanted if plain and ours and not path.startswith((LOGIN, LEAVE)) else HOME


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
            officer_access.touch(tx, token, now)

        await services.store.write(touch)
    return officer


def token_hash(request: Request) -> bytes | None:
    """The hash under which the store knows the session of a request."""
    token = request.cookies.get(COOKIE, "")
    return hashlib.sha256(token.encode()).digest() if token else None
