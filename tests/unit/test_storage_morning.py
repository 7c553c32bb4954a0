"""The one number of hot spots above a leader's page: the same as the page of hot spots has, however it is counted."""

from random import Random

import pytest
from sqlalchemy import insert

from feedback.hot_spots import Thresholds, hot_spots
from feedback.roles import CITIZEN, OFFICER, Actor, Role
from storage import handing
from storage.act_rows import record
from storage.ids import new_id
from storage.morning import HotCounts, hot_count
from storage.store import Store
from storage.tables import accounts, cases, persons
from storage.tx import Tx
from tests.stores import SampleCommune
from vietnam.time import DAY, MINUTE

LIMITS = Thresholds(people=3, field_people=6, days=14, long_days=30)
SHORT = Thresholds(people=3, field_people=6, days=40, long_days=10)


def some_case(tx: Tx, commune: SampleCommune, **row: object) -> int:
    """A case of a person of its own."""
    person, account, id = new_id(), new_id(), new_id()
    tx.execute(insert(persons).values(id=person, unit_id=commune.commune, created_at=0))
    there = {"channel_account_id": commune.webchat, "platform_id": str(person), "created_at": 0}
    tx.execute(insert(accounts).values(id=account, person_id=person, **there))
    said = {"code": f"XM-{id}", "kind": "feedback", "category": "roads", "text": "Đường hỏng", "state": "new"}
    of = {"id": id, "unit_id": commune.commune, "account_id": account}
    tx.execute(insert(cases).values({**said, **of, **row}))
    return id


@pytest.mark.parametrize("limits", [LIMITS, SHORT], ids=["long after the days", "long within the days"])
@pytest.mark.parametrize("seed", range(6))
async def test_counted_by_the_store_as_by_looking_at_each(
    store: Store, commune: SampleCommune, now: int, seed: int, limits: Thresholds
) -> None:
    # given cases of three months of every kind, state and place
    chance = Random(seed)

    def furnish(tx: Tx) -> None:
        for _ in range(60):
            some_case(
                tx, commune, opened_at=now - chance.randrange(90) * DAY - chance.randrange(3),
                kind=chance.choice(("feedback", "petition", "conduct", "praise")),
                category=chance.choice(("roads", "land", "other")),
                state=chance.choice(("new", "in_progress", "waiting", "answered", "closed")),
                village_id=chance.choice((*commune.villages[:3], None)),
                confidential=int(chance.random() < 0.1),
                over_level=int(chance.random() < 0.1),
                lat=22.0 + chance.randrange(3) / 100, lon=105.0,
            )  # fmt: skip

    await store.write(furnish)
    since = now - limits.days * DAY
    for role in (Role.LEADER, Role.RECEPTION):
        by = Actor(kind=OFFICER, unit=commune.commune, id=1, role=role)

        # when they are counted, and when each is looked at
        counted = await store.read(lambda conn, by=by: hot_count(conn, by, limits, now))  # type: ignore[misc]  # a default binds what the loop changes
        seen = await store.read(lambda conn, by=by: handing.reports(conn, commune.commune, since, by))  # type: ignore[misc]  # a default binds what the loop changes

        # then it is one number
        assert counted == len(hot_spots(seen, limits, now)) > 0


async def test_what_is_remembered_is_forgotten_when_something_happens_or_time_passes(
    store: Store, commune: SampleCommune, now: int
) -> None:
    leader = Actor(kind=OFFICER, unit=commune.commune, id=1, role=Role.LEADER)
    counts = HotCounts(LIMITS)

    async def known(at: int) -> int:
        return await store.read(lambda conn: counts.of(conn, leader, at))

    def lasts(tx: Tx) -> int:
        return some_case(tx, commune, opened_at=now - 40 * DAY)

    # given a commune with nothing hot, looked at once
    assert await known(now) == 0

    # when a case is there that no act tells of, then it is seen within a minute
    id = await store.write(lasts)
    assert await known(now + MINUTE - 1) == 0
    assert await known(now + MINUTE) == 1

    # when an act tells of the next, then it is seen at once
    await store.write(lasts)
    citizen = Actor(kind=CITIZEN, unit=commune.commune)
    await store.write(lambda tx: record(tx, citizen, "open", thing="case", thing_id=id, unit=commune.commune, now=now))
    assert await known(now + MINUTE + 1) == 2
