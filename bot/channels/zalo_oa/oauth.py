"""Permission of the account, OAuth v4 with PKCE: the first pair for a code, every next pair for the refresh token."""

import base64
import hashlib
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp
import msgspec

_LIFE = 25 * 60 * 60
"""Seconds that an access token lives where the answer does not say."""
_CODE = re.compile(r"[\x21-\x7e]{1,1024}")


class Granted(msgspec.Struct, frozen=True, repr_omit_defaults=True):
    """A new pair. `life` is in seconds; the refresh token can be used once, within three months."""

    access: str
    refresh: str
    life: int

    def __repr__(self) -> str:
        """Without the tokens."""
        return f"Granted({self.life} s)"


class Denied(msgspec.Struct, frozen=True):
    """The platform said no: the token or code that was shown is of no more use."""

    why: str


class NoAnswer(msgspec.Struct, frozen=True):
    """Nobody knows: `asked` where the question may have arrived, so that what was shown may be used up."""

    why: str
    asked: bool = True


Answer = Granted | Denied | NoAnswer


def challenge(verifier: str) -> str:
    """The S256 code challenge of a verifier (RFC 7636, 4.2)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def code_in(pasted: str) -> str:
    """The code in what somebody pasted: the code itself, or the whole address they were led to; "" for neither."""
    text = pasted.strip()
    if "://" in text:
        text = parse_qs(urlsplit(text).query).get("code", [""])[0]
    return text if _CODE.fullmatch(text) else ""


class OAuth:
    """The address where permission is given and tokens are renewed, for one app."""

    def __init__(
        self, session: aiohttp.ClientSession, *, base: str, app_id: str, app_secret: str, timeout: float = 10.0
    ) -> None:
        """`timeout` in seconds is for one call."""
        self._session = session
        self._base = base.rstrip("/")
        self._app_id = app_id
        self._secret = app_secret
        self._timeout = aiohttp.ClientTimeout(total=timeout)

    def consent_address(self, callback: str, verifier: str, state: str) -> str:
        """Where the administrator of the account says yes."""
        asked = {
            "app_id": self._app_id,
            "redirect_uri": callback,
            "code_challenge": challenge(verifier),
            "state": state,
        }
        return f"{self._base}/v4/oa/permission?{urlencode(asked)}"

    async def first(self, code: str, verifier: str) -> Answer:
        """The first pair, for the code of a consent (once, within 10 minutes)."""
        return await self._ask({"grant_type": "authorization_code", "code": code, "code_verifier": verifier})

    async def next(self, refresh: str) -> Answer:
        """The next pair; the refresh token that is shown is used up by it."""
        return await self._ask({"grant_type": "refresh_token", "refresh_token": refresh})

    async def _ask(self, form: Mapping[str, str]) -> Answer:
        url = f"{self._base}/v4/oa/access_token"
        try:
            async with self._session.post(
                url,
                data={**form, "app_id": self._app_id},
                headers={"secret_key": self._secret},
                timeout=self._timeout,
                allow_redirects=False,
            ) as response:
                body = await response.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL) as fault:
            return NoAnswer(type(fault).__name__, asked=False)
        except (aiohttp.ClientError, OSError, ValueError) as fault:
            return NoAnswer(type(fault).__name__)
        if response.status != HTTPStatus.OK:
            return NoAnswer(f"HTTP {response.status}", asked=response.status >= HTTPStatus.INTERNAL_SERVER_ERROR)
        return _understood(body)


def _understood(body: bytes) -> Answer:
    try:
        answer: Any = msgspec.json.decode(body)
    except (ValueError, RecursionError):
        return NoAnswer("the answer could not be read")
    if not isinstance(answer, dict):
        return NoAnswer("the answer could not be read")
    access, refresh = answer.get("access_token"), answer.get("refresh_token")
    if isinstance(access, str) and isinstance(refresh, str) and access and refresh:
        return Granted(access, refresh, _seconds(answer.get("expires_in")))
    code = answer.get("error", 0)
    words = answer.get("error_description") or answer.get("error_reason") or answer.get("error_name")
    if code in (0, None):
        return NoAnswer("the answer has no tokens")
    said = f"{code} {words or answer.get('message') or ''}".strip()[:200]
    return NoAnswer(said, asked=False) if code in (-32, -500) else Denied(said)


def _seconds(value: object) -> int:
    """`expires_in`, which comes as text."""
    try:
        seconds = int(str(value))
    except ValueError:
        return _LIFE
    return seconds if 0 < seconds <= 10 * 365 * 86_400 else _LIFE
