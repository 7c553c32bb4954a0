"""What an officer's pages show of cases: always of one unit, and never who an anonymous citizen is."""

from collections.abc import Collection

import msgspec
from sqlalchemy import Connection, func, select

from feedback.clocks import Deadline
from feedback.replies import Draft
from feedback.roles import Actor
from feedback.states import OPEN, State
from storage import case_files, confidential, replies, voices
from storage.case_files import CaseFile
from storage.tables import acts, blobs, case_blobs, cases, officers, outbox, units
from storage.tables import conversations as chats


class ActLine(msgspec.Struct, frozen=True, kw_only=True):
    """One act of a case's history. `actor` as stored: "officer:<id>", "citizen" or "system"; `detail` JSON."""

    action: str
    actor: str
    detail: str
    at: int
    version: int = 0
    """Of the case after the act."""


class CasePage(msgspec.Struct, frozen=True, kw_only=True):
    """One case. `name` and `phone` are "" where the citizen is anonymous, whatever the row holds."""

    id: int
    code: str
    kind: str
    category: str
    village: str
    text: str
    state: State
    version: int
    anonymous: bool
    name: str
    phone: str
    wanted_day: str
    place: str
    point: str
    """"latitude, longitude" in degrees, "" where none was sent."""
    reply: str
    question: str
    forwarded_to: str
    stars: int
    deadline: Deadline | None
    apologies: int
    news: bool
    officer: str
    channel: str
    opened_at: int
    photos: tuple[int, ...]
    """What the citizen sent."""
    history: tuple[ActLine, ...]
    evidence: tuple[int, ...] = ()
    """What the officers sent with their answers."""
    draft: Draft | None = None
    expired_at: int | None = None
    """When what was said in it was taken out, its time of keeping being over; None while it is all there."""
    voices: tuple[int, ...] = ()
    """Recordings of the citizen."""
    transcript: str = ""
    transcript_language: str = ""
    matter: str = ""
    """What the words surely are (feedback.complaints.Matter), though the citizen said that they are not."""
    files: tuple[CaseFile, ...] = ()
    """Documents that officers attached."""


_village = units.alias("village")


def counts(
    conn: Connection, unit: int, by: Actor | None = None, *, states: Collection[State] = tuple(State)
) -> dict[State, int]:
    """How many cases stand in each state; with `by` those that this officer reaches (storage.confidential.reached).

    `states`: only these are counted, the others are 0. What is closed is most of all there is.
    """
    mine = (cases.c.unit_id == unit) & confidential.reached(by)
    if len(states) < len(State):
        mine &= cases.c.state.in_([str(state) for state in states])
    rows = conn.execute(select(cases.c.state, func.count()).where(mine).group_by(cases.c.state))
    found: dict[str, int] = {row[0]: row[1] for row in rows}
    return {state: found.get(state, 0) for state in State}


def most_urgent(conn: Connection, unit: int, by: Actor | None = None) -> tuple[str, int] | None:
    """Code of the case that should be answered next, and since when it has waited."""
    row = conn.execute(
        select(cases.c.code, cases.c.opened_at)
        .where(cases.c.unit_id == unit, cases.c.state.in_(OPEN - {State.WAITING}), confidential.reached(by))
        .order_by(cases.c.due_at.is_(None), cases.c.due_at, cases.c.opened_at)
        .limit(1)
    ).first()
    return (row.code, row.opened_at) if row else None


def late(conn: Connection, unit: int, now: int, by: Actor | None = None) -> int:
    """How many cases should have been answered by now."""
    query = select(func.count()).where(cases.c.unit_id == unit, cases.c.due_at < now, confidential.reached(by))
    return conn.execute(query).scalar_one()


