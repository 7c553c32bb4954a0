"""`nghedan serve`: pages, chat, Telegram and jobs in one process."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

import uvloop

from app.commands.common import Config, Stop, opened, out, settings_of
from app.first_run import address, note_settings
from app.logs import set_up_logs
from app.serving import listen
from app.serving import serve as run
from app.settings import Settings
from app.wording import app_wording
from storage.opening import BadStorageUrl, sqlite_path


def serve(config: Config = None) -> None:
    """Serve everything until Ctrl-C or SIGTERM; a new store and key are made where there are none."""
    settings = settings_of(config)
    set_up_logs()
    uvloop.run(_serve(settings))


@contextmanager
def only_one(settings: Settings) -> Iterator[None]:
    """Hold the SQLite store for this process: a second one would take back what the first is sending.

    On PostgreSQL any number may serve. Stop where another process holds it; a killed one holds nothing.
    """
    try:
        path = sqlite_path(settings.storage.url)
    except BadStorageUrl:
        path = None  # said when the store is opened
    if path is None:
        yield
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_name(path.name + ".serving").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Stop(f"{path}: another `nghedan serve` is running on this store") from None
        yield


async def _serve(settings: Settings) -> None:
    with only_one(settings):
        await _serve_alone(settings)


async def _serve_alone(settings: Settings) -> None:
    runtime = await opened(settings, make=True)
    try:
        sock = listen(settings.web.host, settings.web.port)
    except OSError as fault:
        await runtime.close()
        raise Stop(
            f"[web] host, port: cannot listen on {settings.web.host}:{settings.web.port} ({fault.strerror})"
        ) from None

    await note_settings(runtime)
    setting_up = await address(runtime)

    async def ready() -> None:
        out(f"Nghe Dân: {settings.public_url}/")
        if setting_up:
            out(app_wording()("serve.first_run", url=setting_up))

    await run(runtime, sock, ready=ready)
