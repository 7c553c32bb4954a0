"""Plain notices of a commune to whoever hears from it: of everybody, or of one thôn."""

import msgspec

from feedback.acts import Refusal
from feedback.roles import Actor, may

MAX_TEXT = 1_000
A_DAY = 3
"""Notices of a commune within a day: more would make people switch them all off."""


class Publish(msgspec.Struct, frozen=True, kw_only=True):
    """Send a text; `village` None means the whole commune."""

    text: str
    village: int | None = None


class StopSending(msgspec.Struct, frozen=True):
    """Whoever has not been reached yet is not."""


def decide_publish(act: Publish, actor: Actor, unit: int, *, today: int, villages: frozenset[int]) -> str | Refusal:
    """The text as it goes out, or why not. `today`: how many went out today; `villages`: those of the unit."""
    text = act.text.strip()
    if not may(actor, "bulletin.send", unit):
        return Refusal("act.not_allowed")
    if not text:
        return Refusal("bulletin.empty")
    if len(text) > MAX_TEXT:
        return Refusal("bulletin.long", {"most": MAX_TEXT})
    if act.village is not None and act.village not in villages:
        return Refusal("bulletin.village")
    return Refusal("bulletin.too_often", {"most": A_DAY}) if today >= A_DAY else text
