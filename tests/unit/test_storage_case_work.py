"""Joined cases, answers kept ready, who is there, and forms sent twice: as the store keeps them, on both engines."""

import asyncio
import re
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from app.entering import enter
from app.merging import merge, part
from app.runtime import Runtime
from app.settings import Settings
from app.transcripts import Player
from app.wording import bot_wording
from app.worker import take_jobs
from feedback.acts import Open, Refusal, Reply
from feedback.canned import Canned
from feedback.kinds import Kind
from feedback.notes import Note
from feedback.roles import OFFICER, Actor, Role
from storage import canned, case_presence, following, merging, profile_rows, retention, rights
from storage.blobs import open_blobs
from storage.case_presence import FRESH
from storage.ids import new_id
from storage.store import Store
from storage.tables import acts, case_followers, cases, officers
from storage.tx import Tx
from storage.vault import Vault
from tests.stores import UNHURRIED, SampleCommune
from vietnam.time import DAY, HOUR, MINUTE

STORY = "Cống trước cổng chợ bị tắc, nước tràn ra đường"


@pytest.fixture
async def town(
    store: Store, store_url: str, vault: Vault, commune: SampleCommune, now: int, tmp_path: Path
) -> tuple[Runtime, Player, Player, Actor]:
    """A runtime, two who report the same, and a leader."""
    settings = Settings.model_validate({"storage": {"url": store_url}, "privacy": {"key_file": str(tmp_path / "key")}})
    blobs = open_blobs(store_url, store, tmp_path / "blobs")
    runtime = Runtime(settings, store, vault, bot_wording(), blobs, patience=UNHURRIED)
    runtime.now = lambda: now
    first = await Player.begin(runtime, commune.commune)
    second = replace(await Player.begin(runtime, commune.commune), person="later", questions=[])
    return runtime, first, second, Actor(kind=OFFICER, unit=commune.commune, id=commune.officer, role=Role.LEADER)


async def report(player: Player, village: str) -> str:
    """A report without a name; its code."""
    heard = []
    for said in ("gửi phản ánh", "đường sá", STORY, "bỏ qua", village):
        heard = await player.say(said)
    if "Đã có người báo" in heard[-1].text:
        await player.say("việc khác")
    heard = await player.say("gửi ẩn danh")
    found = re.search(r"M-\d{4}-[A-Z0-9]{6}-[A-Z0-9]", " ".join(bubble.text for bubble in heard))
    assert found is not None, heard
    return found[0]


async def ids(store: Store) -> dict[str, int]:
    rows = await store.read(lambda conn: conn.execute(select(cases.c.code, cases.c.id)).all())
    return {row.code: row.id for row in rows}


async def test_whoever_was_joined_hears_the_answer_and_followers_go_along(
    store: Store, town: tuple[Runtime, Player, Player, Actor], now: int
) -> None:
    runtime, first, second, leader = town
    one, other = await report(first, "Mẫu 1"), await report(second, "Mẫu 2")
    known = await ids(store)
    # given somebody follows the case that will be joined
    third = replace(await Player.begin(runtime, leader.unit), person="third", questions=[])
    await third.say("xin chào")

    def follow(tx: Tx) -> bool:
        from storage.tables import accounts

        account = tx.execute(select(accounts.c.id).where(accounts.c.platform_id == "third")).scalar_one()
        return following.follow(tx, known[other], account, leader.unit, now)

    assert await store.write(follow)
    # when it is joined, and the other answered
    done = await merge(runtime, known[other], one, 0, leader)
    assert not isinstance(done, Refusal), done
    await second.hear()
    told = await runtime.act(known[one], Reply("Đã thông cống."), leader)
    assert not isinstance(told, Refusal), told
    while await take_jobs(runtime, _no_photo):
        pass
    # then the sender reads the words, the follower the general ones, and nobody a word of the other
    heard = " ".join(bubble.text for bubble in await second.hear())
    assert "Đã thông cống." in heard
    assert other in heard
    assert "Đã thông cống." not in " ".join(bubble.text for bubble in await third.hear())
    rows = await store.read(lambda conn: conn.execute(select(case_followers.c.case_id)).scalars().all())
    assert rows == [known[one]]
    counted = await store.read(lambda conn: following.counts(conn, leader.unit, [one, other]))
    assert counted == {one: 2}


