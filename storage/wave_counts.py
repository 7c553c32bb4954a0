"""Counts of one wave, taken from its released answers themselves: the rollups know versions and kinds, not waves."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Connection, func, select

from storage import audience, participations
from storage.rollups import times
from storage.tables import answers, invitations, responses, waves
from storage.tables import participations as tokens
from storage.vault import Vault
from surveys.definition import Survey
from surveys.tally import RESPONSES, Tally, add
from surveys.waves import Segment


@dataclass(slots=True)
class Counts:
    """What was released of a wave. `by_village`: by the village that people named; 0 gathers those without one.

    `partial`: broken off before the end; `assisted`: typed in by an officer; `bare`: of whom nothing is kept but that
    they came, because fewer than five were left at the end. `alone`: whether no answers of another wave of the same
    version and kind were released from `first` to `last`.
    """

    n: int = 0
    partial: int = 0
    assisted: int = 0
    bare: int = 0
    first: date | None = None
    last: date | None = None
    alone: bool = True
    tallies: dict[str, Tally] = field(default_factory=dict)
    by_village: dict[int, dict[str, Tally]] = field(default_factory=dict)


def counts(conn: Connection, wave: int, survey: Survey) -> Counts:
    """The counts of a wave as of its last release."""
    mine = responses.c.wave_id == wave
    village = func.coalesce(responses.c.village_id, 0)
    found = Counts()
    sums = (func.count(), func.sum(responses.c.partial), func.sum(responses.c.assisted))
    days = (func.min(responses.c.day), func.max(responses.c.day))
    for place, n, partial, assisted, first, last in conn.execute(
        select(village, *sums, *days).where(mine).group_by(village)
    ):
        found.n += n
        found.partial += int(partial)
        found.assisted += int(assisted)
        found.first = min(filter(None, (found.first, date.fromisoformat(first))))
        found.last = max(filter(None, (found.last, date.fromisoformat(last))))
        found.by_village[place] = {RESPONSES: {"n": n}}
    found.tallies = {RESPONSES: {"n": found.n}}
    nothing = ~select(answers.c.response_id).where(answers.c.response_id == responses.c.id).exists()
    found.bare = conn.scalar(select(func.count()).where(mine, nothing)) or 0
    said = conn.execute(
        select(village, answers.c.question, answers.c.value, func.count())
        .join(answers, answers.c.response_id == responses.c.id)
        .where(mine)
        .group_by(village, answers.c.question, answers.c.value)
    )
    for place, question, value, count in said:
        tally = times(survey, question, value, count)
        for into in (found.tallies, found.by_village[place]):
            into[question] = add(into.get(question, {}), tally)
    found.alone = _alone(conn, wave, found)
    return found


def _alone(conn: Connection, wave: int, found: Counts) -> bool:
    if found.first is None or found.last is None:
        return True
    here = select(waves.c.version_id, waves.c.kind).where(waves.c.id == wave).subquery()
    same = select(waves.c.id).join(here, (here.c.version_id == waves.c.version_id) & (here.c.kind == waves.c.kind))
    others = select(responses.c.id).where(
        responses.c.wave_id.in_(same.where(waves.c.id != wave)),
        responses.c.day.between(found.first.isoformat(), found.last.isoformat()),
    )
    return conn.execute(others.limit(1)).first() is None


def strata(conn: Connection, vault: Vault, wave: int, frame: int, segment: Segment) -> list[tuple[int, int, int, int]]:
    """Of each village of a frame (0: without one): rows that the segment means, rows invited, invitations answered."""
    sizes = audience.frame_sizes(conn, frame, segment)
    rows = conn.execute(
        select(invitations.c.id, func.coalesce(invitations.c.village_id, 0)).where(
            invitations.c.wave_id == wave,
            invitations.c.frame_row_id.is_not(None),
        )
    ).all()
    came = {bytes(token) for token in conn.scalars(select(tokens.c.token).where(tokens.c.wave_id == wave))}
    drawn: dict[int, int] = dict.fromkeys(sizes, 0)
    answered: dict[int, int] = dict.fromkeys(sizes, 0)
    for id, village in rows:
        drawn[village] = drawn.get(village, 0) + 1
        if participations.of_invitation(vault, wave, id) in came:
            answered[village] = answered.get(village, 0) + 1
    # A row may have left the frame's segment since it was drawn.
    return [(id, max(sizes.get(id, 0), drawn[id]), drawn[id], answered.get(id, 0)) for id in sorted(drawn)]
