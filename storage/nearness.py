"""Open cases that may be the same matter as one that is being written: two look-ups, each along an index.

A turn runs them once a report, so their text is built once: to put Core's constructs together costs more than SQLite.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, bindparam, text

from feedback.kinds import Kind
from feedback.nearness import (
    PUBLIC_FIELDS,
    REACH,
    Candidate,
    Near,
    Report,
    cells_around,
    metres,
    nearest,
    words_of,
)
from feedback.states import OPEN, State

_IN_CELLS = 2_000
"""Rows looked at by their points alone: in nine cells of 210 m there is never so much, but who knows."""
_READ = 25
"""Cases whose words are read of each look-up: the nearest, and of the thôn the newest."""
_WORDS = 400
"""Characters of a text that are compared: what is wrong is said at the beginning."""
_CELLS = 9


def _list(words: Iterable[str]) -> str:
    return ", ".join(f"'{word}'" for word in sorted(words))


_TOLD = f"confidential = 0 AND kind = '{Kind.FEEDBACK}'"
"""Of what is in the index, what a stranger may be told of."""
# Ids and words in these texts are our own constants; what a person says is always a parameter.
BY_POINT = f"""
SELECT id, lat, lon FROM cases
WHERE unit_id = :unit AND category IN ({_list(PUBLIC_FIELDS)}) AND state IN ({_list(OPEN)})
  AND cell IN ({", ".join(f":cell{number}" for number in range(_CELLS))}) AND {_TOLD}
ORDER BY +opened_at DESC LIMIT {_IN_CELLS}
"""  # noqa: S608 - names of our own tables only
"""Id and point of what is open in the cells around a point, the newest first.

The sign before opened_at keeps SQLite from going through all cases in the order of their days instead of by the cells.
"""
# One short list for each field and state, so that every one of them is read from its end of the index.
_OF_VILLAGE = " UNION ALL ".join(
    f"SELECT id, opened_at FROM (SELECT id, opened_at FROM cases"  # noqa: S608 - names of our own tables only
    f" WHERE unit_id = :unit AND category = '{field}' AND state = '{state}' AND village_id = :village AND {_TOLD}"
    f" ORDER BY opened_at DESC LIMIT {_READ}) AS part{number}{state}"
    for number, field in enumerate(sorted(PUBLIC_FIELDS))
    for state in sorted(OPEN)
)
BY_VILLAGE = f"SELECT id FROM ({_OF_VILLAGE}) AS found ORDER BY opened_at DESC LIMIT {_READ}"  # noqa: S608 - names of our own tables only
"""Ids of what is open in a thôn, the newest first."""
_CASES = """
SELECT id, code, category, substr(folded, 1, :most) AS words, place, lat, lon, village_id, state, opened_at, account_id,
  (SELECT min(blob_id) FROM case_blobs WHERE case_id = cases.id AND shown = 1 AND sent_by = 'citizen') AS photo
FROM cases WHERE id IN :ids
"""
_by_point, _by_village = text(BY_POINT), text(BY_VILLAGE)
_cases = text(_CASES).bindparams(bindparam("ids", expanding=True))


def point_params(unit: int, lat: float, lon: float) -> dict[str, int]:
    """The parameters of BY_POINT."""
    return {"unit": unit, **{f"cell{number}": cell for number, cell in enumerate(cells_around(lat, lon))}}


def near(conn: Connection, unit: int, report: Report, accounts: list[int], now: int, *, but: int = 0) -> list[Near]:
    """At most three open cases of a commune that are perhaps the same matter; `accounts` are the person's own.

    `but`: the case itself that is compared, where it is one already.
    """
    if report.category not in PUBLIC_FIELDS:
        return []
    ids: set[int] = set()
    if report.point is not None:
        ids.update(_closest(conn.execute(_by_point, point_params(unit, *report.point)), report.point))
    if report.village is not None:
        ids.update(conn.scalars(_by_village, {"unit": unit, "village": report.village}))
    ids.discard(but)
    if not ids:
        return []
    rows = conn.execute(_cases, {"ids": sorted(ids), "most": _WORDS})
    return nearest(report, [_candidate(row, accounts) for row in rows], now)


def _closest(rows: Iterable[Row[Any]], point: tuple[float, float]) -> list[int]:
    apart = sorted((metres(point, (row.lat, row.lon)), row.id) for row in rows)
    return [id for distance, id in apart[:_READ] if distance <= REACH]


def _candidate(row: Row[Any], accounts: list[int]) -> Candidate:
    return Candidate(
        id=row.id,
        report=Report(
            category=row.category,
            words=words_of(row.words),
            place=words_of(row.place),
            point=None if row.lat is None or row.lon is None else (row.lat, row.lon),
            village=row.village_id,
        ),
        state=State(row.state),
        opened_at=row.opened_at,
        own=row.account_id in accounts,
        code=row.code,
        photo=row.photo or 0,
    )
