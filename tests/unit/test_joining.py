"""One person on two channels: joined by a code of one chat sent in the other, and by nothing else (CN5)."""

from collections import Counter
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select

from bot.conversation.joining import MOST_WRONG
from bot.conversation.messages import Bubble, Inbound
from storage.outbox import context
from storage.store import Store
from storage.tables import accounts, outbox, persons
from storage.vault import Vault
from tests.stores import SampleCommune
from tests.unit.chatting import House
from vietnam.time import MINUTE

WEB, PHONE = ("webchat", "w" * 64), ("telegram", "77")
Who = tuple[str, str]


class Town:
    """A commune with two channels; each event has a number of its own."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.numbers = Counter[str]()

    async def says(self, who: Who, text: str) -> str:
        """Everything that was said to it."""
        channel, person = who
        account = self.house.commune.webchat if channel == "webchat" else self.house.commune.telegram
        before = await self._heard(account)
        self.numbers[channel] += 1
        key = f"k{self.numbers[channel]}"
        inbound = Inbound(
            channel=channel,
            channel_account=account,
            dedupe_key=key,
            person=person,
            kind="text",
            at=self.house.at,
            text=text,
        )
        await self.house.runtime.receive(inbound)
        return "\n".join((await self._heard(account))[len(before) :])

    async def heard(self, who: Who) -> str:
        account = self.house.commune.webchat if who[0] == "webchat" else self.house.commune.telegram
        return "\n".join(await self._heard(account))

    async def _heard(self, account: int) -> list[str]:
        query = select(outbox.c.id, outbox.c.body).where(
            outbox.c.channel_account_id == account, outbox.c.state != "own"
        )
        rows = await self.house.runtime.store.read(lambda conn: conn.execute(query.order_by(outbox.c.seq)).all())
        vault = self.house.runtime.vault
        opened = [vault.open(bytes(row.body), context(row.id)) for row in rows if row.body]
        return [msgspec.json.decode(body, type=Bubble).text for body in opened]

    async def code(self, who: Who) -> str:
        said = await self.says(who, "nối kênh")
        return next(line for line in said.splitlines() if line.startswith("NOI "))

    async def people(self) -> int:
        rows = await self.house.runtime.store.read(lambda conn: conn.execute(select(persons.c.id)).all())
        return len(rows)


@pytest.fixture
def town(store: Store, store_url: str, commune: SampleCommune, vault: Vault, tmp_path: Path, now: int) -> Town:
    return Town(House(store, store_url, tmp_path, vault, commune, now))


async def report(town: Town, who: Who) -> str:
    """Somebody reports a broken lamp; the code of the case."""
    for words in ("Đèn đường ở ngã ba hỏng ba hôm nay rồi", "1", "1", "bỏ qua", "bỏ qua"):
        said = await town.says(who, words)
    said = await town.says(who, "1")
    return next(word.strip(".,:") for word in said.split() if word.count("-") == 3)


async def test_a_case_of_one_channel_is_followed_on_the_other_once_they_are_joined(town: Town) -> None:
    case = await report(town, WEB)
    assert case not in await town.says(PHONE, "phản ánh của tôi")
    line = await town.code(WEB)
    assert "Nối cuộc trò chuyện này với cuộc trò chuyện trên trang web của xã?" in await town.says(PHONE, line)
    assert "Đã nối" in await town.says(PHONE, "1")
    assert case in await town.says(PHONE, "/tra_cuu")
    assert "vừa được nối với một cuộc trò chuyện trên Telegram" in await town.heard(WEB)
    assert await town.people() == 1


async def test_nothing_is_joined_without_a_yes(town: Town) -> None:
    line = await town.code(WEB)
    await town.says(PHONE, line)
    assert "không nối" in await town.says(PHONE, "2")
    assert await town.people() == 2


async def test_a_code_is_over_after_a_quarter_of_an_hour_and_after_its_use(town: Town) -> None:
    line = await town.code(WEB)
    town.house.at += 16 * MINUTE
    assert "đã hết hạn" in await town.says(PHONE, line)
    line = await town.code(WEB)
    await town.says(PHONE, line)
    town.house.at += 16 * MINUTE
    assert "vừa hết hạn" in await town.says(PHONE, "1")
    line = await town.code(WEB)
    await town.says(PHONE, line)
    await town.says(PHONE, "1")
    assert "đã hết hạn" in await town.says(PHONE, line)


async def test_an_older_code_of_the_same_chat_is_over(town: Town) -> None:
    old = await town.code(WEB)
    await town.code(WEB)
    assert "không đúng" in await town.says(PHONE, old)


async def test_in_its_own_chat_a_code_joins_nothing(town: Town) -> None:
    line = await town.code(WEB)
    assert "gửi ở kênh kia" in await town.says(WEB, line)


async def test_who_guesses_is_stopped_for_the_day(town: Town) -> None:
    for number in range(MOST_WRONG):
        assert "không đúng" in await town.says(PHONE, f"NOI {number:08}")
    line = await town.code(WEB)
    assert "nhiều lần" in await town.says(PHONE, line)


async def test_a_code_is_never_taken_for_an_answer_in_words(town: Town) -> None:
    line = await town.code(WEB)
    await town.says(PHONE, "kiến nghị")
    await town.says(PHONE, "1")
    assert "Nối cuộc trò chuyện" in await town.says(PHONE, line)


async def test_parted_again_each_chat_stands_for_itself(town: Town) -> None:
    case = await report(town, WEB)
    await town.says(PHONE, await town.code(WEB))
    await town.says(PHONE, "1")
    assert "Đã tách" in await town.says(PHONE, "tách kênh")
    assert case not in await town.says(PHONE, "/tra_cuu")
    assert case in await town.says(WEB, "/tra_cuu")
    assert "chưa nối" in await town.says(WEB, "tách kênh")
    rows = await town.house.runtime.store.read(lambda conn: conn.execute(select(accounts.c.person_id)).all())
    assert len({row.person_id for row in rows}) == 2


async def test_joined_twice_says_so(town: Town) -> None:
    await town.says(PHONE, await town.code(WEB))
    await town.says(PHONE, "1")
    assert "đã nối với nhau rồi" in await town.says(PHONE, await town.code(WEB))
