"""A Bubble -> the Bot API calls that show it. Pure; plain text without parse_mode, so nothing needs escaping.

A message has one keyboard only. The choices stay below their question; the button that sends a place or a telephone
number, which Telegram knows only in place of the letters, comes with a short message of its own, and is taken away
again with the next message.
"""

from typing import Literal

import msgspec

from bot.channels.base import Address, Capabilities, brings
from bot.channels.telegram.keyboard import MOST, MOST_BYTES, fitted, keyboard, link_on_button
from bot.channels.texts import split, utf16_length
from bot.conversation.messages import Bubble
from feedback.attaching import Attached

MAX_TEXT = 4096
MAX_CAPTION = 1024
"""UTF-16 code units of a message and of a photo's caption."""
MAX_FILE = 50 * 1024 * 1024
"""Bytes of a document that a bot may send (core.telegram.org/bots/api#senddocument)."""

CAPABILITIES = Capabilities(
    max_text=MAX_TEXT,
    buttons=MOST,
    button_bytes=MOST_BYTES,
    edit=True,
    photo_in=True,
    pushed=True,
    contact_in=True,
    link_buttons=True,
    files=(".pdf", ".docx", ".xlsx", ".odt"),
    file_bytes=MAX_FILE,
)

Params = dict[str, object]


class ApiCall(msgspec.Struct, frozen=True):
    """One call: `params` as the Bot API names them, `blob` the id of the file to upload with it (0: none).

    `field` is the parameter that the file goes into, `name` its name. `may_fail`: what comes after goes out all the
    same. `keys` is what a button in place of the letters sends from then on, "none" where it is taken away; the
    message that brings such a button is not the one that is edited later.
    """

    method: Literal["sendMessage", "editMessageText", "sendPhoto", "sendAudio", "sendVoice", "sendDocument"]
    params: Params
    blob: int = 0
    field: str = "photo"
    name: str = "photo.jpg"
    may_fail: bool = False
    keys: str = ""


class Key(msgspec.Struct, frozen=True):
    """A button in place of the letters: what is said above it, and what stands on it."""

    text: str
    label: str


class Keys(msgspec.Struct, frozen=True):
    """The words around such buttons, from the catalogue; `gone` takes them away where nothing else is to be said."""

    place: Key
    contact: Key
    gone: str


def asks_with_keys(bubble: Bubble) -> bool:
    """Whether the message brings a button in place of the letters."""
    return bubble.wants in _REQUESTS


def with_keys(address: Address, bubble: Bubble, keys: Keys, shown: str) -> tuple[ApiCall, ...]:
    """`render`, with the button for a place or a telephone number, or without it again.

    `shown` is what the button that stands there sends ("place", "contact", "" for none). An edited question has its
    button already.
    """
    calls = render(address, bubble)
    if asks_with_keys(bubble):
        return calls if address.edits or shown == bubble.wants else (*calls, _keys_call(address, bubble, keys))
    return _taken_away(address, keys, calls) if shown else calls


_REQUESTS = {"place": "request_location", "scene": "request_location", "contact": "request_contact"}
_TAKE_AWAY = {"remove_keyboard": True}


def _keys_call(address: Address, bubble: Bubble, keys: Keys) -> ApiCall:
    key = keys.contact if bubble.wants == "contact" else keys.place
    markup = {
        "keyboard": [[{"text": key.label, _REQUESTS[bubble.wants]: True}]],
        "resize_keyboard": True,
        "one_time_keyboard": True,
    }
    call = _text_call(address, key.text)
    params = {**call.params, "reply_markup": markup}
    return msgspec.structs.replace(call, params=params, may_fail=True, keys=bubble.wants)


def _taken_away(address: Address, keys: Keys, calls: tuple[ApiCall, ...]) -> tuple[ApiCall, ...]:
    """What follows takes the button with it: a part without choices of its own, else a short message before it."""
    for index, call in enumerate(calls):
        if call.method == "sendMessage" and "reply_markup" not in call.params:
            return (*calls[:index], _taking_away(call), *calls[index + 1 :])
    # Never by a piece cut off the question: its first lines may be its heading.
    return (_taking_away(_text_call(address, keys.gone)), *calls)


def _taking_away(call: ApiCall) -> ApiCall:
    return msgspec.structs.replace(call, params={**call.params, "reply_markup": _TAKE_AWAY}, keys="none")


def render(address: Address, bubble: Bubble) -> tuple[ApiCall, ...]:
    """The calls of one bubble in their order; only the last carries the buttons.

    ValueError for what no citizen can cause: nothing to show, too many ways out, a button id over 64 bytes.
    """
    bubble = fitted(bubble)
    text = _whole_text(bubble)
    if not text and not bubble.blob:
        raise ValueError("a bubble without text and picture cannot be shown on Telegram")
    calls: list[ApiCall] = []
    if bubble.audio:
        calls.append(_audio_call(address, bubble))
    if bubble.blob:
        fits = utf16_length(text) <= MAX_CAPTION
        photo: Params = {"chat_id": int(address.chat)}
        if fits and text:
            photo["caption"] = text
        calls.append(ApiCall("sendPhoto", photo, bubble.blob))
        text = "" if fits else text
    # Evidence comes before its text: the buttons below the text are then what the person sees last.
    calls.extend(ApiCall("sendPhoto", {"chat_id": int(address.chat)}, picture) for picture in bubble.pictures)
    calls.extend(_text_call(address, part) for part in split(text, MAX_TEXT))
    if address.edits and not (bubble.blob or bubble.audio or bubble.pictures):
        params = {**calls[0].params, "message_id": int(address.edits)}
        calls[0] = ApiCall("editMessageText", params)
    if bubble.buttons or link_on_button(bubble):
        last = calls[-1]
        markup = {"inline_keyboard": keyboard(bubble)}
        calls[-1] = msgspec.structs.replace(last, params={**last.params, "reply_markup": markup})
    return (*calls, *(_file_call(address, file) for file in bubble.files if brings(CAPABILITIES, file)))


def anew(call: ApiCall) -> ApiCall:
    """The same message sent as a new one, for when the old one can no longer be edited."""
    return ApiCall("sendMessage", {key: value for key, value in call.params.items() if key != "message_id"})


def _whole_text(bubble: Bubble) -> str:
    text = bubble.text.strip()
    if not bubble.link or bubble.link in text or link_on_button(bubble):
        return text
    address = f"{bubble.link_label}: {bubble.link}" if bubble.link_label else bubble.link
    return f"{text}\n{address}".strip()


def _text_call(address: Address, text: str) -> ApiCall:
    params: Params = {"chat_id": int(address.chat), "text": text, "link_preview_options": {"is_disabled": True}}
    return ApiCall("sendMessage", params)


def _file_call(address: Address, file: Attached) -> ApiCall:
    """A document, after the text that names it: where one does not go the text is not sent again for its sake.

    It is behind the address in that text all the same.
    """
    params: Params = {"chat_id": int(address.chat)}
    return ApiCall("sendDocument", params, file.blob, field="document", name=file.name, may_fail=True)


def _audio_call(address: Address, bubble: Bubble) -> ApiCall:
    """A recording: Ogg is a voice message, MP3 and M4A are audio (core.telegram.org/bots/api#sendvoice, #sendaudio)."""
    voice = bubble.audio_name.lower().endswith((".ogg", ".oga", ".opus"))
    field = "voice" if voice else "audio"
    return ApiCall(
        "sendVoice" if voice else "sendAudio",
        {"chat_id": int(address.chat)},
        bubble.audio,
        field=field,
        name=bubble.audio_name or f"{field}.mp3",
        may_fail=True,
    )
