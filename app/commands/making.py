"""What may go wrong while a document of a period is made, as a command says it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.commands.common import Stop
from app.due_reports import NoSuchReport
from app.reporting import NotBegun, ReportFailed
from reports.periods import BadPeriod
from reports.plans import BadPlan

_PERIODS = "2026-10, 2026-Q3, 2026-6m, 2026-9m, 2026-12m, 2026-03-05..2026-04-20"


@contextmanager
def making(period: str, folder: Path) -> Iterator[None]:
    """Stop with what to do about it, wherever a period, a plan, the child process or the folder is at fault."""
    try:
        yield
    except BadPeriod:
        raise Stop(f"--period: {period} is none of {_PERIODS}") from None
    except NoSuchReport as fault:
        raise Stop(f"--plan: {fault} asks for no report on {period}; see: nghedan plan list") from None
    except NotBegun:
        raise Stop(f"--period: {period} has not begun yet") from None
    except BadPlan as fault:
        raise Stop(f"[report] plan: {fault}") from None
    except ReportFailed as fault:
        raise Stop(f"it could not be made: {fault}", 1) from None
    except OSError as fault:
        raise Stop(f"--out: {folder}: {fault.strerror}") from None
