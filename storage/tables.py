"""Every table of the store, for SQLite and PostgreSQL alike.

Ids are made by us (storage/ids.py), instants are UTC milliseconds, days are ISO text in local time, every row
belongs to a unit. `body` and `state` columns that hold a citizen's words are sealed by storage/vault.py.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# On SQLite an id column must be INTEGER to be the rowid itself; both hold 64 bits.
BigId = BigInteger().with_variant(Integer, "sqlite")


def _id() -> Column[int]:
    return Column("id", BigId, primary_key=True, autoincrement=False)


def _ref(name: str, target: str, *, nullable: bool = False) -> Column[int]:
    return Column(name, BigId, ForeignKey(f"{target}.id"), nullable=nullable)


def _ms(name: str, *, nullable: bool = False) -> Column[int]:
    return Column(name, BigInteger, nullable=nullable)


def _str(name: str, *, nullable: bool = False, default: str = "") -> Column[str]:
    return Column(name, Text, nullable=nullable, server_default=None if nullable else text(f"'{default}'"))


def _num(name: str, default: int = 0) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default=text(str(default)))


# --- who: units, officers, channels, people ---------------------------------------------------------------------------

units = Table(
    "units",
    metadata,
    _id(),
    _ref("parent_id", "units", nullable=True),
    Column("kind", Text, nullable=False),  # province | commune | village (thôn and its like)
    Column("name", Text, nullable=False),  # "xã Vạn Linh", "thôn Nà Sèn": with its own word
    _str("former"),  # the commune it belonged to before July 2025
    Column("slug", Text, nullable=False),  # address of the web chat; unique among communes
    _str("prefix"),  # of case codes: "VL"
    _str("sort_key"),
    _str("phone"),
    _str("contact"),  # the person behind the telephone, said in every reply
    _num("active", 1),
    UniqueConstraint("parent_id", "slug"),
)
Index("uq_commune_slug", units.c.slug, unique=True, sqlite_where=units.c.kind == "commune", postgresql_where=units.c.kind == "commune")

officers = Table(
    "officers",
    metadata,
    _id(),
    _ref("unit_id", "units"),
    Column("login", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),  # feedback.roles.Role
    Column("password_hash", Text, nullable=False),
    _num("active", 1),
    _ms("created_at"),
)

officer_sessions = Table(
    "officer_sessions",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    _ref("officer_id", "officers"),
    _ms("created_at"),
    _ms("seen_at"),
    _ms("expires_at"),
)

login_failures = Table(
    "login_failures",
    metadata,
    Column("place", Text, primary_key=True),  # login + address, hashed: a stranger cannot lock an officer out elsewhere
    _num("count"),
    _ms("until"),
)

channel_accounts = Table(
    "channel_accounts",
    metadata,
    _id(),
    _ref("unit_id", "units"),  # a commune, or a province whose communes share it
    Column("channel", Text, nullable=False),  # telegram | webchat | terminal
    Column("name", Text, nullable=False),
    Column("secret", LargeBinary),  # sealed; NULL where the settings hold it
    _str("cursor"),  # where polling goes on: Telegram's next offset
    _ms("heard_at", nullable=True),
    _num("active", 1),
    UniqueConstraint("unit_id", "channel", "name"),
)

persons = Table("persons", metadata, _id(), _ref("unit_id", "units"), _ms("created_at"))

accounts = Table(
    "accounts",
    metadata,
    _id(),
    _ref("person_id", "persons"),
    _ref("channel_account_id", "channel_accounts"),
    Column("platform_id", Text, nullable=False),
    _str("name"),
    _str("handle"),
    _str("gone"),  # why nothing can be sent there ("" while it can)
    _ms("created_at"),
    UniqueConstraint("channel_account_id", "platform_id"),
)

consents = Table(
    "consents",
    metadata,
    _id(),
    _ref("unit_id", "units"),
    _ref("account_id", "accounts"),
    Column("purpose", Text, nullable=False),  # "case"
    Column("data", Text, nullable=False),  # which kinds of data, comma separated
    Column("wording", Text, nullable=False),  # key and version of the text that was shown
    _ms("given_at"),
    _ms("withdrawn_at", nullable=True),
)

# --- the conversation: state, what came in, what goes out -------------------------------------------------------------

conversations = Table(
    "conversations",
    metadata,
    _id(),
    _ref("account_id", "accounts"),
    _ref("unit_id", "units"),
    Column("channel", Text, nullable=False),
    Column("state", LargeBinary),  # sealed, versioned JSON
    _num("last_seq"),  # number of the newest outbox row
    _ms("heard_at"),
    UniqueConstraint("account_id"),
)

seen_events = Table(
    "seen_events",
    metadata,
    Column("channel_account_id", BigId, primary_key=True, autoincrement=False),
    Column("dedupe_key", Text, primary_key=True),
    _ms("at"),
    sqlite_with_rowid=False,
)
Index("ix_seen_events_at", seen_events.c.at)

inbox = Table(
    "inbox",
    metadata,
    _id(),
    _ref("unit_id", "units"),
    _ref("channel_account_id", "channel_accounts"),
    Column("chat", Text, nullable=False),  # platform id of the person: later events of the chat queue behind
    Column("body", LargeBinary, nullable=False),  # sealed Inbound
    _num("tries"),
    _ms("next_at"),
    _ms("received_at"),
    _str("fault"),  # class of the last error, never its text
    _num("dead"),
)
Index("ix_inbox_chat", inbox.c.channel_account_id, inbox.c.chat)

outbox = Table(
    "outbox",
    metadata,
    _id(),
    _ref("unit_id", "units"),
    _ref("conversation_id", "conversations"),
    _ref("channel_account_id", "channel_accounts"),
    Column("seq", Integer, nullable=False),
    Column("lane", SmallInteger, nullable=False),  # storage.outbox.Lane
    Column("state", Text, nullable=False),  # storage.outbox.STATES
    Column("body", LargeBinary),  # sealed Bubble or Own; NULL once erased
    Column("topic", BigInteger, nullable=False, server_default=text("0")),  # the dialogue it belongs to; erased together
    Column("edits", BigId),  # an earlier row that this one replaces on the screen
    _num("tries"),
    _num("uncertain"),
    _ms("next_at"),
    _ms("lease_until", nullable=True),
    _ms("created_at"),
    _ms("sent_at", nullable=True),
    _str("platform_ref"),
    _str("fault"),
    UniqueConstraint("conversation_id", "seq"),
)
_pending = outbox.c.state.in_(["ready", "leased"])
Index("ix_outbox_pending", outbox.c.channel_account_id, outbox.c.lane, outbox.c.next_at, sqlite_where=_pending, postgresql_where=_pending)
Index("ix_outbox_order", outbox.c.conversation_id, outbox.c.seq, sqlite_where=_pending, postgresql_where=_pending)
_dead = outbox.c.state == "dead"
Index("ix_outbox_dead", outbox.c.unit_id, sqlite_where=_dead, postgresql_where=_dead)

jobs = Table(
    "jobs",
    metadata,
    _id(),
    _ref("unit_id", "units"),
    Column("kind", Text, nullable=False),
    Column("key", Text, nullable=False),  # one job of a kind and key at a time
    Column("body", LargeBinary),  # sealed
    _num("tries"),
    _ms("run_at"),
    _ms("lease_until", nullable=True),
    _str("fault"),
    _num("dead"),
    UniqueConstraint("kind", "key"),
)
Index("ix_jobs_run_at", jobs.c.dead, jobs.c.run_at)

blobs = Table(
    "blobs",
    metadata,
    _id(),
    _ref("unit_id", "units"),
    Column("media_type", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", LargeBinary, nullable=False),
    _str("name"),
    _num("width"),
    _num("height"),
    _num("kept"),  # 1 once something points to it; the rest is swept after a day
    _ms("created_at"),
)

blob_chunks = Table(
    "blob_chunks",
    metadata,
    Column("blob_id", BigId, primary_key=True, autoincrement=False),
    Column("part", Integer, primary_key=True),
    Column("data", LargeBinary, nullable=False),
)

# --- surveys: versions, waves, answers that nobody can join to a person -----------------------------------------------

surveys = Table(
    "surveys",
    metadata,
    _id(),
    _ref("unit_id", "units"),
    Column("slug", Text, nullable=False),
    _ms("created_at"),
    UniqueConstraint("unit_id", "slug"),
)

survey_versions = Table(
    "survey_versions",
    metadata,
    _id(),
    _ref("unit_id", "units"),
    _ref("survey_id", "surveys"),
    Column("number", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),  # JSON of surveys.definition.Survey
    Column("checksum", Text, nullable=False),
    _ms("published_at"),
    UniqueConstraint("survey_id", "number"),
)

waves = Table(
    "waves",
    metadata,
    _id(),
    _ref("unit_id", "units"),
    _ref("version_id", "survey_versions"),
    Column("kind", Text, nullable=False),  # open | invited
    Column("code", Text, nullable=False),  # the word in a deep link
    _str("state", default="open"),  # open | closed
    _ms("opens_at"),
    _ms("closes_at", nullable=True),
)
_open_wave = waves.c.state == "open"
# A new version takes over the code printed on the posters; the closed wave keeps it too.
Index("uq_waves_open_code", waves.c.unit_id, waves.c.code, unique=True, sqlite_where=_open_wave, postgresql_where=_open_wave)

participations = Table(
    "participations",
    metadata,
    Column("token", LargeBinary, primary_key=True),  # HMAC(key, wave, person): says nothing without the key
    Column("wave_id", BigId, nullable=False),
    sqlite_with_rowid=False,
)

sealed_responses = Table(
    "sealed_responses",
    metadata,
    _id(),  # random
    _ref("unit_id", "units"),
    _ref("wave_id", "waves"),
    Column("village_id", BigId),
    Column("channel", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
Index(
    "ix_sealed_group",
    sealed_responses.c.wave_id,
    sealed_responses.c.unit_id,
    sealed_responses.c.village_id,
    sealed_responses.c.channel,
)

responses = Table(
    "responses",
    metadata,
    _id(),  # random: no order of arrival is left in it
    _ref("unit_id", "units"),
    _ref("wave_id", "waves"),
    _ref("version_id", "survey_versions"),
    Column("village_id", BigId),
    _str("channel"),
    Column("day", Text, nullable=False),  # of release
    _num("partial"),
    _num("assisted"),
)
Index("ix_responses_wave", responses.c.wave_id, responses.c.day)

answers = Table(
    "answers",
    metadata,
    Column("response_id", BigId, primary_key=True, autoincrement=False),
    Column("question", Text, primary_key=True),
    Column("value", Text),  # JSON of surveys.definition.Answer
    sqlite_with_rowid=False,
)

rollups = Table(
    "rollups",
    metadata,
    Column("version_id", BigId, primary_key=True, autoincrement=False),
    Column("period", Text, primary_key=True),  # "2026-10a" to the 14th, "2026-10b" from the 15th, or a day "2026-10-03"
    Column("unit_id", BigId, primary_key=True, autoincrement=False),  # the village, or the commune where it was blanked
    Column("channel", Text, primary_key=True),
    Column("question", Text, primary_key=True),  # "" counts responses
    Column("counts", Text, nullable=False),  # JSON of surveys.tally.Tally
    sqlite_with_rowid=False,
)

published_cells = Table(
    "published_cells",
    metadata,
    _id(),
    _ref("unit_id", "units"),
    _ref("version_id", "survey_versions"),
    Column("first_day", Text, nullable=False),
    Column("last_day", Text, nullable=False),
    Column("cut", Text, nullable=False),  # "all" or "village:<id>"
    Column("question", Text, nullable=False),
    Column("n", Integer, nullable=False),
    _ref("report_id", "reports", nullable=True),
    Index("ix_published_cells", "version_id", "cut"),
)

# --- cases and what officers do ---------------------------------------------------------------------------------------

cases = Table(
    "cases",
    metadata,
    _id(),
    _ref("unit_id", "units"),
    _ref("village_id", "units", nullable=True),
    Column("code", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),  # feedback.kinds.Kind
    Column("category", Text, nullable=False),
    Column("text", Text, nullable=False),
    _str("folded"),  # vietnam.text.fold of text, for search
    Column("state", Text, nullable=False),  # feedback.states.State
    _num("version", 1),
    _num("anonymous"),
    _ref("account_id", "accounts"),  # stays, so that the answer can return; no officer page shows it
    _str("channel"),
    _str("name"),
    _str("phone"),
    _str("wanted_day"),
    _str("reply"),
    _ref("officer_id", "officers", nullable=True),
    _ms("opened_at"),
    _ms("taken_at", nullable=True),
    _ms("answered_at", nullable=True),
)
Index("ix_cases_queue", cases.c.unit_id, cases.c.state, cases.c.opened_at)
Index("ix_cases_account", cases.c.account_id, cases.c.opened_at)

case_blobs = Table(
    "case_blobs",
    metadata,
    Column("case_id", BigId, ForeignKey("cases.id"), primary_key=True, autoincrement=False),
    Column("blob_id", BigId, ForeignKey("blobs.id"), primary_key=True, autoincrement=False),
)

acts = Table(
    "acts",
    metadata,
    _id(),
    _ref("unit_id", "units"),
    Column("thing", Text, nullable=False),  # "case", "survey", "report", "officer"
    Column("thing_id", BigId, nullable=False),
    Column("version", Integer, nullable=False),
    Column("action", Text, nullable=False),
    Column("actor", Text, nullable=False),  # "officer:<id>" | "citizen" | "system"
    Column("detail", Text, nullable=False),  # JSON: from, to, note
    _ms("at"),
    UniqueConstraint("thing", "thing_id", "version"),
)

# --- reports ----------------------------------------------------------------------------------------------------------

plans = Table(
    "plans",
    metadata,
    _id(),
    _ref("unit_id", "units"),
    Column("slug", Text, nullable=False),
    Column("body", Text, nullable=False),
    UniqueConstraint("unit_id", "slug"),
)

reports = Table(
    "reports",
    metadata,
    _id(),
    _ref("unit_id", "units"),
    Column("period", Text, nullable=False),
    Column("state", Text, nullable=False),  # making | ready | failed
    _str("fault"),
    Column("figures", Text),  # JSON of reports.figures.Figures
    _str("made_by"),
    _ms("asked_at"),
    _ms("made_at", nullable=True),
)
Index("ix_reports_unit", reports.c.unit_id, reports.c.period)

report_files = Table(
    "report_files",
    metadata,
    Column("report_id", BigId, ForeignKey("reports.id"), primary_key=True, autoincrement=False),
    Column("name", Text, primary_key=True),
    _ref("blob_id", "blobs"),
)

notices = Table(
    "notices",
    metadata,
    _id(),
    _ref("unit_id", "units"),
    Column("key", Text, nullable=False),  # wording key
    Column("params", Text, nullable=False),  # JSON
    _ms("at"),
    _ms("read_at", nullable=True),
)
Index("ix_notices_unit", notices.c.unit_id, notices.c.at)

counters = Table(
    "counters",
    metadata,
    Column("name", Text, primary_key=True),  # "webhook.bad_secret", "text.cleaned", ...
    Column("day", Text, primary_key=True),
    _num("count"),
)
