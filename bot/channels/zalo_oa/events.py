"""Zalo's events, read with patience: an id may be text or a number, a field may be missing. Pure."""

import json
import math
from typing import Any

import msgspec

from vietnam.text import clean

Event = dict[str, Any]
_LONGEST_ID = 64
_LONGEST_URL = 2048


def decode(body: bytes) -> Event | None:
    r"""The event in a body; None where it is none. Lone surrogates (raw or as \ud83d) do not make it unreadable."""
    try:
        found = msgspec.json.decode(body)
    except (ValueError, RecursionError):
        try:
            found = json.loads(body.decode("utf-8", "surrogatepass"))
        except (ValueError, RecursionError):
            return None
    return found if isinstance(found, dict) else None


def part(event: object, *path: str) -> Event:
    """The object at a path; an empty one where there is none."""
    for name in path:
        event = event.get(name) if isinstance(event, dict) else None
    return event if isinstance(event, dict) else {}


def id_of(value: object) -> str:
    """An id as text, whether it came as text or as a number; "" for anything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if value.bit_length() < _LONGEST_ID * 3 else ""
    if not isinstance(value, str):
        return ""
    kept = value.strip()
    # NUL and lone surrogates in an id are no id: with them taken out it would be somebody else's.
    return kept if 0 < len(kept) <= _LONGEST_ID and kept.isprintable() and not clean(kept)[1] else ""


def url_of(value: object) -> str:
    """A web address, "" for anything else."""
    fits = isinstance(value, str) and len(value) <= _LONGEST_URL and value.isprintable()
    return str(value) if fits and str(value).startswith(("https://", "http://")) else ""


def degrees(value: object, most: float) -> float | None:
    """A coordinate that may have come as text; None where it is none."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) and abs(number) <= most else None


def attachments(event: Event) -> list[Event]:
    """The payloads of what came with the message."""
    found = part(event, "message").get("attachments")
    listed = found if isinstance(found, list) else []
    return [part(one, "payload") for one in listed if isinstance(one, dict)]
