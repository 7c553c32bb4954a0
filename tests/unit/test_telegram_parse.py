"""Raw updates as Telegram sends them -> Inbound, or a reason why not; never an exception."""

import json
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.in_group import InGroup
from bot.channels.telegram.parse import (
    MAX_DOWNLOAD,
    Batch,
    Ignored,
    Parsed,
    Read,
    Refused,
    Unreadable,
    parse,
    parse_batch,
)
from bot.conversation.messages import Inbound, Media, Place
from tests.payloads import payloads

AT = 1_795_000_000_000
LAN = {"id": 5, "is_bot": False, "first_name": "Bà", "last_name": "Lan", "username": "ba_lan", "language_code": "vi"}
PRIVATE = {"id": 5, "type": "private", "first_name": "Bà"}


def update(**kind: Any) -> bytes:
    return json.dumps({"update_id": 9, **kind}).encode()


def message(**content: Any) -> bytes:
    return update(message={"message_id": 3, "date": 1_795_000_000, "chat": PRIVATE, "from": LAN, **content})


def read(body: bytes) -> Parsed:
    return parse(body, account=2, at=AT)


def inbound(body: bytes) -> Inbound:
    parsed = read(body)
    assert isinstance(parsed, Read), parsed
    return parsed.inbound


def said(body: bytes) -> dict[str, Any]:
    """What an Inbound says beyond who said it."""
    fields = json.loads(msgspec.json.encode(inbound(body)))
    return {key: value for key, value in fields.items() if key not in WHO}


WHO = {
    "channel": "telegram",
    "channel_account": 2,
    "dedupe_key": "u9",
    "person": "5",
    "at": AT,
    "name": "Bà Lan",
    "handle": "ba_lan",
}


def test_it_says_who_where_and_when() -> None:
    fields = msgspec.to_builtins(inbound(message(text="xin chào")))
    assert {key: fields[key] for key in WHO} == WHO


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"text": "xin chào"}, {"kind": "text", "text": "xin chào"}),
        ({"text": "/menu"}, {"kind": "text", "text": "/menu"}),
        ({"text": "/start"}, {"kind": "start"}),
        ({"text": "/start ks_12-A"}, {"kind": "start", "source": "ks_12-A"}),
        ({"text": "/start@nghedan_bot ks12"}, {"kind": "start", "source": "ks12"}),
        ({"text": "/start xin chào xã"}, {"kind": "text", "text": "/start xin chào xã"}),
        ({"text": "/started"}, {"kind": "text", "text": "/started"}),
        ({"text": "e\u0302\u0301"}, {"kind": "text", "text": "ế"}),
        ({"text": "👩\u200d🌾 \u202eabc"}, {"kind": "text", "text": "👩\u200d🌾 \u202eabc"}),
        ({"sticker": {"file_id": "s"}}, {"kind": "unsupported"}),
        ({"something_of_2030": {"a": 1}}, {"kind": "unsupported"}),
        ({"contact": {"phone_number": "+84912", "user_id": 5}}, {"kind": "contact", "text": "+84912"}),
        ({"contact": {"phone_number": "+84912", "user_id": 6}}, {"kind": "unsupported"}),
        ({"contact": {"phone_number": "+84912"}}, {"kind": "unsupported"}),
        (
            {"voice": {"file_id": "v", "duration": 3, "file_size": 900}},
            {"kind": "voice", "media": [{"ref": "v", "size": 900, "kind": "voice"}]},
        ),
        (
            {"audio": {"file_id": "a", "duration": 3, "mime_type": "audio/mpeg"}, "caption": "nghe"},
            {"kind": "voice", "text": "nghe", "media": [{"ref": "a", "kind": "voice"}]},
        ),
        (
            {"voice": {"file_id": "v", "duration": 3, "file_size": MAX_DOWNLOAD + 1}},
            {
                "kind": "media_refused",
                "media": [{"size": MAX_DOWNLOAD + 1, "reason": "voice.too_big", "kind": "voice"}],
            },
        ),
        (
            {"document": {"file_id": "d", "file_name": "ANH 1.JPG"}},
            {"kind": "photo", "media": [{"ref": "d"}]},
        ),
        ({"document": {"file_id": "d", "file_name": "don.docx"}}, {"kind": "unsupported"}),
        ({"video": {"file_id": "v"}, "caption": "xem"}, {"kind": "unsupported", "text": "xem"}),
        ({"video_note": {"file_id": "v"}}, {"kind": "unsupported"}),
        (
            {"animation": {"file_id": "g"}, "document": {"file_id": "g", "mime_type": "video/mp4"}},
            {"kind": "unsupported"},
        ),
        ({"text": "/menu@nghedan_bot"}, {"kind": "text", "text": "/menu"}),
        ({"text": "hỏi /menu@nghedan_bot"}, {"kind": "text", "text": "hỏi /menu@nghedan_bot"}),
        (
            {"document": {"file_id": "d", "mime_type": "image/png", "file_size": 70}, "caption": "rác"},
            {"kind": "photo", "text": "rác", "media": [{"ref": "d", "size": 70}]},
        ),
        ({"document": {"file_id": "d", "mime_type": "application/pdf"}}, {"kind": "unsupported"}),
    ],
)
def test_each_kind_of_message(content: dict[str, Any], expected: dict[str, Any]) -> None:
    assert said(message(**content)) == expected


