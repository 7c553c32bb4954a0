"""Whoever has the files sees the size of every sealed row, turn by turn: it must not tell two answers apart."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from storage.store import Store
from storage.tables import accounts, conversations, outbox
from storage.vault import Vault
from tests.stores import SampleCommune
from tests.unit.chatting import House

BRIEF = ("1", "1", "1", "0", "0", "có", "Tốt.")
WORDY = ("5", "2", "1, 2", "1.000", "10", "không", "Cần thêm ghế ngồi, thêm người hướng dẫn. " * 20)


@pytest.fixture
def house(store: Store, store_url: str, commune: SampleCommune, vault: Vault, tmp_path: Path, now: int) -> House:
    return House(store, store_url, tmp_path, vault, commune, now)


def seen_of(conn: Connection, person: str) -> list[Any]:
    """What the files show of somebody's chat without the key."""
    mine = select(conversations.c.id, conversations.c.state, conversations.c.last_seq)
    row = conn.execute(mine.join(accounts).where(accounts.c.platform_id == person)).one()
    columns = (outbox.c.seq, outbox.c.lane, outbox.c.state, outbox.c.topic, outbox.c.body)
    rows = conn.execute(select(*columns).where(outbox.c.conversation_id == row.id).order_by(outbox.c.seq)).all()
    return [len(row.state), row.last_seq, *((*line[:4], line.body and len(line.body)) for line in rows)]


async def test_two_people_who_answer_differently_look_the_same(house: House) -> None:
    # given two people who answer the same questions, one briefly, one at length
    for person in ("p" * 64, "q" * 64):
        await house.begin(person)
    for brief, wordy in zip(BRIEF, WORDY, strict=True):
        await house.say("p" * 64, brief)
        await house.say("q" * 64, wordy)
        # then after every turn their states and messages are alike, but for what was said
        one, other = [
            await house.runtime.store.read(lambda conn, person=person: seen_of(conn, person))  # type: ignore[misc]  # a default binds what the loop changes
            for person in ("p" * 64, "q" * 64)
        ]
        assert one == other
