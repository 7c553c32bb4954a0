"""What a turn is measured against: the same statements over the same rows, without anything a conversation needs.

The yardsticks neither think, seal, word nor encode: they write ready-made bytes of the sizes that ours writes.
"""

import asyncio
import sqlite3
import threading
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import asyncpg
from sqlalchemy import bindparam, event, insert, literal_column, select, update
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from benchmarks.citizens import IN_FLIGHT, STEPS, Citizen
from storage.hot import compiled
from storage.ids import new_id
from storage.tables import accounts, conversations, inbox, outbox, seen_events

PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", "busy_timeout=10000")
_CONTROL = {"BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA"}
"""First words of statements that are not counted: they frame a transaction or set up a connection."""


@dataclass
class Counting:
    """Counts what SQLite runs on the connections it is hooked to, by verb and table; transaction control aside."""

    by_kind: Counter[str] = field(default_factory=Counter)

    def hook(self, raw: Any) -> None:  # noqa: ANN401 - sqlite3.Connection, or the one inside aiosqlite's
        """See every statement of a connection."""
        raw.set_trace_callback(self._seen)

    def _seen(self, sql: str) -> None:
        words = sql.replace("\n", " ").split()
        verb = words[0].upper()
        if verb not in _CONTROL:
            place = {"INSERT": "INTO", "SELECT": "FROM", "DELETE": "FROM"}.get(verb)
            table = words[1 if place is None else words.index(place) + 1].strip('"')
            self.by_kind[f"{verb} {table}"] += 1

    def a_turn(self, turns: int) -> dict[str, float]:
        """How many of each kind a turn has run."""
        return {kind: number / turns for kind, number in sorted(self.by_kind.items())}


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of what ours writes in a turn, in bytes. `own` is 0 on a channel that keeps no words of the person."""

    state: int
    said: int
    own: int

    def bodies(self) -> list[tuple[str, bytes]]:
        """The messages of a turn as (state, sealed body)."""
        said = ("ready" if not self.own else "read", b"x" * self.said)
        return [("own", b"x" * self.own), said] if self.own else [said]


@dataclass(frozen=True, slots=True)
class Found:
    """What the yardsticks read of a conversation."""

    id: int
    unit_id: int
    last_seq: int


def _message(citizen: Citizen, found: Found, number: int, state: str, body: bytes, at: int) -> dict[str, Any]:
    return {
        "id": new_id(),
        "unit_id": found.unit_id,
        "conversation_id": found.id,
        "channel_account_id": citizen.account,
        "seq": found.last_seq + number,
        "lane": 0,
        "state": state,
        "body": body,
        "topic": 1,
        "next_at": at,
        "created_at": at,
    }


# --- SQLAlchemy Core, async, on aiosqlite: one transaction a turn -----------------------------------------------------

_WAITS = select(inbox.c.id).where(
    inbox.c.channel_account_id == bindparam("account"), inbox.c.chat == bindparam("chat"), inbox.c.dead == 0
)
_FIND = (
    select(
        conversations.c.id,
        conversations.c.account_id,
        accounts.c.person_id,
        conversations.c.unit_id,
        conversations.c.state,
        conversations.c.last_seq,
        accounts.c.gone,
    )
    .select_from(accounts)
    .join(conversations, conversations.c.account_id == accounts.c.id)
    .where(accounts.c.channel_account_id == bindparam("account"), accounts.c.platform_id == bindparam("chat"))
)
_SEE: Any = sqlite_insert(seen_events).on_conflict_do_nothing().returning(literal_column("1"))
_ADD = insert(outbox)
_PATIENCE = 14 * 24 * 3600 * 1000
"""Milliseconds that an unfinished survey is kept: a turn within one writes when that ends."""
_SAVE = (
    update(conversations)
    .where(conversations.c.id == bindparam("which"))
    .values(
        state=bindparam("new_state"),
        last_seq=bindparam("new_seq"),
        heard_at=bindparam("at"),
        expires_at=bindparam("expires"),
    )
)


def core_engine(path: Path, counting: Counting | None = None) -> AsyncEngine:
    """An engine as one would set it up with care: BEGIN IMMEDIATE, WAL, synchronous=FULL.

    One connection, which the turns in flight wait for: sixteen of them would wait for each other inside SQLite's
    busy handler, which sleeps, and come out several times slower.
    """
    engine = create_async_engine(f"sqlite+aiosqlite:///{path}", pool_size=1, max_overflow=0, pool_timeout=300)

    @event.listens_for(engine.sync_engine, "connect")
    def _connect(raw: Any, _record: object) -> None:  # noqa: ANN401 - handed on as it came
        raw.isolation_level = None
        for pragma in PRAGMAS:
            raw.execute(f"PRAGMA {pragma}")
        if counting is not None:
            counting.hook(raw.driver_connection._conn)  # noqa: SLF001 - aiosqlite offers the hook only as a coroutine

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(conn: Any) -> None:  # noqa: ANN401 - handed on as it came
        conn.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


async def core_turn(engine: AsyncEngine, citizen: Citizen, step: int, shape: Shape) -> None:
    """The statements of one turn through Core's async connection."""
    inbound = citizen.press(step)
    chat = {"account": citizen.account, "chat": citizen.person}
    async with engine.begin() as conn:
        if (await conn.execute(_WAITS, chat)).first() is not None:
            raise AssertionError("nothing waits here")
        row = (await conn.execute(_FIND, chat)).one()
        found = Found(row.id, row.unit_id, row.last_seq)
        seen = {"channel_account_id": citizen.account, "dedupe_key": inbound.dedupe_key, "at": inbound.at}
        if (await conn.execute(_SEE, seen)).first() is None:
            raise AssertionError("seen before")
        bodies = shape.bodies()
        for number, (state, body) in enumerate(bodies, start=1):
            await conn.execute(_ADD, _message(citizen, found, number, state, body, inbound.at))
        new = {"new_state": b"x" * shape.state, "new_seq": found.last_seq + len(bodies), "at": inbound.at}
        await conn.execute(_SAVE, {"which": found.id, "expires": inbound.at + _PATIENCE, **new})