def one(conn: Connection, unit: int, code: str, *, kept: bool = False, by: Actor | None = None) -> CasePage | None:
    """A case of this unit by its code, with `by` one that this officer reaches.

    `kept`: one of those that the keeper alone may see, and none of the others.
    """
    shown = confidential.kept() if kept else confidential.reached(by)
    anonymous = cases.c.anonymous == 1
    row = conn.execute(
        select(cases, _village.c.name.label("village"), officers.c.name.label("taken_by"), anonymous.label("hidden"))
        .outerjoin(_village, _village.c.id == cases.c.village_id)
        .outerjoin(officers, officers.c.id == cases.c.officer_id)
        .where(cases.c.unit_id == unit, cases.c.code == code, shown)
    ).first()
    if row is None:
        return None
    photos = _photos(conn, row.id)
    history = conn.execute(
        select(acts.c.action, acts.c.actor, acts.c.detail, acts.c.at, acts.c.version)
        .where(acts.c.unit_id == unit, acts.c.thing == "case", acts.c.thing_id == row.id)
        .order_by(acts.c.version)
    )
    return CasePage(
        id=row.id,
        code=row.code,
        kind=row.kind,
        category=row.category,
        village=row.village or "",
        text=row.text,
        state=State(row.state),
        version=row.version,
        anonymous=bool(row.hidden),
        name="" if row.hidden else row.name,
        phone="" if row.hidden else row.phone,
        wanted_day=row.wanted_day,
        place=row.place,
        point="" if row.lat is None else f"{row.lat:.5f}, {row.lon:.5f}",
        reply=row.reply,
        question=row.question,
        forwarded_to=row.forwarded_to,
        stars=row.stars,
        deadline=msgspec.json.decode(row.deadline, type=Deadline) if row.deadline else None,
        apologies=row.apologies,
        news=bool(row.unheard),
        officer=row.taken_by or "",
        channel=row.channel,
        opened_at=row.opened_at,
        expired_at=row.expired_at,
        photos=tuple(photos.get(replies.CITIZEN, ())),
        evidence=tuple(photos.get(replies.OFFICER, ())),
        draft=replies.draft_of(row.draft),
        matter=row.matter,
        voices=tuple(photos.get(voices.VOICE, ())),
        transcript=row.transcript,
        transcript_language=row.transcript_language,
        history=tuple(ActLine(**act._asdict()) for act in history),
        files=case_files.of_case(conn, row.id),
    )


def _photos(conn: Connection, case_id: int) -> dict[str, list[int]]:
    """Whose -> pictures, in the order they came."""
    found: dict[str, list[int]] = {}
    mine = select(case_blobs.c.sent_by, case_blobs.c.blob_id).where(case_blobs.c.case_id == case_id)
    for sent_by, blob in conn.execute(mine.order_by(case_blobs.c.version, case_blobs.c.place)):
        found.setdefault(sent_by, []).append(blob)
    return found


def id_of(conn: Connection, unit: int, code: str, by: Actor) -> int | None:
    """The id of a case of this unit that the officer reaches; None where there is none of that code."""
    mine = (cases.c.unit_id == unit, cases.c.code == code, confidential.reached(by))
    return conn.scalar(select(cases.c.id).where(*mine))


def photo_type(
    conn: Connection, unit: int, code: str, blob: int, *, kept: bool = False, by: Actor | None = None
) -> str | None:
    """Media type of a picture of that case; None where there is no such picture. `kept` and `by` as in `one`."""
    shown = confidential.kept() if kept else confidential.reached(by)
    return conn.execute(
        select(blobs.c.media_type)
        .join(case_blobs, case_blobs.c.blob_id == blobs.c.id)
        .join(cases, cases.c.id == case_blobs.c.case_id)
        .where(cases.c.unit_id == unit, cases.c.code == code, blobs.c.id == blob, shown)
    ).scalar()


class Unsent(msgspec.Struct, frozen=True):
    """A message that could not be delivered; without a word of it, and without whose it was."""

    id: int
    channel: str
    at: int
    fault: str
    uncertain: bool
    kept: bool
    """False where its words are erased: then it cannot be sent again."""


def unsent(conn: Connection, unit: int) -> list[Unsent]:
    """The unit's dead letters, newest first, at most 200."""
    rows = conn.execute(
        select(
            outbox.c.id,
            chats.c.channel,
            outbox.c.created_at,
            outbox.c.fault,
            outbox.c.uncertain,
            outbox.c.body.is_not(None).label("kept"),
        )
        .join(chats, chats.c.id == outbox.c.conversation_id)
        .where(outbox.c.unit_id == unit, outbox.c.state == "dead", confidential.letters())
        .order_by(outbox.c.created_at.desc())
        .limit(200)
    )
    return [Unsent(row.id, row.channel, row.created_at, row.fault, bool(row.uncertain), bool(row.kept)) for row in rows]


def unsent_count(conn: Connection, unit: int) -> int:
    """How many dead letters the unit has."""
    dead = (outbox.c.unit_id == unit) & (outbox.c.state == "dead") & confidential.letters()
    return conn.execute(select(func.count()).select_from(outbox).where(dead)).scalar_one()
