"""Whatever citizens, officers and the clock do to sessions and seats, with crashes and doubles in between.

Every deed is done to a real store and to the few rules of tests/unit/session_model.py; both must agree on whether it
may be done, on what then stands, and on who was told what.
"""

import asyncio
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from sqlalchemy import Connection, select

from app import seats
from feedback.booking_deciding import Seated
from feedback.roles import CITIZEN, Actor
from storage.store import Store
from storage.tables import bookings
from storage.vault import Vault
from tests.stores import PostgresServer, SampleCommune
from tests.unit.chatting import House
from tests.unit.session_deeds import WALKS, walk
from tests.unit.session_walk import Step
from tests.unit.sessions import announced, booking, people

DONE = {
    "book", "book_for", "walk_in", "give_back", "give_back_for", "move", "check_in", "absent", "change", "cancel",
    "hold", "minutes", "answer", "publish", "announce", "tell", "rounds", "crash", "served while others wait",
}  # fmt: skip
TOLD = {"seat", "changed", "cancelled", "unserved", "returned", "results", "day", "hours", "notice_late", "not_closed"}
"""What a walk that goes anywhere has seen."""
MANY, FEW = 25, 5
AS_DRAWN: dict[str, Any] = {"phases": (Phase.explicit, Phase.generate), "suppress_health_check": [HealthCheck.too_slow]}
"""A walk that fails is shown as it was: walking it again and again to make it shorter takes minutes."""


def test_the_program_and_the_rules_agree_whatever_is_done(sqlite_template: Path, tmp_path: Path) -> None:
    seen: Counter[str] = Counter()

    @settings(max_examples=MANY, **AS_DRAWN)
    @given(WALKS)
    def example(taken: list[Step]) -> None:
        here = tmp_path / str(seen["walks"])
        here.mkdir()
        seen["walks"] += 1
        shutil.copy(sqlite_template, here / "nghedan.db")
        asyncio.run(walk(f"sqlite:///{here / 'nghedan.db'}", here, taken, seen))

    example()
    # then the walks went nearly everywhere, and most of what was tried could be done
    assert len((DONE | TOLD) - set(seen)) <= 3, seen
    assert {"served while others wait", "move", "hold", "crash"} <= set(seen)
    refused = sum(many for what, many in seen.items() if what.startswith("refused "))
    assert sum(seen[what] for what in DONE) > refused


@pytest.mark.postgres
def test_so_they_do_on_postgres(postgres: PostgresServer, tmp_path: Path) -> None:
    seen: Counter[str] = Counter()

    @settings(max_examples=FEW, **AS_DRAWN)
    @given(WALKS)
    def example(taken: list[Step]) -> None:
        url = postgres.fresh()
        try:
            asyncio.run(walk(url, tmp_path, taken, seen))
        finally:
            postgres.drop(url)

    example()

    assert seen["book"]


async def test_everybody_at_once_sells_each_seat_once(
    store: Store, store_url: str, vault: Vault, commune: SampleCommune, tmp_path: Path, now: int
) -> None:
    # given ten seats and forty people
    house = House(store, store_url, tmp_path, vault, commune, now)
    id = await announced(house.runtime, commune, seats=10, minutes=600, slot_minutes=60)
    accounts = await people(store, vault, commune, 40)
    citizen = Actor(kind=CITIZEN, unit=commune.commune)

    async def one(number: int, account: int) -> object:
        wanted = booking(number)
        return await store.write(
            lambda tx: seats.take(tx, id, wanted, citizen, now, account=account, accounts=[account])
        )

    # when all press at once
    outcomes = await asyncio.gather(*(one(number, account) for number, account in enumerate(accounts)))

    # then ten have a seat, thirty wait, each in a place of their own without a gap
    rows = await store.read(everything)
    assert all(isinstance(outcome, Seated) for outcome in outcomes)
    assert sorted(row.seat for row in rows if row.seat) == list(range(1, 11))
    assert sorted(row.place for row in rows if row.state == "waiting") == list(range(11, 41))
    assert {row.place for row in rows if row.seat} == set(range(1, 11))


def everything(conn: Connection) -> list[Any]:
    return list(conn.execute(select(bookings)))
