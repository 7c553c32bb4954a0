"""What was told of a session before it moved, which answers and promises their askers know, and forms sent twice."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0013"

_TEXTS = (
    ("sessions", "earlier_place"),
    ("bookings", "reason"),
    ("bookings", "once"),
    ("bookings", "uid"),
    ("session_questions", "once"),
    ("session_promises", "once"),
)
_NUMBERS = (("bookings", "sequence"), ("session_questions", "answers"), ("session_questions", "told_answer"))


def upgrade() -> None:
    for table, name in _TEXTS:
        op.add_column(table, sa.Column(name, sa.Text(), server_default=sa.text("''"), nullable=False))
    for table, name in _NUMBERS:
        op.add_column(table, sa.Column(name, sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("sessions", sa.Column("earlier_at", sa.BigInteger()))
    op.add_column("session_promises", sa.Column("told_at", sa.BigInteger()))
    op.execute("UPDATE session_questions SET answers = 1 WHERE answer != ''")
    op.execute("UPDATE session_questions SET told_answer = 1 WHERE told_at IS NOT NULL AND answer != ''")
    op.execute(
        "UPDATE session_promises SET told_at = made_at"
        " WHERE session_id IN (SELECT id FROM sessions WHERE published_at IS NOT NULL)"
    )
