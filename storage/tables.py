"""Every table of the store, for SQLite and PostgreSQL alike (storage/schema/ has them part by part).

Ids are made by us (storage/ids.py), instants are UTC milliseconds, days are ISO text in local time, every row
belongs to a unit. `body` and `state` columns that hold a citizen's words are sealed by storage/vault.py.
"""

from storage.schema.answers import (
    answers,
    participations,
    published_cells,
    responses,
    rollups,
    sealed_responses,
    survey_versions,
    surveys,
    waves,
)
from storage.schema.cases import acts, case_blobs, cases
from storage.schema.channels import (
    alarms,
    calls,
    channel_facts,
    channel_tokens,
    deliveries,
    join_codes,
    maps,
    source_words,
)
from storage.schema.chat import blob_chunks, blobs, conversations, inbox, jobs, outbox, seen_events
from storage.schema.columns import metadata
from storage.schema.people import (
    accounts,
    channel_accounts,
    consents,
    login_failures,
    officer_sessions,
    officers,
    persons,
    units,
)
from storage.schema.reports import counters, notices, plans, report_files, reports
from storage.schema.waves import (
    frame_rows,
    frames,
    invitations,
    opinion_replies,
    paper_batches,
    paper_forms,
    paper_totals,
    survey_files,
)

__all__ = [
    "accounts",
    "acts",
    "alarms",
    "answers",
    "blob_chunks",
    "blobs",
    "calls",
    "case_blobs",
    "cases",
    "channel_accounts",
    "channel_facts",
    "channel_tokens",
    "consents",
    "conversations",
    "counters",
    "deliveries",
    "frame_rows",
    "frames",
    "inbox",
    "invitations",
    "jobs",
    "join_codes",
    "login_failures",
    "maps",
    "metadata",
    "notices",
    "officer_sessions",
    "officers",
    "opinion_replies",
    "outbox",
    "paper_batches",
    "paper_forms",
    "paper_totals",
    "participations",
    "persons",
    "plans",
    "published_cells",
    "report_files",
    "reports",
    "responses",
    "rollups",
    "sealed_responses",
    "seen_events",
    "source_words",
    "survey_files",
    "survey_versions",
    "surveys",
    "units",
    "waves",
]
