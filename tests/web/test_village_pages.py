"""The head of a village, on a telephone: one page with what there is to do and to know, and nobody's name."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import insert, select, update
from starlette.testclient import TestClient

from storage.ids import new_id
from storage.tables import bulletins, cases, officers, units
from storage.tx import Tx
from tests.web.house import PASSWORD, House, _hashed, live, outside, signed_in
from tests.web.test_answers import REPORT, says
from vietnam.time import DAY

PAGE = "/can-bo/thon"


@pytest.fixture
def head(house: House) -> Iterator[TestClient]:
    def hire(tx: Tx) -> None:
        values = {"id": new_id(), "unit_id": house.commune.villages[0], "login": "thon1", "name": "Ma Văn Trưởng"}
        tx.execute(insert(officers).values(**values, role="village_head", password_hash=_hashed(), created_at=house.at))

    outside(house, hire)
    with signed_in(house, "thon1") as client:
        yield client


def tells(house: House, text: str, village: int | None, ago: int = 0) -> None:
    values = {"unit_id": house.commune.commune, "village_id": village, "text": text, "after": 0}
    outside(
        house,
        lambda tx: tx.execute(insert(bulletins).values(id=new_id(), **values, created_at=house.at - ago)),
    )


def test_the_day_begins_there_with_the_own_village_s_notices_and_nobody_s_name(house: House, head: TestClient) -> None:
    first, second = house.commune.villages[:2]
    tells(house, "Mai cắt điện cả xã.", None)
    tells(house, "Họp thôn Mẫu 1 tối nay.", first)
    tells(house, "Họp thôn Mẫu 2 tối nay.", second)
    tells(house, "Tin của năm ngoái.", None, ago=300 * DAY)
    code = says(house, *REPORT)
    outside(
        house, lambda tx: tx.execute(update(cases).where(cases.c.code == code).values(village_id=first, name="Bà Kín"))
    )

    page = head.get("/can-bo/")
    assert page.url.path == PAGE
    assert "Mai cắt điện cả xã." in page.text
    assert "Họp thôn Mẫu 1 tối nay." in page.text
    for word in ("Mẫu 2 tối nay", "năm ngoái", code, "Bà Kín", "Đèn đường"):
        assert word not in page.text
    for address in ("/can-bo/nhap-ho", "/can-bo/nhap-phieu", "/can-bo/lich/thon"):
        assert f'href="{address}"' in page.text
        assert head.get(address).status_code == 200
    slug = outside(house, lambda tx: tx.conn.scalar(select(units.c.slug).where(units.c.id == house.commune.commune)))
    assert f'href="/{slug}/cong-khai"' in page.text
    assert head.get(f"/{slug}/cong-khai").status_code == 200


def test_nobody_else_has_that_page(house: House, head: TestClient) -> None:
    for login in ("tiepnhan", "lanhdao", "quantri", "xakhac"):
        with signed_in(house, login) as desk:
            assert desk.get(PAGE).status_code == 403


@pytest.mark.browser
def test_it_fits_a_small_phone(house: House, head: TestClient, chromium: Any) -> None:
    tells(house, "Mai cắt điện cả xã từ 7 giờ đến 11 giờ để sửa đường dây.", None)
    with live(house) as address:
        context = chromium.new_context(viewport={"width": 360, "height": 740}, has_touch=True, locale="vi-VN")
        page = context.new_page()
        page.goto(f"{address}/can-bo/dang-nhap")
        page.fill("[name=login]", "thon1")
        page.fill("[name=password]", PASSWORD)
        page.click("main button")
        page.wait_for_selector("text=Xã đã thông báo")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        assert page.locator(".doors a").first.bounding_box()["height"] >= 48
        context.close()
