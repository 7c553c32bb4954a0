"""What goes wrong in the web chat, over HTTP against a real `nghedan serve` and without a browser."""

import io
import os
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest

from tests.e2e.citizens import Browser, bomb, jpeg, said
from tests.e2e.serving import Place, Server, serving

CHAT = "/mau/"
_STATUS = Path("/proc")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    place = Place(tmp_path_factory.mktemp("web"))
    place.furnish("sau_thu_tuc")
    with serving(place) as running:
        yield running


@pytest.fixture
async def citizen(server: Server) -> AsyncIterator[Browser]:
    """A browser whose conversation has begun."""
    async with Browser(server.url) as browser:
        await browser.read(CHAT)
        yield browser


def _form(photo: bytes, text: str = "") -> aiohttp.FormData:
    form = aiohttp.FormData()
    form.add_field("m", os.urandom(8).hex())
    form.add_field("text", text)
    form.add_field("photo", io.BytesIO(photo), filename="anh.jpg", content_type="image/jpeg")
    return form


def _newest(page: str) -> int:
    found = re.search(r'data-newest="(\d+)"', page)
    assert found
    return int(found.group(1))


async def test_ten_thousand_characters_are_refused_clearly_and_given_back(citizen: Browser) -> None:
    before = _newest(await citizen.read(CHAT))
    text = "mười " * 2000

    status, page = await citizen.post(CHAT + "gui", {"m": "0123456789abcdef", "text": text})

    assert status == 422
    assert "Tin nhắn dài 10.000 ký tự" in page
    assert text in page, "what was written is still there"
    assert _newest(await citizen.read(CHAT)) == before


async def test_a_picture_of_60_megabytes_is_answered_in_the_chat(citizen: Browser, server: Server) -> None:
    status, _ = await citizen.post(CHAT + "gui", _form(b"\xff\xd8\xff" + bytes(60 * 1024 * 1024)))

    assert status in {200, 303}
    assert said("photo.too_big") in await citizen.read(CHAT)
    assert _peak(server) < 400, "megabytes"


async def test_a_decompression_bomb_is_answered_in_the_chat(citizen: Browser, server: Server) -> None:
    status, _ = await citizen.post(CHAT + "gui", _form(bomb()))

    assert status == 200
    assert said("photo.bomb") in await citizen.read(CHAT)
    assert _peak(server) < 400, "megabytes"


async def test_what_is_no_picture_is_answered_in_the_chat(citizen: Browser) -> None:
    await citizen.post(CHAT + "gui", _form(b"<svg onload=alert(1)>"))

    assert said("photo.not_a_photo") in await citizen.read(CHAT)


async def test_a_picture_is_kept_and_shown_to_whoever_sent_it_and_nobody_else(citizen: Browser, server: Server) -> None:
    await citizen.post(CHAT + "gui", _form(jpeg()))

    shown = re.search(r'src="(/mau/anh/\d+)"', await citizen.read(CHAT))
    assert shown
    status, data = await citizen.get(shown.group(1))
    assert (status, data[:3]) == (200, b"\xff\xd8\xff")
    async with Browser(server.url) as stranger:
        await stranger.read(CHAT)
        assert (await stranger.get(shown.group(1)))[0] == 404


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        pytest.param(b"--x\r\nContent-Disposition: form-da", "multipart/form-data; boundary=x", id="broken-off"),
        pytest.param(b"no boundary", "multipart/form-data", id="no-boundary"),
        pytest.param(b'{"text": "xin"}', "application/json", id="json"),
        pytest.param(b"", "application/x-www-form-urlencoded", id="empty"),
        pytest.param(b"text=%FF%FE%ZZ&m=%00", "application/x-www-form-urlencoded", id="no-utf8"),
    ],
)
async def test_a_broken_form_changes_nothing_and_breaks_nothing(citizen: Browser, body: bytes, kind: str) -> None:
    status, page = await citizen.post(CHAT + "gui", body, Content_Type=kind)

    assert status in {200, 400, 422}, page
    assert "Câu 1/3" in await citizen.read(CHAT) or said("menu.title") in await citizen.read(CHAT)


async def test_a_form_of_another_site_is_turned_away(citizen: Browser) -> None:
    form = {"m": "0123456789abcdef", "text": "menu"}

    status, _ = await citizen.post(CHAT + "gui", form, Sec_Fetch_Site="cross-site", Origin="https://example.org")

    assert status == 403


async def test_the_same_message_twice_is_taken_once(citizen: Browser) -> None:
    form = {"m": "a-message-id-0001", "text": "tro giup"}

    await citizen.post(CHAT + "gui", form)
    await citizen.post(CHAT + "gui", form)

    assert (await citizen.read(CHAT)).count(said("help")) == 1


async def test_nul_is_taken_out_and_other_signs_come_through(citizen: Browser) -> None:
    text = "Tôi\x00 muốn hỏi \u05e9\u05dc\u05d5\u05dd về\u200b đất \U0001f468\u200d\U0001f469\u200d\U0001f467"

    await citizen.post(CHAT + "gui", {"m": "a-message-id-0002", "text": text})

    assert text.replace("\x00", "") in await citizen.read(CHAT)


def _peak(server: Server) -> int:
    """The most memory the server has had, in megabytes."""
    status = (_STATUS / str(server.process.pid) / "status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found
    return int(found.group(1)) // 1024
