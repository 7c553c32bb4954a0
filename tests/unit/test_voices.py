"""A voice is told by its first bytes, capped, and kept without the tags that may name somebody."""

import pytest

from app.voices import MAX_BYTES, NOT_A_VOICE, TOO_BIG, Voice, VoiceRefused, keep

FRAME = b"\xff\xfb\x90\x00" + bytes(400)
TAG = b"ID3\x04\x00\x00\x00\x00\x01\x00" + b"TPE1 Nguoi Mau".ljust(128, b"\0")


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (b"OggS" + bytes(60), "audio/ogg"),
        (b"\x00\x00\x00\x18ftypM4A " + bytes(60), "audio/mp4"),
        (b"\x1a\x45\xdf\xa3" + bytes(60), "audio/webm"),
        (b"#!AMR\n" + bytes(60), "audio/amr"),
        (b"\xff\xf1\x50\x80" + bytes(60), "audio/aac"),
        (FRAME, "audio/mpeg"),
    ],
)
def test_what_telephones_record_is_kept_as_it_is(data: bytes, media_type: str) -> None:
    assert keep(data) == Voice(data, media_type)


def test_tags_of_an_mp3_are_left_out() -> None:
    assert keep(TAG + FRAME + b"TAG" + bytes(125)) == Voice(FRAME, "audio/mpeg")


@pytest.mark.parametrize("data", [b"", b"\xff", b"\xff\xd8\xff\xe0 a picture", b"<html>", b"ID3", TAG[:12], b"RIFF"])
def test_what_is_no_voice_is_refused(data: bytes) -> None:
    assert keep(data) == VoiceRefused(NOT_A_VOICE)


def test_one_byte_too_many_is_too_many() -> None:
    assert isinstance(keep(b"OggS".ljust(MAX_BYTES, b"\0")), Voice)
    assert keep(b"OggS".ljust(MAX_BYTES + 1, b"\0")) == VoiceRefused(TOO_BIG)
