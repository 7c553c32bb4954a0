"""What is wrong is noted once, told once a day, and told once more when it is well again."""

from collections.abc import Mapping
from itertools import count, islice
from pathlib import Path

import pytest
from sqlalchemy import select

from app.alarms import alarm_round
from app.channels import Health
from app.photo_jobs import Download
from bot.channels.base import Door
from feedback.invitation_codes import make_code
from storage import alarms, channel_rows
from storage.store import Store
from storage.tables import notices
from storage.vault import Vault
from tests.stores import SampleCommune
from tests.unit.chatting import House
from vietnam.time import DAY, HOUR


class Hook:
    """The door of a platform that brings its events to us."""

    channel = "telegram"
    channel_account = 1
    max_body = 1

    def admits(self, headers: Mapping[str, str]) -> bool:
        return False

    async def handle(self, headers: Mapping[str, str], body: bytes) -> int:
        return 401


class Line:
    """A channel whose platform says what the test wants it to say."""

    channel = "telegram"
    name = ""

    def __init__(self, house: House, *, hook: bool = False) -> None:
        self.account = house.commune.telegram
        self.house = house
        self.hook = hook
        self.says: Health | ConnectionError = Health("@bot")

    def door(self) -> Door | None:
        return Hook() if self.hook else None

    def downloads(self) -> Mapping[int, Download]:
        return {}

    def start(self) -> None: ...

    async def state(self) -> Health:
        if isinstance(self.says, ConnectionError):
            raise self.says
        return self.says

    async def close(self) -> None: ...


@pytest.fixture
def house(store: Store, store_url: str, commune: SampleCommune, vault: Vault, tmp_path: Path, now: int) -> House:
    return House(store, store_url, tmp_path, vault, commune, now)


async def told(house: House) -> list[str]:
    rows = await house.runtime.store.read(lambda conn: conn.execute(select(notices.c.key).order_by(notices.c.id)).all())
    return [row.key for row in rows]


async def standing(house: House) -> list[str]:
    return [one.kind for one in await house.runtime.store.read(alarms.standing)]


@pytest.mark.parametrize(
    "wrong", [Health("webhook not set", "start `nghedan serve`"), ConnectionError("401 Unauthorized")]
)
async def test_a_channel_in_trouble_is_told_once_a_day_and_once_when_it_is_well(
    house: House, wrong: Health | ConnectionError
) -> None:
    line = Line(house)
    await alarm_round(house.runtime, [line])
    assert await told(house) == []
    line.says = wrong
    for _ in range(3):
        await alarm_round(house.runtime, [line])
    assert (await told(house), await standing(house)) == (["alarm.channel"], ["channel"])
    house.at += DAY + HOUR
    await alarm_round(house.runtime, [line])
    assert await told(house) == ["alarm.channel", "alarm.channel"]
    line.says = Health("@bot")
    for _ in range(2):
        await alarm_round(house.runtime, [line])
    assert (await told(house), await standing(house)) == (["alarm.channel"] * 2 + ["alarm.over.channel"], [])


async def test_a_process_that_sees_no_channel_ends_no_alarm_of_one(house: House) -> None:
    line = Line(house)
    line.says = ConnectionError("no route")
    await alarm_round(house.runtime, [line])
    await alarm_round(house.runtime, [])
    assert await standing(house) == ["channel"]


async def test_a_webhook_that_brings_nothing_for_two_days_is_suspect(house: House) -> None:
    line = Line(house, hook=True)
    await alarm_round(house.runtime, [line])
    assert await standing(house) == []  # never heard: the commune may only just have opened it
    heard = house.at
    await house.runtime.store.write(lambda tx: channel_rows.heard(tx, line.account, heard))
    house.at += 47 * HOUR
    await alarm_round(house.runtime, [line])
    assert await standing(house) == []
    house.at += 2 * HOUR
    await alarm_round(house.runtime, [line])
    assert await standing(house) == ["silent"]


async def test_every_alarm_has_words_for_the_officers(house: House) -> None:
    for kind in ("channel", "silent", "outbox", "inbox", "disk"):
        for key in (f"alarm.{kind}", f"alarm.over.{kind}"):
            assert house.runtime.wording(key, channel="Zalo") != key


async def test_many_codes_that_open_nothing_are_told_and_end_with_the_day(house: House) -> None:
    # given people who send well-formed codes that open nothing, one short of too many
    codes = (make_code(number * 1_234_567_891) for number in count(1))
    guesses = islice((code for code in codes if code is not None), house.runtime.settings.alarms.wrong_codes)
    *most, last = guesses
    for number, code in enumerate(most):
        await house.say(f"{number // 9:064}", code)
    await alarm_round(house.runtime, [])
    assert await standing(house) == []
    # when one more comes, from yet another chat
    await house.say("z" * 64, last)
    await alarm_round(house.runtime, [])
    assert (await told(house), await standing(house)) == (["alarm.codes"], ["codes"])
    house.at += DAY
    await alarm_round(house.runtime, [])
    assert (await told(house), await standing(house)) == (["alarm.codes", "alarm.over.codes"], [])
