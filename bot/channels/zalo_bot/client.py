"""The only place that talks to the Zalo Bot API."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import quote

import aiohttp
import msgspec

from bot.channels.base import Address, Failed, Outcome, Sent, Throttled, in_doubt
from bot.channels.zalo_bot.events import Answer, Hook, Me, number
from bot.channels.zalo_bot.limits import Pauses
from bot.channels.zalo_bot.outcomes import outcome
from bot.channels.zalo_bot.render import CAPABILITIES, Words, render
from bot.conversation.messages import Bubble

# Raised before the request was written: such a message has surely not arrived.
_NOT_WRITTEN = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)
_LARGEST = 1024 * 1024
"""Bytes of an answer; a real one has some hundreds."""
_REMEMBERED = 1000
_ANSWER = msgspec.json.Decoder(Answer)

T = TypeVar("T")


class Refused(Exception):
    """The Bot API said no: `code` as it gave it (0 when it gave none), `description` without the token."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description


class ZaloBotClient:
    """A bot on the Bot API at `api_base`, over one session.

    `recording(blob id)` is the address where a recording is played; `sent` is called for every message that the
    tariff counts.
    """

    capabilities = CAPABILITIES

    def __init__(
        self,
        token: str,
        *,
        words: Words,
        recording: Callable[[int], str],
        sent: Callable[[], None],
        api_base: str = "https://bot-api.zaloplatforms.com",
        timeout: float = 20.0,
    ) -> None:
        """ValueError for a token that cannot be one; `timeout` in seconds is for one call."""
        number, _, secret = token.partition(":")
        if not (number and secret and token.isascii() and token.isprintable() and not set(token) & set(" /?#%")):
            raise ValueError("the token of the Zalo bot is not of the form 123456789:abc-xyz")
        self._token = token
        self._base = api_base.rstrip("/")
        self._timeout = timeout
        self._words = words
        self._recording = recording
        self._sent = sent
        self._pauses = Pauses()
        self._session: aiohttp.ClientSession | None = None
        # How many messages of a bubble had arrived when a later one was refused: the next try goes on from there.
        self._arrived: dict[tuple[str, Bubble], int] = {}

    async def send(self, address: Address, bubble: Bubble) -> Outcome:
        """Send one bubble. `Sent.ref` is the message id of its last part."""
        recording = self._recording(bubble.audio) if bubble.audio else ""
        messages = render(address, bubble, self._words, recording)
        key = (address.chat, bubble)  # the address also says when the person wrote last, who may write on
        ref = ""
        for index in range(self._arrived.pop(key, 0), len(messages)):
            says = await self._deliver(address.chat, messages[index])
            if isinstance(says, Throttled) and index and len(self._arrived) < _REMEMBERED:
                self._arrived[key] = index
            if not isinstance(says, Sent):
                return in_doubt(says) if index else says
            ref = says.ref
        return Sent(ref)

    async def close(self) -> None:
        """Give back connections."""
        if self._session is not None:
            await self._session.close()

    async def get_updates(self, timeout: int) -> bytes:  # noqa: ASYNC109 - the platform's own parameter, in seconds
        """The raw answer of getUpdates; OSError (without the token) when none came."""
        status, body = await self._post("getUpdates", {"timeout": str(timeout)}, timeout + self._timeout)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise ConnectionError(f"HTTP {status}")
        return body

    async def me(self) -> Me:
        """Whose the token is; Refused for a wrong one, ConnectionError when out of reach."""
        return await self._shaped("getMe", {}, Me)

    async def set_webhook(self, url: str, secret: str) -> Hook:
        """Have events brought to `url`. It is kept even where the platform could not reach it: see `verification`."""
        return await self._shaped("setWebhook", {"url": url, "secret_token": secret}, Hook)

    async def delete_webhook(self) -> None:
        """Go back to asking."""
        await self._call("deleteWebhook", {})

    async def webhook_info(self) -> Hook:
        """What the platform has set."""
        return await self._shaped("getWebhookInfo", {}, Hook)

    async def _deliver(self, chat: str, params: Mapping[str, str]) -> Outcome:
        """Send a message and say what came of it; nothing the network or the platform does is raised."""
        try:
            status, body = await self._post("sendMessage", params, self._timeout)
        except NotWritten as error:
            return Failed(str(error))
        except ConnectionError as error:
            return Failed(str(error), uncertain=True)
        answer = _read(body)
        if answer is None or (answer.ok and status >= HTTPStatus.BAD_REQUEST):
            if status == HTTPStatus.TOO_MANY_REQUESTS:
                return Throttled(self._pauses.next(chat))
            # What is no answer of the Bot API: a gateway's page, half an answer, a redirect, which is not followed.
            return Failed(f"HTTP {status}, the answer could not be read", uncertain=True)
        if not answer.ok:
            code = number(answer.error_code) or status
            pause = self._pauses.next(chat) if code == HTTPStatus.TOO_MANY_REQUESTS else 0
            return outcome(code, self._redact(answer.description or ""), pause)
        self._pauses.over(chat)
        self._sent()
        return Sent(_message_id(answer.result))

    async def _shaped(self, method: str, params: Mapping[str, str], shape: type[T]) -> T:
        try:
            return msgspec.convert(await self._call(method, params), shape)
        except msgspec.ValidationError:
            raise Refused(0, "the answer could not be read") from None

    async def _call(self, method: str, params: Mapping[str, str]) -> object:
        """Make a call of the operator's; Refused or ConnectionError, neither with the token in it."""
        status, body = await self._post(method, params, self._timeout)
        answer = _read(body)
        if answer is None:
            raise Refused(status, "the answer could not be read")
        if not answer.ok:
            raise Refused(number(answer.error_code) or status, self._redact(answer.description or ""))
        return answer.result

    async def _post(self, method: str, params: Mapping[str, str], seconds: float) -> tuple[int, bytes]:
        """Status and body of a call; ConnectionError, without the token, where none came."""
        limit = aiohttp.ClientTimeout(total=seconds)
        try:
            async with self._opened().post(
                # A redirect would carry the token, which is in the address, to somebody else.
                f"{self._base}/bot{self._token}/{method}",
                json=dict(params),
                timeout=limit,
                allow_redirects=False,
            ) as response:
                return response.status, await _body(response)
        except _NOT_WRITTEN as error:
            raise NotWritten(self._redact(f"{type(error).__name__}: {error}")) from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise ConnectionError(self._redact(f"{type(error).__name__}: {error}")) from None

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        return self._session

    def _redact(self, text: str) -> str:
        return text.replace(self._token, "***").replace(quote(self._token, safe=""), "***")


class NotWritten(ConnectionError):
    """Nobody was there: the call has certainly not arrived."""


async def _body(response: aiohttp.ClientResponse) -> bytes:
    kept = bytearray()
    async for chunk in response.content.iter_chunked(_LARGEST):
        kept += chunk
        if len(kept) > _LARGEST:
            raise ValueError("the answer is too long")
    return bytes(kept)


def _read(body: bytes) -> Answer | None:
    try:
        return _ANSWER.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _message_id(result: object) -> str:
    """The id of the message; a 200 that says ok is believed without one."""
    found = result.get("message_id") if isinstance(result, dict) else None
    return str(found) if isinstance(found, str | int) else ""
