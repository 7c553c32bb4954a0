"""Plans, reports with their files, what is told to officers, and counters."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, text

from storage.schema.columns import BigId, id_, metadata, ms, number, ref, string

plans = Table(
    "plans",
    metadata,
    id_(),
    ref("unit_id", "units"),
    Column("slug", Text, nullable=False),
    Column("body", Text, nullable=False),  # TOML as reports.plans reads it
    number("year"),  # the year it is used in, 0: the years that it names itself
    string("added_by"),
    Column("added_at", BigInteger, server_default=text("0"), nullable=False),
    string("earlier"),  # its body and year before they were replaced by those of a later year: what it still asks for
    number("earlier_year"),
    UniqueConstraint("unit_id", "slug"),
)

plan_days = Table(
    "plan_days",
    metadata,
    Column("unit_id", BigId, ForeignKey("units.id"), primary_key=True, autoincrement=False),
    Column("plan", Text, primary_key=True),  # its slug
    Column("owed", Text, primary_key=True),  # what the plan calls the report
    Column("period", Text, primary_key=True),
    Column("before", Text, nullable=False),  # ISO day before which it is to be sent, as an officer entered it
    Column("set_by", Text, nullable=False),
    ms("set_at"),
)

commune_profiles = Table(
    "commune_profiles",
    metadata,
    Column("unit_id", BigId, ForeignKey("units.id"), primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),  # JSON of reports.plans.Profile: Kính gửi, Nơi nhận, signature
    string("changed_by"),
    ms("changed_at"),
)

reports = Table(
    "reports",
    metadata,
    id_(),
    ref("unit_id", "units"),
    Column("period", Text, nullable=False),
    # making | failed | ready (a draft) | approved | handed | frozen: storage/report_desk.py
    Column("state", Text, nullable=False),
    string("fault"),
    Column("figures", Text),  # JSON of reports.figures.Figures
    string("made_by"),
    ms("asked_at"),
    ms("made_at", nullable=True),
    string("plan"),  # slug of the plan that asks for it, "" for the setting's
    string("owed"),  # what that plan calls it
    string("issue_by"),  # ISO days: the last day to issue it, and up to which day it counts
    string("cut_off"),
    number("version"),
    number("files_wanted"),  # the version that its documents must hold, the one that they hold, and whether to count
    number("files_version"),
    number("recount"),
    string("number"),  # số of văn thư, and the day it was issued
    string("issued_on"),
    string("signed"),  # the signed file's name among its report_files
    string("sha256"),  # of the signed file; of the figures and the state of the data they were counted from
    string("figures_sha256"),
    string("data_version"),
    ms("frozen_at", nullable=True),
    ms("submitted_at", nullable=True),  # since when a draft waits for a leader, and who said that it is ready
    string("submitted_by"),
)
Index("ix_reports_unit", reports.c.unit_id, reports.c.period)

report_files = Table(
    "report_files",
    metadata,
    Column("report_id", BigId, ForeignKey("reports.id"), primary_key=True, autoincrement=False),
    Column("name", Text, primary_key=True),
    ref("blob_id", "blobs"),
)

report_texts = Table(
    "report_texts",
    metadata,
    Column("report_id", BigId, ForeignKey("reports.id"), primary_key=True, autoincrement=False),
    Column("section", Text, primary_key=True),  # "survey:limits", as reports.places.Place.id
    Column("text", Text, nullable=False),  # an officer's own words
    Column("digest", Text, nullable=False),  # of the figures that the section showed when it was written
    Column("written_by", Text, nullable=False),
    ms("written_at"),
)

served_counts = Table(
    "served_counts",
    metadata,
    Column("unit_id", BigId, ForeignKey("units.id"), primary_key=True, autoincrement=False),
    Column("month", Text, primary_key=True),  # "2026-10"
    Column("field", Text, primary_key=True),  # a field of the một cửa, "" for all together
    Column("count", Integer, nullable=False),  # how many it served: N of a response rate
    Column("typed_by", Text, nullable=False),
    ms("typed_at"),
)

topic_tags = Table(
    "topic_tags",
    metadata,
    id_(),
    ref("unit_id", "units"),
    Column("thing", Text, nullable=False),  # answer | case
    Column("thing_id", BigInteger, nullable=False),  # of the response, or of the case
    string("question"),  # of an answer: which of the response's; "" for a case
    Column("topic", Text, nullable=False),  # a field of cases
    string("quote"),  # what of it may be quoted, names taken out by the officer; "" for nothing
    Column("tagged_by", Text, nullable=False),
    ms("tagged_at"),
    UniqueConstraint("thing", "thing_id", "question"),
)
Index("ix_topic_tags_unit", topic_tags.c.unit_id, topic_tags.c.tagged_at)

sheet_rows = Table(
    "sheet_rows",
    metadata,
    Column("unit_id", BigId, ForeignKey("units.id"), primary_key=True, autoincrement=False),
    Column("plan", Text, primary_key=True),
    Column("period", Text, primary_key=True),
    Column("sheet", Text, primary_key=True),  # targets (biểu chỉ tiêu) | criteria (biểu tự đánh giá, xếp loại)
    Column("row", Text, primary_key=True),
    string("done"),  # what was reached, or the points the commune gives itself
    string("note"),  # ghi chú, or the evidence
    Column("typed_by", Text, nullable=False),
    ms("typed_at"),
)

criteria_files = Table(
    "criteria_files",
    metadata,
    Column("unit_id", BigId, ForeignKey("units.id"), primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),  # TOML as reports.criteria reads it
    string("added_by"),
    ms("added_at"),
)

submissions = Table(
    "submissions",
    metadata,
    id_(),
    ref("unit_id", "units"),  # the province that received it
    Column("commune", Text, nullable=False),  # name of the commune
    Column("period", Text, nullable=False),
    Column("figures", Text, nullable=False),  # JSON of reports.figures.Figures
    Column("sha256", Text, nullable=False),
    number("approved"),  # 1: its leader had approved the report that it comes from
    string("received_by"),
    ms("received_at"),
    UniqueConstraint("unit_id", "commune", "period"),
)

awaited_communes = Table(
    "awaited_communes",  # of a province, beside those of the store: who works with a store of its own
    metadata,
    Column("unit_id", BigId, ForeignKey("units.id"), primary_key=True, autoincrement=False),
    Column("name", Text, primary_key=True),
    Column("added_by", Text, nullable=False),
    ms("added_at"),
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
