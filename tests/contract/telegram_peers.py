"""The two independent Telegram clients behind one set of words: each calls the Bot API in its own way."""

from __future__ import annotations

from typing import Any, Protocol

import telegram
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramConflictError,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllGroupChats,
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from telegram.request import HTTPXRequest

from tests.fakes.telegram import FakeTelegram

BUTTONS = [[("Có", "n1:co"), ("Không", "n1:khong")], [("Bỏ qua", "go:skip")]]


class Peer(Protocol):
    """One library behind the words of the tests; `bot` is its own client, values are its own types."""

    bot: Any
    flooded: type[Exception]
    forbidden: type[Exception]
    refused: type[Exception]
    conflict: type[Exception]
    unauthorized: type[Exception]
    moved: type[Exception]

    def with_token(self, token: str) -> Any: ...
    def keyboard(self) -> Any: ...
    def upload(self, content: bytes) -> Any: ...
    def commands(self) -> Any: ...
    def keys(self) -> Any: ...
    def no_keys(self) -> Any: ...
    def groups(self) -> Any: ...
    def moved_to(self, error: Any) -> int: ...
    async def fetch(self, file: Any) -> bytes: ...
    async def close(self) -> None: ...


class Aiogram:
    flooded, forbidden, refused = TelegramRetryAfter, TelegramForbiddenError, TelegramBadRequest
    conflict, unauthorized, moved = TelegramConflictError, TelegramUnauthorizedError, TelegramMigrateToChat

    def __init__(self, fake: FakeTelegram) -> None:
        self._session = AiohttpSession(api=TelegramAPIServer.from_base(fake.api_base))
        self.bot = self.with_token(fake.token)

    def with_token(self, token: str) -> Bot:
        return Bot(token, session=self._session)

    def keyboard(self) -> InlineKeyboardMarkup:
        rows = [[InlineKeyboardButton(text=label, callback_data=data) for label, data in row] for row in BUTTONS]
        return InlineKeyboardMarkup(inline_keyboard=rows)

    def upload(self, content: bytes) -> BufferedInputFile:
        return BufferedInputFile(content, "anh.jpg")

    def commands(self) -> list[BotCommand]:
        return [BotCommand(command="menu", description="Mở bảng chọn")]

    def keys(self) -> ReplyKeyboardMarkup:
        place = KeyboardButton(text="Gửi vị trí", request_location=True)
        own = KeyboardButton(text="Gửi số", request_contact=True)
        return ReplyKeyboardMarkup(keyboard=[[place, own]], resize_keyboard=True, one_time_keyboard=True)

    def no_keys(self) -> ReplyKeyboardRemove:
        return ReplyKeyboardRemove()

    def groups(self) -> BotCommandScopeAllGroupChats:
        return BotCommandScopeAllGroupChats()

    def moved_to(self, error: TelegramMigrateToChat) -> int:
        return error.migrate_to_chat_id

    async def fetch(self, file: Any) -> bytes:
        stream = await self.bot.download_file(file.file_path)
        assert stream is not None
        return stream.read()

    async def close(self) -> None:
        await self._session.close()


class PythonTelegramBot:
    flooded, forbidden, refused = telegram.error.RetryAfter, telegram.error.Forbidden, telegram.error.BadRequest
    conflict, unauthorized = telegram.error.Conflict, telegram.error.InvalidToken
    moved = telegram.error.ChatMigrated

    def __init__(self, fake: FakeTelegram) -> None:
        self._base = fake.api_base
        self._requests: list[HTTPXRequest] = []
        self.bot = self.with_token(fake.token)

    def with_token(self, token: str) -> telegram.Bot:
        calling, polling = HTTPXRequest(), HTTPXRequest()
        self._requests += [calling, polling]
        return telegram.Bot(
            token,
            base_url=f"{self._base}/bot",
            base_file_url=f"{self._base}/file/bot",
            request=calling,
            get_updates_request=polling,
        )

    def keyboard(self) -> telegram.InlineKeyboardMarkup:
        rows = [[telegram.InlineKeyboardButton(label, callback_data=data) for label, data in row] for row in BUTTONS]
        return telegram.InlineKeyboardMarkup(rows)

    def upload(self, content: bytes) -> bytes:
        return content

    def commands(self) -> list[telegram.BotCommand]:
        return [telegram.BotCommand("menu", "Mở bảng chọn")]

    def keys(self) -> telegram.ReplyKeyboardMarkup:
        place = telegram.KeyboardButton("Gửi vị trí", request_location=True)
        own = telegram.KeyboardButton("Gửi số", request_contact=True)
        return telegram.ReplyKeyboardMarkup([[place, own]], resize_keyboard=True, one_time_keyboard=True)

    def no_keys(self) -> telegram.ReplyKeyboardRemove:
        return telegram.ReplyKeyboardRemove()

    def groups(self) -> telegram.BotCommandScopeAllGroupChats:
        return telegram.BotCommandScopeAllGroupChats()

    def moved_to(self, error: telegram.error.ChatMigrated) -> int:
        return error.new_chat_id

    async def fetch(self, file: Any) -> bytes:
        return bytes(await file.download_as_bytearray())

    async def close(self) -> None:
        for request in self._requests:
            await request.shutdown()
