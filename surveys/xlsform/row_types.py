"""What stands in the column `type`: a kind of question, the edge of a group, something kept silently, or none."""

import re

import msgspec

from surveys.definition import Kind

_LIST = r"\s+(?P<list>\S+)(?P<other>\s+(?:or_other|or specify other|or other))?"
_ONE = re.compile(rf"(?:select[_ ]one(?:\s+from)?|select1|add select one prompt using){_LIST}", re.IGNORECASE)
_MANY = re.compile(
    rf"(?:select[_ ]multiple(?:\s+from)?|select all that apply(?:\s+from)?|add select multiple prompt using){_LIST}",
    re.IGNORECASE,
)
_RANK = re.compile(r"rank\s+(?P<list>\S+)", re.IGNORECASE)
_EDGE = re.compile(r"(?P<edge>begin|end)[\s_]+(?P<what>group|repeat|loop|lgroup|looped group)\b.*", re.IGNORECASE)
_PROMPT = re.compile(r"(?:add|q|get)\s+(?P<type>.+?)(?:\s+prompt)?", re.IGNORECASE)
_KINDS = {
    "integer": Kind.NUMBER,
    "int": Kind.NUMBER,
    "decimal": Kind.DECIMAL,
    "text": Kind.TEXT,
    "string": Kind.TEXT,
    "date": Kind.DATE,
    "time": Kind.TIME,
    "image": Kind.PHOTO,
    "photo": Kind.PHOTO,
    "audio": Kind.VOICE,
    "geopoint": Kind.PLACE,
    "gps": Kind.PLACE,
    "location": Kind.PLACE,
    "note": Kind.NOTE,
    "acknowledge": Kind.ACKNOWLEDGE,
    "trigger": Kind.ACKNOWLEDGE,
    "range": Kind.RANGE,
    "calculate": Kind.CALCULATED,
}
_ALIASES = {"int", "string", "photo", "gps", "location", "trigger"}
_META = frozenset({
    "start", "end", "today", "deviceid", "imei", "subscriberid", "simserial", "simid", "phonenumber", "username",
    "email", "audit", "start-geopoint", "background-audio", "background-geopoint", "start time", "end time",
    "device id", "subscriber id", "sim id", "uri:deviceid", "uri:subscriberid", "uri:simserial", "uri:phonenumber",
    "uri:username", "uri:email",
})  # fmt: skip
"""What forms keep without asking; we do not."""


class Type(msgspec.Struct, frozen=True, kw_only=True):
    """A type that is understood: `kind` of a question, or `edge` ("begin", "end") of a `what`, or `meta`."""

    kind: Kind | None = None
    list: str = ""
    other: bool = False
    edge: str = ""
    what: str = ""
    meta: str = ""


def type_of(text: str) -> Type | None:
    """What the cell says; None where it says nothing that we know."""
    text = " ".join(text.split())
    if match := _EDGE.fullmatch(text):
        what = match["what"].lower()
        return Type(edge=match["edge"].lower(), what="repeat" if what in {"lgroup", "looped group"} else what)
    for pattern, kind in ((_ONE, Kind.SINGLE), (_MANY, Kind.MULTIPLE), (_RANK, Kind.RANK)):
        if match := pattern.fullmatch(text):
            return Type(kind=kind, list=match["list"], other=bool(match.groupdict().get("other")))
    plain = text.lower()
    if plain in _KINDS:
        return Type(kind=_KINDS[plain])
    if plain in _META:
        return Type(meta=plain)
    prompt = _PROMPT.fullmatch(text)
    if prompt:
        asked = type_of(prompt["type"])
        if asked or prompt["type"].lower() == "phone number":
            return asked or Type(meta="phonenumber")
    return None


def known_types() -> str:
    """The types that can be used, for whoever wrote another one."""
    return ", ".join(("select_one", "select_multiple", "rank", *sorted(set(_KINDS) - _ALIASES)))
