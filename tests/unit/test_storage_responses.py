"""An answer can be counted and never walked back to who gave it: the attacker has every file but the key."""

import asyncio
import json
import sqlite3
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import select, text, update

from storage import responses, rollups
from storage.responses import GROUP, room
from storage.rollups import Cell
from storage.store import Store
from storage.tables import answers, conversations, notices, participations, sealed_responses, waves
from storage.tables import responses as rows
from storage.tx import Tx
from storage.vault import Vault, WrongKey
from surveys.definition import Answer
from tests.stores import SampleCommune
from vietnam.time import HOUR, MINUTE

DAY = date(2026, 10, 3)


class Desk:
    """Short words for what these tests do."""

    def __init__(self, store: Store, vault: Vault, commune: SampleCommune) -> None:
        self.store = store
        self.vault = vault
        self.commune = commune
        self.rng = Random(7)

    async def answer(self, said: dict[str, Answer], *, village: int | None = 0, channel: str = "webchat") -> None:
        commune = self.commune
        place = None if village is None else commune.villages[village]
        await self.store.write(
            lambda tx: responses.seal(
                tx,
                self.vault,
                survey=commune.survey,
                wave=commune.wave,
                unit=commune.commune,
                village=place,
                channel=channel,
                answers=said,
            )
        )

    async def release(self, *, chunk: int = 100, day: date = DAY) -> int:
        return await self.store.write(
            lambda tx: responses.release(tx, self.vault, self.survey_of, day, self.rng, chunk=chunk)
        )

    async def close(self, *, day: date = DAY) -> int:
        total = 0
        while went := await self.store.write(
            lambda tx: responses.close_wave(tx, self.vault, self.commune.wave, self.survey_of, day, self.rng)
        ):
            total += went
        return total

    def survey_of(self, version: int) -> Any:
        assert version == self.commune.version
        return self.commune.survey

    async def all(self, *columns: Any) -> Sequence[Any]:
        return await self.store.read(lambda conn: conn.execute(select(*columns)).all())

    async def count(self, table: Any) -> int:
        return len(await self.all(table))


@pytest.fixture
def desk(store: Store, vault: Vault, commune: SampleCommune) -> Desk:
    return Desk(store, vault, commune)


# --- releasing --------------------------------------------------------------------------------------------------------


async def test_fewer_than_five_of_a_village_and_channel_wait(desk: Desk) -> None:
    # given four of one group and four of another channel of the same village
    for channel in ("webchat", "telegram"):
        for _ in range(4):
            await desk.answer({"chung": 5}, channel=channel)
    # then none of the eight goes out
    assert await desk.release() == 0
    assert await desk.count(rows) == 0


async def test_a_group_of_five_goes_out_together_and_its_sealed_rows_are_gone(desk: Desk) -> None:
    for level in (1, 2, 3, 4, 5):
        await desk.answer({"chung": level, "gop_y": None})
    await desk.answer({"chung": 5}, village=1)
    assert await desk.release() == 5
    assert await desk.release() == 0
    village = desk.commune.villages[0]
    assert {(r.village_id, r.channel, r.day) for r in await desk.all(rows)} == {(village, "webchat", "2026-10-03")}
    said = await desk.all(answers.c.value)
    assert sorted(row.value for row in said if row.value) == ["1", "2", "3", "4", "5"]
    assert sum(row.value is None for row in said) == 5
    assert [row.village_id for row in await desk.all(sealed_responses)] == [desk.commune.villages[1]]


async def test_a_crowd_goes_out_in_chunks_and_nothing_under_five_stays_behind(desk: Desk) -> None:
    for _ in range(23):
        await desk.answer({"chung": 5})
    left = 23
    while went := await desk.release(chunk=10):
        left -= went
        assert went >= GROUP
        assert left == 0 or left >= GROUP
        assert await desk.count(sealed_responses) == left
    assert left == 0


