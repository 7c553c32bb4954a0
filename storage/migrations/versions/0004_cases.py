"""Cases: questions back, other authorities, whether it is settled, and when something last happened."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    for name in ("question", "forwarded_to", "deadline"):
        op.add_column("cases", sa.Column(name, sa.Text(), server_default=sa.text("''"), nullable=False))
    for name in ("stars", "reopened", "unheard", "apologies"):
        op.add_column("cases", sa.Column(name, sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("cases", sa.Column("moved_at", sa.BigInteger(), server_default=sa.text("0"), nullable=False))
    op.add_column("cases", sa.Column("due_at", sa.BigInteger()))
    op.create_index("ix_cases_due", "cases", ["unit_id", "due_at"])
    op.execute("UPDATE cases SET moved_at = coalesce(answered_at, taken_at, opened_at)")
    op.create_index("ix_cases_moved", "cases", ["state", "moved_at"])
