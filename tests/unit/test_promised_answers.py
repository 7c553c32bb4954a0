"""An answer that only promises: nobody is asked whether it is done before its day, and then everybody hears of it."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, insert, select

from app.case_round import case_round
from app.photo_jobs import keep_photo
from app.settings import Cases
from feedback.acts import Approve, Decision, DraftReply, Refusal, Reply, ReturnDraft
from feedback.replies import Outcome, Parts
from feedback.roles import OFFICER, Actor, Role
from storage import blobs as blob_rows
from storage.ids import new_id
from storage.store import Store
from storage.tables import blobs, case_blobs, cases, notices, officers
from storage.vault import Vault
from tests.stores import SampleCommune
from tests.transcripts.replaying import picture
from tests.unit.chatting import House
from vietnam.time import DAY, HOUR, day_of

LAN = "w" * 64
REPORT = ("xin chào", "Đèn đường ở ngã ba hỏng ba hôm nay rồi", "1", "1", "bỏ qua", "bỏ qua", "1")


@pytest.fixture
async def house(store: Store, store_url: str, vault: Vault, commune: SampleCommune, tmp_path: Path, now: int) -> House:
    built = House(store, store_url, tmp_path, vault, commune, now)
    await built.say(LAN, *REPORT)
    return built


def officer(house: House, role: Role = Role.RECEPTION) -> Actor:
    return Actor(kind=OFFICER, unit=house.commune.commune, id=house.commune.officer, role=role)


async def case_of(house: House) -> int:
    return await house.runtime.store.read(lambda conn: conn.scalar(select(cases.c.id)) or 0)


async def test_on_the_day_after_what_was_promised_the_citizen_is_asked_and_the_officers_told(house: House) -> None:
    promised = Parts(outcome=Outcome.PROMISED, day=day_of(house.at) + timedelta(days=20))
    await house.runtime.act(await case_of(house), Reply("Xã sẽ thay.", 0, promised), officer(house))
    said = (await house.heard(LAN))[-1]
    assert "Xã sẽ thay." in said
    assert "đã xong chưa" not in said

    house.at += 19 * DAY
    await case_round(house.runtime)
    assert (await house.heard(LAN))[-1] == said, "and it is not closed for silence before its day"

    house.at += 2 * DAY
    for _ in range(2):
        await case_round(house.runtime)
    heard = await house.heard(LAN)
    assert heard[-2] == said
    assert "nay đã qua ngày hẹn" in heard[-1]
    assert "đã xong chưa" in heard[-1]
    assert await house.runtime.store.read(_told) == ["notice.promise_due"]

    await house.runtime.act(await case_of(house), Reply("Đã thay."), officer(house))
    assert await house.runtime.store.read(_told) == []
    house.at += 11 * DAY
    await case_round(house.runtime)
    assert await house.runtime.store.read(lambda conn: conn.scalar(select(cases.c.state))) == "closed"


def _told(conn: Connection) -> list[str]:
    mine = notices.c.key.in_(["notice.promise_due", "notice.draft_waiting", "notice.draft_returned"])
    return list(conn.scalars(select(notices.c.key).where(mine, notices.c.read_at.is_(None))))


async def test_nobody_is_woken_for_it(house: House) -> None:
    promised = Parts(outcome=Outcome.PROMISED, day=day_of(house.at))
    await house.runtime.act(await case_of(house), Reply("Xã làm hôm nay.", 0, promised), officer(house))
    before = len(await house.heard(LAN))
    house.at += DAY - (house.at + 7 * HOUR) % DAY + HOUR  # one in the morning
    await case_round(house.runtime)
    assert len(await house.heard(LAN)) == before
    house.at += 8 * HOUR
    await case_round(house.runtime)
    assert len(await house.heard(LAN)) == before + 1


async def test_of_two_who_sign_at_the_same_second_one_does(house: House) -> None:
    runtime, case = house.runtime, await case_of(house)
    id = new_id()
    row = {"id": id, "unit_id": house.commune.commune, "login": "hai", "name": "Phó Chủ tịch", "role": "leader"}
    await runtime.store.write(
        lambda tx: tx.execute(insert(officers).values(**row, password_hash="none", created_at=house.at)).rowcount
    )
    await runtime.act(case, DraftReply("Đã thay bóng."), officer(house))
    version = await runtime.store.read(lambda conn: int(conn.scalar(select(cases.c.version)) or 0))
    leaders = [officer(house, Role.LEADER), Actor(kind=OFFICER, unit=house.commune.commune, id=id, role=Role.LEADER)]
    first, second = [await runtime.act(case, Approve(version), one) for one in leaders]
    assert isinstance(first, Decision)
    assert second == Refusal("act.changed")
    assert await runtime.act(case, ReturnDraft("Muộn."), leaders[1]) == Refusal("act.no_draft")
    assert sum("Đã thay bóng." in said for said in await house.heard(LAN)) == 1


async def test_a_picture_that_was_swept_meanwhile_takes_the_whole_answer_back(house: House) -> None:
    runtime, case = house.runtime, await case_of(house)
    kept = await keep_photo(runtime, house.commune.commune, picture("cong.jpg"))
    assert isinstance(kept, int)
    before = len(await house.heard(LAN))
    refused = await runtime.act(case, Reply("Xong.", 0, Parts(photos=(kept, 12345))), officer(house))
    assert refused == Refusal("photo.expired")
    assert len(await house.heard(LAN)) == before
    assert not await runtime.store.read(lambda conn: conn.scalar(select(blobs.c.kept)))

    # a draft keeps its pictures; of the next one only those stay that it names
    await runtime.act(case, DraftReply("Một.", 0, Parts(photos=(kept,))), officer(house))
    other = await keep_photo(runtime, house.commune.commune, picture("duong.jpg"))
    assert isinstance(other, int)
    await runtime.act(case, DraftReply("Hai.", 0, Parts(photos=(other,))), officer(house))
    assert await runtime.store.read(_kept) == {kept: 0, other: 1}
    await runtime.act(case, Approve(), officer(house, Role.LEADER))
    assert await runtime.store.read(_kept) == {kept: 0, other: 1}
    assert await runtime.store.read(lambda conn: conn.scalars(select(case_blobs.c.sent_by)).all()) == ["officer"]
    assert await runtime.store.read(lambda conn: blob_rows.describe(conn, other)) is not None


def _kept(conn: Connection) -> dict[int, int]:
    return {row.id: row.kept for row in conn.execute(select(blobs.c.id, blobs.c.kept))}


async def test_what_a_draft_says_counts_for_nobody_until_it_is_signed(house: House) -> None:
    case = await case_of(house)
    await house.runtime.act(case, DraftReply("Nháp."), officer(house))
    count = await house.runtime.store.read(
        lambda conn: conn.scalar(select(func.count()).select_from(cases).where(cases.c.answered_at.is_not(None)))
    )
    assert count == 0
    assert not [said for said in await house.heard(LAN) if "Nháp." in said]


@pytest.mark.parametrize("names", [("weather",), ("petition", "Petition"), ("",)])
def test_only_kinds_and_fields_can_be_signed(names: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="neither a kind nor a field"):
        Cases(sign_off=names)
