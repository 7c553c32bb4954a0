"""The only place that talks to the OpenAPI of Zalo, over one HTTP session."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any, Protocol

import aiohttp
import msgspec

from bot.channels.base import Address, Capabilities, Failed, Outcome, Sent, Throttled, WindowClosed, in_doubt
from bot.channels.zalo_oa.limits import Limits
from bot.channels.zalo_oa.outcomes import MEANINGS, MINUTE, Again, outcome, wants_operator
from bot.channels.zalo_oa.render import CAPABILITIES, PAID, ApiCall, Message, Words, closed, render
from bot.channels.zalo_oa.tokens import Pair
from bot.conversation.messages import Bubble

MAX_PICTURE = 1024 * 1024
"""Bytes of a picture that Zalo takes."""
_PICTURE_LIFE = 6 * 24 * 60 * MINUTE
_REMEMBERED = 1000
# Raised before the request was written: such a message has surely not arrived.
_NOT_WRITTEN = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)


class Refused(Exception):
    """The OpenAPI said no: `code` and `description` as in its answer, without the token."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description


class Quota(msgspec.Struct, frozen=True):
    """Messages left of those that the tariff allows."""

    left: int
    total: int


class Tokens(Protocol):
    """See bot.channels.zalo_oa.tokens."""

    async def current(self) -> Pair | None: ...
    async def renew(self, version: int) -> Pair | None: ...


async def _nobody(_code: int, _words: str) -> None:
    """Whoever is not there to be told."""


