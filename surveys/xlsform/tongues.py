"""The language that a column of an XLSForm speaks: "Tiếng Việt (vi)", "English", "km"."""

import re

from vietnam.text import fold_words

_CODE = re.compile(r"\(\s*([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*)\s*\)\s*$")
_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_NAMES = {
    "vi": ("vietnamese", "tieng viet", "viet"),
    "en": ("english", "tieng anh", "anh"),
    "km": ("khmer", "tieng khmer", "tieng kho me"),
    "tyz": ("tay", "tieng tay"),
    "nut": ("nung", "tieng nung"),
    "jra": ("jrai", "gia rai", "tieng jrai", "tieng gia rai"),
    "bdq": ("bahnar", "ba na", "tieng bahnar", "tieng ba na"),
    "hmn": ("hmong", "mong", "tieng mong", "tieng hmong"),
    "rad": ("ede", "e de", "rade", "tieng ede", "tieng e de"),
    "cjm": ("cham", "tieng cham"),
    "mtq": ("muong", "tieng muong"),
    "lo": ("lao", "tieng lao"),
    "zh": ("chinese", "tieng trung", "tieng hoa"),
    "fr": ("french", "francais", "tieng phap"),
    "es": ("spanish", "espanol"),
    "pt": ("portuguese", "portugues"),
    "ar": ("arabic",),
    "hi": ("hindi",),
    "id": ("indonesian", "bahasa indonesia"),
    "it": ("italian", "italiano"),
    "ja": ("japanese",),
    "ko": ("korean",),
    "mk": ("macedonian",),
    "my": ("burmese", "myanmar"),
    "ne": ("nepali",),
    "ru": ("russian",),
    "sw": ("swahili", "kiswahili"),
    "th": ("thai",),
    "uk": ("ukrainian",),
}
"""ISO 639-1 or 639-3 code of every language that forms name in words."""
_TAGS = {name: tag for tag, names in _NAMES.items() for name in names}

_OWN_NAMES = {"vi": "Tiếng Việt", "en": "English", "km": "Khmer", "tyz": "Tày", "nut": "Nùng", "jra": "Jrai",
              "bdq": "Bahnar", "hmn": "Hmông", "rad": "Êđê", "cjm": "Chăm", "mtq": "Mường", "lo": "Lao",
              "zh": "Chinese", "fr": "Français"}  # fmt: skip


def tag_of(spoken: str) -> str:
    """The BCP-47 tag of a language as a heading names it, or "" where it cannot be told."""
    code = _CODE.search(spoken)
    if code:
        return _cased(code[1].replace("_", "-"))
    named = _TAGS.get(fold_words(spoken), "")
    if named:
        return named
    tag = spoken.strip().replace("_", "-")
    return _cased(tag) if _TAG.fullmatch(tag) else ""


def _cased(tag: str) -> str:
    """As BCP 47 writes it: vi, km-KH, tyz-Latn."""
    first, *rest = tag.split("-")
    cases = {2: str.upper, 4: str.title}
    return "-".join((first.lower(), *(cases.get(len(part), str)(part) for part in rest)))


def named_tag(tag: str) -> str:
    """A language as a heading names it: "Tiếng Việt (vi)", "km (km)" where no name is known."""
    return f"{_OWN_NAMES.get(tag.split('-', 1)[0], tag)} ({tag})"
