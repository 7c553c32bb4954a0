"""What papers, registers and the ZIP of a period are made of: cases open to their unit, and who was heard."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, func, select

from feedback.clocks import Deadline
from feedback.replies import Parts
from feedback.roles import Actor
from storage import confidential, replies, voices
from storage.reading_cases import ActLine
from storage.tables import (
    acts,
    blobs,
    bookings,
    case_blobs,
    cases,
    officers,
    session_promises,
    session_questions,
    sessions,
    units,
)

_AT_ONCE = 400
_HELD = ("held", "published")
_UNSAID = ("mark", "unmark", "read")
"""Acts of which no paper says that they were."""


class CaseRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A case as papers need it; `name` and `phone` are "" where the citizen is anonymous, whatever the row holds."""

    code: str
    kind: str
    category: str
    village: str
    place: str
    point: str
    text: str
    anonymous: bool
    name: str
    phone: str
    wanted_day: str
    channel: str
    opened_at: int
    state: str
    deadline: Deadline | None
    officer: str
    forwarded_to: str
    reply: str
    parts: Parts
    answered_at: int | None
    stars: int
    apologies: int
    reopened: int
    photos: tuple[int, ...] = ()
    recordings: int = 0
    """How often the citizen spoke instead of writing; the recordings themselves stay where they are."""
    evidence: tuple[int, ...] = ()
    history: tuple[ActLine, ...] = ()


_village = units.alias("village_of_paper")
_cases = (
    select(cases, func.coalesce(_village.c.name, "").label("village"), func.coalesce(officers.c.name, "").label("who"))
    .outerjoin(_village, _village.c.id == cases.c.village_id)
    .outerjoin(officers, officers.c.id == cases.c.officer_id)
)
_SAME = (
    "code",
    "kind",
    "category",
    "village",
    "place",
    "text",
    "wanted_day",
    "channel",
    "opened_at",
    "state",
    "forwarded_to",
    "reply",
    "answered_at",
    "stars",
    "apologies",
    "reopened",
)


def case_record(conn: Connection, unit: int, code: str, by: Actor | None = None) -> CaseRecord | None:
    """A case that is open to this unit, by its code, with pictures and history."""
    row = conn.execute(_cases.where(_of(unit, by), cases.c.code == code)).one_or_none()
    return None if row is None else next(_whole(conn, [row]))


def case_lines(conn: Connection, unit: int, since: int, until: int, by: Actor | None = None) -> list[CaseRecord]:
    """Cases that came in from `since` to before `until` (UTC milliseconds), oldest first, without their history."""
    return [_record(row) for row in conn.execute(_between(unit, since, until, by))]


def case_records(conn: Connection, unit: int, since: int, until: int) -> Iterator[CaseRecord]:
    """The same with pictures and history, some at once."""
    rows = conn.execute(_between(unit, since, until)).all()
    for start in range(0, len(rows), _AT_ONCE):
        yield from _whole(conn, rows[start : start + _AT_ONCE])


def all_open(conn: Connection, unit: int, codes: Sequence[str]) -> bool:
    """Whether all of these cases are still open to their unit."""
    parts = [codes[start : start + _AT_ONCE] for start in range(0, len(codes), _AT_ONCE)]
    query = select(func.count()).select_from(cases)
    there = (conn.execute(query.where(_of(unit), cases.c.code.in_(part))).scalar_one() for part in parts)
    return sum(there) == len(codes)


def how_many(conn: Connection, unit: int, since: int, until: int) -> tuple[int, int]:
    """How many cases there are, and how many bytes their pictures have."""
    mine = _came(unit, since, until)
    many = conn.execute(select(func.count()).select_from(cases).where(mine)).scalar_one()
    size = conn.execute(
        select(func.sum(blobs.c.size))
        .select_from(case_blobs)
        .join(cases, cases.c.id == case_blobs.c.case_id)
        .join(blobs, blobs.c.id == case_blobs.c.blob_id)
        .where(mine)
    ).scalar()
    return many, int(size or 0)


def _of(unit: int, by: Actor | None = None) -> ColumnElement[bool]:
    return (cases.c.unit_id == unit) & confidential.reached(by)


def _came(unit: int, since: int, until: int, by: Actor | None = None) -> ColumnElement[bool]:
    return _of(unit, by) & (cases.c.opened_at >= since) & (cases.c.opened_at < until)


def _between(unit: int, since: int, until: int, by: Actor | None = None) -> Any:  # noqa: ANN401 - a wide Select
    return _cases.where(_came(unit, since, until, by)).order_by(cases.c.opened_at, cases.c.id)


def _record(row: Row[Any]) -> CaseRecord:
    hidden = bool(row.anonymous)
    return CaseRecord(
        **{name: getattr(row, name) for name in _SAME},
        point="" if row.lat is None else f"{row.lat:.5f}, {row.lon:.5f}",
        anonymous=hidden,
        name="" if hidden else row.name,
        phone="" if hidden else row.phone,
        deadline=msgspec.json.decode(row.deadline, type=Deadline) if row.deadline else None,
        officer=row.who,
        parts=replies.parts_of(row.answer),
    )


