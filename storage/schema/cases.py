"""Cases, and every act on them."""

from sqlalchemy import BigInteger, Column, Double, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, text

from storage.schema.columns import BigId, id_, metadata, ms, number, only, ref, string

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
    Column("cell", BigInteger),  # feedback.nearness.cell_of the point; NULL without one
    string("question"),  # what an officer asked last, until the citizen has answered
    string("forwarded_to"),
    string("reply"),
    string("answer"),  # JSON: feedback.replies.Parts of the newest reply; "" for those of nothing but words
    string("promised_on"),  # the day until which the newest reply promises that it is done; "" once that was asked
    string("draft"),  # JSON: feedback.replies.Draft, the reply that a leader has to sign; "" where there is none
    string("draft_state"),  # "waiting" for a leader, "returned" to whoever wrote it, "" where there is none
    number("stars"),  # 1 to 5, how the citizen found it was handled; 0 where not said
    number("reopened"),  # how often
    string("deadline"),  # JSON: feedback.clocks.Deadline, how it was found; "" for cases older than that
    Column("due_at", BigInteger),  # NULL while nobody owes an answer, or while it stands still
    number("voice"),  # 1: a recording waits to be written down, 2: it has been
    string("transcript"),  # what an officer wrote down of it
    string("transcript_language"),  # what was spoken, "" for Vietnamese
    string("matter"),  # "denunciation" or "about_chairman": read so, though the citizen said that it is none
    number("confidential"),  # storage.confidential: 0 open to its unit, 1 to the keeper alone, 2 to nobody
    number("apologies"),  # how often the citizen was told that a promise would not be kept
    number("unheard"),  # 1: the citizen has said something since an officer last did
    ref("officer_id", "officers", nullable=True),
    Column("works_id", BigInteger),  # the công trình or dự án that it concerns
    string("assigned_role"),  # whose turn it is: feedback.roles.Role, "" where a person is named
    Column("assigned_id", BigInteger),  # the officer whose turn it is
    Column("assigned_at", BigInteger),  # since when
    number("escalated"),  # how often the leaders were told that it is late
    number("over_level"),  # 1: an officer says that the commune cannot decide it
    Column("helper_id", BigInteger),  # the officer who entered it for somebody; NULL where the citizen wrote
    ms("opened_at"),
    ms("taken_at", nullable=True),
    ms("answered_at", nullable=True),
    Column("moved_at", BigInteger, nullable=False, server_default=text("0")),  # when the newest act was
    Column("expired_at", BigInteger),  # when what was said in it was taken out, its time of keeping being over
    Column("merged_into", BigInteger),  # the case that tells of the same matter and is answered for both
    Column("merged_at", BigInteger),
    string("once"),  # of the form by which an officer entered it: sent twice, it is one case
)
Index("ix_cases_near", cases.c.unit_id, cases.c.category, cases.c.state, cases.c.cell, cases.c.opened_at)
Index("ix_cases_village", cases.c.unit_id, cases.c.category, cases.c.state, cases.c.village_id, cases.c.opened_at)
Index("ix_cases_queue", cases.c.unit_id, cases.c.state, cases.c.opened_at)
Index("ix_cases_due", cases.c.unit_id, cases.c.due_at)
Index("ix_cases_assigned", cases.c.assigned_id, cases.c.state)
Index("ix_cases_moved", cases.c.state, cases.c.moved_at)
Index("ix_cases_promised", cases.c.promised_on, **only(cases.c.promised_on != ""))
Index("ix_cases_draft", cases.c.unit_id, **only(cases.c.draft_state == "waiting"))
Index("ix_cases_account", cases.c.account_id, cases.c.opened_at)
Index("ix_cases_done", cases.c.unit_id, cases.c.moved_at)
Index("ix_cases_opened", cases.c.unit_id, cases.c.opened_at)
Index("ix_cases_officer", cases.c.officer_id, cases.c.state)
Index("ix_cases_voice", cases.c.unit_id, **only(cases.c.voice == 1))
Index("ix_cases_merged", cases.c.merged_into, **only(cases.c.merged_into.is_not(None)))
Index("ix_cases_once", cases.c.unit_id, cases.c.once, unique=True, **only(cases.c.once != ""))

case_blobs = Table(
    "case_blobs",
    metadata,
    Column("case_id", BigId, ForeignKey("cases.id"), primary_key=True, autoincrement=False),
    Column("blob_id", BigId, ForeignKey("blobs.id"), primary_key=True, autoincrement=False),
    number("shown"),  # 1: an officer has let whoever reports the same matter see it
    string("sent_by", default="citizen"),  # citizen | officer: evidence of a reply | draft: of one not yet signed
    number("version"),  # of the case after the act that it came with; 0 for those older than that
    number("place"),  # among those of the same act
)

case_files = Table(
    "case_files",
    metadata,
    Column("case_id", BigId, ForeignKey("cases.id"), primary_key=True, autoincrement=False),
    Column("blob_id", BigId, ForeignKey("blobs.id"), primary_key=True, autoincrement=False),
    Column("purpose", Text, nullable=False),  # storage.case_files: answer | ask | draft | inside
    number("version"),  # of the case after the act that it came with
    number("place"),  # among those of the same act
)
Index("ix_case_files_blob", case_files.c.blob_id)

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
    Column("detail", Text, nullable=False),  # JSON: from, to, note; "" where it was erased
    ms("at"),
    Column("seq", BigInteger),  # the place in the unit's chain (storage/act_chain.py)
    string("salt"),
    string("digest"),  # of salt and detail
    string("chain"),  # of the chain before it and of this row
    UniqueConstraint("thing", "thing_id", "version"),
)
Index("ix_acts_chain", acts.c.unit_id, acts.c.seq, unique=True)
Index("ix_acts_unit_at", acts.c.unit_id, acts.c.at)

act_heads = Table(
    "act_heads",
    metadata,
    Column("unit_id", BigId, ForeignKey("units.id"), primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),  # how many acts the chain of the unit has
    string("chain"),
)
