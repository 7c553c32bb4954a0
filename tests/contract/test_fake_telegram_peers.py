"""The fake is driven by two clients nobody here wrote; what one of them cannot live with, Telegram does not do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.contract.telegram_peers import Aiogram, Peer, PythonTelegramBot
from tests.fakes.telegram import FakeTelegram

JPEG = b"\xff\xd8\xff\xe0" + b"not much of a picture" * 100


@pytest.fixture
def fake() -> Iterator[FakeTelegram]:
    with FakeTelegram() as running:
        yield running


@pytest.fixture(params=[Aiogram, PythonTelegramBot], ids=["aiogram", "python-telegram-bot"])
async def peer(request: pytest.FixtureRequest, fake: FakeTelegram) -> AsyncIterator[Peer]:
    made: Peer = request.param(fake)
    yield made
    await made.close()


async def test_a_bot_knows_itself_and_a_wrong_token_does_not(peer: Peer) -> None:
    me = await peer.bot.get_me()
    assert (me.is_bot, me.username) == (True, "nghedan_bot")
    with pytest.raises(peer.unauthorized):
        await peer.with_token("999:wrong").get_me()


async def test_updates_come_again_until_their_offset_is_acknowledged(peer: Peer, fake: FakeTelegram) -> None:
    lan = fake.user("Bà Lan", username="ba_lan")
    first, second = lan.starts("ks12"), lan.writes("xin chào")

    both = await peer.bot.get_updates()
    assert [update.update_id for update in both] == [first, second]
    assert both[0].message.text == "/start ks12"
    assert both[0].message.entities[0].type == "bot_command"
    assert both[1].message.from_user.username == "ba_lan"
    assert abs(both[1].message.date.timestamp() - fake.do(lambda world: world.now())) < 60

    assert len(await peer.bot.get_updates()) == 2
    assert [update.update_id for update in await peer.bot.get_updates(offset=second)] == [second]
    assert fake.pending == [second]
    assert not await peer.bot.get_updates(offset=second + 1)
    assert fake.pending == []


async def test_a_question_with_buttons_is_pressed_acknowledged_once_and_edited(peer: Peer, fake: FakeTelegram) -> None:
    lan = fake.user("Lan")
    lan.starts()
    asked = await peer.bot.send_message(lan.id, "  Ông/Bà có hài lòng không?  ", reply_markup=peer.keyboard())
    assert asked.text == "Ông/Bà có hài lòng không?"
    assert lan.last.labels == ["Có", "Không", "Bỏ qua"]

    update_id = lan.presses("Không")
    [press] = await peer.bot.get_updates(offset=update_id)
    assert press.callback_query.data == "n1:khong"
    assert press.callback_query.message.message_id == asked.message_id
    assert lan.waits_for_button()
    assert await peer.bot.answer_callback_query(press.callback_query.id)
    assert not lan.waits_for_button()
    with pytest.raises(peer.refused, match=r"(?i)query is too old"):
        await peer.bot.answer_callback_query(press.callback_query.id)

    edited = await peer.bot.edit_message_text("Đã ghi: Không", chat_id=lan.id, message_id=asked.message_id)
    assert edited.edit_date
    assert [(seen.text, seen.labels, seen.edited) for seen in lan.heard] == [("Đã ghi: Không", [], True)]
    with pytest.raises(peer.refused, match=r"(?i)message is not modified"):
        await peer.bot.edit_message_text("Đã ghi: Không", chat_id=lan.id, message_id=asked.message_id)
    with pytest.raises(peer.refused, match=r"(?i)message to edit not found"):
        await peer.bot.edit_message_text("x", chat_id=lan.id, message_id=asked.message_id + 1000)


async def test_photos_go_both_ways(peer: Peer, fake: FakeTelegram) -> None:
    lan = fake.user("Lan")
    lan.sends_photo(JPEG, "rác ở đầu thôn")
    [update] = await peer.bot.get_updates()
    assert update.message.caption == "rác ở đầu thôn"
    largest = update.message.photo[-1]
    assert largest.file_size == len(JPEG)
    assert await peer.fetch(await peer.bot.get_file(largest.file_id)) == JPEG

    sent = await peer.bot.send_photo(lan.id, peer.upload(JPEG), caption="đã dọn", reply_markup=peer.keyboard())
    assert sent.photo[-1].width > sent.photo[0].width
    assert (lan.last.photo, lan.last.text) == (JPEG, "đã dọn")
    again = await peer.bot.send_photo(lan.id, sent.photo[-1].file_id)
    assert (again.caption, lan.last.photo) == (None, JPEG)
    with pytest.raises(peer.refused, match=r"(?i)image_process_failed"):
        await peer.bot.send_photo(lan.id, peer.upload(b"no picture at all"))

    lan.sends_photo(JPEG, size=21 * 1024 * 1024)
    [*_, huge] = await peer.bot.get_updates()
    with pytest.raises(peer.refused, match=r"(?i)file is too big"):
        await peer.bot.get_file(huge.message.photo[-1].file_id)


@pytest.mark.filterwarnings("ignore:.*retry_after:DeprecationWarning")
async def test_who_floods_is_told_how_long_to_wait(peer: Peer, fake: FakeTelegram) -> None:
    fake.flood(chat_burst=2)
    lan, minh = fake.user("Lan"), fake.user("Minh")
    lan.starts()
    minh.starts()
    await peer.bot.send_message(lan.id, "một")
    await peer.bot.send_message(lan.id, "hai")
    with pytest.raises(peer.flooded) as flooded:
        await peer.bot.send_message(lan.id, "ba")
    wait = flooded.value.retry_after  # type: ignore[attr-defined]  # both libraries name it so
    assert 1 <= (wait if isinstance(wait, int) else wait.total_seconds()) <= 2
    await peer.bot.send_message(minh.id, "người khác không phải chờ")
    fake.advance(2)
    await peer.bot.send_message(lan.id, "ba")
    assert [seen.text for seen in lan.heard] == ["một", "hai", "ba"]


async def test_strangers_and_those_who_blocked_cannot_be_written_to(peer: Peer, fake: FakeTelegram) -> None:
    lan = fake.user("Lan")
    with pytest.raises(peer.refused, match=r"(?i)chat not found"):
        await peer.bot.send_message(lan.id, "chào")
    lan.starts()
    lan.blocks()
    with pytest.raises(peer.forbidden, match=r"(?i)blocked by the user"):
        await peer.bot.send_message(lan.id, "chào")
    [*_, blocked] = await peer.bot.get_updates()
    assert blocked.my_chat_member.new_chat_member.status == "kicked"
    lan.unblocks()
    await peer.bot.send_message(lan.id, "chào")


async def test_texts_captions_and_keyboards_have_their_limits(peer: Peer, fake: FakeTelegram) -> None:
    lan = fake.user("Lan")
    lan.starts()
    fake.flood(chat_burst=100)
    await peer.bot.send_message(lan.id, "ă" * 4096)
    await peer.bot.send_message(lan.id, "😀" * 2048)
    for text in ("ă" * 4097, "😀" * 2049, " \n "):
        with pytest.raises(peer.refused):
            await peer.bot.send_message(lan.id, text)
    with pytest.raises(peer.refused):
        await peer.bot.send_photo(lan.id, peer.upload(JPEG), caption="x" * 1025)


async def test_webhook_and_polling_exclude_each_other(peer: Peer, fake: FakeTelegram) -> None:
    await peer.bot.set_webhook("https://xa.example.vn/webhook/telegram/1", secret_token="bi-mat_1", max_connections=4)
    info = await peer.bot.get_webhook_info()
    assert (info.url, info.max_connections) == ("https://xa.example.vn/webhook/telegram/1", 4)
    with pytest.raises(peer.conflict):
        await peer.bot.get_updates()
    await peer.bot.delete_webhook()
    assert not (await peer.bot.get_webhook_info()).url
    assert not await peer.bot.get_updates()
    for url, secret in (
        ("http://xa.example.vn/", "x"),
        ("https://xa.example.vn:8000/", "x"),
        ("https://a.vn/", "bí mật"),
    ):
        with pytest.raises(peer.refused):
            await peer.bot.set_webhook(url, secret_token=secret)


async def test_only_one_getupdates_at_a_time(peer: Peer, fake: FakeTelegram) -> None:
    waiting = asyncio.create_task(peer.bot.get_updates(timeout=20))
    await fake.until(lambda world: world.polls == 1)
    other = Aiogram(fake)
    assert await other.bot.get_updates(timeout=0) == []
    with pytest.raises(peer.conflict, match=r"(?i)terminated by other getUpdates"):
        await waiting
    await other.close()


async def test_a_long_poll_ends_when_something_happens(peer: Peer, fake: FakeTelegram) -> None:
    waiting = asyncio.create_task(peer.bot.get_updates(timeout=20))
    await fake.until(lambda world: world.polls == 1)
    fake.user("Lan").writes("chào")
    [update] = await asyncio.wait_for(waiting, 30)
    assert update.message.text == "chào"


async def test_every_kind_of_content_is_one_the_libraries_know(peer: Peer, fake: FakeTelegram) -> None:
    lan = fake.user("Lan", last_name="Nguyễn Thị")
    lan.sends_location(21.69, 106.42)
    lan.sends_contact("+84912345678")
    lan.sends_voice()
    lan.sends_document(JPEG, "image/jpeg")
    lan.sends_sticker()
    lan.edits("không sửa được nhãn dán")
    updates = await peer.bot.get_updates(allowed_updates=["message", "edited_message"])
    messages = [update.message for update in updates[:5]]
    assert messages[0].location.latitude == pytest.approx(21.69)
    assert messages[1].contact.user_id == lan.id
    assert messages[2].voice.mime_type == "audio/ogg"
    assert messages[3].document.file_size == len(JPEG)
    assert messages[4].sticker.width == 512
    assert updates[5].edited_message.edit_date


async def test_the_commands_menu_is_kept(peer: Peer, fake: FakeTelegram) -> None:
    assert await peer.bot.set_my_commands(peer.commands())
    assert fake.commands == [{"command": "menu", "description": "Mở bảng chọn"}]
    lan = fake.user("Lan")
    lan.starts()
    assert await peer.bot.send_chat_action(lan.id, "typing")


async def test_a_button_in_place_of_the_letters_comes_and_goes(peer: Peer, fake: FakeTelegram) -> None:
    lan = fake.user("Lan")
    lan.starts()
    await peer.bot.send_message(lan.id, "Ở đâu?", reply_markup=peer.keys())
    assert [[key["text"] for key in row] for row in lan.keys_shown] == [["Gửi vị trí", "Gửi số"]]
    lan.touches("Gửi vị trí")
    lan.touches("Gửi số")
    [_, place, own] = await peer.bot.get_updates()
    assert place.message.location.longitude == pytest.approx(106.62)
    assert own.message.contact.user_id == lan.id
    await peer.bot.send_message(lan.id, "Cảm ơn", reply_markup=peer.no_keys())
    assert lan.keys_shown == []
    group = fake.group()
    group.adds_bot(lan)
    with pytest.raises(peer.refused, match=r"(?i)private chats only"):
        await peer.bot.send_message(group.id, "Ở đâu?", reply_markup=peer.keys())


async def test_an_album_is_several_messages_with_the_same_word(peer: Peer, fake: FakeTelegram) -> None:
    lan = fake.user("Lan")
    ids = lan.sends_album([JPEG, JPEG, JPEG], "ba ảnh")
    updates = await peer.bot.get_updates()
    assert [update.update_id for update in updates] == ids
    assert len({update.message.media_group_id for update in updates}) == 1
    assert [update.message.caption for update in updates] == ["ba ảnh", None, None]


async def test_a_forum_has_topics_where_the_bot_may_open_them(peer: Peer, fake: FakeTelegram) -> None:
    lan = fake.user("Lan")
    group, poor, plain = fake.group(forum=True), fake.group(forum=True, rights=False), fake.group()
    for each in (group, poor, plain):
        each.adds_bot(lan)
    topic = await peer.bot.create_forum_topic(group.id, "Phản ánh")
    sent = await peer.bot.send_message(group.id, "Phản ánh mới", message_thread_id=topic.message_thread_id)
    assert (sent.message_thread_id, sent.chat.is_forum) == (topic.message_thread_id, True)
    assert [where for where, _ in group.said] == ["Phản ánh"]
    with pytest.raises(peer.refused, match=r"(?i)thread not found"):
        await peer.bot.send_message(group.id, "x", message_thread_id=999)
    group.closes_topic("Phản ánh")
    with pytest.raises(peer.refused, match=r"(?i)topic_closed"):
        await peer.bot.send_message(group.id, "x", message_thread_id=topic.message_thread_id)
    for other, why in ((poor, r"(?i)not enough rights"), (plain, r"(?i)not a forum")):
        with pytest.raises(peer.refused, match=why):
            await peer.bot.create_forum_topic(other.id, "Phản ánh")


async def test_a_group_moves_puts_the_bot_out_and_has_commands_of_its_own(peer: Peer, fake: FakeTelegram) -> None:
    lan = fake.user("Lan")
    group = fake.group()
    group.adds_bot(lan)
    group.hears(lan, "/menu@nghedan_bot")
    new = group.moves(lan)
    with pytest.raises(peer.moved) as moved:
        await peer.bot.send_message(group.id, "x")
    assert peer.moved_to(moved.value) == new.id
    await peer.bot.send_message(new.id, "x")
    new.puts_bot_out(lan)
    with pytest.raises(peer.forbidden, match=r"(?i)kicked from the supergroup"):
        await peer.bot.send_message(new.id, "x")
    added, said, to, came_from, out = await peer.bot.get_updates()
    assert added.my_chat_member.new_chat_member.status == "member"
    assert said.message.text == "/menu@nghedan_bot"
    assert (to.message.migrate_to_chat_id, came_from.message.migrate_from_chat_id) == (new.id, group.id)
    assert out.my_chat_member.new_chat_member.status == "kicked"

    await peer.bot.set_my_commands(peer.commands(), scope=peer.groups())
    assert (len(fake.commands_of("all_group_chats")), fake.commands) == (1, [])


@pytest.mark.filterwarnings("ignore:.*retry_after:DeprecationWarning")
async def test_a_group_takes_twenty_messages_a_minute(peer: Peer, fake: FakeTelegram) -> None:
    lan = fake.user("Lan")
    group = fake.group()
    group.adds_bot(lan)
    for number in range(20):
        await peer.bot.send_message(group.id, str(number))
    with pytest.raises(peer.flooded):
        await peer.bot.send_message(group.id, "21")
    fake.advance(60)
    await peer.bot.send_message(group.id, "22")
