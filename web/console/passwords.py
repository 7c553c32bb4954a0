"""Passwords: argon2, one at a time and off the loop, the same time for a login that does not exist."""

import asyncio
import secrets
import unicodedata
from typing import Self

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher()
_MOST_WAITING = 16
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""None that is taken for another when it is copied by hand."""


class Crowded(Exception):
    """Too many people are knocking at once; nobody's password was looked at."""


def hash_password(password: str) -> str:
    """The hash to store. 64 MiB for a moment: never on the loop."""
    return _hasher.hash(unicodedata.normalize("NFC", password))


def first_password() -> str:
    """One drawn for somebody else, easy to read out: four groups of four letters and digits, 79 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


class Door:
    """Checks passwords for one process."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self._waiting = 0
        self._nobody = ""

    async def __aenter__(self) -> Self:
        if self._waiting >= _MOST_WAITING:
            raise Crowded
        self._waiting += 1
        try:
            await self.lock.acquire()
        except BaseException:
            self._waiting -= 1
            raise
        return self

    async def __aexit__(self, *_fault: object) -> None:
        self._waiting -= 1
        self.lock.release()

    async def opens(self, password_hash: str | None, password: str) -> bool:
        """Whether the password is right; takes as long where there is no such officer. Call inside `async with`."""
        if not self._nobody:
            self._nobody = await asyncio.to_thread(hash_password, secrets.token_hex(16))
        right = await asyncio.to_thread(_verify, password_hash or self._nobody, password)
        return right and password_hash is not None


def _verify(password_hash: str, password: str) -> bool:
    # One telephone writes "ậ" as one character and another as three: hashes are of the short way of writing it.
    for typed in dict.fromkeys((unicodedata.normalize("NFC", password), password)):
        try:
            return _hasher.verify(password_hash, typed)
        except (VerificationError, InvalidHashError):
            continue
    return False
