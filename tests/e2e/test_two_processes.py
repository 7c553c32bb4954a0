"""Two real `nghedan serve` over one PostgreSQL: what is written at one is heard at the other."""

import os
from pathlib import Path

import pytest

from tests.e2e.citizens import Browser, Officer, code_in
from tests.e2e.serving import Place, serving
from tests.stores import PostgresServer

pytestmark = pytest.mark.slow
CHAT = "/mau/"


async def test_a_citizen_at_one_process_hears_an_officer_at_the_other(postgres: PostgresServer, tmp_path: Path) -> None:
    # Given two processes of one province, with one database and one key
    url = postgres.fresh()
    here, there = (Place(_folder(tmp_path / name), url=url) for name in ("here", "there"))
    here.furnish()
    there.key_file.write_bytes(here.key_file.read_bytes())
    with serving(here), serving(there):
        async with Browser(here.url) as citizen, Officer(there.url) as officer:
            # when a citizen writes at the one
            page = await citizen.read(CHAT)
            for words in ("Đường vào thôn ngập nước ba hôm nay.", "1", "3", "bỏ qua", "bỏ qua", "1"):
                _status, page = await citizen.post(f"{CHAT}gui", {"m": os.urandom(8).hex(), "text": words})
            code = code_in(page)
            # and the officer answers at the other
            await officer.logs_in()
            await officer.replies(code, "Xã đã cho khơi rãnh thoát nước.")
            # then the answer is in the citizen's chat
            assert "Xã đã cho khơi rãnh thoát nước." in await citizen.read(CHAT)


def _folder(path: Path) -> Path:
    path.mkdir()
    return path
