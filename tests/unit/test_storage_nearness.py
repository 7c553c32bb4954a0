"""Near cases as they are looked up, followed, and hidden again; and who may open none."""

from functools import partial

import pytest
from sqlalchemy import Connection, insert, select, text, update

from feedback.acts import Refusal
from feedback.blocking import Block
from feedback.nearness import Report, cell_of, words_of
from feedback.roles import OFFICER, Actor, Role
from feedback.states import State
from storage import blocks, following, jobs, nearness
from storage.bulk import insert_many
from storage.ids import new_id
from storage.store import Store
from storage.tables import accounts, acts, case_blobs, cases, officers, persons
from storage.tables import blobs as blob_rows
from storage.tx import Tx
from tests.stores import SampleCommune
from vietnam.text import fold
from vietnam.time import DAY

HERE = (21.6203, 106.5361)
TEXT = "Cống trước chợ bị tắc, nước tràn ra đường"
NAMES = (
    "id", "unit_id", "village_id", "code", "kind", "category", "text", "folded", "state", "account_id", "lat", "lon",
    "cell", "opened_at", "moved_at", "confidential",
)  # fmt: skip


def person(tx: Tx, commune: SampleCommune) -> int:
    """Somebody with a Telegram account; its id."""
    account, who = new_id(), new_id()
    tx.execute(insert(persons).values(id=who, unit_id=commune.commune, created_at=0))
    tx.execute(
        insert(accounts).values(
            id=account, person_id=who, channel_account_id=commune.telegram, platform_id=str(account), created_at=0
        )
    )
    return account


def case(tx: Tx, commune: SampleCommune, account: int, now: int, **other: object) -> int:
    """An open report of today at HERE; its id."""
    id = new_id()
    row = {
        "id": id, "unit_id": commune.commune, "village_id": commune.villages[0], "code": f"M-{id}", "kind": "feedback",
        "category": "roads", "text": TEXT, "folded": fold(TEXT), "state": "new", "account_id": account,
        "lat": HERE[0], "lon": HERE[1], "cell": cell_of(*HERE), "opened_at": now, "moved_at": now,
        "confidential": 0, **other,
    }  # fmt: skip
    tx.execute(insert(cases).values(**row))
    return id


def asked(village: int | None = None, point: tuple[float, float] | None = HERE) -> Report:
    return Report(category="roads", words=words_of("cống ở chợ tắc nước tràn"), village=village, point=point)


async def found(store: Store, commune: SampleCommune, report: Report, now: int, own: int = 0) -> list[int]:
    near = await store.read(lambda conn: nearness.near(conn, commune.commune, report, [own], now))
    return [one.id for one in near]


async def test_an_open_report_is_found_by_its_point_and_by_its_thon(
    store: Store, commune: SampleCommune, now: int
) -> None:
    account = await store.write(lambda tx: person(tx, commune))
    id = await store.write(lambda tx: case(tx, commune, account, now))
    assert await found(store, commune, asked(), now) == [id]
    assert await found(store, commune, asked(commune.villages[0], None), now) == [id]
    assert await found(store, commune, asked(commune.villages[1], None), now) == []
    assert await found(store, commune, asked(None, (21.70, 106.60)), now) == []


@pytest.mark.parametrize(
    "hidden",
    [
        {"state": "answered"},
        {"state": "closed"},
        {"state": "forwarded"},
        {"confidential": 1},
        {"confidential": 2},
        {"kind": "petition"},
        {"kind": "conduct"},
        {"category": "land"},
        {"category": "security"},
        {"category": "conduct"},
    ],
    ids=str,
)
async def test_what_is_nobodys_business_or_over_is_never_found_nor_followed(
    store: Store, commune: SampleCommune, now: int, hidden: dict[str, object]
) -> None:
    account = await store.write(lambda tx: person(tx, commune))
    id = await store.write(lambda tx: case(tx, commune, account, now, **hidden))
    assert await found(store, commune, asked(commune.villages[0]), now) == []
    assert not await store.write(lambda tx: following.follow(tx, id, account, commune.commune, now))


async def test_another_communes_cases_are_not_found(store: Store, commune: SampleCommune, now: int) -> None:
    account = await store.write(lambda tx: person(tx, commune))
    id = await store.write(lambda tx: case(tx, commune, account, now))
    near = await store.read(lambda conn: nearness.near(conn, commune.province, asked(), [], now))
    assert near == []
    assert not await store.write(lambda tx: following.follow(tx, id, account, commune.province, now))


