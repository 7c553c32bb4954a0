"""The way of a report to its number and signature, a commune's own profile, and what is typed beside the figures."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

_REPORT_TEXTS = (
    "plan",
    "owed",
    "issue_by",
    "cut_off",
    "number",
    "issued_on",
    "signed",
    "sha256",
    "figures_sha256",
    "data_version",
    "submitted_by",
)


def upgrade() -> None:
    _reports_and_plans()
    _what_officers_type()
    _the_province()


def _reports_and_plans() -> None:
    for name in _REPORT_TEXTS:
        op.add_column("reports", _text(name))
    for name in ("version", "files_wanted", "files_version", "recount"):
        op.add_column("reports", _number(name))
    for name in ("frozen_at", "submitted_at"):
        op.add_column("reports", sa.Column(name, sa.BigInteger()))
    op.add_column("plans", _number("year"))
    op.add_column("plans", _text("added_by"))
    op.add_column("plans", _text("earlier"))
    op.add_column("plans", _number("earlier_year"))
    op.add_column("plans", sa.Column("added_at", sa.BigInteger(), server_default=sa.text("0"), nullable=False))
    op.create_table(
        "plan_days",
        _key("unit_id", "units"),
        *(sa.Column(name, sa.Text(), primary_key=True) for name in ("plan", "owed", "period")),
        *(_said(name) for name in ("before", "set_by")),
        sa.Column("set_at", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "commune_profiles",
        _key("unit_id", "units"),
        _said("body"),
        _text("changed_by"),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "report_texts",
        _key("report_id", "reports"),
        sa.Column("section", sa.Text(), primary_key=True),
        *(_said(name) for name in ("text", "digest", "written_by")),
        sa.Column("written_at", sa.BigInteger(), nullable=False),
    )


def _what_officers_type() -> None:
    op.create_table(
        "served_counts",
        _key("unit_id", "units"),
        sa.Column("month", sa.Text(), primary_key=True),
        sa.Column("field", sa.Text(), primary_key=True),
        sa.Column("count", sa.Integer(), nullable=False),
        _said("typed_by"),
        sa.Column("typed_at", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "topic_tags",
        sa.Column("id", _big(), primary_key=True, autoincrement=False),
        sa.Column("unit_id", _big(), sa.ForeignKey("units.id"), nullable=False),
        _said("thing"),
        sa.Column("thing_id", sa.BigInteger(), nullable=False),
        _text("question"),
        _said("topic"),
        _text("quote"),
        _said("tagged_by"),
        sa.Column("tagged_at", sa.BigInteger(), nullable=False),
        sa.UniqueConstraint("thing", "thing_id", "question"),
    )
    op.create_index("ix_topic_tags_unit", "topic_tags", ["unit_id", "tagged_at"])
    op.create_table(
        "sheet_rows",
        _key("unit_id", "units"),
        *(sa.Column(name, sa.Text(), primary_key=True) for name in ("plan", "period", "sheet", "row")),
        _text("done"),
        _text("note"),
        _said("typed_by"),
        sa.Column("typed_at", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "criteria_files",
        _key("unit_id", "units"),
        _said("body"),
        _text("added_by"),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
    )


def _the_province() -> None:
    op.create_table(
        "submissions",
        sa.Column("id", _big(), primary_key=True, autoincrement=False),
        sa.Column("unit_id", _big(), sa.ForeignKey("units.id"), nullable=False),
        *(_said(name) for name in ("commune", "period", "figures", "sha256")),
        _number("approved"),
        _text("received_by"),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.UniqueConstraint("unit_id", "commune", "period"),
    )
    op.create_table(
        "awaited_communes",
        _key("unit_id", "units"),
        sa.Column("name", sa.Text(), primary_key=True),
        _said("added_by"),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
    )


def _big() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _key(name: str, table: str) -> sa.Column[int]:
    return sa.Column(name, _big(), sa.ForeignKey(f"{table}.id"), primary_key=True, autoincrement=False)


def _said(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=sa.text("''"), nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), server_default=sa.text("0"), nullable=False)