def test_a_place() -> None:
    assert inbound(message(location={"latitude": 21.69, "longitude": 106})).place == Place(lat=21.69, lon=106.0)
    for latitude in (90.1, -91, "21"):
        assert isinstance(read(message(location={"latitude": latitude, "longitude": 0})), Unreadable)


def test_the_largest_photo_that_can_be_fetched_is_taken() -> None:
    sizes = [
        {"file_id": "s", "file_unique_id": "s", "width": 90, "height": 67, "file_size": 1000},
        {"file_id": "x", "file_unique_id": "x", "width": 9000, "height": 6700, "file_size": MAX_DOWNLOAD + 1},
        {"file_id": "m", "file_unique_id": "m", "width": 1280, "height": 960, "file_size": MAX_DOWNLOAD},
    ]
    photo = inbound(message(photo=sizes, caption="ổ gà"))
    assert (photo.kind, photo.text, photo.media) == ("photo", "ổ gà", (Media(ref="m", size=MAX_DOWNLOAD),))

    too_big = inbound(message(photo=[sizes[1]]))
    expected = Media(size=MAX_DOWNLOAD + 1, reason="photo.too_big")
    assert (too_big.kind, too_big.media) == ("media_refused", (expected,))


def press(**fields: Any) -> bytes:
    shown = {"message_id": 3, "date": 0, "chat": PRIVATE}
    return update(callback_query={"id": "77", "from": LAN, "chat_instance": "1", "message": shown, **fields})


def test_a_pressed_button_is_a_choice_that_wants_an_acknowledgement() -> None:
    assert said(press(data="n1:5")) == {"kind": "choice", "choice": "n1:5", "callback": "77"}


def test_the_pictures_of_an_album_carry_the_same_word() -> None:
    sizes = [{"file_id": "m", "file_unique_id": "m", "width": 1280, "height": 960}]
    assert inbound(message(photo=sizes, media_group_id="137")).album == "137"
    assert inbound(message(document={"file_id": "d", "mime_type": "image/png"}, media_group_id="137")).album == "137"
    assert inbound(message(photo=sizes)).album == ""


def test_who_blocks_us_is_gone_and_who_lets_us_write_again_is_back() -> None:
    def member(status: str) -> bytes:
        change = {"chat": PRIVATE, "from": LAN, "date": 1, "old_chat_member": {"status": "member"}}
        return update(my_chat_member={**change, "new_chat_member": {"status": status}})

    assert said(member("kicked")) == {"kind": "gone"}
    assert said(member("member")) == {"kind": "back"}


def edited(**content: Any) -> bytes:
    return update(edited_message={"message_id": 3, "date": 1, "chat": PRIVATE, "from": LAN, **content})


def test_a_corrected_message_says_what_it_says_now() -> None:
    assert said(edited(text="sửa\x00")) == {"kind": "edited", "text": "sửa"}
    assert said(edited(caption="ổ gà", photo=[])) == {"kind": "edited", "text": "ổ gà"}


GROUP = {"id": -100, "type": "supergroup", "title": "Thôn"}
IN_GROUP = {"message_id": 3, "date": 1, "chat": GROUP}


