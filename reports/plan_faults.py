"""What is wrong with a plan's file: the key, its line, and a plain sentence about it."""

import re
from datetime import date

import msgspec

from reports.plan_parts import YEARLY, Owed, Plan, Profile
from reports.recipients import abolished
from reports.texts import texts

ENDINGS = (".", ";", ",")
_DAY = re.compile(r"(?P<day>\d{1,2})/(?P<month>\d{1,2})", re.ASCII)
_LEAP_YEAR = 2000
_HALVES = {"6m": (3, 15), "9m": (5, 1), "12m": (6, 15)}
"""Month and day before which not half of a period that begins on 15 December has passed."""
_HEADER = re.compile(r"\s*\[(?P<many>\[)?\s*(?P<name>[\w.]+)\s*\]")
_KEY = re.compile(r"\s*(?P<key>\w+)\s*=")
_STEP = re.compile(r"(?P<name>\w+)(?:\[(?P<at>\d+)\])?")
_PATH = re.compile(r" - at `\$\.?(?P<path>[^`]*)`$")
_LINE = re.compile(r" \(at line (?P<line>\d+), column \d+\)$")
_DECODED = (
    ("missing", re.compile(r"Object missing required field `(?P<value>\w+)`")),
    ("unknown", re.compile(r"Object contains unknown field `(?P<value>\w+)`")),
    ("enum", re.compile(r"Invalid enum value '?(?P<value>[^']*)'?")),
    ("type", re.compile(r"Expected `(?P<value>[^`]+)`")),
)
_LONGEST_LINE = 200


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is wrong. `key` is where in the file ("owed[1].before"), "" for the file as a whole.

    `what` is a wording key after "plan.fault.", `value` what stands there; `line` counts from 1, 0 where it is unknown.
    """

    key: str
    what: str
    value: str = ""
    line: int = 0

    @property
    def sentence(self) -> str:
        """What is wrong, without its place."""
        return texts().say(f"plan.fault.{self.what}", value=self.value)

    def __str__(self) -> str:
        told = f"{self.key}: {self.sentence}" if self.key else self.sentence
        return texts().say("plan.fault.at", line=self.line, told=told) if self.line else told


def faults_of(plan: Plan, name: str) -> list[Fault]:
    """Every fault of a plan that could be read; `name` is that of its file."""
    found = []
    if plan.id != name:
        found.append(Fault(key="id", what="id", value=plan.id))
    if plan.until and plan.until < plan.year:
        found.append(Fault(key="until", what="until", value=str(plan.until)))
    if not 2000 <= plan.year < 2100 or plan.until >= 2100:
        found.append(Fault(key="year", what="year", value=str(plan.year)))
    found += profile_faults(plan.profile, "profile.")
    for at, basis in enumerate(plan.bases):
        if basis.report.endswith(ENDINGS):
            found.append(Fault(key=f"bases[{at}].report", what="ending"))
    found += [fault for at, owed in enumerate(plan.owed) for fault in _owed_faults(f"owed[{at}]", owed)]
    found += _twice(plan.owed)
    for key, bodies in (("recipients", plan.recipients), ("desks", plan.desks)):
        found += [fault for at, one in enumerate(bodies) for fault in _body_faults(f"{key}[{at}].today", one.now)]
    target = plan.satisfaction_target
    if target is not None and not 0 < target.value <= 1:
        found.append(Fault(key="satisfaction_target.value", what="share", value=str(target.value)))
    if target is not None and not target.source.strip():
        found.append(Fault(key="satisfaction_target.source", what="source"))
    return found


def profile_faults(profile: Profile, place: str = "") -> list[Fault]:
    """What is wrong with how a commune signs; `place` stands before each key."""
    lists = {"addressed": profile.addressed, "copies": profile.copies, "signature": profile.signature}
    found = [Fault(key=f"{place}{key}", what="empty") for key, lines in lists.items() if not lines]
    for key, lines in lists.items():
        for at, line in enumerate(lines):
            here = f"{place}{key}[{at}]"
            if not line.strip() or "\n" in line or line.endswith(ENDINGS[1:]):
                found.append(Fault(key=here, what="line"))
            found += _gone(here, line)
    singles = {name: getattr(profile, name) for name in ("signer", "mark", "letters_mark")}
    for key, text in singles.items():
        if "\n" in text or (key.endswith("mark") and not text.strip()):
            found.append(Fault(key=f"{place}{key}", what="line"))
    everything = {**{key: " ".join(lines) for key, lines in lists.items()}, **singles}
    found += [Fault(key=f"{place}{key}", what="nul") for key, text in everything.items() if "\0" in text]
    for key, text in {**{k: max(v, key=len, default="") for k, v in lists.items()}, **singles}.items():
        if len(text) > _LONGEST_LINE:
            found.append(Fault(key=f"{place}{key}", what="long", value=str(_LONGEST_LINE)))
    return found


def decode_fault(error: msgspec.DecodeError) -> Fault:
    """What the reader of the file stumbled over."""
    said = str(error)
    line = _LINE.search(said)
    path = _PATH.search(said)
    key = path["path"] if path else ""
    bare = said[: (line or path).start()] if line or path else said  # type: ignore[union-attr]  # one of them was found
    for what, pattern in _DECODED:
        found = pattern.match(bare)
        if found is not None:
            at = ".".join(filter(None, (key, found["value"]))) if what in {"missing", "unknown"} else key
            return Fault(key=at, what=what, value=found["value"])
    return Fault(key="", what="toml", value=bare, line=int(line["line"]) if line else 0)


def line_of(text: str, key: str) -> int:
    """The line, from 1, of a key such as "owed[1].before" in a plan's file; else that of its table, or 0."""
    steps = [(found["name"], int(found["at"] or 0)) for found in _STEP.finditer(key)]
    if not steps:
        return 0
    table, wanted = (steps[0], steps[1][0]) if len(steps) > 1 else (("", 0), steps[0][0])
    here, seen, head = ("", 0), dict[str, int](), 0
    for number, line in enumerate(text.splitlines(), start=1):
        if (header := _HEADER.match(line)) is not None:
            name = header["name"]
            here = (name, seen.get(name, 0))
            seen[name] = here[1] + 1
            if here == table or (name, here[1]) == steps[0]:
                head = number
        elif here == table and (found := _KEY.match(line)) is not None and found["key"] == wanted:
            # A list that is written over several lines has one item on each.
            return number + 1 + steps[-1][1] if line.rstrip().endswith("[") else number
    return head


