"""Words of cases that a search finds: written where the words are written, gone when they go (docs/decisions/0031).

`case_words` has a row for each case that is open to its unit: an FTS5 table on SQLite, a tsvector with a GIN index on
PostgreSQL. It holds each word once and in no order, never the name of somebody anonymous, no telephone, no draft.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, column, select, table, text, union_all

from feedback.confidential import Closed
from feedback.states import OPEN, State
from storage.store import Store
from storage.tables import acts, cases, units
from storage.tx import Tx
from vietnam.search_words import search_words

MOST_WORDS = 12
"""So many different words of a search count; the rest are passed over."""
MOST_OPEN, MOST_DONE = 2_000, 1_000
_OFFICERS_SAID = frozenset({"ask", "reply", "approve", "forward"})
"""What officers write to the citizen; what they write to each other is nothing that a search tells of."""
_PAGES = 64
_words = table("case_words", column("rowid"), column("case_id"), column("words"), column("case_words"))
_FORGET = {
    True: text("DELETE FROM case_words WHERE case_id = :id"),
    False: text("DELETE FROM case_words WHERE rowid = :id"),
}
_KEEP = {
    True: text("INSERT INTO case_words (case_id, words) VALUES (:id, array_to_tsvector(string_to_array(:words, ' ')))"),
    False: text("INSERT INTO case_words (rowid, words) VALUES (:id, :words)"),
}
"""By whether the engine is PostgreSQL."""
_MERGE = text("INSERT INTO case_words (case_words, rank) VALUES ('merge', :pages)")


def keep(tx: Tx, case_id: int) -> None:
    """Bring the words of a case up to date, in the transaction of whatever changed them; none where it is closed."""
    words = _words_of(tx.conn, case_id)
    tx.execute(_FORGET[tx.postgres], {"id": case_id})
    if words:
        tx.execute(_KEEP[tx.postgres], {"id": case_id, "words": " ".join(words)})


def keep_all(tx: Tx, case_ids: Iterable[int]) -> None:
    """`keep` for several."""
    for case_id in case_ids:
        keep(tx, case_id)


def keep_village(tx: Tx, village: int) -> None:
    """A village has another name: so have all its cases."""
    keep_all(tx, tx.execute(select(cases.c.id).where(cases.c.village_id == village)).scalars())


def _words_of(conn: Connection, case_id: int) -> Sequence[str]:
    """What is found by; nothing for a confidential case."""
    row = conn.execute(
        select(cases, units.c.name.label("village"), units.c.was.label("village_was"))
        .outerjoin(units, units.c.id == cases.c.village_id)
        .where(cases.c.id == case_id, cases.c.confidential == int(Closed.NOT))
    ).first()
    if row is None:
        return ()
    history = select(acts.c.action, acts.c.actor, acts.c.detail).where(
        acts.c.thing == "case", acts.c.thing_id == case_id
    )
    said = [
        _text_of(act.detail)
        for act in conn.execute(history)
        if act.actor == "citizen" or (act.actor.startswith("officer") and act.action in _OFFICERS_SAID)
    ]
    name = "" if row.anonymous else row.name
    villages = (row.village or "", row.village_was or "")  # officers go on saying the old name for years
    parts = (row.code, row.text, row.transcript, row.place, *villages, name, row.reply, *said)
    marks = marks_of(row.unit_id, row.kind, row.category, row.village_id or 0, done=State(row.state) not in OPEN)
    return [*marks, *search_words(" ".join(parts))]


def _text_of(detail: str) -> str:
    said = msgspec.json.decode(detail) if detail else {}
    return str(said.get("text", "")) if isinstance(said, dict) else ""


def marks_of(unit: int, kind: str = "", category: str = "", village: int = 0, *, done: bool) -> list[str]:
    """Words that stand with the words of a case, so that a search passes over all that is wanted neither way."""
    marks = {"kind": kind, "field": category, "village": f"{village:x}" if village else ""}
    return [
        f"unit{unit:x}",
        "isdone" if done else "isopen",
        *(f"{name}{_plain(value)}" for name, value in marks.items() if value),
    ]


def _plain(value: str) -> str:
    return "".join(search_words(value))


def finds(conn: Connection, search: str, unit: int, **of: Any) -> ColumnElement[bool] | None:  # noqa: ANN401 - `marks_of` takes them
    """Of cases: those of the unit that have every word of a search; None where there is no word in it.

    All that are open, and of those that are not the newest MOST_DONE: more than can be looked through are a word too
    few. `of`: of this kind, category, village only. It says nothing of who may see them: whoever asks adds
    storage.confidential.reached.
    """
    words = search_words(search)[:MOST_WORDS]
    if not words:
        return None
    parts = [
        _newest(conn, [*marks_of(unit, **of, done=done), *words], most, "done" if done else "open")
        for done, most in ((False, MOST_OPEN), (True, MOST_DONE))
    ]
    both = union_all(*parts).cte("found")
    # Found first, whatever is asked besides: PostgreSQL would else look through every case for a word of none.
    return cases.c.id.in_(select(both.prefix_with("MATERIALIZED", dialect="postgresql").c.id))


def _is_postgres(conn: Connection) -> bool:
    return conn.dialect.name == "postgresql"


def _newest(conn: Connection, words: list[str], most: int, name: str) -> Select[Any]:
    """Ids of the newest cases that have all the words; an id grows with time."""
    # Every word is made of a-z and 0-9, so it needs no escape in either language.
    if _is_postgres(conn):
        # Written out, not as a parameter: how rare a word is decides the way to it.
        wanted = " & ".join(f"''{word}''" for word in words)
        id, fits = _words.c.case_id, text(f"words @@ CAST('{wanted}' AS tsquery)")
    else:
        wanted = " AND ".join(f'"{word}"' for word in words)
        id, fits = _words.c.rowid, text(f"case_words MATCH :{name}").bindparams(**{name: wanted})
    return select(select(id.label("id")).where(fits).order_by(id.desc()).limit(most).subquery().c.id)


async def tidy(store: Store) -> None:
    """Merge what is left of words that were taken out: until then SQLite's index still names them in its old parts.

    In steps, so that nobody waits; PostgreSQL does so by its own vacuum.
    """
    pages = -_PAGES
    while await store.write(lambda tx, pages=pages: _merge(tx, pages)):  # type: ignore[misc]  # a default binds what changes
        pages = _PAGES


def _merge(tx: Tx, pages: int) -> bool:
    """One step; whether there is more to do."""
    if tx.postgres:
        return False
    count = text("SELECT total_changes()")
    before = tx.execute(count).scalar_one()
    tx.execute(_MERGE, {"pages": pages})
    # As the documentation of FTS5 has it: a step that wrote nothing but itself had nothing to do.
    return bool(tx.execute(count).scalar_one() - before >= 2)
