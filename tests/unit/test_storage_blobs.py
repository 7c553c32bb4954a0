"""Bytes come back as they were stored, and what nobody points to goes after a day."""

import pytest
from sqlalchemy import func, select, update

from storage import blobs as module
from storage.blobs import CHUNK, Blobs, Damaged, FileBlobs, open_blobs
from storage.store import Store
from storage.tables import blob_chunks
from storage.tables import blobs as rows
from tests.stores import SampleCommune

LATER = 2**62


@pytest.fixture
def blobs(store: Store, store_url: str) -> Blobs:
    return open_blobs(store_url, store)


async def age(store: Store, id: int) -> None:
    await store.write(lambda tx: tx.execute(update(rows).where(rows.c.id == id).values(created_at=0)).rowcount)


@pytest.mark.parametrize("size", [0, 1, CHUNK, 2 * CHUNK + 5])
async def test_bytes_come_back_as_they_were(blobs: Blobs, commune: SampleCommune, size: int) -> None:
    data = bytes(number % 251 for number in range(size))
    id = await blobs.put(commune.commune, "image/jpeg", data, name="anh.jpg", width=3, height=4)
    assert await blobs.get(id) == data
    about = await blobs.describe(id)
    assert about is not None
    assert (about.unit_id, about.media_type, about.size) == (commune.commune, "image/jpeg", size)
    assert (about.name, about.width, about.height) == ("anh.jpg", 3, 4)


async def test_what_is_not_there_is_none(blobs: Blobs) -> None:
    assert await blobs.get(5) is None
    assert await blobs.describe(5) is None


async def test_only_what_nobody_points_to_is_swept(blobs: Blobs, store: Store, commune: SampleCommune) -> None:
    # given an old blob that a case points to, an old one that nothing points to, and a new one
    kept, orphan, new = [await blobs.put(commune.commune, "image/jpeg", b"x" * 9) for _ in range(3)]
    assert await store.write(lambda tx: module.keep(tx, [kept])) == 1
    for id in (kept, orphan):
        await age(store, id)
    # when it is swept
    assert await blobs.sweep(before=1000) == 1
    # then only the orphan is gone, bytes and all
    assert await blobs.get(kept) == b"x" * 9
    assert await blobs.get(new) == b"x" * 9
    assert await blobs.get(orphan) is None
    if isinstance(blobs, FileBlobs):
        assert not blobs.path(orphan).exists()
    else:
        assert await store.read(lambda conn: conn.scalar(select(func.count()).select_from(blob_chunks))) == 2


async def test_altered_bytes_are_not_handed_out(blobs: Blobs, store: Store, commune: SampleCommune) -> None:
    id = await blobs.put(commune.commune, "image/jpeg", b"ban goc")
    if isinstance(blobs, FileBlobs):
        blobs.path(id).write_bytes(b"ban sua")
    else:
        await store.write(lambda tx: tx.execute(update(blob_chunks).values(data=b"ban sua")).rowcount)
    with pytest.raises(Damaged):
        await blobs.get(id)


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
async def test_files_without_a_row_are_swept(blobs: Blobs, commune: SampleCommune) -> None:
    # given a whole file and a half-written one, left by a process killed before its row
    assert isinstance(blobs, FileBlobs)
    id = await blobs.put(commune.commune, "image/jpeg", b"x")
    left = blobs.path(7)
    left.parent.mkdir(parents=True, exist_ok=True)
    left.write_bytes(b"y")
    left.with_name(left.name + ".part").write_bytes(b"z")
    # when what is older than the end of time is swept
    assert await blobs.store.write(lambda tx: module.keep(tx, [id])) == 1
    assert await blobs.sweep(before=LATER) == 2
    # then the known one stands
    assert await blobs.get(id) == b"x"
    assert not list(left.parent.glob(f"{left.name}*"))


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
async def test_a_young_file_without_a_row_is_left_alone(blobs: Blobs, store: Store) -> None:
    # its row may be on its way
    assert isinstance(blobs, FileBlobs)
    young = blobs.path(7)
    young.parent.mkdir(parents=True)
    young.write_bytes(b"y")
    assert await blobs.sweep(before=1000) == 0
    assert young.exists()
