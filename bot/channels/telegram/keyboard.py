"""Buttons below a message, within what Telegram takes; where they cannot be shown whole, their labels go into the text.

Telegram shows at most 100 buttons and refuses a keyboard of more than 10 kB ("reply markup is too long"); a phone cuts
a label that does not fit its width. Whoever answers must be able to read every choice, so long ones stand in the text
with their numbers, and their buttons hold the number and the beginning. The number is printed on every button: who
types the number of a line must not have to count lines, since choices that are not offered leave gaps.
"""

import json
import re
from collections.abc import Sequence
from ipaddress import ip_address

import msgspec

from bot.conversation.messages import Bubble, Button

MOST = 100
MOST_BYTES = 64
"""Of the id of a button."""
_MOST_KEYBOARD = 9_000
"""Bytes of a whole keyboard, with room for how Telegram itself writes it."""
_READ = 60
"""Characters of a label that two lines of an old phone show."""
_BEGINNING = 26
_ROW = 5
# The widest label, in characters, with which so many buttons still stand beside each other on a small phone.
_WIDEST = {5: 4, 4: 6, 3: 9, 2: 16}

_LONGEST_LINK = 1_000
_HOST = re.compile(r"https?://([^\s/?#@:\[\]]+)(?::\d+)?(?:[/?#]\S*)?$")
Rows = list[list[dict[str, str]]]


def fitted(bubble: Bubble) -> Bubble:
    """The bubble itself, or one with its numbered choices in the text where buttons alone cannot show them.

    Of more choices than there is room for, the last have no button: their number can be typed.
    """
    numbered = [button for button in bubble.buttons if button.digit]
    if not numbered or (_fits(bubble.buttons) and all(len(button.label) <= _READ for button in numbered)):
        return bubble
    lines = "\n".join(f"{button.digit}. {button.label}" for button in numbered)
    ways = len(bubble.buttons) - len(numbered)
    kept = {button.id for button in numbered[: max(MOST - ways, 0)]}
    left = [button for button in bubble.buttons if not button.digit or button.id in kept]
    short = tuple(msgspec.structs.replace(button, label=_beginning(button)) for button in left)
    if not _fits(short):
        short = tuple(msgspec.structs.replace(button, label=button.digit or button.label) for button in left)
    return msgspec.structs.replace(bubble, text=f"{bubble.text}\n\n{lines}", buttons=short)


def _beginning(button: Button) -> str:
    if not button.digit or len(button.label) <= _BEGINNING:
        return button.label
    head = button.label[:_BEGINNING]
    return f"{head.rpartition(' ')[0] or head}…"


def _printed(button: Button) -> str:
    """What stands on the button: "4. Hài lòng", or "10" where the number is the label."""
    return button.label if button.digit in ("", button.label) else f"{button.digit}. {button.label}"


def _fits(buttons: Sequence[Button]) -> bool:
    if len(buttons) > MOST:
        return False
    return len(json.dumps([{"text": _printed(one), "callback_data": one.id} for one in buttons])) <= _MOST_KEYBOARD


def keyboard(bubble: Bubble) -> Rows:
    """The rows of buttons; plain numbers stand beside each other. ValueError for what Telegram refuses."""
    buttons = bubble.buttons
    if len(buttons) > MOST:
        raise ValueError(f"{len(buttons)} buttons; Telegram shows at most {MOST}")
    numbers = [button for button in buttons if button.label == button.digit]
    rest = [button for button in buttons if button.label != button.digit]
    columns = 1 if bubble.wide else _columns(rest)
    link = [[{"text": bubble.link_label, "url": bubble.link}]] if link_on_button(bubble) else []
    return _rows(numbers, _columns(numbers)) + link + _rows(rest, columns)


def link_on_button(bubble: Bubble) -> bool:
    """Whether the page of a message is opened by a button; else its address stands in the text.

    A plain link and no Mini App: the page then opens in the person's own browser, which asks for place, camera and
    microphone in the way they know.
    """
    return bool(bubble.link_label) and len(bubble.buttons) < MOST and can_be_linked(bubble.link)


def can_be_linked(url: str) -> bool:
    """Whether Telegram takes an address for a button: it refuses those of the same machine ("Wrong HTTP URL")."""
    found = _HOST.match(url)
    host = "" if found is None else found[1].lower()
    if "." not in host or len(url) > _LONGEST_LINK or host.endswith(".local"):
        return False
    try:
        return ip_address(host).is_global
    except ValueError:
        return True  # a name


def _rows(buttons: Sequence[Button], columns: int) -> Rows:
    if not buttons:
        return []
    rows = -(-len(buttons) // columns)
    # Rows of even length: eleven digits stand as 4 4 3, not as 5 5 1.
    width, longer = divmod(len(buttons), rows)
    found: Rows = []
    start = 0
    for row in range(rows):
        end = start + width + (row < longer)
        found.append([_key(button) for button in buttons[start:end]])
        start = end
    return found


def _columns(buttons: Sequence[Button]) -> int:
    widest = max((len(_printed(button)) for button in buttons), default=1)
    return next((columns for columns in range(_ROW, 1, -1) if widest <= _WIDEST[columns]), 1)


def _key(button: Button) -> dict[str, str]:
    size = len(button.id.encode())
    if not 1 <= size <= MOST_BYTES:
        raise ValueError(f"button id {button.id!r} has {size} bytes; Telegram takes 1 to {MOST_BYTES}")
    return {"text": _printed(button), "callback_data": button.id}
