"""What the province's page asks of the application: files taken in, and the roll-up made."""

from collections.abc import Sequence
from typing import Protocol

import msgspec

from feedback.roles import Actor
from reports.province import Province
from storage.handing_out import CommuneHas, Kind


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


class Offered(msgspec.Struct, frozen=True, kw_only=True):
    """What may be handed out, and which communes have it. `text` is its file, to be brought back for the second step.

    `faults`: what is wrong with its file, as sentences. `why`: "year", "files" (`about` names them) where nothing is
    wrong with it and it cannot be handed out on a page all the same, "unread" where it is no such file at all.
    """

    kind: Kind
    title: str = ""
    checksum: str = ""
    text: str = ""
    communes: tuple[CommuneHas, ...] = ()
    faults: tuple[str, ...] = ()
    why: str = ""
    about: str = ""

    @property
    def sound(self) -> bool:
        """Whether it may be handed out."""
        return not self.faults and not self.why

    @property
    def wanting(self) -> int:
        """How many communes would get it."""
        return sum(one.has != "same" for one in self.communes)


class HandedOut(msgspec.Struct, frozen=True, kw_only=True):
    """In how many communes it is new, in how many it stood already, and the names of those that could not take it."""

    new: int
    same: int
    not_taken: tuple[str, ...] = ()


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

    async def offer(self, actor: Actor, kind: Kind, name: str, raw: bytes) -> Offered:
        """What a survey or plan in a file of that name would be handed out as; nothing is kept. PermissionError."""
        ...

    async def hand_out(self, actor: Actor, kind: Kind, raw: bytes, *, opens: bool) -> HandedOut | Offered:
        """Give it to every commune that has not the very same, and tell each once; its faults where there are any.

        `opens`: a survey is open to everybody at once. PermissionError.
        """
        ...
