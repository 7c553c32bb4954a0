"""What people have asked about their own data."""

from sqlalchemy import Column, Index, Table, Text

from storage.schema.columns import id_, metadata, ms, only, ref, string

data_requests = Table(
    "data_requests",
    metadata,
    id_(),
    ref("unit_id", "units"),
    ref("account_id", "accounts"),  # so that the answer can return; no officer page shows it
    Column("what", Text, nullable=False),  # feedback.rights.Right
    string("note"),  # in the person's words: what is wrong
    string("answer"),
    ms("asked_at"),
    ms("reply_by"),
    ms("due_at"),
    ms("done_at", nullable=True),
    ref("officer_id", "officers", nullable=True),  # NULL: the program did it by itself
)
Index(
    "ix_data_requests_open",
    data_requests.c.unit_id,
    data_requests.c.due_at,
    **only(data_requests.c.done_at.is_(None)),
)
Index("ix_data_requests_account", data_requests.c.account_id)
