"""Everything the first version stores."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

# Constraints are named by the convention of storage.tables.metadata.
# On SQLite an id column must be INTEGER to be the rowid itself.
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _where(condition: sa.TextClause) -> dict[str, Any]:
    return {"sqlite_where": condition, "postgresql_where": condition}


def _same(kind: sa.types.TypeEngine[Any], default: str | None, *names: str) -> list[sa.Column[Any]]:
    value = None if default is None else sa.text(default)
    return [sa.Column(name, kind, server_default=value, nullable=False) for name in names]


def upgrade() -> None:
    _who()
    _conversation()
    _work()
    _surveys()
    _cases_and_reports()


def _who() -> None:
    """Units, officers, channels, people."""
    op.create_table(
        "units",
        sa.Column("id", ID, autoincrement=False, primary_key=True),
        sa.Column("parent_id", ID, sa.ForeignKey("units.id")),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("former", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        *_same(sa.Text(), "''", "prefix", "sort_key", "phone", "contact"),
        sa.Column("active", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("sample", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.UniqueConstraint("parent_id", "slug"),
    )
    op.create_index("uq_commune_slug", "units", ["slug"], unique=True, **_where(sa.text("kind = 'commune'")))
    op.create_table(
        "officers",
        sa.Column("id", ID, autoincrement=False, primary_key=True),
        sa.Column("unit_id", ID, sa.ForeignKey("units.id"), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("active", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.UniqueConstraint("login"),
    )
    op.create_table(
        "officer_sessions",
        sa.Column("token_hash", sa.LargeBinary(), primary_key=True),
        sa.Column("officer_id", ID, sa.ForeignKey("officers.id"), nullable=False),
        *_same(sa.BigInteger(), None, "created_at", "seen_at", "expires_at"),
    )
    op.create_table(
        "login_failures",
        sa.Column("place", sa.Text(), primary_key=True),
        sa.Column("count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "channel_accounts",
        sa.Column("id", ID, autoincrement=False, primary_key=True),
        sa.Column("unit_id", ID, sa.ForeignKey("units.id"), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("secret", sa.LargeBinary()),
        sa.Column("cursor", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("heard_at", sa.BigInteger()),
        sa.Column("active", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.UniqueConstraint("unit_id", "channel", "name"),
    )
    op.create_table(
        "persons",
        sa.Column("id", ID, autoincrement=False, primary_key=True),
        sa.Column("unit_id", ID, sa.ForeignKey("units.id"), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "accounts",
        sa.Column("id", ID, autoincrement=False, primary_key=True),
        sa.Column("person_id", ID, sa.ForeignKey("persons.id"), nullable=False),
        sa.Column("channel_account_id", ID, sa.ForeignKey("channel_accounts.id"), nullable=False),
        sa.Column("platform_id", sa.Text(), nullable=False),
        *_same(sa.Text(), "''", "name", "handle", "gone"),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.UniqueConstraint("channel_account_id", "platform_id"),
    )
    op.create_table(
        "consents",
        sa.Column("id", ID, autoincrement=False, primary_key=True),
        sa.Column("unit_id", ID, sa.ForeignKey("units.id"), nullable=False),
        sa.Column("account_id", ID, sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("given_at", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger()),
    )


def _conversation() -> None:
    """State, what came in, what goes out."""
    op.create_table(
        "conversations",
        sa.Column("id", ID, autoincrement=False, primary_key=True),
        sa.Column("account_id", ID, sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("unit_id", ID, sa.ForeignKey("units.id"), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("state", sa.LargeBinary()),
        sa.Column("last_seq", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("heard_at", sa.BigInteger(), nullable=False),
        sa.UniqueConstraint("account_id"),
    )
    op.create_table(
        "seen_events",
        sa.Column("channel_account_id", ID, autoincrement=False, primary_key=True),
        sa.Column("dedupe_key", sa.Text(), primary_key=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_seen_events_at", "seen_events", ["at"])
    op.create_table(
        "inbox",
        sa.Column("id", ID, autoincrement=False, primary_key=True),
        sa.Column("unit_id", ID, sa.ForeignKey("units.id"), nullable=False),
        sa.Column("channel_account_id", ID, sa.ForeignKey("channel_accounts.id"), nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        *_same(sa.BigInteger(), None, "next_at", "received_at"),
        sa.Column("fault", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("dead", sa.Integer(), server_default=sa.text("0"), nullable=False),
    )
    op.create_index("ix_inbox_chat", "inbox", ["channel_account_id", "chat"])
    op.create_table(
        "outbox",
        sa.Column("id", ID, autoincrement=False, primary_key=True),
        sa.Column("unit_id", ID, sa.ForeignKey("units.id"), nullable=False),
        sa.Column("conversation_id", ID, sa.ForeignKey("conversations.id"), nullable=False),
        sa.Column("channel_account_id", ID, sa.ForeignKey("channel_accounts.id"), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("lane", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary()),
        sa.Column("topic", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("edits", ID),
        *_same(sa.Integer(), "0", "tries", "uncertain"),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
        sa.Column("lease_until", sa.BigInteger()),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger()),
        *_same(sa.Text(), "''", "platform_ref", "fault"),
        sa.UniqueConstraint("conversation_id", "seq"),
    )
    op.create_index("ix_outbox_dead", "outbox", ["unit_id"], **_where(sa.text("state = 'dead'")))
    op.create_index(
        "ix_outbox_order", "outbox", ["conversation_id", "seq"], **_where(sa.text("state IN ('ready', 'leased')"))
    )
    op.create_index(
        "ix_outbox_pending",
        "outbox",
        ["channel_account_id", "lane", "next_at"],
        **_where(sa.text("state IN ('ready', 'leased')")),
    )


def _work() -> None:
    """Jobs, files, counters."""
    op.create_table(
        "jobs",
        sa.Column("id", ID, autoincrement=False, primary_key=True),
        sa.Column("unit_id", ID, sa.ForeignKey("units.id"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary()),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("run_at", sa.BigInteger(), nullable=False),
        sa.Column("lease_until", sa.BigInteger()),
        sa.Column("fault", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("dead", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.UniqueConstraint("kind", "key"),
    )
    op.create_index("ix_jobs_run_at", "jobs", ["dead", "run_at"])
    op.create_table(
        "blobs",
        sa.Column("id", ID, autoincrement=False, primary_key=True),
        sa.Column("unit_id", ID, sa.ForeignKey("units.id"), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.Text(), server_default=sa.text("''"), nullable=False),
        *_same(sa.Integer(), "0", "width", "height", "kept"),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "blob_chunks",
        sa.Column("blob_id", ID, autoincrement=False, primary_key=True),
        sa.Column("part", sa.Integer(), primary_key=True),
        sa.Column("data", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "notices",
        sa.Column("id", ID, autoincrement=False, primary_key=True),
        sa.Column("unit_id", ID, sa.ForeignKey("units.id"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("params", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("read_at", sa.BigInteger()),
    )
    op.create_index("ix_notices_unit", "notices", ["unit_id", "at"])
    op.create_table(
        "counters",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("day", sa.Text(), primary_key=True),
        sa.Column("count", sa.Integer(), server_default=sa.text("0"), nullable=False),
    )


def _surveys() -> None:
    """Versions, waves, answers that nobody can join to a person."""
    op.create_table(
        "surveys",
        sa.Column("id", ID, autoincrement=False, primary_key=True),
        sa.Column("unit_id", ID, sa.ForeignKey("units.id"), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.UniqueConstraint("unit_id", "slug"),
    )
    op.create_table(
        "survey_versions",
        sa.Column("id", ID, autoincrement=False, primary_key=True),
        sa.Column("unit_id", ID, sa.ForeignKey("units.id"), nullable=False),
        sa.Column("survey_id", ID, sa.ForeignKey("surveys.id"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("checksum", sa.Text(), nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=False),
        sa.UniqueConstraint("survey_id", "number"),
    )
    op.create_table(
        "waves",
        sa.Column("id", ID, autoincrement=False, primary_key=True),
        sa.Column("unit_id", ID, sa.ForeignKey("units.id"), nullable=False),
        sa.Column("version_id", ID, sa.ForeignKey("survey_versions.id"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'open'"), nullable=False),
        sa.Column("opens_at", sa.BigInteger(), nullable=False),
        sa.Column("closes_at", sa.BigInteger()),
    )
    op.create_index(
        "uq_waves_open_code", "waves", ["unit_id", "code"], unique=True, **_where(sa.text("state = 'open'"))
    )
    op.create_table(
        "participations",
        sa.Column("token", sa.LargeBinary(), primary_key=True),
        sa.Column("wave_id", ID, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sealed_responses",
        sa.Column("id", ID, autoincrement=False, primary_key=True),
        sa.Column("unit_id", ID, sa.ForeignKey("units.id"), nullable=False),
        sa.Column("wave_id", ID, sa.ForeignKey("waves.id"), nullable=False),
        sa.Column("village_id", ID),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
    )
    op.create_index("ix_sealed_group", "sealed_responses", ["wave_id", "unit_id", "village_id", "channel"])
    op.create_table(
        "responses",
        sa.Column("id", ID, autoincrement=False, primary_key=True),
        sa.Column("unit_id", ID, sa.ForeignKey("units.id"), nullable=False),
        sa.Column("wave_id", ID, sa.ForeignKey("waves.id"), nullable=False),
        sa.Column("version_id", ID, sa.ForeignKey("survey_versions.id"), nullable=False),
        sa.Column("village_id", ID),
        sa.Column("channel", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        *_same(sa.Integer(), "0", "partial", "assisted"),
    )
    op.create_index("ix_responses_wave", "responses", ["wave_id", "day"])
    op.create_table(
        "answers",
        sa.Column("response_id", ID, autoincrement=False, primary_key=True),
        sa.Column("question", sa.Text(), primary_key=True),
        sa.Column("value", sa.Text()),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rollups",
        sa.Column("version_id", ID, autoincrement=False, primary_key=True),
        sa.Column("period", sa.Text(), primary_key=True),
        sa.Column("unit_id", ID, autoincrement=False, primary_key=True),
        sa.Column("channel", sa.Text(), primary_key=True),
        sa.Column("question", sa.Text(), primary_key=True),
        sa.Column("counts", sa.Text(), nullable=False),
        sqlite_with_rowid=False,
    )


def _cases_and_reports() -> None:
    """Cases, what officers do, reports, and what was published."""
    op.create_table(
        "cases",
        sa.Column("id", ID, autoincrement=False, primary_key=True),
        sa.Column("unit_id", ID, sa.ForeignKey("units.id"), nullable=False),
        sa.Column("village_id", ID, sa.ForeignKey("units.id")),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("anonymous", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("account_id", ID, sa.ForeignKey("accounts.id"), nullable=False),
        *_same(sa.Text(), "''", "channel", "name", "phone", "wanted_day", "reply"),
        sa.Column("officer_id", ID, sa.ForeignKey("officers.id")),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("taken_at", sa.BigInteger()),
        sa.Column("answered_at", sa.BigInteger()),
        sa.UniqueConstraint("code"),
    )
    op.create_index("ix_cases_account", "cases", ["account_id", "opened_at"])
    op.create_index("ix_cases_queue", "cases", ["unit_id", "state", "opened_at"])
    op.create_table(
        "case_blobs",
        sa.Column("case_id", ID, sa.ForeignKey("cases.id"), autoincrement=False, primary_key=True),
        sa.Column("blob_id", ID, sa.ForeignKey("blobs.id"), autoincrement=False, primary_key=True),
    )
    op.create_table(
        "acts",
        sa.Column("id", ID, autoincrement=False, primary_key=True),
        sa.Column("unit_id", ID, sa.ForeignKey("units.id"), nullable=False),
        sa.Column("thing", sa.Text(), nullable=False),
        sa.Column("thing_id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.UniqueConstraint("thing", "thing_id", "version"),
    )
    op.create_table(
        "plans",
        sa.Column("id", ID, autoincrement=False, primary_key=True),
        sa.Column("unit_id", ID, sa.ForeignKey("units.id"), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.UniqueConstraint("unit_id", "slug"),
    )
    op.create_table(
        "reports",
        sa.Column("id", ID, autoincrement=False, primary_key=True),
        sa.Column("unit_id", ID, sa.ForeignKey("units.id"), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("fault", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("figures", sa.Text()),
        sa.Column("made_by", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.BigInteger()),
    )
    op.create_index("ix_reports_unit", "reports", ["unit_id", "period"])
    op.create_table(
        "report_files",
        sa.Column("report_id", ID, sa.ForeignKey("reports.id"), autoincrement=False, primary_key=True),
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("blob_id", ID, sa.ForeignKey("blobs.id"), nullable=False),
    )
    op.create_table(
        "published_cells",
        sa.Column("id", ID, autoincrement=False, primary_key=True),
        sa.Column("unit_id", ID, sa.ForeignKey("units.id"), nullable=False),
        sa.Column("version_id", ID, sa.ForeignKey("survey_versions.id"), nullable=False),
        sa.Column("first_day", sa.Text(), nullable=False),
        sa.Column("last_day", sa.Text(), nullable=False),
        sa.Column("cut", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("report_id", ID, sa.ForeignKey("reports.id")),
    )
    op.create_index("ix_published_cells", "published_cells", ["version_id", "cut"])


def downgrade() -> None:
    raise NotImplementedError("a store is taken back from its backup, not downgraded")
