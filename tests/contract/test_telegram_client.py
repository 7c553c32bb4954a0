"""Our client against the strict fake: what every trouble of the wire means for the message."""

import logging
from collections.abc import AsyncIterator, Iterator

import msgspec
import pytest

from bot.channels.base import Address, Failed, Gone, Outcome, Sent, Throttled
from bot.channels.telegram.client import TelegramClient
from bot.channels.telegram.render import Key, Keys
from bot.channels.telegram.results import Moved, Refused, TooBig
from bot.conversation.messages import Bubble, Button
from feedback.attaching import Attached
from tests.fakes.telegram import FakeTelegram, FaultKind, Person
from tests.fakes.telegram.server import Fault

JPEG = b"\xff\xd8\xff\xe0" + bytes(5000)
OGG, MP3 = b"OggS" + bytes(500), b"ID3" + bytes(500)
DOCUMENTS = {20: b"%PDF-1.4 x", 21: b"PK\x03\x04 x"}
ASK = Bubble(text="Ông/Bà có hài lòng không?", buttons=(Button(id="n1:5", label="Rất hài lòng"),))


async def _blob(blob: int) -> bytes:
    return {7: JPEG, 17: OGG, 18: MP3, 19: b"no recording", **DOCUMENTS}[blob]


@pytest.fixture
def fake() -> Iterator[FakeTelegram]:
    with FakeTelegram() as running:
        yield running


@pytest.fixture
def lan(fake: FakeTelegram) -> Person:
    person = fake.user("Lan")
    person.starts()
    return person


@pytest.fixture
async def client(fake: FakeTelegram) -> AsyncIterator[TelegramClient]:
    made = TelegramClient(fake.token, load_blob=_blob, api_base=fake.api_base, timeout=30)
    yield made
    await made.close()


def _to(person: Person, edits: str = "", *, heard_at: int = 0) -> Address:
    return Address(str(person.id), edits, heard_at)


async def test_a_question_arrives_with_its_buttons_and_is_edited_in_place(client: TelegramClient, lan: Person) -> None:
    sent = await client.send(_to(lan), ASK)
    assert sent == Sent(str(lan.last.id))
    assert lan.last.buttons == ((("Rất hài lòng", "n1:5"),),)

    assert isinstance(sent, Sent)
    edited = await client.send(_to(lan, sent.ref), Bubble(text="Đã ghi: Rất hài lòng"))
    assert edited == sent
    assert [(seen.text, seen.labels) for seen in lan.heard] == [("Đã ghi: Rất hài lòng", [])]
    assert await client.send(_to(lan, sent.ref), Bubble(text="Đã ghi: Rất hài lòng")) == sent


async def test_what_can_no_longer_be_edited_is_sent_anew(client: TelegramClient, lan: Person) -> None:
    for edits in ("999999", str(lan.messages[0].id)):
        sent = await client.send(_to(lan, edits), ASK)
        assert sent == Sent(str(lan.last.id))
    assert [seen.text for seen in lan.heard] == [ASK.text, ASK.text]


async def test_a_photo_is_uploaded_with_its_caption(client: TelegramClient, lan: Person) -> None:
    bubble = Bubble(text="Đã dọn xong", blob=7, buttons=(Button(id="go:menu", label="Về đầu"),))
    assert isinstance(await client.send(_to(lan), bubble), Sent)
    assert (lan.last.photo, lan.last.text, lan.last.labels) == (JPEG, "Đã dọn xong", ["Về đầu"])
    missing = await client.send(_to(lan), Bubble(text="x", blob=8))
    assert missing == Failed("blob 8 is gone", retry=False)


@pytest.mark.parametrize(("blob", "name", "played"), [(17, "cau.ogg", OGG), (18, "cau.mp3", MP3)])
async def test_a_recording_is_played_before_its_question(
    client: TelegramClient, lan: Person, blob: int, name: str, played: bytes
) -> None:
    bubble = msgspec.structs.replace(ASK, audio=blob, audio_name=name)
    sent = await client.send(_to(lan), bubble)
    assert [(seen.recording, seen.text) for seen in lan.heard] == [(played, ""), (None, ASK.text)]
    assert sent == Sent(str(lan.last.id))
    assert lan.last.labels == ["Rất hài lòng"]


@pytest.mark.parametrize("blob", [19, 99])
async def test_a_question_never_waits_for_its_recording(client: TelegramClient, lan: Person, blob: int) -> None:
    sent = await client.send(_to(lan), msgspec.structs.replace(ASK, audio=blob, audio_name="cau.mp3"))
    assert isinstance(sent, Sent)
    assert [seen.text for seen in lan.heard] == [ASK.text]


