"""Biểu tự đánh giá, xếp loại as a file: groups of criteria with their points, what evidence stands beside, and grades.

The product brings a template only (reports/criteria/mau.toml): what an authority has issued, a commune enters itself.
"""

import hashlib
import re
import tomllib
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec

from reports.texts import Texts, texts

FOLDER = Path(__file__).parent / "criteria"
TEMPLATE = "mau"
MOST = 200
"""Criteria of a file, and characters of a name that is no text to be read."""
_LONGEST = 1_000
_PLACE = re.compile(r"\(at line (\d+), column \d+\)")
_HEADS = {"groups": "[[groups]]", "criteria": "[[groups.criteria]]", "grades": "[[grades]]"}

EVIDENCE = (
    "surveys.satisfaction", "surveys.responses", "cases.received", "cases.answered", "cases.in_time", "cases.reopened",
    "promises.apologised", "sessions.dialogues", "sessions.receptions", "sessions.questions", "sessions.promises",
    "mood.marked",
)  # fmt: skip
"""What the product knows: reports/evidence.py says each in words, with where it is from."""


class Criterion(msgspec.Struct, frozen=True, kw_only=True):
    """One line: at most `points`; `evidence` names figures of EVIDENCE, `add` is what an officer brings."""

    text: str
    points: float
    evidence: tuple[str, ...] = ()
    add: str = ""

    @property
    def id(self) -> str:
        """What its typed points are kept under: another text is another criterion."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Criteria under one heading."""

    name: str
    criteria: tuple[Criterion, ...]

    @property
    def points(self) -> float:
        """The most that it can bring."""
        return sum(one.points for one in self.criteria)


class Grade(msgspec.Struct, frozen=True, kw_only=True):
    """A classification from so many points on."""

    name: str
    at_least: float


class Criteria(msgspec.Struct, frozen=True, kw_only=True):
    """A whole sheet. `source`: the document that sets it; empty: it is nobody's, as the template."""

    title: str
    source: str = ""
    groups: tuple[Group, ...]
    grades: tuple[Grade, ...]

    @property
    def points(self) -> float:
        """The most of all groups."""
        return sum(group.points for group in self.groups)

    def lines(self) -> list[Criterion]:
        """Every criterion, in order."""
        return [one for group in self.groups for one in group.criteria]

    def grade(self, points: float) -> Grade:
        """What so many points come to; grades stand from the best to the last, which begins at 0."""
        return next((one for one in self.grades if points >= one.at_least), self.grades[-1])


