"""What is known of our channel accounts, how a message fared, who must be called, and how channels are joined."""

from sqlalchemy import BigInteger, Column, Double, Index, Integer, LargeBinary, Table, Text, UniqueConstraint

from storage.schema.columns import BigId, id_, metadata, ms, number, only, ref, string

channel_tokens = Table(
    "channel_tokens",
    metadata,
    Column("channel_account_id", BigId, primary_key=True, autoincrement=False),
    Column("body", LargeBinary),  # sealed: access and refresh token; NULL before the first login
    number("version"),  # grows with each pair: whoever comes late sees that somebody was faster
    ms("access_until"),
    ms("refresh_until"),
    ms("lease_until", nullable=True),  # one process at a time asks for a new pair
    ms("asked_at", nullable=True),  # a pair was asked for and no answer has been stored yet
    string("fault"),
)

channel_facts = Table(
    "channel_facts",
    metadata,
    Column("channel_account_id", BigId, primary_key=True, autoincrement=False),
    Column("name", Text, primary_key=True),  # "quota.left", "signature.variant", "topic.case", ...
    Column("value", Text, nullable=False),
    ms("at"),
)

source_words = Table(
    "source_words",
    metadata,
    Column("unit_id", BigId, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),  # what a person types: "KS 12"
    Column("word", Text, nullable=False),  # the word of a poster's link
    UniqueConstraint("unit_id", "word"),
)

maps = Table(
    "maps",
    metadata,
    Column("unit_id", BigId, primary_key=True, autoincrement=False),
    ref("blob_id", "blobs"),  # a picture of the commune, north above
    Column("north", Double, nullable=False),  # its edges, WGS 84 degrees
    Column("south", Double, nullable=False),
    Column("west", Double, nullable=False),
    Column("east", Double, nullable=False),
)

alarms = Table(
    "alarms",
    metadata,
    Column("key", Text, primary_key=True),  # kind and thing: one alarm of each at a time
    ref("unit_id", "units"),
    Column("kind", Text, nullable=False),  # wording key of what is wrong and how to mend it
    Column("params", Text, nullable=False),  # JSON
    ms("since"),
    ms("told_at", nullable=True),
)

join_codes = Table(
    "join_codes",
    metadata,
    Column("code_hash", LargeBinary, primary_key=True),  # one-way token of the code
    ref("account_id", "accounts"),  # who asked for it
    ms("expires_at"),
)
Index("ix_join_codes_account_id", join_codes.c.account_id)

deliveries = Table(
    "deliveries",
    metadata,
    id_(),
    Column("outbox_id", BigId, nullable=False),  # no reference: history of a message that may be erased
    ref("conversation_id", "conversations"),
    ms("at"),
    Column("what", Text, nullable=False),  # sent | later | held | dead | gone | moved | called | printed
    string("fault"),
)
Index("ix_deliveries_outbox_id", deliveries.c.outbox_id)
Index("ix_deliveries_at", deliveries.c.at)

calls = Table(
    "calls",
    metadata,
    id_(),
    ref("unit_id", "units"),
    Column("outbox_id", BigId, unique=True),  # NULL: there is no message, as the person has no chat
    ref("conversation_id", "conversations", nullable=True),
    Column("case_id", BigInteger),  # the case that the message is about, where it is about one
    Column("booking_id", BigInteger),  # the booking that it is about, where it is about one
    Column("why", Text, nullable=False),  # window | gone | failed | desk: without a chat
    ms("since"),
    string("state", default="open"),  # open | called | unreached | printed | read | dropped
    number("tries"),
    ms("done_at", nullable=True),
)
Index("ix_calls_open", calls.c.unit_id, calls.c.since, **only(calls.c.state == "open"))
Index("ix_calls_booking", calls.c.booking_id, **only(calls.c.booking_id.is_not(None)))
