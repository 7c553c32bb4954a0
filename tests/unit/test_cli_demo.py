"""The demo makes its own store anew, and never touches one that is not its own."""

from pathlib import Path

import pytest

from app.commands.common import Stop
from app.commands.demo import _clear
from storage.sqlite import SqliteStore
from storage.units import communes, seed_commune, set_sample


def a_store(folder: Path, *, sample: bool) -> Path:
    from storage.migrate import upgrade

    path = folder / "nghedan.db"
    upgrade(f"sqlite:///{path}")
    store = SqliteStore(path)
    villages = ["thôn Mẫu"]
    store.write_now(
        lambda tx: seed_commune(tx, province="tỉnh Mẫu", commune="xã Mẫu", village_names=villages, phone="", contact="")
    )
    if sample:
        (commune,) = store.read_now(communes)
        store.write_now(lambda tx: set_sample(tx, commune.id))
    store.close_now()
    (folder / "nghedan.key").write_text("x")
    (folder / "nghedan.db.blobs").mkdir()
    return path


def test_an_earlier_demo_is_cleared_away(tmp_path: Path) -> None:
    a_store(tmp_path, sample=True)
    _clear(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", ["real", "garbage"])
def test_a_store_that_is_not_a_demos_is_never_touched(tmp_path: Path, content: str) -> None:
    path = a_store(tmp_path, sample=False)
    if content == "garbage":
        path.write_bytes(b"not a database")
    before = path.read_bytes()
    with pytest.raises(Stop, match="name another folder"):
        _clear(tmp_path)
    assert path.read_bytes() == before
    assert (tmp_path / "nghedan.key").exists()


def test_an_empty_folder_is_fine(tmp_path: Path) -> None:
    _clear(tmp_path)
    assert list(tmp_path.iterdir()) == []
