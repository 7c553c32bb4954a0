"""Kinds, who handles what, works, who had a case before, and cases entered for somebody without a chat."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _id() -> sa.Column[Any]:
    return sa.Column("id", ID, primary_key=True, autoincrement=False)


def _ref(name: str, target: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, ID, sa.ForeignKey(f"{target}.id"), nullable=nullable)


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), server_default=sa.text("''"), nullable=False)


def _number(name: str, default: int = 0) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), server_default=sa.text(str(default)), nullable=False)


def _ms(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def upgrade() -> None:
    _text_name = sa.Column("name", sa.Text(), nullable=False)
    op.create_table(
        "works", _id(), _ref("unit_id", "units"), _text_name, _text("sort_key"), _number("active", 1), _ms("created_at")
    )
    op.create_index("ix_works_unit", "works", ["unit_id", "active", "sort_key"])
    op.create_table(
        "routing_rules",
        _id(),
        _ref("unit_id", "units"),
        _text("kind"),
        _text("category"),
        sa.Column("village", ID, server_default="0", nullable=False),
        _text("role"),
        _ref("officer_id", "officers", nullable=True),
        _ms("created_at"),
        sa.UniqueConstraint("unit_id", "kind", "category", "village"),
    )
    op.create_table(
        "hot_spots",
        _id(),
        _ref("unit_id", "units"),
        sa.Column("key", sa.Text(), nullable=False),
        _ms("told_at"),
        _ms("over_at", nullable=True),
        sa.UniqueConstraint("unit_id", "key"),
    )
    for name in ("works_id", "assigned_id", "helper_id", "assigned_at"):
        op.add_column("cases", sa.Column(name, sa.BigInteger()))
    op.add_column("cases", _text("assigned_role"))
    for name in ("escalated", "over_level"):
        op.add_column("cases", _number(name))
    op.create_index("ix_cases_assigned", "cases", ["assigned_id", "state"])
