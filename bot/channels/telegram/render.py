"""A Bubble -> the Bot API calls that show it. Pure; plain text without parse_mode, so nothing needs escaping."""

from typing import Literal

import msgspec

from bot.channels.base import Address, Capabilities
from bot.channels.telegram.keyboard import MOST, MOST_BYTES, fitted, keyboard
from bot.channels.texts import split, utf16_length
from bot.conversation.messages import Bubble

MAX_TEXT = 4096
MAX_CAPTION = 1024
"""UTF-16 code units of a message and of a photo's caption."""

CAPABILITIES = Capabilities(
    max_text=MAX_TEXT, buttons=MOST, button_bytes=MOST_BYTES, edit=True, photo_in=True, pushed=True
)

Params = dict[str, object]


class ApiCall(msgspec.Struct, frozen=True):
    """One call: `params` as the Bot API names them, `blob` the id of the file to upload with it (0: none).

    `field` is the parameter that the file goes into, `name` its name. `may_fail`: what comes after goes out all the
    same.
    """

    method: Literal["sendMessage", "editMessageText", "sendPhoto", "sendAudio", "sendVoice"]
    params: Params
    blob: int = 0
    field: str = "photo"
    name: str = "photo.jpg"
    may_fail: bool = False


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
    calls.extend(_text_call(address, part) for part in split(text, MAX_TEXT))
    if address.edits and not (bubble.blob or bubble.audio):
        params = {**calls[0].params, "message_id": int(address.edits)}
        calls[0] = ApiCall("editMessageText", params)
    if bubble.buttons:
        last = calls[-1]
        markup = {"inline_keyboard": keyboard(bubble)}
        calls[-1] = msgspec.structs.replace(last, params={**last.params, "reply_markup": markup})
    return tuple(calls)


def anew(call: ApiCall) -> ApiCall:
    """The same message sent as a new one, for when the old one can no longer be edited."""
    return ApiCall("sendMessage", {key: value for key, value in call.params.items() if key != "message_id"})


def _whole_text(bubble: Bubble) -> str:
    text = bubble.text.strip()
    return f"{text}\n{bubble.link}".strip() if bubble.link and bubble.link not in text else text


def _text_call(address: Address, text: str) -> ApiCall:
    params: Params = {"chat_id": int(address.chat), "text": text, "link_preview_options": {"is_disabled": True}}
    return ApiCall("sendMessage", params)


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