def test_what_holds_at_any_time_can_be_pressed_in_a_group() -> None:
    way = {"kind": "choice", "choice": "go:x", "callback": "77", "group": "-100"}
    assert said(press(message=IN_GROUP, data="go:x")) == way


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (press(message=IN_GROUP, data="n1:5"), "group"),
        (press(message=IN_GROUP, data="go:x", **{"from": {**LAN, "is_bot": True}}), "group"),
        (edited(location={"latitude": 21, "longitude": 106}), "edited"),
        (edited(chat=GROUP, text="sửa"), "edited"),
        (update(poll_answer={"poll_id": "1"}), "unknown_kind"),
        (update(kind_of_2030={"a": 1}), "unknown_kind"),
        (update(), "unknown_kind"),
        (press(game_short_name="chess"), "unknown_kind"),
        (press(message=None, inline_message_id="x", data="n1:5"), "unknown_kind"),
        (message(**{"from": {**LAN, "is_bot": True}}, text="bíp"), "no_person"),
        (message(**{"from": None}, text="ai?"), "no_person"),
        (message(pinned_message={"message_id": 1}), "service"),
    ],
)
def test_what_nobody_waits_an_answer_for_is_passed_over_with_a_reason(body: bytes, why: str) -> None:
    assert read(body) == Ignored(9, why)


@pytest.mark.parametrize(
    ("content", "names", "answers"),
    [
        ({"text": "chào cả thôn"}, (), 0),
        ({"text": "/menu"}, ("",), 0),
        ({"text": "/menu@VanLinh_Bot xin"}, ("vanlinh_bot",), 0),
        ({"text": "hỏi @VanLinh_Bot một chút"}, ("vanlinh_bot",), 0),
        ({"text": "lan@vanlinh.vn"}, (), 0),
        ({"caption": "@VanLinh_Bot xem này", "photo": []}, ("vanlinh_bot",), 0),
        ({"text": "vâng", "reply_to_message": {"message_id": 2, "from": {"id": 123456}}}, (), 123456),
        ({"text": "vâng", "reply_to_message": {"message_id": 2}}, (), 0),
        ({"text": "/menu", "from": {**LAN, "is_bot": True}}, (), 0),
    ],
)
def test_of_a_group_only_who_was_called_is_read(content: dict[str, Any], names: tuple[str, ...], answers: int) -> None:
    assert read(message(chat=GROUP, **content)) == InGroup(9, "-100", "talk", names, answers)


def test_a_group_that_moves_says_so_on_both_sides() -> None:
    moved = InGroup(9, "-100", "moved", to="-200")
    assert read(message(chat=GROUP, migrate_to_chat_id=-200)) == moved
    assert read(message(chat={**GROUP, "id": -200}, migrate_from_chat_id=-100)) == moved


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        ("left", "member", "added"),
        ("kicked", "administrator", "added"),
        ("member", "administrator", "talk"),
        ("administrator", "left", "removed"),
    ],
)
def test_our_standing_in_a_group(before: str, after: str, what: str) -> None:
    change = {"chat": GROUP, "from": LAN, "date": 1, "old_chat_member": {"status": before}}
    read_now = read(update(my_chat_member={**change, "new_chat_member": {"status": after}}))
    assert isinstance(read_now, InGroup)
    assert (read_now.chat, read_now.what) == ("-100", what)


@pytest.mark.parametrize(
    "text",
    [rb"a\u0000b\ud83dc", b"a\\u0000b\xed\xa0\xbdc"],
    ids=["escaped", "raw bytes"],
)
def test_nul_and_lone_surrogates_are_taken_out_and_counted(text: bytes) -> None:
    parsed = read(message(text="@").replace(b"@", text))
    assert isinstance(parsed, Read)
    assert (parsed.inbound.text, parsed.removed) == ("abc", 2)


def test_a_real_pair_of_surrogates_is_an_emoji() -> None:
    parsed = read(message(text="@").replace(b"@", rb"\ud83d\ude00"))
    assert isinstance(parsed, Read)
    assert (parsed.inbound.text, parsed.removed) == ("😀", 0)


@pytest.mark.parametrize(
    ("body", "update_id"),
    [
        (b"", None),
        (b"{", None),
        (b"null", None),
        (b"[]", None),
        (b"\xff\xfe", None),
        (b"[" * 100_000, None),
        (b'{"update_id":' + b"[" * 100_000, None),
        (b'{"update_id":"9"}', None),
        (b'{"message":{}}', None),
        (update(message={"text": "no chat"}), 9),
        (update(message="text"), 9),
        (message(text=5), 9),
        (message(text=[5]).replace(b"5]", rb'"\ud83d"]'), 9),
        (update(callback_query={"id": "1"}), 9),
    ],
)
def test_what_is_no_update_is_unreadable_and_gives_its_id_where_it_has_one(body: bytes, update_id: int | None) -> None:
    parsed = read(body)
    assert isinstance(parsed, Unreadable)
    assert parsed.update_id == update_id


