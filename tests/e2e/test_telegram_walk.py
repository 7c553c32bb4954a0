"""The whole way on Telegram, through a real `nghedan serve`: polling and webhook, SQLite and PostgreSQL."""

import asyncio
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests.e2e.citizens import Officer, answers_survey, asks_for_dialogue, said, sends_feedback
from tests.e2e.serving import Place, serving
from tests.fakes.telegram import FakeTelegram
from tests.stores import PostgresServer

SECRET = "bi-mat_2026"


@pytest.fixture
def fake() -> Iterator[FakeTelegram]:
    with FakeTelegram() as running:
        yield running


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store_at(request: pytest.FixtureRequest) -> Iterator[str]:
    """The url of an empty store, "" for a SQLite file of the server's own making."""
    if request.param == "sqlite":
        yield ""
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    url = server.fresh()
    yield url
    server.drop(url)


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_citizens_and_an_officer_meet_over_telegram(
    mode: str, store_at: str, fake: FakeTelegram, tmp_path: Path
) -> None:
    # given a commune that listens on Telegram
    telegram = {"token": fake.token, "api_base": fake.api_base, "mode": mode, "webhook_secret": SECRET}
    place = Place(tmp_path, url=store_at, telegram=telegram)
    place.furnish("sau_thu_tuc")
    with serving(place) as server:
        lan, ba, tu = fake.user("Lan"), fake.user("Ba", username="ong_ba"), fake.user("Tư")

        # when one answers the survey, one sends a phản ánh with a picture and one asks to meet, all at once
        _, code, meeting = await asyncio.gather(
            answers_survey(lan),
            sends_feedback(ba, "Rác ở đầu thôn chưa được thu gom từ thứ Hai."),
            asks_for_dialogue(tu, "Giấy chứng nhận quyền sử dụng đất"),
        )

        # then the officer finds both cases, the picture without what the phone had written into it
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
            reply = "Tổ vệ sinh đã thu gom sáng nay.\nNgày mai xe rác vào thôn."
            await officer.replies(code, reply)
            await officer.replies(meeting, "Mời Ông/Bà đến trụ sở lúc 8 giờ thứ Tư.")
        told = await ba.will_hear(reply)
        assert code in told.text
        await tu.will_hear("Mời Ông/Bà đến trụ sở lúc 8 giờ thứ Tư.")
        assert not any("thu gom sáng nay" in seen.text for seen in (*lan.heard, *tu.heard))

        # and the state can be asked for by the code, typed as people type
        ba.writes(code.lower().replace("-", " "))
        found = await ba.will_hear(said("track.reply"))
        assert reply in found.text
        assert not any(person.waits_for_button() for person in (lan, ba, tu))
    assert fake.pending == [], "everything was acknowledged"


async def _sees_picture(officer: Officer, page: str, code: str) -> None:
    shown = re.search(rf'src="(/can-bo/vu-viec/{code}/anh/\d+)"', page)
    assert shown, page
    status, data = await officer.get(shown.group(1))
    assert status == 200
    with Image.open(io.BytesIO(data)) as image:
        assert (image.format, image.size, dict(image.getexif())) == ("JPEG", (640, 480), {})
