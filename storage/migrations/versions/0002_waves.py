"""Waves: frames, invitations, forms typed in, languages; counts by kind of wave."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _id() -> sa.Column[Any]:
    return sa.Column("id", ID, autoincrement=False, primary_key=True)


def _ref(name: str, target: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, ID, sa.ForeignKey(f"{target}.id"), nullable=nullable)


def _text(name: str, default: str = "") -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), server_default=sa.text(f"'{default}'"), nullable=False)


def _number(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), server_default=sa.text("0"), nullable=False)


def upgrade() -> None:
    _frames()
    _people()
    _waves()
    _forms()
    _rollups()


def _frames() -> None:
    op.create_table(
        "frames",
        _id(),
        _ref("unit_id", "units"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("checksum", sa.Text(), nullable=False),
        sa.Column("imported_at", sa.BigInteger(), nullable=False),
        sa.UniqueConstraint("unit_id", "name"),
    )
    op.create_table(
        "frame_rows",
        _id(),
        _ref("frame_id", "frames"),
        sa.Column("number", sa.Integer(), nullable=False),
        _ref("village_id", "units", nullable=True),
        _text("segment"),
        _ref("account_id", "accounts", nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.UniqueConstraint("frame_id", "number"),
    )


def _people() -> None:
    with op.batch_alter_table("accounts") as table:
        # Nothing ever wrote these two: less is kept about people than the first schema had room for.
        table.drop_column("name")
        table.drop_column("handle")
        table.add_column(_text("language"))
        table.add_column(sa.Column("opted_out_at", sa.BigInteger()))
    op.add_column("conversations", sa.Column("expires_at", sa.BigInteger()))
    unfinished = sa.text("expires_at IS NOT NULL")
    op.create_index(
        "ix_conversations_expires",
        "conversations",
        ["expires_at"],
        sqlite_where=unfinished,
        postgresql_where=unfinished,
    )


def _waves() -> None:
    with op.batch_alter_table("waves") as table:
        for column in (_text("title"), _text("owner", "ubnd"), _text("per", "person"), _number("sealed")):
            table.add_column(column)
        table.add_column(_text("segment", "{}"))
        table.add_column(sa.Column("frame_id", ID))
        for column in (_text("seed"), _number("sample"), _number("population"), _text("sending")):
            table.add_column(column)
        table.add_column(_number("remind_days"))
        for column in (_number("remind_times"), _text("repeat"), sa.Column("follows", ID)):
            table.add_column(column)
        table.create_foreign_key("fk_waves_frame_id", "frames", ["frame_id"], ["id"])
        table.create_foreign_key("fk_waves_follows", "waves", ["follows"], ["id"])
    op.create_table(
        "invitations",
        _id(),
        _ref("unit_id", "units"),
        _ref("wave_id", "waves"),
        _ref("frame_row_id", "frame_rows", nullable=True),
        _ref("village_id", "units", nullable=True),
        _ref("account_id", "accounts", nullable=True),
        sa.Column("code", sa.LargeBinary()),
        sa.Column("state", sa.Text(), nullable=False),
        _number("reminders"),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
        sa.Column("outbox_id", ID),
        _text("fault"),
        sa.UniqueConstraint("wave_id", "frame_row_id"),
    )
    op.create_index("ix_invitations_code", "invitations", ["code"], unique=True)
    op.create_index("ix_invitations_due", "invitations", ["wave_id", "state", "next_at"])
    op.create_index("ix_invitations_account", "invitations", ["account_id"])
    subscribers, queued = sa.text("frame_row_id IS NULL"), sa.text("state = 'queued'")
    op.create_index(
        "uq_invitations_subscriber",
        "invitations",
        ["wave_id", "account_id"],
        unique=True,
        sqlite_where=subscribers,
        postgresql_where=subscribers,
    )
    op.create_index(
        "ix_invitations_queued",
        "invitations",
        ["wave_id", "outbox_id"],
        sqlite_where=queued,
        postgresql_where=queued,
    )


def _forms() -> None:
    op.add_column("sealed_responses", _number("partial"))
    op.create_table(
        "paper_batches",
        _id(),
        _ref("unit_id", "units"),
        _ref("wave_id", "waves"),
        _ref("officer_id", "officers"),
        _ref("village_id", "units", nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger()),
    )
    op.create_table(
        "paper_forms",
        _id(),
        _ref("batch_id", "paper_batches"),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        _number("drawn"),
        sa.Column("second", sa.LargeBinary()),
        _number("differs"),
        sa.UniqueConstraint("batch_id", "number"),
    )
    op.create_table(
        "paper_totals",
        sa.Column("batch_id", ID, autoincrement=False, primary_key=True),
        _ref("wave_id", "waves"),
        _ref("officer_id", "officers"),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("forms", "checked", "differing")),
        sa.Column("counts", sa.Text(), nullable=False),
    )
    op.create_table(
        "survey_files",
        sa.Column("version_id", ID, autoincrement=False, primary_key=True),
        sa.Column("name", sa.Text(), primary_key=True),
        _ref("blob_id", "blobs"),
    )
    op.create_table(
        "opinion_replies",
        _id(),
        _ref("unit_id", "units"),
        _ref("wave_id", "waves"),
        _ref("response_id", "responses"),
        sa.Column("question", sa.Text(), nullable=False),
        _text("opinion"),
        sa.Column("verdict", sa.Text(), nullable=False),
        _text("explanation"),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.UniqueConstraint("response_id", "question"),
    )


def _rollups() -> None:
    """The kind of wave enters the key: until now every wave was an open one."""
    with op.batch_alter_table("published_cells") as table:
        table.add_column(_text("kind", "open"))
    op.execute("CREATE TABLE rollups_before AS SELECT * FROM rollups")
    op.drop_table("rollups")
    op.create_table(
        "rollups",
        sa.Column("version_id", ID, autoincrement=False, primary_key=True),
        sa.Column("kind", sa.Text(), primary_key=True),
        sa.Column("period", sa.Text(), primary_key=True),
        sa.Column("unit_id", ID, autoincrement=False, primary_key=True),
        sa.Column("channel", sa.Text(), primary_key=True),
        sa.Column("question", sa.Text(), primary_key=True),
        sa.Column("counts", sa.Text(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO rollups (version_id, kind, period, unit_id, channel, question, counts) "
        "SELECT version_id, 'open', period, unit_id, channel, question, counts FROM rollups_before"
    )
    op.drop_table("rollups_before")
