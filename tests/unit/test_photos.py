"""Only pixels are kept of a picture, and nothing a stranger sends as one does harm."""

import io
import struct
import subprocess
import sys
import zlib

import pytest
from PIL import Image
from PIL.ExifTags import GPS, Base

from app.photos import BOMB, LONGEST_SIDE, MAX_BYTES, NOT_A_PHOTO, TOO_BIG, Photo, PhotoRefused, keep

RED, BLUE = (220, 20, 20), (20, 20, 220)


def picture(width: int = 80, height: int = 40) -> Image.Image:
    """Left half red, right half blue."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(BLUE, (width // 2, 0, width, height))
    return image


def encoded(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def near(colour: object, expected: tuple[int, int, int]) -> bool:
    assert isinstance(colour, tuple)
    return all(abs(a - b) < 40 for a, b in zip(colour, expected, strict=True))


def bomb_png(side: int) -> bytes:
    """A PNG of a few hundred kilobytes that is side x side pixels when it is opened out."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer = zlib.compressobj(9)
    row = bytes(1 + side // 8)
    data = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
async def test_a_picture_of_each_kind_becomes_a_jpeg(kind: str) -> None:
    kept = await keep(encoded(picture(), kind))
    assert isinstance(kept, Photo)
    assert (kept.width, kept.height) == (80, 40)
    with Image.open(io.BytesIO(kept.data)) as image:
        assert image.format == "JPEG"
        assert near(image.getpixel((10, 20)), RED)
        assert near(image.getpixel((70, 20)), BLUE)


async def test_where_it_was_taken_is_not_kept() -> None:
    # given a picture that says where, when and with what it was taken
    exif = Image.Exif()
    exif[Base.Make] = "Máy ảnh mẫu"
    exif.get_ifd(Base.GPSInfo)[GPS.GPSLatitude] = (21.0, 51.0, 0.0)
    sent = encoded(picture(), exif=exif, comment=b"loi nhan mau", icc_profile=b"ho so mau")
    assert b"Exif" in sent
    # when it is kept
    kept = await keep(sent)
    # then nothing but pixels is left
    assert isinstance(kept, Photo)
    with Image.open(io.BytesIO(kept.data)) as image:
        assert not image.getexif()
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert b"mau" not in kept.data


async def test_a_picture_on_its_side_is_turned_upright() -> None:
    exif = Image.Exif()
    exif[Base.Orientation] = 6  # to be turned a quarter to the right
    kept = await keep(encoded(picture(), exif=exif))
    assert isinstance(kept, Photo)
    assert (kept.width, kept.height) == (40, 80)
    with Image.open(io.BytesIO(kept.data)) as image:
        assert near(image.getpixel((20, 10)), RED)
        assert near(image.getpixel((20, 70)), BLUE)


async def test_a_large_picture_is_made_smaller() -> None:
    kept = await keep(encoded(picture(4000, 1000)))
    assert isinstance(kept, Photo)
    assert (kept.width, kept.height) == (LONGEST_SIDE, LONGEST_SIDE // 4)


async def test_what_is_transparent_becomes_white() -> None:
    kept = await keep(encoded(Image.new("RGBA", (10, 10), (0, 0, 0, 0)), "PNG"))
    assert isinstance(kept, Photo)
    with Image.open(io.BytesIO(kept.data)) as image:
        assert near(image.getpixel((5, 5)), (255, 255, 255))


NO_PHOTOS = {
    "a text named .jpg": b"xin chao, day la mot tep van ban",
    "nothing": b"",
    "a truncated JPEG": encoded(picture(800, 400))[:600],
    "only the first bytes of a JPEG": b"\xff\xd8\xff\xe0",
    "a page": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "a TIFF": encoded(picture(), "TIFF"),
    "first bytes of a PNG, then a text": b"\x89PNG\r\n\x1a\nxin chao",
}


@pytest.mark.parametrize("sent", NO_PHOTOS.values(), ids=NO_PHOTOS.keys())
async def test_what_is_no_picture_is_refused(sent: bytes) -> None:
    assert await keep(sent) == PhotoRefused(NOT_A_PHOTO)


async def test_a_decompression_bomb_is_refused() -> None:
    # given a small file that would be a picture of 900 million pixels
    bomb = bomb_png(30_000)
    assert len(bomb) < MAX_BYTES
    assert await keep(bomb) == PhotoRefused(BOMB)


async def test_sixty_megabytes_are_refused_without_a_child_process(monkeypatch: pytest.MonkeyPatch) -> None:
    # given that no child process can be started
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    # then the refusal needs none
    assert await keep(b"\xff\xd8\xff" + bytes(60 * 1024 * 1024)) == PhotoRefused(TOO_BIG)


def test_pillow_is_not_loaded_by_the_process_that_serves() -> None:
    code = "import sys, app.photos; sys.exit('PIL' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
