"""A commune that listens elsewhere than on the web: its public pages are there, its chat is not."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from sqlalchemy import insert, select, update
from starlette.testclient import TestClient

from storage import conversations
from storage.tables import channel_accounts, units
from storage.tx import Tx
from tests.web.house import House, browser_of, look, outside

NAME = "Xã Khác"


@pytest.fixture
def on_zalo(house: House) -> Iterator[TestClient]:
    """The second commune of the house has a Zalo account, a telephone, and no web chat."""

    def unit(tx: Tx) -> None:
        other = tx.execute(select(units.c.id).where(units.c.slug == "xa-khac")).scalar_one()
        conversations.ensure_channel_account(tx, other, "zalo_oa")
        tx.execute(update(units).where(units.c.id == other).values(phone="0205 111 2222", contact="bà Khác"))

    outside(house, unit)
    house.services = replace(house.services, way_back=lambda channel: f"https://zalo.me/{channel}")
    with browser_of(house) as client:
        yield client


@pytest.mark.parametrize(
    "page", ["cong-khai", "ket-qua", "lich", "tra-cuu", "mau-don/kien-nghi", "rieng-tu", "hien-thi", "zalo"]
)
def test_what_is_public_is_public_without_a_web_chat(on_zalo: TestClient, page: str) -> None:
    answer = on_zalo.get(f"/xa-khac/{page}")
    assert answer.status_code == 200
    assert "hác" in answer.text


def test_its_first_page_leads_to_zalo_to_the_telephone_and_to_the_public_pages(on_zalo: TestClient) -> None:
    assert NAME in on_zalo.get("/").text

    page = on_zalo.get("/xa-khac/").text

    for address in ("https://zalo.me/zalo_oa", "tel:02051112222", "/xa-khac/cong-khai", "/xa-khac/lich"):
        assert f'href="{address}"' in page
    assert "Viết tin nhắn" not in page


def test_the_link_of_a_poster_says_what_to_send_on_zalo(on_zalo: TestClient) -> None:
    assert 'href="/xa-khac/zalo?n=ks_noi"' in on_zalo.get("/xa-khac/?n=ks_noi").text
    assert "Trả lời ngay trên trang này" not in on_zalo.get("/xa-khac/zalo?n=ks_noi").text


def test_nobody_talks_on_the_web_to_a_commune_that_does_not_listen_there(on_zalo: TestClient, house: House) -> None:
    ways: list[Callable[[], int]] = [
        lambda: on_zalo.post("/xa-khac/gui", data={"text": "xin chào"}).status_code,
        lambda: on_zalo.get("/xa-khac/tin").status_code,
        lambda: on_zalo.get("/xa-khac/luong").status_code,
        lambda: on_zalo.get("/xa-khac/nen.js").status_code,
        lambda: on_zalo.get("/xa-khac/ban-do").status_code,
    ]

    assert [way() for way in ways] == [404] * len(ways)
    web = channel_accounts.c.channel == "webchat"
    there = look(house, lambda conn: conn.execute(select(channel_accounts.c.unit_id).where(web)).scalars().all())
    assert there == [house.commune.commune]


def test_a_web_chat_that_is_switched_off_is_as_none(on_zalo: TestClient, house: House) -> None:
    def off(tx: Tx) -> None:
        other = tx.execute(select(units.c.id).where(units.c.slug == "xa-khac")).scalar_one()
        row = {"id": 7, "unit_id": other, "channel": "webchat", "name": "", "active": 0}
        tx.execute(insert(channel_accounts).values(**row))

    outside(house, off)

    assert "https://zalo.me/zalo_oa" in on_zalo.get("/xa-khac/").text
    assert on_zalo.post("/xa-khac/gui", data={"text": "xin chào"}).status_code == 404
