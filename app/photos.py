"""A picture that somebody sent: checked, turned upright, made small and cleaned of everything but its pixels.

A child process does it (`python -m app.photos`: bytes on stdin, JPEG on stdout), with little memory and little time:
a picture is the one thing a stranger can send that is decoded by a large library.
"""

import asyncio
import io
import struct
import sys
from dataclasses import dataclass
from weakref import WeakKeyDictionary

MAX_BYTES = 12 * 1024 * 1024
MAX_PIXELS = 50_000_000
LONGEST_SIDE = 2048
QUALITY = 85
SECONDS = 20
AT_ONCE = 2
_MEMORY = 1024 * 1024 * 1024
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_HEADER = struct.Struct(">II")

NOT_A_PHOTO = "photo.not_a_photo"
TOO_BIG = "photo.too_big"
BOMB = "photo.bomb"
_EXIT = {3: NOT_A_PHOTO, 4: BOMB}


@dataclass(frozen=True, slots=True)
class Photo:
    """A JPEG without any metadata; sides in pixels, at most LONGEST_SIDE."""

    data: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class PhotoRefused:
    """Why a picture was not kept, as a wording key: NOT_A_PHOTO, TOO_BIG or BOMB."""

    key: str


_places: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


async def keep(data: bytes) -> Photo | PhotoRefused:
    """The picture as it may be kept, or why not. More than MAX_BYTES is refused without looking.

    At most AT_ONCE pictures are looked at at a time, the others wait.
    """
    if len(data) > MAX_BYTES:
        return PhotoRefused(TOO_BIG)
    if not _looks_like_one(data):
        return PhotoRefused(NOT_A_PHOTO)
    async with _places.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE)):
        return await _in_child(data)


def _looks_like_one(data: bytes) -> bool:
    """Whether the first bytes are those of a format that is read: spares a child process for anything else."""
    return data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")) or (
        data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    )


async def _in_child(data: bytes) -> Photo | PhotoRefused:
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "app.photos",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,  # an error's text could carry what is in the picture
    )
    try:
        async with asyncio.timeout(SECONDS):
            output, _ = await child.communicate(data)
    except TimeoutError:
        return PhotoRefused(BOMB)
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode == 0 and len(output) > _HEADER.size:
        width, height = _HEADER.unpack_from(output)
        return Photo(output[_HEADER.size :], width, height)
    if child.returncode is not None and child.returncode < 0:
        return PhotoRefused(BOMB)  # ended by its limits
    return PhotoRefused(_EXIT.get(child.returncode or 0, NOT_A_PHOTO))


# --- the child ---


def _limit() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def clean(data: bytes) -> Photo | PhotoRefused:
    """The work itself, in this process: only the child calls it."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # asked here, before a pixel is decoded, with one limit and not Pillow's two
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                return PhotoRefused(BOMB)
            image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))  # before anything else makes a second copy of it
            upright = ImageOps.exif_transpose(image)
            bare = Image.new("RGB", upright.size, "white")  # a new picture: no metadata can come along
            if upright.mode in {"RGBA", "LA", "PA"} or "transparency" in upright.info:
                layer = upright.convert("RGBA")
                bare.paste(layer, mask=layer.getchannel("A"))
            else:
                bare.paste(upright.convert("RGB"))
    except MemoryError:
        return PhotoRefused(BOMB)
    except Exception:  # noqa: BLE001 - a decoder fails in many ways; all of them mean the same to the person
        return PhotoRefused(NOT_A_PHOTO)
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=QUALITY, optimize=True)
    return Photo(out.getvalue(), bare.width, bare.height)


def main() -> int:
    """Read a picture from stdin, write its sides and the JPEG to stdout; exit 3 no picture, 4 a bomb."""
    _limit()
    done = clean(sys.stdin.buffer.read(MAX_BYTES + 1))
    if isinstance(done, PhotoRefused):
        return next(code for code, key in _EXIT.items() if key == done.key)
    sys.stdout.buffer.write(_HEADER.pack(done.width, done.height) + done.data)
    return 0


if __name__ == "__main__":
    sys.exit(main())
