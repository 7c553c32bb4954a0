"""What goes wrong around a Zalo bot: failing calls, events that come again and backwards, a process that is killed."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.citizens import typed as said
from tests.e2e.serving import Place, start, wait_until
from tests.fakes.zalo_bot import FakeZaloBot, Person

SECRET = "bi-mat_2026"


def _menus(person: Person) -> int:
    return sum(said("menu.title") in seen.text for seen in person.heard)


def _all_recorded(place: Place) -> bool:
    with closing(sqlite3.connect(place.folder / "nghedan.db")) as conn:
        left = conn.execute("SELECT count(*) FROM outbox WHERE state IN ('ready', 'leased')").fetchone()
    return bool(left[0] == 0)


@pytest.mark.slow
async def test_nothing_is_lost_and_nothing_is_done_twice(tmp_path: Path) -> None:
    with FakeZaloBot() as fake:
        zalo_bot = {"token": fake.token, "api_base": fake.api_base, "mode": "webhook", "webhook_secret": SECRET}
        place = Place(tmp_path, zalo_bot=zalo_bot)
        await asyncio.to_thread(place.furnish)
        running = await asyncio.to_thread(start, place)
        try:
            # given people to whom the first calls fail
            lan, minh, tu = fake.user("Lan"), fake.user("Minh"), fake.user("Tư")
            fake.next_fault("sendMessage", "code", code=403)
            fake.next_fault("sendMessage", "garbage")
            for person in (lan, minh, tu):
                person.writes("menu")
            # then all of them are answered in the end
            for person in (lan, minh, tu):
                await person.will_hear(said("menu.title"), 30)

            # and a picture that lies nowhere is refused at once, not after many tries
            nam = fake.user("Năm")
            nam.sends_photo_at("http://[bad")
            await nam.will_hear(said("photo.failed"), 10)

            # when the platform is out for a day, and then brings what it has twice and backwards
            fake.hold()
            lan.writes("2")
            minh.writes("menu")
            tu.writes("menu")
            fake.advance(86_400)
            fake.release(backwards=True, times=2)
            for person in (minh, tu):
                await person.will_hear(said("menu.title"), 30)
            await fake.until(lambda world: not world.queue, 30, "something still waits")

            # and the process is killed while somebody writes; what it has sent it knows, or it would be in doubt
            await asyncio.to_thread(wait_until, lambda: _all_recorded(place), "a message is not recorded as sent")
            running.kill()
            lan.writes("menu")
            running = await asyncio.to_thread(start, place)
            await lan.will_hear(said("menu.title"), 30)
            fake.replay()
            await fake.until(lambda world: not world.queue, 30, "something still waits")
            minh.writes("menu")
            await minh.will_hear(said("menu.title"), 30)
        except BaseException:
            running.kill()
            raise
        assert await asyncio.to_thread(running.stop) == 0
        # then every word was answered once: what came again was known, and nothing was lost
        assert (_menus(lan), _menus(minh), _menus(tu)) == (2, 3, 2)
        assert fake.lost == []
