"""The short-lived signed address on which a leader signs one draft from the own telephone: nothing else opens by it.

It is bound to the link between officer and chat account, to the case and to the version of it: who is linked no more,
or whose role changed, or whose draft was changed meanwhile, signs nothing by it.
"""

import base64
import hmac
import struct

import msgspec

from storage.vault import Vault
from vietnam.time import MINUTE

LIFE = 15 * MINUTE
_FACTS = struct.Struct(">qqII")
_MAC = 12


class Signing(msgspec.Struct, frozen=True, kw_only=True):
    """What an address stands for: `link` of storage.officer_accounts, `until` its end (UTC ms, whole minutes)."""

    link: int
    case: int
    version: int
    until: int


def make(vault: Vault, signing: Signing) -> str:
    """The part of the address that is signed: 48 characters of A-Z a-z 0-9 _ -."""
    facts = _FACTS.pack(signing.link, signing.case, signing.version, signing.until // MINUTE)
    return base64.urlsafe_b64encode(facts + _mac(vault, facts)).decode().rstrip("=")


def read(vault: Vault, token: str, now: int) -> Signing | None:
    """What a signed part stands for; None where it is not ours, or its time is over."""
    try:
        signed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return None
    facts, mac = signed[: _FACTS.size], signed[_FACTS.size :]
    if len(facts) < _FACTS.size or not hmac.compare_digest(_mac(vault, facts), mac):
        return None
    link, case, version, minutes = _FACTS.unpack(facts)
    if minutes * MINUTE < now:
        return None
    return Signing(link=link, case=case, version=version, until=minutes * MINUTE)


def _mac(vault: Vault, facts: bytes) -> bytes:
    return vault.token("sign", facts.hex())[:_MAC]
