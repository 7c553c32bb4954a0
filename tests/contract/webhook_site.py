"""A process with a door for each platform, on a real port and over a real store, and events as each sends them."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import uvicorn
from sqlalchemy import Connection, func, select
from starlette.applications import Starlette

from app.runtime import Runtime
from app.serving import services_of
from app.settings import Settings
from app.wording import bot_wording
from bot.channels.base import Door, Outcome, Sent
from bot.channels.telegram.acknowledge import Acknowledgements
from bot.channels.telegram.webhook import TelegramDoor
from bot.channels.zalo_bot.webhook import ZaloBotDoor
from bot.channels.zalo_oa.signature import Signing, sign
from bot.channels.zalo_oa.webhook import ZaloOaDoor
from storage.blobs import open_blobs
from storage.conversations import ensure_channel_account
from storage.opening import open_store
from storage.tables import accounts, cases, conversations, inbox, outbox, seen_events
from storage.vault import Vault
from tests.stores import seed_sample
from web.app import create_app

SECRET = "bi-mat_2026"
SIGNED = Signing(
    app_id="360846524940903967", oa_id="388613280878808645", app_secret="app-bi-mat", oa_secret="oa-bi-mat"
)
WHEN = "1790990000"
"""Seconds: three quarters of an hour before the moment of these tests."""
CHANNELS = ("telegram", "zalo_bot", "zalo_oa")
MEGABYTE = 1024 * 1024
Event = dict[str, Any]


def _telegram(number: int, person: Any, text: str) -> Event:
    sender = {"id": person, "is_bot": False, "first_name": "Lan"}
    message = {"message_id": number, "from": sender, "chat": {"id": person, "type": "private"}, "text": text}
    return {"update_id": number, "message": message}


def _zalo_bot(number: int, person: Any, text: str) -> Event:
    chat = {"id": person, "chat_type": "PRIVATE"}
    message = {"from": {"id": person, "display_name": "Lan"}, "chat": chat, "message_id": f"m{number}", "text": text}
    return {"event_name": "message.text.received", "message": message}


def _zalo_oa(number: int, person: Any, text: str) -> Event:
    return {
        "app_id": SIGNED.app_id, "sender": {"id": person}, "recipient": {"id": SIGNED.oa_id}, "timestamp": WHEN,
        "event_name": "user_send_text", "message": {"msg_id": f"m{number}", "text": text},
    }  # fmt: skip


EVENTS: dict[str, Callable[[int, Any, str], Event]] = {
    "telegram": _telegram, "zalo_bot": _zalo_bot, "zalo_oa": _zalo_oa,
}  # fmt: skip


def raw(event: object) -> bytes:
    return json.dumps(event).encode()


def proof(channel: str, body: bytes, timestamp: str = WHEN) -> dict[str, str]:
    """The header by which a platform shows that it is one."""
    if channel == "zalo_oa":
        return {"X-ZEvent-Signature": f"mac={sign(SIGNED.app_id, body, timestamp, SIGNED.oa_secret)}"}
    return {{"telegram": "X-Telegram-Bot-Api-Secret-Token", "zalo_bot": "X-Bot-Api-Secret-Token"}[channel]: SECRET}


@dataclass
class Site:
    """One process with three doors, on a port of this machine."""

    port: int
    runtime: Runtime
    accounts: dict[str, int]

    async def post(self, channel: str, body: bytes, headers: dict[str, str] | None = None, **how: Any) -> int:
        """The status that a body is answered with; the proof is the right one where no headers are given."""
        return await self.knock(
            "POST", self.path(channel), body, proof(channel, body) if headers is None else headers, **how
        )

    def path(self, channel: str) -> str:
        return f"/webhook/{channel}/{self.accounts[channel]}"

    async def knock(
        self, method: str, path: str, body: bytes, headers: dict[str, str], *, times: int = 1, chunked: bool = False
    ) -> int:
        """The status; the body goes out so many times over, `chunked` without saying beforehand how much it will be."""
        said = {"Host": "x", "Connection": "close", **headers}
        said |= {"Transfer-Encoding": "chunked"} if chunked else {"Content-Length": str(len(body) * times)}
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        async with asyncio.timeout(60):
            lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in said.items())]
            writer.write("\r\n".join([*lines, "", ""]).encode("latin-1"))
            answer = asyncio.ensure_future(reader.readline())
            try:
                for _ in range(times):
                    writer.write(b"%x\r\n%b\r\n" % (len(body), body) if chunked else body)
                    await writer.drain()
                writer.write(b"0\r\n\r\n" if chunked else b"")
                await writer.drain()
            except ConnectionError:
                pass  # answered before it was all said
            status = int((await answer).split()[1])
        writer.close()
        return status

    async def kept(self) -> dict[str, int]:
        """How many rows there are of everything that an event can leave."""
        tables = (accounts, conversations, outbox, seen_events, inbox, cases)

        def look(conn: Connection) -> dict[str, int]:
            return {one.name: conn.scalar(select(func.count()).select_from(one)) or 0 for one in tables}

        return await self.runtime.store.read(look)


async def _answered(_: str) -> Outcome:
    return Sent()


def doors(runtime: Runtime, found: dict[str, int]) -> list[Door]:
    first = (runtime.receive, runtime.count, runtime.now)
    return [
        TelegramDoor(found["telegram"], SECRET, *first, Acknowledgements(_answered, runtime.count)),
        ZaloBotDoor(found["zalo_bot"], SECRET, *first),
        ZaloOaDoor(found["zalo_oa"], SIGNED, *first),
    ]


@asynccontextmanager
async def listening(app: Starlette) -> AsyncIterator[int]:
    """The application on a port, with the server's settings of app/serving.py."""
    with socket.create_server(("127.0.0.1", 0)) as sock:
        config = uvicorn.Config(app, log_config=None, access_log=False, server_header=False, lifespan="off")
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server._serve([sock]))
        while not server.started:
            await asyncio.sleep(0.005)
        try:
            yield sock.getsockname()[1]
        finally:
            server.should_exit = True
            server.force_exit = True
            await serving


@asynccontextmanager
async def opened(url: str, folder: Path, vault: Vault, now: int) -> AsyncIterator[Site]:
    store = open_store(url)
    settings = Settings.model_validate({"storage": {"url": url}, "privacy": {"key_file": str(folder / "key")}})
    runtime = Runtime(settings, store, vault, bot_wording(), open_blobs(url, store, folder / "b"), now=lambda: now)
    unit = (await store.write(lambda tx: seed_sample(tx, now))).commune
    found = {one: await store.write(lambda tx, one=one: ensure_channel_account(tx, unit, one)) for one in CHANNELS}  # type: ignore[misc]  # a default binds what the loop changes
    known = doors(runtime, found)
    services = replace(services_of(runtime), doors=lambda: known)
    async with listening(create_app(services)) as port:
        yield Site(port, runtime, found)
    await runtime.close()
