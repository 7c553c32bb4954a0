"""How many messages a citizen writes, on each channel: a report with a picture six at most, a seat four."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select

from app.capabilities import CAPABILITIES
from app.transcripts import Player
from storage.tables import bookings, case_blobs, cases
from tests.clock import pass_to
from tests.everywhere.towns import Fakes, Town, open_town
from tests.fakes.telegram import FakeTelegram
from tests.fakes.zalo_bot import FakeZaloBot
from tests.fakes.zalo_oa import FakeZaloOa
from tests.transcripts import replaying
from vietnam.time import MINUTE

REPORT = ("Gửi phản ánh", "Đường sá, điện, nước", "Đường vào thôn ngập nước ba hôm nay.", "", "thôn Mẫu 1")
SEND = "Đồng ý và gửi ẩn danh"
SEAT = ("Đặt lịch gặp, đối thoại với lãnh đạo", "", "Hỏi về đo đạc lại đất ở.", "Nguyễn Thị Mẫu, 0912 345 678")


@pytest.fixture(scope="module")
def fakes() -> Iterator[Fakes]:
    with FakeTelegram() as telegram, FakeZaloBot() as zalo_bot, FakeZaloOa() as zalo_oa:
        telegram.flood(chat_per_second=10_000, chat_burst=10_000, per_second=10_000)
        yield Fakes(telegram, zalo_bot, zalo_oa)


@pytest.fixture
def folder(sqlite_template: Path, tmp_path: Path) -> Path:
    shutil.copy(sqlite_template, tmp_path / "nghedan.db")
    return tmp_path


async def settled(town: Town) -> str:
    """What has come, as one text."""
    pass_to(town.runtime, town.runtime.now() + MINUTE + 1000)
    await town.settle()
    return "\n".join(line for screen in await town.phone.seen() for line in screen.lines)


def digit_of(label: str, heard: str) -> str:
    """The number that stands before a choice, on a button or in the text."""
    lines = (line.strip(" []").partition(". ") for line in heard.splitlines())
    return next((number for number, _, words in lines if words == label), "")


async def pressed(town: Town, label: str, heard: str) -> str:
    digit = digit_of(label, heard)
    assert digit, f"{label!r} is not offered in {heard}"
    await town.phone.press(label, digit)
    return await settled(town)


def sent(conn: Connection) -> tuple[int, int]:
    """How many cases there are, and pictures with them."""
    return tuple(conn.scalar(select(func.count()).select_from(table)) or 0 for table in (cases, case_blobs))  # type: ignore[return-value]  # two


@pytest.mark.parametrize("channel", CAPABILITIES)
@pytest.mark.parametrize("works", ["", "Cầu Nà Pất"])
async def test_a_report_with_a_picture_takes_six(channel: str, works: str, fakes: Fakes, folder: Path) -> None:
    async with open_town(channel, fakes, folder) as town:
        # given somebody before the menu, in a commune with and without works going on
        if works:
            others = replaying.Town(town.runtime, town.unit, await Player.begin(town.runtime, town.unit))
            await replaying.meanwhile(others, f"works: {works}")
        await town.phone.start("", 0)
        heard = await settled(town)
        written = 0

        # when they report something, with the picture sent apart
        for said in REPORT:
            if not said:
                await town.phone.photo(replaying.picture("duong.jpg"))
                heard = await settled(town)
            elif digit_of(said, heard):
                heard = await pressed(town, said, heard)
            else:
                await town.phone.say(said)
                heard = await settled(town)
            written += 1
        assert await town.runtime.store.read(sent) == (0, 0), "nothing is opened that was not agreed to"
        heard = await pressed(town, SEND, heard)
        written += 1

        # then it is there with its picture, after six
        assert "Mã tra cứu" in heard
        assert await town.runtime.store.read(sent) == (1, 1)
        assert written == 6


@pytest.mark.parametrize("channel", CAPABILITIES)
async def test_a_seat_takes_four(channel: str, fakes: Fakes, folder: Path) -> None:
    async with open_town(channel, fakes, folder) as town:
        others = replaying.Town(town.runtime, town.unit, await Player.begin(town.runtime, town.unit))
        await replaying.meanwhile(others, "session: morning | 16 | 08:00 | 120 | 30 | 0")
        await town.phone.start("", 0)
        heard = await settled(town)
        written = 0
        for said in SEAT:
            if not said:
                await town.phone.say("1")
                heard = await settled(town)
            elif digit_of(said, heard):
                heard = await pressed(town, said, heard)
            else:
                await town.phone.say(said)
                heard = await settled(town)
            written += 1
        assert "Mã lịch hẹn" in heard
        assert await town.runtime.store.read(lambda conn: conn.scalar(select(func.count()).select_from(bookings))) == 1
        assert written == 4


def test_wherever_words_are_asked_for_they_may_be_spoken() -> None:
    """The question of a report invites to speak: a channel that takes no voice needs words of its own there."""
    assert all(can.voice_in for can in CAPABILITIES.values())
