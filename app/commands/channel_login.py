"""The login of a Zalo Official Account at a terminal: an address to open, and a code that comes back."""

import asyncio
import sys
import threading

import aiohttp

from app.channels import config_of
from app.commands.common import Stop, out
from app.runtime import Runtime
from app.settings import ZaloOa
from app.wording import app_wording
from app.zalo_tokens import Login, LoginRefused, StoredTokens
from bot.channels.zalo_oa.oauth import OAuth, challenge, code_in
from storage.channel_rows import ChannelRow

_LOOK = 0.5
"""Seconds between two looks whether the browser has come back to the callback, which another process serves."""


async def log_in(runtime: Runtime, row: ChannelRow, seconds: int) -> None:
    """Show where to say yes and wait for the pair; Stop where none comes in that time."""
    settings: ZaloOa | None = config_of(row, runtime.settings.zalo_oa)
    if settings is None or not settings.oa_id:
        raise Stop("[zalo_oa] oa_id: is empty", 1)
    async with aiohttp.ClientSession() as session:
        oauth = OAuth(
            session,
            base=settings.oauth_base,
            app_id=settings.app_id,
            app_secret=settings.app_secret.get_secret_value(),
        )
        login = Login(runtime, row.id, settings, oauth)
        before = await _version(runtime, row.id)
        address = await login.begin()
        say = app_wording()
        out(say("channel.login_console", callback=login.callback, challenge=challenge(login.verifier)))
        out(say("channel.login_open", address=address))
        out(say("channel.login_wait"))
        await _wait(runtime, row.id, login, before, seconds)
    out(say("channel.login_done"))


async def _wait(runtime: Runtime, account: int, login: Login, before: int, seconds: int) -> None:
    lines = _typed()
    until = asyncio.get_running_loop().time() + seconds
    while asyncio.get_running_loop().time() < until:
        try:
            line = await asyncio.wait_for(lines.get(), _LOOK)
        except TimeoutError:
            line = ""
        code = code_in(line)
        if code:
            try:
                await login.finish(code)
            except LoginRefused as refused:
                raise Stop(f"Zalo gave no tokens for this code: {refused.said}", 1) from None
        if await _version(runtime, account) > before:
            return
    raise Stop(f"nobody has consented in {seconds} s", 1)


def _typed() -> "asyncio.Queue[str]":
    """Lines as they are typed; a thread that reads is left behind where the browser was faster."""
    lines: asyncio.Queue[str] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def read() -> None:
        for line in sys.stdin:
            if loop.is_closed():
                return
            loop.call_soon_threadsafe(lines.put_nowait, line)

    threading.Thread(target=read, daemon=True).start()
    return lines


async def _version(runtime: Runtime, account: int) -> int:
    pair = await StoredTokens(runtime, account).load()
    return 0 if pair is None else pair.version
