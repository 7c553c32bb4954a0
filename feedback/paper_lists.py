"""The list on paper by which voters ask for a dialogue: what an officer enters of it, and whether it is enough.

At least 10 % of the voters may ask for a conference of dialogue (Luật 72/2025/QH15, Điều 43). The list itself, with its
signatures, stays on paper: kept here is how many have signed, since when, and who has entered it.
"""

from datetime import date

import msgspec

from feedback.acts import Refusal
from feedback.roles import Actor, may

MAX_TOPIC = 300
MAX_REASON = 300
MOST = 1_000_000
OLDEST_DAYS = 366
"""A list is asked about within a year of the day on it."""
ENOUGH_PERCENT = 10


class EnterList(msgspec.Struct, frozen=True, kw_only=True, tag="list.enter"):
    """An officer has a list before them. `voters` is how many voters its thôn, or the commune, has; `day` is on it."""

    topic: str
    signers: int
    voters: int
    day: date
    village: int | None = None


class StrikeList(msgspec.Struct, frozen=True, kw_only=True, tag="list.strike"):
    """An entry was wrong: it stays, struck out, with the reason."""

    id: int
    reason: str


ListAct = EnterList | StrikeList


def decide_list(act: ListAct, actor: Actor, today: date) -> Refusal | None:
    """Why not, or None where it may be written."""
    if not may(actor, act.__struct_config__.tag, actor.unit):  # type: ignore[arg-type]  # checked by its tag
        return Refusal("act.not_allowed")
    if isinstance(act, StrikeList):
        if not act.reason.strip():
            return Refusal("list.reason_empty")
        return Refusal("list.reason_long", {"most": MAX_REASON}) if len(act.reason) > MAX_REASON else None
    if not act.topic.strip():
        return Refusal("list.topic_empty")
    if len(act.topic) > MAX_TOPIC:
        return Refusal("list.topic_long", {"most": MAX_TOPIC})
    if not 0 < act.signers <= MOST or not 0 < act.voters <= MOST:
        return Refusal("list.number")
    if act.signers > act.voters:
        return Refusal("list.more_than_voters")
    if not 0 <= (today - act.day).days <= OLDEST_DAYS:
        return Refusal("list.day")
    return None


def is_enough(signers: int, voters: int) -> bool:
    """Whether so many signers of so many voters oblige the head to hold the dialogue."""
    return voters > 0 and signers * 100 >= voters * ENOUGH_PERCENT
