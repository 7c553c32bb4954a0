"""A note of an officer to colleagues on a case: in its history, never in what the citizen reads."""

import msgspec

from feedback.attaching import Attached
from feedback.redacting import people

MAX_NOTE = 2_000


class Note(msgspec.Struct, frozen=True, tag="note"):
    """An officer writes something down for colleagues; nothing changes for the citizen. `seen` as in Reply."""

    text: str
    seen: int = 0
    files: tuple[Attached, ...] = ()
    """Documents kept beside it, such as a công văn that came; with them it needs no words."""


def fault(act: object) -> str:
    """What is wrong with it beside being empty, as a wording key."""
    return "note.long" if isinstance(act, Note) and len(act.text.strip()) > MAX_NOTE else ""


def tells_of(text: str) -> tuple[str, ...]:
    """Names and numbers of people in a note, as they stand in it, each once: the officer is asked whether they must be.

    A note is read by every officer of the unit, and outlives what an anonymous citizen has asked for.
    """
    return tuple(dict.fromkeys(people(text)))
