"""What the attacker carries away: every row, where it lies and which transaction wrote it; every file's bytes."""

import copy
import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import Connection, Table, text

from storage.opening import sqlite_path
from storage.store import Store
from storage.tables import metadata

Row = dict[str, Any]
PLACE, WRITTEN_BY = "#place", "#transaction"
"""Keys of a row: its number in the order of the disk, and the transaction that wrote it (0 on SQLite)."""
_HEAD, _FRAME_HEAD = 32, 24
"""Bytes before the first frame of SQLite's write-ahead log, and before the page in each."""


@dataclass
class Loot:
    """`tables` by name; `files` by their path; `logs` whatever the process wrote to its streams."""

    tables: dict[str, list[Row]]
    files: dict[str, bytes] = field(default_factory=dict)
    logs: str = ""

    def __getitem__(self, table: str) -> list[Row]:
        return self.tables[table]

    def copy(self) -> "Loot":
        """To be spoilt by a test that wants to be found out."""
        return Loot(copy.deepcopy(self.tables), dict(self.files), self.logs)


async def rows(store: Store) -> Loot:
    """Every table, as a backup has it and more."""
    return Loot(await store.read(lambda conn: {table.name: _rows(conn, table) for table in metadata.sorted_tables}))


async def everything(store: Store, url: str) -> Loot:
    """Every table and every file, those of an engine at work included."""
    loot = await rows(store)
    for path in files_of(url):
        with suppress(FileNotFoundError):  # a server at work writes some of its files anew, by another name first
            loot.files[str(path)] = path.read_bytes()
    return loot


def _rows(conn: Connection, table: Table) -> list[Row]:
    if conn.dialect.name == "postgresql":
        query = f"SELECT xmin::text::bigint, t.* FROM {table.name} t ORDER BY t.ctid"
    else:
        keys = ", ".join(column.name for column in table.primary_key)
        order = keys if table.dialect_options["sqlite"]["with_rowid"] is False else "rowid"
        query = f"SELECT 0, t.* FROM {table.name} t ORDER BY {order}"
    found = conn.execute(text(query)).all()
    names = [column.name for column in table.columns]
    stored = list(found[0]._fields[1:]) if found else names
    return [
        {PLACE: place, WRITTEN_BY: row[0], **{name: _plain(value) for name, value in zip(stored, row[1:], strict=True)}}
        for place, row in enumerate(found)
    ]


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def files_of(url: str) -> list[Path]:
    """Every file of a store: the folder of a SQLite file, or the data directory of a server and what it logged."""
    database = sqlite_path(url)
    if database is not None:
        return [path for path in sorted(database.parent.rglob("*")) if path.is_file()]
    home = Path(parse_qs(urlsplit(url).query)["host"][0]).parent
    return [path for path in sorted((home / "data").rglob("*")) if path.is_file()] + [home / "log"]


async def flush(store: Store, url: str) -> None:
    """Have a server write out what it holds, so that its files show all they can."""
    if sqlite_path(url) is None:
        from sqlalchemy.ext.asyncio import create_async_engine

        engine = create_async_engine(store.url, isolation_level="AUTOCOMMIT")  # type: ignore[attr-defined]
        async with engine.connect() as conn:
            await conn.execute(text("CHECKPOINT"))
        await engine.dispose()


def wal_pages(log: bytes) -> list[tuple[int, int]]:
    """SQLite's write-ahead log as (page, pages of the file after this commit or 0), in the order of writing."""
    size = struct.unpack(">I", log[8:12])[0] if log else 0
    step = _FRAME_HEAD + size
    return [struct.unpack(">II", log[at : at + 8]) for at in range(_HEAD, len(log) - step + 1, step)] if size else []


def around(path: str, data: bytes, marker: bytes) -> Iterator[bytes]:
    """What lies beside every occurrence of a marker: its page, or in PostgreSQL's log the records next to it."""
    at = data.find(marker)
    while at >= 0:
        if "pg_wal" in path:
            yield data[max(0, at - 128) : at + 128]
        elif path.endswith("-wal"):
            size = struct.unpack(">I", data[8:12])[0]
            begin = _HEAD + (at - _HEAD) // (_FRAME_HEAD + size) * (_FRAME_HEAD + size)
            yield data[begin : begin + _FRAME_HEAD + size]
        else:
            size = 4096 if path.endswith(".db") else 8192
            yield data[at // size * size : (at // size + 1) * size]
        at = data.find(marker, at + 1)
