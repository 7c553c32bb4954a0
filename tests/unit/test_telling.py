"""What the citizen hears of an officer's act says who sees to it and whom to call; on both engines."""

from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot.telling import stopped
from feedback.acts import Act, Decision, Extend, Forward, Receive, Reply, Take
from feedback.roles import OFFICER, Actor, Role
from storage.store import Store
from storage.tables import cases, officers, units
from storage.vault import Vault
from tests.stores import SampleCommune
from tests.unit.chatting import House

LAN = "w" * 64
LAMP = ("xin chào", "Đèn đường ở ngã ba hỏng ba hôm nay rồi", "1", "3", "bỏ qua", "bỏ qua", "1")
PHONE, PERSON, NAME = "0205 000 0000", "ông Mẫu", "Lương Thị Tiếp"


@pytest.fixture
async def house(store: Store, store_url: str, vault: Vault, commune: SampleCommune, tmp_path: Path, now: int) -> House:
    built = House(store, store_url, tmp_path, vault, commune, now)
    mine = officers.c.id == commune.officer
    await store.write(lambda tx: tx.execute(update(officers).where(mine).values(name=NAME)))
    await built.say(LAN, *LAMP)
    return built


async def told(house: House, act: Act) -> str:
    """The newest message, after a clerk has done that."""
    clerk = Actor(kind=OFFICER, unit=house.commune.commune, id=house.commune.officer, role=Role.RECEPTION)
    id = await house.runtime.store.read(lambda conn: conn.execute(select(cases.c.id)).scalar_one())
    assert isinstance(await house.runtime.act(id, act, clerk), Decision)
    return (await house.heard(LAN))[-1]


@pytest.mark.parametrize(
    "act", [Receive(), Take(), Forward("Sở Xây dựng"), Reply("Đã thay bóng đèn."), Extend(8, "Chờ vật tư")], ids=repr
)
async def test_every_reply_has_a_telephone_and_a_persons_name(house: House, act: Act) -> None:
    said = await told(house, act)
    assert PHONE in said
    assert PERSON in said
    if not isinstance(act, Reply):
        assert NAME in said


async def test_without_a_person_behind_the_telephone_it_is_the_officer(house: House) -> None:
    await house.runtime.store.write(lambda tx: tx.execute(update(units).values(contact="")))
    assert f"Người phụ trách: {NAME}." in await told(house, Reply("Đã thay bóng đèn."))


async def test_what_goes_elsewhere_says_where_that_is_asked_after_and_comes_back_with_a_day(house: House) -> None:
    said = await told(house, Forward("Sở Xây dựng", "Xin chờ 10 ngày.", contact="0205 111 222, số 5 đường Mẫu"))
    assert "Ông/Bà có thể hỏi ở đó: 0205 111 222, số 5 đường Mẫu." in said
    assert "Xin chờ 10 ngày." in said
    back = await told(house, Take())
    assert "Xã nhận lại việc" in back
    due = await house.runtime.store.read(lambda conn: conn.scalar(select(cases.c.due_at)))
    assert due is not None
    assert due > house.at
    assert "/2026" in back


async def test_a_reason_without_its_full_stop_gets_one(house: House) -> None:
    assert "Lý do: Chờ vật tư. Xã sẽ trả lời" in await told(house, Extend(8, "Chờ vật tư"))


@pytest.mark.parametrize(
    ("text", "said"), [("Chờ vật tư", "Chờ vật tư."), ("Xong.", "Xong."), ("Ai?", "Ai?"), ("Gấp! ", "Gấp! ")]
)
def test_a_full_stop_where_there_is_none(text: str, said: str) -> None:
    assert stopped(text) == said
