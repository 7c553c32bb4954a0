"""What a commune answers when it is asked, and what it tells whoever hears from it."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Table, Text

from storage.schema.columns import BigId, id_, metadata, ms, number, only, ref, string

facts = Table(
    "facts",
    metadata,
    id_(),
    ref("unit_id", "units"),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    string("words"),  # what else people call it, comma separated
    string("link"),
    string("phone"),
    string("person"),
    number("place"),
    number("active", 1),
    ms("changed_at"),
)
Index("ix_facts_unit", facts.c.unit_id, facts.c.active, facts.c.place)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("account_id", BigId, ForeignKey("accounts.id"), primary_key=True, autoincrement=False),
    ref("village_id", "units"),  # whose notices the person wants, beside those of the whole commune
    ms("since"),
)

bulletins = Table(
    "bulletins",
    metadata,
    id_(),
    ref("unit_id", "units"),
    ref("village_id", "units", nullable=True),  # only people of this village; NULL: the whole commune
    Column("text", Text, nullable=False),
    ref("officer_id", "officers", nullable=True),
    Column("after", BigInteger, nullable=False),  # accounts up to this id have been told
    number("told"),  # how many people
    ms("created_at"),
    ms("done_at", nullable=True),
)
Index("ix_bulletins_unit", bulletins.c.unit_id, bulletins.c.created_at)
Index("ix_bulletins_going", bulletins.c.id, **only(bulletins.c.done_at.is_(None)))
