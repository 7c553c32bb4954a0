"""Whether an event was signed by Zalo: sha256 over an id, the raw body, its timestamp and a secret.

Which id and which secret is told differently in Zalo's own pages and in working programs, so both are settings. What
was set is the only thing that admits an event; the other ways are tried only to tell the operator what to set.
"""

import hashlib
import hmac
import re
from itertools import product
from typing import Literal

import msgspec

HEADER = "x-zevent-signature"
_MAC = re.compile(r"mac=([0-9a-fA-F]{64})")
_TIMESTAMP = re.compile(rb'"timestamp"\s*:\s*"?([0-9]{1,20})"?')
_LOOKED_AT = 4

First = Literal["app_id", "oa_id"]
With = Literal["oa", "app"]


class Signing(msgspec.Struct, frozen=True, kw_only=True):
    """What an event is signed with; `first` and `secret` as they were set."""

    app_id: str
    oa_id: str
    app_secret: str
    oa_secret: str
    signed_first: First = "app_id"
    signed_with: With = "oa"

    def __repr__(self) -> str:
        """Without the secrets."""
        return f"Signing({self.signed_first}, {self.signed_with})"


class Variant(msgspec.Struct, frozen=True):
    """One way to sign: which id comes first, whose secret comes last."""

    first: First
    secret: With


def mac_in(header: str) -> str:
    """The 64 hexadecimal digits of the header, in lower case; "" where it has another form."""
    found = _MAC.fullmatch(header.strip())
    return "" if found is None else found[1].lower()


def timestamps_in(body: bytes) -> list[str]:
    """What may be the timestamp of a body that cannot be read as JSON."""
    return [found[1].decode() for found in list(_TIMESTAMP.finditer(body))[:_LOOKED_AT]]


def sign(first: str, body: bytes, timestamp: str, secret: str) -> str:
    """The hexadecimal digits that stand behind "mac="."""
    return hashlib.sha256(first.encode() + body + timestamp.encode() + secret.encode()).hexdigest()


def matching(signing: Signing, mac: str, body: bytes, timestamp: str) -> Variant | None:
    """The way that the event was signed, the one that was set first; None where no secret of ours fits."""
    set_one = Variant(signing.signed_first, signing.signed_with)
    firsts: tuple[First, ...] = ("app_id", "oa_id")
    secrets: tuple[With, ...] = ("oa", "app")
    others = [Variant(first, secret) for first, secret in product(firsts, secrets)]
    for variant in (set_one, *(other for other in others if other != set_one)):
        secret = {"oa": signing.oa_secret, "app": signing.app_secret}[variant.secret]
        first = signing.app_id if variant.first == "app_id" else signing.oa_id
        if secret and hmac.compare_digest(sign(first, body, timestamp, secret), mac):
            return variant
    return None
