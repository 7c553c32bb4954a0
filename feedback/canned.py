"""Answers kept ready (câu trả lời mẫu): what one holds, its places that are filled in, and those the product ships.

One is only ever put into the field in which an officer writes; nothing is sent by it.
"""

import re
import tomllib
from functools import lru_cache
from importlib import resources

import msgspec

from feedback.acts import MAX_REPLY, Refusal
from feedback.kinds import CATEGORIES, Kind
from feedback.replies import Outcome

MAX_TITLE = 80
MOST = 100
"""Answers of one unit: more of them nobody finds again."""
PLACES = ("ma", "ngay_hen", "can_bo", "linh_vuc", "xa")
"""Names in braces that are filled in: code, the day until which an answer is promised, officer, field, commune."""
UNKNOWN = "[…]"
"""What stands where there is nothing to fill in: the officer writes it."""
_GAP = re.compile(r"\[[^\[\]\n]{1,120}\]")
"""A place in square brackets is for the officer: it never goes to a citizen."""
_PLACE = re.compile(r"\{([^{}\n]*)\}")


class Canned(msgspec.Struct, frozen=True, kw_only=True):
    """One answer. `kind` and `category` are what it is for, "" for any; `outcome` what it concludes, "" for any."""

    title: str
    text: str
    kind: str = ""
    category: str = ""
    outcome: str = ""


class Shipped(Canned, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One that comes with the product; `id` stays as it is."""

    id: str


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reply: tuple[Shipped, ...]


@lru_cache(maxsize=1)
def shipped() -> tuple[Shipped, ...]:
    """Those of feedback/canned.toml, in its order; ValueError where one of them is not as an officer's must be."""
    text = resources.files("feedback").joinpath("canned.toml").read_text(encoding="utf-8")
    found = tuple(
        msgspec.structs.replace(one, text=one.text.strip()) for one in msgspec.convert(tomllib.loads(text), _File).reply
    )
    for one in found:
        wrong = checked(one)
        if isinstance(wrong, Refusal):
            raise ValueError(f"{one.id}: {wrong.key}")  # noqa: TRY004 - the file is wrong, not a type
    return found


def checked(written: Canned) -> Canned | Refusal:
    """The answer as it is kept, or what is wrong with it."""
    title, text = " ".join(written.title.split()), written.text.strip()
    if not title or not text:
        return Refusal("canned.empty")
    if len(title) > MAX_TITLE:
        return Refusal("canned.title_long", {"most": MAX_TITLE})
    if len(text) > MAX_REPLY:
        return Refusal("act.reply_long")
    if odd := [name for name in _PLACE.findall(text) if name not in PLACES]:
        return Refusal("canned.place", {"place": "{" + odd[0] + "}"})
    if set("{}") & set(_PLACE.sub("", text)):
        return Refusal("canned.brace")
    if written.kind not in ("", *Kind) or written.category not in ("", *CATEGORIES):
        return Refusal("canned.what")
    if written.outcome not in ("", *Outcome):
        return Refusal("canned.what")
    return msgspec.structs.replace(written, title=title, text=text)


def fits(one: Canned, kind: str, category: str) -> bool:
    """Whether it is for a case of that kind and field."""
    return one.kind in ("", kind) and one.category in ("", category)


def filled(text: str, values: dict[str, str]) -> str:
    """The text with its places filled in, UNKNOWN where nothing is known; what is filled in is not read again."""
    return _PLACE.sub(lambda place: values.get(place[1]) or UNKNOWN, text)


def left(text: str) -> str:
    """The first place that the officer was to write and has not, with its brackets; "" where all is written."""
    found = _GAP.search(text)
    return found[0] if found else ""
