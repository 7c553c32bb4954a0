"""A voice that somebody sent: told by its first bytes and kept as it is, but for tags that may name somebody."""

from dataclasses import dataclass

MAX_BYTES = 2 * 1024 * 1024
"""Three minutes and more of a telephone's recording."""
NOT_A_VOICE = "voice.not_a_voice"
TOO_BIG = "voice.too_big"
_ID3_HEADER = 10
_ID3_TAIL = 128


@dataclass(frozen=True, slots=True)
class Voice:
    """A recording and what kind it is."""

    data: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class VoiceRefused:
    """Why a recording was not kept, as a wording key."""

    key: str


def keep(data: bytes) -> Voice | VoiceRefused:
    """The recording as it may be kept, or why not. Nothing is decoded: officers' browsers play it."""
    if len(data) > MAX_BYTES:
        return VoiceRefused(TOO_BIG)
    media_type = _type_of(_without_id3(data))
    return VoiceRefused(NOT_A_VOICE) if media_type is None else Voice(_without_id3(data), media_type)


def _type_of(data: bytes) -> str | None:
    """The media type of an audio file by its beginning (RFC 3533 Ogg, ISO 14496-12 MP4, EBML, ADTS, MPEG audio)."""
    if data.startswith(b"OggS"):
        return "audio/ogg"
    if data[4:8] == b"ftyp":
        return "audio/mp4"
    if data.startswith(b"\x1a\x45\xdf\xa3"):
        return "audio/webm"
    if data.startswith(b"#!AMR"):
        return "audio/amr"
    if len(data) < 4 or data[0] != 0xFF:
        return None
    layer = data[1] & 0x06
    if data[1] & 0xF6 == 0xF0:
        return "audio/aac"
    return "audio/mpeg" if data[1] & 0xE0 == 0xE0 and layer == 0x02 else None


def _without_id3(data: bytes) -> bytes:
    """An MP3 without its ID3 tags (id3.org: a header of 10 bytes with a length of 4 times 7 bits; "TAG" at the end)."""
    if data.startswith(b"ID3") and len(data) > _ID3_HEADER:
        size = 0
        for byte in data[6:_ID3_HEADER]:
            size = size << 7 | byte & 0x7F
        data = data[_ID3_HEADER + size :]
    return data[:-_ID3_TAIL] if data[-_ID3_TAIL:].startswith(b"TAG") else data
