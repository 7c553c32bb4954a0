"""What every test may ask for: a migrated store of either engine, a seeded commune, a fixed key and a fixed moment."""

import os
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import settings

from storage.migrate import upgrade
from storage.opening import open_store
from storage.store import Store
from storage.vault import Vault
from tests.stores import PostgresServer, SampleCommune, postgres_server, seed_sample
from vietnam.time import TZ, to_ms

# The same examples every time: a change is blamed for what it breaks, not for what chance finds. `HYPOTHESIS=wander`
# looks for new ones. A test is no stopwatch: how long one took says what else the machine was doing.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("wander", print_blob=True, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS", "steady"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pictures", action="store_true", help="write docs/pictures/ anew; look at them")
    parser.addoption(
        "--regenerate", action="store_true", help="write tests/transcripts/*.toml anew; read the difference"
    )


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A real PostgreSQL of this test process, started when the first test asks for it."""
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "nghedan.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The url of a migrated, empty SQLite store of this test."""
    shutil.copy(sqlite_template, tmp_path / "nghedan.db")
    return f"sqlite:///{tmp_path / 'nghedan.db'}"


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> Iterator[str]:
    """The url of a migrated, empty PostgreSQL store of this test."""
    url = postgres.fresh()
    yield url
    postgres.drop(url)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store_url(request: pytest.FixtureRequest) -> str:
    """The url of a migrated, empty store, once for each engine."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
async def store(store_url: str) -> AsyncIterator[Store]:
    """A migrated, empty, opened store, once for each engine."""
    opened = open_store(store_url)
    yield opened
    await opened.close()


@pytest.fixture
async def commune(store: Store, now: int) -> SampleCommune:
    """A commune of twelve villages with an open wave, in `store`."""
    return await store.write(lambda tx: seed_sample(tx, now))


@pytest.fixture
def vault() -> Vault:
    """A vault whose key is the same in every test."""
    return Vault(bytes(range(32)))


@pytest.fixture
def now() -> int:
    """9 o'clock of 3 October 2026 in Viet Nam, as UTC milliseconds."""
    return to_ms(datetime(2026, 10, 3, 9, tzinfo=TZ))
