"""What was entered for others: how much, by which kind of helper, and the words of cases to be set side by side."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from sqlalchemy import Connection, func, select

from feedback.roles import Role
from storage import confidential
from storage.case_lines import its_own
from storage.tables import cases, officers, paper_batches, paper_totals, waves
from surveys.waves import Owner, WaveState

Helper = Literal["officer", "village_head", "front"]
_KINDS: Mapping[str, Helper] = {Role.VILLAGE_HEAD: "village_head", Role.FRONT: "front"}
NEWEST = 100
"""Cases of one helper that are set side by side."""


class Entered(NamedTuple):
    """A case that an officer entered: its code, and its words folded."""

    code: str
    folded: str


class Cases(NamedTuple):
    """One helper and what they entered, the newest first; at most 100 are given, `entered` is of all.

    `matters`: of these, those that were not joined into another case, as a report counts cases. What lies side by side
    is everything: who enters the same words ten times has done so whether or not somebody joined them.
    """

    officer: int
    name: str
    role: str
    entered: int
    newest: list[Entered]
    matters: int = 0


def helper_of(role: str) -> Helper:
    """The kind of helper that an officer of a role is."""
    return _KINDS.get(role, "officer")


def forms(conn: Connection, unit: int, first: int, before: int) -> dict[Helper, int]:
    """Forms of a unit's piles that were closed in [first, before) (UTC ms), by the kind of helper."""
    query = (
        select(officers.c.role, func.sum(paper_totals.c.forms))
        .join(paper_batches, paper_batches.c.id == paper_totals.c.batch_id)
        .join(officers, officers.c.id == paper_totals.c.officer_id)
        .where(paper_batches.c.unit_id == unit)
        .where(paper_batches.c.closed_at >= first, paper_batches.c.closed_at < before)
        .group_by(officers.c.role)
    )
    return _by_helper([(row[0], int(row[1])) for row in conn.execute(query)])


def forms_of_wave(conn: Connection, wave: int) -> dict[Helper, int]:
    """Forms of a wave's closed piles, by the kind of helper."""
    query = (
        select(officers.c.role, func.sum(paper_totals.c.forms))
        .join(officers, officers.c.id == paper_totals.c.officer_id)
        .where(paper_totals.c.wave_id == wave)
        .group_by(officers.c.role)
    )
    return _by_helper([(row[0], int(row[1])) for row in conn.execute(query)])


def waves_with_piles(conn: Connection, unit: int, first: int, before: int) -> list[tuple[int, int]]:
    """Waves (id, version) that piles were closed for in those days; none whose figures nobody may see yet."""
    piles = (
        select(paper_batches.c.wave_id)
        .where(paper_batches.c.unit_id == unit)
        .where(paper_batches.c.closed_at >= first, paper_batches.c.closed_at < before)
    )
    # What the Front asks the committee learns once it is over.
    shown = ((waves.c.sealed == 0) & (waves.c.owner != Owner.FRONT)) | (waves.c.state == WaveState.CLOSED)
    query = select(waves.c.id, waves.c.version_id).where(waves.c.id.in_(piles), shown).order_by(waves.c.id)
    return [(row.id, row.version_id) for row in conn.execute(query)]


def cases_by_helper(conn: Connection, unit: int, first: int, before: int) -> list[Cases]:
    """Cases of a unit entered for others in [first, before), by helper, by name; none that is confidential."""
    query = (
        select(
            cases.c.code,
            cases.c.folded,
            cases.c.helper_id,
            officers.c.name,
            officers.c.role,
            its_own().label("own"),
        )
        .join(officers, officers.c.id == cases.c.helper_id)
        .where(cases.c.unit_id == unit, cases.c.opened_at >= first, cases.c.opened_at < before, confidential.visible())
        .order_by(officers.c.name, cases.c.helper_id, cases.c.opened_at.desc(), cases.c.id.desc())
    )
    found: dict[int, Cases] = {}
    for row in conn.execute(query):
        mine = found.get(row.helper_id) or Cases(row.helper_id, row.name, row.role, 0, [])
        if len(mine.newest) < NEWEST:
            mine.newest.append(Entered(row.code, row.folded))
        found[row.helper_id] = mine._replace(entered=mine.entered + 1, matters=mine.matters + bool(row.own))
    return list(found.values())


def cases_by_kind(found: list[Cases]) -> dict[Helper, int]:
    """How many matters each kind of helper entered, as reports count what was received."""
    return _by_helper([(one.role, one.matters) for one in found])


def _by_helper(counts: list[tuple[str, int]]) -> dict[Helper, int]:
    total: dict[Helper, int] = {}
    for role, n in counts:
        total[helper_of(role)] = total.get(helper_of(role), 0) + n
    return total
