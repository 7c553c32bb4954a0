"""Plans as files: what a commune owes to whom, read and found sound, or refused with every fault."""

from pathlib import Path

import msgspec
from msgspec.structs import replace

from reports.plan_decoding import decode_faults
from reports.plan_faults import Fault, decode_fault, faults_of, line_of
from reports.plan_parts import (
    YEARLY,
    Basis,
    Mapped,
    Owed,
    Plan,
    Profile,
    SatisfactionTarget,
    Section,
    Target,
    default_profile,
)

__all__ = [
    "FOLDER",
    "YEARLY",
    "BadPlan",
    "Basis",
    "Fault",
    "Mapped",
    "Owed",
    "Plan",
    "Profile",
    "SatisfactionTarget",
    "Section",
    "Target",
    "default_profile",
    "placed",
    "plan",
    "plan_names",
    "read",
    "read_own",
    "shipped",
]

FOLDER = Path(__file__).parent / "plans"
LARGEST = 256 * 1024
"""Bytes of a plan's file: the longest of the shipped ones has 12,000."""


class BadPlan(ValueError):
    """A plan that cannot be used. `found` are its faults, `faults` each of them as a line with its key."""

    def __init__(self, name: str, found: list[Fault]) -> None:
        self.name = name
        self.found = found
        self.faults = [str(fault) for fault in found]
        super().__init__("; ".join(f"{name}: {fault}" for fault in self.faults))


def plan_names(folder: Path = FOLDER) -> list[str]:
    """Names that `plan` understands, sorted."""
    return sorted(path.stem for path in folder.glob("*.toml"))


def plan(name: str, folder: Path = FOLDER) -> Plan:
    """The plan of that name; BadPlan where there is none, or with every fault found in its file."""
    # Names only: what stands in the settings must not reach any other file.
    if name not in plan_names(folder):
        raise BadPlan(name, [Fault(key="", what="none", value=", ".join(plan_names(folder)) or "-")])
    return read((folder / f"{name}.toml").read_text(encoding="utf-8"), name)


def shipped(name: str) -> bytes | None:
    """The file of a shipped plan, None where there is none of that name."""
    return (FOLDER / f"{name}.toml").read_bytes() if name in plan_names() else None


def read(text: str, name: str) -> Plan:
    """A plan from TOML; BadPlan with the faults by key and line."""
    try:
        found = msgspec.toml.decode(text, type=Plan)
    except msgspec.DecodeError as error:
        stumbled = decode_faults(text) or [decode_fault(error)]
        raise BadPlan(name, sorted((placed(one, text) for one in stumbled), key=lambda fault: fault.line)) from error
    faults = faults_of(found, name)
    if faults:
        raise BadPlan(name, sorted((placed(fault, text) for fault in faults), key=lambda fault: fault.line))
    return found


def read_own(raw: bytes) -> tuple[Plan, str]:
    """A plan from the bytes of a file, under the name it gives itself, and its text. BadPlan."""
    if len(raw) > LARGEST:
        raise BadPlan("", [Fault(key="", what="large", value=str(LARGEST // 1024))])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadPlan("", [Fault(key="", what="utf8")]) from None
    try:
        name = msgspec.convert(msgspec.toml.decode(text), type=_Named).id
    except msgspec.DecodeError:
        name = ""
    return read(text, name), text


class _Named(msgspec.Struct):
    id: str = ""


def placed(fault: Fault, text: str) -> Fault:
    """The fault with its line in the text of the file, where it has none yet."""
    return fault if fault.line else replace(fault, line=line_of(text, fault.key))
