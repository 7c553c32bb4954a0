"""Every place at which a plan's file cannot be read: the decoder itself stops at the first."""

from types import NoneType
from typing import Any, get_args, get_origin

import msgspec
from msgspec.structs import fields, replace

from reports.plan_faults import Fault, decode_fault
from reports.plan_parts import Plan


def decode_faults(text: str) -> list[Fault]:
    """What is missing, unknown or of another kind, in the order of the file; [] where the text is no TOML."""
    try:
        raw = msgspec.toml.decode(text)
    except msgspec.DecodeError:
        return []
    return _of(raw, Plan, "")


def _of(raw: object, kind: Any, key: str) -> list[Fault]:  # noqa: ANN401 - whatever a field says that it is
    """The faults of a value under its key, of a table field by field and of a list item by item."""
    kinds = [one for one in get_args(kind) if one is not NoneType]
    if get_origin(kind) is tuple and isinstance(raw, list):
        return [fault for at, one in enumerate(raw) for fault in _of(one, kinds[0], f"{key}[{at}]")]
    if NoneType in get_args(kind):
        kind = kinds[0]
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and isinstance(raw, dict):
        return _of_table(raw, kind, f"{key}." if key else "")
    try:
        msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        return [replace(decode_fault(error), key=key)]
    return []


def _of_table(raw: dict[str, object], kind: type[msgspec.Struct], place: str) -> list[Fault]:
    known = {field.name: field for field in fields(kind)}
    found = [fault for name, one in raw.items() if name in known for fault in _of(one, known[name].type, place + name)]
    found += [Fault(key=place + name, what="unknown", value=name) for name in raw if name not in known]
    missing = [name for name, field in known.items() if field.required and name not in raw]
    return found + [Fault(key=place + name, what="missing", value=name) for name in missing]
