"""Officers in chat, and what the Front asks of the authority."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _text(name: str, default: str = "") -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=sa.text(f"'{default}'"), nullable=False)


def _ref(name: str, target: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, ID, sa.ForeignKey(f"{target}.id"), nullable=nullable)


def _id() -> sa.Column[int]:
    return sa.Column("id", ID, autoincrement=False, primary_key=True)


def _at(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def upgrade() -> None:
    _chat()
    _front()


def _chat() -> None:
    op.create_table(
        "officer_accounts",
        _id(),
        _ref("unit_id", "units"),
        _ref("officer_id", "officers"),
        _ref("account_id", "accounts"),
        _at("linked_at"),
        sa.UniqueConstraint("account_id"),
    )
    op.create_index("ix_officer_accounts_officer", "officer_accounts", ["officer_id"])
    op.create_table(
        "officer_codes",
        sa.Column("code_hash", sa.LargeBinary(), primary_key=True),
        _ref("officer_id", "officers"),
        _at("until"),
    )
    op.create_table(
        "officer_told",
        sa.Column("link_id", ID, sa.ForeignKey("officer_accounts.id"), autoincrement=False, primary_key=True),
        sa.Column("key", sa.Text(), primary_key=True),
        _at("at"),
    )
    op.create_index("ix_officer_told_at", "officer_told", ["at"])


def _front() -> None:
    op.create_table(
        "front_entries",
        sa.Column("case_id", ID, sa.ForeignKey("cases.id"), autoincrement=False, primary_key=True),
        _ref("unit_id", "units"),
        sa.Column("organisation", sa.Text(), nullable=False),
    )
    op.create_index("ix_front_entries_unit", "front_entries", ["unit_id"])
    op.create_table(
        "oversight_requests",
        _id(),
        _ref("unit_id", "units"),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        _text("category"),
        _text("about", "[]"),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        _ref("written_by", "officers"),
        _at("written_at"),
        sa.Column("due_on", sa.Text(), nullable=False),
        _text("answer"),
        _text("reason"),
        _ref("answered_by", "officers", nullable=True),
        _at("ended_at", nullable=True),
        _text("once"),
    )
    op.create_index("ix_oversight_requests_unit", "oversight_requests", ["unit_id", "state", "due_on"])
