"""Bodies that a plan of before 01/7/2025 writes, and what they are in today's two levels of government."""

import re
from functools import cache
from pathlib import Path

import msgspec

from vietnam.text import fold_words

_FILE = Path(__file__).with_name("recipients.toml")
_THROUGH = re.compile(r"(?P<body>.+?) \(qua (?P<way>[^()]+)\)")
_PROVINCE = re.compile(r"(?<= )tỉnh(?=$| \()")
_NAMELESS = re.compile(r"Sở (?!.* (tỉnh|thành phố) ).+")
_GONE = ("huyện", "phòng nội vụ", "ban dân vận", "thị trấn")


class _Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    written: tuple[str, ...]
    today: str


class _Bodies(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    bodies: tuple[_Body, ...]


def today_of(written: str) -> str:
    """Who a body is today; "" for one that is not known.

    "UBND huyện (qua Phòng Nội vụ)" is "Ủy ban nhân dân tỉnh (qua Sở Nội vụ)": both are looked up.
    """
    through = _THROUGH.fullmatch(written)
    if through is None:
        return _looked_up(written)
    body, way = _looked_up(through["body"]), _looked_up(through["way"])
    return f"{body} (qua {way})" if body and way and body != way else body or way


def named(body: str, province: str) -> str:
    """The body with the name of its province: "Ủy ban nhân dân tỉnh (qua Sở Nội vụ)" names which tỉnh, so does a Sở."""
    if not province:
        return body
    found = _PROVINCE.sub(lambda _found: province, body)
    return f"{found} {province}" if _NAMELESS.fullmatch(found) else found


def abolished(body: str) -> str:
    """The words of `body` that name a level or office which does not exist any more; "" where there are none."""
    words = f" {body.lower()} "
    return next((gone for gone in _GONE if f" {gone} " in words.replace(",", " ").replace(";", " ")), "")


def _looked_up(written: str) -> str:
    words = f" {fold_words(written)} "
    return next((today for known, today in _known() if f" {known} " in words), "")


@cache
def _known() -> tuple[tuple[str, str], ...]:
    table = msgspec.toml.decode(_FILE.read_bytes(), type=_Bodies)
    return tuple((fold_words(written), body.today) for body in table.bodies for written in body.written)
