"""Notes of officers, answers kept ready, cases that are one, and who has one open."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.add_column("cases", sa.Column("merged_into", sa.BigInteger()))
    op.add_column("cases", sa.Column("merged_at", sa.BigInteger()))
    op.add_column("cases", _text("once"))
    merged, once = sa.text("merged_into IS NOT NULL"), sa.text("once != ''")
    op.create_index("ix_cases_merged", "cases", ["merged_into"], sqlite_where=merged, postgresql_where=merged)
    op.create_index(
        "ix_cases_once", "cases", ["unit_id", "once"], unique=True, sqlite_where=once, postgresql_where=once
    )
    op.create_table(
        "canned_replies",
        sa.Column("id", _big(), primary_key=True, autoincrement=False),
        sa.Column("unit_id", _big(), sa.ForeignKey("units.id"), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        *(_text(name) for name in ("kind", "category", "outcome", "taken_from")),
        _number("active", 1),
        _number("version", 1),
        sa.Column("officer_id", _big(), sa.ForeignKey("officers.id")),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_canned_unit", "canned_replies", ["unit_id", "active"])
    op.create_table(
        "case_presence",
        sa.Column("case_id", _big(), sa.ForeignKey("cases.id"), primary_key=True, autoincrement=False),
        sa.Column("officer_id", _big(), sa.ForeignKey("officers.id"), primary_key=True, autoincrement=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_case_presence_at", "case_presence", ["at"])


def _big() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=sa.text("''"), nullable=False)


def _number(name: str, default: int) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), server_default=sa.text(str(default)), nullable=False)
