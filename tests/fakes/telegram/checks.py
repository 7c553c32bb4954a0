"""What Telegram refuses in the content of a message: lengths, keyboards, pictures, secrets."""

import re
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from tests.fakes.telegram.methods import ApiError, Upload, bad

MAX_TEXT, MAX_CAPTION, MAX_BUTTONS, MAX_ROW, MAX_DATA = 4096, 1024, 100, 8, 64
MAX_PHOTO, MAX_DOWNLOAD = 10 * 1024 * 1024, 20 * 1024 * 1024
MAX_AUDIO = 50 * 1024 * 1024
MAX_DOCUMENT = 50 * 1024 * 1024
_ACTIONS = ("callback_data", "url")
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"RIFF", b"BM")


def utf16(text: str) -> int:
    """Length as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2


def text_of(params: dict[str, Any]) -> str:
    """The text of a message as it will stand in the chat: trimmed, not empty, not too long."""
    _plain(params, "entities")
    text = str(params.get("text", "")).strip()
    if not text:
        raise bad("message text is empty")
    if utf16(text) > MAX_TEXT:
        raise bad("message is too long")
    return text


def caption_of(params: dict[str, Any]) -> str:
    """The caption of a photo, which may be empty."""
    _plain(params, "caption_entities")
    caption = str(params.get("caption", "")).strip()
    if utf16(caption) > MAX_CAPTION:
        raise bad("message caption is too long")
    return caption


def _plain(params: dict[str, Any], entities: str) -> None:
    if params.get("parse_mode") or params.get(entities) or "rich_message" in params:
        raise bad("can't parse entities: the fake shows plain text only")


def keys_of(params: dict[str, Any], *, private: bool) -> list[list[dict[str, Any]]] | None:
    """The rows of buttons in place of the letters, empty where they are taken away, None where they stay."""
    markup = params.get("reply_markup") or {}
    if "remove_keyboard" in markup:
        if set(markup) - {"remove_keyboard", "selective"} or markup["remove_keyboard"] is not True:
            raise bad("object expected as reply markup")
        return []
    if "keyboard" not in markup:
        return None
    if set(markup) - {
        "keyboard", "is_persistent", "resize_keyboard", "one_time_keyboard", "input_field_placeholder", "selective"
    }:  # fmt: skip
        raise bad("the fake knows no such field of a keyboard")
    rows = markup["keyboard"]
    if not isinstance(rows, list) or not rows or not all(isinstance(row, list) and row for row in rows):
        raise bad('field "keyboard" of the type Array is required')
    return [[_key(key, private=private) for key in row] for row in rows]


def _key(key: Any, *, private: bool) -> dict[str, Any]:
    if not isinstance(key, dict) or not isinstance(key.get("text"), str) or not key["text"].strip():
        raise bad('can\'t parse keyboard button: field "text" must be a non-empty String')
    asked = {name: value for name, value in key.items() if name != "text" and value is not None}
    if len(asked) > 1 or set(asked) - {"request_contact", "request_location"} or set(asked.values()) - {True}:
        raise bad("the fake knows no such keyboard button")
    if asked and not private:
        raise bad("phone number and location can be requested in private chats only")
    return key


def keyboard_of(params: dict[str, Any]) -> list[list[dict[str, str]]]:
    """The rows of an inline keyboard, empty when there is none."""
    markup = params.get("reply_markup")
    if markup is None or "keyboard" in markup or "remove_keyboard" in markup:
        return []
    rows = markup.get("inline_keyboard")
    if not isinstance(rows, list) or len(markup) != 1:
        raise bad("object expected as reply markup: the fake knows only inline keyboards")
    if not all(isinstance(row, list) for row in rows):
        raise bad('field "inline_keyboard" must be an Array of Arrays')
    if sum(map(len, rows)) > MAX_BUTTONS or any(len(row) > MAX_ROW for row in rows):
        raise bad("reply markup is too long")
    return [[_button(button) for button in row] for row in rows if row]


def _button(button: Any) -> dict[str, str]:
    if not isinstance(button, dict) or not isinstance(button.get("text"), str) or not button["text"].strip():
        raise bad('can\'t parse inline keyboard button: field "text" must be a non-empty String')
    kept = {key: value for key, value in button.items() if value is not None}
    actions = [key for key in kept if key in _ACTIONS]
    if len(actions) != 1 or len(kept) != 2:
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if actions == ["callback_data"]:
        data = kept["callback_data"]
        if not isinstance(data, str) or not 1 <= len(data.encode()) <= MAX_DATA:
            raise bad("BUTTON_DATA_INVALID")
    elif not re.match(r"(https?|tg)://\S+$", str(kept["url"])) or not _public(str(kept["url"])):
        raise bad(f"inline keyboard button URL '{kept['url']}' is invalid: Wrong HTTP URL")
    return kept


def _public(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_global
    except ValueError:
        return url.startswith("tg:") or "." in host


def picture(content: bytes) -> None:
    """Refuse what cannot be shown as a photo."""
    if not content:
        raise bad("file must be non-empty")
    if len(content) > MAX_PHOTO:
        raise ApiError(413, "Request Entity Too Large")
    if not content.startswith(_PICTURES):
        raise bad("IMAGE_PROCESS_FAILED")


def document(upload: Upload) -> None:
    """Refuse what cannot be sent as a document; one without a name of its own would be saved as "document"."""
    if not upload:
        raise bad("file must be non-empty")
    if len(upload) > MAX_DOCUMENT:
        raise ApiError(413, "Request Entity Too Large")
    if not upload.name or "/" in upload.name or "." not in upload.name:
        raise bad("the fake takes no document without a name that a person could open it by")


def recording(content: bytes, field: str) -> None:
    """Refuse what cannot be played: sendVoice takes Ogg, sendAudio MP3 and M4A."""
    if not content:
        raise bad("file must be non-empty")
    if len(content) > MAX_AUDIO:
        raise ApiError(413, "Request Entity Too Large")
    ogg, song = content.startswith(b"OggS"), content.startswith((b"ID3", b"\xff")) or content[4:8] == b"ftyp"
    if not (ogg if field == "voice" else song):
        raise bad("the fake plays no such recording")


def webhook(params: dict[str, Any], *, plain_http: bool) -> None:
    """Refuse a webhook Telegram would not accept; `plain_http` lets one on this machine through."""
    url = params["url"]
    local = plain_http and re.match(r"http://(127\.0\.0\.1|localhost)[:/]", url)
    if url and not (url.startswith("https://") or local):
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    port = re.match(r"https://[^/]+:(\d+)", url)
    if port and port.group(1) not in {"443", "80", "88", "8443"}:
        raise bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    secret = params.get("secret_token", "")
    if len(secret) > 256:
        raise bad("secret token is too long")
    if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
        raise bad("secret token contains unallowed characters")
    if not 1 <= params.get("max_connections", 40) <= 100:
        raise bad("max_connections must be between 1 and 100")


def commands(given: list[Any]) -> None:
    """Refuse a commands menu Telegram would not show."""
    if len(given) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for one in given:
        if not isinstance(one, dict) or not re.fullmatch(r"[a-z0-9_]{1,32}", str(one.get("command"))):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(str(one.get("description", "")).strip()) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
