"""Whom to call about a seat: messages and calls name their booking, and a call needs no message."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("outbox", sa.Column("booking_id", sa.BigInteger(), nullable=True))
    # SQLite copies the table: the index of open calls is made anew behind it, as it is of some rows only.
    op.drop_index("ix_calls_open", "calls")
    with op.batch_alter_table("calls") as table:
        table.add_column(sa.Column("booking_id", sa.BigInteger(), nullable=True))
        table.alter_column("outbox_id", existing_type=sa.BigInteger(), nullable=True)
        table.alter_column("conversation_id", existing_type=sa.BigInteger(), nullable=True)
    waiting = sa.text("state = 'open'")
    op.create_index("ix_calls_open", "calls", ["unit_id", "since"], sqlite_where=waiting, postgresql_where=waiting)
    op.create_index(
        "ix_calls_booking",
        "calls",
        ["booking_id"],
        sqlite_where=sa.text("booking_id IS NOT NULL"),
        postgresql_where=sa.text("booking_id IS NOT NULL"),
    )
