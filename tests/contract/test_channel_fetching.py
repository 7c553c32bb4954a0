"""What strangers point us at: an address inside the network, a way there, a file without an end."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import aiohttp
import pytest
from aiohttp import ThreadedResolver, web
from hypothesis import given
from hypothesis import strategies as st

from app import photos
from bot.channels import fetching
from bot.channels.fetching import Fetcher, Forbidden, TooBig, is_open

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def site(answer: Answer) -> AsyncIterator[str]:
    """Somebody's server on this machine; its address."""
    app = web.Application()
    app.router.add_get("/{rest:.*}", answer)
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def fetcher(*, allow_private: bool = False, seconds: float = 10) -> AsyncIterator[Fetcher]:
    made = Fetcher(allow_private=allow_private, seconds=seconds)
    try:
        yield made
    finally:
        await made.close()


async def _picture(_: web.Request) -> web.StreamResponse:
    return web.Response(body=b"\xff\xd8\xff" + bytes(200_000), content_type="image/jpeg")


INSIDE = (
    "127.0.0.1",
    "localhost",
    "2130706433",
    "0x7f000001",
    "017700000001",
    "127.1",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "0.0.0.0",
    "0",
    "127.0.0.1.",
    "[::]",
    "[::ffff:0.0.0.0]",
    "127。0。0。1",
    "ⓛocalhost",
)


@pytest.mark.parametrize("host", INSIDE)
async def test_however_this_machine_is_written_it_is_not_asked(host: str) -> None:
    asked: list[str] = []

    async def note(request: web.Request) -> web.StreamResponse:
        asked.append(request.path)
        return web.Response(body=b"secret")

    async with site(note) as address, fetcher() as strict:
        port = address.rpartition(":")[2]
        with pytest.raises(Forbidden):
            await strict.fetch(f"http://{host}:{port}/x", 1000)
    assert asked == []


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1",
        "172.16.5.4",
        "192.168.1.1",
        "100.64.0.1",
        "100.100.100.200",
        "169.254.169.254",
        "168.63.129.16",
        "127.255.255.254",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "198.18.0.1",
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fd00:ec2::254",
        "fec0::1",
        "ff02::1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::a9fe:a9fe",
        "::127.0.0.1",
        "::ffff:0:127.0.0.1",
        "2001:0:7f00:1::",
        "100::1",
        "192.0.0.192",
        "192.88.99.1",
        "2002:7f00:1::",
        "2002:a9fe:a9fe::1",
        "2001:db8::1",
        "no address",
        "",
    ],
)
def test_addresses_that_are_not_of_the_open_internet(address: str) -> None:
    assert not is_open(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "203.162.4.191", "2405:4800::1", "::ffff:1.1.1.1", "64:ff9b::101:101"])
def test_addresses_of_the_open_internet(address: str) -> None:
    assert is_open(address)


@given(st.ip_addresses(network="10.0.0.0/8") | st.ip_addresses(network="169.254.0.0/16"))
def test_a_private_address_stays_private_in_every_wrapping(address: object) -> None:
    number = int(address)  # type: ignore[call-overload]
    for wrapped in (f"::ffff:{address}", f"64:ff9b::{address}", f"2002:{number >> 16:x}:{number & 0xFFFF:x}::1"):
        assert not is_open(wrapped)


async def test_a_file_is_fetched_up_to_its_limit() -> None:
    async with site(_picture) as address, fetcher(allow_private=True) as open_one:
        assert len(await open_one.fetch(f"{address}/anh.jpg", 200_003)) == 200_003
        with pytest.raises(TooBig):
            await open_one.fetch(f"{address}/anh.jpg", 200_002)


async def test_a_redirect_leads_no_further_than_the_address_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    # given a server of the open internet, for which one address of this machine has to stand
    asked: list[str] = []

    async def moved(request: web.Request) -> web.StreamResponse:
        asked.append(request.path)
        return web.Response(status=302, headers={"Location": f"http://127.0.0.2:{request.url.port}/inside"})

    monkeypatch.setattr(fetching, "is_open", lambda address: address == "127.0.0.1")
    app_seen: list[str] = []

    async def inside(request: web.Request) -> web.StreamResponse:
        app_seen.append(request.path)
        return web.Response(body=b"secret")

    app = web.Application()
    app.router.add_get("/inside", inside)
    app.router.add_get("/{rest:.*}", moved)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "0.0.0.0", 0).start()
    port = runner.addresses[0][1]
    # when it leads to another machine, which is inside
    async with fetcher() as strict:
        with pytest.raises(Forbidden, match="inside the network"):
            await strict.fetch(f"http://127.0.0.1:{port}/anh.jpg", 1000)
    await runner.cleanup()
    # then that one was never asked
    assert (asked, app_seen) == (["/anh.jpg"], [])


