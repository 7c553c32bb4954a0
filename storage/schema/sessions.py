"""Dialogues and receptions: series, sessions, who has a seat, what was asked and answered, what was promised."""

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text, UniqueConstraint

from storage.schema.columns import BigId, id_, metadata, ms, number, only, ref, string

session_series = Table(
    "session_series",
    metadata,
    id_(),
    ref("unit_id", "units"),
    Column("kind", Text, nullable=False),  # feedback.sessions.SessionKind
    Column("host", Text, nullable=False),  # feedback.sessions.Host
    string("host_name"),
    Column("title", Text, nullable=False),
    string("matter"),  # what is talked about, as the notices say it; "": what is usual for its kind
    Column("place", Text, nullable=False),
    string("online"),  # address of the meeting on the net
    ref("village_id", "units", nullable=True),
    Column("rule", Text, nullable=False),  # RFC 5545 RRULE without DTSTART
    Column("first_day", Text, nullable=False),
    Column("starts", Text, nullable=False),  # "07:30", local
    Column("minutes", Integer, nullable=False),
    Column("seats", Integer, nullable=False),
    number("slot_minutes"),  # 0: seats without a time of their own
    Column("state", Text, nullable=False),  # open | closed
    number("version", 1),
    string("made_until"),  # the last day of the rule whose session is made
    ms("opened_at"),
)

sessions = Table(
    "sessions",
    metadata,
    id_(),
    ref("unit_id", "units"),
    ref("series_id", "session_series", nullable=True),
    string("series_day"),  # the day of the rule it was made for
    Column("kind", Text, nullable=False),
    Column("host", Text, nullable=False),
    string("host_name"),
    Column("title", Text, nullable=False),
    string("matter"),
    Column("place", Text, nullable=False),
    string("online"),
    ref("village_id", "units", nullable=True),  # a cluster of thôn, or one; NULL: the whole commune
    Column("state", Text, nullable=False),  # feedback.sessions.SessionState
    number("version", 1),
    ms("starts_at"),
    ms("ends_at"),
    Column("seats", Integer, nullable=False),
    number("slot_minutes"),
    string("moved_from"),  # the day off it was moved from
    number("places"),  # the highest place given: who booked after whom
    string("reason"),  # why it was changed or cancelled
    ms("earlier_at", nullable=True),  # when it was to begin as it was told before the last move
    string("earlier_place"),  # where, as it was told before
    string("late_reason"),  # why it was announced later than the law wants
    string("summary"),  # of the minutes, as published
    number("warned"),  # bits: feedback.session_clocks.Warning
    ms("made_at"),
    ms("announced_at", nullable=True),
    ms("held_at", nullable=True),
    ms("published_at", nullable=True),
    UniqueConstraint("series_id", "series_day"),
)
Index("ix_sessions_calendar", sessions.c.unit_id, sessions.c.starts_at)
Index("ix_sessions_host", sessions.c.unit_id, sessions.c.host, sessions.c.starts_at)
Index("ix_sessions_round", sessions.c.state, sessions.c.starts_at)

