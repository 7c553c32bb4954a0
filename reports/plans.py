"""Plans as files: what a commune owes to whom, and how its own reports are addressed and signed."""

from pathlib import Path
from typing import Literal

import msgspec

FOLDER = Path(__file__).parent / "plans"

_ENDINGS = (".", ";", ",")


class Basis(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A căn cứ. `quote` is the plan's wording; `report` how a report cites it, empty where it does not."""

    quote: str
    report: str = ""


class Owed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A report the plan asks for. `before` is its day ("05/5/2024") or empty; `due` how the plan says when."""

    name: str
    quote: str
    period: str = ""
    before: str = ""
    due: str = ""
    to_written: str
    to_today: str


class Mapped(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A body as the plan writes it, and what it is in today's two-level government."""

    written: str
    today: str


class Profile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the commune's reports go out: Kính gửi, Nơi nhận, the lines over the signature, the mark of the number.

    `letters_mark` is the mark of the number of letters (công văn): who issues and who drafts.
    """

    addressed: tuple[str, ...]
    copies: tuple[str, ...]
    signature: tuple[str, ...]
    signer: str = ""
    mark: str = "BC-UBND"
    letters_mark: str = "UBND-VP"


class SatisfactionTarget(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A goal for the satisfaction index, as a share (0.9), only ever with the document that sets it."""

    value: float
    source: str


class Plan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One plan. `number` stays empty where the paper leaves it blank; `index` is the satisfaction index printed."""

    id: str
    title: str
    number: str = ""
    year: int
    month: int = 0
    issuer: str
    signed: tuple[str, ...] = ()
    index: Literal["top2", "mean"] = "top2"
    bases: tuple[Basis, ...] = ()
    owed: tuple[Owed, ...] = ()
    recipients: tuple[Mapped, ...] = ()
    desks: tuple[Mapped, ...] = ()
    profile: Profile
    satisfaction_target: SatisfactionTarget | None = None


class BadPlan(ValueError):
    """A plan that cannot be used. `faults` name the key and what is wrong with it, one each."""

    def __init__(self, name: str, faults: list[str]) -> None:
        super().__init__("; ".join(f"{name}: {fault}" for fault in faults))
        self.name = name
        self.faults = faults


def plan_names(folder: Path = FOLDER) -> list[str]:
    """Names that `plan` understands, sorted."""
    return sorted(path.stem for path in folder.glob("*.toml"))


def plan(name: str, folder: Path = FOLDER) -> Plan:
    """The plan of that name; BadPlan where there is none, or with every fault found in its file."""
    # Names only: what stands in the settings must not reach any other file.
    if name not in plan_names(folder):
        raise BadPlan(name, [f"no such plan; there are: {', '.join(plan_names(folder)) or 'none'}"])
    return read((folder / f"{name}.toml").read_text(encoding="utf-8"), name)


def read(text: str, name: str) -> Plan:
    """A plan from TOML; BadPlan with the faults by key."""
    try:
        found = msgspec.toml.decode(text, type=Plan)
    except msgspec.DecodeError as error:
        raise BadPlan(name, [str(error)]) from error
    faults = _faults(found, name)
    if faults:
        raise BadPlan(name, faults)
    return found


def _faults(plan: Plan, name: str) -> list[str]:
    faults = []
    if plan.id != name:
        faults.append(f"id: {plan.id!r} is not the name of the file")
    lists = {"addressed": plan.profile.addressed, "copies": plan.profile.copies, "signature": plan.profile.signature}
    for key, lines in lists.items():
        if not lines:
            faults.append(f"profile.{key}: at least one line is needed")
        faults += [
            f"profile.{key}[{at}]: must be one line of text, without its closing punctuation"
            for at, line in enumerate(lines)
            if not line.strip() or "\n" in line or line.endswith(_ENDINGS[1:])
        ]
    for at, basis in enumerate(plan.bases):
        if basis.report.endswith(_ENDINGS):
            faults.append(f"bases[{at}].report: the punctuation at its end is set by the report")
    target = plan.satisfaction_target
    if target is not None and not 0 < target.value <= 1:
        faults.append(f"satisfaction_target.value: {target.value} is not a share between 0 and 1")
    if target is not None and not target.source.strip():
        faults.append("satisfaction_target.source: a target without its source is not printed")
    return faults
