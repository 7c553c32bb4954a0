"""Dialogues and receptions: sessions, bookings, minutes and promises; notices of them, and lists on paper."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _id(name: str = "id") -> sa.Column[Any]:
    return sa.Column(name, ID, autoincrement=False, primary_key=True)


def _ref(name: str, target: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, ID, sa.ForeignKey(f"{target}.id"), nullable=nullable)


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), server_default=sa.text("''"), nullable=False)


def _said(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=False)


def _number(name: str, default: int = 0) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), server_default=sa.text(str(default)), nullable=False)


def _ms(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _only(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    _session_series()
    _sessions()
    _bookings()
    _session_questions()
    _session_promises()
    _host_busy()
    _session_sheets()
    _session_notices()
    _dialogue_lists()


def _session_series() -> None:
    op.create_table(
        "session_series",
        _id(),
        _ref("unit_id", "units"),
        _said("kind"),
        _said("host"),
        _text("host_name"),
        _said("title"),
        _said("place"),
        _text("online"),
        _ref("village_id", "units", nullable=True),
        _said("rule"),
        _said("first_day"),
        _said("starts"),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        _number("slot_minutes"),
        _said("state"),
        _number("version", 1),
        _text("made_until"),
        _ms("opened_at"),
    )


def _sessions() -> None:
    op.create_table(
        "sessions",
        _id(),
        _ref("unit_id", "units"),
        _ref("series_id", "session_series", nullable=True),
        _text("series_day"),
        _said("kind"),
        _said("host"),
        _text("host_name"),
        _said("title"),
        _said("place"),
        _text("online"),
        _ref("village_id", "units", nullable=True),
        _said("state"),
        _number("version", 1),
        _ms("starts_at"),
        _ms("ends_at"),
        sa.Column("seats", sa.Integer(), nullable=False),
        _number("slot_minutes"),
        _text("moved_from"),
        _number("places"),
        _text("reason"),
        _text("late_reason"),
        _text("summary"),
        _number("warned"),
        _ms("made_at"),
        _ms("announced_at", nullable=True),
        _ms("held_at", nullable=True),
        _ms("published_at", nullable=True),
        sa.UniqueConstraint("series_id", "series_day"),
    )
    op.create_index("ix_sessions_calendar", "sessions", ["unit_id", "starts_at"])
    op.create_index("ix_sessions_host", "sessions", ["unit_id", "host", "starts_at"])
    op.create_index("ix_sessions_round", "sessions", ["state", "starts_at"])


def _bookings() -> None:
    op.create_table(
        "bookings",
        _id(),
        _ref("unit_id", "units"),
        _ref("session_id", "sessions"),
        _ref("account_id", "accounts", nullable=True),
        _text("channel"),
        _said("code"),
        _said("state"),
        _number("version", 1),
        sa.Column("seat", sa.Integer(), nullable=True),
        sa.Column("place", sa.Integer(), nullable=False),
        _ms("slot_at", nullable=True),
        _said("topic"),
        _text("name"),
        _text("phone"),
        _ref("village_id", "units", nullable=True),
        _number("reminded"),
        _text("news"),
        _ref("officer_id", "officers", nullable=True),
        _ms("booked_at"),
        _ms("came_at", nullable=True),
        sa.UniqueConstraint("code"),
        sa.UniqueConstraint("session_id", "place"),
        sa.UniqueConstraint("session_id", "seat"),
    )
    op.create_index("ix_bookings_account", "bookings", ["account_id", "booked_at"])
    op.create_index("ix_bookings_news", "bookings", ["id"], **_only("news != ''"))
    op.create_index("ix_bookings_queue", "bookings", ["session_id", "state", "place"])
    op.create_index(
        "uq_bookings_live",
        "bookings",
        ["session_id", "account_id"],
        unique=True,
        **_only("state IN ('booked', 'waiting')"),
    )


def _session_questions() -> None:
    op.create_table(
        "session_questions",
        _id(),
        _ref("unit_id", "units"),
        _ref("session_id", "sessions"),
        _ref("booking_id", "bookings", nullable=True),
        _said("topic"),
        _said("text"),
        _text("asker"),
        _text("answer"),
        _ref("officer_id", "officers", nullable=True),
        _text("answered_by"),
        _ms("asked_at"),
        _ms("answered_at", nullable=True),
        _ms("told_at", nullable=True),
    )
    op.create_index("ix_session_questions_booking", "session_questions", ["booking_id"])
    op.create_index("ix_session_questions_session", "session_questions", ["session_id", "asked_at"])


def _session_promises() -> None:
    op.create_table(
        "session_promises",
        _id(),
        _ref("unit_id", "units"),
        _ref("session_id", "sessions"),
        _ref("question_id", "session_questions", nullable=True),
        _said("text"),
        _ref("officer_id", "officers", nullable=True),
        _said("owner"),
        _said("due_day"),
        _said("state"),
        _number("version", 1),
        _text("note"),
        _number("warned"),
        _ms("made_at"),
        _ms("done_at", nullable=True),
    )
    op.create_index("ix_session_promises_due", "session_promises", ["unit_id", "state", "due_day"])
    op.create_index("ix_session_promises_session", "session_promises", ["session_id"])


def _host_busy() -> None:
    op.create_table(
        "host_busy",
        _id(),
        _ref("unit_id", "units"),
        _said("host"),
        _said("first_day"),
        _said("last_day"),
        _text("note"),
    )
    op.create_index("ix_host_busy_days", "host_busy", ["unit_id", "host", "last_day"])


def _session_sheets() -> None:
    op.create_table(
        "session_sheets",
        _id("session_id"),
        _id("village_id"),
        sa.Column("kind", sa.Text(), primary_key=True),
        _ms("sent_at"),
        _ms("received_at", nullable=True),
        _text("note"),
    )


def _session_notices() -> None:
    op.create_table(
        "session_notices",
        _id(),
        _ref("unit_id", "units"),
        sa.Column("session_id", ID, nullable=False),
        _said("what"),
        _ref("village_id", "units", nullable=True),
        _ms("after"),
        _number("told"),
        _ms("created_at"),
        _ms("done_at", nullable=True),
    )
    op.create_index("ix_session_notices_going", "session_notices", ["id"], **_only("done_at IS NULL"))
    op.create_index("ix_session_notices_session", "session_notices", ["session_id"])


def _dialogue_lists() -> None:
    op.create_table(
        "dialogue_lists",
        _id(),
        _ref("unit_id", "units"),
        _ref("village_id", "units", nullable=True),
        _said("topic"),
        sa.Column("signers", sa.Integer(), nullable=False),
        sa.Column("voters", sa.Integer(), nullable=False),
        _said("day"),
        _ref("officer_id", "officers"),
        _ms("entered_at"),
        _ms("struck_at", nullable=True),
    )
    op.create_index("ix_dialogue_lists_unit", "dialogue_lists", ["unit_id", "entered_at"])
