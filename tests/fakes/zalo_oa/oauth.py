"""Permission: consent with PKCE, codes for one use, refresh tokens for one use."""

import base64
import hashlib
from collections.abc import Mapping
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.fakes.zalo_oa.world import APP_ID, APP_SECRET, CODE_LIFE, OA_ID, ApiError, Consent, World


def consent(world: World, address: str) -> str:
    """The administrator opens the address and says yes: where the browser is led then."""
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    if asked.get("app_id") != APP_ID:
        raise ApiError(-14002, "Invalid app id")
    redirect = asked.get("redirect_uri", "")
    if not redirect.startswith(("https://", "http://127.0.0.1")):
        raise ApiError(-14003, "Invalid redirect uri")
    challenge = asked.get("code_challenge", "")
    if len(challenge) != 43:
        raise ApiError(-14003, "Invalid code challenge")
    code = world.new_id("code-")
    world.codes[code] = Consent(challenge, redirect, world.now() + CODE_LIFE)
    back = {"code": code, "oa_id": OA_ID} | ({"state": asked["state"]} if "state" in asked else {})
    return f"{redirect}?{urlencode(back)}"


def token(world: World, secret: str, form: Mapping[str, str]) -> dict[str, str]:
    """A new pair, for a code or for a refresh token; ApiError for whatever is not exactly right."""
    if secret != APP_SECRET or form.get("app_id") != APP_ID:
        raise ApiError(-14004, "Invalid secret key")
    match form.get("grant_type"):
        case "authorization_code":
            _spend_code(world, form.get("code", ""), form.get("code_verifier", ""))
        case "refresh_token":
            _spend_refresh(world, form.get("refresh_token", ""))
        case _:
            raise ApiError(-14005, "Invalid grant type")
    return world.grant()


def _spend_code(world: World, code: str, verifier: str) -> None:
    given = world.codes.pop(code, None)
    if given is None or given.until <= world.now():
        raise ApiError(-14019, "Invalid or expired authorization code")
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    if len(verifier) != 43 or digest != given.challenge:
        raise ApiError(-14010, "Invalid code verifier")


def _spend_refresh(world: World, refresh: str) -> None:
    until = world.refresh.pop(refresh, None)
    if until is None or until <= world.now():
        raise ApiError(-14014, "Invalid refresh token")
    world.spent.add(refresh)
