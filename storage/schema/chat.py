"""The conversation: its state, what came in, what goes out, jobs and blobs."""

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.schema.columns import BigId, id_, metadata, ms, number, only, ref, string

conversations = Table(
    "conversations",
    metadata,
    id_(),
    ref("account_id", "accounts"),
    ref("unit_id", "units"),
    Column("channel", Text, nullable=False),
    Column("state", LargeBinary),  # sealed, versioned JSON
    number("last_seq"),  # number of the newest outbox row
    ms("heard_at"),
    number("held"),  # 1: messages wait for the person's next word
    ms("expires_at", nullable=True),  # when the oldest unfinished survey in it has had its 14 days
    UniqueConstraint("account_id"),
)
Index("ix_conversations_expires", conversations.c.expires_at, **only(conversations.c.expires_at.is_not(None)))

seen_events = Table(
    "seen_events",
    metadata,
    Column("channel_account_id", BigId, primary_key=True, autoincrement=False),
    Column("dedupe_key", Text, primary_key=True),
    ms("at"),
    sqlite_with_rowid=False,
)
Index("ix_seen_events_at", seen_events.c.at)

inbox = Table(
    "inbox",
    metadata,
    id_(),
    ref("unit_id", "units"),
    ref("channel_account_id", "channel_accounts"),
    Column("chat", Text, nullable=False),  # platform id of the person: later events of the chat queue behind
    Column("body", LargeBinary, nullable=False),  # sealed Inbound
    number("tries"),
    ms("next_at"),
    ms("received_at"),
    string("fault"),  # class of the last error, never its text
    number("dead"),
)
Index("ix_inbox_chat", inbox.c.channel_account_id, inbox.c.chat)

outbox = Table(
    "outbox",
    metadata,
    id_(),
    ref("unit_id", "units"),
    ref("conversation_id", "conversations"),
    ref("channel_account_id", "channel_accounts"),
    Column("seq", Integer, nullable=False),
    Column("lane", SmallInteger, nullable=False),  # storage.outbox.Lane
    Column("state", Text, nullable=False),  # storage.outbox.STATES
    Column("body", LargeBinary),  # sealed Bubble or Own; NULL once erased
    Column("topic", BigInteger, nullable=False, server_default=text("0")),  # what is erased together
    Column("case_id", BigInteger),  # the case that a notice is about, where it is about one
    Column("booking_id", BigInteger),  # the booking that a notice is about, where it is about one
    Column("edits", BigId),  # an earlier row that this one replaces on the screen
    number("tries"),
    number("uncertain"),
    ms("next_at"),
    ms("lease_until", nullable=True),
    ms("created_at"),
    ms("sent_at", nullable=True),
    string("platform_ref"),
    string("fault"),
    UniqueConstraint("conversation_id", "seq"),
)
_pending = outbox.c.state.in_(["ready", "leased"])
Index(
    "ix_outbox_pending",
    outbox.c.channel_account_id,
    outbox.c.lane,
    outbox.c.next_at,
    sqlite_where=_pending,
    postgresql_where=_pending,
)
Index("ix_outbox_order", outbox.c.conversation_id, outbox.c.seq, **only(_pending))
_dead = outbox.c.state == "dead"
Index("ix_outbox_dead", outbox.c.unit_id, **only(_dead))
_held = outbox.c.state == "held"
Index("ix_outbox_held", outbox.c.conversation_id, **only(_held))

jobs = Table(
    "jobs",
    metadata,
    id_(),
    ref("unit_id", "units"),
    Column("kind", Text, nullable=False),
    Column("key", Text, nullable=False),  # one job of a kind and key at a time
    Column("body", LargeBinary),  # sealed
    number("tries"),
    ms("run_at"),
    ms("lease_until", nullable=True),
    string("fault"),
    number("dead"),
    UniqueConstraint("kind", "key"),
)
Index("ix_jobs_run_at", jobs.c.dead, jobs.c.run_at)

blobs = Table(
    "blobs",
    metadata,
    id_(),
    ref("unit_id", "units"),
    Column("media_type", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", LargeBinary, nullable=False),
    string("name"),
    number("width"),
    number("height"),
    number("kept"),  # 1 once something points to it; the rest is swept after a day
    ms("created_at"),
)

blob_chunks = Table(
    "blob_chunks",
    metadata,
    Column("blob_id", BigId, primary_key=True, autoincrement=False),
    Column("part", Integer, primary_key=True),
    Column("data", LargeBinary, nullable=False),
)