bookings = Table(
    "bookings",
    metadata,
    id_(),
    ref("unit_id", "units"),
    ref("session_id", "sessions"),
    ref("account_id", "accounts", nullable=True),  # NULL: entered by an officer for somebody who came or called
    string("channel"),
    Column("code", Text, nullable=False, unique=True),
    Column("state", Text, nullable=False),  # feedback.sessions.BookingState
    number("version", 1),
    Column("seat", Integer),  # from 1; NULL while waiting, and once given back
    Column("place", Integer, nullable=False),  # order of arrival in the session, from 1
    Column("slot_at", BigInteger),  # NULL where seats have no time of their own, or none is held
    Column("topic", Text, nullable=False),  # feedback.kinds.CATEGORIES
    string("name"),
    string("phone"),
    ref("village_id", "units", nullable=True),
    number("reminded"),  # bits: 1 the day before, 2 the hours before, 4 that no seat came free
    string("news"),  # what the person is still to be told: a line of feedback/seat_news.py
    string("reason"),  # why an officer gave the seat back
    string("once"),  # the form it came on: sent again it changes nothing
    string("uid"),  # its name in calendars: that of the first booking it was moved from; "" its own code
    number("sequence"),  # how often that one had changed until it was moved
    ref("officer_id", "officers", nullable=True),  # who entered it
    ms("booked_at"),
    ms("came_at", nullable=True),
    UniqueConstraint("session_id", "seat"),
    UniqueConstraint("session_id", "place"),
)
Index("ix_bookings_account", bookings.c.account_id, bookings.c.booked_at)
Index("ix_bookings_queue", bookings.c.session_id, bookings.c.state, bookings.c.place)
Index("ix_bookings_news", bookings.c.id, **only(bookings.c.news != ""))
Index(  # one live booking of an account in a session
    "uq_bookings_live",
    bookings.c.session_id,
    bookings.c.account_id,
    unique=True,
    **only(bookings.c.state.in_(("booked", "waiting"))),
)

session_questions = Table(
    "session_questions",
    metadata,
    id_(),
    ref("unit_id", "units"),
    ref("session_id", "sessions"),
    ref("booking_id", "bookings", nullable=True),  # NULL: asked on the spot
    Column("topic", Text, nullable=False),
    Column("text", Text, nullable=False),
    string("public"),  # what may be read of it by anybody, in an officer's words; "": only its topic
    string("asker"),  # the name, where an officer wrote down who asked on the spot
    string("answer"),
    ref("officer_id", "officers", nullable=True),  # who wrote the answer down
    string("answered_by"),  # who gave it
    number("answers"),  # how often the answer was written
    number("told_answer"),  # which of these whoever asked was sent
    string("once"),
    ms("asked_at"),
    ms("answered_at", nullable=True),
    ms("told_at", nullable=True),  # when the one who asked was sent the answer
)
Index("ix_session_questions_session", session_questions.c.session_id, session_questions.c.asked_at)
Index("ix_session_questions_booking", session_questions.c.booking_id)

session_promises = Table(
    "session_promises",
    metadata,
    id_(),
    ref("unit_id", "units"),
    ref("session_id", "sessions"),
    ref("question_id", "session_questions", nullable=True),
    Column("text", Text, nullable=False),
    ref("officer_id", "officers", nullable=True),  # who sees to it, where they have an account
    Column("owner", Text, nullable=False),  # the name or the office that sees to it
    Column("due_day", Text, nullable=False),
    Column("state", Text, nullable=False),  # feedback.sessions.PromiseState
    number("version", 1),
    string("note"),  # what was done, or why it was dropped
    number("warned"),  # bits: 1 it is due soon, 2 it is late
    string("once"),
    ms("told_at", nullable=True),  # when whoever asked was told of it
    ms("made_at"),
    ms("done_at", nullable=True),
)
Index("ix_session_promises_due", session_promises.c.unit_id, session_promises.c.state, session_promises.c.due_day)
Index("ix_session_promises_session", session_promises.c.session_id)

host_busy = Table(
    "host_busy",
    metadata,
    id_(),
    ref("unit_id", "units"),
    Column("host", Text, nullable=False),
    Column("first_day", Text, nullable=False),
    Column("last_day", Text, nullable=False),
    string("note"),
)
Index("ix_host_busy_days", host_busy.c.unit_id, host_busy.c.host, host_busy.c.last_day)

session_sheets = Table(
    "session_sheets",
    metadata,
    Column("session_id", BigId, primary_key=True, autoincrement=False),
    Column("village_id", BigId, primary_key=True, autoincrement=False),
    Column("kind", Text, primary_key=True),  # notice | results
    ms("sent_at"),
    ms("received_at", nullable=True),  # when the trưởng thôn said so
    string("note"),
)
