"""Documents that officers attach: to what goes to the citizen (an answer, a question), or to a note among themselves.

What may be one is seen by its content (app/documents.py); here is only how many there may be and how they are named.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence

import msgspec

from vietnam.numbers import number_vi

MAX_FILES = 5
"""Documents of one message."""
MAX_NAME = 80
"""Characters of a name before its ending."""
_KILO = 1024
_PATH = re.compile(r"[/\\]")
_UNFIT = re.compile(r'[<>:"|?*%;]')
_SPACES = re.compile(r"\s+")
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
"""Names that Windows keeps for itself, whatever ending they have."""
_NAMELESS = "tai-lieu"


class Attached(msgspec.Struct, frozen=True):
    """A kept document: its blob, the name it is saved under, its size in bytes."""

    blob: int
    name: str
    size: int


def safe_name(name: str, ending: str) -> str:
    """The name under which a document is kept, told and saved: one line, no path, nothing that hides its ending.

    `ending` (".pdf") is that of its content: a name that ends otherwise gets it. Characters that are not seen (control,
    direction, zero width: Unicode categories C*) are taken out, so that "báo cáo<U+202E>fdp.exe" reads as it is.
    """
    last = _PATH.split(unicodedata.normalize("NFC", name))[-1]
    seen = "".join(one for one in _SPACES.sub(" ", last) if not unicodedata.category(one).startswith("C"))
    plain = _SPACES.sub(" ", _UNFIT.sub(" ", seen)).strip(" -")
    stem = plain[: len(plain) - len(ending)] if plain.lower().endswith(ending) else plain
    stem = stem[:MAX_NAME].strip(" .-")
    if _DEVICES.fullmatch(stem.partition(".")[0].strip()):
        stem = f"{_NAMELESS}-{stem}"
    return (stem or _NAMELESS) + ending


def size_vi(size: int) -> str:
    """Bytes as a person reads them: "84 KB", "1,2 MB"; nothing is 0 KB."""
    if size < _KILO * _KILO:
        return f"{max(1, round(size / _KILO))} KB"
    return f"{number_vi(size / _KILO / _KILO, 1)} MB"


def listed(files: Sequence[Attached], say: Callable[..., str]) -> str:
    """The documents of a message by name and size, as a paragraph below its words; "" where there are none."""
    if not files:
        return ""
    lines = [f"• {one.name} ({size_vi(one.size)})" for one in files]
    return "\n".join([say("files.with"), *lines])


def fault(files: Sequence[Attached], *, confidential: bool) -> str:
    """Why these cannot be attached, as a wording key; "" where they can.

    What one person alone may see is on no page that a citizen could be given, and no document of it goes round.
    """
    if files and confidential:
        return "files.confidential"
    return "files.too_many" if len(files) > MAX_FILES else ""


def words_of(files: Sequence[Attached]) -> str:
    """Their names as words, to look for those of people in: "don-cua-Nguyen-Van-Mau.pdf" has three of them."""
    return " ".join(re.sub(r"[-_.]+", " ", one.name) for one in files)