def _whole(conn: Connection, rows: Sequence[Row[Any]]) -> Iterator[CaseRecord]:
    ids = [row.id for row in rows]
    photos: dict[tuple[int, str], list[int]] = {}
    mine = case_blobs.c.case_id.in_(ids)
    spoken: Counter[int] = Counter()
    columns = (case_blobs.c.case_id, case_blobs.c.blob_id, case_blobs.c.sent_by, blobs.c.media_type)
    query = select(*columns).join(blobs, blobs.c.id == case_blobs.c.blob_id).where(mine)
    for sent in conn.execute(query.order_by(case_blobs.c.version, case_blobs.c.blob_id)):
        if sent.media_type.startswith("image/"):
            photos.setdefault((sent.case_id, sent.sent_by), []).append(sent.blob_id)
        elif sent.sent_by == voices.VOICE:
            spoken[sent.case_id] += 1
    history: dict[int, list[ActLine]] = {}
    theirs = (acts.c.thing == "case") & acts.c.thing_id.in_(ids) & acts.c.action.not_in(_UNSAID)
    kept = (acts.c.thing_id, acts.c.action, acts.c.actor, acts.c.detail, acts.c.at)
    for act in conn.execute(select(*kept).where(theirs).order_by(acts.c.thing_id, acts.c.version)):
        line = ActLine(action=act.action, actor=act.actor, detail=act.detail, at=act.at)
        history.setdefault(act.thing_id, []).append(line)
    for row in rows:
        yield msgspec.structs.replace(
            _record(row),
            photos=tuple(photos.get((row.id, replies.CITIZEN), ())),
            recordings=spoken[row.id],
            evidence=tuple(photos.get((row.id, replies.OFFICER), ())),
            history=tuple(history.get(row.id, ())),
        )


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who had a seat in a session that was held, or asked there on the spot (`booking` 0)."""

    booking: int
    session: int
    title: str
    host: str
    host_name: str
    starts_at: int
    state: str
    name: str
    phone: str
    village: str
    topic: str
    questions: tuple[tuple[str, str], ...]
    """(what was asked, what was answered)."""
    promises: tuple[tuple[str, str, str, str], ...]
    """(what, who sees to it, until which day ISO, state)."""


def visits(conn: Connection, unit: int, since: int, until: int) -> list[Visit]:
    """Everybody heard in sessions that began in that time and were held, in the order in which they came."""
    held = (
        sessions.c.unit_id == unit,
        sessions.c.state.in_(_HELD),
        sessions.c.starts_at >= since,
        sessions.c.starts_at < until,
    )
    about = (sessions.c.id.label("session"), sessions.c.title, sessions.c.host, sessions.c.host_name)
    seats = conn.execute(
        select(bookings, *about, sessions.c.starts_at, func.coalesce(_village.c.name, "").label("village"))
        .join(sessions, sessions.c.id == bookings.c.session_id)
        .outerjoin(_village, _village.c.id == bookings.c.village_id)
        .where(*held, bookings.c.state.not_in(("cancelled", "waiting")))
        .order_by(sessions.c.starts_at, sessions.c.id, bookings.c.place)
    ).all()
    asked = conn.execute(
        select(session_questions, *about, sessions.c.starts_at)
        .join(sessions, sessions.c.id == session_questions.c.session_id)
        .where(*held)
        .order_by(sessions.c.starts_at, sessions.c.id, session_questions.c.asked_at, session_questions.c.id)
    ).all()
    owed = _owed(conn, [row.id for row in asked])
    found = [_seated(row, [one for one in asked if one.booking_id == row.id], owed) for row in seats]
    found += [_on_the_spot(one, owed) for one in asked if one.booking_id is None]
    return sorted(found, key=lambda visit: (visit.starts_at, visit.session, not visit.booking))


def _owed(conn: Connection, questions: Sequence[int]) -> dict[int, list[tuple[str, str, str, str]]]:
    """Question -> what was promised on it."""
    found: dict[int, list[tuple[str, str, str, str]]] = {}
    for start in range(0, len(questions), _AT_ONCE):
        mine = session_promises.c.question_id.in_(questions[start : start + _AT_ONCE])
        for row in conn.execute(select(session_promises).where(mine).order_by(session_promises.c.id)):
            found.setdefault(row.question_id, []).append((row.text, row.owner, row.due_day, row.state))
    return found


def _seated(row: Row[Any], asked: list[Row[Any]], owed: dict[int, list[tuple[str, str, str, str]]]) -> Visit:
    same = ("session", "title", "host", "host_name", "starts_at", "state", "name", "phone", "village", "topic")
    return Visit(
        **{name: getattr(row, name) for name in same},
        booking=row.id,
        questions=tuple((one.text, one.answer) for one in asked),
        promises=tuple(promise for one in asked for promise in owed.get(one.id, ())),
    )


def _on_the_spot(one: Row[Any], owed: dict[int, list[tuple[str, str, str, str]]]) -> Visit:
    same = ("session", "title", "host", "host_name", "starts_at", "topic")
    return Visit(
        **{name: getattr(one, name) for name in same},
        booking=0,
        state="attended",
        name=one.asker,
        phone="",
        village="",
        questions=((one.text, one.answer),),
        promises=tuple(owed.get(one.id, ())),
    )