async def test_a_picture_is_shown_only_when_an_officer_has_let_it(
    store: Store, commune: SampleCommune, now: int
) -> None:
    # given a report with a picture of the citizen's, and one of an officer's answer
    account = await store.write(lambda tx: person(tx, commune))
    id = await store.write(lambda tx: case(tx, commune, account, now))

    def pictures(tx: Tx) -> tuple[int, int]:
        ids = new_id(), new_id()
        for blob, by in zip(ids, ("citizen", "officer"), strict=True):
            row = {"id": blob, "unit_id": commune.commune, "media_type": "image/jpeg", "size": 1, "sha256": b"x"}
            tx.execute(insert(blob_rows).values(**row, kept=1, created_at=now))
            tx.execute(insert(case_blobs).values(case_id=id, blob_id=blob, sent_by=by))
        return ids

    mine, officers_own = await store.write(pictures)

    async def shown() -> list[int]:
        near = await store.read(lambda conn: nearness.near(conn, commune.commune, asked(), [], now))
        return [one.photo for one in near]

    assert await shown() == [0]
    # when it is let
    await store.write(lambda tx: tx.execute(update(case_blobs).values(shown=1).where(case_blobs.c.blob_id == mine)))
    assert await shown() == [mine]
    # then what an officer took is shown to nobody this way
    both = update(case_blobs).values(shown=1 - case_blobs.c.shown)
    await store.write(lambda tx: tx.execute(both.where(case_blobs.c.blob_id.in_([mine, officers_own]))))
    assert await shown() == [0]


