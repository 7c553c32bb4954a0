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
from storage.schema.cases import act_heads, acts, case_blobs, cases
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
from storage.schema.facts import bulletins, facts, subscriptions
from storage.schema.following import blocks, case_followers
from storage.schema.kept import case_views, keepers, register_lines
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
from storage.schema.rights import data_requests
from storage.schema.routing import hot_spots, routing_rules, works
from storage.schema.session_work import dialogue_lists, session_notices
from storage.schema.sessions import (
    bookings,
    host_busy,
    session_promises,
    session_questions,
    session_series,
    session_sheets,
    sessions,
)
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
    "act_heads",
    "acts",
    "alarms",
    "answers",
    "blob_chunks",
    "blobs",
    "blocks",
    "bookings",
    "bulletins",
    "calls",
    "case_blobs",
    "case_followers",
    "case_views",
    "cases",
    "channel_accounts",
    "channel_facts",
    "channel_tokens",
    "consents",
    "conversations",
    "counters",
    "data_requests",
    "deliveries",
    "dialogue_lists",
    "facts",
    "frame_rows",
    "frames",
    "host_busy",
    "hot_spots",
    "inbox",
    "invitations",
    "jobs",
    "join_codes",
    "keepers",
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
    "register_lines",
    "report_files",
    "reports",
    "responses",
    "rollups",
    "routing_rules",
    "sealed_responses",
    "seen_events",
    "session_notices",
    "session_promises",
    "session_questions",
    "session_series",
    "session_sheets",
    "sessions",
    "source_words",
    "subscriptions",
    "survey_files",
    "survey_versions",
    "surveys",
    "units",
    "waves",
    "works",
]
