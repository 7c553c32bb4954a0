"""Words of cases that a search finds, and indexes for the queue."""

import json

import sqlalchemy as sa
from alembic import op

from vietnam.search_words import search_words

revision = "0020"
down_revision = "0019"
_CHUNK = 500
_DONE = ("forwarded", "answered", "closed")
_MORE = sa.text("""
SELECT cases.id, cases.unit_id, cases.code, cases.text, cases.transcript, cases.place, cases.reply, cases.anonymous,
       cases.name, cases.kind, cases.category, cases.state, cases.village_id, units.name AS village
FROM cases LEFT JOIN units ON units.id = cases.village_id
WHERE cases.confidential = 0 AND cases.id > :after ORDER BY cases.id LIMIT :most
""")
_SAID = sa.text("""
SELECT detail FROM acts WHERE thing = 'case' AND thing_id = :id
AND (actor = 'citizen' OR (actor LIKE 'officer%' AND action IN ('ask', 'reply', 'approve', 'forward')))
""")


def upgrade() -> None:
    """The table of words on each engine's own terms, with the words of the cases that are there."""
    conn = op.get_bind()
    postgres = conn.dialect.name == "postgresql"
    if postgres:
        op.execute(
            "CREATE TABLE case_words (case_id bigint PRIMARY KEY REFERENCES cases (id) ON DELETE CASCADE, "
            "words tsvector NOT NULL)"
        )
    else:
        op.execute(
            "CREATE VIRTUAL TABLE case_words "
            "USING fts5(words, tokenize = 'unicode61 remove_diacritics 2', detail = none, columnsize = 0)"
        )
    _fill(conn, postgres=postgres)
    if postgres:
        op.execute("CREATE INDEX ix_case_words ON case_words USING gin (words) WITH (fastupdate = off)")
    op.create_index("ix_cases_done", "cases", ["unit_id", "moved_at"])
    op.create_index("ix_cases_opened", "cases", ["unit_id", "opened_at"])
    op.create_index("ix_cases_officer", "cases", ["officer_id", "state"])
    waits = sa.text("voice = 1")
    op.create_index("ix_cases_voice", "cases", ["unit_id"], sqlite_where=waits, postgresql_where=waits)


def _fill(conn: sa.Connection, *, postgres: bool) -> None:
    keep = sa.text(
        "INSERT INTO case_words (case_id, words) VALUES (:id, array_to_tsvector(string_to_array(:words, ' ')))"
        if postgres
        else "INSERT INTO case_words (rowid, words) VALUES (:id, :words)"
    )
    after = -1
    while rows := conn.execute(_MORE, {"after": after, "most": _CHUNK}).all():
        for row in rows:
            said = [json.loads(act.detail or "{}").get("text", "") for act in conn.execute(_SAID, {"id": row.id})]
            name = "" if row.anonymous else row.name
            parts = (row.code, row.text, row.transcript, row.place, row.village or "", name, row.reply, *said)
            marks = [f"unit{row.unit_id:x}", f"kind{row.kind}", f"field{row.category}"]
            marks += ["isdone" if row.state in _DONE else "isopen"]
            marks += [f"village{row.village_id:x}"] if row.village_id else []
            words = [*marks, *search_words(" ".join(parts))]
            conn.execute(keep, {"id": row.id, "words": " ".join(words)})
        after = rows[-1].id