async def damage(desk: Desk, count: int) -> None:
    """So many of the sealed answers do not open any more."""
    some = [row.id for row in await desk.all(sealed_responses.c.id)][:count]
    spoilt = update(sealed_responses).where(sealed_responses.c.id.in_(some)).values(body=b"\1" * 99)
    await desk.store.write(lambda tx: tx.execute(spoilt).rowcount)


async def test_with_another_key_nothing_is_released_and_nothing_lost(desk: Desk) -> None:
    for _ in range(5):
        await desk.answer({"chung": 5})
    await damage(desk, 5)
    with pytest.raises(WrongKey):
        await desk.release()
    assert (await desk.count(rows), await desk.count(sealed_responses)) == (0, 5)


async def test_an_answer_that_does_not_open_is_set_aside_and_stops_nobody(desk: Desk) -> None:
    # given a damaged one among five of a village, and five of another village
    for _ in range(5):
        await desk.answer({"chung": 5})
    await damage(desk, 1)
    for _ in range(5):
        await desk.answer({"chung": 4}, village=1)
    # when all is released, then it stays behind with the four that are too few now, and the officers are told once
    while await desk.release():
        pass
    assert (await desk.count(rows), await desk.count(sealed_responses)) == (5, 5)
    told = await desk.store.read(lambda conn: list(conn.execute(select(notices.c.key, notices.c.params))))
    assert [tuple(row) for row in told] == [("notice.answers_unreadable", '{"count":1}')]
    # and at the close only the readable ones are counted
    assert await desk.close() == 4
    assert await desk.count(sealed_responses) == 1


async def test_nothing_of_a_sealed_wave_goes_before_its_close(desk: Desk) -> None:
    sealed = update(waves).where(waves.c.id == desk.commune.wave).values(sealed=1)
    await desk.store.write(lambda tx: tx.execute(sealed).rowcount)
    for _ in range(7):
        await desk.answer({"chung": 5})
    assert await desk.release() == 0
    assert await desk.count(rows) == 0
    assert await desk.close() == 7
    assert await desk.count(rows) == 7


async def test_answers_of_a_wave_that_was_called_off_are_destroyed(desk: Desk) -> None:
    for _ in range(7):
        await desk.answer({"chung": 5})
    off = update(waves).where(waves.c.id == desk.commune.wave).values(state="cancelled", closes_at=0)
    await desk.store.write(lambda tx: tx.execute(off).rowcount)
    assert await desk.release() == 0
    assert await desk.store.read(responses.called_off) == [desk.commune.wave]
    while await desk.store.write(lambda tx: responses.destroy(tx, desk.commune.wave, limit=3)):
        pass
    assert (await desk.count(rows), await desk.count(sealed_responses)) == (0, 0)
    assert await desk.store.read(responses.called_off) == []


async def test_two_processes_releasing_at_once_release_each_answer_once(desk: Desk) -> None:
    for village in range(6):
        for _ in range(7):
            await desk.answer({"chung": 5}, village=village)
    went = await asyncio.gather(*(desk.release(chunk=10) for _ in range(12)))
    assert sum(went) == await desk.count(rows) == 42


# --- closing ----------------------------------------------------------------------------------------------------------


async def test_at_close_small_groups_go_together_without_village_and_channel(desk: Desk) -> None:
    # given three of one village, two of another on another channel, and a group that may go as it is
    for _ in range(3):
        await desk.answer({"chung": 1})
    for _ in range(2):
        await desk.answer({"chung": 2}, village=1, channel="telegram")
    for _ in range(6):
        await desk.answer({"chung": 5}, village=2)
    # when the wave is closed
    assert await desk.close() == 11
    # then the five go blanked, the six as they are
    released = await desk.all(rows)
    assert sorted((r.village_id or 0, r.channel) for r in released) == sorted(
        [(0, "")] * 5 + [(desk.commune.villages[2], "webchat")] * 6
    )
    counts = await desk.store.read(
        lambda conn: rollups.read(conn, desk.commune.version, [desk.commune.commune, *desk.commune.villages], DAY, DAY)
    )
    assert counts[Cell(desk.commune.commune, "", "chung")] == {"1": 3, "2": 2}


