"""What a specialist or a board of the people may reach."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.add_column("officers", sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False))
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "officer_reach",
        sa.Column("officer_id", big, sa.ForeignKey("officers.id"), primary_key=True, autoincrement=False),
        sa.Column("fields", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("villages", sa.Text(), server_default=sa.text("''"), nullable=False),
    )
