"""Pictures and documents: a directory beside a SQLite file, rows of 1 MiB in PostgreSQL; one description row each.

The bytes are safe before the row says that they exist, so a backup of rows first and files after never lacks a file.
What nobody has pointed to after a day (`kept` = 0) is swept, and so are bytes without a row.
"""

import asyncio
import hashlib
import os
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, delete, insert, select, update

from storage.ids import random_id
from storage.opening import sqlite_path
from storage.store import Store
from storage.tables import blob_chunks, blobs
from storage.tx import Tx

CHUNK = 1024 * 1024
_SWEPT_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class BlobInfo:
    """What a blob is; `size` in bytes, `width` and `height` in pixels (0 where it is no picture)."""

    id: int
    unit_id: int
    media_type: str
    size: int
    name: str
    width: int
    height: int


class Damaged(Exception):
    """The bytes are not what was stored."""


def describe(conn: Connection, id: int) -> BlobInfo | None:
    """What a blob is, None where there is none."""
    columns = (blobs.c.id, blobs.c.unit_id, blobs.c.media_type, blobs.c.size, blobs.c.name, blobs.c.width)
    row = conn.execute(select(*columns, blobs.c.height).where(blobs.c.id == id)).one_or_none()
    return None if row is None else BlobInfo(*row)


def keep(tx: Tx, ids: Iterable[int]) -> int:
    """Say that something points to these blobs now; how many there were. Fewer than given: some are swept already."""
    return tx.execute(update(blobs).where(blobs.c.id.in_(list(ids))).values(kept=1)).rowcount


def release(tx: Tx, ids: Iterable[int]) -> int:
    """Say that nothing points to these blobs any more: the next sweep takes them; how many there were."""
    return tx.execute(update(blobs).where(blobs.c.id.in_(list(ids))).values(kept=0, created_at=0)).rowcount


def let_go(tx: Tx, ids: Iterable[int]) -> int:
    """Have the next sweep take those to which nothing points, however new they are; how many there were."""
    mine = update(blobs).where(blobs.c.id.in_(list(ids)), blobs.c.kept == 0)
    return tx.execute(mine.values(created_at=0)).rowcount


class Blobs(ABC):
    """Where the bytes are; made by `open_blobs`."""

    def __init__(self, store: Store) -> None:
        self.store = store

    async def put(
        self, unit_id: int, media_type: str, data: bytes, *, name: str = "", width: int = 0, height: int = 0
    ) -> int:
        """Store bytes; the id of the blob, which is swept after a day unless `keep` is called for it."""
        row = {
            "id": random_id(),
            "unit_id": unit_id,
            "media_type": media_type,
            "size": len(data),
            "sha256": hashlib.sha256(data).digest(),
            "name": name,
            "width": width,
            "height": height,
            # The age of the bytes as the file system sees it too: both are swept by it.
            "created_at": time.time_ns() // 1_000_000,  # noqa: TID251 - the age of a file, by the clock of the machine
        }
        await self._put(row, data)
        return int(str(row["id"]))

    async def get(self, id: int) -> bytes | None:
        """The bytes, None where there is no such blob. Damaged where they are not what was stored."""
        digest = await self.store.read(lambda conn: conn.scalar(select(blobs.c.sha256).where(blobs.c.id == id)))
        if digest is None:
            return None
        data = await self._get(id)
        if data is None or hashlib.sha256(data).digest() != digest:
            raise Damaged(f"blob {id}")
        return data

    async def describe(self, id: int) -> BlobInfo | None:
        """See `describe` of this module."""
        return await self.store.read(lambda conn: describe(conn, id))

    @abstractmethod
    async def sweep(self, before: int) -> int:
        """Remove what nobody points to and what has no row, if older than `before` (UTC ms); how many went."""

    @abstractmethod
    async def _put(self, row: dict[str, object], data: bytes) -> None: ...

    @abstractmethod
    async def _get(self, id: int) -> bytes | None: ...

    async def _forget(self, before: int) -> list[int]:
        """Remove rows that nobody points to, some at once; their ids."""
        old = select(blobs.c.id).where(blobs.c.kept == 0, blobs.c.created_at < before).limit(_SWEPT_AT_ONCE)

        def unit(tx: Tx) -> list[int]:
            gone = list(tx.execute(old.with_for_update(skip_locked=True)).scalars())
            if gone:
                tx.execute(delete(blob_chunks).where(blob_chunks.c.blob_id.in_(gone)))
                tx.execute(delete(blobs).where(blobs.c.id.in_(gone)))
            return gone

        return await self.store.write(unit)


