"""Raw bytes: every file of a store, its write-ahead log and freed pages, is searched for words that only one said."""

import re
import struct
from dataclasses import replace

import pytest

from storage.opening import sqlite_path
from tests.attacker.attacks import rank_correlation
from tests.attacker.loot import Loot, around, everything, flush, rows
from tests.attacker.town import Person, Town, crowd

_SECRET = re.compile(rb"dauhieu[0-9a-f]{20}")
_IN_HEX = re.compile(b"dauhieu".hex().encode() + rb"[0-9a-f]{40}")
_IN_UTF_16 = re.compile("dauhieu".encode("utf-16-le") + rb"(?:[0-9a-f]\x00){20}")
FAR = 0.75
"""A rank correlation of 40 places that chance reaches less than once in a million times."""


def found(loot: Loot, people: list[Person]) -> dict[str, set[str]]:
    """By file: secrets that stand in it, as text of any kind that the program or an engine writes."""
    wanted = {who.secret for who in people}
    held: dict[str, set[str]] = {}
    for path, data in loot.files.items():
        said = {word.decode() for word in _SECRET.findall(data)}
        said |= {bytes.fromhex(word.decode()).decode() for word in _IN_HEX.findall(data)}
        said |= {word.decode("utf-16-le") for word in _IN_UTF_16.findall(data)}
        if said & wanted:
            held[path] = said & wanted
    return held


def named_beside(loot: Loot, people: list[Person], names: dict[str, list[bytes]]) -> list[str]:
    """Secrets beside which, in the same page or record of any file, somebody is named."""
    return [
        f"{person.secret} in {path}"
        for person in people
        for path, data in loot.files.items()
        for page in around(path, data, person.secret.encode())
        if any(name in page for name in names[person.id])
    ]


async def names_of(town: Town, people: list[Person]) -> dict[str, list[bytes]]:
    """By platform id, whatever names somebody in any row of theirs: ids as both engines store them, tokens, handles."""
    loot = await rows(town.store)
    chats = {row["account_id"]: row["id"] for row in loot["conversations"]}
    by_id = {row["platform_id"]: row for row in loot["accounts"]}
    found = {}
    for person in people:
        row = by_id[person.id]
        ids = [row["id"], row["person_id"], chats[row["id"]]]
        found[person.id] = [person.id.encode(), *(struct.pack(way, id) for way in (">q", "<q") for id in ids)]
    return found


def in_the_order_of_the_file(loot: Loot, people: list[Person]) -> dict[str, list[int]]:
    """By file: numbers of people (by arrival) in the order in which their words lie there, where most do."""
    orders = {}
    for path, data in loot.files.items():
        lies = sorted((at, person.number) for person in people if (at := data.find(person.secret.encode())) >= 0)
        if len(lies) > len(people) // 2:
            orders[path] = [number for _, number in lies]
    return orders


async def test_no_file_holds_a_word_before_its_release_and_none_names_its_writer_after(
    town: Town, store_url: str
) -> None:
    # given forty who have answered, one half way, one at the last question, one who went away with all said
    people = [replace(who, said=(*who.said[:-1], who.secret)) for who in crowd(43, seed=8)]
    done, half = people[:40], people[40:]
    for who in done:
        await town.answers(who)
    for who in half:
        await town.begins(who)
        for text in who.said:
            await town.hears(who, text)
    await flush(town.store, store_url)
    # then no file holds a word of theirs
    loot = await everything(town.store, store_url)
    assert found(loot, people) == {}

    # when it is released
    assert await town.release() == 40
    await flush(town.store, store_url)
    loot = await everything(town.store, store_url)
    # then the words of these are there, nobody is named beside them, and they do not lie as people came
    assert set().union(*found(loot, people).values()) == {who.secret for who in done}
    assert named_beside(loot, done, await names_of(town, done)) == []
    orders = in_the_order_of_the_file(loot, done)
    assert orders
    for order in orders.values():
        assert abs(rank_correlation(order)) < FAR


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
async def test_what_is_freed_is_overwritten(town: Town, store_url: str) -> None:
    # a file of SQLite looked at alone, without its log: what was deleted in it is gone, sealed or not
    people = crowd(10, seed=9)
    sealed = []
    for who in people:
        await town.answers(who)
        sealed += [row["body"][20:60] for row in (await rows(town.store))["sealed_responses"]]
    await town.close(town.wave)
    await town.release()
    path = sqlite_path(store_url)
    assert path is not None
    await town.store.close()
    raw = path.read_bytes()
    assert [body for body in sealed if body in raw] == []


async def test_a_name_beside_the_words_would_be_found(town: Town) -> None:
    (who,) = crowd(1, seed=10)
    await town.answers(who)
    names = await names_of(town, [who])
    beside = b"\0" * 5000 + names[who.id][1] + b"..." + who.secret.encode() + b"\0" * 9000
    apart = b"\0" * 5000 + names[who.id][1] + b"\0" * 9000 + who.secret.encode() + b"\0" * 9000
    assert named_beside(Loot({}, {"x.db": beside}), [who], names)
    assert not named_beside(Loot({}, {"x.db": apart}), [who], names)
    assert named_beside(Loot({}, {"pg_wal/1": beside}), [who], names)
    for way in (who.secret.encode(), who.secret.encode("utf-16-le"), who.secret.encode().hex().encode()):
        assert found(Loot({}, {"any": b"..." + way + b"..."}), [who]) == {"any": {who.secret}}


async def test_words_that_lie_as_people_came_would_be_found() -> None:
    people = crowd(40, seed=8)
    data = b" ".join(who.secret.encode() for who in people)
    (order,) = in_the_order_of_the_file(Loot({}, {"x.db": data}), people).values()
    assert abs(rank_correlation(order)) > FAR