async def test_a_name_that_means_another_machine_a_moment_later_leads_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    # given a name server that says an open address when it is asked first, and one of ours from then on
    asked: list[str] = []

    async def note(request: web.Request) -> web.StreamResponse:
        asked.append(request.path)
        return web.Response(status=302, headers={"Location": request.path + "x"})

    async with site(note) as address:
        port = int(address.rpartition(":")[2])
        answers = iter(["127.0.0.1"])

        class Changing(ThreadedResolver):
            async def resolve(self, host: str, port: int = 0, family: Any = 0) -> list[Any]:
                number = next(answers, "127.0.0.2")
                return [
                    {"hostname": host, "host": number, "port": port, "family": socket.AF_INET, "proto": 0, "flags": 0}
                ]

        monkeypatch.setattr(aiohttp.connector, "DefaultResolver", Changing)
        monkeypatch.setattr(fetching, "is_open", lambda address: address == "127.0.0.1")
        async with fetcher() as strict:
            # when the file behind it redirects to the same name
            with pytest.raises(Forbidden, match="inside the network"):
                await strict.fetch(f"http://anh.example:{port}/a", 1000)
    # then the second look counted, and nobody was asked there
    assert asked == ["/a"]


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:99999/",
        "http://[",
        "//[::1",
        "http://",
        "gopher://x/",
        "data:,x",
        "javascript:1",
        "\\\\127.0.0.1\\x",
        "",
    ],
)
async def test_a_redirect_to_rubbish_is_an_end_and_no_fault(target: str) -> None:
    async def moved(request: web.Request) -> web.StreamResponse:
        return web.Response(status=302, headers={"Location": target} if target else {})

    async with site(moved) as address, fetcher(allow_private=True) as open_one:
        with pytest.raises((Forbidden, ConnectionError)):
            await open_one.fetch(f"{address}/a", 1000)


async def test_a_head_without_an_end_is_given_up() -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(b"HTTP/1.1 200 OK\r\n")
        with suppress(ConnectionError):
            while not writer.is_closing():
                writer.write(b"X-%d: " % id(writer) + b"x" * 4000 + b"\r\n")
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(drip, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, fetcher(allow_private=True, seconds=3) as open_one:
        with pytest.raises(ConnectionError):
            await open_one.fetch(f"http://127.0.0.1:{port}/a", 1000)


async def test_redirects_are_followed_a_few_times_and_to_the_web_only() -> None:
    async def hop(request: web.Request) -> web.StreamResponse:
        left = int(request.path.rpartition("/")[2])
        target = f"/{left - 1}" if left else "file:///etc/passwd"
        return web.Response(status=301, headers={"Location": target})

    async def arrive(request: web.Request) -> web.StreamResponse:
        return await (_picture(request) if request.path == "/0" else hop(request))

    async with fetcher(allow_private=True) as open_one:
        async with site(arrive) as address:
            assert await open_one.fetch(f"{address}/3", 300_000)
            with pytest.raises(Forbidden, match="more than 3 times"):
                await open_one.fetch(f"{address}/4", 300_000)
        async with site(hop) as address:
            with pytest.raises(Forbidden, match="of the web"):
                await open_one.fetch(f"{address}/0", 300_000)


async def test_a_file_that_never_ends_ends_at_its_limit_or_its_time() -> None:
    async def forever(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while request.path == "/fast":
            await response.write(bytes(50_000))
        await response.write(b"\xff\xd8\xff")
        await asyncio.Event().wait()
        return response

    async with site(forever) as address, fetcher(allow_private=True, seconds=0.5) as open_one:
        with pytest.raises(TooBig):
            await open_one.fetch(f"{address}/fast", 120_000)
        with pytest.raises(ConnectionError, match=r"not over after 0\.5 s"):
            await open_one.fetch(f"{address}/slow", 120_000)


async def test_what_says_it_is_huge_is_believed_and_what_says_it_is_packed_is_not_unpacked() -> None:
    async def huge(request: web.Request) -> web.StreamResponse:
        if request.path == "/packed":
            return web.Response(body=bytes(10), headers={"Content-Encoding": "gzip"})
        response = web.StreamResponse(headers={"Content-Length": str(10**12)})
        await response.prepare(request)
        await asyncio.Event().wait()
        return response

    async with site(huge) as address, fetcher(allow_private=True) as open_one:
        with pytest.raises(TooBig, match="1000000000000"):
            await open_one.fetch(f"{address}/huge", 10_000)
        with pytest.raises(ConnectionError, match="compressed"):
            await open_one.fetch(f"{address}/packed", 10_000)


async def test_a_page_that_says_it_is_a_picture_is_found_out_by_its_bytes() -> None:
    async def lies(_: web.Request) -> web.StreamResponse:
        return web.Response(body=b"<html>no picture</html>", content_type="image/jpeg")

    async with site(lies) as address, fetcher(allow_private=True) as open_one:
        kept = await photos.keep(await open_one.fetch(f"{address}/anh.jpg", 10_000))
    assert kept == photos.PhotoRefused("photo.not_a_photo")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "anh.jpg",
        "ftp://example.vn/x",
        "file:///etc/passwd",
        "FILE:///etc/passwd",
        "file://127.0.0.1/x",
        "data:,x",
        "http://",
        "http:///x",
        "http://[bad",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1:x/",
        "http://" + "x" * 9000,
        "unix:///run/x",
        "//127.0.0.1/x",
        "http:127.0.0.1",
    ],
)
async def test_what_is_no_address_of_the_web_is_never_fetched(url: str) -> None:
    async with fetcher(allow_private=True) as open_one:
        with pytest.raises(Forbidden):
            await open_one.fetch(url, 1000)


async def test_a_file_that_is_gone_or_a_server_that_is_not_there_may_be_tried_again() -> None:
    async def gone(_: web.Request) -> web.StreamResponse:
        return web.Response(status=410)

    async with fetcher(allow_private=True) as open_one:
        async with site(gone) as address:
            with pytest.raises(ConnectionError, match="HTTP 410"):
                await open_one.fetch(address, 1000)
        with pytest.raises(ConnectionError):
            await open_one.fetch(address, 1000)
