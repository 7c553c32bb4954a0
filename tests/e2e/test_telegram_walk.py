"""The whole way on Telegram, through a real `nghedan serve`: polling and webhook, SQLite and PostgreSQL."""

import asyncio
import io
import re
from pathlib import Path

import pytest
from PIL import Image

from tests.e2e.citizens import Officer, answers_survey, asks_for_dialogue, said, sends_feedback
from tests.e2e.serving import Place, Server, start
from tests.fakes.telegram import FakeTelegram
from tests.stores import PostgresServer

SECRET = "bi-mat_2026"
MODES = ("polling", "webhook")


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def test_citizens_and_an_officer_meet_over_telegram(
    engine: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    server: PostgresServer | None = request.getfixturevalue("postgres") if engine == "postgres" else None
    urls = [server.fresh() if server else "" for _ in MODES]
    # Both at once: most of a walk is waiting for the limit of one message a second into a chat.
    await asyncio.gather(*(_walk(mode, url, tmp_path / mode) for mode, url in zip(MODES, urls, strict=True)))


async def _walk(mode: str, url: str, folder: Path) -> None:
    # given a commune that listens on Telegram
    folder.mkdir()
    with FakeTelegram() as fake:
        telegram = {"token": fake.token, "api_base": fake.api_base, "mode": mode, "webhook_secret": SECRET}
        place = Place(folder, url=url, telegram=telegram)
        await asyncio.to_thread(place.furnish, "sau_thu_tuc")
        running = await asyncio.to_thread(start, place)
        try:
            await _meet(fake, running)
            assert fake.pending == [], "everything was acknowledged"
        except BaseException:
            running.kill()
            raise
        assert await asyncio.to_thread(running.stop) == 0


async def _meet(fake: FakeTelegram, server: Server) -> None:
    lan, ba, tu = fake.user("Lan"), fake.user("Ba", username="ong_ba"), fake.user("Tư")

    # when one answers the survey, one sends a phản ánh with a picture and one asks to meet, all at once
    _, code, meeting = await asyncio.gather(
        answers_survey(lan),
        sends_feedback(ba, "Rác ở đầu thôn chưa được thu gom từ thứ Hai."),
        asks_for_dialogue(tu, "Giấy chứng nhận quyền sử dụng đất"),
    )

    # then the officer finds both cases, the picture without what the phone had written into it
    reply = "Tổ vệ sinh đã thu gom sáng nay.\nNgày mai xe rác vào thôn."
    invitation = "Mời Ông/Bà đến trụ sở lúc 8 giờ thứ Tư."
    async with Officer(server.url) as officer:
        await officer.logs_in()
        queue = await officer.read("/can-bo/")
        assert code in queue
        assert meeting in queue
        page = await officer.read(f"/can-bo/vu-viec/{code}")
        assert "Nông Văn Mẫu" in page
        await _sees_picture(officer, page, code)
        assert "sáng thứ Tư" in await officer.read(f"/can-bo/vu-viec/{meeting}")

        # and what is replied arrives in the chats it belongs to
        await officer.replies(code, reply)
        await officer.replies(meeting, invitation)
    assert code in (await ba.will_hear(reply)).text
    assert meeting in (await tu.will_hear(invitation)).text
    assert not any("thu gom sáng nay" in seen.text for seen in (*lan.heard, *tu.heard))

    # and the state can be asked for by the code, typed as people type
    ba.writes(code.lower().replace("-", " "))
    assert reply in (await ba.will_hear(said("track.reply"))).text
    await fake.until(lambda world: all(press.answered for press in world.presses.values()), 10, "a button spins")


async def _sees_picture(officer: Officer, page: str, code: str) -> None:
    shown = re.search(rf'src="(/can-bo/vu-viec/{code}/anh/\d+)"', page)
    assert shown, page
    status, data = await officer.get(shown.group(1))
    assert status == 200
    with Image.open(io.BytesIO(data)) as image:
        assert (image.format, image.size, dict(image.getexif())) == ("JPEG", (640, 480), {})
