"""SQLite: ONE writer thread owns ONE connection; whatever waits together commits together.

A turn costs one hop to that thread and shares one fsync with its neighbours. Reads go to a few read-only connections.
"""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool, QueuePool

from storage import act_chain
from storage.store import Store
from storage.tx import Tx, driver_of, sqlite_tx

T = TypeVar("T")
_GROUP = 64
_BUSY_MS = 10_000
_BRIEFLY_S = 0.1
"""Seconds that emptying the log waits for others: nobody may write meanwhile."""


def make_engine(path: Path, *, readonly: bool = False, readers: int = 2) -> Engine:
    """An engine whose transactions begin as they are meant: at once for writing, lazily for reading."""
    pool: dict[str, Any] = {"poolclass": QueuePool, "pool_size": readers} if readonly else {"poolclass": NullPool}
    # A fault's text goes to logs: it never carries values, which are a citizen's or an officer's words.
    engine = create_engine(f"sqlite:///{path}", connect_args={"check_same_thread": False}, hide_parameters=True, **pool)

    @event.listens_for(engine, "connect")
    def _connect(raw: sqlite3.Connection, _record: object) -> None:
        raw.isolation_level = None
        raw.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
        if readonly:
            raw.execute("PRAGMA query_only=ON")
            return
        raw.execute("PRAGMA journal_mode=WAL")
        raw.execute("PRAGMA synchronous=FULL")
        raw.execute("PRAGMA foreign_keys=ON")
        raw.execute("PRAGMA secure_delete=ON")

    @event.listens_for(engine, "begin")
    def _begin(conn: Connection) -> None:
        conn.exec_driver_sql("BEGIN" if readonly else "BEGIN IMMEDIATE")

    return engine


class _Job:
    """A unit of work on its way through the writer, and where its outcome goes."""

    __slots__ = ("loop", "outcome", "reply", "unit", "value", "wakes")

    def __init__(self, unit: Callable[[Tx], Any], reply: Any, loop: asyncio.AbstractEventLoop | None) -> None:  # noqa: ANN401 - handed on as it came
        self.unit = unit
        self.reply = reply
        self.loop = loop
        self.value: Any = None
        self.outcome: BaseException | None = None
        self.wakes: list[str] = []

    def deliver(self) -> None:
        if self.reply.cancelled() or self.reply.done():
            return
        if self.outcome is not None:
            self.reply.set_exception(self.outcome)
        else:
            self.reply.set_result(self.value)


