"""Which issued report a new one follows, and what came into its period since."""

import msgspec
from sqlalchemy import Connection

from reports.figures import Figures
from reports.late import late_figures
from reports.plans import YEARLY
from reports.source import Source
from storage import report_desk


def with_late(conn: Connection, source: Source, unit: int, figures: Figures) -> Figures:
    """The figures, with what came into the period of the report before them after that was issued."""
    before = followed(conn, unit, figures)
    if before is None:
        return figures
    return msgspec.structs.replace(figures, late=late_figures(source, before, figures.made_on))


def followed(conn: Connection, unit: int, figures: Figures) -> Figures | None:
    """The issued report of the same plan and kind that ends last before these figures do; None where there is none.

    6, 9 and 12 months are one kind: the plans ask for them one after the other.
    """
    found = [one for _, body in report_desk.issued(conn, unit) if (one := _read(body)) is not None]
    earlier = [one for one in found if one.plan == figures.plan and _kind(one) == _kind(figures)]
    return max((one for one in earlier if one.until < figures.until), key=lambda one: one.until, default=None)


def _kind(figures: Figures) -> str:
    return "year" if figures.period.kind in YEARLY else figures.period.kind


def _read(body: str) -> Figures | None:
    try:
        return Figures.decode(body.encode())
    except msgspec.ValidationError:
        return None  # of a program too old to be set beside this one