async def test_a_long_text_comes_in_parts_and_goes_on_where_it_was_interrupted(
    client: TelegramClient, fake: FakeTelegram, lan: Person
) -> None:
    text = "\n\n".join(f"Đoạn {number}: " + "chữ " * 300 for number in range(10))
    bubble = msgspec.structs.replace(ASK, text=text)
    fake.flood(chat_burst=1)
    first = await client.send(_to(lan), bubble)
    assert isinstance(first, Throttled)
    assert first.uncertain, "a process that dies now begins anew"
    assert [seen.labels for seen in lan.heard] == [[]]

    fake.flood(chat_burst=10)
    assert await client.send(_to(lan, heard_at=9), bubble) == Sent(str(lan.last.id)), "she has written meanwhile"
    assert "".join("".join(seen.text for seen in lan.heard).split()) == "".join(text.split())
    assert [bool(seen.labels) for seen in lan.heard] == [False] * (len(lan.heard) - 1) + [True]


async def test_flood_control_says_how_long_to_wait(client: TelegramClient, fake: FakeTelegram, lan: Person) -> None:
    fake.next_fault("sendMessage", "flood", retry_after=7)
    assert await client.send(_to(lan), ASK) == Throttled(7000)


async def test_who_blocked_left_or_never_came_is_gone(client: TelegramClient, fake: FakeTelegram, lan: Person) -> None:
    minh, stranger = fake.user("Minh"), fake.user("Ai đó")
    minh.starts()
    lan.blocks()
    minh.leaves_telegram()
    for person, why in ((lan, "blocked"), (minh, "deactivated"), (stranger, "chat not found")):
        outcome = await client.send(_to(person), ASK)
        assert isinstance(outcome, Gone)
        assert why in outcome.why


@pytest.mark.parametrize(
    ("kind", "status", "expected"),
    [
        ("status", 502, (True, True)),
        ("status", 500, (True, True)),
        ("status", 401, (True, False)),
        ("status", 400, (False, False)),
        ("drop", 0, (True, True)),
        ("half", 0, (True, True)),
        ("garbage", 0, (True, True)),
    ],
)
async def test_every_fault_says_whether_to_retry_and_whether_it_may_have_arrived(
    client: TelegramClient,
    fake: FakeTelegram,
    lan: Person,
    *,
    kind: FaultKind,
    status: int,
    expected: tuple[bool, bool],
) -> None:
    fake.next_fault("sendMessage", kind, status=status)
    outcome = await client.send(_to(lan), ASK)
    assert isinstance(outcome, Failed)
    assert (outcome.retry, outcome.uncertain) == expected
    assert isinstance(await client.send(_to(lan), ASK), Sent)


async def test_an_answer_that_never_comes_is_uncertain(fake: FakeTelegram, lan: Person) -> None:
    client = TelegramClient(fake.token, load_blob=_blob, api_base=fake.api_base, timeout=0.3)
    fake.next_fault("sendMessage", "hang", carried_out=True)
    outcome = await client.send(_to(lan), ASK)
    assert isinstance(outcome, Failed)
    assert (outcome.retry, outcome.uncertain, len(lan.heard)) == (True, True, 1)
    await client.close()


async def test_nobody_there_is_certainly_not_delivered(fake: FakeTelegram, lan: Person) -> None:
    with FakeTelegram() as other:
        closed = other.api_base
    client = TelegramClient(fake.token, load_blob=_blob, api_base=closed)
    outcome = await client.send(_to(lan), ASK)
    assert isinstance(outcome, Failed)
    assert (outcome.retry, outcome.uncertain) == (True, False)
    with pytest.raises(ConnectionError):
        await client.get_updates(0, 0)
    with pytest.raises(ConnectionError):
        await client.me()
    await client.close()


async def test_a_press_is_acknowledged_and_too_late_is_no_exception(
    client: TelegramClient, fake: FakeTelegram, lan: Person
) -> None:
    await client.send(_to(lan), ASK)
    lan.presses("Rất hài lòng")
    [press_id] = fake.do(lambda world: list(world.presses))
    assert isinstance(await client.answer_callback(press_id), Sent)
    assert not lan.waits_for_button()
    too_late: Outcome = await client.answer_callback(press_id)
    assert isinstance(too_late, Failed)
    assert not too_late.retry


async def test_files_are_fetched_up_to_a_limit(client: TelegramClient, fake: FakeTelegram, lan: Person) -> None:
    file_id = fake.do(lambda world: world.add_file(JPEG))
    assert await client.download(file_id, len(JPEG)) == JPEG
    with pytest.raises(TooBig):
        await client.download(file_id, len(JPEG) - 1)
    understated = fake.do(lambda world: world.add_file(JPEG, size=10))
    with pytest.raises(TooBig):
        await client.download(understated, 100)
    huge = fake.do(lambda world: world.add_file(JPEG, size=60 * 1024 * 1024))
    with pytest.raises(TooBig):
        await client.download(huge, 100 * 1024 * 1024)
    with pytest.raises(Refused):
        await client.download("no such file", 100)


