"""What people ask the commune, and plain notices."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=sa.text("''"), nullable=False)


def upgrade() -> None:
    op.create_table(
        "facts",
        sa.Column("id", ID, autoincrement=False, primary_key=True),
        sa.Column("unit_id", ID, sa.ForeignKey("units.id"), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        *(_text(name) for name in ("words", "link", "phone", "person")),
        sa.Column("place", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("active", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_facts_unit", "facts", ["unit_id", "active", "place"])
    op.create_table(
        "subscriptions",
        sa.Column("account_id", ID, sa.ForeignKey("accounts.id"), autoincrement=False, primary_key=True),
        sa.Column("village_id", ID, sa.ForeignKey("units.id"), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "bulletins",
        sa.Column("id", ID, autoincrement=False, primary_key=True),
        sa.Column("unit_id", ID, sa.ForeignKey("units.id"), nullable=False),
        sa.Column("village_id", ID, sa.ForeignKey("units.id")),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("officer_id", ID, sa.ForeignKey("officers.id")),
        sa.Column("after", sa.BigInteger(), nullable=False),
        sa.Column("told", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("done_at", sa.BigInteger()),
    )
    op.create_index("ix_bulletins_unit", "bulletins", ["unit_id", "created_at"])
    going = sa.text("done_at IS NULL")
    op.create_index("ix_bulletins_going", "bulletins", ["id"], sqlite_where=going, postgresql_where=going)
