"""Answers by fixed parts with evidence, signed off before they go."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    for name in ("answer", "promised_on", "draft", "draft_state"):
        op.add_column("cases", sa.Column(name, sa.Text(), server_default=sa.text("''"), nullable=False))
    waiting = sa.text("draft_state = 'waiting'")
    op.create_index("ix_cases_draft", "cases", ["unit_id"], sqlite_where=waiting, postgresql_where=waiting)
    promised = sa.text("promised_on != ''")
    op.create_index("ix_cases_promised", "cases", ["promised_on"], sqlite_where=promised, postgresql_where=promised)
    op.add_column("case_blobs", sa.Column("sent_by", sa.Text(), server_default=sa.text("'citizen'"), nullable=False))
    for name in ("version", "place"):
        op.add_column("case_blobs", sa.Column(name, sa.Integer(), server_default=sa.text("0"), nullable=False))
