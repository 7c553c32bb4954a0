"""The fake against the Bot API as data: every method, parameter, type and every field it ever answers with."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bot.channels.telegram import updates
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram.methods import METHODS
from tests.payloads import payloads

SPEC = Path(__file__).parents[2].parent / "shared" / "data" / "telegram-bot-api.json"
pytestmark = pytest.mark.skipif(not SPEC.exists(), reason="the Bot API as data (shared/data) is not on this machine")
JPEG = b"\xff\xd8\xff\xe0 a picture"


@pytest.fixture(scope="module")
def spec() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(SPEC.read_text())
    return read


@pytest.mark.parametrize("name", sorted(METHODS))
def test_a_method_has_exactly_the_parameters_of_the_bot_api(spec: dict[str, Any], name: str) -> None:
    known = METHODS[name]
    fields = {field["name"]: field for field in spec["methods"][name].get("fields", [])}
    assert set(known.required | known.optional) == set(fields)
    for parameter, kinds in (known.required | known.optional).items():
        assert kinds.split("|") == fields[parameter]["types"], parameter
        assert (parameter in known.required) == fields[parameter]["required"], parameter


def test_every_answer_and_update_is_of_a_type_of_the_bot_api(spec: dict[str, Any]) -> None:
    with FakeTelegram() as fake:
        lan = fake.user("Lan", username="lan", last_name="Nguyễn")
        _everything_a_person_does(fake, lan)
        for update in fake.do(lambda world: list(world.updates)):
            assert _faults(spec, update, "Update", "Update") == []
        group = fake.group(forum=True)
        group.adds_bot(lan)
        results = {
            "ForumTopic": fake.do(lambda world: _call(world, "createForumTopic", chat_id=group.id, name="Kiến nghị")),
            "User": fake.do(lambda world: _call(world, "getMe")),
            "WebhookInfo": fake.do(lambda world: _call(world, "getWebhookInfo")),
            "File": fake.do(lambda world: _call(world, "getFile", file_id=next(iter(world.files)))),
        }
        mai = fake.user("Mai")
        mai.starts()
        keyboard = {"inline_keyboard": [[{"text": "Có", "callback_data": "1"}, {"text": "Xem", "url": "https://a.vn"}]]}
        sent = fake.do(lambda world: _call(world, "sendMessage", chat_id=lan.id, text="a", reply_markup=keyboard))
        edit = {"chat_id": lan.id, "message_id": sent["message_id"], "text": "b"}
        messages = [
            sent,
            fake.do(lambda world: _call(world, "sendPhoto", chat_id=lan.id, photo=JPEG, caption="c")),
            fake.do(lambda world: _call(world, "sendVoice", chat_id=mai.id, voice=b"OggS", caption="d")),
            fake.do(lambda world: _call(world, "sendAudio", chat_id=mai.id, audio=b"ID3")),
            fake.do(lambda world: _call(world, "editMessageText", **edit)),
        ]
    for kind, result in [*results.items(), *(("Message", message) for message in messages)]:
        assert _faults(spec, result, kind, kind) == []


def test_our_own_reading_knows_only_fields_of_the_bot_api(spec: dict[str, Any]) -> None:
    ours: dict[str, type[msgspec.Struct]] = {
        "Update": updates.Update,
        "Message": updates.Message,
        "Audio": updates.File,
        "User": updates.User,
        "Chat": updates.Chat,
        "PhotoSize": updates.PhotoSize,
        "Document": updates.File,
        "Location": updates.Location,
        "Contact": updates.Contact,
        "CallbackQuery": updates.CallbackQuery,
        "ChatMemberUpdated": updates.MemberUpdate,
        "ResponseParameters": updates.Parameters,
    }
    for kind, struct in ours.items():
        known = {field["name"]: field for field in spec["types"][kind]["fields"]}
        for field in msgspec.structs.fields(struct):
            assert field.encode_name in known, f"{kind}.{field.encode_name}"
            required = field.default is msgspec.NODEFAULT and field.default_factory is msgspec.NODEFAULT
            assert not required or known[field.encode_name]["required"], f"{kind}.{field.encode_name} may be missing"
    kinds = {field["name"] for field in spec["types"]["Update"]["fields"]}
    assert set(updates.ALLOWED_UPDATES) <= kinds


@pytest.mark.parametrize("kind", sorted(payloads("telegram")))
def test_a_kept_payload_is_an_update_of_the_bot_api(spec: dict[str, Any], kind: str) -> None:
    assert _faults(spec, payloads("telegram")[kind], "Update", "Update") == []


def _everything_a_person_does(fake: FakeTelegram, lan: Any) -> None:
    lan.starts("x")
    lan.edits("/start y")
    lan.sends_photo(JPEG, "ảnh")
    lan.sends_document(JPEG, "image/jpeg")
    lan.sends_voice()
    lan.sends_audio()
    lan.sends_video()
    lan.sends_album([JPEG, JPEG], "hai ảnh")
    group = fake.group(forum=True)
    group.adds_bot(lan)
    named = {"chat_id": group.id, "name": "Phản ánh"}
    topic = fake.do(lambda world: _call(world, "createForumTopic", **named))
    there = {"chat_id": group.id, "message_thread_id": topic["message_thread_id"]}
    fake.do(lambda world: _call(world, "sendMessage", text="Phản ánh mới", **there))
    group.hears(lan, "/menu", answering=group.said[0][1])
    group.moves(lan).puts_bot_out(lan)
    lan.sends_location(21.0, 106.0)
    lan.sends_contact("+84912345678")
    lan.sends_sticker()
    keyboard = {"inline_keyboard": [[{"text": "Có", "callback_data": "1"}]]}
    fake.do(lambda world: _call(world, "sendMessage", chat_id=lan.id, text="Có?", reply_markup=keyboard))
    lan.presses("Có")
    lan.blocks()
    lan.unblocks()


def _call(world: Any, method: str, **params: Any) -> Any:
    from tests.fakes.telegram.calls import CALLS

    return CALLS[method](world, params)


def _faults(spec: dict[str, Any], value: Any, kind: str, path: str) -> list[str]:
    """Where `value` is not a `kind` of the Bot API: unknown, missing or mistyped fields, as paths."""
    if kind.startswith("Array of "):
        if not isinstance(value, list):
            return [f"{path}: not an array"]
        return [fault for one in value for fault in _faults(spec, one, kind.removeprefix("Array of "), f"{path}[]")]
    simple = {"Integer": int, "String": str, "Boolean": bool, "True": bool, "Float": float}
    if kind in simple:
        fits = isinstance(value, simple[kind]) and (kind != "Integer" or not isinstance(value, bool))
        return [] if fits else [f"{path}: {value!r} is no {kind}"]
    described = spec["types"][kind]
    if described.get("subtypes"):
        return _fewest(_faults(spec, value, subtype, path) for subtype in described["subtypes"])
    fields = {field["name"]: field for field in described.get("fields", [])}
    faults = [f"{path}.{name}: unknown" for name in value if name not in fields]
    faults += [f"{path}.{name}: missing" for name, field in fields.items() if field["required"] and name not in value]
    for name in value.keys() & fields.keys():
        faults += _fewest(_faults(spec, value[name], each, f"{path}.{name}") for each in fields[name]["types"])
    return faults


def _fewest(tried: Iterable[list[str]]) -> list[str]:
    """What is wrong with a value when the alternative that fits it best is taken."""
    return min(tried, key=len)
