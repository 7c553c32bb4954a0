"""What a unit of work is given: the open transaction, with a fast path for the few statements of every turn."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, CursorResult, Executable

from storage.hot import compiled

Row = Sequence[Any]


class Tx:
    """One open transaction. A unit of work reads and writes through it and never commits."""

    __slots__ = ("_hot", "acted", "conn", "wakes")

    def __init__(self, conn: Connection, hot: Callable[[str, Mapping[str, Any]], list[Row]]) -> None:
        self.conn = conn
        self._hot = hot
        self.wakes: list[str] = []
        self.acted: dict[int, list[int]] = {}
        """Unit -> acts that this unit of work has written, and that storage/act_chain.py chains at its end."""

    @property
    def postgres(self) -> bool:
        """Whether the engine is PostgreSQL: for row locks and SKIP LOCKED, which SQLite neither has nor needs."""
        return self.conn.dialect.name == "postgresql"

    def hot(self, name: str, **params: Any) -> list[Row]:  # noqa: ANN401 - a driver's values
        """Run a statement of storage/hot.py without SQLAlchemy's per-call work; the rows it gives, if any."""
        return self._hot(name, params)

    def execute(self, statement: Executable, params: Any = None) -> CursorResult[Any]:  # noqa: ANN401 - handed on as it came
        """Run any other Core statement."""
        return self.conn.execute(statement, params)

    def wake(self, topic: str) -> None:
        """After the commit, wake whoever waits for the topic ("chat:<id>", "outbox", "jobs")."""
        self.wakes.append(topic)


def driver_of(conn: Connection) -> sqlite3.Connection:
    """SQLite's own connection below an open one of ours."""
    raw: sqlite3.Connection | None = conn.connection.driver_connection
    if raw is None:
        raise RuntimeError("the connection is closed")
    return raw


def sqlite_tx(conn: Connection) -> Tx:
    """A transaction on SQLite: hot statements go to the driver's own connection, within the same transaction."""
    execute = driver_of(conn).execute

    def hot(name: str, params: Mapping[str, Any]) -> list[Row]:
        rows: list[Row] = execute(compiled("sqlite", name).text, params).fetchall()
        return rows

    return Tx(conn, hot)


def postgres_tx(conn: Connection) -> Tx:
    """A transaction on PostgreSQL: hot statements skip compilation and result processing."""

    def hot(name: str, params: Mapping[str, Any]) -> list[Row]:
        statement = compiled("postgresql", name)
        result = conn.exec_driver_sql(statement.text, tuple(params[key] for key in statement.order))
        return list(result.all()) if result.returns_rows else []

    return Tx(conn, hot)
