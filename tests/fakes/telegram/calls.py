"""What each method of the fake does to its world, once the parameters are read."""

from collections.abc import Callable
from typing import Any

from tests.fakes.telegram import checks
from tests.fakes.telegram.methods import ApiError, Upload, bad
from tests.fakes.telegram.world import BOT, Chat, Hook, World

_ACTIONS = {"typing", "upload_photo", "upload_document", "find_location", "record_voice", "upload_voice"}


def _open_chat(world: World, params: dict[str, Any]) -> Chat:
    chat = world.chat(params["chat_id"])
    if chat.moved_to:
        what = "Bad Request: group chat was upgraded to a supergroup chat"
        raise ApiError(400, what, migrate_to=chat.moved_to)
    if chat.without_bot:
        raise ApiError(403, f"Forbidden: bot was kicked from the {chat.type} chat")
    if chat.deactivated:
        raise ApiError(403, "Forbidden: user is deactivated")
    if chat.blocked:
        raise ApiError(403, "Forbidden: bot was blocked by the user")
    return chat


def _get_me(_world: World, _params: dict[str, Any]) -> Any:
    return BOT | {"can_join_groups": False, "can_read_all_group_messages": False, "supports_inline_queries": False}


def _send_message(world: World, params: dict[str, Any]) -> Any:
    chat = _open_chat(world, params)
    text, keyboard = checks.text_of(params), checks.keyboard_of(params)
    keys = checks.keys_of(params, private=chat.type == "private")
    topic = _topic(chat, params.get("message_thread_id", 0))
    world.flood.take(params["chat_id"], world.now())
    if keys is not None:
        chat.keys = keys
    return world.message(chat, world.add_letter(chat, from_bot=True, text=text, keyboard=keyboard, topic=topic))


def _topic(chat: Chat, topic: int) -> int:
    if topic and topic not in chat.topics:
        raise bad("message thread not found")
    if topic in chat.closed:
        raise bad("TOPIC_CLOSED")
    return topic


def _create_forum_topic(world: World, params: dict[str, Any]) -> Any:
    chat = _open_chat(world, params)
    if not chat.user.get("is_forum"):
        raise bad("the chat is not a forum")
    if not chat.may_open_topics:
        raise bad("not enough rights to create a topic")
    if not 1 <= checks.utf16(params["name"]) <= 128:
        raise bad("TOPIC_TITLE_EMPTY")
    id = next(world.topic_ids)
    chat.topics[id] = params["name"]
    world.stir()
    return {"message_thread_id": id, "name": params["name"], "icon_color": 7322096}


def _send_photo(world: World, params: dict[str, Any]) -> Any:
    chat = _open_chat(world, params)
    caption, keyboard = checks.caption_of(params), checks.keyboard_of(params)
    photo = params["photo"]
    if isinstance(photo, bytes):
        checks.picture(photo)
        photo = world.add_file(photo)
    elif photo not in world.files:
        raise bad("wrong remote file identifier specified: Wrong string length")
    world.flood.take(params["chat_id"], world.now())
    return world.message(chat, world.add_letter(chat, from_bot=True, text=caption, photo=photo, keyboard=keyboard))


def _send_audio(world: World, params: dict[str, Any]) -> Any:
    return _send_recording(world, params, "audio")


def _send_voice(world: World, params: dict[str, Any]) -> Any:
    return _send_recording(world, params, "voice")


def _send_document(world: World, params: dict[str, Any]) -> Any:
    chat = _open_chat(world, params)
    caption, keyboard = checks.caption_of(params), checks.keyboard_of(params)
    content = params["document"]
    if not isinstance(content, Upload):
        raise bad("wrong remote file identifier specified: Wrong string length")
    checks.document(content)
    file_id = world.add_file(content)
    known = {"file_id": file_id, "file_unique_id": f"Q{file_id}"[-12:], "file_name": content.name}
    world.flood.take(params["chat_id"], world.now())
    letter = world.add_letter(
        chat, from_bot=True, text=caption, document=file_id, file_name=content.name, keyboard=keyboard
    )
    letter.content = {"document": known | {"file_size": len(content)}} | ({"caption": caption} if caption else {})
    return world.message(chat, letter)


def _send_recording(world: World, params: dict[str, Any], field: str) -> Any:
    chat = _open_chat(world, params)
    caption, keyboard = checks.caption_of(params), checks.keyboard_of(params)
    content = params[field]
    if not isinstance(content, bytes):
        raise bad("wrong remote file identifier specified: Wrong string length")
    checks.recording(content, field)
    file_id = world.add_file(content)
    known = {"file_id": file_id, "file_unique_id": f"Q{file_id}"[-12:], "duration": 3, "file_size": len(content)}
    world.flood.take(params["chat_id"], world.now())
    letter = world.add_letter(chat, from_bot=True, text=caption, recording=file_id, keyboard=keyboard)
    letter.content = {field: known} | ({"caption": caption} if caption else {})
    return world.message(chat, letter)


