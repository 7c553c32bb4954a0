"""Every channel account of the store, switched on: listening, sending, and closed at the end."""

import gc
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol, TypeVar, runtime_checkable

import msgspec
from pydantic import BaseModel, ValidationError

from app.logs import get_logger
from app.photo_jobs import Download
from app.runtime import Runtime
from app.settings import Settings, Telegram, ZaloBot, ZaloOa
from bot.channels.base import Door
from storage import channel_rows
from storage.blobs import Damaged
from storage.channel_rows import ChannelRow

log = get_logger()
Section = TypeVar("Section", bound=BaseModel)


class Health(msgspec.Struct, frozen=True):
    """How an account stands on its platform: `found` in words, `todo` what to do ("" where all is well)."""

    found: str
    todo: str = ""


class ChannelOn(Protocol):
    """One channel account of ours with its loops."""

    @property
    def account(self) -> int: ...

    @property
    def channel(self) -> str: ...

    @property
    def name(self) -> str:
        """ "" for the account of the settings file."""
        ...

    def door(self) -> Door | None:
        """Where its platform knocks; None where we ask the platform instead."""
        ...

    def downloads(self) -> Mapping[int, Download]:
        """How pictures and voices of this account come over."""
        ...

    def start(self) -> None:
        """Begin to send and to listen."""
        ...

    async def state(self) -> "Health":
        """What the platform says of the account now. ConnectionError where it does not answer or refuses us."""
        ...

    async def close(self) -> None:
        """Let what is under way finish, then close the connections."""
        ...


@runtime_checkable
class LogsIn(Protocol):
    """A channel account whose administrator gives permission in a browser."""

    @property
    def account(self) -> int: ...

    @property
    def channel(self) -> str: ...

    async def finish_login(self, code: str, state: str, oa_id: str) -> str:
        """Finish the login that a browser came back from; see web.services.FinishLogin."""
        ...


def config_of(row: ChannelRow, settings: Section) -> Section | None:
    """The settings of one account: its own, or for the first one (name "") those of the file; None where it has none.

    An account whose own settings cannot be used is left off, with a line in the log, and the others go on.
    """
    if row.config is None:
        return None if row.name else settings
    try:
        return type(settings).model_validate(row.config)
    except ValidationError as fault:
        log.error("channel.bad_settings", channel=row.channel, account=row.id, faults=fault.error_count())
        return None


def chat_address(settings: Settings, channel: str) -> str:
    """The address that opens a chat with the account of the settings, "" where none is known."""
    match channel:
        case "telegram" if settings.telegram.name:
            return f"https://t.me/{settings.telegram.name}"
        case "zalo_oa" if settings.zalo_oa.oa_id:
            return f"https://zalo.me/{settings.zalo_oa.oa_id}"
        case "zalo_bot":
            return settings.zalo_bot.link
        case _:
            return ""


async def accounts_on(runtime: Runtime) -> list[ChannelRow]:
    """The active accounts that messages are pushed to."""
    rows = await runtime.store.read(lambda conn: channel_rows.rows(conn, runtime.vault))
    return [row for row in rows if row.active and row.channel in _SWITCHES]


async def switch_on(runtime: Runtime) -> list[ChannelOn]:
    """Every account that has what it needs, ready to start."""
    found: list[ChannelOn] = []
    for row in await accounts_on(runtime):
        on = await _SWITCHES[row.channel](runtime, row)
        if on is not None:
            found.append(on)
    return found


def blob_loader(runtime: Runtime) -> Callable[[int], Awaitable[bytes]]:
    """load(blob id) -> its bytes; LookupError where it is gone or damaged."""

    async def load(id: int) -> bytes:
        try:
            data = await runtime.blobs.get(id)
        except Damaged as fault:
            raise LookupError(id) from fault
        if data is None:
            raise LookupError(id)
        return data

    return load


async def _telegram(runtime: Runtime, row: ChannelRow) -> ChannelOn | None:
    section: Telegram | None = config_of(row, runtime.settings.telegram)
    if section is None or not section.token.get_secret_value():
        return None
    gc.disable()  # nothing of an import is garbage, and looking for it makes this one an eighth longer
    from app.telegram import TelegramOn

    gc.enable()
    return TelegramOn.of(runtime, row, section)


async def _zalo_oa(runtime: Runtime, row: ChannelRow) -> ChannelOn | None:
    section: ZaloOa | None = config_of(row, runtime.settings.zalo_oa)
    if section is None or not section.oa_id:
        return None
    from app.zalo_oa import ZaloOaOn

    return ZaloOaOn.of(runtime, row, section)


async def _zalo_bot(runtime: Runtime, row: ChannelRow) -> ChannelOn | None:
    section: ZaloBot | None = config_of(row, runtime.settings.zalo_bot)
    if section is None or not section.token.get_secret_value():
        return None
    from app.zalo_bot import ZaloBotOn

    return ZaloBotOn.of(runtime, row, section)


_SWITCHES: dict[str, Callable[[Runtime, ChannelRow], Awaitable[ChannelOn | None]]] = {
    "telegram": _telegram,
    "zalo_oa": _zalo_oa,
    "zalo_bot": _zalo_bot,
}
