"""The only place that talks to Telegram. Importing it imports aiogram (about 30 MB): only when it is on."""

import bot.channels.telegram.lazily  # noqa: F401 - before aiogram

# isort: split

from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus
from typing import Any, Literal, TypeVar
from urllib.parse import quote

import aiohttp
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import (
    AnswerCallbackQuery,
    CreateForumTopic,
    DeleteWebhook,
    EditMessageText,
    GetFile,
    GetMe,
    GetWebhookInfo,
    Response,
    SendAudio,
    SendDocument,
    SendMessage,
    SendPhoto,
    SendVoice,
    SetMyCommands,
    SetWebhook,
    TelegramMethod,
)
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeDefault,
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
)

from bot.channels.base import Address, Failed, Gone, Outcome, Sent, Throttled, in_doubt
from bot.channels.telegram.keyboard import can_be_linked
from bot.channels.telegram.outcomes import has_no_topics, outcome
from bot.channels.telegram.render import CAPABILITIES, ApiCall, Keys, anew, render, with_keys
from bot.channels.telegram.results import Me, Moved, Refused, TooBig, WebhookState
from bot.channels.telegram.updates import ALLOWED_UPDATES
from bot.channels.texts import split
from bot.conversation.messages import Aside, Bubble, Button

_METHODS: dict[str, type[TelegramMethod[Any]]] = {
    "sendMessage": SendMessage,
    "editMessageText": EditMessageText,
    "sendPhoto": SendPhoto,
    "sendAudio": SendAudio,
    "sendVoice": SendVoice,
    "sendDocument": SendDocument,
}
# Built now, not while somebody waits for the first answer.
_USED: tuple[Any, ...] = (*_METHODS.values(), CreateForumTopic, GetFile)
_ANSWERS = [Response.__class_getitem__(method.__returning__) for method in _USED]
for _model in (*_USED, *_ANSWERS):
    _model.model_rebuild()
_CODES: dict[type[TelegramAPIError], int] = {
    TelegramBadRequest: 400,
    TelegramUnauthorizedError: 401,
    TelegramForbiddenError: 403,
    TelegramNotFound: 404,
    TelegramConflictError: 409,
    TelegramEntityTooLarge: 413,
    TelegramRetryAfter: 429,
    TelegramServerError: 500,
}
# Raised before the request was written: such a message has surely not arrived.
_NOT_WRITTEN = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)
_REMEMBERED = 1000
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_MOST_ASIDE = 200
"""UTF-16 units of what is shown to whoever pressed a button (core.telegram.org/bots/api#answercallbackquery)."""

T = TypeVar("T")


class _Session(AiohttpSession):
    """aiogram's session, but a gateway's HTML page is a server error, and closing takes no nap."""

    def check_response(self, bot: Bot, method: TelegramMethod[T], status_code: int, content: str) -> Response[T]:
        if status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise TelegramServerError(method=method, message=f"HTTP {status_code}")
        return super().check_response(bot, method, status_code, content)

    async def close(self) -> None:
        # aiogram sleeps a quarter of a second here for TLS connections to end; aiohttp itself waits for them by now.
        if self._session is not None:
            await self._session.close()


