"""Whose a survey is, the People's Committee's or the Front's: a survey says so itself (`Survey.owner`).

It stands first in what is stored, so that a query tells it without reading the survey. What the Front writes nobody of
the Committee sees before a wave of it is over; what the Committee has published the Front may read, and touch nothing.
"""

from sqlalchemy import ColumnElement, Connection, exists, func, or_, select, true

from storage.tables import survey_versions, surveys, waves
from surveys.waves import Owner, WaveState

_FRONTS = '{"owner":"front"'


def of(body: ColumnElement[str], side: Owner) -> ColumnElement[bool]:
    """Whether a stored survey is that side's."""
    begins = func.substr(body, 1, len(_FRONTS))
    return begins == _FRONTS if side is Owner.FRONT else begins != _FRONTS


def shown_to(side: Owner, now: int) -> ColumnElement[bool]:
    """Whether a row of survey_versions may be read by that side: its own, the Committee's, what the Front has asked."""
    if side is Owner.FRONT:
        return true()
    over = exists().where(
        waves.c.version_id == survey_versions.c.id, waves.c.state == WaveState.CLOSED, waves.c.closes_at <= now
    )
    return or_(of(survey_versions.c.body, Owner.COMMITTEE), over)


def owner_of(conn: Connection, unit: int, slug: str) -> Owner | None:
    """Whose the survey of that name is in a commune; None where there is none yet."""
    is_fronts = of(survey_versions.c.body, Owner.FRONT).label("fronts")
    query = (
        select(is_fronts)
        .join(surveys, surveys.c.id == survey_versions.c.survey_id)
        .where(surveys.c.unit_id == unit, surveys.c.slug == slug)
        .limit(1)
    )
    found = conn.execute(query).first()
    return None if found is None else Owner.FRONT if found.fronts else Owner.COMMITTEE
