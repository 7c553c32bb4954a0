"""An answer by fixed parts: what it concludes, what was done, by when, who answers for it, the evidence; and its draft.

An officer who is in a hurry writes the conclusion alone. What else must be there depends on what is concluded.
"""

from collections.abc import Callable, Collection
from datetime import date, timedelta
from enum import StrEnum

import msgspec

from feedback.attaching import Attached
from feedback.kinds import CATEGORIES, Kind

MAX_PART = 1_000
"""Characters of what was done."""
MAX_PERSON = 120
MAX_EVIDENCE = 5
_FARTHEST = timedelta(days=2 * 366)
"""A day further off than this is a slip of the finger."""


class Outcome(StrEnum):
    """trả lời, hướng dẫn · đã giải quyết · sẽ giải quyết · không thuộc thẩm quyền · không có cơ sở."""

    ANSWERED = "answered"
    RESOLVED = "resolved"
    PROMISED = "promised"
    NOT_OURS = "not_ours"
    UNFOUNDED = "unfounded"


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """What an answer says beside its own words. `day` is when it was done, or (promised) until when it will be.

    `photos` are ids of kept blobs, the evidence; `files` are documents; `person` is who answers for it, by name.
    """

    outcome: Outcome = Outcome.ANSWERED
    done: str = ""
    day: date | None = None
    person: str = ""
    photos: tuple[int, ...] = ()
    files: tuple[Attached, ...] = ()


Say = Callable[..., str]
"""say(key, **params): a text of the wording catalogue."""
PLAIN = Parts()
"""Nothing but the words of the answer."""


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that waits for a leader. `by` is the officer who wrote it, `at` when (UTC milliseconds).

    `returned` is why a leader sent it back, "" while it waits.
    """

    text: str
    parts: Parts
    by: int
    at: int
    returned: str = ""


def trimmed(parts: Parts) -> Parts:
    """The same without spaces around what was typed, and the name on one line."""
    return msgspec.structs.replace(parts, done=parts.done.strip(), person=" ".join(parts.person.split()))


def fault(parts: Parts, today: date) -> str:
    """What is missing, too much or cannot be, as a wording key; "" where all is well. `today` is the local day."""
    outcome, day = parts.outcome, parts.day
    if len(parts.photos) > MAX_EVIDENCE:
        return "act.too_many_photos"
    if len(parts.done) > MAX_PART:
        return "answer.done_long"
    if len(parts.person) > MAX_PERSON:
        return "answer.person_long"
    if outcome is Outcome.RESOLVED and not parts.done:
        return "answer.done_missing"
    if outcome is Outcome.UNFOUNDED and not parts.done:
        return "answer.checked_missing"
    if outcome is Outcome.PROMISED and day is None:
        return "answer.day_missing"
    if day is None:
        return ""
    if outcome is Outcome.PROMISED:
        return "answer.day_past" if day < today else "answer.day_far" if day - today > _FARTHEST else ""
    return "answer.day_ahead" if day > today else "answer.day_far" if today - day > _FARTHEST else ""


def worded(text: str, parts: Parts, say: Say) -> str:
    """The answer as the citizen reads it: its words, and each part that is there on a line of its own.

    `text` is the officer's own words; everything around them comes from the catalogue.
    """
    lines = []
    if parts.done:
        lines.append(say("answer.checked" if parts.outcome is Outcome.UNFOUNDED else "answer.done", text=parts.done))
    if parts.day is not None:
        lines.append(say("answer.until" if parts.outcome is Outcome.PROMISED else "answer.on", day=parts.day))
    if parts.person:
        lines.append(say("answer.person", person=parts.person))
    head = [] if parts.outcome is Outcome.ANSWERED else [say(f"answer.outcome.{parts.outcome}")]
    return "\n\n".join([*head, text, *(["\n".join(lines)] if lines else [])])


def own_words(reply: str, parts: Parts, say: Say) -> str:
    """What the officer wrote of an answer that `worded` has put together: for a paper that says its parts itself."""
    before, _, after = worded("\0", parts, say).partition("\0")
    return reply.removeprefix(before).removesuffix(after)


def for_followers(parts: Parts, say: Say) -> str:
    """What somebody who follows a matter of another may read of its answer: what came of it, and when; "" for nothing.

    The officer's own words are for the one who reported. What was done to a road or a drain is not, and the form says
    who else reads it; how something was checked that proved to be unfounded stays between those two.
    """
    lines = [] if parts.outcome is Outcome.ANSWERED else [say(f"answer.outcome.{parts.outcome}")]
    if parts.done and parts.outcome is not Outcome.UNFOUNDED:
        lines.append(say("answer.done", text=parts.done))
    if parts.day is not None:
        lines.append(say("answer.until" if parts.outcome is Outcome.PROMISED else "answer.on", day=parts.day))
    return "\n".join(lines)


def needs_signature(kind: str, category: str, sign_off: Collection[str]) -> bool:
    """Whether a leader signs before the answer goes; `sign_off` names kinds and fields."""
    return kind in sign_off or category in sign_off


def unknown_names(sign_off: Collection[str]) -> list[str]:
    """What is neither a kind nor a field, in the order given."""
    known = {*map(str, Kind), *CATEGORIES}
    return [name for name in sign_off if name not in known]