def _owed_faults(key: str, owed: Owed) -> list[Fault]:
    found = _body_faults(f"{key}.to_today", owed.to)
    if not owed.name.strip() or "\n" in owed.name or len(owed.name) > _LONGEST_LINE:
        found.append(Fault(key=f"{key}.name", what="line"))
    if owed.before and owed.period not in YEARLY:
        found.append(Fault(key=f"{key}.period", what="period"))
    if owed.before and not _is_day(owed.before):
        found.append(Fault(key=f"{key}.before", what="day", value=owed.before))
    elif owed.before and owed.period in _HALVES and not owed.year_after and _earlier(owed.before, _HALVES[owed.period]):
        found.append(Fault(key=f"{key}.before", what="half", value=owed.before))
    if owed.year_after and not owed.before:
        found.append(Fault(key=f"{key}.year_after", what="year_after"))
    return found


def _earlier(day: str, than: tuple[int, int]) -> bool:
    number, month = (int(part) for part in day.split("/"))
    return (month, number) < than


def _twice(owed: tuple[Owed, ...]) -> list[Fault]:
    seen: set[tuple[str, str]] = set()
    found = []
    for at, one in enumerate(owed):
        if (one.name, one.period) in seen:
            found.append(Fault(key=f"owed[{at}].name", what="twice", value=one.name))
        seen.add((one.name, one.period))
    return found


def _is_day(text: str) -> bool:
    found = _DAY.fullmatch(text)
    if found is None:
        return False
    try:
        date(_LEAP_YEAR, int(found["month"]), int(found["day"]))
    except ValueError:
        return False
    return True


def _body_faults(key: str, today: str) -> list[Fault]:
    return _gone(key, today) if today else [Fault(key=key, what="body")]


def _gone(key: str, body: str) -> list[Fault]:
    gone = abolished(body)
    return [Fault(key=key, what="gone", value=gone)] if gone else []
