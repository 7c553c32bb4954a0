"""Telegram switched on: aiogram enters the process here and nowhere else."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

from app.logs import get_logger
from app.photo_jobs import Download
from app.posts import StoredPost
from app.runtime import Runtime
from bot import sender
from bot.channels.telegram.acknowledge import Acknowledgements
from bot.channels.telegram.client import Refused, TelegramClient, TooBig
from bot.channels.telegram.limits import Limits
from bot.channels.telegram.polling import Polling
from bot.channels.telegram.webhook import TelegramDoor
from storage import conversations, units
from storage.blobs import Damaged
from storage.tx import Tx

log = get_logger()
_COMMANDS = ("menu", "tra_cuu", "rieng_tu", "ngon_ngu", "tro_giup", "huy", "dung", "nhan_tin")


@dataclass(slots=True)
class TelegramOn:
    """The Telegram account of the first commune, with its loops."""

    runtime: Runtime
    account: int
    client: TelegramClient
    acknowledgements: Acknowledgements
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    @property
    def webhook_url(self) -> str:
        """Where Telegram is told to knock."""
        return f"{self.runtime.settings.public_url}/webhook/telegram/{self.account}"

    def door(self) -> TelegramDoor | None:
        """The webhook's door; None while polling."""
        telegram = self.runtime.settings.telegram
        if telegram.mode != "webhook":
            return None
        return TelegramDoor(
            self.account,
            telegram.webhook_secret.get_secret_value(),
            self.runtime.receive,
            self.runtime.count,
            self.runtime.now,
            self.acknowledgements,
        )

    def start(self) -> None:
        """Begin to send and, when polling, to listen."""
        runtime = self.runtime
        post = StoredPost(runtime, self.account)
        limits = Limits()
        self._begin("sender", lambda: sender.run(self.client, post, limits, runtime.stop, runtime.now))
        self._begin("listener", self._set_up)

    def _begin(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        self.tasks.append(asyncio.ensure_future(self._keep_going(name, work)))

    async def _keep_going(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Whatever ends the work before its time (a store that is locked or full), it is begun again."""
        while not self.runtime.stop.is_set():
            try:
                await work()
            except Exception as fault:  # noqa: BLE001 - a bot that has gone deaf or dumb without a word is the worst
                log.error("telegram.failed", work=name, fault=type(fault).__name__)
                await self._pause(1.0)
            else:
                return

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self.runtime.stop.wait(), seconds)

    async def _set_up(self) -> None:
        """Tell Telegram how we listen; it may be out of reach for hours, then this waits and goes on."""
        runtime = self.runtime
        telegram = runtime.settings.telegram
        wait = 1.0
        while not runtime.stop.is_set():
            try:
                if telegram.mode == "webhook":
                    await self.client.set_webhook(self.webhook_url, telegram.webhook_secret.get_secret_value())
                else:
                    await self.client.delete_webhook()
                await self.client.set_commands([(name, runtime.wording(f"command.{name}")) for name in _COMMANDS])
                break
            except (Refused, ConnectionError) as fault:
                log.warning("telegram.not_set_up", fault=str(fault))
                await self._pause(wait)
                wait = min(wait * 2, 60.0)
        if telegram.mode == "polling":
            await self._poll()

    async def _poll(self) -> None:
        runtime = self.runtime

        async def load() -> int:
            return int(await runtime.store.read(lambda conn: conversations.cursor(conn, self.account)) or 0)

        async def save(offset: int) -> None:
            await runtime.store.write(
                lambda tx: conversations.save_cursor(tx, self.account, str(offset), runtime.now())
            )

        await Polling(
            channel_account=self.account,
            fetch=self.client.get_updates,
            receive=runtime.receive,
            load_cursor=load,
            save_cursor=save,
            count=runtime.count,
            now=runtime.now,
            conflict=lambda why: log.error("telegram.conflict", why=why),
            acknowledgements=self.acknowledgements,
        ).run(runtime.stop)

    def downloads(self) -> dict[int, Download]:
        """How pictures of this account come over."""

        async def download(ref: str, limit: int) -> bytes:
            try:
                return await self.client.download(ref, limit)
            except TooBig as fault:
                raise ValueError("too big") from fault
            except Refused as fault:
                raise ConnectionError(str(fault)) from fault

        return {self.account: download}

    async def close(self) -> None:
        """Let what is under way finish, then close the connections."""
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await self.acknowledgements.settle()
        await self.client.close()


async def switch_on(runtime: Runtime) -> TelegramOn:
    """Telegram of the first commune, ready to start. ValueError for a token that cannot be one."""

    async def load_blob(id: int) -> bytes:
        try:
            data = await runtime.blobs.get(id)
        except Damaged as fault:
            raise LookupError(id) from fault
        if data is None:
            raise LookupError(id)
        return data

    telegram = runtime.settings.telegram
    client = TelegramClient(
        telegram.token.get_secret_value(), load_blob=load_blob, api_base=telegram.api_base.rstrip("/")
    )

    def account(tx: Tx) -> int:
        commune = units.communes(tx.conn)[0]
        return conversations.ensure_channel_account(tx, commune.id, "telegram")

    return TelegramOn(
        runtime,
        await runtime.store.write(account),
        client,
        Acknowledgements(client.answer_callback, runtime.count),
    )
