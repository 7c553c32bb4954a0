"""A commune's own days off, what its places are and were called, and how it was set up at first."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    for name in ("address", "reception", "seed", "was"):
        op.add_column("units", _text(name))
    for name, default in (("managed", 0), ("place", 0), ("version", 1)):
        op.add_column("units", sa.Column(name, sa.Integer(), server_default=sa.text(str(default)), nullable=False))
    op.create_table(
        "unit_days",
        _id(),
        _unit(),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        _text("note"),
        sa.Column("officer_id", _big(), sa.ForeignKey("officers.id")),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.UniqueConstraint("unit_id", "day"),
    )
    op.create_table(
        "first_runs",
        sa.Column("unit_id", _big(), sa.ForeignKey("units.id"), primary_key=True, autoincrement=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        _text("step"),
        sa.Column("pages", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("begun_at", sa.BigInteger(), nullable=False),
        sa.Column("done_at", sa.BigInteger()),
    )
    op.create_index("ix_acts_unit_at", "acts", ["unit_id", "at"])
    _drafts()


def _drafts() -> None:
    op.create_table(
        "survey_drafts",
        _id(),
        _unit(),
        _text("title"),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("officer_id", _big(), sa.ForeignKey("officers.id")),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_survey_drafts_unit", "survey_drafts", ["unit_id"])


def _big() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _id() -> sa.Column[int]:
    return sa.Column("id", _big(), primary_key=True, autoincrement=False)


def _unit() -> sa.Column[int]:
    return sa.Column("unit_id", _big(), sa.ForeignKey("units.id"), nullable=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=sa.text("''"), nullable=False)
