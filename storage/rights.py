"""What is kept of a person: a copy of it, its erasure, and the requests about it."""

from typing import Any

import msgspec
from sqlalchemy import Connection, delete, insert, select, update

from feedback.acts import Refusal
from feedback.office import Office
from feedback.rights import AT_ONCE, CloseRequest, Right, decide_close, terms
from feedback.roles import Actor
from feedback.states import OPEN
from storage import act_rows, case_search, confidential, officer_accounts, topic_gone
from storage.ids import new_id, random_id
from storage.tables import (
    accounts,
    blobs,
    bookings,
    calls,
    case_blobs,
    case_followers,
    cases,
    channel_accounts,
    consents,
    conversations,
    data_requests,
    deliveries,
    frame_rows,
    invitations,
    join_codes,
    outbox,
    persons,
    session_questions,
    sessions,
    subscriptions,
    units,
)
from storage.tx import Tx
from vietnam.time import day_of

ERASED = "erased"
"""Why nobody is reached at the account that the cases of somebody forgotten stand under."""
_OURS = (
    "code",
    "kind",
    "category",
    "text",
    "state",
    "name",
    "phone",
    "wanted_day",
    "place",
    "lat",
    "lon",
    "reply",
    "transcript",
)


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody asked about their own data, without whose it is; instants in UTC milliseconds."""

    id: int
    what: Right
    note: str
    channel: str
    asked_at: int
    due_at: int
    done_at: int | None
    answer: str
    cases: tuple[str, ...] = ()
    """Codes of the person's cases that bear their name, while the request waits: where else would it be put right?"""


def person_of(conn: Connection, conversation: int, unit: int) -> int | None:
    """Whose conversation it is; None where that unit has none of that id."""
    return conn.scalar(
        select(accounts.c.person_id)
        .join(conversations, conversations.c.account_id == accounts.c.id)
        .where(conversations.c.id == conversation, conversations.c.unit_id == unit)
    )


def held(conn: Connection, mine: list[int]) -> dict[str, Any]:
    """A copy of everything that is kept of these accounts of one person; plain values, days as ISO text."""
    agreed = conn.execute(select(consents).where(consents.c.account_id.in_(mine)).order_by(consents.c.given_at)).all()
    asked = conn.execute(select(data_requests).where(data_requests.c.account_id.in_(mine))).all()
    chats = conn.execute(
        select(channel_accounts.c.channel, accounts.c.language, accounts.c.opted_out_at)
        .join(channel_accounts, channel_accounts.c.id == accounts.c.channel_account_id)
        .where(accounts.c.id.in_(mine))
    ).all()
    followed = conn.execute(
        select(cases.c.code)
        .join(case_followers, case_followers.c.case_id == cases.c.id)
        .where(case_followers.c.account_id.in_(mine))
    )
    return {
        "bookings": _booked(conn, mine),
        "followed": list(followed.scalars()),
        "chats": [
            {"channel": row.channel, "language": row.language or "vi", "wants_news": row.opted_out_at is None}
            for row in chats
        ],
        "cases": _sent(conn, mine),
        "consents": [
            {
                "purpose": row.purpose,
                "data": row.data.split(","),
                "wording": row.wording,
                "given": day_of(row.given_at).isoformat(),
                "withdrawn": day_of(row.withdrawn_at).isoformat() if row.withdrawn_at else "",
            }
            for row in agreed
        ],
        "requests": [
            {"what": row.what, "note": row.note, "asked": day_of(row.asked_at).isoformat(), "answer": row.answer}
            for row in asked
        ],
    }


def _sent(conn: Connection, mine: list[int]) -> list[dict[str, Any]]:
    own = cases.c.account_id.in_(mine)
    photos = select(case_blobs.c.case_id).join(cases, cases.c.id == case_blobs.c.case_id).where(own)
    pictures: dict[int, int] = {}
    for row in conn.execute(photos):
        pictures[row.case_id] = pictures.get(row.case_id, 0) + 1
    village = units.alias()
    sent = conn.execute(
        select(cases, village.c.name.label("village"))
        .outerjoin(village, village.c.id == cases.c.village_id)
        .where(own)
        .order_by(cases.c.opened_at)
    )
    return [
        {name: getattr(row, name) for name in _OURS}
        | {
            "village": row.village or "",
            "anonymous": bool(row.anonymous),
            "opened": day_of(row.opened_at).isoformat(),
            "photos": pictures.get(row.id, 0),
        }
        for row in sent
    ]


