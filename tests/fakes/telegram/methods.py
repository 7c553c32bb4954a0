"""The Bot API methods the fake knows: parameters, types and what is required, and reading them off a request.

The table is checked against the Bot API as data by tests/contract/test_fake_telegram_spec.py.
"""

import json
from dataclasses import dataclass
from typing import Any, Self

_SEND = {
    "business_connection_id": "String",
    "message_thread_id": "Integer",
    "direct_messages_topic_id": "Integer",
    "parse_mode": "String",
    "disable_notification": "Boolean",
    "protect_content": "Boolean",
    "allow_paid_broadcast": "Boolean",
    "message_effect_id": "String",
    "suggested_post_parameters": "SuggestedPostParameters",
    "reply_parameters": "ReplyParameters",
}
_MARKUP = "InlineKeyboardMarkup|ReplyKeyboardMarkup|ReplyKeyboardRemove|ForceReply"


class Upload(bytes):
    """A file as it was uploaded, with the name that came with it."""

    name: str

    def __new__(cls, content: bytes, name: str) -> Self:
        made = super().__new__(cls, content)
        made.name = name
        return made


@dataclass(frozen=True)
class Method:
    """What a method takes: name -> type, as the Bot API writes types, alternatives joined by "|"."""

    required: dict[str, str]
    optional: dict[str, str]


METHODS: dict[str, Method] = {
    "getMe": Method({}, {}),
    "getUpdates": Method(
        {}, {"offset": "Integer", "limit": "Integer", "timeout": "Integer", "allowed_updates": "Array of String"}
    ),
    "setWebhook": Method(
        {"url": "String"},
        {
            "certificate": "InputFile",
            "ip_address": "String",
            "max_connections": "Integer",
            "allowed_updates": "Array of String",
            "drop_pending_updates": "Boolean",
            "secret_token": "String",
        },
    ),
    "deleteWebhook": Method({}, {"drop_pending_updates": "Boolean"}),
    "getWebhookInfo": Method({}, {}),
    "sendMessage": Method(
        {"chat_id": "Integer|String", "text": "String"},
        {
            **_SEND,
            "entities": "Array of MessageEntity",
            "link_preview_options": "LinkPreviewOptions",
            "reply_markup": _MARKUP,
        },
    ),
    "sendPhoto": Method(
        {"chat_id": "Integer|String", "photo": "InputFile|String"},
        {
            **_SEND,
            "caption": "String",
            "caption_entities": "Array of MessageEntity",
            "show_caption_above_media": "Boolean",
            "has_spoiler": "Boolean",
            "reply_markup": _MARKUP,
        },
    ),
    "sendAudio": Method(
        {"chat_id": "Integer|String", "audio": "InputFile|String"},
        {
            **_SEND,
            "caption": "String",
            "caption_entities": "Array of MessageEntity",
            "duration": "Integer",
            "performer": "String",
            "title": "String",
            "thumbnail": "InputFile|String",
            "reply_markup": _MARKUP,
        },
    ),
    "sendDocument": Method(
        {"chat_id": "Integer|String", "document": "InputFile|String"},
        {
            **_SEND,
            "caption": "String",
            "caption_entities": "Array of MessageEntity",
            "thumbnail": "InputFile|String",
            "disable_content_type_detection": "Boolean",
            "reply_markup": _MARKUP,
        },
    ),
    "sendVoice": Method(
        {"chat_id": "Integer|String", "voice": "InputFile|String"},
        {
            **_SEND,
            "caption": "String",
            "caption_entities": "Array of MessageEntity",
            "duration": "Integer",
            "reply_markup": _MARKUP,
        },
    ),
    "editMessageText": Method(
        {},
        {
            "business_connection_id": "String",
            "chat_id": "Integer|String",
            "message_id": "Integer",
            "inline_message_id": "String",
            "text": "String",
            "parse_mode": "String",
            "entities": "Array of MessageEntity",
            "link_preview_options": "LinkPreviewOptions",
            "rich_message": "InputRichMessage",
            "reply_markup": "InlineKeyboardMarkup",
        },
    ),
    "answerCallbackQuery": Method(
        {"callback_query_id": "String"},
        {"text": "String", "show_alert": "Boolean", "url": "String", "cache_time": "Integer"},
    ),
    "getFile": Method({"file_id": "String"}, {}),
    "createForumTopic": Method(
        {"chat_id": "Integer|String", "name": "String"},
        {"icon_color": "Integer", "icon_custom_emoji_id": "String"},
    ),
    "setMyCommands": Method(
        {"commands": "Array of BotCommand"}, {"scope": "BotCommandScope", "language_code": "String"}
    ),
    "sendChatAction": Method(
        {"chat_id": "Integer|String", "action": "String"},
        {"business_connection_id": "String", "message_thread_id": "Integer"},
    ),
}
NAMES = {name.lower(): name for name in METHODS}
"""Telegram takes method names in any case."""


