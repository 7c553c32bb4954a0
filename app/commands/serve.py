"""`nghedan serve`: pages, chat, Telegram and jobs in one process."""

import uvloop

from app.commands.common import Config, Stop, opened, out, settings_of
from app.logs import set_up_logs
from app.serving import listen
from app.serving import serve as run
from app.settings import Settings


def serve(config: Config = None) -> None:
    """Serve everything until Ctrl-C or SIGTERM; a new store and key are made where there are none."""
    settings = settings_of(config)
    set_up_logs()
    uvloop.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    runtime = await opened(settings, make=True)
    try:
        sock = listen(settings.web.host, settings.web.port)
    except OSError as fault:
        await runtime.close()
        raise Stop(
            f"[web] host, port: cannot listen on {settings.web.host}:{settings.web.port} ({fault.strerror})"
        ) from None

    async def ready() -> None:
        out(f"Nghe Dân: {settings.public_url}/")

    await run(runtime, sock, ready=ready)