def test_the_reason_never_repeats_what_was_written() -> None:
    parsed = read(update(message={"text": "điều riêng tư", "chat": "điều riêng tư"}))
    assert isinstance(parsed, Unreadable)
    assert "riêng" not in parsed.why


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.binary() | json_values.map(lambda value: json.dumps(value).encode()))
def test_no_bytes_make_it_raise(body: bytes) -> None:
    assert isinstance(read(body), Read | Ignored | Unreadable)
    assert isinstance(parse_batch(body, account=1, at=0), Batch | Refused | Unreadable)


@given(
    st.sampled_from(["text", "caption", "photo", "document", "location", "contact", "from", "chat", "voice"]),
    json_values,
)
def test_no_value_in_a_field_we_use_makes_it_raise(name: str, value: Any) -> None:
    assert isinstance(read(message(**{name: value})), Read | Ignored | Unreadable)


def test_a_batch_is_in_order_and_one_bad_update_spoils_no_other() -> None:
    later = message(text="sau").replace(b'"update_id": 9', b'"update_id": 11')
    body = b'{"ok":true,"result":[' + b",".join([later, update(message=1), message(text="trước")]) + b"]}"
    batch = parse_batch(body, account=2, at=AT)
    assert isinstance(batch, Batch)
    assert [one.update_id for one in batch.updates] == [9, 9, 11]
    assert [one.inbound.text for one in batch.updates if isinstance(one, Read)] == ["trước", "sau"]

    surrogate = body.replace(b"sau", rb"sa\ud83du")
    again = parse_batch(surrogate, account=2, at=AT)
    assert isinstance(again, Batch)
    assert sum(one.removed for one in again.updates if isinstance(one, Read)) == 1


def test_a_refused_poll_says_why() -> None:
    body = b'{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":4}}'
    assert parse_batch(body, account=1, at=0) == Refused(429, "Too Many Requests", 4)
    assert isinstance(parse_batch(b"<html>", account=1, at=0), Unreadable)


PAYLOADS = payloads("telegram")
ODD: tuple[Any, ...] = (
    None,
    True,
    -1,
    2**70,
    1e400,
    "",
    "\x00\ud83d",
    "x" * 70_000,
    [],
    [[]] * 50,
    {},
    {"id": {}},
    {"file_id": 5},
)


def paths(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place inside of an event."""
    yield path
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inside:
        yield from paths(one, (*path, key))


@given(data=st.data())
def test_an_event_with_a_piece_of_it_spoiled_is_read_or_refused_and_nothing_is_raised(data: st.DataObject) -> None:
    event = json.loads(json.dumps(PAYLOADS[data.draw(st.sampled_from(sorted(PAYLOADS)))]))
    for _ in range(data.draw(st.integers(1, 3))):
        *way, last = data.draw(st.sampled_from([path for path in paths(event) if path]))
        holder = event
        for key in way:
            holder = holder[key]
        odd = data.draw(st.sampled_from((*ODD, "missing")))
        if odd == "missing" and isinstance(holder, dict):
            del holder[last]
        else:
            holder[last] = odd
        if not event:
            break
    raw = json.dumps(event).encode()
    for body in (raw, raw[: data.draw(st.integers(0, len(raw)))]):
        parsed = read(body)
        assert isinstance(parsed, Read | InGroup | Ignored | Unreadable)
        if isinstance(parsed, Read):
            kept = msgspec.json.encode(parsed.inbound)
            assert msgspec.json.decode(kept, type=Inbound) == parsed.inbound, "what is kept for later is whole"
            assert b"\\u0000" not in kept


def test_every_kept_payload_is_what_it_is() -> None:
    kinds = {name: read(json.dumps(event).encode()) for name, event in PAYLOADS.items()}
    assert not [name for name, parsed in kinds.items() if isinstance(parsed, Unreadable)]
    heard = {name: parsed.inbound.kind for name, parsed in kinds.items() if isinstance(parsed, Read)}
    assert {name for name, kind in heard.items() if kind == "unsupported"} == {
        "dice", "moving picture", "paper as a file", "poll", "round video", "sticker", "telephone of another", "video"
    }  # fmt: skip
    assert {name for name, parsed in kinds.items() if isinstance(parsed, Ignored)} == {"moving place", "pinned"}
    assert (heard["blocked"], heard["unblocked"], heard["press"]) == ("gone", "back", "choice")
