"""Following somebody else's report from the first word to the last notice, and a flood, on both engines."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from app.blocking import block, lift
from app.runtime import Runtime
from app.settings import Settings
from app.transcripts import Player
from app.wording import bot_wording
from app.worker import take_jobs
from bot.conversation.messages import Bubble
from feedback.acts import Act, Ask, Receive, Refusal, Reply
from feedback.blocking import Block, Blocked
from feedback.confidential import MarkDenunciation
from feedback.replies import Outcome, Parts
from feedback.roles import OFFICER, Actor, Role
from storage import confidential, counters
from storage.blobs import open_blobs
from storage.jobs import Job
from storage.store import Store
from storage.tables import blocks, case_followers, cases
from storage.vault import Vault
from tests.stores import UNHURRIED, SampleCommune
from vietnam.time import MINUTE, day_of

STORY = "Cống trước cổng chợ bị tắc, nước tràn ra đường"
SECRET = "Anh Hùng nhà ở cạnh chợ đã nhận lỗi"


@pytest.fixture
async def town(
    store: Store, store_url: str, vault: Vault, commune: SampleCommune, now: int, tmp_path: Path
) -> tuple[Runtime, Player, Player, Actor]:
    """A runtime, one who reports and one who comes later, and an officer."""
    settings = Settings.model_validate(
        {
            "storage": {"url": store_url},
            "privacy": {"key_file": str(tmp_path / "key")},
            "limits": {"messages_a_minute": 40, "cases_a_day": 2},
        }
    )
    runtime = Runtime(
        settings, store, vault, bot_wording(), open_blobs(store_url, store, tmp_path / "blobs"), patience=UNHURRIED
    )
    runtime.now = lambda: now
    first = await Player.begin(runtime, commune.commune)
    officer = Actor(kind=OFFICER, unit=commune.commune, id=commune.officer, role=Role.RECEPTION)
    return runtime, first, replace(await Player.begin(runtime, commune.commune), person="later", questions=[]), officer


async def report(player: Player, lat: float = 21.62, text: str = STORY) -> str:
    """A report as far as it goes; the newest words heard."""
    for said in ("gửi phản ánh", "đường sá", text):
        await player.say(said)
    await player.place(lat, 106.53)
    heard = await player.say("Mẫu 2")
    return heard[-1].text if heard else ""


async def send(player: Player, lat: float = 21.62, text: str = STORY) -> list[Bubble]:
    await report(player, lat, text)
    return await player.say("gửi ẩn danh")


async def act(runtime: Runtime, officer: Actor, what: Act) -> None:
    """An officer acts on the one case, and the worker does its part."""
    case = await runtime.store.read(lambda conn: conn.scalar(select(cases.c.id)))
    assert case is not None
    assert not isinstance(await runtime.act(case, what, officer), Refusal)

    async def no_photo(_runtime: Runtime, _job: Job) -> None:
        raise AssertionError("there is no picture")

    while await take_jobs(runtime, no_photo):
        pass


async def test_a_follower_hears_what_becomes_of_it_and_not_a_word_of_the_thread(
    town: tuple[Runtime, Player, Player, Actor],
) -> None:
    runtime, first, later, officer = town
    # given a report, and somebody who comes with the same
    await send(first)
    assert "Đã có người báo" in await report(later)
    heard = await later.say("theo dõi")
    assert "Từ nay Ông/Bà được báo" in heard[0].text
    assert await runtime.store.read(lambda conn: conn.scalar(select(func.count()).select_from(cases))) == 1
    # when it moves on
    await act(runtime, officer, Receive())
    (told,) = await later.hear()
    assert told.text.endswith("xã đã tiếp nhận.")
    assert [button.label for button in told.buttons] == ["Thôi theo dõi"]
    # then a question to the one who reported is between those two, and so are the words of the answer
    await act(runtime, officer, Ask("Ông có số điện thoại của anh ấy không?"))
    assert await later.hear() == []
    parts = Parts(outcome=Outcome.RESOLVED, done="Đã thông cống.", day=day_of(runtime.now()), person=SECRET)
    await act(runtime, officer, Reply(SECRET, parts=parts))
    (told,) = await later.hear()
    assert "xã đã trả lời người báo" in told.text
    # but what came of it is not
    assert "Đã thông cống." in told.text
    assert "giải quyết" in told.text
    assert SECRET not in told.text
    assert "M-" not in told.text
    # and with the end nobody follows any more
    await first.say("đã xong")
    case = await runtime.store.read(lambda conn: conn.scalar(select(cases.c.state)))
    assert case == "closed"

    async def no_photo(_runtime: Runtime, _job: Job) -> None: ...

    while await take_jobs(runtime, no_photo):
        pass
    (told,) = await later.hear()
    assert "đã kết thúc" in told.text
    assert told.buttons == ()
    assert await runtime.store.read(lambda conn: conn.execute(select(case_followers)).all()) == []


async def test_what_is_no_longer_anybodys_business_is_followed_no_more_and_that_alone_is_said(
    town: tuple[Runtime, Player, Player, Actor],
) -> None:
    runtime, first, later, officer = town
    await send(first)
    await report(later)
    await later.say("theo dõi")
    await runtime.store.write(lambda tx: tx.execute(update(cases).values(category="land")))
    await act(runtime, officer, Receive())
    assert [told.text for told in await later.hear()] == [runtime.wording("follow.over")]
    assert await runtime.store.read(lambda conn: conn.execute(select(case_followers)).all()) == []


async def test_whoever_follows_what_turns_out_to_be_a_denunciation_is_let_go_and_not_told_why(
    town: tuple[Runtime, Player, Player, Actor],
) -> None:
    runtime, first, later, officer = town
    # given somebody who said "this one too" instead of reporting it, and a keeper
    await send(first)
    await report(later)
    await later.say("theo dõi")
    leader = Actor(kind=OFFICER, unit=officer.unit, id=officer.id, role=Role.LEADER)
    assert await runtime.store.write(lambda tx: confidential.name_keeper(tx, leader, officer.id, runtime.now()))
    # when it is marked
    await act(runtime, officer, MarkDenunciation())
    # then they hear once that they may send their own, and of nothing that is in it
    (told,) = await later.hear()
    assert told.text == runtime.wording("follow.over")
    assert told.buttons == ()
    assert "đường" not in told.text.lower()
    assert "M-" not in told.text
    # and of what becomes of it they hear no more
    assert await runtime.store.read(lambda conn: conn.execute(select(case_followers)).all()) == []
    keeper = Actor(kind=OFFICER, unit=officer.unit, id=officer.id, role=Role.RECEPTION, keeper=True)
    await act(runtime, keeper, Receive())
    assert await later.hear() == []


async def test_whoever_wants_to_hear_no_more_hears_no_more(town: tuple[Runtime, Player, Player, Actor]) -> None:
    runtime, first, later, officer = town
    await send(first)
    await report(later)
    await later.say("theo dõi")
    await later.press_label("Thôi theo dõi", old=True)
    await act(runtime, officer, Receive())
    assert await later.hear() == []


async def test_a_case_settled_while_the_question_stood_is_not_followed(
    town: tuple[Runtime, Player, Player, Actor],
) -> None:
    runtime, first, later, officer = town
    await send(first)
    await report(later)
    await act(runtime, officer, Reply("Đã thông cống."))
    heard = await later.say("theo dõi")
    assert "vừa được giải quyết xong" in heard[-1].text
    assert "đã nhận phản ánh" in (await later.say("gửi ẩn danh"))[0].text


async def test_more_cases_than_a_day_takes_are_not_opened_and_nobody_else_is_held_up(
    town: tuple[Runtime, Player, Player, Actor],
) -> None:
    _, first, later, _ = town
    await send(first)
    await send(first, 21.66, "Đèn đường ở đầu cầu hỏng")
    heard = await first.say("gửi phản ánh")
    assert "Hôm nay Ông/Bà đã gửi 2 việc" in heard[0].text
    assert "đã nhận phản ánh" in (await send(later, 21.70, "Đường sụt ở bản trên"))[0].text


async def test_500_messages_in_a_minute_are_dropped_with_a_count_and_the_person_is_told(
    town: tuple[Runtime, Player, Player, Actor], now: int
) -> None:
    runtime, first, later, _ = town
    heard = [bubble for number in range(500) for bubble in await first.say(f"tin {number}")]
    assert sum("quá nhanh" in bubble.text for bubble in heard) == 1
    assert len(heard) <= 60
    # others are answered meanwhile
    assert await later.say("xin chào")
    # and after the minute so is the person, with how much was lost
    runtime.now = lambda: now + MINUTE
    (first_words, *_rest) = await first.say("xin chào")
    assert "460 tin" in first_words.text
    dropped: dict[str, int] = {}
    for _ in range(100):
        dropped = await runtime.store.read(counters.totals)
        if dropped.get("flood.dropped") == 460:
            break
    assert dropped["flood.dropped"] == 460


async def test_whoever_is_blocked_is_told_once_why_until_when_and_whom_to_call(
    town: tuple[Runtime, Player, Player, Actor],
) -> None:
    runtime, first, later, officer = town
    await send(first)
    case = await runtime.store.read(lambda conn: conn.scalar(select(cases.c.id)))
    assert case is not None
    done = await block(runtime, case, Block(reason="Gửi quảng cáo nhiều lần", days=7), officer)
    assert isinstance(done, Blocked)
    # told in one message, with what stays open, the telephone and the numbers of danger
    (told,) = await first.hear()
    for words in ("Gửi quảng cáo nhiều lần", "trả lời khi cán bộ hỏi", "0205 000 0000", "113"):
        assert words in told.text
    # nobody else hears of it, and what is tried is answered with the same reason and end
    assert await later.hear() == []
    assert "Gửi quảng cáo nhiều lần" in (await first.say("gửi phản ánh"))[0].text
    # looking up is not closed
    assert "Những việc Ông/Bà đã gửi" in (await first.say("tra cứu"))[-1].text
    # nor is what they are asked after the answer: that it is not done
    assert not isinstance(await runtime.act(case, Reply("Đã thông cống."), officer), Refusal)
    await first.hear()
    heard = await first.say("chưa xong")
    assert "Gửi quảng cáo" not in heard[0].text
    await first.say("Nước vẫn tràn ra đường")
    await first.say("gửi")
    assert await runtime.store.read(lambda conn: conn.scalar(select(cases.c.state))) == "reopened"
    # and when it is lifted, the person is told that too
    row = await runtime.store.read(lambda conn: conn.scalar(select(blocks.c.id)))
    assert row is not None
    assert await lift(runtime, row, officer)
    (told,) = await first.hear()
    assert "lại gửi được" in told.text
    assert not await lift(runtime, row, officer)
    assert await first.hear() == []
