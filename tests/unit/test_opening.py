"""A store is opened with its own key or not at all, and a SQLite store is served by one process."""

from pathlib import Path

import pytest

from app.commands.common import Stop
from app.commands.serve import only_one
from app.opening import CannotOpen, open_runtime
from app.settings import PrivacySettings, Settings, Storage
from app.transcripts import Player
from storage.units import communes
from storage.vault import make_key_file


def settings_in(folder: Path, key: str = "key") -> Settings:
    url = f"sqlite:///{folder / 'nghedan.db'}"
    return Settings(storage=Storage(url=url), privacy=PrivacySettings(key_file=folder / key))


async def a_house_somebody_spoke_in(folder: Path) -> None:
    runtime = await open_runtime(settings_in(folder), make=True)
    (commune,) = await runtime.store.read(communes)
    await (await Player.begin(runtime, commune.id)).start()
    await runtime.close()


async def test_another_key_is_refused_before_anything_is_written_with_it(tmp_path: Path) -> None:
    await a_house_somebody_spoke_in(tmp_path)
    make_key_file(tmp_path / "another")
    with pytest.raises(CannotOpen, match="not the key"):
        await open_runtime(settings_in(tmp_path, "another"), make=True)


async def test_a_lost_key_is_never_replaced_by_a_new_one(tmp_path: Path) -> None:
    await a_house_somebody_spoke_in(tmp_path)
    (tmp_path / "key").unlink()
    with pytest.raises(CannotOpen, match="missing"):
        await open_runtime(settings_in(tmp_path), make=True)
    assert not (tmp_path / "key").exists()


async def test_its_own_key_opens_it_again(tmp_path: Path) -> None:
    await a_house_somebody_spoke_in(tmp_path)
    runtime = await open_runtime(settings_in(tmp_path))
    assert len(await runtime.store.read(communes)) == 1
    await runtime.close()


def test_a_second_serve_of_the_same_file_is_refused(tmp_path: Path) -> None:
    with only_one(settings_in(tmp_path)), pytest.raises(Stop, match="another"), only_one(settings_in(tmp_path)):
        pass
    with only_one(settings_in(tmp_path)):
        pass
