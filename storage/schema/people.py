"""Who: units, officers, our channel accounts, people and what they agreed to."""

from sqlalchemy import Column, Double, Index, LargeBinary, Table, Text, UniqueConstraint

from storage.schema.columns import id_, metadata, ms, number, ref, string

units = Table(
    "units",
    metadata,
    id_(),
    ref("parent_id", "units", nullable=True),
    Column("kind", Text, nullable=False),  # province | commune | village (thôn and its like)
    Column("name", Text, nullable=False),  # "xã Vạn Linh", "thôn Nà Sèn": with its own word
    string("former"),  # the commune it belonged to before July 2025
    Column("slug", Text, nullable=False),  # address of the web chat; unique among communes
    string("prefix"),  # of case codes: "VL"
    string("sort_key"),
    string("phone"),
    string("contact"),  # the person behind the telephone, said in every reply; of a village its head
    string("address"),  # where the office of the commune is
    string("reception"),  # when, and where, the commune receives citizens; "" as the settings file has it
    Column("lat", Double),  # the middle of the commune, WGS 84 degrees, where no map of it says more
    Column("lon", Double),
    number("reach_km"),  # how far from there its border is at most
    number("active", 1),
    number("sample"),  # 1: everything of it is sample data, and every report says so
    string("seed"),  # of the commune that the settings file made: its name there, whatever it is called now
    number("managed"),  # 1: officers keep its names and villages on their page, and the file changes them no more
    string("was"),  # what it was called before, one name a line
    number("place"),  # among the villages of the commune; 0: in the order of the alphabet, before all others
    number("version", 1),
    UniqueConstraint("parent_id", "slug"),
)
Index(
    "uq_commune_slug",
    units.c.slug,
    unique=True,
    sqlite_where=units.c.kind == "commune",
    postgresql_where=units.c.kind == "commune",
)

officers = Table(
    "officers",
    metadata,
    id_(),
    ref("unit_id", "units"),
    Column("login", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),  # feedback.roles.Role
    Column("password_hash", Text, nullable=False),
    number("active", 1),
    number("must_change"),  # 1: somebody else knows the password; the first thing to do is to change it
    ms("given_at", nullable=True),  # when somebody else gave the password; NULL: it is the officer's own choice
    number("failures"),  # wrong passwords and codes since the last time that the officer came in
    number("version", 1),  # of what others change of the account
    ms("created_at"),
)

officer_sessions = Table(
    "officer_sessions",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    ref("officer_id", "officers"),
    ms("created_at"),
    ms("seen_at"),
    ms("expires_at"),
    string("device"),  # in words: "Chrome, Windows"
    string("place"),  # the coarse half of the address: "113.160.x.x"
    number("half"),  # 1: the password was right, the second step is awaited; no page opens
    number("failures"),  # wrong tries before it began
)
Index("ix_officer_sessions_officer_id", officer_sessions.c.officer_id)

login_failures = Table(
    "login_failures",
    metadata,
    # Hashed: login + address, so that a stranger cannot lock an officer out elsewhere; or the page of a case.
    Column("place", Text, primary_key=True),
    number("count"),
    ms("until"),
)

channel_accounts = Table(
    "channel_accounts",
    metadata,
    id_(),
    ref("unit_id", "units"),  # a commune, or a province whose communes share it
    Column("channel", Text, nullable=False),  # telegram | webchat | terminal
    Column("name", Text, nullable=False),
    Column("secret", LargeBinary),  # sealed; NULL where the settings hold it
    string("cursor"),  # where polling goes on: Telegram's next offset
    ms("heard_at", nullable=True),
    number("active", 1),
    UniqueConstraint("unit_id", "channel", "name"),
)

persons = Table("persons", metadata, id_(), ref("unit_id", "units"), ms("created_at"))

accounts = Table(
    "accounts",
    metadata,
    id_(),
    ref("person_id", "persons"),
    ref("channel_account_id", "channel_accounts"),
    Column("platform_id", Text, nullable=False),
    string("language"),  # the tag that the person chose; "" for Vietnamese
    ms("opted_out_at", nullable=True),  # no invitations, reminders or notices since then
    string("gone"),  # why nothing can be sent there ("" while it can)
    ms("created_at"),
    UniqueConstraint("channel_account_id", "platform_id"),
)

consents = Table(
    "consents",
    metadata,
    id_(),
    ref("unit_id", "units"),
    ref("account_id", "accounts"),
    Column("purpose", Text, nullable=False),  # "case"
    Column("data", Text, nullable=False),  # which kinds of data, comma separated
    Column("wording", Text, nullable=False),  # key and version of the text that was shown
    ms("given_at"),
    ms("withdrawn_at", nullable=True),
)
