"""Whoever has booked on a Zalo Official Account and then says nothing for two days is called (CN6)."""

import asyncio
import html
import re
import time
from datetime import timedelta
from pathlib import Path

import pytest

from tests.e2e.citizens import Officer, code_in, said
from tests.e2e.serving import Place, serving, wait_until
from tests.e2e.test_zalo_oa_walk import logs_in, webhook
from tests.fakes.zalo_oa import FakeZaloOa, Person
from tests.stores import UNHURRIED
from vietnam.time import day_of


async def _announces(place: Place) -> str:
    """A reception in three weeks is planned and announced; its page."""
    day = day_of(time.time_ns() // 1_000_000) + timedelta(days=21)
    async with Officer(place.url) as officer:
        await officer.logs_in()
        plan = {
            "loai": "reception", "chu_tri": "chairman", "ten": "Tiếp công dân định kỳ", "noi": "Phòng tiếp công dân",
            "ngay": day.isoformat(), "gio": "07:30", "den": "11:30", "phut": "30", "lap": "once", "cach": "1",
            "chac": "1",  # that day may be a day off
        }  # fmt: skip
        status, page = await officer.post("/can-bo/lich/moi", plan)
        assert status == 200, page
        found = re.search(r"/can-bo/lich/\d+(?=/cong-bo)", page)
        assert found, page
        _, page = await officer.post(f"{found[0]}/cong-bo", {"seen": "0"})
        assert "Đã công bố" in page, page
        return found[0]


async def _books(lan: Person) -> str:
    lan.writes("đặt lịch")
    await lan.will_hear("Tiếp công dân định kỳ")
    lan.writes("1")
    await lan.will_hear(said("booking.ask_question"))
    lan.writes("Bao giờ sửa cầu treo?")
    await lan.will_hear(said("booking.ask_person"))
    lan.writes("Nguyễn Thị Lan 0912345678")
    return code_in((await lan.will_hear("Mã lịch hẹn", 20)).text)


async def _cancels(place: Place, session: str) -> None:
    async with Officer(place.url) as officer:
        await officer.logs_in()
        status, page = await officer.post(f"{session}/huy", {"ly_do": "Bão số 3.", "seen": "0"})
        assert (status, "Đã hủy" in page) == (200, True), page


def _page(place: Place, path: str) -> str:
    async def read() -> str:
        async with Officer(place.url) as officer:
            await officer.logs_in()
            return html.unescape(await officer.read(path))

    return asyncio.run(read())


@pytest.mark.slow
def test_behind_a_closed_window_a_seat_becomes_a_line_a_slip_and_comes_with_the_next_word(tmp_path: Path) -> None:
    with FakeZaloOa() as fake:
        # given a seat that was booked in the chat
        place = Place(tmp_path, zalo_oa=fake.settings)
        place.furnish("sau_thu_tuc")
        with serving(place):
            fake.hook_at(webhook(place), patience=UNHURRIED)
            logs_in(fake, place)
            session = asyncio.run(_announces(place))
            lan = fake.user("Lan")
            lan.follows()
            lan.hears(said("menu.title"))
            code = asyncio.run(_books(lan))

        # when the session is called off two days later, and Lan has not said a word since
        place.ahead = 50 * 60
        fake.advance(50 * 3600)
        heard = len(lan.heard)
        with serving(place):
            asyncio.run(_cancels(place, session))
            # then the officers see whom to call, and why
            wait_until(lambda: code in _page(place, "/can-bo/can-goi"), "nobody is to be called", 20)
            page = _page(place, "/can-bo/can-goi")
            assert "Buổi đã hủy" in page
            assert "Lý do hủy: Bão số 3." in page
            assert 'href="tel:0912345678"' in page
            assert len(lan.heard) == heard
            # and a slip says it without a name
            found = re.search(r'href="(/can-bo/can-goi/\d+/phieu)"', page)
            assert found
            slip = _page(place, found[1]).partition('<article class="slip">')[2].partition("</article>")[0]
            assert all(word in slip for word in (code, "đã hủy", "Bão số 3.", "<svg"))
            assert not any(word in slip for word in ("Nguyễn Thị Lan", "0912345678", "cầu treo"))
            # when Lan writes, then the news comes by itself, nobody need call any more, and it has cost nothing
            lan.writes("menu")
            assert "Bão số 3." in lan.hears("đã hủy", 20).text
            wait_until(lambda: code not in _page(place, "/can-bo/can-goi"), "the line is still there", 20)
            assert fake.do(lambda world: world.billed) == 0
