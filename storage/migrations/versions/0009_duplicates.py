"""Near cases, who follows them, and who is blocked."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _ref(name: str, target: str, *, nullable: bool = False, key: bool = False) -> sa.Column[Any]:
    there = sa.ForeignKey(f"{target}.id")
    return sa.Column(name, ID, there, autoincrement=False, nullable=nullable, primary_key=key)


def _ms(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def upgrade() -> None:
    op.add_column("cases", sa.Column("cell", sa.BigInteger()))
    op.create_index("ix_cases_near", "cases", ["unit_id", "category", "state", "cell", "opened_at"])
    op.create_index("ix_cases_village", "cases", ["unit_id", "category", "state", "village_id", "opened_at"])
    op.add_column("case_blobs", sa.Column("shown", sa.Integer(), server_default=sa.text("0"), nullable=False))
    for name in ("lat", "lon"):
        op.add_column("units", sa.Column(name, sa.Double()))
    op.add_column("units", sa.Column("reach_km", sa.Integer(), server_default=sa.text("0"), nullable=False))
    _cells()
    op.create_table(
        "case_followers",
        _ref("case_id", "cases", key=True),
        _ref("account_id", "accounts", key=True),
        _ref("unit_id", "units"),
        _ms("since"),
    )
    op.create_index("ix_case_followers_account", "case_followers", ["account_id"])
    op.create_table(
        "blocks",
        sa.Column("id", ID, autoincrement=False, primary_key=True),
        _ref("unit_id", "units"),
        _ref("account_id", "accounts"),
        _ref("case_id", "cases"),
        _ref("officer_id", "officers"),
        sa.Column("reason", sa.Text(), nullable=False),
        _ms("since"),
        _ms("until"),
        _ms("lifted_at", nullable=True),
        _ref("lifted_by", "officers", nullable=True),
    )
    op.create_index("ix_blocks_account", "blocks", ["account_id", "until"])
    op.create_index("ix_blocks_unit", "blocks", ["unit_id", "until"])


def _cells() -> None:
    """The cells of cases that are there: squares of 0.002 degrees, counted from the south-west."""
    conn = op.get_bind()
    placed = conn.execute(sa.text("SELECT id, lat, lon FROM cases WHERE lat IS NOT NULL AND lon IS NOT NULL")).all()
    for row in placed:
        cell = int((row.lat + 90) / 0.002) * 1_000_000 + int((row.lon + 180) / 0.002)
        conn.execute(sa.text("UPDATE cases SET cell = :cell WHERE id = :id"), {"cell": cell, "id": row.id})