# --- raw sqlite3, sixteen turns a commit: the limit -------------------------------------------------------------------


def raw_connection(path: Path, counting: Counting | None = None) -> sqlite3.Connection:
    """A connection with the settings of ours."""
    raw = sqlite3.connect(path, isolation_level=None, cached_statements=256)
    for pragma in PRAGMAS:
        raw.execute(f"PRAGMA {pragma}")
    if counting is not None:
        counting.hook(raw)
    return raw


def raw_turn(raw: sqlite3.Connection, citizen: Citizen, step: int, shape: Shape) -> None:
    """The statements of one turn, inside the open transaction of its group."""
    inbound = citizen.press(step)
    chat = {"channel_account_id": citizen.account, "platform_id": citizen.person, "chat": citizen.person}
    if raw.execute(compiled("sqlite", "inbox_waits").text, chat).fetchall():
        raise AssertionError("nothing waits here")
    row = raw.execute(compiled("sqlite", "find_conversation").text, chat).fetchall()[0]
    found = Found(row[0], row[3], row[5])
    seen = {"channel_account_id": citizen.account, "dedupe_key": inbound.dedupe_key, "at": inbound.at}
    if not raw.execute(compiled("sqlite", "see_event").text, seen).fetchall():
        raise AssertionError("seen before")
    bodies = shape.bodies()
    for number, (state, body) in enumerate(bodies, start=1):
        raw.execute(compiled("sqlite", "add_outbox").text, _message(citizen, found, number, state, body, inbound.at))
    new = {"state": b"x" * shape.state, "last_seq": found.last_seq + len(bodies), "heard_at": inbound.at}
    new["expires_at"] = inbound.at + _PATIENCE
    raw.execute(compiled("sqlite", "save_conversation").text, {"id": found.id, **new})


def raw_all(raw: sqlite3.Connection, citizens: list[Citizen], shape: Shape) -> None:
    """Every citizen answers everything, sixteen turns a commit, in one thread that waits for nobody."""
    for first in range(0, len(citizens), IN_FLIGHT):
        for step in range(STEPS):
            raw.execute("BEGIN IMMEDIATE")
            for citizen in citizens[first : first + IN_FLIGHT]:
                raw_turn(raw, citizen, step, shape)
            raw.execute("COMMIT")


