"""Officers in chat: whose account is linked, the one-time codes, what each is told; and what the Front asks."""

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, Table, Text, UniqueConstraint

from storage.schema.columns import BigId, id_, metadata, ms, number, ref, string

officer_accounts = Table(
    "officer_accounts",
    metadata,
    id_(),
    ref("unit_id", "units"),
    ref("officer_id", "officers"),
    ref("account_id", "accounts"),  # of the officer as a person of that platform
    ms("linked_at"),
    UniqueConstraint("account_id"),
)
Index("ix_officer_accounts_officer", officer_accounts.c.officer_id)

officer_codes = Table(
    "officer_codes",
    metadata,
    Column("code_hash", LargeBinary, primary_key=True),
    ref("officer_id", "officers"),
    ms("until"),
)

officer_told = Table(
    "officer_told",
    metadata,
    Column("link_id", BigId, ForeignKey("officer_accounts.id"), primary_key=True, autoincrement=False),
    Column("key", Text, primary_key=True),  # what it was about: "new:<case>:0", "morning:<day>"
    ms("at"),
)
Index("ix_officer_told_at", officer_told.c.at)

front_entries = Table(
    "front_entries",
    metadata,
    Column("case_id", BigId, ForeignKey("cases.id"), primary_key=True, autoincrement=False),
    ref("unit_id", "units"),
    Column("organisation", Text, nullable=False),  # feedback.oversight.ORGANISATIONS
)
Index("ix_front_entries_unit", front_entries.c.unit_id)

oversight_requests = Table(
    "oversight_requests",
    metadata,
    id_(),
    ref("unit_id", "units"),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    string("category"),  # the field it is about, "" for none
    string("about", default="[]"),  # JSON: ids of the cases it names
    Column("state", Text, nullable=False),  # open | answered | withdrawn
    number("version", 1),
    ref("written_by", "officers"),
    ms("written_at"),
    Column("due_on", Text, nullable=False),  # the last day for an answer
    string("answer"),
    string("reason"),  # why it was withdrawn
    ref("answered_by", "officers", nullable=True),
    ms("ended_at", nullable=True),
    string("once"),
)
Index(
    "ix_oversight_requests_unit", oversight_requests.c.unit_id, oversight_requests.c.state, oversight_requests.c.due_on
)
