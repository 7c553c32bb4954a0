"""The word in a deep link: which wave, and where its QR code hangs ("ks_sau_thu_tuc--quay_3").

Telegram takes at most 64 of A-Z a-z 0-9 _ - as a start parameter (core.telegram.org/bots/features#deep-linking), and
the web chat the same. A place that is too long is cut and told apart by four letters of its hash, so that the same
counter has the same word on every poster, whoever prints it.
"""

import re
from hashlib import blake2b

from vietnam.text import fold

POSTER = "ks_"
"""What every such word begins with."""
BETWEEN = "--"
"""Between wave and place; neither a wave's code nor a place has it inside."""
LONGEST = 64
_PLACE = 24
_MARK = 4
_SOURCE = re.compile(rf"{POSTER}([A-Za-z0-9_-]+?)(?:{BETWEEN}([a-z0-9_]+))?")


def source_word(code: str, place: str = "") -> str:
    """The word for a wave's code and a place as people write it ("Quầy 3"); without a place, the wave alone.

    Where not even a shortened place fits, the wave alone too: then answers come in and their source is unknown.
    """
    alone = f"{POSTER}{code}"
    room = min(_PLACE, LONGEST - len(alone) - len(BETWEEN))
    word = place_word(place, room)
    return f"{alone}{BETWEEN}{word}" if word else alone


def place_word(place: str, room: int = _PLACE) -> str:
    """A place as one word of at most `room` letters ("Quầy 3" is "quay_3"), or "" where there is no room for it."""
    word = re.sub(r"[^a-z0-9]+", "_", fold(place)).strip("_")
    if len(word) <= room:
        return word
    if room <= _MARK + 1:
        return ""
    mark = blake2b(word.encode(), digest_size=_MARK // 2).hexdigest()
    return f"{word[: room - _MARK - 1].rstrip('_')}_{mark}"


def split_source(source: str) -> tuple[str, str]:
    """(code of the wave, word of the place) of such a word; ("", "") where it is none, "" for a missing place."""
    found = _SOURCE.fullmatch(source)
    return (found[1], found[2] or "") if found else ("", "")
