"""Seals a citizen's words with a key that is in no database, backup or log (docs/privacy.md).

AES-256-GCM; the context (which row of which table) is authenticated, so a sealed value cannot be moved to another row.
"""

import base64
import hmac
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_VERSION = b"\x01"
_NONCE = 12
_STEP = 256
SHORT = 1_792
"""Bytes that what is said in a dialogue always takes; two such rows share a page of SQLite."""
_LONG = 20_480
"""Bytes that it takes where it is longer: room for every answer in words, however long."""
_END = b"\x80"


class WrongKey(Exception):
    """A sealed value does not open: the key file is not the one it was sealed with, or the value was altered."""


class KeyFileError(Exception):
    """The key file is missing, unreadable or no key; `reason` says which."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class Vault:
    """Seals and opens values, and makes one-way tokens; both keys are derived from the one in the key file."""

    def __init__(self, key: bytes) -> None:
        if len(key) != 32:
            raise ValueError("a key is 32 bytes")
        self._aead = AESGCM(hmac.digest(key, b"nghedan seal 1", "sha256"))
        self._token_key = hmac.digest(key, b"nghedan token 1", "sha256")

    def seal(self, data: bytes, context: bytes, *, dialogue: bool = False) -> bytes:
        """`data` encrypted and bound to `context`; its length is told only to the next 256 bytes.

        `dialogue` is for states, messages and events of a chat: of these only one of two lengths is told. Else sizes
        in a log or backup, taken turn by turn, would show which choice was taken and how much was written, and a
        released answer in words could be found by its length.
        """
        nonce = os.urandom(_NONCE)
        step = _STEP if not dialogue else SHORT if len(data) < SHORT else _LONG
        padded = data + _END + bytes(-(len(data) + 1) % step)
        return _VERSION + nonce + self._aead.encrypt(nonce, padded, context)

    def open(self, sealed: bytes, context: bytes) -> bytes:
        """The data that was sealed with this context; WrongKey where key, context or value do not fit."""
        if sealed[:1] != _VERSION:
            raise WrongKey("unknown format")
        try:
            padded = self._aead.decrypt(sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :], context)
        except (InvalidTag, ValueError) as fault:  # ValueError: cut off before its nonce ends
            raise WrongKey("does not open with this key") from fault
        return padded[: padded.rindex(_END)]

    def token(self, *parts: int | str) -> bytes:
        """A 16-byte one-way token of the parts: the same every time, saying nothing to whoever lacks the key."""
        message = "\x1f".join(str(part) for part in parts).encode()
        return hmac.digest(self._token_key, message, "sha256")[:16]


def make_key_file(path: Path) -> Vault:
    """Write a new key that only the owner can read; FileExistsError where a file stands already."""
    key = secrets.token_bytes(32)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(base64.b64encode(key) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return Vault(key)


def read_key_file(path: Path) -> Vault:
    """The vault of a key file; KeyFileError where there is none or it holds no key."""
    try:
        key = base64.b64decode(path.read_bytes().strip(), validate=True)
    except FileNotFoundError as fault:
        raise KeyFileError(path, "missing") from fault
    except (OSError, ValueError) as fault:
        raise KeyFileError(path, "unreadable") from fault
    if len(key) != 32:
        raise KeyFileError(path, "unreadable")
    return Vault(key)
