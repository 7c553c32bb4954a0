"""What goes wrong on Telegram, against a real `nghedan serve`: people who block, limits, lines cut, bad pictures."""

import asyncio
import html
import io
import json
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy import Connection, select

from storage.counters import totals
from storage.sqlite import SqliteStore
from storage.tables import accounts, cases
from tests.e2e.citizens import Officer, bomb, code_in, jpeg, said
from tests.e2e.line import Line
from tests.e2e.serving import Place, Server, serving, start, wait_until
from tests.fakes.telegram import FakeTelegram, Person

SECRET = "bi-mat_2026"
_update_ids = count(900_000_000)


@dataclass(frozen=True)
class Scene:
    """A server that Telegram knocks at, and a look into its store."""

    fake: FakeTelegram
    server: Server
    store: SqliteStore

    def look(self, query: Any) -> list[Any]:
        """Rows of a query."""

        def rows(conn: Connection) -> list[Any]:
            return list(conn.execute(query))

        return self.store.read_now(rows)

    def gone(self, person: Person) -> str:
        """Why nothing can be sent to a person any more."""
        found = self.look(select(accounts.c.gone).where(accounts.c.platform_id == str(person.id)))
        return str(found[0].gone)

    async def knock(self, body: bytes, secret: str = SECRET) -> int:
        """Bring a raw update to the webhook as Telegram does; the status."""
        url = self.fake.do(lambda world: world.hook.url)
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret, "Content-Type": "application/json"}
        async with (
            aiohttp.ClientSession() as session,
            session.post(url, data=io.BytesIO(body), headers=headers) as answer,
        ):
            return answer.status

    async def brings(self, person: Person, text: str) -> bytes:
        """A message that no client of Telegram would let one type; the update as it was brought."""
        user = {"id": person.id, "is_bot": False, "first_name": "Mẫu"}
        message = {"message_id": 1, "date": 1, "from": user, "chat": {"id": person.id, "type": "private"}}
        body = json.dumps({"update_id": next(_update_ids), "message": message | {"text": text}}).encode()
        assert await self.knock(body) == 200
        return body


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("telegram")
    with FakeTelegram() as fake:
        telegram = {"token": fake.token, "api_base": fake.api_base, "mode": "webhook", "webhook_secret": SECRET}
        place = Place(folder, telegram=telegram)
        place.furnish("sau_thu_tuc")
        with serving(place) as server:
            fake.wait(lambda world: world.hook.url, missed="the webhook was not set")
            store = SqliteStore(folder / "nghedan.db")
            yield Scene(fake, server, store)
            store.close_now()


@pytest.fixture
async def officer(scene: Scene) -> AsyncIterator[Officer]:
    async with Officer(scene.server.url) as browser:
        await browser.logs_in()
        yield browser


async def test_who_blocks_the_bot_is_noticed_and_welcome_back(scene: Scene) -> None:
    lan = scene.fake.user("Lan")
    lan.starts()
    await lan.will_hear(said("menu.title"))

    lan.blocks()
    wait_until(lambda: scene.gone(lan) == "blocked", "the block was not noticed")

    lan.unblocks()
    lan.writes("menu")
    await lan.will_hear(said("menu.title"))
    assert scene.gone(lan) == ""


async def test_a_reply_to_who_has_left_is_for_an_officer_to_bring(scene: Scene, officer: Officer) -> None:
    # given a case of somebody who has since left Telegram
    ba = scene.fake.user("Ba")
    ba.starts()
    await ba.will_hear(said("menu.title"))
    for line in ("Đèn đường ở ngõ trên hỏng đã lâu", "1", "3", "bo qua", "bo qua", "1"):
        await scene.brings(ba, line)
    code = code_in((await ba.will_hear(said("draft.sent.feedback"), 20)).text)
    await ba.will_hear(said("menu.title"))
    ba.leaves_telegram()

    # when the officer replies
    await officer.replies(code, "Đã thay bóng đèn.")

    # then it is known that it did not arrive, and why
    wait_until(lambda: "deactivated" in scene.gone(ba), "the farewell was not noticed")
    assert code in await officer.read("/can-bo/?muc=da-tra-loi")
    calls = await officer.read("/can-bo/can-goi")
    assert code in calls
    assert "không còn dùng tài khoản" in calls


