"""What every command shares: its settings, its runtime, and how it stops."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from app.logs import set_up_logs
from app.opening import CannotOpen, open_runtime
from app.runtime import Runtime
from app.settings import Settings, SettingsError, load
from app.wording import MissingCatalogue
from storage.units import Unit, commune_by_slug, communes, seed_of

T = TypeVar("T")
Config = Annotated[Path | None, typer.Option("--config", help="Settings file; default nghedan.toml, else built-in.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for a machine.")]
CommuneSlug = Annotated[str, typer.Option("--commune", help="Slug of the commune; default the first one.")]


class Stop(Exception):
    """The command ends here: lines for stderr and the exit code (1: the answer is no, 2: wrong use)."""

    def __init__(self, lines: list[str] | str, code: int = 2) -> None:
        self.lines = [lines] if isinstance(lines, str) else lines
        self.code = code
        super().__init__("\n".join(self.lines))


def settings_of(config: Path | None) -> Settings:
    """The settings, or Stop naming every fault by key and file."""
    try:
        return load(config)
    except SettingsError as fault:
        raise Stop(fault.faults) from None


async def opened(settings: Settings, *, make: bool = False) -> Runtime:
    """A runtime, or Stop saying what is missing."""
    try:
        return await open_runtime(settings, make=make)
    except (CannotOpen, MissingCatalogue) as fault:
        raise Stop(str(fault)) from None


def with_runtime(settings: Settings, work: Callable[[Runtime], Awaitable[T]], *, make: bool = False) -> T:
    """Open, do the work, close."""

    async def run() -> T:
        runtime = await opened(settings, make=make)
        try:
            return await work(runtime)
        finally:
            await runtime.close()

    set_up_logs()
    return asyncio.run(run())


async def commune_of(runtime: Runtime, slug: str) -> Unit:
    """The commune that was named, or the first one."""
    if slug:
        found = await runtime.store.read(lambda conn: commune_by_slug(conn, slug))
        if found is None:
            raise Stop(f"--commune: there is no commune {slug}")
        return found
    known = await runtime.store.read(communes)
    wanted = runtime.settings.commune
    seed = seed_of(wanted.province, wanted.name)
    return next((unit for unit in known if unit.seed == seed or unit.name == wanted.name), known[0])


def out(text: str, end: str = "\n") -> None:
    """A line on stdout."""
    sys.stdout.write(f"{text}{end}")
    sys.stdout.flush()


def write_whole(target: Path, data: bytes) -> None:
    """The whole file or none of it."""
    fresh = target.with_name(f"{target.name}.{os.getpid()}.tmp")
    try:
        fresh.write_bytes(data)
        fresh.replace(target)
    except OSError as fault:
        fresh.unlink(missing_ok=True)
        raise Stop(f"{target}: cannot be written ({fault.strerror})") from None
