"""What a citizen said aloud is written down by an officer, who is named for it; the recording stays beside it."""

import msgspec

MAX_LANGUAGE = 40


class Transcribe(msgspec.Struct, frozen=True, tag="transcribe"):
    """An officer writes down, in Vietnamese, what was said; `language` is that which was spoken, "" for Vietnamese.

    `seen` as in Reply. Written down again, it takes the place of what was written before.
    """

    text: str
    language: str = ""
    seen: int = 0


def fault(act: object) -> str:
    """What is wrong with it beside its text, as a wording key."""
    return "voice.language_long" if isinstance(act, Transcribe) and len(act.language) > MAX_LANGUAGE else ""