class FileBlobs(Blobs):
    """Each blob a file of the directory, named by its id, in 256 folders."""

    def __init__(self, store: Store, folder: Path) -> None:
        super().__init__(store)
        self.folder = folder

    def path(self, id: int) -> Path:
        """Where the bytes of a blob are."""
        name = f"{id:016x}"
        return self.folder / name[-2:] / name

    async def sweep(self, before: int) -> int:
        """See Blobs.sweep."""
        count = 0
        while gone := await self._forget(before):
            await asyncio.to_thread(self._unlink, gone)
            count += len(gone)
        old = await asyncio.to_thread(self._older, before)
        for start in range(0, len(old), _SWEPT_AT_ONCE):
            some = old[start : start + _SWEPT_AT_ONCE]
            ids = [id for id, _ in some if id is not None]
            known = await self._known(ids)
            orphans = [path for id, path in some if id not in known]
            await asyncio.to_thread(_remove, orphans)
            count += len(orphans)
        return count

    async def _put(self, row: dict[str, object], data: bytes) -> None:
        await asyncio.to_thread(_write_safely, self.path(int(str(row["id"]))), data)
        await self.store.write(lambda tx: tx.execute(insert(blobs), row).rowcount)

    async def _get(self, id: int) -> bytes | None:
        def look() -> bytes | None:
            try:
                return self.path(id).read_bytes()
            except FileNotFoundError:
                return None

        return await asyncio.to_thread(look)

    async def _known(self, ids: list[int]) -> set[int]:
        query = select(blobs.c.id).where(blobs.c.id.in_(ids))
        return await self.store.read(lambda conn: set(conn.scalars(query)))

    def _unlink(self, ids: list[int]) -> None:
        _remove([self.path(id) for id in ids])

    def _older(self, before: int) -> list[tuple[int | None, Path]]:
        """Files last written before an instant, with the id their name says (None for a left temporary file)."""
        return [
            (None if path.suffix else int(path.name, 16), path)
            for path in self.folder.glob("??/*")
            if path.stat().st_mtime * 1000 < before
        ]


class RowBlobs(Blobs):
    """Each blob as rows of 1 MiB, written and read one at a time."""

    async def sweep(self, before: int) -> int:
        """See Blobs.sweep; chunks without a row cannot be: they are written in one transaction."""
        count = 0
        while gone := await self._forget(before):
            count += len(gone)
        return count

    async def _put(self, row: dict[str, object], data: bytes) -> None:
        def unit(tx: Tx) -> None:
            for part, start in enumerate(range(0, len(data), CHUNK)):
                chunk = {"blob_id": row["id"], "part": part, "data": data[start : start + CHUNK]}
                tx.execute(insert(blob_chunks), chunk)
            tx.execute(insert(blobs), row)

        await self.store.write(unit)

    async def _get(self, id: int) -> bytes | None:
        query = select(blob_chunks.c.data).where(blob_chunks.c.blob_id == id).order_by(blob_chunks.c.part)
        return b"".join(await self.store.read(lambda conn: conn.scalars(query).all()))


def open_blobs(url: str, store: Store, folder: Path | None = None) -> Blobs:
    """The blobs of the store of this url. `folder` only for SQLite; without it, the database file's name + ".blobs"."""
    path = sqlite_path(url)
    if path is None:
        return RowBlobs(store)
    return FileBlobs(store, folder or path.with_name(path.name + ".blobs"))


def _write_safely(path: Path, data: bytes) -> None:
    """Whole or not at all, and on the disk when this returns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(path.name + ".part")
    with temporary.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    for folder in (path.parent, path.parent.parent):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _remove(paths: list[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
