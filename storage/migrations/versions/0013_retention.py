"""Kinds and fields that a unit does not use, and cases whose time of keeping is over."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "kinds_off",
        sa.Column("unit_id", ID, sa.ForeignKey("units.id"), autoincrement=False, primary_key=True),
        sa.Column("what", sa.Text(), primary_key=True),
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
    )
    op.add_column("cases", sa.Column("expired_at", sa.BigInteger()))
