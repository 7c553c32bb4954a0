"""What a report needs to know, said as small read-only questions; app/wiring.py answers them from the store."""

from datetime import date
from typing import Protocol

import msgspec

from surveys.definition import Survey

Tally = dict[str, float]
"""Counts of one question: likert5 "0".."5" and "9", nps "0".."10", yesno "yes" and "no", choice ids,
number "n" and "sum", text "n"; "-" where the question was shown and skipped."""


class Unit(msgspec.Struct, frozen=True):
    """A commune or village; `name` carries its own word ("thôn Nà Sèn")."""

    id: int
    name: str


class Commune(msgspec.Struct, frozen=True, kw_only=True):
    """Who signs. `name` as in a heading ("xã Vạn Linh"), `province` ("tỉnh Lạng Sơn")."""

    id: int
    name: str
    province: str
    villages: tuple[Unit, ...]


class AskedSurvey(msgspec.Struct, frozen=True, kw_only=True):
    """A frozen version that was answered in the period, in waves of one kind (open or invited): never mixed."""

    version: int
    survey: Survey
    kind: str
    number: int


class CaseLine(msgspec.Struct, frozen=True, kw_only=True):
    """One case, without a word that a citizen wrote. Days are local; None where it has not happened."""

    kind: str
    category: str
    village: int | None
    opened: date
    answered: date | None


class Source(Protocol):
    """Figures of one commune between two local days, both included; `kind` of wave as `asked` gives it."""

    def commune(self) -> Commune: ...

    def asked(self, first: date, last: date) -> list[AskedSurvey]: ...

    def responses(self, version: int, first: date, last: date, kind: str = "open") -> dict[str, int]:
        """Released responses by channel ("" where it was blanked at close)."""
        ...

    def tallies(self, version: int, first: date, last: date, kind: str = "open") -> dict[str, Tally]:
        """Counts by question id, all villages and channels."""
        ...

    def tallies_by_village(
        self, version: int, first: date, last: date, kind: str = "open"
    ) -> dict[int, dict[str, Tally]]:
        """Counts by village id and question id; the commune's own id where the village was blanked."""
        ...

    def cases(self, first: date, last: date) -> list[CaseLine]:
        """Cases open at any time in the period: opened by `last` and not answered before `first`."""
        ...