def _booked(conn: Connection, mine: list[int]) -> list[dict[str, Any]]:
    booked = conn.execute(
        select(bookings, sessions.c.title, sessions.c.starts_at)
        .join(sessions, sessions.c.id == bookings.c.session_id)
        .where(bookings.c.account_id.in_(mine))
        .order_by(bookings.c.booked_at)
    ).all()
    asked: dict[int, list[dict[str, str]]] = {}
    theirs = session_questions.c.booking_id.in_([row.id for row in booked])
    for one in conn.execute(select(session_questions).where(theirs).order_by(session_questions.c.asked_at)):
        asked.setdefault(one.booking_id, []).append({"text": one.text, "answer": one.answer})
    return [
        {"code": row.code, "session": row.title, "day": day_of(row.starts_at).isoformat(), "state": row.state}
        | {"name": row.name, "phone": row.phone, "asked": asked.get(row.id, [])}
        for row in booked
    ]


def ask(tx: Tx, *, unit: int, account: int, right: Right, note: str, now: int, office: Office) -> None:
    """Keep that somebody asked; what the program does at once is done with it."""
    reply_by, due_at = terms(right, now, office)
    tx.execute(
        insert(data_requests).values(
            id=random_id(),
            unit_id=unit,
            account_id=account,
            what=str(right),
            note=note,
            asked_at=now,
            reply_by=reply_by,
            due_at=due_at,
            done_at=now if right in AT_ONCE else None,
        )
    )
    tx.wake(f"queue:{unit}")


