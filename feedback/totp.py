"""Codes of six digits that a telephone and the program work out from a shared secret and the time (RFC 6238)."""

import base64
import hmac
import re

STEP = 30_000
"""Milliseconds for which a code is the code (RFC 6238, 4.1)."""
DIGITS = 6
SECRET = 20
"""Bytes of a secret: those of HMAC-SHA-1, which every authenticator app takes (RFC 4226, 4)."""
_DRIFT = 1
"""Steps that a telephone's clock may be early or late."""


def code_at(secret: bytes, step: int, digits: int = DIGITS) -> str:
    """The code of one step of 30 seconds since 1970 (RFC 4226, 5.3)."""
    digest = hmac.digest(secret, step.to_bytes(8, "big"), "sha1")
    at = digest[-1] & 15
    number = int.from_bytes(digest[at : at + 4], "big") & 0x7FFF_FFFF
    return str(number % 10**digits).zfill(digits)


def step_of(typed: str, secret: bytes, now: int, last: int) -> int | None:
    """The step whose code was typed, of those around `now` (UTC ms) and after `last`, the newest one taken; else None.

    A code is taken once, whoever has looked over the officer's shoulder (RFC 6238, 5.2).
    """
    digits = re.sub(r"\s", "", typed)
    here = now // STEP
    if not (len(digits) == DIGITS and digits.isascii() and digits.isdigit()):
        return None
    steps = range(max(last + 1, here - _DRIFT), here + _DRIFT + 1)
    return next((step for step in steps if hmac.compare_digest(code_at(secret, step), digits)), None)


def typed_secret(secret: bytes) -> str:
    """The secret as an officer types it where the picture cannot be taken: base32 in groups of four."""
    letters = base64.b32encode(secret).decode().rstrip("=")
    return " ".join(letters[at : at + 4] for at in range(0, len(letters), 4))
