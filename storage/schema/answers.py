"""Surveys: versions, waves, and answers that nobody can join to a person."""

from sqlalchemy import Column, Index, Integer, LargeBinary, Table, Text, UniqueConstraint

from storage.schema.columns import BigId, id_, metadata, ms, number, ref, string

surveys = Table(
    "surveys",
    metadata,
    id_(),
    ref("unit_id", "units"),
    Column("slug", Text, nullable=False),
    ms("created_at"),
    UniqueConstraint("unit_id", "slug"),
)

survey_versions = Table(
    "survey_versions",
    metadata,
    id_(),
    ref("unit_id", "units"),
    ref("survey_id", "surveys"),
    Column("number", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),  # JSON of surveys.definition.Survey
    Column("checksum", Text, nullable=False),
    ms("published_at"),
    UniqueConstraint("survey_id", "number"),
)

waves = Table(
    "waves",
    metadata,
    id_(),
    ref("unit_id", "units"),
    ref("version_id", "survey_versions"),
    Column("kind", Text, nullable=False),  # open | invited
    Column("code", Text, nullable=False),  # the word in a deep link
    string("state", default="open"),  # surveys.waves.WaveState
    ms("opens_at"),
    ms("closes_at", nullable=True),
    string("title"),  # "" : that of the survey
    string("owner", default="ubnd"),  # surveys.waves.Owner
    string("per", default="person"),  # surveys.waves.Per
    number("sealed"),  # 1: nothing is released, so nobody sees a figure, before the close
    string("segment", default="{}"),  # JSON of surveys.waves.Segment
    ref("frame_id", "frames", nullable=True),
    string("seed"),  # of the random sample, printed in the report
    number("sample"),  # how many are drawn of the frame
    number("population"),  # N of the segment in the frame; 0 where unknown
    string("sending"),  # "" | running | paused | cancelled | done: the invitations
    number("remind_days"),  # days between an invitation and its reminder; 0: none
    number("remind_times"),  # 2 at most
    number("ends_day"),  # day of the month that the waves of a schedule end with; 0: when the next begins
    string("repeat"),  # "" | "monthly": how its schedule opens the next one
    ref("follows", "waves", nullable=True),  # the wave of the same schedule before this one
)
_open_wave = waves.c.state == "open"
# A new version takes over the code printed on the posters; the closed wave keeps it too.
Index(
    "uq_waves_open_code",
    waves.c.unit_id,
    waves.c.code,
    unique=True,
    sqlite_where=_open_wave,
    postgresql_where=_open_wave,
)

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
    id_(),  # random
    ref("unit_id", "units"),
    ref("wave_id", "waves"),
    Column("village_id", BigId),
    Column("channel", Text, nullable=False),
    number("partial"),  # released among its like: backups show whose survey was left unfinished
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
    id_(),  # random: no order of arrival is left in it
    ref("unit_id", "units"),
    ref("wave_id", "waves"),
    ref("version_id", "survey_versions"),
    Column("village_id", BigId),
    string("channel"),
    Column("day", Text, nullable=False),  # of release
    number("partial"),
    number("assisted"),
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
    Column("kind", Text, primary_key=True),  # of the wave, surveys.waves.WaveKind: never mixed in a figure
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
    id_(),
    ref("unit_id", "units"),
    ref("version_id", "survey_versions"),
    string("kind", default="open"),  # of the waves counted
    Column("first_day", Text, nullable=False),
    Column("last_day", Text, nullable=False),
    Column("cut", Text, nullable=False),  # "all" or "village:<id>"
    Column("question", Text, nullable=False),
    Column("n", Integer, nullable=False),
    ref("report_id", "reports", nullable=True),
    Index("ix_published_cells", "version_id", "cut"),
)
