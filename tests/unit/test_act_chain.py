"""Whoever changes the list of acts behind the program's back is found, and the first changed act is named."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, select, text, update

from feedback.roles import SYSTEM, Actor
from storage import act_chain, act_rows
from storage.act_chain import Broken, Whole
from storage.migrate import _config, _on_sqlite, upgrade
from storage.store import Store
from storage.tables import act_heads, acts
from storage.tx import Tx
from tests.stores import SampleCommune

WORDS = "Giếng làng bị ai đó đổ dầu"


@pytest.fixture
def unit(commune: SampleCommune) -> int:
    return commune.commune


async def write(store: Store, unit: int, many: int, *, thing_id: int = 7) -> None:
    """Acts on one thing, each in a transaction of its own."""
    actor = Actor(kind=SYSTEM, unit=unit)
    for number in range(many):
        await store.write(
            lambda tx, number=number: act_rows.record(  # type: ignore[misc]  # a default binds what the loop changes
                tx, actor, "say", thing="case", thing_id=thing_id, unit=unit, now=number, text=f"{WORDS} {number}"
            )
        )


async def verdict(store: Store, unit: int) -> Whole | Broken:
    """What is found of the sample commune, whose name is the only one here."""
    found = await store.read(act_chain.verify)
    assert len(found) == 1
    return found[0]


async def test_what_the_program_writes_itself_is_a_whole_chain(store: Store, unit: int) -> None:
    start = await verdict(store, unit)
    await write(store, unit, 5)
    found = await verdict(store, unit)
    assert isinstance(start, Whole)
    assert isinstance(found, Whole)
    assert (found.unit, found.acts, found.erased) == ("xã Mẫu", start.acts + 5, 0)
    assert found.head != start.head


async def test_many_at_once_make_one_chain(store: Store, unit: int) -> None:
    # when forty write at the same time, each act stands once in the chain
    await asyncio.gather(*(write(store, unit, 1, thing_id=number) for number in range(40)))
    found = await verdict(store, unit)
    assert isinstance(found, Whole)
    assert found.acts >= 40


async def test_an_act_that_was_taken_back_leaves_no_hole(store: Store, unit: int) -> None:
    actor = Actor(kind=SYSTEM, unit=unit)

    def refused(tx: Tx) -> None:
        back = tx.conn.begin_nested()
        act_rows.record(tx, actor, "say", thing="case", thing_id=1, unit=unit, now=1)
        back.rollback()
        act_rows.record(tx, actor, "say", thing="case", thing_id=2, unit=unit, now=2)

    await store.write(refused)
    await write(store, unit, 1)
    assert isinstance(await verdict(store, unit), Whole)


def _seq(tx: Tx, unit: int) -> int:
    """The place of the third newest act."""
    return int(tx.execute(select(act_heads.c.seq).where(act_heads.c.unit_id == unit)).scalar_one()) - 2


def _field(name: str, value: object) -> Callable[[Tx, int], None]:
    def change(tx: Tx, unit: int) -> None:
        tx.execute(update(acts).where(acts.c.unit_id == unit, acts.c.seq == _seq(tx, unit)).values({name: value}))

    return change


def _delete(tx: Tx, unit: int) -> None:
    tx.execute(delete(acts).where(acts.c.unit_id == unit, acts.c.seq == _seq(tx, unit)))


def _swap(tx: Tx, unit: int) -> None:
    """Two acts change places, with everything that says where they stand."""
    at = _seq(tx, unit)
    names = ("seq", "chain")
    first, second = (
        dict(tx.execute(select(acts.c.id, *(acts.c[name] for name in names)).where(
            acts.c.unit_id == unit, acts.c.seq == place)).mappings().one())
        for place in (at, at + 1)
    )  # fmt: skip
    tx.execute(update(acts).where(acts.c.id == first["id"]).values(seq=None))
    tx.execute(update(acts).where(acts.c.id == second["id"]).values({name: first[name] for name in names}))
    tx.execute(update(acts).where(acts.c.id == first["id"]).values({name: second[name] for name in names}))


@pytest.mark.parametrize(
    ("tamper", "fault"),
    [
        (_field("actor", "citizen"), "changed"),
        (_field("action", "reply"), "changed"),
        (_field("at", 99), "changed"),
        (_field("thing_id", 8), "changed"),
        (_field("version", 99), "changed"),
        (_field("detail", '{"text":"Không có gì"}'), "detail"),
        (_field("digest", act_chain.digest_of("", "x")), "changed"),
        (_field("chain", "0" * 64), "changed"),
        (_delete, "missing"),
        (_swap, "changed"),
    ],
)
async def test_whatever_is_changed_the_act_is_named(
    store: Store, unit: int, tamper: Callable[[Tx, int], None], fault: str
) -> None:
    await write(store, unit, 5)
    place = await store.write(lambda tx: _seq(tx, unit))
    await store.write(lambda tx: tamper(tx, unit))
    assert await verdict(store, unit) == Broken("xã Mẫu", place, fault)


async def test_what_an_act_says_cannot_be_emptied_in_silence(store: Store, unit: int) -> None:
    await write(store, unit, 5)
    place = await store.write(lambda tx: _seq(tx, unit))
    await store.write(lambda tx: _field("detail", "")(tx, unit))
    await store.write(lambda tx: _field("salt", "")(tx, unit))
    assert await verdict(store, unit) == Broken("xã Mẫu", place, "erased")


async def test_the_newest_acts_cannot_be_cut_off(store: Store, unit: int) -> None:
    await write(store, unit, 5)
    found = await verdict(store, unit)
    assert isinstance(found, Whole)
    await store.write(lambda tx: tx.execute(delete(acts).where(acts.c.seq >= found.acts - 1)).rowcount)
    assert await verdict(store, unit) == Broken("xã Mẫu", found.acts - 1, "head")


async def test_an_act_slipped_in_past_the_program_is_seen(store: Store, unit: int) -> None:
    await write(store, unit, 2)
    found = await verdict(store, unit)
    assert isinstance(found, Whole)
    row = {"id": 1, "unit_id": unit, "thing": "case", "thing_id": 9, "version": 1, "action": "open"}
    await store.write(lambda tx: tx.execute(acts.insert().values(**row, actor="citizen", detail="{}", at=1)).rowcount)
    assert await verdict(store, unit) == Broken("xã Mẫu", found.acts + 1, "loose")


async def test_what_was_said_can_be_erased_and_the_chain_stays_whole(store: Store, unit: int) -> None:
    await write(store, unit, 3)
    actor = Actor(kind=SYSTEM, unit=unit)
    await store.write(lambda tx: act_rows.erase(tx, actor, thing="case", thing_id=7, unit=unit, now=9))
    found = await verdict(store, unit)
    assert isinstance(found, Whole)
    assert found.erased == 3
    left = await store.read(lambda conn: " ".join(map(str, conn.execute(select(acts)).all())))
    assert WORDS not in left


def test_acts_of_an_older_program_come_into_the_chain(tmp_path: Path) -> None:
    path = tmp_path / "old.db"

    def as_it_was(conn: Connection) -> None:
        from alembic import command

        command.upgrade(_config(conn), "0004")
        conn.execute(text("INSERT INTO units (id, kind, name, slug) VALUES (1, 'commune', 'xã Cũ', 'xa-cu')"))
        for id in (3, 1, 2):
            conn.execute(
                text("INSERT INTO acts VALUES (:id, 1, 'case', :id, 1, 'open', 'citizen', '{}', 5)"), {"id": id}
            )

    _on_sqlite(path, as_it_was)
    upgrade(f"sqlite:///{path}")
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("SELECT id, seq FROM acts ORDER BY seq").fetchall() == [(1, 1), (2, 2), (3, 3)]


@given(st.tuples(st.text(), st.text()), st.tuples(st.text(), st.text()))
def test_two_different_acts_never_read_the_same(one: tuple[str, str], other: tuple[str, str]) -> None:
    if one != other:
        assert act_chain.link("", 1, one, "") != act_chain.link("", 1, other, "")