class ApiError(Exception):
    """An answer with ok: false."""

    def __init__(self, code: int, description: str, *, retry_after: int = 0, migrate_to: int = 0) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after
        self.migrate_to = migrate_to


def bad(what: str) -> ApiError:
    """400 in the words of the Bot API."""
    return ApiError(400, f"Bad Request: {what}")


def read_params(name: str, given: dict[str, Any], files: dict[str, bytes]) -> dict[str, Any]:
    """The parameters of a call with their right Python types. Stricter than Telegram: an unknown name is an error."""
    method = METHODS[name]
    types = method.required | method.optional
    # A part of a form may be referred to from elsewhere as attach://<name>; only such parts need no parameter.
    attached = {value[9:] for value in given.values() if isinstance(value, str) and value.startswith("attach://")}
    for unknown in (set(given) | set(files) - attached) - set(types):
        raise bad(f"the fake knows no parameter {unknown!r} of {name}")
    read: dict[str, Any] = {}
    for parameter, wanted in types.items():
        if parameter in files:
            if "InputFile" not in wanted:
                raise bad(f"{parameter} cannot be uploaded")
            read[parameter] = files[parameter]
        elif given.get(parameter) is not None:
            read[parameter] = _typed(parameter, given[parameter], wanted.split("|"), files)
        elif parameter in method.required:
            raise bad(_missing(parameter))
    return read


def _missing(parameter: str) -> str:
    words = {"text": "message text is empty", "photo": "there is no photo in the request"}
    return words.get(parameter, f"parameter {parameter!r} is required")


def _typed(parameter: str, value: Any, wanted: list[str], files: dict[str, bytes]) -> Any:
    if "InputFile" in wanted and isinstance(value, str) and value.startswith("attach://"):
        if value[9:] not in files:
            raise bad(f"there is no file {value[9:]!r} in the request")
        return files[value[9:]]
    for kind in wanted:
        fits, typed = _as(kind, value)
        if fits:
            return typed
    raise bad(f"parameter {parameter!r} must be {' or '.join(wanted)}, not {value!r}"[:300])


def _as(kind: str, value: Any) -> tuple[bool, Any]:
    """Whether `value`, native from JSON or text from a form, is of this kind, and how Python holds it."""
    if kind == "Integer":
        if isinstance(value, int) and not isinstance(value, bool):
            return True, value
        return (True, int(value)) if isinstance(value, str) and value.lstrip("-").isdecimal() else (False, None)
    if kind == "Boolean":
        if isinstance(value, bool):
            return True, value
        known = {"true": True, "1": True, "false": False, "0": False}
        return (True, known[value.lower()]) if isinstance(value, str) and value.lower() in known else (False, None)
    if kind in {"String", "InputFile"}:
        return isinstance(value, str) and kind == "String", value
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return False, None
    if kind == "Array of String":
        return isinstance(value, list) and all(isinstance(one, str) for one in value), value
    return isinstance(value, list if kind.startswith("Array of ") else dict), value
