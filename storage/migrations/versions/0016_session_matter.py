"""What a session is about, and what of a question asked there anybody may read."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    for table, name in (("session_series", "matter"), ("sessions", "matter"), ("session_questions", "public")):
        op.add_column(table, sa.Column(name, sa.Text(), server_default=sa.text("''"), nullable=False))
