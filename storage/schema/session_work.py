"""What is done around sessions: notices to many, and the lists on paper by which a dialogue is asked for."""

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text

from storage.schema.columns import BigId, id_, metadata, ms, number, only, ref

session_notices = Table(
    "session_notices",
    metadata,
    id_(),
    ref("unit_id", "units"),
    Column("session_id", BigId, nullable=False),
    Column("what", Text, nullable=False),  # "announced" | "moved" | "cancelled"
    ref("village_id", "units", nullable=True),  # only people of this village; NULL: the whole commune
    Column("after", BigInteger, nullable=False),  # accounts up to this id have been told
    number("told"),  # how many people
    ms("created_at"),
    ms("done_at", nullable=True),
)
Index("ix_session_notices_going", session_notices.c.id, **only(session_notices.c.done_at.is_(None)))
Index("ix_session_notices_session", session_notices.c.session_id)

dialogue_lists = Table(
    "dialogue_lists",
    metadata,
    id_(),
    ref("unit_id", "units"),
    ref("village_id", "units", nullable=True),
    Column("topic", Text, nullable=False),
    Column("signers", Integer, nullable=False),
    Column("voters", Integer, nullable=False),
    Column("day", Text, nullable=False),  # ISO, as on the list
    ref("officer_id", "officers"),
    ms("entered_at"),
    ms("struck_at", nullable=True),  # the entry was wrong; it stays, and the acts say why
)
Index("ix_dialogue_lists_unit", dialogue_lists.c.unit_id, dialogue_lists.c.entered_at)
