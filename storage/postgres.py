"""PostgreSQL: many processes, row locks, the same units of work as on SQLite run inside `run_sync`."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from storage import act_chain
from storage.store import Store
from storage.tx import Tx, postgres_tx

T = TypeVar("T")
_RETRY = {"40001", "40P01"}  # serialization failure, deadlock: the unit runs again
_TRIES = 5
_CHANNEL = "nghedan"


class PostgresStore(Store):
    """A store in a PostgreSQL database. `url` as SQLAlchemy writes it, with or without "+asyncpg"."""

    def __init__(self, url: str, *, connections: int = 16) -> None:
        super().__init__()
        self.url = "postgresql+asyncpg://" + url.split("://", 1)[1]
        # A fault's text goes to logs: it never carries values, which are a citizen's or an officer's words.
        self._engine = create_async_engine(self.url, pool_size=connections, max_overflow=0, hide_parameters=True)
        # The pool lets whoever has just given a connection back take it again before those who wait for one.
        self._gate = asyncio.Semaphore(connections)
        self._listener: asyncio.Task[None] | None = None

    async def write(self, unit: Callable[[Tx], T]) -> T:
        """See Store.write; a deadlock or serialization failure runs the unit again, at most 5 times in all."""
        for attempt in range(1, _TRIES + 1):
            try:
                value, topics = await self._once(unit)
            except DBAPIError as fault:
                if attempt == _TRIES or getattr(fault.orig, "sqlstate", None) not in _RETRY:
                    raise
                continue
            self.wakes.publish(topics)
            return value
        raise AssertionError("unreachable")

    async def _once(self, unit: Callable[[Tx], T]) -> tuple[T, list[str]]:
        def run(conn: Connection) -> tuple[T, list[str]]:
            tx = postgres_tx(conn)
            value = unit(tx)
            if tx.acted:
                act_chain.close(tx)
            for topic in dict.fromkeys(tx.wakes):
                conn.execute(text("SELECT pg_notify(:channel, :topic)"), {"channel": _CHANNEL, "topic": topic})
            return value, tx.wakes

        async with self._gate, self._engine.begin() as conn:
            return await conn.run_sync(run)

    async def read(self, look: Callable[[Connection], T]) -> T:
        """See Store.read; one REPEATABLE READ, READ ONLY transaction."""
        async with self._gate, self._engine.connect() as conn:
            options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
            await conn.execution_options(**options)
            return await conn.run_sync(look)

    def listen(self) -> None:
        """See Store.listen; a lost connection is made again, and whoever waits also polls."""
        self._listener = asyncio.get_running_loop().create_task(self._listen())

    async def _listen(self) -> None:
        import asyncpg

        def heard(_conn: Any, _pid: int, _channel: str, topic: str) -> None:  # noqa: ANN401 - handed on as it came
            self.wakes.publish([topic])

        while True:
            with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                conn = await asyncpg.connect(self.url.replace("+asyncpg", ""))
                try:
                    lost = asyncio.get_running_loop().create_future()
                    conn.add_termination_listener(lambda _conn, lost=lost: lost.done() or lost.set_result(None))
                    await conn.add_listener(_CHANNEL, heard)
                    await lost
                finally:
                    await conn.close(timeout=2)
            await asyncio.sleep(1)

    async def close(self) -> None:
        """See Store.close."""
        if self._listener is not None:
            self._listener.cancel()
            await asyncio.wait([self._listener])
        await self._engine.dispose()