def _edit_message_text(world: World, params: dict[str, Any]) -> Any:
    if "chat_id" not in params:
        raise bad("chat_id is empty")
    chat = _open_chat(world, params)
    letter = next((one for one in chat.letters if one.id == params.get("message_id")), None)
    if letter is None:
        raise bad("message to edit not found")
    if not letter.from_bot:
        raise bad("message can't be edited")
    if letter.photo or letter.recording or letter.document:
        raise bad("there is no text in the message to edit")
    text, keyboard = checks.text_of(params), checks.keyboard_of(params)
    if (text, keyboard) == (letter.text, letter.keyboard):
        raise bad(
            "message is not modified: specified new message content and reply markup are exactly the same "
            "as a current content and reply markup of the message"
        )
    world.flood.take(params["chat_id"], world.now())
    letter.text, letter.keyboard, letter.edited = text, keyboard, int(world.now())
    world.touch(letter)
    return world.message(chat, letter)


def _answer_callback_query(world: World, params: dict[str, Any]) -> Any:
    press = world.presses.get(params["callback_query_id"])
    if press is None or press.answered or world.now() - press.at > world.callback_seconds:
        raise bad("query is too old and response timeout expired or query ID is invalid")
    if checks.utf16(params.get("text", "")) > 200:
        raise bad("MESSAGE_TOO_LONG")
    press.answered = True
    press.text, press.alert = params.get("text", ""), params.get("show_alert", False)
    world.stir()
    return True


def _get_file(world: World, params: dict[str, Any]) -> Any:
    file_id = params["file_id"]
    if file_id not in world.files:
        raise bad("wrong file_id or the file is temporarily unavailable")
    size = world.files[file_id].size
    if size > checks.MAX_DOWNLOAD:
        raise bad("file is too big")
    unique = f"Q{file_id}"[-12:]
    return {"file_id": file_id, "file_unique_id": unique, "file_size": size, "file_path": f"photos/{file_id}.jpg"}


def _set_webhook(world: World, params: dict[str, Any]) -> Any:
    checks.webhook(params, plain_http=world.plain_http)
    if params.get("drop_pending_updates"):
        world.updates.clear()
    world.hook = Hook(params["url"], params.get("secret_token", ""), params.get("max_connections", 40))
    world.allowed = params.get("allowed_updates", world.allowed)
    world.stir()
    return True


def _delete_webhook(world: World, params: dict[str, Any]) -> Any:
    if params.get("drop_pending_updates"):
        world.updates.clear()
    world.hook = Hook()
    world.stir()
    return True


def _get_webhook_info(world: World, _params: dict[str, Any]) -> Any:
    hook = world.hook
    info: dict[str, Any] = {
        "url": hook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates),
    }
    if hook.url:
        info["max_connections"] = hook.max_connections
    if hook.error:
        info |= {"last_error_date": hook.error_at, "last_error_message": hook.error}
    if world.allowed:
        info["allowed_updates"] = world.allowed
    return info


def _set_my_commands(world: World, params: dict[str, Any]) -> Any:
    checks.commands(params["commands"])
    scope = params.get("scope", {"type": "default"})
    if scope.get("type") not in {"default", "all_private_chats", "all_group_chats", "all_chat_administrators"}:
        raise bad("the fake knows no such scope")
    world.commands[f"{scope['type']}/{params.get('language_code', '')}"] = params["commands"]
    return True


def _send_chat_action(world: World, params: dict[str, Any]) -> Any:
    _open_chat(world, params)
    if params["action"] not in _ACTIONS:
        raise bad("wrong parameter action in request")
    return True


CALLS: dict[str, Callable[[World, dict[str, Any]], Any]] = {
    "getMe": _get_me,
    "sendMessage": _send_message,
    "sendPhoto": _send_photo,
    "sendAudio": _send_audio,
    "sendVoice": _send_voice,
    "sendDocument": _send_document,
    "editMessageText": _edit_message_text,
    "answerCallbackQuery": _answer_callback_query,
    "getFile": _get_file,
    "setWebhook": _set_webhook,
    "deleteWebhook": _delete_webhook,
    "getWebhookInfo": _get_webhook_info,
    "createForumTopic": _create_forum_topic,
    "setMyCommands": _set_my_commands,
    "sendChatAction": _send_chat_action,
}
"""Every known method but getUpdates, which waits and so lives with the server."""
