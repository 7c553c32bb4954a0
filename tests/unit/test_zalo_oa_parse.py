"""Events as Zalo sends them -> Inbounds, or a reason why not; never an exception."""

import copy
import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.zalo_oa.parse import DataRequest, Ignored, Parsed, Read, Unreadable, parse
from bot.conversation.messages import Inbound, Media, Place

AT = 1_795_000_000_000
OA, LAN = "388613280878808645", "246845883529197922"
URL = "https://f20-zpc.zdn.vn/1/abc.jpg"


def event(name: str, **more: Any) -> dict[str, Any]:
    return {
        "app_id": "360846524940903967",
        "sender": {"id": LAN},
        "user_id_by_app": "552177279717587730",
        "recipient": {"id": OA},
        "event_name": name,
        "timestamp": "1543908531540",
        **more,
    }


def sent(kind: str, *payloads: Any, text: str | None = None, type: str = "") -> dict[str, Any]:
    message: dict[str, Any] = {"msg_id": "96d3cdf3af150460909"}
    if text is not None:
        message["text"] = text
    if payloads:
        message["attachments"] = [{"type": type or kind, "payload": payload} for payload in payloads]
    return event(f"user_send_{kind}", message=message)


FOLLOW = {
    "oa_id": OA,
    "follower": {"id": LAN},
    "user_id_by_app": "552172779717587730",
    "event_name": "follow",
    "source": "oa_profile",
    "app_id": "36084652489903967",
    "timestamp": "1543979782740",
}
PLACE = {"coordinates": {"latitude": "10.7923119", "longitude": "106.7820651"}}
FULL = {"user_city": "tỉnh Mẫu", "user_ward": "xã Mẫu", "user_address": "thôn Mẫu"}
PAYLOADS: dict[str, dict[str, Any]] = {
    "text": sent("text", text="xin chào"),
    "pressed": sent("text", text="#17:rat_hai_long"),
    "image": sent("image", {"url": URL, "thumbnail": URL}, text="rác"),
    "album": sent("image", {"url": URL}, {"url": f"{URL}?2"}),
    "location": sent("location", PLACE, text="Cơm Coffee New Sky"),
    "audio": sent("audio", {"url": "https://f20.zdn.vn/voice.aac"}),
    "sticker": sent("sticker", {"id": "1", "url": URL}),
    "gif": sent("gif", {"url": URL, "thumbnail": URL}),
    "link": sent("link", {"url": "https://xa.gov.vn/tin", "description": "x", "thumbnail": URL}),
    "file": sent("file", {"url": URL, "name": "don.pdf", "size": "12", "type": "pdf", "checksum": "x"}),
    "card": sent(
        "business_card", {"description": '{"phone":"84912345678"}', "thumbnail": URL, "url": URL}, type="link"
    ),
    "video": sent("video", {"url": URL, "thumbnail": URL}),
    "follow": FOLLOW,
    "unfollow": FOLLOW | {"event_name": "unfollow"},
    "info": event("user_submit_info", info={"name": "Bà Lan", "phone": "84912345678", "full_address": FULL}),
    "old_info": event(
        "user_submit_info",
        info={"name": "Bà Lan", "phone": 84912345678, "address": "thôn Mẫu", "city": "Mẫu", "district": "", "ward": ""},
    ),
    "seen": event("user_seen_message", message={"msg_ids": ["1", "2"]}),
    "received": event("user_received_message", message={"msg_id": "1"}),
    "echo": event("oa_send_text", message={"msg_id": "1", "text": "x"}),
    "anonymous": event("anonymous_send_text", message={"msg_id": "1", "text": "x"}),
    "data": event("user_data_deletion_request"),
}


def body(what: Any) -> bytes:
    return json.dumps(what, ensure_ascii=False).encode("utf-8", "surrogatepass")


def read(what: Any, oa_id: str = OA) -> Parsed:
    return parse(body(what), account=2, oa_id=oa_id, at=AT)


def inbound(what: Any) -> Inbound:
    parsed = read(what)
    assert isinstance(parsed, Read), parsed
    (one,) = parsed.inbounds
    return one


def said(what: Any) -> dict[str, Any]:
    """What an Inbound says beyond who said it when."""
    fields = json.loads(msgspec.json.encode(inbound(what)))
    return {key: value for key, value in fields.items() if key not in WHO}


