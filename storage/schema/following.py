"""Who follows a case of somebody else, and who may not write for a while."""

from sqlalchemy import Column, ForeignKey, Index, Table, Text

from storage.schema.columns import BigId, id_, metadata, ms, ref

case_followers = Table(
    "case_followers",
    metadata,
    Column("case_id", BigId, ForeignKey("cases.id"), primary_key=True, autoincrement=False),
    Column("account_id", BigId, ForeignKey("accounts.id"), primary_key=True, autoincrement=False),
    ref("unit_id", "units"),
    ms("since"),
)
Index("ix_case_followers_account", case_followers.c.account_id)

blocks = Table(
    "blocks",
    metadata,
    id_(),
    ref("unit_id", "units"),
    ref("account_id", "accounts"),  # whoever it is: no page shows it
    ref("case_id", "cases"),  # from which it was put
    ref("officer_id", "officers"),
    Column("reason", Text, nullable=False),  # as the person has read it
    ms("since"),
    ms("until"),
    ms("lifted_at", nullable=True),
    ref("lifted_by", "officers", nullable=True),
)
Index("ix_blocks_account", blocks.c.account_id, blocks.c.until)
Index("ix_blocks_unit", blocks.c.unit_id, blocks.c.until)
