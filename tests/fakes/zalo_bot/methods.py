"""The methods of the Bot API, as strict as the platform; names are case-sensitive."""

import ipaddress
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from tests.fakes.zalo_bot.world import ApiError, Chat, Letter, World

BOT = {
    "id": "1459232241454765289",
    "account_name": "bot.VDKyGxQvc",
    "account_type": "BASIC",
    "can_join_groups": False,
}
MAX_TEXT = 2000
_MARKUPS = {"markdown", "html"}


def _bad(description: str) -> ApiError:
    return ApiError(400, f"Bad Request: {description}")


def _words(params: dict[str, Any], name: str, *, optional: bool = False) -> str:
    value = params.get(name)
    if value is None and optional:
        return ""
    if not isinstance(value, str):
        raise _bad(f"{name} must be a string")
    # The documents say characters and count styles in UTF-16 units: so are characters here.
    if not 1 <= len(value.encode("utf-16-le")) // 2 <= MAX_TEXT or not value.strip():
        raise _bad(f"{name} must have 1 to {MAX_TEXT} characters")
    return value


def _chat(world: World, params: dict[str, Any]) -> Chat:
    chat_id = params.get("chat_id")
    if not isinstance(chat_id, str) or not chat_id:
        raise _bad("chat_id is required")
    return world.chat(chat_id)


def _sent(world: World, letter: Letter) -> dict[str, Any]:
    if world.quota is not None:
        world.quota -= 1
    return {"message_id": letter.id, "date": letter.date}


def _count(world: World) -> None:
    if world.quota == 0:
        raise ApiError(429, "Quota exceeded")


def get_me(_: World, __: dict[str, Any]) -> Any:
    return BOT


def send_message(world: World, params: dict[str, Any]) -> Any:
    chat = _chat(world, params)
    text = _words(params, "text")
    if params.get("parse_mode") not in {None, *_MARKUPS}:
        raise _bad("parse_mode must be markdown or html")
    _count(world)
    return _sent(world, world.add_letter(chat, from_bot=True, text=text))


def send_photo(world: World, params: dict[str, Any]) -> Any:
    chat = _chat(world, params)
    photo = params.get("photo")
    if not isinstance(photo, str) or urlsplit(photo).scheme not in {"http", "https"}:
        raise _bad("photo must be an http or https address")
    caption = _words(params, "caption", optional=True)
    _count(world)
    return _sent(world, world.add_letter(chat, from_bot=True, text=caption, photo=photo))


def send_sticker(world: World, params: dict[str, Any]) -> Any:
    chat = _chat(world, params)
    if not isinstance(params.get("sticker"), str) or not params["sticker"]:
        raise _bad("sticker is required")
    _count(world)
    return _sent(world, world.add_letter(chat, from_bot=True))


def send_voice(world: World, params: dict[str, Any]) -> Any:
    chat = _chat(world, params)
    url = params.get("voice_url")
    if not isinstance(url, str) or urlsplit(url).scheme not in {"http", "https"} or not url.endswith(".aac"):
        raise _bad("voice_url must be the address of an .aac file")
    _count(world)
    return _sent(world, world.add_letter(chat, from_bot=True))


def send_chat_action(world: World, params: dict[str, Any]) -> Any:
    _chat(world, params)
    if params.get("action") not in {"typing", "upload_photo"}:
        raise _bad("action must be typing")
    return True


def set_webhook(world: World, params: dict[str, Any]) -> Any:
    url, secret = params.get("url"), params.get("secret_token")
    if not isinstance(url, str) or not _public(url, plain=world.plain_http):
        raise _bad("url must be a public https address")
    if not isinstance(secret, str) or not re.fullmatch(r"\S{8,256}", secret):
        raise _bad("secret_token must have 8 to 256 characters")
    world.hook.url, world.hook.secret, world.hook.updated_at = url, secret, world.ms()
    world.hooks_set += 1
    world.stir()
    return {"url": url, "updated_at": world.hook.updated_at}


def delete_webhook(world: World, _: dict[str, Any]) -> Any:
    world.hook.url, world.hook.secret, world.hook.updated_at = "", "", world.ms()
    world.stir()
    return get_webhook_info(world, {})


def get_webhook_info(world: World, _: dict[str, Any]) -> Any:
    return {"url": world.hook.url, "updated_at": world.hook.updated_at or world.ms()}


def _public(url: str, *, plain: bool) -> bool:
    parts = urlsplit(url)
    host = parts.hostname or ""
    if plain and host == "127.0.0.1":
        return parts.scheme in {"http", "https"}
    try:
        return parts.scheme == "https" and ipaddress.ip_address(host).is_global
    except ValueError:
        return parts.scheme == "https" and "." in host and not host.endswith((".local", ".localhost"))


METHODS: dict[str, Callable[[World, dict[str, Any]], Any]] = {
    "getMe": get_me,
    "sendMessage": send_message,
    "sendPhoto": send_photo,
    "sendSticker": send_sticker,
    "sendVoice": send_voice,
    "sendChatAction": send_chat_action,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
}
