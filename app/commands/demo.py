"""`nghedan demo`: the whole product with sample data, in one command, leaving nothing behind."""

import asyncio
import json
import os
import shutil
import socket
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from secrets import token_urlsafe
from typing import Annotated

import typer
import uvloop

from app.commands.common import Stop, opened, out, settings_of
from app.demo_data import OFFICERS, VILLAGES, add_officers, fill
from app.demo_waves import CODE, ask_sample
from app.logs import set_up_logs
from app.plan_desk import PlanDesk
from app.reporting import ask_report, make_report
from app.runtime import Runtime
from app.serving import listen, serve
from app.settings import CommuneSettings, PrivacySettings, Settings, Storage, Web
from app.wording import app_wording
from feedback.roles import SYSTEM, Actor
from reports.plans import shipped
from storage.units import communes, set_sample
from vietnam.time import day_of
from web.console.passwords import hash_password

_ENV = "NGHEDAN_"
SETTINGS = "demo.toml"
"""In the folder of the demo: for every other command that is to be tried on it."""


def demo(
    folder: Annotated[
        Path | None,
        typer.Option("--dir", help="Folder for the store and the report; kept. Default: one that is removed."),
    ] = None,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Make the store and the report, and end.")] = False,
    port: Annotated[int, typer.Option("--port", help="Port to listen on; default 8000, or a free one.")] = 0,
    config: Annotated[
        Path | None, typer.Option("--config", help="Take [web] port and [report] from this file; nothing else.")
    ] = None,
) -> None:
    """Make a sample commune with answers, cases and last month's report; then serve it until Ctrl-C."""
    for name in [name for name in os.environ if name.startswith(_ENV)]:
        # The demo is the same everywhere: nothing of a real installation flows into it.
        del os.environ[name]
    settings = Settings() if config is None else settings_of(config)
    if no_serve and folder is None:
        raise Stop("--no-serve needs --dir: the folder to make")
    set_up_logs()
    own = folder is None
    where = Path(tempfile.mkdtemp(prefix="nghedan-demo-")) if folder is None else folder.resolve()
    try:
        uvloop.run(_demo(where, settings, serving=not no_serve, port=port))
    finally:
        if own:
            shutil.rmtree(where, ignore_errors=True)


def _clear(where: Path) -> None:
    """Remove what an earlier demo left in the folder; a store that is not a demo's is never touched."""
    store = where / "nghedan.db"
    if not store.exists():
        return
    try:
        with closing(sqlite3.connect(f"{store.as_uri()}?mode=ro", uri=True)) as conn:
            (real,) = conn.execute("SELECT count(*) FROM units WHERE kind = 'commune' AND sample = 0").fetchone()
    except sqlite3.Error:
        real = 1
    if real:
        raise Stop(f"--dir: {store} is not a store of the demo; name another folder")
    for path in where.glob("nghedan.db*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    for name in ("nghedan.key", SETTINGS):
        (where / name).unlink(missing_ok=True)


async def _demo(where: Path, settings: Settings, *, serving: bool, port: int) -> None:
    _clear(where)
    sock = _listen(port or settings.web.port, wanted=bool(port)) if serving else None
    settings = _settings(settings, where, sock)
    runtime = await opened(settings, make=True)
    password = token_urlsafe(9)
    try:
        unit = (await runtime.store.read(communes))[0]
        # First of all: what _clear may remove later is known by this.
        await runtime.store.write(lambda tx: set_sample(tx, unit.id))
        hashed = await asyncio.to_thread(hash_password, password)
        await add_officers(runtime, unit.id, hashed)
        await fill(runtime, unit.id)
        await ask_sample(runtime, unit.id)
        await _plan(runtime, unit.id)
        _write_settings(settings, where / SETTINGS)
        report = await _report(runtime, unit.id, where / "bao-cao")
    except BaseException:
        await runtime.close()
        raise
    if sock is None:
        out(f"{where}")
        out(f"{where / SETTINGS}")
        out(f"{report}")
        await runtime.close()
        return

    async def ready() -> None:
        out(_welcome(settings.public_url, unit.slug, password, report, where / SETTINGS))

    await serve(runtime, sock, ready=ready)


def _listen(port: int, *, wanted: bool) -> socket.socket:
    """A listening socket on the port, or on a free one where it is taken and was not asked for by --port."""
    try:
        return listen("127.0.0.1", port)
    except OSError as fault:
        if wanted:
            raise Stop(f"--port: cannot listen on {port} ({fault.strerror})") from None
        return listen("127.0.0.1", 0)


def _settings(chosen: Settings, where: Path, sock: socket.socket | None) -> Settings:
    return Settings(
        report=chosen.report,
        storage=Storage(url=f"sqlite:///{where}/nghedan.db"),
        web=Web(port=sock.getsockname()[1] if sock else 8000),
        commune=CommuneSettings(name="xã Vạn Linh", province="tỉnh Lạng Sơn", units=list(VILLAGES)),
        privacy=PrivacySettings(key_file=where / "nghedan.key"),
    )


async def _plan(runtime: Runtime, unit_id: int) -> None:
    """The commune works by the plan of its settings this year, so that what it owes is seen."""
    raw = shipped(runtime.settings.report.plan)
    if raw is not None:
        year = day_of(runtime.now()).year
        await PlanDesk(runtime).add(raw, year, Actor(kind=SYSTEM, unit=unit_id))


async def _report(runtime: Runtime, unit_id: int, folder: Path) -> Path:
    """Last month's report, kept in the store and as files."""
    today = day_of(runtime.now())
    key = f"{today.year - (today.month == 1)}-{(today.month - 2) % 12 + 1:02d}"
    report_id = await ask_report(runtime, unit_id, key, Actor(kind=SYSTEM, unit=unit_id), by_worker=False)
    made = await make_report(runtime, report_id, copy_to=folder)
    return next(path for path in made if path.suffix == ".pdf")


def _write_settings(settings: Settings, file: Path) -> None:
    """What another command has to know of this demo."""
    sections: dict[str, dict[str, object]] = {
        "storage": {"url": settings.storage.url},
        "web": {"port": settings.web.port},
        "commune": settings.commune.model_dump(include={"name", "province", "units"}),
        "privacy": {"key_file": str(settings.privacy.key_file)},
        "report": settings.report.model_dump(mode="json"),
    }
    lines = []
    for section, values in sections.items():
        # JSON writes strings, numbers and lists exactly as TOML does.
        lines += [
            f"[{section}]",
            *(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()),
        ]
    file.write_text("\n".join(lines) + "\n", "utf-8")


def _welcome(url: str, slug: str, password: str, report: Path, settings: Path) -> str:
    logins = ", ".join(login for login, _role, _key in OFFICERS)
    return app_wording()(
        "demo.welcome",
        chat=f"{url}/{slug}/",
        office=f"{url}/can-bo/",
        logins=logins,
        password=password,
        report=report,
        results=f"nghedan wave results {CODE} --config {settings}",
    )