async def _no_photo(_runtime: object, _job: object) -> None:
    raise AssertionError("no picture was sent")


async def test_two_officers_who_join_in_opposite_directions_leave_one_open(
    store: Store, town: tuple[Runtime, Player, Player, Actor]
) -> None:
    runtime, first, second, leader = town
    one, other = await report(first, "Mẫu 1"), await report(second, "Mẫu 1")
    known = await ids(store)
    done = await asyncio.gather(
        merge(runtime, known[one], other, 0, leader), merge(runtime, known[other], one, 0, leader)
    )
    assert sum(isinstance(outcome, Refusal) for outcome in done) == 1, done
    states = await store.read(lambda conn: sorted(conn.execute(select(cases.c.state)).scalars()))
    assert states == ["closed", "new"]


async def test_what_may_be_one_is_found_by_words_and_place_never_by_who_sent_it(
    store: Store, town: tuple[Runtime, Player, Player, Actor], now: int
) -> None:
    runtime, first, second, leader = town
    elsewhere, one = await report(first, "Mẫu 3"), await report(first, "Mẫu 1")
    other = await report(second, "Mẫu 1")
    near = (await store.read(lambda conn: merging.beside(conn, leader.unit, one, leader, now))).near
    assert [code for code, _near, _said in near] == [other]
    assert not near[0][1].own
    assert elsewhere not in {code for code, *_ in near}
    assert runtime.now() == now


async def test_a_person_who_has_their_data_erased_is_told_no_more(
    store: Store, town: tuple[Runtime, Player, Player, Actor], now: int
) -> None:
    runtime, first, second, leader = town
    one, other = await report(first, "Mẫu 1"), await report(second, "Mẫu 1")
    known = await ids(store)
    await merge(runtime, known[other], one, 0, leader)
    account = await store.read(lambda conn: merging.senders(conn, known[one])[0].account)
    await store.write(lambda tx: rights.erase(tx, [account], now))
    (sender,) = await store.read(lambda conn: merging.senders(conn, known[one]))
    assert sender.account != account


async def test_parting_twice_at_once_is_done_once(store: Store, town: tuple[Runtime, Player, Player, Actor]) -> None:
    runtime, first, second, leader = town
    one, other = await report(first, "Mẫu 1"), await report(second, "Mẫu 1")
    known = await ids(store)
    await merge(runtime, known[other], one, 0, leader)
    done = await asyncio.gather(*(part(runtime, known[other], 0, leader) for _ in range(2)))
    assert sum(isinstance(outcome, Refusal) for outcome in done) == 1, done


async def test_a_note_puts_off_neither_the_end_nor_the_erasing_of_a_case(
    store: Store, town: tuple[Runtime, Player, Player, Actor], now: int
) -> None:
    runtime, first, _second, leader = town
    code = await report(first, "Mẫu 1")
    case = (await ids(store))[code]
    # given a case that ended long ago
    await store.write(lambda tx: tx.execute(update(cases).values(state="closed", moved_at=now - 500 * DAY)).rowcount)
    before = {Kind.FEEDBACK: now - 400 * DAY}
    assert await store.read(lambda conn: len(retention.due(conn, before, 9))) == 1
    # when somebody writes a note, it is still due, and the note goes with the rest
    noted = await runtime.act(case, Note("Đã gọi cho tổ trưởng."), leader)
    assert not isinstance(noted, Refusal), noted
    (due,) = await store.read(lambda conn: retention.due(conn, before, 9))
    from feedback.retention import Expire
    from feedback.roles import SYSTEM

    gone = await runtime.act(case, Expire(due[2]), Actor(kind=SYSTEM, unit=leader.unit))
    assert not isinstance(gone, Refusal), gone
    said = await store.read(
        lambda conn: list(conn.execute(select(acts.c.detail).where(acts.c.thing == "case")).scalars())
    )
    assert not any("tổ trưởng" in one for one in said)