_Waiting = tuple[Callable[[sqlite3.Connection], None], "asyncio.Future[None]"]


def _answer(replies: "list[asyncio.Future[None]]") -> None:
    for reply in replies:
        reply.set_result(None)


class RawWriter:
    """The same, with sixteen citizens waiting in an event loop for a thread that commits whatever waits together."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._queue: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    async def turn(self, citizen: Citizen, step: int, shape: Shape) -> None:
        """One turn, committed when this returns."""
        done = asyncio.get_running_loop().create_future()
        self._queue.put((lambda raw: raw_turn(raw, citizen, step, shape), done))
        await done

    def close(self) -> None:
        """End the thread."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        raw = raw_connection(self._path)
        while (first := self._queue.get()) is not None:
            group = [first]
            while not self._queue.empty() and len(group) < IN_FLIGHT and (job := self._queue.get()) is not None:
                group.append(job)
            raw.execute("BEGIN IMMEDIATE")
            for work, _done in group:
                work(raw)
            raw.execute("COMMIT")
            replies = [done for _work, done in group]
            replies[0].get_loop().call_soon_threadsafe(_answer, replies)
        raw.close()


# --- PostgreSQL: the whole turn as one statement ----------------------------------------------------------------------

_CTE = """
WITH waiting AS (
  SELECT id FROM inbox WHERE channel_account_id = $1 AND chat = $2 AND dead = 0
), found AS (
  SELECT conversations.id, conversations.unit_id, conversations.state, conversations.last_seq
  FROM accounts JOIN conversations ON conversations.account_id = accounts.id
  WHERE accounts.channel_account_id = $1 AND accounts.platform_id = $2 AND NOT EXISTS (SELECT 1 FROM waiting)
  FOR UPDATE OF conversations
), seen AS (
  INSERT INTO seen_events (channel_account_id, dedupe_key, at) SELECT $1, $3, $4 FROM found
  ON CONFLICT DO NOTHING RETURNING 1
), said AS (
  INSERT INTO outbox
    (id, unit_id, conversation_id, channel_account_id, seq, lane, state, body, topic, next_at, created_at)
  SELECT
    message.id, found.unit_id, found.id, $1, found.last_seq + message.number, 0, message.state, message.body, 1, $4, $4
  FROM found, seen, unnest($5::bigint[], $6::text[], $7::bytea[]) WITH ORDINALITY AS message (id, state, body, number)
), saved AS (
  UPDATE conversations SET state = $8, last_seq = found.last_seq + cardinality($5), heard_at = $4, expires_at = $10
  FROM found, seen WHERE conversations.id = found.id RETURNING conversations.id
)
SELECT id, pg_notify('nghedan', $9) FROM saved
"""


async def cte_turn(pool: "asyncpg.Pool", citizen: Citizen, step: int, shape: Shape) -> None:
    """The work of one turn in one statement, which is its own transaction; whoever waits is told as ours does."""
    inbound = citizen.press(step)
    bodies = shape.bodies()
    saved = await pool.fetchrow(
        _CTE,
        citizen.account,
        citizen.person,
        inbound.dedupe_key,
        inbound.at,
        [new_id() for _ in bodies],
        [state for state, _ in bodies],
        [body for _, body in bodies],
        b"x" * shape.state,
        "outbox",
        inbound.at + _PATIENCE,
    )
    if saved is None:
        raise AssertionError("the turn changed nothing")


# --- many at once -----------------------------------------------------------------------------------------------------


async def in_flight(citizens: list[Citizen], turn: Callable[[Citizen, int], Awaitable[None]]) -> None:
    """Every citizen answers everything, sixteen at a time."""

    async def lane(mine: list[Citizen]) -> None:
        for citizen in mine:
            for step in range(STEPS):
                await turn(citizen, step)

    await asyncio.gather(*(lane(citizens[place::IN_FLIGHT]) for place in range(IN_FLIGHT)))
