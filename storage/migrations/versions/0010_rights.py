"""Requests of people about their own data, with their clocks."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "data_requests",
        sa.Column("id", ID, autoincrement=False, primary_key=True),
        sa.Column("unit_id", ID, sa.ForeignKey("units.id"), nullable=False),
        sa.Column("account_id", ID, sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), server_default=sa.text("''"), nullable=False) for name in ("note", "answer")),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("asked_at", "reply_by", "due_at")),
        sa.Column("done_at", sa.BigInteger()),
        sa.Column("officer_id", ID, sa.ForeignKey("officers.id")),
    )
    waiting = sa.text("done_at IS NULL")
    op.create_index(
        "ix_data_requests_open",
        "data_requests",
        ["unit_id", "due_at"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.create_index("ix_data_requests_account", "data_requests", ["account_id"])