def withdraw(tx: Tx, mine: list[int], now: int) -> None:
    """Agreed no longer: names, telephones, places and pictures of their cases go, the matter itself stays."""
    tx.execute(
        update(consents)
        .where(consents.c.account_id.in_(mine), consents.c.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
    )
    own = cases.c.account_id.in_(mine)
    theirs = select(cases.c.id).where(own)
    topic_gone.forget(tx, theirs)
    sent = (case_blobs.c.case_id.in_(theirs), case_blobs.c.sent_by.in_(("citizen", "voice")))
    gone = tx.execute(delete(case_blobs).where(*sent).returning(case_blobs.c.blob_id))
    # The next sweep takes them, however new they are; until then nothing may point to them again.
    tx.execute(update(blobs).where(blobs.c.id.in_(gone.scalars().all())).values(kept=0, created_at=0))
    bare = {"voice": 0, "name": "", "phone": "", "wanted_day": "", "place": "", "lat": None, "lon": None}
    tx.execute(update(cases).where(own).values(**bare, cell=None, anonymous=1))
    case_search.keep_all(tx, tx.execute(theirs).scalars().all())
    tx.execute(update(bookings).where(bookings.c.account_id.in_(mine)).values(name="", phone="", reason=""))


def erase(tx: Tx, mine: list[int], now: int) -> None:
    """Everything that may go goes; what the law keeps (the words of a case and its answer) is nobody's any more.

    The account itself stays as a number, so that nobody answers a survey twice.
    """
    withdraw(tx, mine, now)
    for account in mine:
        part_from_cases(tx, account, now)
    chats = select(conversations.c.id).where(conversations.c.account_id.in_(mine))
    of_theirs = outbox.c.conversation_id.in_(chats)
    # What is just being sent is finished by whoever holds it, and never sent again: a row without words must not become
    # ready. Everything else goes, whether it had been sent or not.
    tx.execute(delete(outbox).where(of_theirs, outbox.c.state != "leased"))
    tx.execute(update(outbox).where(of_theirs).values(state="erased", body=None, case_id=None, booking_id=None))
    tx.execute(delete(calls).where(calls.c.conversation_id.in_(chats)))
    tx.execute(delete(deliveries).where(deliveries.c.conversation_id.in_(chats)))
    tx.execute(update(conversations).where(conversations.c.id.in_(chats)).values(state=None, held=0, expires_at=None))
    tx.execute(update(bookings).where(bookings.c.account_id.in_(mine)).values(account_id=None))
    tx.execute(delete(subscriptions).where(subscriptions.c.account_id.in_(mine)))
    officer_accounts.drop_accounts(tx, mine)
    tx.execute(delete(case_followers).where(case_followers.c.account_id.in_(mine)))
    tx.execute(delete(join_codes).where(join_codes.c.account_id.in_(mine)))
    tx.execute(update(frame_rows).where(frame_rows.c.account_id.in_(mine)).values(account_id=None))
    tx.execute(update(invitations).where(invitations.c.account_id.in_(mine)).values(account_id=None))
    theirs = data_requests.c.account_id.in_(mine)
    # Nobody is left who could be answered, and the words are gone: what waited waits no more.
    tx.execute(update(data_requests).where(theirs, data_requests.c.done_at.is_(None)).values(done_at=now))
    tx.execute(update(data_requests).where(theirs).values(note="", answer=""))
    tx.execute(update(accounts).where(accounts.c.id.in_(mine)).values(language="", opted_out_at=now))


def part_from_cases(tx: Tx, account: int, now: int, only: list[int] | None = None) -> None:
    """The cases of an account become those of an account that nobody can be reached at: an officer sees that.

    `only`: these of them, None: all.
    """
    theirs = cases.c.account_id == account
    if only is not None:
        theirs &= cases.c.id.in_(only)
    if tx.conn.scalar(select(cases.c.id).where(theirs).limit(1)) is None:
        return
    row = tx.conn.execute(
        select(accounts.c.channel_account_id, accounts.c.gone, conversations.c.unit_id, conversations.c.channel)
        .join(conversations, conversations.c.account_id == accounts.c.id)
        .where(accounts.c.id == account)
    ).one()
    if row.gone == ERASED:
        return  # it is nobody's already
    person, nobody = new_id(), new_id()
    tx.execute(insert(persons).values(id=person, unit_id=row.unit_id, created_at=now))
    tx.execute(
        insert(accounts).values(
            id=nobody,
            person_id=person,
            channel_account_id=row.channel_account_id,
            platform_id=f"erased:{random_id():x}",
            gone=ERASED,
            opted_out_at=now,
            created_at=now,
        )
    )
    tx.execute(
        insert(conversations).values(
            id=new_id(), account_id=nobody, unit_id=row.unit_id, channel=row.channel, heard_at=now
        )
    )
    tx.execute(update(cases).where(theirs).values(account_id=nobody))


def under_way(conn: Connection, mine: list[int]) -> list[tuple[int, str]]:
    """(id, code) of cases of these accounts that are still owed an answer and have a page."""
    owed = (cases.c.state.in_([str(state) for state in OPEN]), cases.c.confidential == 0)
    rows = conn.execute(select(cases.c.id, cases.c.code).where(cases.c.account_id.in_(mine), *owed))
    return [(row.id, row.code) for row in rows]


def requests(conn: Connection, unit: int, *, waiting: bool, by: Actor | None = None) -> list[Request]:
    """Those that wait for an officer, what is due first; or the newest 100 that are done."""
    query = (
        select(data_requests, channel_accounts.c.channel)
        .join(accounts, accounts.c.id == data_requests.c.account_id)
        .join(channel_accounts, channel_accounts.c.id == accounts.c.channel_account_id)
        .where(data_requests.c.unit_id == unit)
        .limit(100)
    )
    if waiting:
        rows = conn.execute(query.where(data_requests.c.done_at.is_(None)).order_by(data_requests.c.due_at)).all()
    else:
        done = data_requests.c.done_at
        rows = conn.execute(query.where(done.is_not(None)).order_by(done.desc())).all()
    named = _named(conn, [row.account_id for row in rows], by) if waiting else {}
    return [
        Request(
            id=row.id,
            what=Right(row.what),
            note=row.note,
            channel=row.channel,
            asked_at=row.asked_at,
            due_at=row.due_at,
            done_at=row.done_at,
            answer=row.answer,
            cases=tuple(named.get(row.account_id, ())),
        )
        for row in rows
    ]


def _named(conn: Connection, asking: list[int], by: Actor | None) -> dict[int, list[str]]:
    """By account, cases under a name of the person whose it is; never one without, which would then have a name.

    With `by` of those that this officer reaches (storage.confidential.reached).
    """
    same = accounts.alias("of_the_same_person")
    query = (
        select(accounts.c.id, cases.c.code)
        .join(same, same.c.person_id == accounts.c.person_id)
        .join(cases, cases.c.account_id == same.c.id)
        .where(accounts.c.id.in_(asking), cases.c.anonymous == 0, confidential.reached(by))
        .order_by(cases.c.opened_at)
    )
    found: dict[int, list[str]] = {}
    for account, code in conn.execute(query):
        found.setdefault(account, []).append(code)
    return found


def close(tx: Tx, id: int, act: CloseRequest, actor: Actor, now: int) -> tuple[int, str] | Refusal:
    """(the account to be told, what it is told), or why not. KeyError for one of another unit."""
    row = tx.conn.execute(
        select(data_requests).where(data_requests.c.id == id, data_requests.c.unit_id == actor.unit).with_for_update()
    ).one_or_none()
    if row is None:
        raise KeyError(id)
    decided = decide_close(act, actor, row.unit_id, is_open=row.done_at is None)
    if isinstance(decided, Refusal):
        return decided
    mine = data_requests.c.id == id
    tx.execute(update(data_requests).where(mine).values(answer=decided, done_at=now, officer_id=actor.id or None))
    act_rows.record(tx, actor, "close", thing="data_request", thing_id=id, unit=row.unit_id, now=now, what=row.what)
    return row.account_id, decided
