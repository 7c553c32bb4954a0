"""Surveys that are being written in the console and that nobody is asked yet."""

from sqlalchemy import Column, Index, Table, Text

from storage.schema.columns import id_, metadata, ms, number, ref, string

survey_drafts = Table(
    "survey_drafts",
    metadata,
    id_(),
    ref("unit_id", "units"),
    string("title"),
    Column("body", Text, nullable=False),  # a Survey as JSON, not checked
    number("version"),
    ref("officer_id", "officers", nullable=True),  # who saved it last
    ms("created_at"),
    ms("updated_at"),
)
Index("ix_survey_drafts_unit", survey_drafts.c.unit_id)
