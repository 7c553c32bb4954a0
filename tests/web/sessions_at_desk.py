"""Sessions as the tests of the desk need them."""

import re
from datetime import date, timedelta

from starlette.testclient import TestClient

from tests.web.house import House
from vietnam.time import day_of


def a_day(house: House, ahead: int, weekday: int | None = None) -> date:
    """A day so far ahead, moved on to a weekday (0: Monday) where one is named."""
    found = day_of(house.at) + timedelta(days=ahead)
    while weekday is not None and found.weekday() != weekday:
        found += timedelta(days=1)
    return found


def plan(house: House, **other: str) -> dict[str, str]:
    """The form of a reception in ten days or a little more, on a Wednesday, as an officer fills it in."""
    usual = {
        "loai": "reception",
        "chu_tri": "chairman",
        "ten_chu_tri": "Hoàng Văn Mẫu",
        "ten": "Tiếp công dân định kỳ",
        "noi": "Phòng tiếp công dân, UBND xã Mẫu",
        "ngay": a_day(house, 10, 2).isoformat(),
        "gio": "07:30",
        "den": "11:30",
        "phut": "30",
        "lap": "once",
        "cach": "1",
    }
    return usual | other


def planned(house: House, desk: TestClient, **other: str) -> str:
    """Plan a session; the address of its page."""
    page = desk.post("/can-bo/lich/moi", data=plan(house, **other))
    found = re.fullmatch(r"/can-bo/lich/\d+", page.url.path)
    assert found, page.text
    return found[0]


def announced(house: House, desk: TestClient, **other: str) -> str:
    """The same, and it is announced."""
    address = planned(house, desk, **other)
    page = desk.post(f"{address}/cong-bo", data={"nhan": "1", "seen": "0"})
    assert "Đã công bố" in page.text, page.text
    return address
