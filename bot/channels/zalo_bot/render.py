"""A Bubble -> the texts that show it: the platform has no buttons, no edits, and takes no files. Pure."""

import msgspec

from bot.channels.base import Address, Capabilities
from bot.channels.texts import Typed, numbered, split
from bot.conversation.messages import Bubble

MAX_TEXT = 2000
"""Characters of a message; UTF-16 units are counted, which is never more than the platform allows."""

CAPABILITIES = Capabilities(
    max_text=MAX_TEXT,
    buttons=0,
    button_bytes=0,
    edit=False,
    photo_in=True,
    pushed=True,
    place_in="never",
    voice_in=True,
    contact_in=False,
    link_buttons=False,
    max_button_text=0,
    pictures=0,
)

Params = dict[str, str]


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """Words of ours around a message, from the catalogue.

    `ways`: {ways} stands for what may be typed beside the numbers. `recording`: {link} is where a question is read out.
    """

    ways: str
    recording: str


def render(address: Address, bubble: Bubble, words: Words, recording: str = "") -> tuple[Params, ...]:
    """The parameters of sendMessage, message by message; `recording` is the address where `bubble.audio` is played.

    A correction comes as a new message. A picture of ours stays away: only pictures of public addresses are taken,
    and ours are not public. ValueError where nothing is left to say.
    """
    text = _whole_text(bubble, words, recording)
    if not text:
        raise ValueError("a bubble without text cannot be shown on the Zalo Bot Platform")
    return tuple({"chat_id": address.chat, "text": part} for part in split(text, MAX_TEXT))


def _whole_text(bubble: Bubble, words: Words, recording: str) -> str:
    """Question, choices by number, words that may be typed, and each address on a line of its own at the end."""
    parts = [numbered(bubble, most=0, longest=0, typed=Typed(words.ways)).text.strip()]
    if bubble.link and bubble.link not in bubble.text:
        parts.append(f"{bubble.link_label}:\n{bubble.link}" if bubble.link_label else bubble.link)
    if recording:
        parts.append(words.recording.format(link=recording))
    return "\n\n".join(part for part in parts if part)
