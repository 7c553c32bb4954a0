"""A bot of the Zalo Bot Platform switched on."""

import asyncio
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from app.channels import Health
from app.logs import get_logger
from app.loops import Loops
from app.photo_jobs import Download
from app.posts import StoredPost
from app.runtime import Runtime
from app.settings import ZaloBot
from bot import sender
from bot.channels.fetching import Fetcher
from bot.channels.zalo_bot.client import Refused, ZaloBotClient
from bot.channels.zalo_bot.limits import Limits
from bot.channels.zalo_bot.polling import Polling
from bot.channels.zalo_bot.render import Words
from bot.channels.zalo_bot.webhook import ZaloBotDoor
from bot.conversation.messages import Inbound
from storage import channel_rows, counters, recordings
from storage.channel_rows import ChannelRow
from vietnam.time import MINUTE, day_of

log = get_logger()
HOOK, VERIFIED = "webhook.set", "webhook.verified"
_WELL = "webhook.ok"
_LEAST_SHARE = 0.1
_POLLING_LOSES = "polling: what people write while `nghedan serve` is down is lost"


@dataclass(slots=True)
class ZaloBotOn:
    """One bot, with its loops."""

    runtime: Runtime
    account: int
    name: str
    settings: ZaloBot
    client: ZaloBotClient
    fetcher: Fetcher
    loops: Loops
    channel: str = "zalo_bot"
    _heard: int = 0
    _told: asyncio.Event = field(default_factory=asyncio.Event)
    """Unset from the start of the loops until Zalo was told for the first time how we listen, or could not be."""

    def __post_init__(self) -> None:
        self._told.set()

    @classmethod
    def of(cls, runtime: Runtime, row: ChannelRow, settings: ZaloBot) -> "ZaloBotOn":
        """Ready to start. ValueError for a token that cannot be one."""
        client = ZaloBotClient(
            settings.token.get_secret_value(),
            words=Words(
                ways=runtime.wording.texts["typed.ways"],
                recording=runtime.wording.texts["typed.recording"],
            ),
            recording=lambda blob: f"{runtime.settings.public_url}/nghe/{recordings.make(runtime.vault, blob)}",
            sent=lambda: runtime.count(_counter(row.id)),
            api_base=settings.api_base,
        )
        # Pictures lie where the platform keeps them: only a platform on this machine keeps them on this machine.
        near = urlsplit(settings.api_base).hostname in {"127.0.0.1", "::1", "localhost"}
        fetcher = Fetcher(allow_private=near)
        return cls(runtime, row.id, row.name, settings, client, fetcher, Loops("zalo_bot", runtime.stop))

    @property
    def webhook_url(self) -> str:
        """Where the platform is told to knock."""
        return f"{self.runtime.settings.public_url}/webhook/zalo_bot/{self.account}"

    def door(self) -> ZaloBotDoor | None:
        """The webhook's door; None while polling."""
        if self.settings.mode != "webhook":
            return None
        secret = self.settings.webhook_secret.get_secret_value()
        return ZaloBotDoor(self.account, secret, self._receive, self.runtime.count, self.runtime.now)

    def downloads(self) -> dict[int, Download]:
        """How pictures and voices of this account come over: from an address that the event names, no token needed."""
        return {self.account: self.fetcher.fetch}

    def start(self) -> None:
        """Begin to send and, when polling, to listen."""
        self._told.clear()
        runtime = self.runtime
        post = StoredPost(runtime, self.account)
        limits = Limits()
        self.loops.begin("sender", lambda: sender.run(self.client, post, limits, runtime.stop, runtime.now))
        self.loops.begin("listener", self._listen)

    async def state(self) -> Health:
        """See app.channels.ChannelOn. What is being set just now is waited for: it is no fault yet."""
        await self._told.wait()
        try:
            me = await self.client.me()
            hook = await self.client.webhook_info()
        except Refused as fault:
            raise ConnectionError(str(fault)) from fault
        found = f"{me.account_name or me.id} {me.account_type}".strip()
        sent, most = await self._sent_this_month(), self.settings.monthly_messages
        if most:
            found = f"{found}, {sent} of {most} messages of this month"
        if wrong := await self._fault_of_hook(hook.url or ""):
            return Health(f"{found}, {wrong[0]}", wrong[1])
        if self.settings.mode == "polling":
            found = f"{found}, {_POLLING_LOSES}"
        if most and most - sent < most * _LEAST_SHARE:
            todo = "a larger tariff of the Zalo Bot Platform, or an Official Account: [zalo_oa]"
            return Health(f"{found}, {max(most - sent, 0)} left", todo)
        return Health(found)

    async def close(self) -> None:
        """Let what is under way finish, then close the connections."""
        await self.loops.finish()
        await self.fetcher.close()
        await self.client.close()

    async def _sent_this_month(self) -> int:
        first = day_of(self.runtime.now()).replace(day=1)
        return await self.runtime.store.read(lambda conn: counters.since(conn, _counter(self.account), first))

    async def _fault_of_hook(self, url: str) -> tuple[str, str] | None:
        """What is wrong with the webhook, and what to do; None where it is as it should be."""
        if self.settings.mode == "polling":
            return (f"a webhook is set: {url}", "start `nghedan serve`: it takes it away") if url else None
        if url != self.webhook_url:
            return f"webhook {url or 'not set'}", "start `nghedan serve`: it sets it"
        facts = await self.runtime.store.read(lambda conn: channel_rows.facts(conn, self.account))
        verified = facts.get(VERIFIED, (_WELL, 0))[0]
        if verified == _WELL:
            return None
        todo = "can Zalo reach [web] public_url over https? then start `nghedan serve` again"
        return f"webhook set, but Zalo could not reach it: {verified}", todo

    async def _receive(self, inbound: Inbound) -> None:
        await self.runtime.receive(inbound)
        now = self.runtime.now()
        if now - self._heard >= MINUTE:
            self._heard = now
            await self.runtime.store.write(lambda tx: channel_rows.heard(tx, self.account, now))

    async def _listen(self) -> None:
        runtime = self.runtime
        try:
            await self._set_up()
        finally:
            self._told.set()
        if self.settings.mode == "polling":
            await Polling(
                channel_account=self.account,
                fetch=self.client.get_updates,
                receive=self._receive,
                count=runtime.count,
                now=runtime.now,
            ).run(runtime.stop)

    async def _set_up(self) -> None:
        """Tell Zalo how we listen; it may be out of reach for hours, then this waits and goes on."""
        wait = 1.0
        while not self.runtime.stop.is_set():
            try:
                await self._set_hook()
            except (Refused, ConnectionError) as fault:
                log.warning("zalo_bot.not_set_up", fault=str(fault))
                self._told.set()
                await self.loops.pause(wait)
                wait = min(wait * 2, 60.0)
            else:
                return

    async def _set_hook(self) -> None:
        """Have the webhook as the settings want it; set only where it is not: the platform counts the calls a day."""
        runtime = self.runtime
        url = (await self.client.webhook_info()).url or ""
        if self.settings.mode == "polling":
            if url:
                await self.client.delete_webhook()
            return
        secret = self.settings.webhook_secret.get_secret_value()
        facts = await runtime.store.read(lambda conn: channel_rows.facts(conn, self.account))
        # The platform does not say which secret it has: a new one shows only in what we have told it last.
        mark = runtime.vault.token("zalo_bot.webhook", self.webhook_url, secret).hex()
        told = (facts.get(HOOK, ("", 0))[0], facts.get(VERIFIED, ("", 0))[0])
        if url == self.webhook_url and told == (mark, _WELL):
            return
        hook = await self.client.set_webhook(self.webhook_url, secret)
        verified = hook.verification.outcome or _WELL if hook.verification else _WELL
        if hook.verification and not hook.verification.ok:
            verified = hook.verification.outcome or "no reason given"
            log.warning("zalo_bot.webhook_not_verified", outcome=verified)
        await self._facts({HOOK: mark, VERIFIED: verified})

    async def _facts(self, facts: dict[str, str]) -> None:
        now = self.runtime.now()
        for name, value in facts.items():
            await self.runtime.store.write(
                lambda tx, name=name, value=value: channel_rows.set_fact(  # type: ignore[misc]  # a default binds what the loop changes
                    tx, self.account, name, value, now
                )
            )


def _counter(account: int) -> str:
    return f"zalo_bot.sent.{account}"
