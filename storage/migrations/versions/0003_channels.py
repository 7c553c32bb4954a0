"""Channels: tokens, alarms, joined accounts, how messages fared, who must be called."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _id(name: str = "id") -> sa.Column[Any]:
    return sa.Column(name, ID, autoincrement=False, primary_key=True)


def _ref(name: str, target: str) -> sa.Column[Any]:
    return sa.Column(name, ID, sa.ForeignKey(f"{target}.id"), nullable=False)


def _text(name: str, default: str = "") -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), server_default=sa.text(f"'{default}'"), nullable=False)


def _number(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), server_default=sa.text("0"), nullable=False)


def _ms(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def upgrade() -> None:
    op.add_column("cases", _text("place"))
    op.add_column("cases", sa.Column("lat", sa.Double()))
    op.add_column("cases", sa.Column("lon", sa.Double()))
    _accounts_of_ours()
    _joining()
    _delivering()
    _unfinished()
    _schedules()


def _accounts_of_ours() -> None:
    op.create_table(
        "channel_tokens",
        _id("channel_account_id"),
        sa.Column("body", sa.LargeBinary()),
        _number("version"),
        _ms("access_until"),
        _ms("refresh_until"),
        _ms("lease_until", nullable=True),
        _ms("asked_at", nullable=True),
        _text("fault"),
    )
    op.create_table(
        "channel_facts",
        _id("channel_account_id"),
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("value", sa.Text(), nullable=False),
        _ms("at"),
    )
    op.create_table(
        "source_words",
        _id("unit_id"),
        sa.Column("number", sa.Integer(), autoincrement=False, primary_key=True),
        sa.Column("word", sa.Text(), nullable=False),
        sa.UniqueConstraint("unit_id", "word"),
    )
    op.create_table(
        "maps",
        _id("unit_id"),
        _ref("blob_id", "blobs"),
        *(sa.Column(edge, sa.Double(), nullable=False) for edge in ("north", "south", "west", "east")),
    )
    op.create_table(
        "alarms",
        sa.Column("key", sa.Text(), primary_key=True),
        _ref("unit_id", "units"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("params", sa.Text(), nullable=False),
        _ms("since"),
        _ms("told_at", nullable=True),
    )


def _joining() -> None:
    op.create_table(
        "join_codes",
        sa.Column("code_hash", sa.LargeBinary(), primary_key=True),
        _ref("account_id", "accounts"),
        _ms("expires_at"),
    )
    op.create_index("ix_join_codes_account_id", "join_codes", ["account_id"])


def _delivering() -> None:
    op.add_column("conversations", _number("held"))
    op.add_column("outbox", sa.Column("case_id", sa.BigInteger()))
    held = sa.text("state = 'held'")
    op.create_index("ix_outbox_held", "outbox", ["conversation_id"], sqlite_where=held, postgresql_where=held)
    op.create_table(
        "deliveries",
        _id(),
        sa.Column("outbox_id", ID, nullable=False),
        _ref("conversation_id", "conversations"),
        _ms("at"),
        sa.Column("what", sa.Text(), nullable=False),
        _text("fault"),
    )
    op.create_index("ix_deliveries_outbox_id", "deliveries", ["outbox_id"])
    op.create_index("ix_deliveries_at", "deliveries", ["at"])
    op.create_table(
        "calls",
        _id(),
        _ref("unit_id", "units"),
        sa.Column("outbox_id", ID, nullable=False, unique=True),
        _ref("conversation_id", "conversations"),
        sa.Column("case_id", sa.BigInteger()),
        sa.Column("why", sa.Text(), nullable=False),
        _ms("since"),
        _text("state", "open"),
        _number("tries"),
        _ms("done_at", nullable=True),
    )
    still = sa.text("state = 'open'")
    op.create_index("ix_calls_open", "calls", ["unit_id", "since"], sqlite_where=still, postgresql_where=still)


def _unfinished() -> None:
    """Surveys that were begun before their end was kept have 14 days from the person's last word, as any other.

    What stands in a state is sealed: whoever has nothing unfinished is looked at once, and nothing comes of it.
    """
    op.execute(
        "UPDATE conversations SET expires_at = heard_at + 1209600000 WHERE state IS NOT NULL AND expires_at IS NULL"
    )


def _schedules() -> None:
    """On which day of the month the waves of a schedule end: until now that was taken from the wave before."""
    op.add_column("waves", _number("ends_day"))
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "UPDATE waves SET ends_day = CAST(strftime('%d', (closes_at - 1) / 1000 + 25200, 'unixepoch') AS INTEGER) "
            "WHERE closes_at IS NOT NULL"
        )
        return
    op.execute(
        "UPDATE waves SET ends_day = "
        "EXTRACT(DAY FROM to_timestamp((closes_at - 1) / 1000 + 25200) AT TIME ZONE 'UTC')::integer "
        "WHERE closes_at IS NOT NULL"
    )
