"""`nghedan chat`: the citizens' conversation in a terminal, and its transcript."""

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from app.commands.common import CommuneSlug, Config, commune_of, opened, out, settings_of
from app.demo_data import publish_ready
from app.logs import set_up_logs
from app.runtime import Runtime
from app.settings import PrivacySettings, Settings, Storage
from app.transcripts import Player, Recorder, shown


def chat(
    record: Annotated[Path | None, typer.Option("--record", help="Write a transcript to this file.")] = None,
    source: Annotated[str, typer.Option("--source", help="The word of a poster, such as ks_sau_thu_tuc.")] = "",
    trial: Annotated[bool, typer.Option("--trial", help="Use a store of its own that is thrown away.")] = False,
    commune: CommuneSlug = "",
    config: Config = None,
) -> None:
    """Talk to the bot as a citizen does; an empty line or Ctrl-D ends it. `:photo FILE` sends a picture."""
    settings = settings_of(config)
    set_up_logs()
    if not trial:
        asyncio.run(_chat(settings, record, source, commune, make=False))
        return
    with tempfile.TemporaryDirectory(prefix="nghedan-chat-") as folder:
        own = Storage(url=f"sqlite:///{folder}/chat.db")
        key = PrivacySettings(key_file=Path(folder) / "chat.key")
        asyncio.run(
            _chat(settings.model_copy(update={"storage": own, "privacy": key}), record, source, commune, make=True)
        )


async def _chat(settings: Settings, record: Path | None, source: str, commune: str, *, make: bool) -> None:
    runtime = await opened(settings, make=make)
    try:
        unit = await commune_of(runtime, commune)
        if make:
            await publish_ready(runtime, unit.id)
        await _talk(runtime, unit.id, record, source)
    finally:
        await runtime.close()


async def _talk(runtime: Runtime, unit_id: int, record: Path | None, source: str) -> None:
    player = await Player.begin(runtime, unit_id)
    recorder = Recorder()
    heard = await player.start(source)
    recorder.add("start", source, heard)
    out(shown(heard))
    while line := (await asyncio.to_thread(_read)).strip():
        if line.startswith(":photo "):
            path = Path(line.removeprefix(":photo ").strip())
            try:
                data = await asyncio.to_thread(path.read_bytes)
            except OSError as fault:
                out(f"{path}: {fault.strerror}")
                continue
            heard = await player.photo(data)
            recorder.add("photo", path.name, heard)
        else:
            heard = await player.say(line)
            recorder.add("say", line, heard)
        out(shown(heard))
    if record is not None:
        await asyncio.to_thread(record.write_text, recorder.toml(), "utf-8")
        out(f"Đã ghi {record}")


def _read() -> str:
    sys.stdout.write("> ")
    sys.stdout.flush()
    return sys.stdin.readline()
