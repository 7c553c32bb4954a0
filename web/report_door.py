"""What the pages may ask for about one report; app/report_desk.py does it, each change in one transaction."""

from typing import Protocol

import msgspec

from feedback.acts import Refusal
from feedback.report_acts import ReportAct
from feedback.roles import Actor
from reports.comparing import Difference
from reports.places import Place
from storage.reading_report import Words


class PlaceShown(msgspec.Struct, frozen=True, kw_only=True):
    """A place of the documents with what stands there.

    `stale`: written beside other figures than there are now; `before`: what an earlier report said there.
    """

    place: Place
    words: Words | None = None
    stale: bool = False
    before: Words | None = None


class ReportDoor(Protocol):
    """Every change of a report, and what its page shows beside its row. A Refusal says why not."""

    async def act(self, report: int, act: ReportAct, actor: Actor) -> Refusal | None:
        """An act on a report of the actor's unit."""
        ...

    async def sign(self, report: int, data: bytes, seen: int, actor: Actor) -> Refusal | None:
        """The signed PDF comes back: kept as it is, and the report is frozen with it."""
        ...

    async def places(self, report: int, unit: int) -> list[PlaceShown]:
        """Where officers write in its documents; none while it has no figures, or where they cannot be read.

        Last what was written in places that its plan has no more, with an empty heading and digest.
        """
        ...

    async def compare(self, report: int, unit: int) -> list[Difference] | None:
        """What a new count of its period says otherwise; None where it has no figures to compare."""
        ...
