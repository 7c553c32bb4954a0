"""Raw updates as Telegram sends them -> Inbound, or a reason why not; never an exception."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

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
            {"kind": "voice", "media": [{"ref": "v", "size": 900}]},
        ),
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


def test_who_blocks_us_is_gone_and_who_comes_back_says_nothing_yet() -> None:
    def member(status: str) -> bytes:
        change = {"chat": PRIVATE, "from": LAN, "date": 1, "old_chat_member": {"status": "member"}}
        return update(my_chat_member={**change, "new_chat_member": {"status": status}})

    assert said(member("kicked")) == {"kind": "gone"}
    assert read(member("member")) == Ignored(9, "member")


GROUP = {"id": -100, "type": "supergroup", "title": "Thôn"}


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (message(chat=GROUP, text="chào cả thôn"), "group"),
        (press(message={"message_id": 3, "date": 1, "chat": GROUP}, data="n1:5"), "group"),
        (update(edited_message={"message_id": 3, "date": 1, "chat": PRIVATE, "from": LAN, "text": "sửa"}), "edited"),
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