async def test_429_holds_the_chat_that_it_names_and_nobody_else(scene: Scene) -> None:
    lan, ba = scene.fake.user("Lan"), scene.fake.user("Ba")
    scene.fake.next_fault("sendMessage", "flood", retry_after=3)

    begun = time.monotonic()
    lan.starts()
    await scene.fake.until(lambda world: not any(update for update in world.updates), 10)
    ba.starts()
    await ba.will_hear(said("menu.title"))
    others = time.monotonic() - begun
    await lan.will_hear(said("menu.title"))
    held = time.monotonic() - begun

    assert held >= 3
    assert others < held
    assert len(lan.heard) == 1


async def test_an_answer_that_hangs_holds_nobody_else(scene: Scene) -> None:
    lan, ba = scene.fake.user("Lan"), scene.fake.user("Ba")
    calls = len(scene.fake.calls("sendMessage"))
    scene.fake.next_fault("sendMessage", "hang", carried_out=True)
    lan.starts()
    await lan.will_hear(said("menu.title"))
    await scene.fake.will_be_called("sendMessage", calls + 1)

    ba.starts()
    await ba.will_hear(said("menu.title"), 8)  # far less than the time a call may take

    # and what hung had arrived: it is not sent a second time
    assert (len(lan.heard), len(ba.heard)) == (1, 1)


async def test_the_same_update_twice_is_answered_once(scene: Scene) -> None:
    lan = scene.fake.user("Lan")
    lan.starts()
    await lan.will_hear(said("menu.title"))

    body = await scene.brings(lan, "tro giup")
    again = await asyncio.gather(*(scene.knock(body) for _ in range(5)))
    await scene.brings(lan, "menu")
    await lan.will_hear(said("help"))
    await lan.will_hear(said("menu.title"))

    assert again == [200] * 5
    assert len([seen for seen in lan.heard if said("help") in seen.text]) == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(b"%PDF-1.7 no picture at all", said("photo.not_a_photo"), id="no-photo"),
        pytest.param(b"\xff\xd8\xff\xe0 begins like one", said("photo.not_a_photo"), id="broken"),
        pytest.param(b"\xff\xd8\xff" + bytes(13 * 1024 * 1024), said("photo.too_big"), id="13-MB"),
        pytest.param(bomb(), said("photo.bomb"), id="bomb"),
    ],
)
async def test_a_picture_that_cannot_be_kept_is_refused_kindly(scene: Scene, content: bytes, says: str) -> None:
    lan = scene.fake.user("Lan")
    lan.starts()
    await lan.will_hear(said("menu.title"))

    lan.sends_photo(content)

    refused = await lan.will_hear(says, 30)
    assert refused.labels, "and what can be done now is said with it"


async def test_a_file_of_60_megabytes_is_refused_without_fetching_it(scene: Scene) -> None:
    lan = scene.fake.user("Lan")
    lan.starts()
    await lan.will_hear(said("menu.title"))
    asked = len(scene.fake.calls("getFile"))

    lan.sends_document(jpeg(), "image/jpeg", size=60 * 1024 * 1024)

    refused = await lan.will_hear(said("photo.too_big"))
    assert refused.labels
    assert len(scene.fake.calls("getFile")) == asked


STRANGE = {
    "right-to-left": "Tên gọi \u05e9\u05dc\u05d5\u05dd \u0627\u0644\u0639\u0631\u0628\u064a\u0629 trong giấy tờ",
    "zero-width": "Chữ\u200b cách\u200c nhau\u200d bằng\ufeff không",
    "emoji": "Cảm ơn cán bộ \U0001f44d\U0001f3fd \U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f1fb\U0001f1f3",
    "markup": "<b>đậm</b> & *sao* _gạch_ [x](tg://user?id=1) {greeting}",
    "longest": "dài " * 999 + "hết",
}


@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE.keys())
async def test_words_are_kept_as_they_were_sent(scene: Scene, officer: Officer, text: str) -> None:
    case = await _a_case_that_says(scene, text)

    assert case.text == text
    page = await officer.read(f"/can-bo/vu-viec/{case.code}")
    assert html.escape(text, quote=True).replace("&#x27;", "&#39;") in page


