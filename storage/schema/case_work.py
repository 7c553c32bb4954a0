"""What officers have beside a case: answers kept ready, and who has which one open just now."""

from sqlalchemy import Column, ForeignKey, Index, Table, Text

from storage.schema.columns import BigId, id_, metadata, ms, number, ref, string

canned_replies = Table(
    "canned_replies",
    metadata,
    id_(),
    ref("unit_id", "units"),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),  # with the places of feedback.canned.PLACES
    string("kind"),  # feedback.kinds.Kind it is for; "" any
    string("category"),  # "" any
    string("outcome"),  # feedback.replies.Outcome it concludes; "" whichever the officer chooses
    string("taken_from"),  # the id of the shipped one it was made of
    number("active", 1),
    number("version", 1),
    ref("officer_id", "officers", nullable=True),  # who wrote it last
    ms("changed_at"),
)
Index("ix_canned_unit", canned_replies.c.unit_id, canned_replies.c.active)

case_presence = Table(
    "case_presence",
    metadata,
    Column("case_id", BigId, ForeignKey("cases.id"), primary_key=True, autoincrement=False),
    Column("officer_id", BigId, ForeignKey("officers.id"), primary_key=True, autoincrement=False),
    ms("at"),  # when the page of the case was last asked for
)
Index("ix_case_presence_at", case_presence.c.at)
