"""What only some may see: who keeps a commune's denunciations, who has seen a case, and the register of đơn."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Table, Text

from storage.schema.columns import BigId, id_, metadata, ms, number, ref, string

keepers = Table(
    "keepers",
    metadata,
    Column("unit_id", BigId, ForeignKey("units.id"), primary_key=True, autoincrement=False),
    ref("officer_id", "officers"),  # the one person the Chủ tịch named
    ms("at"),
)

case_views = Table(
    "case_views",
    metadata,
    Column("case_id", BigId, ForeignKey("cases.id"), primary_key=True, autoincrement=False),
    Column("officer_id", BigId, ForeignKey("officers.id"), primary_key=True, autoincrement=False),
    ms("at"),  # when the officer opened the case for the first time
)

register_lines = Table(
    "register_lines",
    metadata,
    id_(),
    ref("unit_id", "units"),
    Column("kind", Text, nullable=False),  # feedback.register.Kind
    Column("received_on", Text, nullable=False),  # the day of the valid đơn
    string("accepted_on"),  # the day it was accepted (thụ lý)
    Column("summary", Text, nullable=False),
    string("handler"),
    number("remote"),  # 1: travel is hard there, and the law gives longer terms
    string("deadline"),  # JSON: feedback.clocks.Deadline
    Column("due_at", BigInteger),  # NULL once there is a result
    string("result"),
    string("ended_on"),
    number("version", 1),
    ref("officer_id", "officers"),  # who entered it
    ms("at"),
)
Index("ix_register_due", register_lines.c.unit_id, register_lines.c.due_at)
