"""A picture of ours made small enough for a channel, in a child process (`python -m app.small_pictures`)."""

import asyncio
import io
import sys

SECONDS = 20
_STEPS = ((1600, 80), (1280, 75), (1024, 70), (800, 60))
"""Longest side in pixels and JPEG quality, until it fits."""


async def shrunk(data: bytes, most: int) -> bytes:
    """The picture itself, or a smaller JPEG of at most `most` bytes; ValueError where it cannot be made."""
    if len(data) <= most:
        return data
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "app.small_pictures",
        str(most),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(SECONDS):
            output, _ = await child.communicate(data)
    except TimeoutError:
        output = b""
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode or not output:
        raise ValueError("the picture cannot be made smaller")
    return output


def smaller(data: bytes, most: int) -> bytes:
    """The work itself, in this process: only the child calls it. b"" where no step fits."""
    from PIL import Image

    for side, quality in _STEPS:
        with Image.open(io.BytesIO(data)) as image:
            image.thumbnail((side, side))
            out = io.BytesIO()
            image.convert("RGB").save(out, "JPEG", quality=quality, optimize=True)
        if out.tell() <= most:
            return out.getvalue()
    return b""


if __name__ == "__main__":
    sys.stdout.buffer.write(smaller(sys.stdin.buffer.read(), int(sys.argv[1])))