def _many(tx: Tx, commune: SampleCommune, account: int, now: int, count: int) -> None:
    rows = []
    for number in range(count):
        lat, lon = HERE[0] + (number % 97) * 0.001, HERE[1] + (number // 97 % 89) * 0.001
        id = new_id()
        rows.append(
            (
                id,
                commune.commune,
                commune.villages[number % 12],
                f"M-{id}",
                "feedback",
                ("roads", "environment", "land")[number % 3],
                TEXT,
                fold(TEXT),
                ("new", "closed")[number % 2],
                account,
                lat,
                lon,
                cell_of(lat, lon),
                now - number,
                now,
                0,
            )
        )
    insert_many(tx, cases, NAMES, rows)


def plan(conn: Connection, query: str, params: dict[str, int]) -> str:
    """How the engine would go about a query."""
    explain = "EXPLAIN " if conn.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN "
    return "\n".join(" ".join(map(str, row)) for row in conn.execute(text(explain + query), params))


async def test_both_look_ups_go_along_their_index(store: Store, commune: SampleCommune, now: int) -> None:
    account = await store.write(lambda tx: person(tx, commune))
    await store.write(lambda tx: _many(tx, commune, account, now, 4_000))
    await store.write(lambda tx: tx.execute(text("ANALYZE")))
    at = nearness.point_params(commune.commune, *HERE)
    there = {"unit": commune.commune, "village": commune.villages[0]}
    by_point = await store.read(lambda conn: plan(conn, nearness.BY_POINT, at))
    by_village = await store.read(lambda conn: plan(conn, nearness.BY_VILLAGE, there))
    assert "ix_cases_near" in by_point
    assert by_village.count("ix_cases_village") == 10
    for said in (by_point, by_village):
        assert "SCAN cases" not in said
        assert "Seq Scan" not in said


async def test_followers_are_told_once_a_change_and_counted_as_people(
    store: Store, commune: SampleCommune, now: int
) -> None:
    # given a case and two followers, one of them with two chats
    mine, one, two, again = [await store.write(lambda tx: person(tx, commune)) for _ in range(4)]
    same = select(accounts.c.person_id).where(accounts.c.id == two).scalar_subquery()
    await store.write(lambda tx: tx.execute(update(accounts).where(accounts.c.id == again).values(person_id=same)))
    id = await store.write(lambda tx: case(tx, commune, mine, now))
    for account in (one, two, again, one):
        assert await store.write(
            partial(following.follow, case_id=id, account_id=account, unit=commune.commune, now=now)
        )
    code = f"M-{id}"
    assert await store.read(lambda conn: following.counts(conn, commune.commune, [code, "x"])) == {code: 2}
    assert await store.read(lambda conn: following.counts(conn, commune.province, [code])) == {}
    # when it changes, there is a job; for a question to the one who reported it there is none
    unit = commune.commune
    await store.write(lambda tx: following.changed(tx, id, unit, 2, State.WAITING, now))
    assert await store.read(jobs.next_at) is None
    await store.write(lambda tx: following.changed(tx, id, unit, 3, State.ANSWERED, now))
    (job,) = await store.write(lambda tx: jobs.claim(tx, now, 1000, 9))
    assert (job.kind, job.key) == ("follow", f"{id}:3:answered")
    # and whoever wants no more is told no more
    assert await store.write(lambda tx: following.unfollow(tx, [two, again], id)) == 2
    assert await store.read(lambda conn: following.followers(conn, id, 0, 9)) == [one]
    assert await store.write(lambda tx: following.unfollow(tx, [one])) == 1


async def test_a_case_that_becomes_confidential_says_nothing_more(
    store: Store, commune: SampleCommune, now: int
) -> None:
    mine, other = [await store.write(lambda tx: person(tx, commune)) for _ in range(2)]
    id = await store.write(lambda tx: case(tx, commune, mine, now))
    await store.write(lambda tx: following.follow(tx, id, other, commune.commune, now))
    await store.write(lambda tx: tx.execute(update(cases).values(confidential=1)))
    assert await store.read(lambda conn: following.followed(conn, id)) is None
    assert await store.read(lambda conn: following.counts(conn, commune.commune, [f"M-{id}"])) == {}


# --- blocks ---


async def officer(store: Store, commune: SampleCommune, role: Role) -> Actor:
    await store.write(lambda tx: tx.execute(update(officers).values(role=str(role))))
    return Actor(kind=OFFICER, unit=commune.commune, id=commune.officer, role=role)


async def test_a_block_holds_until_its_end_or_until_it_is_lifted(
    store: Store, commune: SampleCommune, now: int
) -> None:
    leader = await officer(store, commune, Role.LEADER)
    mine, other = [await store.write(lambda tx: person(tx, commune)) for _ in range(2)]
    id = await store.write(lambda tx: case(tx, commune, mine, now))
    act = Block(reason="  Gửi quảng cáo\nnhiều lần ", days=30)
    put = await store.write(lambda tx: blocks.put(tx, leader, id, act, now))
    assert isinstance(put, blocks.Put)
    assert (put.account, put.blocked.reason, put.blocked.until) == (mine, "Gửi quảng cáo nhiều lần", now + 30 * DAY)

    async def holds(account: int, at: int) -> bool:
        unit = commune.commune
        return await store.read(lambda conn: blocks.holding(conn, unit, [account], at)) is not None

    assert await holds(mine, now)
    assert not await holds(other, now)
    assert not await holds(mine, now + 30 * DAY)
    # a second one takes the place of the first
    assert isinstance(
        await store.write(lambda tx: blocks.put(tx, leader, id, Block(reason="Khác", days=1), now)), blocks.Put
    )
    listed = await store.read(lambda conn: blocks.listed(conn, commune.commune, now))
    assert [(row.reason, row.open) for row in listed] == [("Khác", True), ("Gửi quảng cáo nhiều lần", False)]
    # lifted: once, and by nobody of another unit
    stranger = Actor(kind=OFFICER, unit=commune.province, id=commune.officer, role=Role.LEADER)
    assert await store.write(lambda tx: blocks.lift(tx, stranger, listed[0].id, now)) == 0
    assert await store.write(lambda tx: blocks.lift(tx, leader, listed[0].id, now)) == mine
    assert await store.write(lambda tx: blocks.lift(tx, leader, listed[0].id, now)) == 0
    assert not await holds(mine, now)
    kept = select(acts.c.action).where(acts.c.thing == "block").order_by(acts.c.id)
    assert await store.read(lambda conn: list(conn.scalars(kept))) == ["block", "block", "lift"]


@pytest.mark.parametrize(
    ("role", "act", "hidden", "why"),
    [
        (Role.RECEPTION, Block(reason="Quảng cáo", days=8), {}, "block.days"),
        (Role.LEADER, Block(reason="Quảng cáo", days=91), {}, "block.days"),
        (Role.LEADER, Block(reason="Quảng cáo", days=0), {}, "block.days"),
        (Role.LEADER, Block(reason=" \n ", days=5), {}, "block.no_reason"),
        (Role.LEADER, Block(reason="x" * 301, days=5), {}, "block.reason_long"),
        (Role.ADMIN, Block(reason="Quảng cáo", days=5), {}, "act.not_allowed"),
        (Role.VILLAGE_HEAD, Block(reason="Quảng cáo", days=5), {}, "act.not_allowed"),
        # whoever denounces is silenced by nobody; whoever complains of an officer, not by the desk
        (Role.LEADER, Block(reason="Quảng cáo", days=5), {"confidential": 1}, "act.not_allowed"),
        (Role.RECEPTION, Block(reason="Quảng cáo", days=5), {"category": "conduct"}, "act.not_allowed"),
        (Role.RECEPTION, Block(reason="Quảng cáo", days=5), {"kind": "conduct"}, "act.not_allowed"),
    ],
)
async def test_who_may_block_whom_for_how_long(
    store: Store, commune: SampleCommune, now: int, role: Role, act: Block, hidden: dict[str, object], why: str
) -> None:
    actor = await officer(store, commune, role)
    account = await store.write(lambda tx: person(tx, commune))
    id = await store.write(lambda tx: case(tx, commune, account, now, **hidden))
    refused = await store.write(lambda tx: blocks.put(tx, actor, id, act, now))
    assert isinstance(refused, Refusal)
    assert refused.key == why


async def test_cases_of_a_day_are_counted_over_all_chats_of_a_person(
    store: Store, commune: SampleCommune, now: int
) -> None:
    mine, other = [await store.write(lambda tx: person(tx, commune)) for _ in range(2)]
    for account, at in ((mine, now), (other, now), (other, now - DAY)):
        await store.write(partial(case, commune=commune, account=account, now=at))
    assert await store.read(lambda conn: blocks.opened_since(conn, [mine, other], now - 1, 9)) == 2
    assert await store.read(lambda conn: blocks.opened_since(conn, [mine, other], now - 1, 1)) == 1
