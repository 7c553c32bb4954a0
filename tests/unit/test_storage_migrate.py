"""The schema is made by migrations alone, on both engines, and is what storage/tables.py says."""

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text

from storage.migrate import _config, _on_sqlite, current, head, upgrade
from storage.opening import BadStorageUrl, open_store
from storage.revision import HEAD
from storage.tables import metadata
from tests.stores import PostgresServer

UPGRADE = "import sys; from storage.migrate import upgrade; upgrade(sys.argv[1])"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'new' / 'nghedan.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    url = server.empty()
    yield url
    server.drop(url)


def ours(name: str | None, kind: str, _parents: object) -> bool:
    """All but the words of a search, whose table each engine has in its own way (migration 0020)."""
    return not (kind == "table" and name is not None and name.startswith("case_words"))


def differences(url: str) -> list[object]:
    def look(conn: Connection) -> list[object]:
        opts = {"compare_type": True, "compare_server_default": True, "include_name": ours}
        context = MigrationContext.configure(conn, opts=opts)
        return list(compare_metadata(context, metadata))

    async def run() -> list[object]:
        store = open_store(url)
        try:
            return await store.read(look)
        finally:
            await store.close()

    return asyncio.run(run())


def test_upgrade_from_nothing_gives_the_schema_of_the_tables(bare_url: str) -> None:
    # given a place where nothing is yet
    assert current(bare_url) is None
    # when it is upgraded
    upgrade(bare_url)
    # then it is what the program is written for
    assert current(bare_url) == head()
    assert differences(bare_url) == []


def test_a_second_upgrade_changes_nothing(bare_url: str) -> None:
    upgrade(bare_url)
    upgrade(bare_url)
    assert current(bare_url) == head()
    assert differences(bare_url) == []


def test_two_processes_may_upgrade_at_once(bare_url: str) -> None:
    # when two processes start together, as after a deployment
    started = [
        subprocess.Popen([sys.executable, "-c", UPGRADE, bare_url], stderr=subprocess.PIPE, text=True) for _ in range(2)
    ]
    # then every one of them ends well
    ends = [(process.communicate(timeout=60)[1], process.returncode) for process in started]
    assert [code for _, code in ends] == [0] * 2, ends
    assert differences(bare_url) == []


async def test_upgrade_can_be_called_while_a_loop_is_running(bare_url: str) -> None:
    upgrade(bare_url)
    assert current(bare_url) == head()


def test_the_revision_known_without_alembic_is_the_newest() -> None:
    assert head() == HEAD


def test_the_migrations_are_found_beside_the_module() -> None:
    # so that they are found in an installed wheel as well
    folder = Path(sys.modules["storage.migrate"].__file__ or "").with_name("migrations")
    assert (folder / "env.py").is_file()
    assert list((folder / "versions").glob("0001_*.py"))


@pytest.mark.parametrize("url", ["", "nghedan.db", "sqlite://", "sqlite:///:memory:", "mysql://h/d", "postgresql://h"])
def test_any_other_url_is_named(url: str) -> None:
    with pytest.raises(BadStorageUrl):
        upgrade(url)


def test_chats_of_an_older_program_get_an_end_for_what_is_unfinished(tmp_path: Path) -> None:
    # given a store as it was before the end of unfinished surveys was kept, with a chat that has a state
    path = tmp_path / "old.db"

    def as_it_was(conn: Connection) -> None:
        command.upgrade(_config(conn), "0002")
        for id, state in ((1, b"sealed"), (2, None)):
            row = {"id": id, "account_id": id, "unit_id": 1, "channel": "webchat", "state": state, "heard_at": 1_000}
            names = ", ".join(row)
            conn.execute(text(f"INSERT INTO conversations ({names}) VALUES (:{', :'.join(row)})"), row)

    _on_sqlite(path, as_it_was)
    # when it is upgraded, then it is looked at two weeks after the last word
    upgrade(f"sqlite:///{path}")
    with closing(sqlite3.connect(path)) as file:
        found = file.execute("SELECT id, expires_at FROM conversations ORDER BY id").fetchall()
    assert found == [(1, 1_000 + 14 * 24 * 3_600_000), (2, None)]


def test_calls_of_an_older_program_are_kept_when_calls_learn_of_bookings(tmp_path: Path) -> None:
    # given an open call as it was kept when every call had its message and its chat
    path = tmp_path / "old.db"

    def as_it_was(conn: Connection) -> None:
        command.upgrade(_config(conn), "0011")
        conn.execute(
            text("INSERT INTO units (id, kind, name, slug, prefix, sort_key) VALUES (1, 'commune', 'x', 'x', 'X', 'x')")
        )
        conn.execute(
            text(
                "INSERT INTO conversations (id, account_id, unit_id, channel, heard_at) VALUES (1, 1, 1, 'zalo_oa', 1)"
            )
        )
        conn.execute(
            text(
                "INSERT INTO calls (id, unit_id, outbox_id, conversation_id, case_id, why, since) "
                "VALUES (5, 1, 7, 1, 9, 'window', 3)"
            )
        )

    _on_sqlite(path, as_it_was)
    # when it is upgraded
    upgrade(f"sqlite:///{path}")
    # then it still waits, with its message, and is about no booking
    with closing(sqlite3.connect(path)) as file:
        found = file.execute("SELECT id, outbox_id, case_id, booking_id, state FROM calls").fetchall()
    assert found == [(5, 7, 9, None, "open")]
