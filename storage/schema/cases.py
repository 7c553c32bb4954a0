"""Cases, and every act on them."""

from sqlalchemy import BigInteger, Column, Double, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, text

from storage.schema.columns import BigId, id_, metadata, ms, number, ref, string

cases = Table(
    "cases",
    metadata,
    id_(),
    ref("unit_id", "units"),
    ref("village_id", "units", nullable=True),
    Column("code", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),  # feedback.kinds.Kind
    Column("category", Text, nullable=False),
    Column("text", Text, nullable=False),
    string("folded"),  # vietnam.text.fold of text, for search
    Column("state", Text, nullable=False),  # feedback.states.State
    number("version", 1),
    number("anonymous"),
    ref("account_id", "accounts"),  # stays, so that the answer can return; no officer page shows it
    string("channel"),
    string("name"),
    string("phone"),
    string("wanted_day"),
    string("place"),  # in the citizen's words
    Column("lat", Double),
    Column("lon", Double),
    string("question"),  # what an officer asked last, until the citizen has answered
    string("forwarded_to"),
    string("reply"),
    number("stars"),  # 1 to 5, how the citizen found it was handled; 0 where not said
    number("reopened"),  # how often
    string("deadline"),  # JSON: feedback.clocks.Deadline, how it was found; "" for cases older than that
    Column("due_at", BigInteger),  # NULL while nobody owes an answer, or while it stands still
    number("apologies"),  # how often the citizen was told that a promise would not be kept
    number("unheard"),  # 1: the citizen has said something since an officer last did
    ref("officer_id", "officers", nullable=True),
    ms("opened_at"),
    ms("taken_at", nullable=True),
    ms("answered_at", nullable=True),
    Column("moved_at", BigInteger, nullable=False, server_default=text("0")),  # when the newest act was
)
Index("ix_cases_queue", cases.c.unit_id, cases.c.state, cases.c.opened_at)
Index("ix_cases_due", cases.c.unit_id, cases.c.due_at)
Index("ix_cases_moved", cases.c.state, cases.c.moved_at)
Index("ix_cases_account", cases.c.account_id, cases.c.opened_at)

case_blobs = Table(
    "case_blobs",
    metadata,
    Column("case_id", BigId, ForeignKey("cases.id"), primary_key=True, autoincrement=False),
    Column("blob_id", BigId, ForeignKey("blobs.id"), primary_key=True, autoincrement=False),
)

acts = Table(
    "acts",
    metadata,
    id_(),
    ref("unit_id", "units"),
    Column("thing", Text, nullable=False),  # "case", "survey", "report", "officer"
    Column("thing_id", BigId, nullable=False),
    Column("version", Integer, nullable=False),
    Column("action", Text, nullable=False),
    Column("actor", Text, nullable=False),  # "officer:<id>" | "citizen" | "system"
    Column("detail", Text, nullable=False),  # JSON: from, to, note
    ms("at"),
    UniqueConstraint("thing", "thing_id", "version"),
)
