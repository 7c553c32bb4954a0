"""The tokens of an Official Account in the store, and the login that brings the first of them."""

import base64
import secrets
from dataclasses import dataclass

import msgspec

from app.runtime import Runtime
from app.settings import ZaloOa
from bot.channels.zalo_oa.oauth import Denied, Granted, NoAnswer, OAuth
from bot.channels.zalo_oa.tokens import REFRESH_LIFE, SECOND, Pair
from storage import channel_rows, channel_tokens
from storage.tx import Tx
from vietnam.time import HOUR

LOGIN = "login.state"
"""The fact that holds what the callback of a login must bring along."""
LOGIN_LIFE = HOUR


@dataclass(frozen=True, slots=True)
class StoredTokens:
    """See bot.channels.zalo_oa.tokens.Drawer."""

    runtime: Runtime
    account: int

    async def load(self) -> Pair | None:
        """The newest pair."""
        vault = self.runtime.vault
        row = await self.runtime.store.read(lambda conn: channel_tokens.load(conn, vault, self.account))
        if row is None:
            return None
        return Pair(
            access=row.access,
            refresh=row.refresh,
            version=row.version,
            life=row.life,
            access_until=row.access_until,
            refresh_until=row.refresh_until,
            lease_until=row.lease_until,
            asked_at=row.asked_at,
            fault=row.fault,
        )

    async def lease(self, version: int, now: int, until: int) -> bool:
        """The right to renew this version."""
        return await self.runtime.store.write(lambda tx: channel_tokens.lease(tx, self.account, version, now, until))

    async def keep(self, version: int, granted: Granted, now: int) -> bool:
        """A new pair in place of that version."""
        return await self.runtime.store.write(
            lambda tx: channel_tokens.keep(
                tx,
                self.runtime.vault,
                self.account,
                version=version,
                access=granted.access,
                refresh=granted.refresh,
                life=granted.life * SECOND,
                now=now,
                refresh_until=now + REFRESH_LIFE,
            )
        )

    async def failed(self, version: int, fault: str, *, asked: bool) -> None:
        """No new pair."""
        await self.runtime.store.write(lambda tx: channel_tokens.failed(tx, self.account, version, fault, asked=asked))


class LoginRefused(Exception):
    """Why a login brought no tokens: a word of `oauth.*` in the page and the command, and what was said."""

    def __init__(self, key: str, said: str = "") -> None:
        super().__init__(f"{key} {said}".strip())
        self.key = key
        self.said = said


@dataclass(frozen=True, slots=True)
class Login:
    """The login of one account: an address to say yes at, then a code that comes back."""

    runtime: Runtime
    account: int
    settings: ZaloOa
    oauth: OAuth

    @property
    def callback(self) -> str:
        """Where Zalo leads the administrator's browser; to be entered in the console of the app."""
        return f"{self.runtime.settings.public_url}/oauth/zalo_oa/{self.account}"

    @property
    def verifier(self) -> str:
        """The PKCE verifier, the same at each login: the app's console may want its challenge entered beforehand.

        What protects one login from another is the state, which is drawn anew and lives for an hour.
        """
        parts = [self.runtime.vault.token("zalo_oa verifier", self.account, half) for half in (1, 2)]
        return base64.urlsafe_b64encode(b"".join(parts)).decode().rstrip("=")

    async def begin(self) -> str:
        """The address where the administrator says yes."""
        state = secrets.token_urlsafe(24)
        await self._remember(self._token(state))
        return self.oauth.consent_address(self.callback, self.verifier, state)

    async def came_back(self, code: str, state: str, oa_id: str) -> None:
        """The browser came back; LoginRefused where it is not the one that was sent, or where no pair came."""
        runtime = self.runtime
        known = await runtime.store.read(lambda conn: channel_rows.facts(conn, self.account))
        value, since = known.get(LOGIN, ("", 0))
        if not value or runtime.now() - since > LOGIN_LIFE:
            raise LoginRefused("late")
        if not secrets.compare_digest(value, self._token(state)):
            raise LoginRefused("foreign")
        if oa_id and oa_id != self.settings.oa_id:
            raise LoginRefused("other_account", oa_id)
        await self.finish(code)

    async def finish(self, code: str) -> None:
        """The first pair for a code, stored; LoginRefused where none came."""
        answer = await self.oauth.first(code, self.verifier)
        match answer:
            case Denied(why=why) | NoAnswer(why=why):
                raise LoginRefused("denied" if isinstance(answer, Denied) else "no_answer", why)
            case Granted():
                await self._store(answer)

    async def _store(self, granted: Granted) -> None:
        now = self.runtime.now()

        def unit(tx: Tx) -> None:
            channel_tokens.log_in(
                tx,
                self.runtime.vault,
                self.account,
                access=granted.access,
                refresh=granted.refresh,
                life=granted.life * SECOND,
                now=now,
                refresh_until=now + REFRESH_LIFE,
            )
            channel_rows.set_fact(tx, self.account, LOGIN, "", now)

        await self.runtime.store.write(unit)

    async def _remember(self, value: str) -> None:
        now = self.runtime.now()
        await self.runtime.store.write(lambda tx: channel_rows.set_fact(tx, self.account, LOGIN, value, now))

    def _token(self, state: str) -> str:
        return self.runtime.vault.token("zalo_oa login", self.account, state).hex()


class Standing(msgspec.Struct, frozen=True):
    """What is wrong with the tokens and what to do; both "" where all is well."""

    found: str
    todo: str


def standing(pair: Pair | None, now: int, name: str) -> Standing:
    """What the operator should know of the tokens. `name` is the account's, "" for that of the settings."""
    command = "nghedan channel login" + (f" {name}" if name else "")
    again = f"log in again: {command}"
    if pair is None:
        return Standing("nobody has logged in", f"log in: {command}")
    if pair.refresh_until <= now:
        return Standing("the login has ended", again)
    if pair.fault:
        lost = ", after a pair whose answer was lost" if pair.asked_at else ""
        return Standing(f"the tokens could not be renewed ({pair.fault}){lost}", again)
    if pair.asked_at and pair.lease_until <= now and now >= pair.access_until:
        return Standing("a new pair was asked for and its answer never stored", again)
    days = (pair.refresh_until - now) // (24 * HOUR)
    if days < _NEAR_END:
        return Standing(f"the login ends in {days} days", f"is `nghedan serve` running? else {again}")
    return Standing("", "")


_NEAR_END = 14
"""Days; each renewal begins three new months, so that only a process that stands still comes near the end."""
