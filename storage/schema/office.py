"""What a commune sets up for itself: its days off, and how it was set up at first."""

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, Table, Text, UniqueConstraint

from storage.schema.columns import BigId, id_, metadata, ms, number, ref, string

unit_days = Table(
    "unit_days",
    metadata,
    id_(),
    ref("unit_id", "units"),
    Column("day", Text, nullable=False),  # ISO
    Column("kind", Text, nullable=False),  # off | work
    string("note"),
    ref("officer_id", "officers", nullable=True),
    ms("at"),
    UniqueConstraint("unit_id", "day"),
)

unit_years = Table(
    "unit_years",  # of these the commune has said that all days off and days worked are entered
    metadata,
    Column("unit_id", BigId, ForeignKey("units.id"), primary_key=True, autoincrement=False),
    Column("year", Integer, primary_key=True, autoincrement=False),
    ref("officer_id", "officers", nullable=True),
    ms("at"),
)

first_runs = Table(
    "first_runs",
    metadata,
    Column("unit_id", BigId, ForeignKey("units.id"), primary_key=True, autoincrement=False),
    Column("token_hash", LargeBinary, nullable=False),  # of the address that `nghedan serve` printed
    ms("expires_at"),
    string("step"),  # up to where it was gone through
    number("pages"),  # how many pages were sent off
    ms("begun_at"),
    ms("done_at", nullable=True),  # closed for ever
)
