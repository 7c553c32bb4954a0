"""Who handles what: the commune's own table, what it does not take, its works, hot spots its leaders were told of."""

from sqlalchemy import Column, ForeignKey, Index, Table, Text, UniqueConstraint

from storage.schema.columns import BigId, id_, metadata, ms, number, ref, string

works = Table(
    "works",
    metadata,
    id_(),
    ref("unit_id", "units"),
    Column("name", Text, nullable=False),  # a công trình or dự án of the commune
    string("sort_key"),
    number("active", 1),
    ms("created_at"),
)
Index("ix_works_unit", works.c.unit_id, works.c.active, works.c.sort_key)

routing_rules = Table(
    "routing_rules",
    metadata,
    id_(),
    ref("unit_id", "units"),
    string("kind"),  # feedback.kinds.Kind; "" any
    string("category"),  # "" any
    Column("village", BigId, nullable=False, server_default="0"),  # 0 any
    string("role"),  # feedback.roles.Role; "" where a person is named
    ref("officer_id", "officers", nullable=True),
    ms("created_at"),
    UniqueConstraint("unit_id", "kind", "category", "village"),
)

kinds_off = Table(
    "kinds_off",
    metadata,
    Column("unit_id", BigId, ForeignKey("units.id"), primary_key=True, autoincrement=False),
    Column("what", Text, primary_key=True),  # kind | field
    Column("name", Text, primary_key=True),  # feedback.kinds.Kind, or the id of a field
    ms("at"),
)

hot_spots = Table(
    "hot_spots",
    metadata,
    id_(),
    ref("unit_id", "units"),
    Column("key", Text, nullable=False),  # feedback.hot_spots.HotSpot.key
    ms("told_at"),  # when the leaders were told
    ms("over_at", nullable=True),  # when it was none any more; a new one of that key is told again
    UniqueConstraint("unit_id", "key"),
)
