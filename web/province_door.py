"""What the province's page asks of the application: files taken in, and the roll-up made."""

from collections.abc import Sequence
from typing import Protocol

import msgspec

from feedback.roles import Actor
from reports.province import Province


class Received(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one file: `outcome` new, same, replaced, or why it was refused ("checksum", "period", "own", ...).

    `foreign`: titles of surveys that were asked in another version than the province hands out. `params`: what is wrong
    with it, by word of its outcome.
    """

    file: str
    outcome: str
    commune: str = ""
    period: str = ""
    params: dict[str, str] = {}
    foreign: tuple[str, ...] = ()
    approved: bool = True

    @property
    def taken(self) -> bool:
        """Whether what it says stands in the store now."""
        return self.outcome in {"new", "same", "replaced"}


class ProvinceDoor(Protocol):
    """Of the officer's own province only; what the officer may do is asked there once more."""

    async def take_in(self, actor: Actor, files: Sequence[tuple[str, bytes]], period: str) -> list[Received]:
        """Keep the figures of communes with stores of their own, each file (name, bytes) whole or not at all."""
        ...

    async def figures(self, actor: Actor, period: str) -> Province:
        """What communes have made so far, side by side, for the page; PermissionError, reports.periods.BadPeriod."""
        ...

    async def roll_up(self, actor: Actor, period: str) -> dict[str, bytes] | None:
        """The roll-up's files by name, of what communes have made so far; None where it could not be made.

        PermissionError, reports.periods.BadPeriod.
        """
        ...
