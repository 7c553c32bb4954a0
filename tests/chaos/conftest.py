"""Houses whose store will be in trouble."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.vault import Vault
from tests.chaos.house import House, build


@pytest.fixture
async def house(store_url: str, vault: Vault, now: int, tmp_path: Path) -> AsyncIterator[House]:
    built = await build(store_url, vault, now, tmp_path)
    yield built
    await built.runtime.close()


@pytest.fixture
async def sqlite_house(sqlite_url: str, vault: Vault, now: int, tmp_path: Path) -> AsyncIterator[House]:
    built = await build(sqlite_url, vault, now, tmp_path)
    yield built
    await built.runtime.close()
