"""Channels: tokens, alarms, joined accounts, how messages fared, who must be called."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _id(name: str = "id") -> sa.Column[Any]:
    return sa.Column(name, ID, autoincrement=False, primary_key=True)


def _ref(name: str, target: str) -> sa.Column[Any]:
    return sa.Column(name, ID, sa.ForeignKey(f"{target}.id"), nullable=False)


def _text(name: str, default: str = "") -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), server_default=sa.text(f"'{default}'"), nullable=False)


def _number(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), server_default=sa.text("0"), nullable=False)


def _ms(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def upgrade() -> None:
    _accounts_of_ours()
    _joining()
    _delivering()


def _accounts_of_ours() -> None:
    op.create_table(
        "channel_tokens",
        _id("channel_account_id"),
        sa.Column("body", sa.LargeBinary()),
        _number("version"),
        _ms("access_until"),
        _ms("refresh_until"),
        _ms("lease_until", nullable=True),
        _ms("asked_at", nullable=True),
        _text("fault"),
    )
    op.create_table(
        "channel_facts",
        _id("channel_account_id"),
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("value", sa.Text(), nullable=False),
        _ms("at"),
    )
    op.create_table(
        "alarms",
        sa.Column("key", sa.Text(), primary_key=True),
        _ref("unit_id", "units"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("params", sa.Text(), nullable=False),
        _ms("since"),
        _ms("told_at", nullable=True),
    )


def _joining() -> None:
    op.create_table(
        "join_codes",
        sa.Column("code_hash", sa.LargeBinary(), primary_key=True),
        _ref("account_id", "accounts"),
        _ms("expires_at"),
    )
    op.create_index("ix_join_codes_account_id", "join_codes", ["account_id"])


def _delivering() -> None:
    op.create_table(
        "deliveries",
        _id(),
        sa.Column("outbox_id", ID, nullable=False),
        _ref("conversation_id", "conversations"),
        _ms("at"),
        sa.Column("what", sa.Text(), nullable=False),
        _text("fault"),
    )
    op.create_index("ix_deliveries_outbox_id", "deliveries", ["outbox_id"])
    op.create_index("ix_deliveries_at", "deliveries", ["at"])
    op.create_table(
        "calls",
        _id(),
        _ref("unit_id", "units"),
        sa.Column("outbox_id", ID, nullable=False, unique=True),
        _ref("conversation_id", "conversations"),
        sa.Column("case_id", sa.BigInteger()),
        sa.Column("why", sa.Text(), nullable=False),
        _ms("since"),
        _text("state", "open"),
        _number("tries"),
        _ms("done_at", nullable=True),
    )
    still = sa.text("state = 'open'")
    op.create_index("ix_calls_open", "calls", ["unit_id", "since"], sqlite_where=still, postgresql_where=still)