WHO = {"channel": "zalo_oa", "channel_account": 2, "dedupe_key": "m96d3cdf3af150460909", "person": LAN, "at": AT}


def test_it_says_who_where_and_when() -> None:
    fields = msgspec.to_builtins(inbound(PAYLOADS["text"]))
    assert {key: fields[key] for key in WHO} == WHO


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("text", {"kind": "text", "text": "xin chào"}),
        ("pressed", {"kind": "choice", "choice": "17:rat_hai_long"}),
        ("image", {"kind": "photo", "text": "rác", "media": [{"ref": URL}]}),
        (
            "location",
            {"kind": "location", "place": {"lat": 10.7923119, "lon": 106.7820651}, "text": "Cơm Coffee New Sky"},
        ),
        ("audio", {"kind": "voice", "media": [{"ref": "https://f20.zdn.vn/voice.aac", "kind": "voice"}]}),
        ("sticker", {"kind": "unsupported"}),
        ("gif", {"kind": "unsupported"}),
        ("link", {"kind": "text", "text": "https://xa.gov.vn/tin"}),
        ("file", {"kind": "unsupported"}),
        ("card", {"kind": "unsupported"}),
        ("video", {"kind": "unsupported"}),
        ("follow", {"kind": "start"}),
        ("unfollow", {"kind": "gone"}),
        ("info", {"kind": "contact", "text": "84912345678", "name": "Bà Lan"}),
        ("old_info", {"kind": "contact", "text": "84912345678", "name": "Bà Lan"}),
    ],
)
def test_each_kind_of_event(name: str, expected: dict[str, Any]) -> None:
    assert said(PAYLOADS[name]) == expected


@pytest.mark.parametrize(
    ("name", "why"),
    [("seen", "seen"), ("received", "seen"), ("echo", "echo"), ("anonymous", "anonymous")],
)
def test_what_nobody_waits_for_an_answer_to(name: str, why: str) -> None:
    assert read(PAYLOADS[name]) == Ignored(why)


def test_unknown_events_are_told_from_requests_about_data() -> None:
    assert read(event("user_asks_product")) == Ignored("unknown_event")
    assert read(PAYLOADS["data"]) == DataRequest("user_data_deletion_request", LAN)
    assert parse(body(PAYLOADS["data"]), account=2, oa_id=OA, at=AT, data_word="") == Ignored("unknown_event")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#go:menu", {"kind": "choice", "choice": "go:menu"}),
        ("#3:a b", {"kind": "text", "text": "#3:a b"}),
        ("#", {"kind": "text", "text": "#"}),
        ("#nhadep", {"kind": "text", "text": "#nhadep"}),
        ("5", {"kind": "text", "text": "5"}),
        ("e\u0302\u0301", {"kind": "text", "text": "ế"}),
        ("   ", {"kind": "unsupported"}),
        ("", {"kind": "unsupported"}),
    ],
)
def test_a_press_comes_back_as_a_text_and_typed_words_stay_words(text: str, expected: dict[str, Any]) -> None:
    assert said(sent("text", text=text)) == expected


def test_ids_may_be_text_or_numbers() -> None:
    numbered = sent("text", text="x") | {"sender": {"id": int(LAN)}, "recipient": {"id": int(OA)}, "timestamp": 154}
    numbered["message"]["msg_id"] = 96
    one = inbound(numbered)
    assert (one.person, one.dedupe_key) == (LAN, "m96")


@pytest.mark.parametrize("id", [None, True, 1.5, "", " ", [], {}, "a\x00b", "x" * 65, "\ud800"])
def test_an_id_that_is_none_is_nobody(id: Any) -> None:
    assert read(sent("text", text="x") | {"sender": {"id": id}}) == Unreadable("no_person")


def test_an_event_for_another_account_of_the_same_app_is_not_ours() -> None:
    assert read(PAYLOADS["text"], oa_id="1") == Ignored("other_account")
    assert read(FOLLOW, oa_id="1") == Ignored("other_account")
    assert isinstance(read(PAYLOADS["text"], oa_id=""), Read)


def test_several_pictures_are_events_of_one_album_each_with_its_key() -> None:
    parsed = read(PAYLOADS["album"])
    assert isinstance(parsed, Read)
    assert [(one.dedupe_key[-3:], one.media, one.album != "") for one in parsed.inbounds] == [
        ("909", (Media(ref=URL),), True),
        ("9.1", (Media(ref=f"{URL}?2"),), True),
    ]


