"""The papers as the pages are given them: faults become the few that a page can say."""

from collections.abc import Awaitable
from typing import TypeVar

from app import dossiers, paper_trail
from app.logs import get_logger
from app.reporting import NotBegun, ReportFailed
from app.runtime import Runtime
from feedback.roles import Actor
from reports.periods import BadPeriod
from web.paper_services import NoSuchPeriod, PaperFailed, PaperFile, Papers, PaperWanted

log = get_logger()
T = TypeVar("T")


def papers_of(runtime: Runtime) -> Papers:
    """See web.paper_services.Papers."""

    async def make(actor: Actor, wanted: PaperWanted) -> PaperFile | None:
        return await _told(paper_trail.paper(runtime, actor, wanted))

    async def ask(actor: Actor, period: str, names: bool) -> int:  # noqa: FBT001 - as Papers has it
        return await _told(dossiers.ask(runtime, actor, period, names=names))

    async def fetch(actor: Actor, id: int) -> PaperFile | None:
        return await dossiers.fetch(runtime, actor, id)

    return Papers(make=make, ask_dossier=ask, fetch_dossier=fetch)


async def _told(work: Awaitable[T]) -> T:
    try:
        return await work
    except (BadPeriod, NotBegun) as fault:
        raise NoSuchPeriod(str(fault)) from None
    except (ReportFailed, OSError) as fault:
        log.error("paper.failed", fault=type(fault).__name__, why=str(fault) if isinstance(fault, ReportFailed) else "")
        raise PaperFailed from None