async def test_a_form_sent_twice_at_once_makes_one_case(
    store: Store, town: tuple[Runtime, Player, Player, Actor]
) -> None:
    runtime, _first, _second, leader = town
    clerk = replace_role(leader, Role.RECEPTION)
    act = Open(code="", kind=Kind.FEEDBACK, category="roads", text=STORY, heard="visit")
    codes = await asyncio.gather(*(enter(runtime, act, clerk, "77-abc") for _ in range(3)))
    assert len({str(code) for code in codes}) == 1, codes
    # another officer with the same number, and no number at all, make cases of their own
    assert await enter(runtime, act, clerk, "") != codes[0]
    assert len(await ids(store)) == 2


def replace_role(actor: Actor, role: Role) -> Actor:
    return Actor(kind=actor.kind, unit=actor.unit, id=actor.id, role=role)


async def test_answers_kept_ready_have_a_version_and_an_owner(store: Store, commune: SampleCommune, now: int) -> None:
    actor = Actor(kind=OFFICER, unit=commune.commune, id=commune.officer, role=Role.RECEPTION)
    stranger = Actor(kind=OFFICER, unit=commune.commune + 1, id=1, role=Role.RECEPTION)
    head = Actor(kind=OFFICER, unit=commune.commune, id=commune.officer, role=Role.VILLAGE_HEAD)
    one = Canned(title="Đã xong", text="Việc {ma} đã xong.")
    id = await store.write(lambda tx: canned.put(tx, actor, 0, one, 0, now))
    assert isinstance(id, int)
    assert await store.write(lambda tx: canned.put(tx, actor, id, one, 1, now)) == id
    late = await store.write(lambda tx: canned.put(tx, actor, id, one, 1, now))
    assert isinstance(late, Refusal)
    assert late.key == "canned.changed"
    refused = await store.write(lambda tx: canned.put(tx, head, 0, one, 0, now))
    assert isinstance(refused, Refusal)
    with pytest.raises(KeyError):
        await store.write(lambda tx: canned.put(tx, stranger, id, one, 2, now))
    assert not await store.write(lambda tx: canned.turn(tx, stranger, id, on=False, now=now))
    assert await store.write(lambda tx: canned.turn(tx, actor, id, on=False, now=now))
    assert await store.read(lambda conn: canned.of_unit(conn, commune.commune)) == []
    (kept,) = await store.read(lambda conn: canned.of_unit(conn, commune.commune, all=True))
    assert (kept.version, kept.active) == (3, False)


async def test_who_is_there_is_forgotten(
    store: Store, town: tuple[Runtime, Player, Player, Actor], commune: SampleCommune, now: int
) -> None:
    _runtime, first, _second, leader = town
    code = await report(first, "Mẫu 1")
    case = (await ids(store))[code]
    other = new_id()
    row = {"id": other, "unit_id": commune.commune, "login": "khac", "name": "Lý Thị Mẫu", "role": "reception"}
    await store.write(
        lambda tx: tx.execute(insert(officers).values(**row, password_hash="none", created_at=now)).rowcount
    )
    for at in (now, now + MINUTE):
        await store.write(partial(case_presence.note, case_id=case, unit=commune.commune, officer=other, now=at))
    found = await store.read(lambda conn: case_presence.others(conn, case, leader.id, now + 2 * MINUTE))
    assert found == [("Lý Thị Mẫu", now + MINUTE)]
    assert await store.read(lambda conn: case_presence.others(conn, case, other, now + 2 * MINUTE)) == []
    assert await store.read(lambda conn: case_presence.others(conn, case, leader.id, now + FRESH + 2 * MINUTE)) == []
    later = now + DAY + HOUR
    await store.write(lambda tx: case_presence.note(tx, case, commune.commune, leader.id, later))
    assert not await store.read(lambda conn: case_presence.is_noted(conn, case, other, now + MINUTE))


async def test_a_profile_is_not_written_over_unread(store: Store, commune: SampleCommune, now: int) -> None:
    actor = Actor(kind=OFFICER, unit=commune.commune, id=commune.officer, role=Role.LEADER)
    assert await store.write(lambda tx: profile_rows.put(tx, actor, '{"a":1}', now, ""))
    assert not await store.write(lambda tx: profile_rows.put(tx, actor, '{"a":2}', now, ""))
    mark = profile_rows.mark_of('{"a":1}')
    assert await store.write(lambda tx: profile_rows.put(tx, actor, '{"a":2}', now, mark))
