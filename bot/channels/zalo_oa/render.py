"""A Bubble -> the messages of the OpenAPI that show it. Pure."""

from typing import Any

import msgspec

from bot.channels.base import Address, Capabilities
from bot.channels.texts import Typed, numbered, printed, split
from bot.channels.zalo_oa.parse import BUTTON
from bot.conversation.messages import Bubble, Button

MAX_TEXT = 2000
MOST = 5
MAX_TITLE = 100
MAX_PAYLOAD = 1000
READ = 60
"""Characters of a label that two lines of a telephone show: a longer one stands in the text with its number."""
FREE = 48 * 60 * 60_000
PAID = 7 * 24 * 60 * 60_000
"""Milliseconds after a person's last word in which a message is free, and in which it is taken at all."""

CAPABILITIES = Capabilities(
    max_text=MAX_TEXT,
    buttons=MOST,
    button_bytes=MAX_PAYLOAD - len(BUTTON),
    edit=False,
    photo_in=True,
    pushed=True,
    place_in="given",
    contact_in=True,
    link_buttons=True,
    max_button_text=MAX_TITLE,
    window=FREE,
    pictures=1,  # each is a message of its own, and only some after a person's word are free
)

Message = dict[str, Any]


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """Words of ours around a message, from the catalogue.

    `ways`: {ways} stands for what can only be typed. `recording`: {link} is where it is played. `picture` stands with
    a picture whose text comes in the next message. `contact_title` and `contact_text` ask for a telephone number
    beside the picture at `contact_image`; without that address nothing is asked by a form.
    """

    ways: str
    recording: str
    picture: str
    contact_title: str
    contact_text: str
    contact_image: str = ""


class ApiCall(msgspec.Struct, frozen=True):
    """One message to a person.

    `blob` is the picture that goes up first (0: none); `may_fail`: what comes after goes out all the same.
    """

    message: Message
    blob: int = 0
    may_fail: bool = False

    def with_picture(self, attachment_id: str) -> Message:
        """The message once its picture is up."""
        return self.message | {"attachment": _picture(attachment_id)}


def render(bubble: Bubble, words: Words, recording: str = "") -> tuple[ApiCall, ...]:
    """The messages of one bubble in their order; the last text carries the buttons.

    `recording` is the address where `bubble.audio` is played. ValueError for what no citizen can cause: nothing to
    show, or the id of a button that Zalo would not carry.
    """
    opened = bool(bubble.link) and 0 < len(bubble.link_label) <= MAX_TITLE
    shown = numbered(_spoken(bubble, words, recording), MOST - opened, READ, Typed(words.ways))
    text = shown.text.strip()
    if bubble.link and not opened and bubble.link not in text:
        text = f"{text}\n{bubble.link}".strip()
    if not text and not (bubble.blob or bubble.pictures):
        raise ValueError("a bubble without text and picture cannot be shown on Zalo")
    buttons = [_button(button) for button in shown.buttons]
    if opened:
        buttons.append({"title": bubble.link_label, "type": "oa.open.url", "payload": {"url": bubble.link}})
    parts = split(text, MAX_TEXT)
    calls: list[ApiCall] = []
    picture = bubble.blob or next(iter(bubble.pictures), 0)
    if picture:
        alone = len(parts) <= 1 and not buttons
        calls.append(ApiCall({"text": text if alone and text else words.picture}, picture))
        parts = [] if alone else parts or [words.picture]
    calls += [ApiCall({"text": part}) for part in parts]
    if buttons:
        calls[-1] = ApiCall(calls[-1].message | {"attachment": _template({"buttons": buttons})})
    if bubble.wants == "contact" and words.contact_image:
        calls.append(ApiCall({"attachment": _form(words)}, may_fail=True))
    return tuple(calls)


def closed(address: Address, now: int, *, paid: bool) -> str:
    """Why nothing may be sent to somebody who has been silent for so long; "" where it may, or is not known."""
    silent = now - address.heard_at
    if not address.heard_at or silent <= (PAID if paid else FREE):
        return ""
    return "silent for more than 7 days" if silent > PAID else "silent for more than 48 hours"


def _spoken(bubble: Bubble, words: Words, recording: str) -> Bubble:
    if not bubble.audio or not recording:
        return bubble
    return msgspec.structs.replace(bubble, text=f"{bubble.text}\n\n{words.recording.format(link=recording)}")


def _button(button: Button) -> Message:
    payload = BUTTON + button.id
    if not button.id or len(payload.encode()) > MAX_PAYLOAD:
        raise ValueError(f"button id of {len(button.id)} characters; Zalo carries 1 to {MAX_PAYLOAD - len(BUTTON)}")
    return {"title": printed(button), "type": "oa.query.hide", "payload": payload}


def _template(payload: Message) -> Message:
    return {"type": "template", "payload": payload}


def _picture(attachment_id: str) -> Message:
    element = {"media_type": "image", "attachment_id": attachment_id}
    return _template({"template_type": "media", "elements": [element]})


def _form(words: Words) -> Message:
    element = {"title": words.contact_title, "subtitle": words.contact_text, "image_url": words.contact_image}
    return _template({"template_type": "request_user_info", "elements": [element]})
