"""Raw events of the Zalo Bot Platform -> Inbound, or a reason why not; never an exception."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.zalo_bot.parse import EMPTY_POLL, Ignored, Parsed, Read, Refused, Unreadable, parse, parse_update
from bot.conversation.messages import Inbound, Media

AT = 1_795_000_000_000
WHO = "6ede9afa66b88fe6d6a9"
PHOTO = "https://photo-stal-9.zdn.vn/6ede/anh.jpg"


def event(kind: str, **content: Any) -> dict[str, Any]:
    message = {
        "from": {"id": WHO, "display_name": "Bà Lan", "is_bot": False},
        "chat": {"id": WHO, "chat_type": "PRIVATE"},
        "message_id": "2d758cb5e222177a4e35",
        "date": 1_750_316_131_602,
    }
    return {"event_name": f"message.{kind}.received", "message": message | content}


def body(found: object) -> bytes:
    return json.dumps(found).encode()


def read(found: object) -> Parsed:
    return parse(body(found), account=2, at=AT)


def inbound(found: object) -> Inbound:
    parsed = read(found)
    assert isinstance(parsed, Read), parsed
    return parsed.inbound


ALL = [
    event("text", text="Xin chào"),
    event("image", photo=PHOTO, caption="Đèn hỏng"),
    event("image", photo_url=PHOTO, message_type="CHAT_PHOTO"),
    event("sticker", sticker="0e078a2cb1295c770538", url="https://zalo-api.zadn.vn/sticker"),
    event("voice", voice_url="https://voice.zdn.vn/1.aac"),
    event("unsupported"),
    event("link", link="https://vanlinh.vn", message_type="CHAT_LINK"),
]
CAPTURED = [*ALL, *({"ok": True, "result": one} for one in ALL)]


def test_a_text_is_the_same_wrapped_and_bare() -> None:
    expected = Inbound(
        channel="zalo_bot",
        channel_account=2,
        dedupe_key=f"{WHO}:2d758cb5e222177a4e35",
        person=WHO,
        kind="text",
        at=AT,
        text="Xin chào",
        name="Bà Lan",
    )
    assert inbound(ALL[0]) == expected
    assert inbound({"ok": True, "result": ALL[0]}) == expected
    assert parse_update(body({"ok": True, "result": ALL[0]}), account=2, at=AT) == Read(expected)


@pytest.mark.parametrize(
    ("found", "kind", "text", "media"),
    [
        (ALL[1], "photo", "Đèn hỏng", (Media(ref=PHOTO),)),
        (ALL[2], "photo", "", (Media(ref=PHOTO),)),
        (ALL[3], "unsupported", "", ()),
        (ALL[4], "voice", "", (Media(ref="https://voice.zdn.vn/1.aac", kind="voice"),)),
        (ALL[5], "unseen", "", ()),
        (ALL[6], "text", "https://vanlinh.vn", ()),
        (event("link", text="Xem https://a.vn"), "text", "Xem https://a.vn", ()),
        (event("link"), "unsupported", "", ()),
        (event("text", text=" "), "unsupported", " ", ()),
        (event("image", photo_url="javascript:alert(1)", caption="x"), "unsupported", "x", ()),
        (event("image", photo_url="https://" + "x" * 5000), "unsupported", "", ()),
        (event("video", url="https://a.vn/phim.mp4"), "unsupported", "", ()),
    ],
)
def test_every_kind_of_message(found: dict[str, Any], kind: str, text: str, media: tuple[Media, ...]) -> None:
    said = inbound(found)
    assert (said.kind, said.text, said.media) == (kind, text, media)


def test_ids_may_be_numbers() -> None:
    found = event("text", text="Xin chào", message_id=99)
    found["message"]["from"]["id"] = found["message"]["chat"]["id"] = 12_345_678_901_234_567_890
    said = inbound(found)
    assert (said.person, said.dedupe_key) == ("12345678901234567890", "12345678901234567890:99")


def test_the_same_message_has_the_same_key_and_another_persons_has_another() -> None:
    other = event("text", text="Xin chào")
    other["message"]["from"]["id"] = other["message"]["chat"]["id"] = "khac"
    assert inbound(ALL[0]).dedupe_key == inbound({"ok": True, "result": ALL[0]}).dedupe_key
    assert inbound(other).dedupe_key != inbound(ALL[0]).dedupe_key


def test_without_an_id_of_its_own_a_message_is_told_by_its_millisecond() -> None:
    assert inbound(event("unsupported", message_id=None)).dedupe_key == f"{WHO}:1750316131602"
    assert read(event("unsupported", message_id=None, date=None)) == Unreadable("no id")


def test_a_group_is_never_answered() -> None:
    group = {"id": "zgr-891bfa57540ebd50e41f", "chat_type": "GROUP"}
    assert read(event("text", text="@bot xin chào", chat=group)) == Ignored("group")
    # A chat of an unknown kind that is somebody else's than the sender's is no private one either.
    assert read(event("text", text="x", chat={"id": group["id"]})) == Ignored("group")


def test_bots_probes_and_unknown_events_are_counted_under_a_word() -> None:
    assert read(event("text", text="x") | {}) != Ignored("no_person")
    bot = event("text", text="x")
    bot["message"]["from"]["is_bot"] = True
    assert read(bot) == Ignored("no_person")
    assert read({"event_name": "user.followed"}) == Ignored("unknown_kind")
    assert parse(b"", account=2, at=AT) == Ignored("probe")
    assert parse(b" \r\n", account=2, at=AT) == Ignored("probe")


def test_what_no_store_can_keep_is_taken_out_and_counted() -> None:
    raw = body(event("text", text="a\x00b\ud83dc"))
    for found in (
        raw,
        json.dumps(event("text", text="a\x00b\ud83dc"), ensure_ascii=False).encode("utf8", "surrogatepass"),
    ):
        parsed = parse(found, account=2, at=AT)
        assert isinstance(parsed, Read)
        assert (parsed.inbound.text, parsed.removed) == ("abc", 2)


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b"[]",
        b"null",
        b"7",
        b'"x"',
        b"{}",
        b'{"ok":true}',
        b'{"message":5}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        body({"ok": True, "result": [ALL[0]]}),
    ],
)
def test_what_is_no_event_is_unreadable(raw: bytes) -> None:
    assert isinstance(parse(raw, account=2, at=AT), Unreadable)


def test_an_empty_poll_and_a_refused_one() -> None:
    def poll(found: object) -> object:
        return parse_update(body(found), account=2, at=AT)

    assert poll({"ok": False, "description": "Request timeout", "error_code": 408}) == Refused(408, "Request timeout")
    assert poll({"ok": False, "error_code": "401"}) == Refused(401, "")
    assert poll({"ok": False, "error_code": "nonsense"}) == Refused(0, "")
    assert poll({"ok": True}) == Refused(EMPTY_POLL, "")
    assert poll({"ok": True, "result": None}) == Refused(EMPTY_POLL, "")
    assert isinstance(poll(["x"]), Unreadable)


def test_a_fault_never_repeats_what_the_person_wrote() -> None:
    parsed = read(event("text", text={"bi mat": "bi mat"}))
    assert isinstance(parsed, Unreadable)
    assert "bi mat" not in parsed.why


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.binary())
def test_bytes_never_raise(raw: bytes) -> None:
    assert isinstance(parse(raw, account=2, at=AT), Parsed)
    assert isinstance(parse_update(raw, account=2, at=AT), Parsed | Refused)


@given(st.sampled_from(CAPTURED), st.data())
def test_every_event_with_a_piece_exchanged_never_raises(found: dict[str, Any], data: st.DataObject) -> None:
    changed = json.loads(json.dumps(found))
    place: Any = changed
    while True:
        key = data.draw(st.sampled_from(sorted(place)))
        if isinstance(place[key], dict) and place[key] and data.draw(st.booleans()):
            place = place[key]
            continue
        place[key] = data.draw(JSON)
        break
    raw = json.dumps(changed).encode()
    parsed = parse(raw, account=2, at=AT)
    if isinstance(parsed, Read):
        assert msgspec.json.decode(msgspec.json.encode(parsed.inbound), type=Inbound) == parsed.inbound
        assert parsed.inbound.person
    assert isinstance(parse_update(raw, account=2, at=AT), Parsed | Refused)


@given(st.sampled_from(CAPTURED), st.integers(min_value=0), st.binary(max_size=3))
def test_every_event_cut_or_spoilt_never_raises(found: dict[str, Any], where: int, instead: bytes) -> None:
    raw = body(found)
    at = where % len(raw)
    for broken in (raw[:at], raw[:at] + instead + raw[at + 1 :]):
        assert isinstance(parse(broken, account=2, at=AT), Parsed)
