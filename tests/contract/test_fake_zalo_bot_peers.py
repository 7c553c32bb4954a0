"""The fake is driven by a client nobody here wrote: what python-zalo-bot cannot live with, the platform does not do."""

import asyncio
from collections.abc import Iterator

import pytest
from zalo_bot import Bot
from zalo_bot.error import BadRequest, InvalidToken, NetworkError

from tests.fakes.zalo_bot import FakeZaloBot

# It reads dates without a zone, and leaves its connections to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
JPEG = b"\xff\xd8\xff\xe0" + b"not much of a picture" * 100


@pytest.fixture
def fake() -> Iterator[FakeZaloBot]:
    with FakeZaloBot() as running:
        yield running


async def test_it_says_who_it_is(fake: FakeZaloBot) -> None:
    async with Bot(fake.token, base_url=fake.api_base) as peer:
        me = await peer.get_me()
        assert me.id == "1459232241454765289"
        assert (me.account_name, me.account_type) == ("bot.VDKyGxQvc", "BASIC")


async def test_a_wrong_token_is_refused(fake: FakeZaloBot) -> None:
    with pytest.raises(InvalidToken):
        async with Bot("1:wrong", base_url=fake.api_base):
            pass


async def test_people_write_and_are_written_to(fake: FakeZaloBot) -> None:
    lan = fake.user("Lan")
    async with Bot(fake.token, base_url=fake.api_base) as peer:
        lan.writes("Xin chào")
        update = await peer.get_update(timeout=20)
        assert update.message.text == "Xin chào"
        assert update.message.chat.id == update.message.from_user.id == lan.id
        assert update.message.date.year >= 2025, "milliseconds"
        sent = await update.message.reply_text("Chào Ông/Bà")
        assert sent.message_id == lan.last.id
        assert [seen.text for seen in lan.heard] == ["Chào Ông/Bà"]
        assert await peer.send_photo(lan.id, "Đã dọn xong", "https://xa.example.vn/anh.jpg")
        assert (lan.last.photo, lan.last.text) == ("https://xa.example.vn/anh.jpg", "Đã dọn xong")
        assert await peer.send_sticker(lan.id, "0e078a2cb1295c770538")
        await peer.send_chat_action(lan.id, "typing")


async def test_pictures_and_stickers_arrive_as_the_library_reads_them(fake: FakeZaloBot) -> None:
    lan = fake.user("Lan")
    lan.sends_photo(JPEG, "Đèn hỏng")
    lan.sends_sticker()
    lan.sends_unsupported()
    async with Bot(fake.token, base_url=fake.api_base) as peer:
        photo, sticker, other = [(await peer.get_update(timeout=20)).message for _ in range(3)]
    assert photo.photo_url.startswith(fake.api_base)
    assert photo.message_type == "CHAT_PHOTO"
    assert sticker.sticker
    assert (other.text, other.photo_url) == (None, None)


async def test_one_event_at_a_time_and_an_empty_poll_is_a_timeout(fake: FakeZaloBot) -> None:
    async with Bot(fake.token, base_url=fake.api_base) as peer:
        assert await peer.get_update(timeout=1) is None
        waiting = asyncio.create_task(peer.get_update(timeout=20))
        await fake.until(lambda world: world.polls == 2)
        fake.user("Lan").writes("chào")
        update = await asyncio.wait_for(waiting, 30)
        assert update.message.text == "chào"


async def test_limits_and_strangers(fake: FakeZaloBot) -> None:
    lan, stranger = fake.user("Lan"), fake.user("Ai đó")
    lan.writes("chào")
    async with Bot(fake.token, base_url=fake.api_base) as peer:
        await peer.send_message(lan.id, "ă" * 2000)
        for text in ("ă" * 2001, " "):
            with pytest.raises(BadRequest):
                await peer.send_message(lan.id, text)
        with pytest.raises(BadRequest, match=r"(?i)chat not found"):
            await peer.send_message(stranger.id, "chào")
        with pytest.raises(BadRequest):
            await peer.send_photo(lan.id, "x", "data:image/png;base64,AAAA")
        fake.next_fault("sendMessage", "drop")
        with pytest.raises(NetworkError):
            await peer.send_message(lan.id, "x")


def test_webhook_and_polling_exclude_each_other(fake: FakeZaloBot) -> None:
    # The library's webhook methods run a loop of their own.
    assert Bot(fake.token, base_url=fake.api_base).set_webhook("https://xa.example.vn/webhook", "bi-mat_1")
    assert Bot(fake.token, base_url=fake.api_base).get_webhook_info().url == "https://xa.example.vn/webhook"

    async def ask() -> None:
        await Bot(fake.token, base_url=fake.api_base).get_update(timeout=1)

    with pytest.raises(BadRequest, match=r"(?i)webhook"):
        asyncio.run(ask())
    assert Bot(fake.token, base_url=fake.api_base).delete_webhook()
    assert Bot(fake.token, base_url=fake.api_base).get_webhook_info().url == ""
    for url, secret in (
        ("http://xa.example.vn", "bi-mat_1"),
        ("https://10.0.0.1/x", "bi-mat_1"),
        ("https://a.vn", "7"),
    ):
        with pytest.raises(BadRequest):
            Bot(fake.token, base_url=fake.api_base).set_webhook(url, secret)
