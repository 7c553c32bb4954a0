"""A Zalo Official Account switched on."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import aiohttp

from app.channels import Health, blob_loader
from app.logs import get_logger
from app.loops import Loops
from app.photo_jobs import Download
from app.posts import StoredPost
from app.runtime import Runtime
from app.settings import ZaloOa
from app.small_pictures import shrunk
from app.zalo_tokens import Login, LoginRefused, StoredTokens, standing
from bot import sender
from bot.channels.fetching import Fetcher
from bot.channels.zalo_oa.client import MAX_PICTURE, Quota, Refused, ZaloOaClient
from bot.channels.zalo_oa.limits import Limits
from bot.channels.zalo_oa.oauth import OAuth
from bot.channels.zalo_oa.outcomes import MEANINGS
from bot.channels.zalo_oa.parse import DataRequest
from bot.channels.zalo_oa.render import Words
from bot.channels.zalo_oa.signature import Signing, Variant
from bot.channels.zalo_oa.tokens import Tokens
from bot.channels.zalo_oa.webhook import ZaloOaDoor
from storage import channel_rows, notices, recordings
from storage.channel_rows import ChannelRow
from storage.tx import Tx
from vietnam.time import DAY, HOUR, local

log = get_logger()
SIGNED, QUOTA, TROUBLE = "signature.variant", "quota.left", "trouble"
_TOKENS_EVERY = 60.0
_QUOTA_EVERY = 3600.0
_LEAST_SHARE = 0.1
_SILENT = 3 * DAY


@dataclass(slots=True)
class ZaloOaOn:
    """One Official Account, with its loops."""

    runtime: Runtime
    account: int
    unit: int
    name: str
    settings: ZaloOa
    session: aiohttp.ClientSession
    tokens: Tokens
    limits: Limits
    client: ZaloOaClient
    fetcher: Fetcher
    login: Login
    loops: Loops
    channel: str = "zalo_oa"
    _trouble: int | None = None
    _door: ZaloOaDoor | None = field(default=None)

    @classmethod
    def of(cls, runtime: Runtime, row: ChannelRow, settings: ZaloOa) -> "ZaloOaOn":
        """Ready to start; to be called in the event loop."""
        session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        oauth = OAuth(
            session,
            base=settings.oauth_base,
            app_id=settings.app_id,
            app_secret=settings.app_secret.get_secret_value(),
        )
        tokens = Tokens(StoredTokens(runtime, row.id), oauth.next, runtime.now)
        limits = Limits()
        client = ZaloOaClient(
            session,
            tokens,
            _words(runtime),
            load_blob=_small_blobs(runtime),
            recording=lambda blob: f"{runtime.settings.public_url}/nghe/{recordings.make(runtime.vault, blob)}",
            now=runtime.now,
            limits=limits,
            api_base=settings.api_base,
            paid=settings.paid_messages,
        )
        on = cls(
            runtime,
            row.id,
            row.unit_id,
            row.name,
            settings,
            session,
            tokens,
            limits,
            client,
            # Pictures lie where Zalo keeps them; with a platform on this machine that is this machine.
            Fetcher(allow_private="127.0.0.1" in settings.api_base),
            Login(runtime, row.id, settings, oauth),
            Loops("zalo_oa", runtime.stop),
        )
        client.on_trouble(on.note_trouble)
        return on

    @property
    def webhook_url(self) -> str:
        """Where Zalo must knock; entered in the console of the app."""
        return f"{self.runtime.settings.public_url}/webhook/zalo_oa/{self.account}"

    def door(self) -> ZaloOaDoor:
        """The webhook's door; Zalo has no other way in."""
        if self._door is None:
            own = self.settings
            signing = Signing(
                app_id=own.app_id,
                oa_id=own.oa_id,
                app_secret=own.app_secret.get_secret_value(),
                oa_secret=own.oa_secret.get_secret_value(),
                signed_first=own.signed_first,
                signed_with=own.signed_with,
            )
            self._door = ZaloOaDoor(
                self.account,
                signing,
                self.runtime.receive,
                self.runtime.count,
                self.runtime.now,
                signed=self._signed,
                data_request=self._data_request,
                data_word=own.data_request_word,
            )
        return self._door

    def downloads(self) -> dict[int, Download]:
        """How pictures and voices of this account come over: from an address that Zalo gave, no token needed."""
        return {self.account: self.fetcher.fetch}

    def start(self) -> None:
        """Begin to send, to renew the tokens and to look at the quota."""
        runtime = self.runtime
        post = StoredPost(runtime, self.account)
        self.loops.begin("sender", lambda: sender.run(self.client, post, self.limits, runtime.stop, runtime.now))
        self.loops.begin("tokens", self._renew)
        self.loops.begin("quota", self._watch_quota)

    async def state(self) -> Health:
        """See app.channels.ChannelOn."""
        now = self.runtime.now()
        pair = await StoredTokens(self.runtime, self.account).load()
        tokens = standing(pair, now, self.name)
        if pair is None or tokens.found:
            return Health(tokens.found, tokens.todo)
        try:
            name = await self.client.name()
        except Refused as fault:
            if MEANINGS.get(fault.code) == "renew":
                raise ConnectionError(str(fault)) from fault
            name = ""  # only what it is called is not known
        facts = await self.runtime.store.read(lambda conn: channel_rows.facts(conn, self.account))
        heard = await self.runtime.store.read(lambda conn: channel_rows.heard_at(conn, self.account)) or 0
        last = f"last event {local(heard):%H:%M %d/%m/%Y}" if heard else "no event yet"
        found = f"{name or self.settings.oa_id}, token for {(pair.access_until - now) // HOUR} h, {last}"
        return self._judged(found, facts, heard, now)

    async def close(self) -> None:
        """Let what is under way finish, then close the connections."""
        await self.loops.finish()
        await self.fetcher.close()
        await self.client.close()

    async def finish_login(self, code: str, state: str, oa_id: str) -> str:
        """What came of a login that a browser brought back: "" for tokens, else a word of web/templates/oauth.html."""
        try:
            await self.login.came_back(code, state, oa_id)
        except LoginRefused as refused:
            log.warning("zalo_oa.login_refused", why=refused.key, said=refused.said)
            return refused.key
        return ""

    async def note_trouble(self, code: int, words: str) -> None:
        """Remember what only the operator can mend, and forget it once a message goes through."""
        if code == self._trouble:
            return
        self._trouble = code
        if code:
            log.error("zalo_oa.refused", code=code, words=words)
        await self._fact(TROUBLE, f"{code} {words}" if code else "")

    def _judged(self, found: str, facts: dict[str, tuple[str, int]], heard: int, now: int) -> Health:
        variant = facts.get(SIGNED, ("", 0))[0]
        wanted = f"{self.settings.signed_first} {self.settings.signed_with}"
        if variant and variant != wanted:
            first, secret = variant.split(" ", 1)
            todo = f'set [zalo_oa] signed_first = "{first}" and signed_with = "{secret}": events are refused until then'
            return Health(f"{found}, events are signed with {variant}", todo)
        if trouble := facts.get(TROUBLE, ("", 0))[0]:
            return Health(
                f"{found}, Zalo refuses messages: {trouble}", "docs/operators/zalo.md says what each code wants"
            )
        quota = quota_of(facts.get(QUOTA, ("", 0))[0])
        if quota is not None and quota.left < quota.total * _LEAST_SHARE:
            todo = "a larger tariff at oa.zalo.me, or fewer messages until the quota is new"
            return Health(f"{found}, {quota.left} of {quota.total} messages left", todo)
        if not heard:
            todo = f"enter {self.webhook_url} as the webhook in the app's console, then write to the account"
            return Health(found, todo)
        if now - heard > _SILENT:
            return Health(found, "is the webhook still switched on in the app's console? Zalo ends it after failures")
        return Health(found)

    async def _signed(self, variant: Variant) -> None:
        await self._fact(SIGNED, f"{variant.first} {variant.secret}")

    async def _data_request(self, request: DataRequest) -> None:
        now = self.runtime.now()

        def unit(tx: Tx) -> None:
            notices.add(tx, self.unit, "notice.zalo_data_request", {"person": request.person or "?"}, now)

        await self.runtime.store.write(unit)

    async def _renew(self) -> None:
        while not self.runtime.stop.is_set():
            await self.tokens.renew_if_due()
            await self.loops.pause(_TOKENS_EVERY)

    async def _watch_quota(self) -> None:
        while not self.runtime.stop.is_set():
            try:
                quota = await self.client.quota()
            except (Refused, ConnectionError) as fault:
                log.info("zalo_oa.no_quota", fault=str(fault))
                # Nobody may have logged in yet, or Zalo is out of reach.
                await self.loops.pause(_TOKENS_EVERY)
                continue
            await self._fact(QUOTA, "" if quota is None else f"{quota.left}/{quota.total}")
            await self.loops.pause(_QUOTA_EVERY)

    async def _fact(self, name: str, value: str) -> None:
        now = self.runtime.now()
        await self.runtime.store.write(lambda tx: channel_rows.set_fact(tx, self.account, name, value, now))


def quota_of(fact: str) -> Quota | None:
    """A quota as its fact says it; None where there is none."""
    left, _, total = fact.partition("/")
    return Quota(int(left), int(total)) if left.isdecimal() and total.isdecimal() else None


def _small_blobs(runtime: Runtime) -> Callable[[int], Awaitable[bytes]]:
    load = blob_loader(runtime)

    async def small(id: int) -> bytes:
        try:
            return await shrunk(await load(id), MAX_PICTURE)
        except ValueError as fault:
            raise LookupError(id) from fault

    return small


def _words(runtime: Runtime) -> Words:
    say = runtime.wording
    public = runtime.settings.public_url
    return Words(
        ways=say.texts["typed.ways"],
        recording=say.texts["typed.recording"],
        picture=say("zalo_oa.picture"),
        contact_title=say("zalo_oa.contact_title"),
        contact_text=say("zalo_oa.contact_text"),
        # Zalo fetches the picture itself, so an address that only this machine knows is of no use.
        contact_image=f"{public}/static/contact.png" if public.startswith(("https://", "http://127.0.0.1")) else "",
    )
