"""The desk of a session: who comes when, what they ask, what they brought before, what they were promised.

A case is shown beside a visitor only where its citizen gave a name: an anonymous one would say who has sent it. What is
confidential never stands here.
"""

from collections.abc import Iterable, Sequence

import msgspec
from sqlalchemy import ColumnElement, Connection, func, select

from feedback.reach import PAST_THE_DESK
from storage import confidential, reading_sessions
from storage.reading_sessions import PromiseRow, SessionRow
from storage.tables import accounts, bookings, cases, session_questions, units

_MOST_CASES = 5


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked, ahead or on the spot. `asker`: who asked on the spot; `booking` 0 for nobody on the list.

    `public` is what anybody may read of it, in an officer's words, "" for only its topic.
    """

    id: int
    booking: int
    topic: str
    text: str
    public: str
    asker: str
    answer: str
    answered_by: str
    answered_at: int | None
    told_at: int | None
    answers: int = 0
    """How often the answer was written; `told` the one that whoever asked has read, 0 for none."""
    told: int = 0


class EarlierCase(msgspec.Struct, frozen=True):
    """A case of the same person, or with the same telephone."""

    code: str
    kind: str
    state: str
    opened_at: int


class Visitor(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the list. `slot_at` UTC milliseconds; `assisted`: entered by an officer, nobody to tell in a chat."""

    id: int
    code: str
    state: str
    seat: int | None
    place: int
    slot_at: int | None
    name: str
    phone: str
    village: str
    topic: str
    channel: str
    assisted: bool
    came_at: int | None
    questions: tuple[Question, ...] = ()
    cases: tuple[EarlierCase, ...] = ()
    promises: tuple[PromiseRow, ...] = ()
    """Open ones, made to the same person before."""


class DaySheet(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the reception desk has before it; visitors in the order in which they are seen, waiting ones last."""

    session: SessionRow
    commune: str
    visitors: tuple[Visitor, ...]
    loose: tuple[Question, ...]
    """Questions of nobody on the list."""


_village = units.alias("village_of_visitor")


def questions(conn: Connection, session: int) -> list[Question]:
    """Every question of a session, in the order in which they were asked."""
    rows = conn.execute(
        select(session_questions)
        .where(session_questions.c.session_id == session)
        .order_by(session_questions.c.asked_at, session_questions.c.id)
    )
    same = ("id", "topic", "text", "public", "asker", "answer", "answered_by", "answered_at", "told_at", "answers")
    return [
        Question(**{name: getattr(row, name) for name in same}, booking=row.booking_id or 0, told=row.told_answer)
        for row in rows
    ]


def visitors(conn: Connection, session: int, asked: Iterable[Question]) -> list[Visitor]:
    """Everybody on the list of a session who has not cancelled, seats first; without what they brought before."""
    rows = conn.execute(
        select(bookings, func.coalesce(_village.c.name, "").label("village"))
        .outerjoin(_village, _village.c.id == bookings.c.village_id)
        .where(bookings.c.session_id == session, bookings.c.state != "cancelled")
        .order_by(bookings.c.state == "waiting", bookings.c.seat.is_(None), bookings.c.seat, bookings.c.place)
    )
    mine: dict[int, list[Question]] = {}
    for one in asked:
        mine.setdefault(one.booking, []).append(one)
    same = (
        "id",
        "code",
        "state",
        "seat",
        "place",
        "slot_at",
        "name",
        "phone",
        "village",
        "topic",
        "channel",
        "came_at",
    )
    return [
        Visitor(
            **{name: getattr(row, name) for name in same},
            assisted=row.account_id is None and not row.channel,
            questions=tuple(mine.get(row.id, ())),
        )
        for row in rows
    ]


def day_sheet(conn: Connection, unit: int, session: int) -> DaySheet | None:
    """What the reception desk needs of a session of this unit; None where there is none."""
    found = reading_sessions.one(conn, unit, session)
    if found is None:
        return None
    asked = questions(conn, session)
    people = _with_past(conn, unit, session, visitors(conn, session, asked))
    commune = conn.execute(select(units.c.name).where(units.c.id == unit)).scalar_one()
    loose = tuple(one for one in asked if not one.booking)
    return DaySheet(session=found, commune=commune, visitors=people, loose=loose)


def _for_all() -> ColumnElement[bool]:
    """Of cases: what may stand on a day sheet, which is printed and lies on the table of whoever receives."""
    return confidential.visible() & cases.c.kind.not_in(PAST_THE_DESK)


def _with_past(conn: Connection, unit: int, session: int, people: Sequence[Visitor]) -> tuple[Visitor, ...]:
    """The visitors with what the same person, or somebody with the same telephone, brought and was promised before."""
    chats = _accounts_of(conn, session)
    theirs, phones = set().union(*chats.values()), {one.phone for one in people if one.phone}
    earlier = conn.execute(
        select(cases.c.code, cases.c.kind, cases.c.state, cases.c.opened_at, cases.c.account_id, cases.c.phone)
        .where(cases.c.unit_id == unit, cases.c.anonymous == 0, _for_all())
        .where(cases.c.account_id.in_(theirs) | cases.c.phone.in_(phones))
        .order_by(cases.c.opened_at.desc(), cases.c.id.desc())
    ).all()
    promised = reading_sessions.promised_before(conn, unit, theirs, phones)

    def is_of(visitor: Visitor, account: int | None, phone: str) -> bool:
        return account in chats.get(visitor.id, ()) or (phone != "" and phone == visitor.phone)

    return tuple(
        msgspec.structs.replace(
            one,
            cases=tuple(
                EarlierCase(row.code, row.kind, row.state, row.opened_at)
                for row in earlier
                if is_of(one, row.account_id, row.phone)
            )[:_MOST_CASES],
            promises=tuple(what for what, account, phone in promised if is_of(one, account, phone)),
        )
        for one in people
    )


def _accounts_of(conn: Connection, session: int) -> dict[int, set[int]]:
    """Booking of a session -> every account of the person who made it."""
    same = accounts.alias("of_the_same_person")
    query = (
        select(bookings.c.id, same.c.id)
        .join(accounts, accounts.c.id == bookings.c.account_id)
        .join(same, same.c.person_id == accounts.c.person_id)
        .where(bookings.c.session_id == session, bookings.c.state != "cancelled")
    )
    found: dict[int, set[int]] = {}
    for booking, account in conn.execute(query):
        found.setdefault(booking, set()).add(account)
    return found


def topics(asked: Iterable[Question]) -> list[tuple[str, int]]:
    """What is asked about, and how often, the most wanted first."""
    counts: dict[str, int] = {}
    for one in asked:
        counts[one.topic] = counts.get(one.topic, 0) + 1
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
