"""Which of a commune's cases an officer of some roles reaches."""

from sqlalchemy import Column, ForeignKey, Table

from storage.schema.columns import BigId, metadata, string

officer_reach = Table(
    "officer_reach",  # no row: everything that the role may reach at all
    metadata,
    Column("officer_id", BigId, ForeignKey("officers.id"), primary_key=True, autoincrement=False),
    string("fields"),  # feedback.kinds.CATEGORIES, comma separated; "" all of them
    string("villages"),  # ids of villages of the commune, comma separated; "" all of them
)
