"""What a real process writes to its streams and into its folder while people answer, refuse and make mistakes."""

import os
import re
from pathlib import Path

import pytest
from sqlalchemy import select

from storage.tables import accounts, conversations
from tests.attacker.loot import everything
from tests.attacker.town import Town, crowd
from tests.e2e.citizens import Browser
from tests.e2e.serving import Place, start, wait_until

CHAT = "/mau/"
SECRETS = [f"dauhieu nhat ky {number}" for number in range(6)]


async def _answers(url: str, secret: str) -> str:
    """A whole survey in a browser of one's own, with a page too old and a form that is none; the cookie's value."""
    async with Browser(url) as citizen:
        await citizen.read(f"{CHAT}?n=ks_sau_thu_tuc")
        for words in ("4", "2", secret):
            await citizen.post(f"{CHAT}gui", {"m": os.urandom(8).hex(), "text": words})
        await citizen.post(f"{CHAT}gui", b"\xff\xfe=" + secret.encode())
        await citizen.get(f"{CHAT}tin?sau={secret.replace(' ', '+')}")
        await citizen.post(f"{CHAT}gui", {"m": os.urandom(8).hex(), "text": "mau mot"})
        return next(iter(citizen.session.cookie_jar)).value


def _holding(place: Place, words: list[str]) -> set[str]:
    """Files of the folder, the key's aside, that hold any of these words."""
    files = [path for path in place.folder.rglob("*") if path.is_file() and path != place.key_file]
    held = {path.name: path.read_bytes() for path in files}
    return {name for name, data in held.items() if any(word.encode() in data for word in words)}


@pytest.mark.slow
async def test_a_process_that_serves_writes_down_nobody_and_nothing(tmp_path: Path) -> None:
    # given six people who answer in their browsers
    place = Place(tmp_path)
    place.furnish("sau_thu_tuc")
    server = start(place)
    try:
        cookies = [await _answers(server.url, secret) for secret in SECRETS]
        people = [cookie.partition(".")[0] for cookie in cookies]
        # then no file holds a word of theirs while the process runs, and its log names nobody
        assert _holding(place, SECRETS) == set()
    finally:
        server.kill()
    # nor when it was killed and what it left is looked at
    assert _holding(place, SECRETS) == set()
    assert _holding(place, people) <= {"nghedan.db", "nghedan.db-wal"}

    # when the next life releases the six answers
    again = start(place)
    try:
        wait_until(lambda: _holding(place, SECRETS), "nothing was released")
    finally:
        again.stop()
    # then the store holds them, and still no log
    assert _holding(place, SECRETS) <= {"nghedan.db", "nghedan.db-wal"}
    assert not re.search(r"dauhieu|mau mot", again.log)


async def test_a_turn_that_throws_is_logged_without_a_word(
    town: Town, store_url: str, capfd: pytest.CaptureFixture[str]
) -> None:
    # given somebody whose state no program can read any more
    (who,) = crowd(1, seed=21)
    await town.begins(who)
    on = town.runtime.known_account(getattr(town.commune, who.channel))
    await town.store.write(lambda tx: town.runtime.ledger.chat(tx, on, who.id, town.at).save(b'{"v":999}'))
    # when they write on
    await town.hears(who, who.secret)
    # then the log says that a turn failed, not whose and not at which words; nor does any file
    said = "".join(capfd.readouterr())
    loot = await everything(town.store, store_url)
    ids = await town.store.read(
        lambda conn: [*conn.scalars(select(accounts.c.id)), *conn.scalars(select(conversations.c.id))]
    )
    assert "turn.failed" in said
    assert not [word for word in (who.secret, who.id, *map(str, ids)) if word in said]
    assert not [path for path, data in loot.files.items() if who.secret.encode() in data]