class SqliteStore(Store):
    """A store in one SQLite file. Make it, use it from one event loop (or none, with `write_now`), close it."""

    def __init__(self, path: Path | str) -> None:
        super().__init__()
        self.path = Path(path)
        self._writer = make_engine(self.path)
        self._readers = make_engine(self.path, readonly=True)
        self._pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix="nghedan-read")
        self._queue: SimpleQueue[_Job | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="nghedan-writer", daemon=True)
        self._thread.start()

    async def write(self, unit: Callable[[Tx], T]) -> T:
        """See Store.write; the caller waits while its group commits."""
        loop = asyncio.get_running_loop()
        reply: asyncio.Future[T] = loop.create_future()
        self._queue.put(_Job(unit, reply, loop))
        return await reply

    def write_now(self, unit: Callable[[Tx], T]) -> T:
        """`write` for callers without an event loop: the command line and tests."""
        reply: Future[T] = Future()
        self._queue.put(_Job(unit, reply, None))
        return reply.result()

    async def read(self, look: Callable[[Connection], T]) -> T:
        """See Store.read; one hop to a reader thread."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, self.read_now, look)

    def read_now(self, look: Callable[[Connection], T]) -> T:
        """`read` for callers without an event loop."""
        with self._readers.connect() as conn:
            return look(conn)

    async def forget_log(self) -> bool:
        """See Store.forget_log; False while somebody reads an older state, then the next time does it.

        Of what lay in the log the index beside it still holds the page numbers, until the first page is written anew.
        """
        return await asyncio.to_thread(self._empty_log)

    def _empty_log(self) -> bool:
        raw = sqlite3.connect(self.path, timeout=_BRIEFLY_S, isolation_level=None)
        try:
            raw.execute("PRAGMA wal_checkpoint(PASSIVE)")  # the long part, while others write
            busy, _, _ = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if not busy:
                version = raw.execute("PRAGMA user_version").fetchone()[0]
                raw.execute(f"PRAGMA user_version={version:d}")
        except sqlite3.OperationalError:
            return False
        finally:
            raw.close()
        return not busy

    async def close(self) -> None:
        """See Store.close."""
        await asyncio.get_running_loop().run_in_executor(None, self.close_now)

    def close_now(self) -> None:
        """`close` for callers without an event loop."""
        self._queue.put(None)
        self._thread.join()
        self._pool.shutdown()
        self._readers.dispose()
        self._writer.dispose()

    # --- the writer thread ---

    def _run(self) -> None:
        conn: Connection | None = None
        ending = False
        while not ending:
            first = self._queue.get()
            if first is None:
                break
            group = [first]
            while len(group) < _GROUP:
                try:
                    job = self._queue.get_nowait()
                except Empty:
                    break
                if job is None:
                    ending = True
                    break
                group.append(job)
            try:
                if conn is None or conn.closed:
                    conn = self._connect(group)
                if conn is not None:
                    self._commit_group(conn, group)
            except BaseException as fault:  # noqa: BLE001 - a writer that ends leaves a process that is alive and deaf
                _give_up(conn, group, fault)
                conn = None
            self._answer(group)
        if conn is not None:
            conn.close()

    def _connect(self, group: list[_Job]) -> Connection | None:
        try:
            return self._writer.connect()
        except Exception as fault:  # noqa: BLE001 - every caller of the group gets it
            for job in group:
                job.outcome = fault
            return None

    def _commit_group(self, conn: Connection, group: list[_Job]) -> None:
        try:
            with conn.begin():
                tx = sqlite_tx(conn)
                if len(group) == 1:
                    _run(tx, group[0])
                else:
                    raw = driver_of(conn)
                    for job in group:
                        _run_in_group(tx, job, raw)
        except Exception as fault:  # noqa: BLE001 - told to the callers below
            self._apart(conn, group, fault)

    def _apart(self, conn: Connection, group: list[_Job], fault: Exception) -> None:
        """The group's transaction failed as a whole: each unit once more alone, then its own caller gets the error."""
        if len(group) == 1 and not isinstance(fault, OperationalError | sqlite3.OperationalError):
            group[0].outcome = fault
            return
        for job in group:
            job.outcome, job.wakes = None, []
            try:
                with conn.begin():
                    _run(sqlite_tx(conn), job)
            except Exception as again:  # noqa: BLE001 - whatever it was, the next one goes on
                job.outcome = again

    def _answer(self, group: list[_Job]) -> None:
        by_loop: dict[asyncio.AbstractEventLoop, list[_Job]] = {}
        for job in group:
            if job.loop is None:
                job.deliver()
            else:
                by_loop.setdefault(job.loop, []).append(job)
        for loop, jobs in by_loop.items():
            try:
                loop.call_soon_threadsafe(self._deliver, jobs)
            except RuntimeError:
                continue  # the loop ended first: what was committed stays committed, nobody is left to be told

    def _deliver(self, jobs: list[_Job]) -> None:
        for job in jobs:
            job.deliver()
        topics = [topic for job in jobs if job.outcome is None for topic in job.wakes]
        if topics:
            self.wakes.publish(topics)


def _give_up(conn: Connection | None, group: list[_Job], fault: BaseException) -> None:
    """Nothing of the group is in; its callers are told, and the next group begins on a connection of its own."""
    for job in group:
        job.outcome, job.wakes = RuntimeError(f"the writer was interrupted by {type(fault).__name__}"), []
    if conn is not None:
        conn.invalidate(fault)
        conn.close()


def _run(tx: Tx, job: _Job) -> None:
    tx.wakes, tx.acted = job.wakes, {}
    job.value = job.unit(tx)
    if tx.acted:
        act_chain.close(tx)


def _run_in_group(tx: Tx, job: _Job, raw: sqlite3.Connection) -> None:
    """Run one unit of several; its failure takes back only its own savepoint."""
    raw.execute("SAVEPOINT unit")
    try:
        _run(tx, job)
    except Exception as fault:  # noqa: BLE001 - the caller of this unit gets it, its neighbours do not
        # Where the engine has already rolled everything back (disk full), this raises and the group goes apart.
        raw.execute("ROLLBACK TO unit")
        job.outcome = fault
        job.wakes.clear()
    raw.execute("RELEASE unit")
