"""What cannot be delivered waits, goes another way, or is called for; nothing is dropped unseen (CN6)."""

from collections import Counter
from itertools import product
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Connection, select

from app.posts import StoredPost
from bot.channels.base import Failed, Gone, Outcome, Sent, WindowClosed
from bot.conversation.messages import Bubble, Inbound, InboundKind
from bot.sender import LEASE, verdict
from feedback.acts import Reply
from feedback.roles import OFFICER, Actor, Role
from storage import call_list, deliveries
from storage.outbox import context
from storage.store import Store
from storage.tables import calls, cases, conversations, outbox
from storage.vault import Vault
from tests.stores import SampleCommune
from tests.unit.chatting import House
from vietnam.time import HOUR

LAN, WEB = "77", "w" * 64
NAMED = ("2", "Lan", "0912345678", "1")
REPLY = "Đã thay bóng đèn ở ngã ba."


class Town:
    """Lan on Telegram, and perhaps in her browser; the platform answers as the test says."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.numbers = Counter[str]()
        self.post = StoredPost(house.runtime, house.commune.telegram)

    async def says(self, text: str, *, kind: InboundKind = "text", web: bool = False) -> None:
        channel = "webchat" if web else "telegram"
        account = self.house.commune.webchat if web else self.house.commune.telegram
        self.numbers[channel] += 1
        await self.house.runtime.receive(
            Inbound(
                channel=channel, channel_account=account, dedupe_key=f"k{self.numbers[channel]}",
                person=WEB if web else LAN, kind=kind, at=self.house.at, text=text,
            )
        )  # fmt: skip

    async def delivers(self, outcome: Outcome) -> list[str]:
        """Send everything that may be sent, each with that outcome; the texts in their order."""
        texts: list[str] = []
        await self.house.runtime.account(self.house.commune.telegram)
        while letters := await self.post.claim(30, LEASE, 30):
            for letter in letters:
                texts.append(letter.bubble.text)
                await self.post.record([(letter, verdict(outcome, letter.tries))])
        return texts

    async def reports(self) -> tuple[int, str]:
        """Lan reports a broken lamp, with her telephone; the id and code of the case."""
        for words in (
            "Đèn đường ở ngã ba hỏng ba hôm nay rồi",
            "1",
            "1",
            "bỏ qua",
            "bỏ qua",
            "2",
            "Lan",
            "0912345678",
            "1",
        ):
            await self.says(words)
        await self.delivers(Sent("1"))
        row = await self.house.runtime.store.read(lambda conn: conn.execute(select(cases.c.id, cases.c.code)).one())
        return row.id, row.code

    async def answered(self, case: int) -> None:
        unit = self.house.commune.commune
        officer = Actor(kind=OFFICER, unit=unit, id=self.house.commune.officer, role=Role.RECEPTION)
        await self.house.runtime.act(case, Reply(REPLY), officer)

    async def to_call(self) -> list[call_list.Call]:
        unit = self.house.commune.commune
        return await self.house.runtime.store.read(lambda conn: call_list.to_call(conn, unit))

    async def history(self, case: int) -> list[str]:
        found = await self.house.runtime.store.read(lambda conn: deliveries.history(conn, case))
        return [event.what for event in found]

    async def states(self) -> Counter[str]:
        rows = await self.house.runtime.store.read(lambda conn: conn.execute(select(outbox.c.state)).all())
        return Counter(row.state for row in rows)


@pytest.fixture
def town(store: Store, store_url: str, commune: SampleCommune, vault: Vault, tmp_path: Path, now: int) -> Town:
    return Town(House(store, store_url, tmp_path, vault, commune, now))


async def test_an_answer_behind_a_closed_window_waits_and_somebody_is_called(town: Town) -> None:
    case, code = await town.reports()
    await town.answered(case)
    await town.delivers(WindowClosed("48 h"))
    (call,) = await town.to_call()
    assert (call.case, call.why, call.phone, call.name) == (code, "window", "0912345678", "Lan")
    assert await town.history(case) == ["held"]
    # it comes with the person's next word, before the answer to that word
    await town.says("alo")
    said = await town.delivers(Sent("2"))
    assert REPLY in said[0]
    assert await town.to_call() == []
    assert await town.history(case) == ["held", "sent"]


async def test_who_blocked_us_and_comes_back_gets_what_waited_once(town: Town) -> None:
    case, _code = await town.reports()
    await town.answered(case)
    await town.delivers(Gone("bot was blocked"))
    assert [call.why for call in await town.to_call()] == ["gone"]
    await town.says("", kind="start")
    assert sum(REPLY in said for said in await town.delivers(Sent("3"))) == 1
    await town.says("alo")
    assert not any(REPLY in said for said in await town.delivers(Sent("4")))


async def test_a_question_that_waited_is_not_asked_when_its_time_has_passed(town: Town) -> None:
    await town.says("xin chào")
    await town.delivers(WindowClosed("closed"))
    assert (await town.states())["held"] == 1
    await town.says("menu")
    assert len(await town.delivers(Sent("1"))) == 1
    assert await town.to_call() == []


async def test_what_a_platform_refuses_for_ever_is_called_for(town: Town) -> None:
    case, _code = await town.reports()
    await town.answered(case)
    await town.delivers(Failed("400", retry=False))
    assert [call.why for call in await town.to_call()] == ["failed"]
    assert await town.history(case) == ["dead"]


async def test_an_answer_takes_the_other_way_that_the_person_has_joined(town: Town) -> None:
    case, _code = await town.reports()
    await town.says("nối kênh")
    said = await town.delivers(Sent("1"))
    await town.says(next(text for text in said if text.startswith("NOI ")), web=True)
    await town.says("1", web=True)
    await town.delivers(Sent("1"))
    await town.answered(case)
    await town.delivers(WindowClosed("48 h"))
    assert await town.history(case) == ["held", "moved"]

    def newest(conn: Connection) -> bytes:
        mine = outbox.c.channel_account_id == town.house.commune.webchat
        row = conn.execute(select(outbox).where(mine).order_by(outbox.c.seq.desc()).limit(1)).one()
        return town.house.runtime.vault.open(bytes(row.body), context(row.id))

    text = msgspec.json.decode(await town.house.runtime.store.read(newest), type=Bubble).text
    assert text.startswith("(Tin này chưa gửi được cho Ông/Bà qua Telegram")
    assert REPLY in text


async def test_without_a_join_nothing_goes_to_anybody_else(town: Town) -> None:
    await town.says("xin chào", web=True)
    case, _code = await town.reports()
    await town.answered(case)
    await town.delivers(WindowClosed("48 h"))
    assert await town.history(case) == ["held"]


async def test_an_officer_closes_a_call_and_counts_a_try(town: Town) -> None:
    case, _code = await town.reports()
    await town.answered(case)
    await town.delivers(WindowClosed("48 h"))
    (call,) = await town.to_call()
    unit = town.house.commune.commune
    officer = Actor(kind=OFFICER, unit=unit, id=1, role=Role.RECEPTION)
    write, now = town.house.runtime.store.write, town.house.at
    assert await write(lambda tx: call_list.done(tx, officer, call.id, "unreached", now))
    assert [one.tries for one in await town.to_call()] == [1]
    stranger = Actor(kind=OFFICER, unit=unit + 1, id=2, role=Role.RECEPTION)
    assert not await write(lambda tx: call_list.done(tx, stranger, call.id, "called", now))
    assert await write(lambda tx: call_list.done(tx, officer, call.id, "called", now))
    assert await town.to_call() == []
    assert not await write(lambda tx: call_list.done(tx, officer, call.id, "called", now))


async def test_the_moment_of_the_last_word_is_the_persons_own(town: Town) -> None:
    await town.says("xin chào")
    spoke = town.house.at
    town.house.at += HOUR
    await town.says("", kind="media_refused")
    heard = await town.house.runtime.store.read(lambda conn: conn.scalar(select(conversations.c.heard_at)))
    assert heard == spoke


async def test_every_message_about_a_case_ends_sent_or_with_somebody_to_be_called(town: Town) -> None:
    case, _code = await town.reports()

    def open_ends(conn: Connection) -> list[int]:
        ended = outbox.c.state.in_(["sent", "read", "erased"])
        called = select(calls.c.outbox_id)
        query = select(outbox.c.id).where(outbox.c.case_id.is_not(None), ~ended, outbox.c.id.not_in(called))
        return list(conn.scalars(query))

    possible: tuple[Outcome, ...] = (Sent("1"), WindowClosed("w"), Gone("g"), Failed("f", retry=False))
    for first, then in product(possible, possible):
        await town.answered(case)
        await town.delivers(first)
        assert await town.house.runtime.store.read(open_ends) == []
        await town.says("alo")
        await town.delivers(then)
        assert await town.house.runtime.store.read(open_ends) == []
