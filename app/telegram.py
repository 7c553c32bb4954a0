"""Telegram switched on: aiogram enters the process here and nowhere else."""

from dataclasses import dataclass

from app.channels import Health, blob_loader
from app.logs import get_logger
from app.loops import Loops
from app.photo_jobs import Download
from app.posts import StoredPost
from app.runtime import Runtime
from app.settings import Telegram
from app.telegram_board import Board
from bot import sender
from bot.channels.telegram.acknowledge import Acknowledgements
from bot.channels.telegram.client import TelegramClient
from bot.channels.telegram.groups import Groups, Words
from bot.channels.telegram.limits import Limits
from bot.channels.telegram.polling import Polling
from bot.channels.telegram.render import Key, Keys
from bot.channels.telegram.results import Refused, TooBig
from bot.channels.telegram.webhook import TelegramDoor
from storage import conversations
from storage.channel_rows import ChannelRow

log = get_logger()
_COMMANDS = (
    "menu",
    "tra_cuu",
    "dat_lich",
    "hoi_xa",
    "rieng_tu",
    "dulieu",
    "xoa",
    "rut_dong_y",
    "ngon_ngu",
    "tro_giup",
    "huy",
    "dung",
    "nhan_tin",
)


@dataclass(slots=True)
class TelegramOn:
    """One Telegram account, with its loops."""

    runtime: Runtime
    account: int
    name: str
    settings: Telegram
    client: TelegramClient
    acknowledgements: Acknowledgements
    groups: Groups
    board: Board | None
    limits: Limits
    loops: Loops
    channel: str = "telegram"

    @classmethod
    def of(cls, runtime: Runtime, row: ChannelRow, settings: Telegram) -> "TelegramOn":
        """Ready to start. ValueError for a token that cannot be one."""
        client = TelegramClient(
            settings.token.get_secret_value(),
            load_blob=blob_loader(runtime),
            api_base=settings.api_base.rstrip("/"),
            keys=_keys(runtime),
        )
        limits, loops = Limits(), Loops("telegram", runtime.stop)
        group = str(settings.officers_chat) if settings.officers_chat else ""
        board = Board(runtime, row.id, group, client, limits, loops) if group else None
        return cls(
            runtime,
            row.id,
            row.name,
            settings,
            client,
            Acknowledgements(lambda press: client.answer_callback(press, runtime.aside(press)), runtime.count),
            _groups(runtime, client, board),
            board,
            limits,
            loops,
        )

    @property
    def webhook_url(self) -> str:
        """Where Telegram is told to knock."""
        return f"{self.runtime.settings.public_url}/webhook/telegram/{self.account}"

    def door(self) -> TelegramDoor | None:
        """The webhook's door; None while polling."""
        if self.settings.mode != "webhook":
            return None
        return TelegramDoor(
            self.account,
            self.settings.webhook_secret.get_secret_value(),
            self.runtime.receive,
            self.runtime.count,
            self.runtime.now,
            self.acknowledgements,
            self.groups.heard,
        )

    def start(self) -> None:
        """Begin to send and, when polling, to listen."""
        runtime = self.runtime
        post = StoredPost(runtime, self.account)
        self.loops.begin("sender", lambda: sender.run(self.client, post, self.limits, runtime.stop, runtime.now))
        self.loops.begin("listener", self._set_up)
        if self.board is not None:
            self.loops.begin("board", self.board.run)

    async def _set_up(self) -> None:
        """Tell Telegram how we listen; it may be out of reach for hours, then this waits and goes on."""
        runtime = self.runtime
        wait = 1.0
        while not runtime.stop.is_set():
            try:
                if self.settings.mode == "webhook":
                    await self.client.set_webhook(self.webhook_url, self.settings.webhook_secret.get_secret_value())
                else:
                    await self.client.delete_webhook()
                await self.client.set_commands([(name, runtime.wording(f"command.{name}")) for name in _COMMANDS])
                await self.client.set_commands([("start", runtime.wording("group.command.start"))], in_groups=True)
                me = await self.client.me()
                self.groups.id, self.groups.name = me.id, me.username
                break
            except (Refused, ConnectionError) as fault:
                log.warning("telegram.not_set_up", fault=str(fault))
                await self.loops.pause(wait)
                wait = min(wait * 2, 60.0)
        if self.settings.mode == "polling":
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
            in_group=self.groups.heard,
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

    async def state(self) -> Health:
        """See app.channels.ChannelOn."""
        try:
            me = await self.client.me()
            hook = await self.client.webhook_info()
        except Refused as fault:
            raise ConnectionError(str(fault)) from fault
        wanted = self.webhook_url if self.settings.mode == "webhook" else ""
        found = f"@{me.username}, {self.settings.mode}, {hook.pending} waiting"
        if hook.url != wanted:
            return Health(f"{found}, webhook {hook.url or 'not set'}", "start `nghedan serve`: it sets it")
        if self.board is not None and self.board.trouble:
            return Health(f"{found}, officers' group: {self.board.trouble}", "is the bot still in officers_chat?")
        if hook.last_error and hook.pending:
            return Health(f"{found}: {hook.last_error}", "can Telegram reach [web] public_url?")
        return Health(found)

    async def close(self) -> None:
        """Let what is under way finish, then close the connections."""
        await self.loops.finish()
        await self.acknowledgements.settle()
        await self.groups.settle()
        await self.client.close()


def _keys(runtime: Runtime) -> Keys:
    say = runtime.wording
    return Keys(
        place=Key(say("keyboard.place"), say("keyboard.place_button")),
        contact=Key(say("keyboard.contact"), say("keyboard.contact_button")),
        gone=say("keyboard.gone"),
    )


def _groups(runtime: Runtime, client: TelegramClient, board: Board | None) -> Groups:
    say = runtime.wording

    async def moved(old: str, new: str) -> None:
        if board is not None:
            await board.moved(old, new)

    words = Words(private=say("group.private"), added=say("group.added"), open=say("group.open"))
    officers = "" if board is None else board.group
    return Groups(client.post, moved, words, runtime.count, runtime.now, officers)
