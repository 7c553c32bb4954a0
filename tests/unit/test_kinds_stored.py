"""The kinds that a commune has switched off, kept on both engines: whoever switches at once, one kind stays."""

import asyncio

from feedback.acts import Refusal
from feedback.in_use import ALL, Switch
from feedback.kinds import Kind
from feedback.roles import OFFICER, Actor, Role
from storage import kinds_off
from storage.store import Store
from tests.stores import SampleCommune


async def test_two_leaders_at_once_never_switch_off_the_last_two(
    store: Store, commune: SampleCommune, now: int
) -> None:
    # given all kinds but two are off
    leader = Actor(kind=OFFICER, unit=commune.commune, role=Role.LEADER)
    *others, one, two = Kind
    for kind in others:
        await _switch(store, leader, kind, now, on=False)
    # when the last two are switched off at once
    done = await asyncio.gather(*(_switch(store, leader, kind, now, on=False) for kind in (one, two)))
    # then one of them is refused
    assert sorted(done, key=str) == sorted([None, Refusal("kinds.last")], key=str)
    assert len((await store.read(lambda conn: kinds_off.in_use(conn, commune.commune))).kinds) == 1


async def test_what_is_switched_on_again_is_as_it_was_and_both_are_told(
    store: Store, commune: SampleCommune, now: int
) -> None:
    leader = Actor(kind=OFFICER, unit=commune.commune, role=Role.LEADER)
    for turn in (False, False, True):
        await _switch(store, leader, Kind.PRAISE, now, on=turn)
    assert await store.read(lambda conn: kinds_off.in_use(conn, commune.commune)) == ALL
    told = await store.read(lambda conn: kinds_off.changes(conn, commune.commune))
    assert [(one.what, one.name, one.on, one.at) for one in told] == [
        ("kind", "praise", True, now),
        ("kind", "praise", False, now),
    ]


async def _switch(store: Store, actor: Actor, kind: Kind, now: int, *, on: bool) -> Refusal | None:
    act = Switch(what="kind", name=str(kind), on=on)
    return await store.write(lambda tx: kinds_off.switch(tx, actor, act, now))
