"""Events as platforms send them, by platform: every kind, with the fields that real ones have. No real person's."""

import json
from pathlib import Path
from typing import Any


def payloads(platform: str) -> dict[str, Any]:
    """What the events are -> the event; of the file named after the platform."""
    read: dict[str, Any] = json.loads((Path(__file__).parent / f"{platform}.json").read_text(encoding="utf-8"))
    return read
