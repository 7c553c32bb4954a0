"""Plans, reports with their files, what is told to officers, and counters."""

from sqlalchemy import Column, ForeignKey, Index, Table, Text, UniqueConstraint

from storage.schema.columns import BigId, id_, metadata, ms, number, ref, string

plans = Table(
    "plans",
    metadata,
    id_(),
    ref("unit_id", "units"),
    Column("slug", Text, nullable=False),
    Column("body", Text, nullable=False),
    UniqueConstraint("unit_id", "slug"),
)

reports = Table(
    "reports",
    metadata,
    id_(),
    ref("unit_id", "units"),
    Column("period", Text, nullable=False),
    Column("state", Text, nullable=False),  # making | ready | failed
    string("fault"),
    Column("figures", Text),  # JSON of reports.figures.Figures
    string("made_by"),
    ms("asked_at"),
    ms("made_at", nullable=True),
)
Index("ix_reports_unit", reports.c.unit_id, reports.c.period)

report_files = Table(
    "report_files",
    metadata,
    Column("report_id", BigId, ForeignKey("reports.id"), primary_key=True, autoincrement=False),
    Column("name", Text, primary_key=True),
    ref("blob_id", "blobs"),
)

notices = Table(
    "notices",
    metadata,
    id_(),
    ref("unit_id", "units"),
    Column("key", Text, nullable=False),  # wording key
    Column("params", Text, nullable=False),  # JSON
    ms("at"),
    ms("read_at", nullable=True),
)
Index("ix_notices_unit", notices.c.unit_id, notices.c.at)

counters = Table(
    "counters",
    metadata,
    Column("name", Text, primary_key=True),  # "webhook.bad_secret", "text.cleaned", ...
    Column("day", Text, primary_key=True),
    number("count"),
)
