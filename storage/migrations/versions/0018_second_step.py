"""A second step at the door, which sessions are open and on what, and where an officer is known."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.add_column("officers", _number("must_change"))
    op.add_column("officers", _number("failures"))
    op.add_column("officer_sessions", _text("device"))
    op.add_column("officer_sessions", _text("place"))
    op.add_column("officer_sessions", _number("half"))
    op.add_column("officer_sessions", _number("failures"))
    op.create_index("ix_officer_sessions_officer_id", "officer_sessions", ["officer_id"])
    op.create_table(
        "second_factors",
        _officer(),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("since", sa.BigInteger()),
        sa.Column("begun_at", sa.BigInteger(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
    )
    op.create_table(
        "recovery_codes",
        _officer(),
        sa.Column("code", sa.Text(), primary_key=True),
        sa.Column("used_at", sa.BigInteger()),
    )
    op.create_table(
        "known_doors",
        _officer(),
        sa.Column("mark", sa.Text(), primary_key=True),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
    )


def _officer() -> sa.Column[int]:
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column("officer_id", big, sa.ForeignKey("officers.id"), primary_key=True, autoincrement=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=sa.text("''"), nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), server_default=sa.text("0"), nullable=False)
