"""A message on a channel with less room: cut where it is too long, numbered where buttons are few. Pure."""

import unicodedata

import msgspec

from bot.conversation.messages import Bubble, Button

_JOINERS = "\u200d\ufe0f"
_NEARLY = 2
"""So many choices more than there are buttons are left to typing; of a longer list, buttons would be a riddle."""


class Typed(msgspec.Struct, frozen=True):
    """The words around what can only be typed, from the catalogue: {ways} stands for the labels."""

    ways: str


def numbered(bubble: Bubble, most: int, longest: int, typed: Typed) -> Bubble:
    """The bubble with at most `most` buttons of at most `longest` characters; everything else is in its text.

    Numbered choices become lines with the number that may be typed; the others are named in a last line, as their
    words are understood at any time. Nothing is lost: whoever reads the text can answer without a button.
    """
    choices = [button for button in bubble.buttons if button.digit]
    ways = [button for button in bubble.buttons if not button.digit]
    if len(bubble.buttons) <= most and all(len(printed(button)) <= longest for button in bubble.buttons):
        return bubble
    pressed = choices if len(choices) <= most + _NEARLY else []
    kept = [button for button in (*pressed, *ways) if len(printed(button)) <= longest][:most]
    lines = [] if all(button in kept for button in choices) else _lines(choices)
    unsaid = ", ".join(f"«{button.label}»" for button in ways if button not in kept)
    parts = [bubble.text, "\n".join(lines), typed.ways.format(ways=unsaid) if unsaid else ""]
    return msgspec.structs.replace(bubble, text="\n\n".join(part for part in parts if part), buttons=tuple(kept))


def printed(button: Button) -> str:
    """What stands on a button: "4. Hài lòng", or "10" where the number is the label."""
    return button.label if button.digit in ("", button.label) else _line(button)


def _lines(choices: list[Button]) -> list[str]:
    """A line for each choice; where the numbers are all there is, one line with all of them."""
    if all(button.label == button.digit for button in choices):
        return [", ".join(button.digit for button in choices)]
    return [_line(button) for button in choices]


def _line(button: Button) -> str:
    return button.label if button.label == button.digit else f"{button.digit}. {button.label}"


def split(text: str, limit: int) -> list[str]:
    """`text` in parts of at most `limit` UTF-16 units, cut between paragraphs, else lines, else words, else letters."""
    parts: list[str] = []
    rest = text.strip()
    while utf16_length(rest) > limit:
        head = rest[: _most(rest, limit)]
        cut = max(_border(head, rest), 1)
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [part for part in (*parts, rest) if part]


def utf16_length(text: str) -> int:
    """How Telegram and Zalo count: code points above U+FFFF, most emoji among them, count twice."""
    return len(text) + sum(char > "\uffff" for char in text)


def _most(text: str, limit: int) -> int:
    """How many characters of `text` fit into `limit` UTF-16 units."""
    units = 0
    for index, char in enumerate(text):
        units += 2 if char > "\uffff" else 1
        if units > limit:
            return index
    return len(text)


def _border(head: str, whole: str) -> int:
    """Where to cut after `head`; a border in its first half would leave a stub, so the next finer one is taken."""
    # One character more may be looked at: a border just behind the last that fits loses nothing.
    seen = whole[: len(head) + 1]
    for mark in ("\n\n", "\n", " "):
        at = seen.rfind(mark)
        if at > len(head) // 2:
            return at
    # One unbroken run of letters: never between a letter and its accent, nor inside a joined emoji.
    cut = len(head)
    while cut > len(head) // 2 and _clings(whole[cut - 1], whole[cut]):
        cut -= 1
    return cut


def _clings(before: str, after: str) -> bool:
    return bool(unicodedata.combining(after)) or after in _JOINERS or before == "\u200d"