async def test_fewer_than_five_in_all_keep_only_their_number(desk: Desk) -> None:
    for _ in range(4):
        await desk.answer({"chung": 1, "gop_y": "rất riêng"})
    assert await desk.close() == 4
    assert await desk.count(rows) == 4
    assert await desk.count(answers) == 0
    assert await desk.count(sealed_responses) == 0
    counts = await desk.store.read(
        lambda conn: rollups.read(conn, desk.commune.version, [desk.commune.commune], DAY, DAY)
    )
    assert counts == {Cell(desk.commune.commune, "", ""): {"n": 4}}


async def test_a_wave_is_closed_once_turns_under_way_have_come_in(desk: Desk, now: int) -> None:
    await desk.answer({"chung": 1})
    closed = update(waves).values(state="closed", closes_at=now)
    assert await desk.store.read(lambda conn: responses.closing(conn, now + HOUR)) == []
    await desk.store.write(lambda tx: tx.execute(closed).rowcount)
    assert await desk.store.read(lambda conn: responses.closing(conn, now + MINUTE)) == []
    assert await desk.store.read(lambda conn: responses.closing(conn, now + HOUR)) == [desk.commune.wave]
    await desk.close()
    assert await desk.store.read(lambda conn: responses.closing(conn, now + HOUR)) == []


# --- the attacker -----------------------------------------------------------------------------------------------------


def people(count: int) -> list[dict[str, Answer]]:
    """Each says something nobody else says."""
    return [{"so": number, "gop_y": "x" * (number * 37)} for number in range(count)]


async def test_every_sealed_answer_of_a_survey_has_the_same_size(desk: Desk) -> None:
    # a backup between answer and release shows the sizes, and the released answers have sizes too
    longest = "\U0001f600" * 4_000
    extremes: list[dict[str, Answer]] = [{"gop_y": longest}, {"gop_y": "\n" * 4_000}, {}]
    for said in (*people(8), *extremes):
        await desk.answer(said)
    sizes = {len(row.body) for row in await desk.all(sealed_responses.c.body)}
    assert len(sizes) == 1
    assert sizes.pop() <= room(desk.commune.survey) + 2 * 256


async def test_a_sealed_answer_says_nothing_without_the_key(desk: Desk) -> None:
    await desk.answer({"gop_y": "ruộng bị ngập"})
    (row,) = await desk.all(sealed_responses)
    assert "ngập".encode() not in row.body
    context = b"sealed_responses:%d" % row.id
    assert json.loads(desk.vault.open(row.body, context))["answers"]["gop_y"] == "ruộng bị ngập"
    with pytest.raises(WrongKey):
        Vault(bytes(32)).open(row.body, context)
    with pytest.raises(WrongKey):
        desk.vault.open(row.body, b"sealed_responses:1")


async def arrive(desk: Desk, count: int) -> list[bytes]:
    """People answer one after another, each in a turn of their own, as bot/turn.py does it; their tokens in order."""
    tokens = []
    for number, said in enumerate(people(count)):
        token = desk.vault.token("participation", desk.commune.wave, number)
        tokens.append(token)

        def turn(tx: Tx, token: bytes = token, said: dict[str, Answer] = said) -> None:
            tx.hot("add_participation", token=token, wave_id=desk.commune.wave)
            responses.seal(
                tx,
                desk.vault,
                survey=desk.commune.survey,
                wave=desk.commune.wave,
                unit=desk.commune.commune,
                village=desk.commune.villages[0],
                channel="webchat",
                answers=said,
            )

        await desk.store.write(turn)
    return tokens


def arrivals(released: Sequence[Any]) -> list[int]:
    """Who (by number of arrival) stands where in a list of (response id, value of "so")."""
    return [int(row.value) for row in released]


