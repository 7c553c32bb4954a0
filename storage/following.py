"""Who follows a case that somebody else has reported: told in general words, never shown to anybody."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from feedback.kinds import Kind
from feedback.nearness import PUBLIC_FIELDS
from feedback.states import OPEN, State
from storage import jobs
from storage.tables import accounts, case_followers, cases
from storage.tx import Tx

JOB = "follow"
TOLD = frozenset({State.RECEIVED, State.IN_PROGRESS, State.FORWARDED, State.ANSWERED, State.CLOSED, State.REOPENED})
"""States that followers hear of; that an officer asks the one who reported something is between those two."""


@dataclass(frozen=True, slots=True)
class Followed:
    """What a follower may know of a case; `village` is the id of a thôn, 0 for none."""

    id: int
    category: str
    village: int
    state: State
    opened_at: int


def follow(tx: Tx, case_id: int, account_id: int, unit: int, now: int) -> bool:
    """Tell this account of the case from now on; False where the case is not (any more) one that may be followed."""
    row = tx.execute(select(cases).where(cases.c.id == case_id, cases.c.unit_id == unit)).one_or_none()
    if row is None or not _public(row.kind, row.category, row.confidential) or row.state not in OPEN:
        return False
    maker = postgres_insert(case_followers) if tx.postgres else sqlite_insert(case_followers)
    values = {"case_id": case_id, "account_id": account_id, "unit_id": unit, "since": now}
    tx.execute(maker.values(**values).on_conflict_do_nothing())
    tx.wake(f"queue:{unit}")
    return True


def unfollow(tx: Tx, account_ids: list[int], case_id: int = 0) -> int:
    """Tell these accounts of the case no more (of none at all, for 0); how many cases that were."""
    gone = delete(case_followers).where(case_followers.c.account_id.in_(account_ids))
    if case_id:
        gone = gone.where(case_followers.c.case_id == case_id)
    return tx.execute(gone).rowcount


def _public(kind: str, category: str, confidential: int) -> bool:
    return kind == Kind.FEEDBACK and category in PUBLIC_FIELDS and not confidential


def changed(tx: Tx, case_id: int, unit: int, version: int, state: State, now: int) -> None:
    """A case has come to another state: its followers, if it has any, are told soon, outside this transaction."""
    if state not in TOLD:
        return
    if tx.execute(select(case_followers.c.case_id).where(case_followers.c.case_id == case_id).limit(1)).first():
        jobs.put(tx, unit=unit, kind=JOB, key=f"{case_id}:{version}:{state}", run_at=now)


def followed(conn: Connection, case_id: int) -> Followed | None:
    """What may be said of a case now; None where it is no longer anybody's business."""
    row = conn.execute(select(cases).where(cases.c.id == case_id)).one_or_none()
    if row is None or not _public(row.kind, row.category, row.confidential):
        return None
    return Followed(row.id, row.category, row.village_id or 0, State(row.state), row.opened_at)


def followers(conn: Connection, case_id: int, after: int, limit: int) -> list[int]:
    """Accounts that follow a case, in the order of their ids, from behind `after`."""
    mine = select(case_followers.c.account_id).where(case_followers.c.case_id == case_id)
    mine = mine.where(case_followers.c.account_id > after).order_by(case_followers.c.account_id)
    return list(conn.scalars(mine.limit(limit)))


def counts(conn: Connection, unit: int, codes: list[str]) -> dict[str, int]:
    """By the code of a case of this unit: how many people follow it; those that nobody follows are missing.

    One person with two chats is one.
    """
    if not codes:
        return {}
    query = (
        select(cases.c.code, func.count(accounts.c.person_id.distinct()))
        .join(case_followers, case_followers.c.case_id == cases.c.id)
        .join(accounts, accounts.c.id == case_followers.c.account_id)
        .where(cases.c.unit_id == unit, cases.c.confidential == 0, cases.c.code.in_(codes))
        .group_by(cases.c.code)
    )
    return {row[0]: int(row[1]) for row in conn.execute(query)}


def none_left(tx: Tx, case_id: int) -> None:
    """Nobody follows a case any more: it is over, or no longer anybody's business."""
    tx.execute(delete(case_followers).where(case_followers.c.case_id == case_id))
