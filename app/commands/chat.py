"""`nghedan chat`: the citizens' conversation in a terminal, and its transcript."""

import asyncio
import os
import signal
import sys
import tempfile
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Annotated

import typer

from app.commands.common import CommuneSlug, Config, Stop, commune_of, opened, out, settings_of
from app.logs import set_up_logs
from app.runtime import Runtime
from app.settings import Settings
from app.transcripts import Player, Recorder, shown
from app.wording import app_wording
from bot.conversation.messages import Bubble
from vietnam.text import clean

_PHOTO = ":photo "


def chat(
    record: Annotated[Path | None, typer.Option("--record", help="Write a transcript to this file.")] = None,
    source: Annotated[str, typer.Option("--source", help="The word of a poster, such as ks_sau_thu_tuc.")] = "",
    trial: Annotated[
        bool, typer.Option("--trial", help="Talk to a sample commune that is thrown away; its clock stands still.")
    ] = False,
    commune: CommuneSlug = "",
    config: Config = None,
) -> None:
    """Talk to the bot as a citizen does; an empty line, Ctrl-D or Ctrl-C ends it. `:photo FILE` sends a picture."""
    settings = settings_of(config)
    set_up_logs()
    if record is not None:
        _write(record, "")
    if not trial:
        asyncio.run(_until_ctrl_c(_chat(settings, record, source, commune)))
        return
    with tempfile.TemporaryDirectory(prefix="nghedan-chat-") as folder:
        asyncio.run(_until_ctrl_c(_trial(Path(folder), record, source)))


async def _until_ctrl_c(talk: Coroutine[None, None, None]) -> None:
    # The handler of asyncio.run does not wake a loop that was about to wait when the signal came:
    # Ctrl-C would be heard with the next line typed. A handler of the loop's own writes to its socket.
    task = asyncio.current_task()
    if task is not None and signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, task.cancel)
    try:
        await talk
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


async def _chat(settings: Settings, record: Path | None, source: str, commune: str) -> None:
    runtime = await opened(settings)
    try:
        unit = await commune_of(runtime, commune)
        await _talk(runtime, unit.id, record, source)
    finally:
        await runtime.close()


async def _trial(folder: Path, record: Path | None, source: str) -> None:
    from app.trial import open_trial

    runtime, unit_id = await open_trial(folder)
    try:
        await _talk(runtime, unit_id, record, source)
    finally:
        await runtime.close()


async def _talk(runtime: Runtime, unit_id: int, record: Path | None, source: str) -> None:
    player = await Player.begin(runtime, unit_id)
    recorder = Recorder()
    keyboard = Keyboard()
    try:
        heard = await player.start(source)
        recorder.add("start", source, heard)
        out(shown(heard))
        while line := await keyboard.line():
            done = await _photo(player, line) if line.startswith(_PHOTO) else ("say", line, await player.say(line))
            if done is not None:
                recorder.add(*done)
                out(shown(done[2]))
    finally:
        if record is not None:
            _write(record, recorder.toml())
            out(app_wording()("chat.recorded", path=record))


async def _photo(player: Player, line: str) -> tuple[str, str, list[Bubble]] | None:
    path = Path(line.removeprefix(_PHOTO).strip())
    try:
        data = await asyncio.to_thread(path.read_bytes)
    except OSError as fault:
        out(f"{path}: {fault.strerror}")
        return None
    return "photo", path.name, await player.photo(data)


def _write(record: Path, text: str) -> None:
    try:
        record.write_text(text, "utf-8")
    except OSError as fault:
        raise Stop(f"--record: {record}: {fault.strerror}") from None


def _put(typed: asyncio.Future[bytes], line: bytes) -> None:
    if not typed.done():
        typed.set_result(line)


class Keyboard:
    """Lines of standard input, read in a thread that Ctrl-C need not wait for."""

    def __init__(self) -> None:
        self._kept = b""

    async def line(self) -> str:
        """The next line as a channel would clean it, without spaces around; "" at the end."""
        out("> ", end="")
        loop = asyncio.get_running_loop()
        typed: asyncio.Future[bytes] = loop.create_future()

        def read() -> None:
            line = self._read()
            with suppress(RuntimeError):  # the loop has ended meanwhile
                loop.call_soon_threadsafe(_put, typed, line)

        Thread(target=read, daemon=True).start()
        return clean((await typed).decode("utf-8", "replace"))[0].strip()

    def _read(self) -> bytes:
        # Not sys.stdin: its lock, held by a thread that waits, would end the process badly.
        while b"\n" not in self._kept:
            more = os.read(sys.stdin.fileno(), 4096)
            if not more:
                break
            self._kept += more
        line, _, self._kept = self._kept.partition(b"\n")
        return line