async def test_what_no_store_can_hold_is_taken_out_and_counted(scene: Scene) -> None:
    text = "Nửa chữ \ud83d và\x00 số không ở đây"

    case = await _a_case_that_says(scene, text)

    assert case.text == "Nửa chữ  và số không ở đây"
    removed = "telegram.removed_characters"
    wait_until(lambda: scene.store.read_now(totals).get(removed, 0) >= 2, "what was removed was not counted")


async def _a_case_that_says(scene: Scene, text: str) -> Any:
    person = scene.fake.user("Mẫu")
    person.starts()
    await person.will_hear(said("menu.title"))
    for line in (text, "1", "8", "bo qua", "bo qua", "1"):
        await scene.brings(person, line)
    owned = select(cases.c.text, cases.c.code).join(accounts, accounts.c.id == cases.c.account_id)
    (case,) = scene.look(owned.where(accounts.c.platform_id == str(person.id)))
    return case


async def test_the_webhook_answers_as_the_platform_wants_and_keeps_nothing_of_it(scene: Scene) -> None:
    before = len(scene.look(select(accounts.c.id)))
    long = {"update_id": 1, "message": {"text": "x" * 1_100_000}}

    assert await scene.knock(b'{"update_id": 1}', secret="wrong") == 401
    assert await scene.knock(b'{"update_id": ') == 200
    assert await scene.knock(b'{"update_id": 1, "poll": {"id": "1"}}') == 200
    assert await scene.knock(json.dumps(long).encode()) == 200

    assert len(scene.look(select(accounts.c.id))) == before


@pytest.mark.slow
async def test_out_of_reach_at_the_start_then_back_everything_comes_in_order(tmp_path: Path) -> None:
    with FakeTelegram() as fake, Line(fake.api_base) as line:
        # given a server that starts while Telegram cannot be reached, and people who write meanwhile
        place = Place(tmp_path, telegram={"token": fake.token, "api_base": line.url, "mode": "polling"})
        place.furnish("sau_thu_tuc")
        lan, ba = fake.user("Lan"), fake.user("Ba")
        with serving(place) as server:
            lan.starts("ks_sau_thu_tuc")
            lan.writes("rat hai long")
            for text in ("/start", "Đường vào thôn bị sạt lở", "1", "3", "bo qua", "bo qua", "1"):
                ba.writes(text)

            # when the line is mended
            line.mend()

            # then each is answered, in the order of what was written
            await lan.will_hear("Câu 1/3.", 30)
            await lan.will_hear("Câu 2/3.", 30)
            code = code_in((await ba.will_hear(said("draft.sent.feedback"), 40)).text)

            # and when it is cut again while an officer replies three times
            await ba.will_hear(said("menu.title"))
            line.cut()
            async with Officer(server.url) as officer:
                await officer.logs_in()
                for reply in ("Trả lời thứ nhất", "Trả lời thứ hai", "Trả lời thứ ba"):
                    await officer.replies(code, reply)
            line.mend()

            # then all three come, in order and once
            for reply in ("Trả lời thứ nhất", "Trả lời thứ hai", "Trả lời thứ ba"):
                await ba.will_hear(reply, 60)
        replies = [line for seen in ba.heard for line in seen.text.splitlines() if line.startswith("Trả lời thứ")]
        assert replies == ["Trả lời thứ nhất", "Trả lời thứ hai", "Trả lời thứ ba"]


@pytest.mark.slow
async def test_after_a_kill_the_same_question_stands(tmp_path: Path) -> None:
    with FakeTelegram() as fake:
        place = Place(tmp_path, telegram={"token": fake.token, "api_base": fake.api_base, "mode": "polling"})
        place.furnish("sau_thu_tuc")
        lan = fake.user("Lan")

        # given somebody in the middle of a survey when the power goes
        server = start(place)
        try:
            lan.starts("ks_sau_thu_tuc")
            await lan.will_hear("Câu 1/3.")
            lan.presses("Hài lòng")
            await lan.will_hear("Câu 2/3.")
        finally:
            server.kill()
        lan.writes("toi muon hoi")

        # then the words written meanwhile are heard, and the question that was open is still the one
        with serving(place):
            asked = await lan.will_hear(said("misread.unclear"), 30)
            assert "Câu 2/3." in asked.text
            lan.presses("Hài lòng")
            await lan.will_hear("Câu 3/3.", 30)
