"""The signed address of a survey's recording, for channels that can only show where it is played."""

import base64
import hmac
import struct

from sqlalchemy import Connection, select

from storage.tables import blobs, survey_files
from storage.vault import Vault

_BLOB = struct.Struct(">q")
_MAC = 12


def make(vault: Vault, blob: int) -> str:
    """The part of the address that is signed: 27 characters of A-Z a-z 0-9 _ -."""
    packed = _BLOB.pack(blob)
    return base64.urlsafe_b64encode(packed + _mac(vault, packed)).decode().rstrip("=")


def read(vault: Vault, token: str) -> int | None:
    """The recording that an address stands for; None where it is not ours."""
    try:
        signed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return None
    packed, mac = signed[: _BLOB.size], signed[_BLOB.size :]
    if not hmac.compare_digest(_mac(vault, packed), mac):
        return None
    return int(_BLOB.unpack(packed)[0])


def type_of(conn: Connection, blob: int) -> str | None:
    """The media type of a file that was published with a survey; None for anything else, such as a citizen's voice."""
    published = select(survey_files.c.blob_id).where(survey_files.c.blob_id == blob).exists()
    return conn.scalar(select(blobs.c.media_type).where(blobs.c.id == blob, published))


def _mac(vault: Vault, packed: bytes) -> bytes:
    return vault.token("recording", packed.hex())[:_MAC]