class BadCriteria(ValueError):
    """A file that cannot be used. `faults` are sentences with their line, for whoever wrote it."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


def template() -> str:
    """The file to begin with."""
    return (FOLDER / f"{TEMPLATE}.toml").read_text(encoding="utf-8")


def read(text: str, wording: Texts | None = None) -> Criteria:
    """A sheet from TOML; BadCriteria with every fault and its line."""
    say = (wording or texts()).say
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _PLACE.search(str(error))
        line = int(found[1]) if found else max(text.count("\n"), 1)
        raise BadCriteria([say("criteria.fault", line=line, what=say("criteria.fault.toml"))]) from error
    reading = _Reading(text, wording or texts())
    criteria = reading.whole(raw)
    if reading.faults:
        raise BadCriteria(reading.faults)
    return criteria


class _Reading:
    """One reading of a file: values that are as they should be, and a sentence for each that is not."""

    def __init__(self, text: str, wording: Texts) -> None:
        self._lines = text.splitlines()
        self._say = wording.say
        self.faults: list[str] = []

    def whole(self, raw: dict[str, Any]) -> Criteria:
        self._known(raw, {"title", "source", "groups", "grades"}, ())
        found = Criteria(
            title=self._text(raw, "title", ()),
            source=self._text(raw, "source", (), optional=True),
            groups=tuple(self._group(one, ("groups", at)) for at, one in self._tables(raw, "groups", ())),
            grades=tuple(self._grade(one, ("grades", at)) for at, one in self._tables(raw, "grades", ())),
        )
        if not self.faults:
            self._alike(found)
            self._ladder(found)
        return found

    def _group(self, raw: dict[str, Any], place: tuple[str | int, ...]) -> Group:
        self._known(raw, {"name", "criteria"}, place)
        lines = self._tables(raw, "criteria", place)
        return Group(
            name=self._text(raw, "name", place),
            criteria=tuple(self._criterion(one, (*place, "criteria", at)) for at, one in lines),
        )

    def _criterion(self, raw: dict[str, Any], place: tuple[str | int, ...]) -> Criterion:
        self._known(raw, {"text", "points", "evidence", "add"}, place)
        named = raw.get("evidence", [])
        if not isinstance(named, list) or any(one not in EVIDENCE for one in named):
            self._fault("criteria.fault.evidence", (*place, "evidence"), known=", ".join(EVIDENCE))
            named = []
        return Criterion(
            text=self._text(raw, "text", place),
            points=self._number(raw, "points", place, above=True),
            evidence=tuple(named),
            add=self._text(raw, "add", place, optional=True),
        )

    def _grade(self, raw: dict[str, Any], place: tuple[str | int, ...]) -> Grade:
        self._known(raw, {"name", "from"}, place)
        return Grade(name=self._text(raw, "name", place), at_least=self._number(raw, "from", place))

    def _alike(self, found: Criteria) -> None:
        """The same text twice would share its typed points."""
        seen: set[str] = set()
        for at, group in enumerate(found.groups):
            for line, one in enumerate(group.criteria):
                if one.id in seen:
                    self._fault("criteria.fault.twice", ("groups", at, "criteria", line, "text"), text=one.text[:60])
                seen.add(one.id)

    def _ladder(self, found: Criteria) -> None:
        """Grades go down to 0, none above what can be reached."""
        steps = [one.at_least for one in found.grades]
        for at, (above, below) in enumerate(pairwise(steps), start=1):
            if below >= above:
                self._fault("criteria.fault.order", ("grades", at, "from"), above=_shown(above))
        if steps[0] > found.points:
            self._fault("criteria.fault.reach", ("grades", 0, "from"), most=_shown(found.points))
        if steps[-1] != 0:
            self._fault("criteria.fault.lowest", ("grades", len(steps) - 1, "from"))

    def _tables(self, raw: dict[str, Any], key: str, place: tuple[str | int, ...]) -> list[tuple[int, dict[str, Any]]]:
        found = raw.get(key)
        if not isinstance(found, list) or not found or not all(isinstance(one, dict) for one in found):
            self._fault("criteria.fault.missing", place, name=_HEADS[key])
            return []
        if len(found) > MOST:
            self._fault("criteria.fault.many", place, name=_HEADS[key], most=MOST)
            return []
        return list(enumerate(found))

    def _text(self, raw: dict[str, Any], key: str, place: tuple[str | int, ...], *, optional: bool = False) -> str:
        found = raw.get(key, "")
        if not isinstance(found, str) or len(found) > _LONGEST or any(ord(sign) < ord(" ") for sign in found):
            self._fault("criteria.fault.text", (*place, key), name=key)
            return ""
        if not found.strip() and not optional:
            self._fault("criteria.fault.missing", (*place, key), name=key)
        return found.strip()

    def _number(self, raw: dict[str, Any], key: str, place: tuple[str | int, ...], *, above: bool = False) -> float:
        found = raw.get(key)
        good = isinstance(found, int | float) and not isinstance(found, bool) and 0 <= found <= 1_000
        if not good or (above and not found):
            self._fault("criteria.fault.points" if above else "criteria.fault.number", (*place, key), name=key)
            return 0
        return float(found or 0)

    def _known(self, raw: dict[str, Any], keys: set[str], place: tuple[str | int, ...]) -> None:
        for key in sorted(set(raw) - keys):
            self._fault("criteria.fault.key", (*place, key), name=key[:40], known=", ".join(sorted(keys)))

    def _fault(self, key: str, place: tuple[str | int, ...], **values: object) -> None:
        what = self._say(key, **values)
        self.faults.append(self._say("criteria.fault", line=_line_of(self._lines, place), what=what))


def _line_of(lines: list[str], place: Iterable[str | int]) -> int:
    """The line of a place in the file: of its key, else of the table it belongs to, else the first."""
    at, head, last = 0, "", 0
    for part in place:
        if isinstance(part, int):
            wanted = part + 1
            for number in range(at, len(lines)):
                wanted -= lines[number].strip().replace(" ", "").startswith(head)
                if not wanted:
                    at = number + 1
                    break
        else:
            head, last = _HEADS.get(part, ""), at
            key = re.compile(rf"\s*(?:\"{re.escape(part)}\"|{re.escape(part)})\s*=")
            for number in range(last, len(lines)):
                if number > last and lines[number].lstrip().startswith("["):
                    break
                if key.match(lines[number]):
                    return number + 1
    return max(at, 1)


def _shown(points: float) -> str:
    return f"{points:g}".replace(".", ",")
