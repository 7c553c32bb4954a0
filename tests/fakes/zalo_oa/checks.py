"""What Zalo refuses in a message: lengths, buttons, templates, windows."""

import re
from typing import Any

from tests.fakes.zalo_oa.world import DAY, HOUR, ApiError, Chat, World

MAX_TEXT, MAX_BUTTONS, MAX_TITLE, MAX_PAYLOAD = 2000, 5, 100, 1000
MAX_PICTURE = 1024 * 1024
_WEB = re.compile(r"https?://\S+$")


def bad(what: str) -> ApiError:
    """A parameter that is not as it must be."""
    return ApiError(-201, f"Params is invalid: {what}")


def utf16(text: str) -> int:
    """Length as JavaScript and Java count it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def only(given: Any, *keys: str) -> dict[str, Any]:
    """An object with no other keys than these."""
    if not isinstance(given, dict) or not set(given) <= set(keys):
        raise bad(f"expected an object of {keys}, got {given!r}")
    return given


def text_of(message: dict[str, Any], *, needed: bool) -> str:
    """The text of a message."""
    text = message.get("text")
    if text is None and not needed:
        return ""
    if not isinstance(text, str) or not text.strip():
        raise bad("text is empty")
    if utf16(text) > MAX_TEXT:
        raise bad("text is longer than 2000")
    return text


def button(given: Any) -> dict[str, Any]:
    """One button."""
    one = only(given, "title", "type", "payload", "image_icon")
    title, kind, payload = one.get("title"), one.get("type"), one.get("payload")
    if not isinstance(title, str) or not title.strip() or utf16(title) > MAX_TITLE:
        raise bad("title")
    if kind in ("oa.query.show", "oa.query.hide"):
        if not isinstance(payload, str) or not 0 < len(payload.encode()) <= MAX_PAYLOAD:
            raise bad("payload of a query")
    elif kind == "oa.open.url":
        if not _WEB.match(str(only(payload, "url").get("url"))):
            raise bad("url")
    elif kind == "oa.open.phone":
        if not re.fullmatch(r"\+?[0-9]{3,15}", str(only(payload, "phone_code").get("phone_code"))):
            raise bad("phone_code")
    else:
        raise bad(f"type {kind!r}")
    return one


def buttons_of(payload: dict[str, Any]) -> list[dict[str, Any]]:
    """The buttons of a template."""
    found = payload.get("buttons", [])
    if not isinstance(found, list) or len(found) > MAX_BUTTONS:
        raise bad("at most 5 buttons")
    return [button(one) for one in found]


def one_element(payload: dict[str, Any]) -> dict[str, Any]:
    """The only element of a template that takes exactly one."""
    elements = payload.get("elements")
    if not isinstance(elements, list) or len(elements) != 1 or not isinstance(elements[0], dict):
        raise bad("exactly 1 element")
    return elements[0]


def form_of(payload: dict[str, Any]) -> dict[str, str]:
    """The form that asks for a telephone number."""
    element = only(one_element(payload), "title", "subtitle", "image_url")
    for key, longest in (("title", 100), ("subtitle", 500)):
        if not isinstance(element.get(key), str) or not 0 < utf16(element[key]) <= longest:
            raise bad(key)
    if not _WEB.match(str(element.get("image_url"))):
        raise bad("image_url")
    return element


def picture_of(world: World, payload: dict[str, Any]) -> bytes:
    """The picture of a media template, which must be up."""
    element = only(one_element(payload), "media_type", "attachment_id", "url")
    if element.get("media_type") != "image":
        raise bad("media_type")
    if "url" in element:
        if not _WEB.match(str(element["url"])):
            raise bad("url")
        return b""
    found = world.pictures.get(str(element.get("attachment_id")))
    if found is None or found[1] <= world.now():
        raise ApiError(-100, "attachment_id is invalid or expired")
    return found[0]


def window(world: World, chat: Chat) -> None:
    """Refuse what comes too late; count what is billed."""
    if chat.opted_out:
        raise ApiError(-244, "User does not want to receive messages of this OA")
    if not chat.follower and chat.spoke_at is None:
        raise ApiError(-213, "User has not followed OA")
    silent = world.now() - (chat.spoke_at or 0)
    if silent > 7 * DAY:
        raise ApiError(-230, "User has not interacted with the OA in the past 7 days")
    if silent > 48 * HOUR:
        world.billed += 1


def picture(content: bytes) -> None:
    """Refuse what is no small picture."""
    if not content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        raise ApiError(-201, "file is not jpg or png")
    if len(content) > MAX_PICTURE:
        raise ApiError(-201, "file is larger than 1 MB")