def test_a_picture_sent_as_a_file_is_one() -> None:
    payload = {"url": URL, "name": "anh.JPG", "size": "12", "type": "jpg"}
    assert said(sent("file", payload)) == {"kind": "photo", "media": [{"ref": URL}]}


@pytest.mark.parametrize(
    "url", [None, 5, "", "file:///etc/passwd", "javascript:1", "https://x/\n", "https://" + "x" * 3000]
)
def test_a_picture_without_an_address_of_the_web_is_not_understood(url: Any) -> None:
    assert said(sent("image", {"url": url})) == {"kind": "unsupported"}


@pytest.mark.parametrize(
    ("latitude", "longitude", "place"),
    [
        ("21.69", "106", Place(lat=21.69, lon=106.0)),
        (21.69, 106, Place(lat=21.69, lon=106.0)),
        ("90.1", "0", None),
        ("nan", "0", None),
        ("inf", "0", None),
        ("1e999", "0", None),
        (True, 0, None),
        (None, "0", None),
        ("hai mươi", "0", None),
        ([], {}, None),
    ],
)
def test_a_place_is_a_place_or_nothing(latitude: Any, longitude: Any, place: Place | None) -> None:
    one = inbound(sent("location", {"coordinates": {"latitude": latitude, "longitude": longitude}}))
    assert (one.kind, one.place) == (("location", place) if place else ("unsupported", None))


def test_characters_no_store_can_keep_are_taken_out_and_counted() -> None:
    parsed = read(sent("text", text="Nửa \ud83d chữ\x00"))
    assert isinstance(parsed, Read)
    assert (parsed.inbounds[0].text, parsed.removed) == ("Nửa  chữ", 2)
    escaped = body(PAYLOADS["text"]).replace("xin chào".encode(), b"n\\ud83da")
    parsed = parse(escaped, account=2, oa_id=OA, at=AT)
    assert isinstance(parsed, Read)
    assert (parsed.inbounds[0].text, parsed.removed) == ("na", 1)


def test_events_without_an_id_are_known_by_what_they_say() -> None:
    again = FOLLOW | {"timestamp": "1543979782741"}
    assert inbound(FOLLOW).dedupe_key == inbound(dict(FOLLOW)).dedupe_key != inbound(again).dedupe_key


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[]", b"null", b"\xff", b'"x"', b"[" * 100_000, b'{"a":' * 100_000, b'{"event_name":5}', b"{}"]
)
def test_what_is_no_event_is_unreadable(raw: bytes) -> None:
    assert isinstance(parse(raw, account=2, oa_id=OA, at=AT), Unreadable)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["#1:a", "user_send_text", URL]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def _places(what: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = what.items() if isinstance(what, dict) else enumerate(what) if isinstance(what, list) else ()
    return [path, *(place for key, value in inside for place in _places(value, (*path, key)))]


@st.composite
def mutated(draw: st.DrawFn) -> Any:
    what = copy.deepcopy(PAYLOADS[draw(st.sampled_from(sorted(PAYLOADS)))])
    for _ in range(draw(st.integers(1, 3))):
        places = [place for place in _places(what) if place]
        *path, last = draw(st.sampled_from(places))
        inner: Any = what
        for key in path:
            inner = inner[key]
        if draw(st.booleans()):
            inner[last] = draw(JSON)
        else:
            del inner[last]
    return what


@given(mutated())
def test_no_mutation_of_an_event_throws_and_none_is_half_understood(what: Any) -> None:
    raw = json.dumps(what).encode()
    parsed = parse(raw, account=2, oa_id=OA, at=AT)
    if isinstance(parsed, Read):
        assert parsed.inbounds
        for one in parsed.inbounds:
            assert msgspec.json.decode(msgspec.json.encode(one), type=Inbound) == one
            assert one.person
            assert (one.kind == "location") == (one.place is not None)
            assert one.kind not in ("photo", "voice") or one.media[0].ref.startswith("http")


@given(st.binary(max_size=300))
def test_no_bytes_throw(raw: bytes) -> None:
    parse(raw, account=2, oa_id=OA, at=AT)