async def test_no_order_of_the_released_answers_is_the_order_of_arrival(desk: Desk) -> None:
    # given forty people who answered one after another, released together
    await arrive(desk, 40)
    sealed_order = await in_order_of_disk(desk.store, "sealed_responses", "id")
    assert await desk.release() == 40
    # when the attacker lists the answers in every order there is: by id, and as they lie on the disk
    numbers = select(answers.c.response_id, answers.c.value).where(answers.c.question == "so")
    by_id = await desk.store.read(lambda conn: conn.execute(numbers.order_by(answers.c.response_id)).all())
    disk = {row.response_id: int(row.value) for row in by_id}
    orders = [arrivals(by_id)]
    for table, column in (("responses", "id"), ("answers", "response_id")):
        lying = await in_order_of_disk(desk.store, table, column)
        orders.append([disk[id] for id in dict.fromkeys(lying)])
    # then none of them goes along with the order of arrival
    for order in orders:
        assert sorted(order) == list(range(40))
        assert abs(rank_correlation(order)) < 0.5, order
    # and no id of a sealed answer lives on
    assert not set(sealed_order) & set(disk)


async def in_order_of_disk(store: Store, table: str, column: str) -> list[int]:
    def look(conn: Any) -> list[int]:
        if conn.dialect.name == "postgresql":
            return list(conn.scalars(text(f"SELECT {column} FROM {table} ORDER BY ctid")))
        rowid = "rowid" if table != "answers" else "response_id"  # WITHOUT ROWID: the key is where it lies
        return list(conn.scalars(text(f"SELECT {column} FROM {table} ORDER BY {rowid}")))

    return await store.read(look)


def rank_correlation(order: list[int]) -> float:
    """Spearman's: 1 where the order is kept, -1 where it is turned round."""
    n = len(order)
    apart = sum((place - number) ** 2 for place, number in enumerate(order))
    return 1 - 6 * apart / (n * (n * n - 1))


@pytest.mark.parametrize("store_url", ["postgres"], indirect=True)
async def test_no_transaction_joins_a_released_answer_to_a_person(desk: Desk) -> None:
    # given people whose token and sealed answer come from one transaction, which xmin shows
    await arrive(desk, 6)

    async def xmins(table: str) -> list[str]:
        query = text(f"SELECT xmin::text FROM {table}")
        return await desk.store.read(lambda conn: list(conn.scalars(query)))

    persons = set(await xmins(participations.name))
    assert len(persons) == 6
    assert await desk.release() == 6
    # then all released answers come from one other transaction
    for table in ("responses", "answers", "rollups"):
        made = set(await xmins(table))
        assert len(made) == 1
        assert not made & persons


async def test_no_column_of_a_released_answer_is_found_with_a_person(desk: Desk) -> None:
    await arrive(desk, 6)
    await desk.release()

    def values(conn: Any, table: Any, *, but: set[str]) -> set[Any]:
        columns = [column for column in table.c if column.name not in but]
        return {value for row in conn.execute(select(*columns)) for value in row if value not in (None, "", 0, 1)}

    def look(conn: Any) -> set[Any]:
        public = {"unit_id", "wave_id", "version_id", "village_id", "channel"}
        answered = values(conn, rows, but=public) | values(conn, answers, but=set())
        return answered & (values(conn, participations, but=public) | values(conn, conversations, but=public))

    assert await desk.store.read(look) == set()


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
async def test_the_files_of_sqlite_hold_no_word_before_release_and_no_sealed_answer_after(
    desk: Desk, tmp_path: Path
) -> None:
    # given words that stand in no other row
    words = [f"lời thứ {number} rất riêng" for number in range(5)]
    for one in words:
        await desk.answer({"gop_y": one})

    def files() -> bytes:
        return b"".join(path.read_bytes() for path in sorted(tmp_path.glob("nghedan.db*")) if path.is_file())

    # then before the release no file, log included, holds any of them
    assert not [one for one in words if one.encode() in files()]
    sealed = [row.body for row in await desk.all(sealed_responses.c.body)]
    await desk.release()
    # and after it the sealed bodies are overwritten, once the log is taken in
    await desk.store.close()
    with sqlite3.connect(tmp_path / "nghedan.db") as conn:
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    conn.close()
    data = (tmp_path / "nghedan.db").read_bytes()
    assert all(one.encode() in data for one in words)
    assert not [body for body in sealed if body[100:164] in data]
