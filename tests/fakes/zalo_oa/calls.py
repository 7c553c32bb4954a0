"""What each call of the OpenAPI does to the world of the fake, once it is admitted."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from tests.fakes.zalo_oa import checks
from tests.fakes.zalo_oa.checks import bad, only
from tests.fakes.zalo_oa.world import NAME, OA_ID, PICTURE_LIFE, UPLOADS, ApiError, Chat, World

Given = Mapping[str, Any]


def _chat(world: World, given: Any) -> Chat:
    if not isinstance(given, str) or given not in world.chats:
        raise ApiError(-201, "user_id is invalid")
    return world.chats[given]


def _message(world: World, given: Given) -> Any:
    only(dict(given), "recipient", "message")
    chat = _chat(world, only(given.get("recipient"), "user_id").get("user_id"))
    message = only(given.get("message"), "text", "attachment", "quote_message_id")
    content = _content(world, message)
    checks.window(world, chat)
    letter = world.add(chat, from_bot=True, **content)
    sent = str(int(letter.at * 1000))
    return {"message_id": letter.id, "user_id": chat.id, "sent_time": sent}


def _content(world: World, message: dict[str, Any]) -> dict[str, Any]:
    if "attachment" not in message:
        return {"text": checks.text_of(message, needed=True)}
    attachment = only(message["attachment"], "type", "payload")
    if attachment.get("type") != "template":
        raise ApiError(-233, "Message type is invalid or not support")
    payload = only(attachment.get("payload"), "template_type", "elements", "buttons")
    kind = payload.get("template_type")
    if kind is None:
        return {"text": checks.text_of(message, needed=True), "buttons": checks.buttons_of(payload)}
    if kind == "media":
        text = checks.text_of(message, needed=False)
        found = checks.picture_of(world, payload)
        return {"text": text, "picture": found, "buttons": checks.buttons_of(payload)}
    if kind == "request_user_info":
        return {"form": checks.form_of(payload)}
    # `list` is found in code and in no page of v3.
    raise ApiError(-233, "Message type is invalid or not support")


def _upload(world: World, given: Given) -> Any:
    content = given.get("file")
    if not isinstance(content, bytes):
        raise bad("file")
    if world.uploads >= UPLOADS:
        raise ApiError(-211, "Out of quota")
    checks.picture(content)
    world.uploads += 1
    id = world.new_id("img")
    world.pictures[id] = (content, world.now() + PICTURE_LIFE)
    return {"attachment_id": id}


def _quota(world: World, given: Given) -> Any:
    figures = {"product_type": "cs", "total": str(world.total), "remain": str(world.left)}
    if "quota_owner" in given:
        if given["quota_owner"] not in ("OA", "App"):
            raise bad("quota_owner")
        return [figures | {"quota_owner": given["quota_owner"], "quota_type": "sub_quota", "valid_through": ""}]
    _chat(world, given.get("user_id"))
    return figures | {"user_id": given["user_id"]}


def _detail(world: World, given: Given) -> Any:
    chat = _chat(world, _data(given).get("user_id"))
    if not chat.follower:
        raise ApiError(-213, "User has not followed OA")
    return {
        "user_id": chat.id,
        "display_name": chat.name,
        "user_is_follower": True,
        "user_id_by_app": f"9{chat.id}",
        "shared_info": {},
    }


def _data(given: Given) -> dict[str, Any]:
    try:
        found = json.loads(given.get("data", ""))
    except (TypeError, ValueError):
        raise bad("data") from None
    return only(found, "user_id")


def _oa(_world: World, _given: Given) -> Any:
    return {"oa_id": OA_ID, "name": NAME, "is_verified": True, "oa_type": 4}


CALLS: dict[tuple[str, str], Callable[[World, Given], Any]] = {
    ("POST", "/v3.0/oa/message/cs"): _message,
    ("POST", "/v2.0/oa/upload/image"): _upload,
    ("POST", "/v3.0/oa/quota/message"): _quota,
    ("GET", "/v3.0/oa/user/detail"): _detail,
    ("GET", "/v2.0/oa/getoa"): _oa,
}
