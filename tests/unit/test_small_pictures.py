"""A picture is made to fit a channel, or refused; one that fits is not touched."""

import io
import random

import pytest
from PIL import Image

from app.small_pictures import shrunk


def _picture(side: int) -> bytes:
    """Noise, which hardly packs."""
    out = io.BytesIO()
    pixels = random.Random(1).randbytes(side * side * 3)
    Image.frombytes("RGB", (side, side), pixels).save(out, "JPEG", quality=85)
    return out.getvalue()


async def test_a_large_one_is_made_smaller_and_a_small_one_is_left_alone() -> None:
    large = _picture(1500)
    assert len(large) > 1_000_000
    small = await shrunk(large, 1_000_000)
    assert len(small) <= 1_000_000
    with Image.open(io.BytesIO(small)) as image:
        assert image.format == "JPEG"
    assert await shrunk(b"whatever fits", 1_000_000) == b"whatever fits"


@pytest.mark.parametrize("data", [b"no picture" * 100, b"\xff\xd8\xff" + bytes(2000)])
async def test_what_cannot_be_made_smaller_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="smaller"):
        await shrunk(data, 100)
