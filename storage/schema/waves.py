"""Whom a wave asks: frames imported by officers, invitations with one-time codes, forms that officers type in."""

from sqlalchemy import Column, Index, Integer, LargeBinary, Table, Text, UniqueConstraint

from storage.schema.columns import BigId, id_, metadata, ms, number, only, ref, string

frames = Table(
    "frames",
    metadata,
    id_(),
    ref("unit_id", "units"),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),  # surveys.waves.FrameKind
    Column("size", Integer, nullable=False),  # rows
    Column("checksum", Text, nullable=False),  # of the imported file: the same file again is the same frame
    ms("imported_at"),
    UniqueConstraint("unit_id", "name"),
)

frame_rows = Table(
    "frame_rows",
    metadata,
    id_(),
    ref("frame_id", "frames"),
    Column("number", Integer, nullable=False),  # place in the imported file, from 1
    ref("village_id", "units", nullable=True),
    string("segment"),  # a group the officer named ("hộ nghèo")
    ref("account_id", "accounts", nullable=True),  # where the file names a chat account that we know
    Column("body", LargeBinary, nullable=False),  # sealed: name, address, telephone
    UniqueConstraint("frame_id", "number"),
)

invitations = Table(
    "invitations",
    metadata,
    id_(),  # random: what hangs on it says nothing of when
    ref("unit_id", "units"),
    ref("wave_id", "waves"),
    ref("frame_row_id", "frame_rows", nullable=True),  # invited waves
    ref("village_id", "units", nullable=True),
    ref("account_id", "accounts", nullable=True),  # where a message can go
    Column("code", LargeBinary),  # HMAC(key, one-time code); NULL in open waves. The code itself is stored nowhere
    Column("state", Text, nullable=False),  # surveys.waves.InvitationState
    number("reminders"),
    ms("next_at"),  # when it may be sent, or reminded, next
    Column("outbox_id", BigId),
    string("fault"),
    UniqueConstraint("wave_id", "frame_row_id"),
)
Index("ix_invitations_code", invitations.c.code, unique=True)
Index("ix_invitations_due", invitations.c.wave_id, invitations.c.state, invitations.c.next_at)
Index("ix_invitations_account", invitations.c.account_id)
Index(  # subscribers that an open wave invites: each once
    "uq_invitations_subscriber",
    invitations.c.wave_id,
    invitations.c.account_id,
    unique=True,
    **only(invitations.c.frame_row_id.is_(None)),
)
Index("ix_invitations_queued", invitations.c.wave_id, invitations.c.outbox_id, **only(invitations.c.state == "queued"))

paper_batches = Table(
    "paper_batches",
    metadata,
    id_(),
    ref("unit_id", "units"),
    ref("wave_id", "waves"),
    ref("officer_id", "officers"),  # who helped
    ref("village_id", "units", nullable=True),
    Column("source", Text, nullable=False),  # paper | phone | visit: the channel its answers are counted under
    Column("expected", Integer, nullable=False),  # forms on the pile
    ms("opened_at"),
    ms("closed_at", nullable=True),
)

paper_forms = Table(
    "paper_forms",
    metadata,
    id_(),
    ref("batch_id", "paper_batches"),
    Column("number", Text, nullable=False),  # printed on the form
    Column("body", LargeBinary, nullable=False),  # sealed answers, until the batch is closed
    number("drawn"),  # 1: to be typed a second time
    Column("second", LargeBinary),  # sealed answers of the second entry
    number("differs"),  # how many answers of the two entries differ
    UniqueConstraint("batch_id", "number"),
)

paper_totals = Table(
    "paper_totals",
    metadata,
    Column("batch_id", BigId, primary_key=True, autoincrement=False),
    ref("wave_id", "waves"),
    ref("officer_id", "officers"),
    Column("forms", Integer, nullable=False),
    Column("checked", Integer, nullable=False),
    Column("differing", Integer, nullable=False),
    Column("counts", Text, nullable=False),  # JSON {question: surveys.tally.Tally}, for the check on outliers
)

survey_files = Table(
    "survey_files",
    metadata,
    Column("version_id", BigId, primary_key=True, autoincrement=False),
    Column("name", Text, primary_key=True),  # as the survey names it (audio, document)
    ref("blob_id", "blobs"),
)

opinion_replies = Table(
    "opinion_replies",
    metadata,
    id_(),
    ref("unit_id", "units"),
    ref("wave_id", "waves"),
    ref("response_id", "responses"),
    Column("question", Text, nullable=False),
    string("opinion"),  # as published: names taken out by the officer
    Column("verdict", Text, nullable=False),  # accepted | partly | explained
    string("explanation"),
    ms("at"),
    UniqueConstraint("response_id", "question"),
)
