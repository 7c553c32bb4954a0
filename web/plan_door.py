"""What pages may ask for about plans and how the commune signs; app/plan_desk.py does it, each in one transaction."""

from datetime import date
from typing import Protocol

import msgspec
from sqlalchemy import Connection

from feedback.roles import Actor
from reports.due import Due
from reports.plans import Fault, Profile


class PlanShown(msgspec.Struct, frozen=True, kw_only=True):
    """A plan of the commune. `years` are those it is written for, `year` the one it is used in (0: its own).

    `kept`: it is the commune's own, else it comes from the settings; `suggested` is how the file signs.
    """

    slug: str
    title: str
    number: str
    issuer: str
    years: tuple[int, int]
    year: int
    kept: bool
    holds: bool
    due: list[Due]
    sections: int
    targets: int
    suggested: Profile


class PlanTried(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a plan's file: it is taken in, or it has faults, or it must be said in which year it is used.

    `text` is the file as it came, for the second try; `refused` a wording key where nothing is wrong with the file.
    """

    title: str = ""
    new: bool = False
    faults: tuple[Fault, ...] = ()
    years: tuple[int, int] = (0, 0)
    choices: tuple[int, ...] = ()
    text: str = ""
    refused: str = ""

    @property
    def taken(self) -> bool:
        """Whether the commune works by it now."""
        return not (self.faults or self.choices or self.refused)


class PlanDoor(Protocol):
    """Plans of a commune, the days of its reports, and its profile."""

    def plans(self, conn: Connection, unit: int, today: date) -> list[PlanShown]:
        """Every plan, with what it asks for on that day."""
        ...

    def unreadable(self, conn: Connection, unit: int) -> list[str]:
        """Names of plans that cannot be read any more."""
        ...

    def due(self, conn: Connection, unit: int, today: date) -> list[Due]:
        """What is owed now, by its last day."""
        ...

    def profile(self, conn: Connection, unit: int) -> tuple[Profile, bool]:
        """How the commune signs, and whether it has said so itself."""
        ...

    async def add(self, raw: bytes, year: int | None, actor: Actor) -> PlanTried:
        """Take a plan in for that year; None: for its own, or ask."""
        ...

    async def remove(self, slug: str, actor: Actor) -> str:
        """Work by it no longer; "" or why not, as a wording key."""
        ...

    async def set_day(self, plan: str, owed: str, period: str, before: date | None, actor: Actor) -> str:
        """The day before which a report is to be sent; "" or why not, as a wording key."""
        ...

    async def ask(self, plan: str, owed: str, period: str, actor: Actor) -> str:
        """Make a report that a plan owes; "" or why not, as a wording key."""
        ...

    def profile_mark(self, conn: Connection, unit: int) -> str:
        """What tells the profile that is there from any other."""
        ...

    async def sign(self, profile: Profile, actor: Actor, seen: str | None = None) -> bool:
        """The commune signs so from now on; False where it is not the profile of the mark `seen` any more."""
        ...