async def test_the_operators_calls(client: TelegramClient, fake: FakeTelegram, lan: Person) -> None:
    me = await client.me()
    assert (me.username, me.name) == ("nghedan_bot", "Nghe Dân")
    await client.set_commands([("menu", "Mở bảng chọn")])
    assert fake.commands == [{"command": "menu", "description": "Mở bảng chọn"}]

    waiting = fake.pending
    await client.set_webhook("https://xa.example.vn/webhook/telegram/1", "bi-mat")
    state = await client.webhook_info()
    assert (state.url, state.pending) == ("https://xa.example.vn/webhook/telegram/1", len(waiting))
    await client.delete_webhook()
    assert (await client.webhook_info()).url == ""
    assert fake.pending == waiting
    with pytest.raises(Refused):
        await client.set_webhook("http://xa.example.vn", "bi-mat")


async def test_the_token_is_in_no_log_and_no_error(
    fake: FakeTelegram, lan: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with FakeTelegram() as other:
        closed = other.api_base
    wrong = "999:AAsecretAA"
    said: list[str] = []
    for base in (fake.api_base, closed, "http://[bad", "http://" + "x" * 300):
        client = TelegramClient(wrong, load_blob=_blob, api_base=base, timeout=5)
        said.append(repr(await client.send(_to(lan), ASK)))
        for call in (client.me(), client.download("x", 1), client.get_updates(0, 0)):
            try:
                said.append(repr(await call))
            except (ConnectionError, Refused) as error:
                said.append(f"{error!r} {error.__cause__!r}")
        await client.close()
    assert len(said) == 16
    assert wrong not in "".join(said) + caplog.text
    for token in ("", "no colon", "12:with space", "12:", "ab:cd"):
        with pytest.raises(ValueError, match="123456:ABC-DEF"):
            TelegramClient(token, load_blob=_blob)


async def test_a_button_for_a_place_comes_once_and_goes_even_where_telegram_tells_us_to_wait(
    fake: FakeTelegram, lan: Person
) -> None:
    keys = Keys(place=Key("Chạm nút dưới", "Gửi vị trí"), contact=Key("Chạm nút", "Gửi số"), gone="Mời tiếp tục.")
    client = TelegramClient(fake.token, load_blob=_blob, api_base=fake.api_base, timeout=30, keys=keys)
    where = Bubble(text="Ở đâu?", wants="place", buttons=(Button(id="1:skip", label="Bỏ qua"),))
    fake.flood(chat_burst=100)

    # given a question that arrived, while the message with its button was not taken: it is not asked twice
    asked = await client.send(_to(lan), where)
    assert isinstance(asked, Sent)
    assert [seen.text for seen in lan.heard] == ["Ở đâu?", "Chạm nút dưới"]
    assert asked.ref == str(lan.heard[0].id), "what is edited later is the question"
    assert await client.send(_to(lan), where) == Sent(str(lan.heard[2].id))
    assert len(lan.heard) == 3, "a button that stands there is not shown once more"

    # when the next question comes, the button goes first, once, wherever the trouble is
    question = Bubble(text="Tên của Ông/Bà?", buttons=(Button(id="2:skip", label="Bỏ qua"),))
    fake.next_fault("sendMessage", "flood", retry_after=1)
    assert await client.send(_to(lan), question) == Throttled(1000)
    assert lan.keys_shown
    assert isinstance(await client.send(_to(lan), question), Sent)
    assert [seen.text for seen in lan.heard[3:]] == ["Mời tiếp tục.", "Tên của Ông/Bà?"]
    assert lan.keys_shown == []
    assert isinstance(await client.send(_to(lan), question), Sent)
    assert len(lan.heard) == 6
    await client.close()


async def test_a_message_that_fails_after_its_first_part_is_in_doubt(
    client: TelegramClient, fake: FakeTelegram, lan: Person
) -> None:
    long = Bubble(text="\n\n".join(f"Đoạn {number}: " + "chữ " * 300 for number in range(4)))

    def second_is_refused(method: str) -> Fault | None:
        return Fault(method, "status", 401, 0, carried_out=False) if len(lan._chat.letters) == 2 else None

    fake.do(lambda _: setattr(fake._server, "mishap", second_is_refused))
    assert await client.send(_to(lan), long) == Failed("401 fault", uncertain=True)


async def test_what_arrived_of_a_message_is_not_sent_again_after_a_wait(fake: FakeTelegram, lan: Person) -> None:
    keys = Keys(place=Key("Chạm nút dưới", "Gửi vị trí"), contact=Key("Chạm nút", "Gửi số"), gone="Mời tiếp tục.")
    client = TelegramClient(fake.token, load_blob=_blob, api_base=fake.api_base, timeout=30, keys=keys)
    fake.flood(chat_burst=1)
    where = Bubble(text="Ở đâu?", wants="place")
    assert isinstance(await client.send(_to(lan), where), Throttled)
    fake.advance(5)
    assert await client.send(_to(lan, heard_at=9), where) == Sent(str(lan.heard[0].id)), "the question is edited later"
    assert [seen.text for seen in lan.heard] == ["Ở đâu?", "Chạm nút dưới"]
    fake.advance(5)
    next_one = Bubble(text="Đã ghi.\n\nTên?", buttons=(Button(id="2:skip", label="Bỏ qua"),))
    assert isinstance(await client.send(_to(lan), next_one), Throttled)
    fake.advance(5)
    assert isinstance(await client.send(_to(lan), next_one), Sent)
    assert [seen.text for seen in lan.heard[2:]] == ["Mời tiếp tục.", "Đã ghi.\n\nTên?"]
    await client.close()


async def test_a_group_that_has_moved_says_where_and_is_nobody_to_write_to(
    client: TelegramClient, fake: FakeTelegram, lan: Person
) -> None:
    group = fake.group(forum=True)
    group.adds_bot(lan)
    topic = await client.open_topic(str(group.id), "Phản ánh" * 40)
    assert isinstance(await client.post(str(group.id), "Phản ánh mới", "Mở", "https://xa.vn/1", topic=topic), Sent)
    assert group.said[0][1].buttons == ((("Mở", "https://xa.vn/1"),),)
    new = group.moves(lan, told=False)
    assert await client.post(str(group.id), "x", "Mở", "https://xa.vn/1") == Moved(str(new.id))
    assert await client.send(Address(str(group.id)), ASK) == Gone("migrated")
    with pytest.raises(Refused) as refused:
        await client.open_topic(str(group.id), "Phản ánh")
    assert refused.value.moved_to == str(new.id)
    fake.next_fault("createForumTopic", "flood", retry_after=7)
    with pytest.raises(Refused) as told:
        await client.open_topic(str(new.id), "Phản ánh")
    assert told.value.after == 7000
    assert not any("allow_paid_broadcast" in call.params for call in fake.calls()), "nothing is ever paid for"


FILES = (Attached(20, "Quyết định 12.pdf", 9), Attached(21, "Dự toán.xlsx", 9))
ANSWER = msgspec.structs.replace(ASK, files=FILES)


async def test_documents_come_under_their_names_after_the_words(client: TelegramClient, lan: Person) -> None:
    sent = await client.send(_to(lan), ANSWER)
    assert [(seen.text, seen.file_name, seen.document) for seen in lan.heard] == [
        (ASK.text, "", None),
        ("", "Quyết định 12.pdf", b"%PDF-1.4 x"),
        ("", "Dự toán.xlsx", b"PK\x03\x04 x"),
    ]
    assert sent == Sent(str(lan.heard[0].id)), "what is edited later are the words"


@pytest.mark.parametrize("kind", ["status", "drop"])
async def test_words_never_wait_for_a_document_and_are_never_said_again_for_one(
    client: TelegramClient, fake: FakeTelegram, lan: Person, kind: FaultKind
) -> None:
    fake.next_fault("sendDocument", kind)
    assert isinstance(await client.send(_to(lan), ANSWER), Sent)
    assert [seen.text or seen.file_name for seen in lan.heard] == [ASK.text, "Dự toán.xlsx"]


async def test_a_document_that_is_gone_takes_nothing_with_it(client: TelegramClient, lan: Person) -> None:
    gone = msgspec.structs.replace(ASK, files=(Attached(99, "a.pdf", 9), FILES[1]))
    assert isinstance(await client.send(_to(lan), gone), Sent)
    assert [seen.text or seen.file_name for seen in lan.heard] == [ASK.text, "Dự toán.xlsx"]


async def test_after_a_pause_between_documents_nothing_comes_twice(
    client: TelegramClient, fake: FakeTelegram, lan: Person
) -> None:
    fake.next_fault("sendDocument", "flood", retry_after=7)
    assert await client.send(_to(lan), ANSWER) == Throttled(7000, uncertain=True)
    assert isinstance(await client.send(_to(lan), ANSWER), Sent)
    assert [seen.text or seen.file_name for seen in lan.heard] == [ASK.text, "Quyết định 12.pdf", "Dự toán.xlsx"]