class TelegramClient:
    """A bot on the Bot API at `api_base`. `load_blob(id)` gives a picture's bytes or raises LookupError.

    Without `keys`, the words around them, no button is shown in place of the letters.
    """

    capabilities = CAPABILITIES

    def __init__(
        self,
        token: str,
        *,
        load_blob: Callable[[int], Awaitable[bytes]],
        api_base: str = "https://api.telegram.org",
        timeout: float = 20.0,
        keys: Keys | None = None,
    ) -> None:
        """ValueError for a token that cannot be one; `timeout` in seconds is for one call."""
        number, _, secret = token.partition(":")
        if not (number.isdecimal() and secret and token.isascii() and token.isprintable() and " " not in token):
            raise ValueError("the Telegram token is not of the form 123456:ABC-DEF")
        self._token = token
        self._timeout = timeout
        self._load_blob = load_blob
        self._session = _Session(api=TelegramAPIServer.from_base(api_base), timeout=timeout)
        self._bot = Bot(token, session=self._session)
        self._keys = keys
        # What is left of a bubble when one of its calls was throttled, and the id of what has gone out: the next try
        # goes on from there. Only then, because only a throttled message is sure to be tried again; after a failure
        # all parts come again. By chat and not by address: that says when the person wrote last, who may write on.
        self._left: dict[tuple[str, Bubble], tuple[tuple[ApiCall, ...], str]] = {}
        # Chat -> what the button in place of its letters sends. A process that starts anew knows of none: such a
        # button then stays folded away beside the letters until the next one, which does no harm.
        self._shown: dict[str, str] = {}

    async def send(self, address: Address, bubble: Bubble) -> Outcome:
        """Send or edit one bubble. `Sent.ref` is the message id of its last part, the one with the choices."""
        left = self._left.pop((address.chat, bubble), None)
        calls, ref = left or (self._calls(address, bubble), address.edits)
        arrived = left is not None  # only what has begun to arrive is kept
        for index, call in enumerate(calls):
            says = await self._deliver(call)
            if isinstance(says, Throttled) and arrived and len(self._left) < _REMEMBERED:
                self._left[address.chat, bubble] = (calls[index:], ref)
            if isinstance(says, Failed) and call.may_fail:
                continue  # the words of a question never wait for its recording
            if not isinstance(says, Sent):
                return in_doubt(says) if arrived else says
            arrived = True
            if call.keys:
                self._remember_keys(address.chat, call.keys)
            if call.keys in ("", "none") and not call.may_fail:
                ref = says.ref or ref
        return Sent(ref)

    def _calls(self, address: Address, bubble: Bubble) -> tuple[ApiCall, ...]:
        if self._keys is None:
            return render(address, bubble)
        return with_keys(address, bubble, self._keys, self._shown.get(address.chat, ""))

    def _remember_keys(self, chat: str, keys: str) -> None:
        self._shown.pop(chat, None)
        if keys != "none":
            self._shown[chat] = keys
        if len(self._shown) > _REMEMBERED:
            del self._shown[next(iter(self._shown))]

    async def close(self) -> None:
        """Give back connections."""
        await self._session.close()

    async def answer_callback(self, callback: str, aside: Aside | None = None) -> Outcome:
        """Stop a pressed button from spinning, with words for whoever pressed it alone where there are any.

        Never raises for what Telegram says (it may well be too late).
        """
        press = AnswerCallbackQuery(callback_query_id=callback)
        if aside is not None:
            press.text, press.show_alert = split(aside.text, _MOST_ASIDE)[0], aside.loud
        says = await self._try(press)
        return Sent() if isinstance(says, str | Moved) else says

    async def get_updates(self, offset: int, timeout: int) -> bytes:  # noqa: ASYNC109 - Telegram's own parameter
        """The raw answer of getUpdates, which may be a refusal; OSError (without the token) when none came."""
        session = await self._session.create_session()
        ask = {"offset": offset, "timeout": timeout, "allowed_updates": list(ALLOWED_UPDATES)}
        limit = aiohttp.ClientTimeout(total=timeout + self._timeout)
        try:
            url = self._session.api.api_url(self._token, "getUpdates")
            async with session.post(url, json=ask, timeout=limit) as response:
                body = await response.read()
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise ConnectionError(self._redact(f"{type(error).__name__}: {error}")) from None
        if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise ConnectionError(f"HTTP {response.status}")
        return body

    async def me(self) -> Me:
        """Who the token belongs to; Refused with 401 or 404 for a wrong one, ConnectionError when out of reach."""
        me = await self._call(GetMe())
        return Me(me.id, me.username or "", me.full_name)

    async def set_webhook(self, url: str, secret: str, allowed_updates: Sequence[str] = ALLOWED_UPDATES) -> None:
        """Have updates brought to `url`; those waiting are kept."""
        await self._call(SetWebhook(url=url, secret_token=secret, allowed_updates=list(allowed_updates)))

    async def delete_webhook(self) -> None:
        """Go back to polling; updates that wait are never dropped."""
        await self._call(DeleteWebhook())

    async def webhook_info(self) -> WebhookState:
        """What Telegram has set."""
        info = await self._call(GetWebhookInfo())
        return WebhookState(info.url, info.pending_update_count, info.last_error_message or "")

    async def set_commands(self, commands: Sequence[tuple[str, str]], *, in_groups: bool = False) -> None:
        """The commands menu, as (name without slash, description); in groups, which else show that of everywhere.

        It is in Vietnamese for whatever language a telephone is set to: no other has been checked by its speakers.
        """
        scope = BotCommandScopeAllGroupChats() if in_groups else BotCommandScopeDefault()
        menu = [BotCommand(command=name, description=text) for name, text in commands]
        await self._call(SetMyCommands(commands=menu, scope=scope))

    async def post(
        self,
        chat: str,
        text: str,
        label: str,
        url: str,
        *,
        topic: int = 0,
        ways: Sequence[Button] = (),
        edits: str = "",
    ) -> Outcome | Moved:
        """A message to a group, in one of its topics or (0) in none, with a button that opens `url`.

        `ways` are pressed in the group itself; `edits` is the message of ours that it takes the place of, "" for none:
        Failed without another try where that one is gone.
        """
        opens = [InlineKeyboardButton(text=label, url=url)] if can_be_linked(url) else []
        row = [InlineKeyboardButton(text=way.label, callback_data=way.id) for way in ways] + opens
        shown, keyboard = text if opens else f"{text}\n{url}", InlineKeyboardMarkup(inline_keyboard=[row])
        message: TelegramMethod[Any] = SendMessage(
            chat_id=int(chat), text=shown, message_thread_id=topic or None, link_preview_options=_NO_PREVIEW
        )
        if edits:
            message = EditMessageText(
                chat_id=int(chat), text=shown, message_id=int(edits), link_preview_options=_NO_PREVIEW
            )
        says = await self._try(message.model_copy(update={"reply_markup": keyboard if row else None}))
        return Failed(says, retry=False) if isinstance(says, str) else says

    async def open_topic(self, chat: str, name: str) -> int:
        """A new topic of a forum; 0 where the group has none, or we may not open any. Refused, ConnectionError."""
        try:
            topic = await self._call(CreateForumTopic(chat_id=int(chat), name=name[:128]))
        except Refused as refused:
            if has_no_topics(refused.description):
                return 0
            raise
        return topic.message_thread_id

    async def download(self, file_id: str, limit: int) -> bytes:
        """A file a person sent; TooBig as soon as it is known to exceed `limit` bytes, Refused when it is gone."""
        try:
            file = await self._call(GetFile(file_id=file_id))
        except Refused as refused:
            if "too big" in refused.description:
                raise TooBig(refused.description) from None
            raise
        if file.file_size and file.file_size > limit:
            raise TooBig(f"{file.file_size} bytes")
        url = self._session.api.file_url(self._token, quote(file.file_path or ""))
        session = await self._session.create_session()
        try:
            # A redirect could lead the server anywhere, also to addresses of its own network.
            async with session.get(
                url, timeout=aiohttp.ClientTimeout(self._timeout), allow_redirects=False
            ) as response:
                if response.status != HTTPStatus.OK:
                    raise Refused(response.status, "the file cannot be fetched")
                return await _at_most(response, limit)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise ConnectionError(self._redact(f"{type(error).__name__}: {error}")) from None

    async def _deliver(self, call: ApiCall) -> Outcome:
        params = dict(call.params)
        if call.blob:
            try:
                params[call.field] = BufferedInputFile(await self._load_blob(call.blob), call.name)
            except LookupError:
                return Failed(f"blob {call.blob} is gone", retry=False)
        says = await self._try(_METHODS[call.method](**params))
        if isinstance(says, Moved):
            return Gone("migrated")  # groups alone move, and nothing of a person's is said in one
        return await self._deliver(anew(call)) if isinstance(says, str) else says

    async def _try(self, method: TelegramMethod[Any]) -> Outcome | Moved | Literal["anew"]:
        """Make a call and say what came of it (see outcomes.py); nothing the network or the platform does is raised."""
        try:
            result = await self._bot(method)
        except TelegramNetworkError as error:
            if isinstance(error, TelegramEntityTooLarge):
                return outcome(413, self._redact(error.message))
            written = not isinstance(error.__cause__, _NOT_WRITTEN)
            return Failed(self._redact(error.message), uncertain=written)
        except TelegramMigrateToChat as error:
            return Moved(str(error.migrate_to_chat_id))
        except TelegramAPIError as error:
            after = error.retry_after if isinstance(error, TelegramRetryAfter) else 0
            return outcome(_CODES.get(type(error), 400), self._redact(error.message), after)
        except ClientDecodeError as error:
            return _half_understood(error.data)
        except (OSError, ValueError) as error:
            # An answer in no known encoding, a host name that is none, a socket error aiohttp does not wrap.
            return Failed(type(error).__name__, uncertain=True)
        return Sent(str(result.message_id)) if isinstance(result, Message) else Sent()

    async def _call(self, method: TelegramMethod[T]) -> T:
        """Make a call of the operator's; Refused or ConnectionError, neither with the token in it."""
        try:
            return await self._bot(method)
        except TelegramNetworkError as error:
            raise ConnectionError(self._redact(error.message)) from None
        except TelegramAPIError as error:
            after = error.retry_after * 1000 if isinstance(error, TelegramRetryAfter) else 0
            to = str(error.migrate_to_chat_id) if isinstance(error, TelegramMigrateToChat) else ""
            code = _CODES.get(type(error), 0)
            raise Refused(code, self._redact(error.message), after=after, moved_to=to) from None
        except OSError as error:
            raise ConnectionError(self._redact(f"{type(error).__name__}: {error}")) from None
        except (AiogramError, ValueError) as error:
            raise Refused(0, f"the answer could not be read ({type(error).__name__})") from None

    def _redact(self, text: str) -> str:
        return text.replace(self._token, "***").replace(quote(self._token), "***")


def _half_understood(data: object) -> Outcome:
    """A 200 that aiogram could not read: a newer Bot API may still have told us the message id."""
    result = data.get("result") if isinstance(data, dict) and data.get("ok") is True else None
    if isinstance(result, dict) and isinstance(result.get("message_id"), int):
        return Sent(str(result["message_id"]))
    return Failed("the answer could not be read", uncertain=True)


async def _at_most(response: aiohttp.ClientResponse, limit: int) -> bytes:
    kept = bytearray()
    async for chunk in response.content.iter_chunked(64 * 1024):
        kept += chunk
        if len(kept) > limit:
            raise TooBig(f"more than {limit} bytes")
    return bytes(kept)
