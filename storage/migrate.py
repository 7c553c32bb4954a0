"""Brings a store's schema to the newest version. Alembic is imported only here, and only when it is asked for."""

import asyncio
import fcntl
import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from storage.opening import sqlite_path

if TYPE_CHECKING:
    from alembic.config import Config

T = TypeVar("T")
_FOLDER = Path(__file__).with_name("migrations")
_LOCK = 0x6E676865  # "nghe": the advisory lock that upgrades of one PostgreSQL database queue for


def head() -> str:
    """The revision this program is written for."""
    from alembic.script import ScriptDirectory

    revision = ScriptDirectory(str(_FOLDER)).get_current_head()
    if revision is None:
        raise RuntimeError(f"no migrations in {_FOLDER}")
    return revision


def current(url: str) -> str | None:
    """The revision a store is at, or None where nothing is there yet. BadStorageUrl as storage.opening says."""
    path = sqlite_path(url)
    if path is not None and not path.exists():
        return None
    return _on(url, _revision)


def upgrade(url: str) -> None:
    """Bring the store to `head()`, whole or not at all; harmless where it is there already.

    Several processes may try at once: the first does it, the others wait and find it done.
    """
    path = sqlite_path(url)
    if path is None:
        _on(url, _upgrade)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with _alone(path.parent):
        _on(url, _upgrade)


def _revision(conn: Connection) -> str | None:
    from alembic.runtime.migration import MigrationContext

    return MigrationContext.configure(conn).get_current_revision()


def _upgrade(conn: Connection) -> None:
    from alembic import command

    if conn.dialect.name == "postgresql":
        conn.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    if _revision(conn) != head():
        command.upgrade(_config(conn), "head")


def _config(conn: Connection) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = conn
    return config


def _on(url: str, work: Callable[[Connection], T]) -> T:
    """Run the work in one transaction of its own connection."""
    path = sqlite_path(url)
    if path is not None:
        return _on_sqlite(path, work)
    # In a thread of its own, so that it can be called with and without a running event loop.
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, _on_postgres(url, work)).result()


def _on_sqlite(path: Path, work: Callable[[Connection], T]) -> T:
    from storage.sqlite import make_engine

    engine = make_engine(path)
    try:
        with engine.connect() as conn:
            raw = conn.connection.driver_connection
            if raw is None:
                raise RuntimeError("the connection is closed")
            # Alembic changes a table by making it anew; references to it must not be followed meanwhile.
            raw.execute("PRAGMA foreign_keys=OFF")
            with conn.begin():
                return work(conn)
    finally:
        engine.dispose()


async def _on_postgres(url: str, work: Callable[[Connection], T]) -> T:
    engine = create_async_engine("postgresql+asyncpg://" + url.split("://", 1)[1], poolclass=NullPool)
    try:
        async with engine.begin() as conn:
            return await conn.run_sync(work)
    finally:
        await engine.dispose()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder of the SQLite file: making a new database twice at once fails "locked" whatever the timeout.

    Never a lock on the file itself: closing it would drop SQLite's own locks of this process.
    """
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


if __name__ == "__main__":
    upgrade(sys.stdin.read().strip())