class ZaloOaClient:
    """An Official Account at `api_base`.

    `load_blob(id)` gives a picture of at most 1 MB or raises LookupError; `recording(id)` the address where one is
    played.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        tokens: Tokens,
        words: Words,
        *,
        load_blob: Callable[[int], Awaitable[bytes]],
        recording: Callable[[int], str],
        now: Callable[[], int],
        limits: Limits,
        api_base: str = "https://openapi.zalo.me",
        paid: bool = False,
        timeout: float = 15.0,
    ) -> None:
        """`paid`: messages that Zalo bills are sent too; `timeout` in seconds is for one call."""
        window = PAID if paid else CAPABILITIES.window
        self.capabilities: Capabilities = msgspec.structs.replace(CAPABILITIES, window=window)
        self._session = session
        self._tokens = tokens
        self._words = words
        self._load_blob = load_blob
        self._recording = recording
        self._now = now
        self._limits = limits
        self._base = api_base.rstrip("/")
        self._paid = paid
        self._trouble: Callable[[int, str], Awaitable[None]] = _nobody
        self._timeout = aiohttp.ClientTimeout(total=timeout)
        # How many messages of a bubble had arrived when a later one was throttled: the next try goes on from there.
        self._arrived: dict[tuple[str, Bubble], int] = {}
        self._pictures: dict[int, tuple[str, int]] = {}

    def on_trouble(self, tell: Callable[[int, str], Awaitable[None]]) -> None:
        """Have `tell(code, words)` told of what only the operator can mend, and of 0 once a message goes through."""
        self._trouble = tell

    async def send(self, address: Address, bubble: Bubble) -> Outcome:
        """Send one bubble. `Sent.ref` is the id of its last message, the one with the buttons."""
        if why := closed(address, self._now(), paid=self._paid):
            return WindowClosed(why)
        calls = render(bubble, self._words, self._recording(bubble.audio) if bubble.audio else "")
        key = (address.chat, bubble)  # the address also says when the person wrote last, who may write on
        ref = ""
        for index in range(self._arrived.pop(key, 0), len(calls)):
            says = await self._deliver(address, calls[index])
            if isinstance(says, Throttled) and index and len(self._arrived) < _REMEMBERED:
                self._arrived[key] = index
            if not isinstance(says, Sent) and calls[index].may_fail:
                continue  # the question has gone out, and can be answered in words
            if not isinstance(says, Sent):
                return in_doubt(says) if index else says
            ref = says.ref or ref
        return Sent(ref)

    async def close(self) -> None:
        """Give back connections."""
        await self._session.close()

    async def quota(self) -> Quota | None:
        """What is left of the account's messages; None where the answer has no figures (unlimited, or unknown).

        Refused or ConnectionError where there is no answer.
        """
        answer = await self._call("/v3.0/oa/quota/message", json={"quota_owner": "OA", "product_type": "cs"})
        return quota_in(answer.get("data"))

    async def name(self) -> str:
        """What the account is called, "" where not told. Refused or ConnectionError."""
        answer = await self._call("/v2.0/oa/getoa")
        data = answer.get("data")
        return str(data.get("name") or "") if isinstance(data, dict) else ""

    async def _deliver(self, address: Address, call: ApiCall) -> Outcome:
        """One message, with a new token or a picture brought up anew where that was all that was wrong."""
        renewed = uploaded = False
        while True:
            pair = await self._tokens.current()
            if pair is None:
                return Throttled(MINUTE)  # nobody has logged in: it waits, and doctor says what to do
            says = await self._once(pair, address, call)
            if says == "renew" and not renewed:
                renewed = True
                if await self._tokens.renew(pair.version) is None:
                    return Throttled(MINUTE)
            elif says == "upload" and call.blob and not uploaded:
                uploaded = True
                self._pictures.pop(call.blob, None)
            elif says == "renew":
                return Throttled(MINUTE)
            elif says == "upload":
                return Failed("the picture was not taken", retry=False)
            else:
                return says

    async def _once(self, pair: Pair, address: Address, call: ApiCall) -> Outcome | Again:
        message: Message = call.message
        if call.blob:
            picture = await self._picture(pair, call.blob)
            if not isinstance(picture, _Up):
                return picture
            message = call.with_picture(picture.id)
        answer = await self._post(
            pair, "/v3.0/oa/message/cs", json={"recipient": {"user_id": address.chat}, "message": message}
        )
        if not isinstance(answer, dict):
            return answer
        data = answer.get("data")
        await self._trouble(0, "")
        return Sent(str(data.get("message_id") or "") if isinstance(data, dict) else "")

    async def _picture(self, pair: Pair, blob: int) -> "_Up | Outcome | Again":
        known = self._pictures.get(blob)
        if known is not None and self._now() < known[1]:
            return _Up(known[0])
        try:
            content = await self._load_blob(blob)
        except LookupError:
            return Failed(f"blob {blob} is gone", retry=False)
        if len(content) > MAX_PICTURE:
            return Failed(f"blob {blob} is larger than 1 MB", retry=False)
        form = aiohttp.FormData()
        kind = "png" if content.startswith(b"\x89PNG") else "jpeg"
        form.add_field("file", content, filename=f"picture.{kind}", content_type=f"image/{kind}")
        answer = await self._post(pair, "/v2.0/oa/upload/image", data=form)
        if not isinstance(answer, dict):
            # Until a message with it is sent nothing was: a picture too many up there harms nobody.
            return msgspec.structs.replace(answer, uncertain=False) if isinstance(answer, Failed) else answer
        data = answer.get("data")
        id = str(data.get("attachment_id") or "") if isinstance(data, dict) else ""
        if not id:
            return Failed("the picture got no id")
        if len(self._pictures) >= _REMEMBERED:
            self._pictures.clear()
        self._pictures[blob] = (id, self._now() + _PICTURE_LIFE)
        return _Up(id)

    async def _post(self, pair: Pair, path: str, **body: Any) -> dict[str, Any] | Outcome | Again:  # noqa: ANN401 - handed on as it came
        """A call, and what came of it (see outcomes.py); nothing the network or the platform does is raised."""
        try:
            status, answer = await self._raw("POST", pair, path, **body)
        except _NOT_WRITTEN as fault:
            return Failed(type(fault).__name__)
        except (aiohttp.ClientError, OSError, ValueError) as fault:
            return Failed(type(fault).__name__, uncertain=True)
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            self._limits.hold_all(MINUTE, self._now())
            return Throttled(MINUTE)
        if status != HTTPStatus.OK:
            # A gateway in front of Zalo: whether what lies behind it took the message, it does not know.
            return Failed(f"HTTP {status}", uncertain=status >= HTTPStatus.INTERNAL_SERVER_ERROR)
        if answer is None:
            return Failed("the answer could not be read", uncertain=True)
        code = _code(answer)
        if code == 0:
            return answer
        words = self._redact(str(answer.get("message") or ""), pair)[:200]
        if MEANINGS.get(code) == "slow":
            self._limits.hold_all(10 * 1000, self._now())
        if wants_operator(code):
            await self._trouble(code, words)
        return outcome(code, words)

    async def _call(self, path: str, **body: Any) -> dict[str, Any]:  # noqa: ANN401 - handed on as it came
        """A call of the operator's; Refused or ConnectionError, neither with the token in it."""
        for last in (False, True):
            pair = await self._tokens.current()
            if pair is None:
                raise Refused(0, "nobody has logged in")
            try:
                status, answer = await self._raw("POST" if body else "GET", pair, path, **body)
            except (aiohttp.ClientError, OSError, ValueError) as fault:
                raise ConnectionError(type(fault).__name__) from None
            if status != HTTPStatus.OK or answer is None:
                raise ConnectionError(f"HTTP {status}")
            code = _code(answer)
            if code == 0:
                return answer
            if MEANINGS.get(code) != "renew" or last or await self._tokens.renew(pair.version) is None:
                raise Refused(code, self._redact(str(answer.get("message") or ""), pair)[:200])
        raise AssertionError("unreachable")

    async def _raw(self, method: str, pair: Pair, path: str, **body: Any) -> tuple[int, dict[str, Any] | None]:  # noqa: ANN401 - handed on as it came
        async with self._session.request(
            method,
            self._base + path,
            headers={"access_token": pair.access},
            timeout=self._timeout,
            allow_redirects=False,
            **body,
        ) as response:
            content = await response.read()
            left = response.headers.get("X-RateLimit-Remain", "")
        if left.isascii() and left.isdecimal() and len(left) < 10:
            self._limits.remains(int(left), self._now())
        try:
            answer = msgspec.json.decode(content)
        except (ValueError, RecursionError):
            answer = None
        return response.status, answer if isinstance(answer, dict) else None

    def _redact(self, text: str, pair: Pair) -> str:
        return text.replace(pair.access, "***").replace(pair.refresh, "***")


class _Up(msgspec.Struct, frozen=True):
    """A picture that is up, by Zalo's id."""

    id: str


def _code(answer: dict[str, Any]) -> int:
    """`error`, which some calls give as text; what is neither is a fault of its own."""
    code = answer.get("error", 0)
    try:
        return int(code or 0)
    except (TypeError, ValueError):
        return -1


def quota_in(data: object) -> Quota | None:
    """The smallest share left among the figures of a quota answer, however they are nested; None without any."""
    found = [quota for one in (data if isinstance(data, list) else [data]) if (quota := _figures(one)) is not None]
    return min(found, key=lambda quota: quota.left / quota.total, default=None)


def _figures(one: object) -> Quota | None:
    if not isinstance(one, dict):
        return None
    try:
        left, total = int(one["remain"]), int(one["total"])
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    return Quota(max(left, 0), total) if total > 0 else None
