"""Who follows a case that somebody else has reported: told in general words, never shown to anybody."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, select, union_all
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from feedback.kinds import Kind
from feedback.nearness import PUBLIC_FIELDS
from feedback.replies import Parts
from feedback.states import OPEN, State
from storage import jobs
from storage.ids import new_id
from storage.replies import parts_of
from storage.tables import accounts, case_followers, cases
from storage.tx import Tx

JOB = "follow"
OVER_JOB = "follow_over"
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
    parts: Parts
    """Of its answer; not its words."""


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
    return Followed(row.id, row.category, row.village_id or 0, State(row.state), row.opened_at, parts_of(row.answer))


def followers(conn: Connection, case_id: int, after: int, limit: int) -> list[int]:
    """Accounts that follow a case, in the order of their ids, from behind `after`."""
    mine = select(case_followers.c.account_id).where(case_followers.c.case_id == case_id)
    mine = mine.where(case_followers.c.account_id > after).order_by(case_followers.c.account_id)
    return list(conn.scalars(mine.limit(limit)))


def counts(conn: Connection, unit: int, codes: list[str]) -> dict[str, int]:
    """By the code of a case of this unit: how many follow it or have told of it in a case that was joined into it.

    Those of whom there are none are missing. Of followers one person with two chats is one; every case that was joined
    is one, whoever sent it: that two of them came from one person is told nobody.
    """
    if not codes:
        return {}
    into = cases.alias("into")
    following = (
        select(cases.c.code, func.count(accounts.c.person_id.distinct()).label("many"))
        .join(case_followers, case_followers.c.case_id == cases.c.id)
        .join(accounts, accounts.c.id == case_followers.c.account_id)
        .where(cases.c.unit_id == unit, cases.c.confidential == 0, cases.c.code.in_(codes))
        .group_by(cases.c.code)
    )
    joined = (
        select(into.c.code, func.count().label("many"))
        .join(cases, cases.c.merged_into == into.c.id)
        .where(into.c.unit_id == unit, into.c.confidential == 0, cases.c.confidential == 0, into.c.code.in_(codes))
        .group_by(into.c.code)
    )
    found: dict[str, int] = {}
    for row in conn.execute(union_all(following, joined)):
        found[row.code] = found.get(row.code, 0) + int(row.many)
    return found


def none_left(tx: Tx, case_id: int) -> None:
    """Nobody follows a case any more: it is over, as everybody who followed it was told."""
    tx.execute(delete(case_followers).where(case_followers.c.case_id == case_id))


def let_go(tx: Tx, case_id: int, unit: int, now: int) -> None:
    """A case is no longer anybody's business: whoever followed it is told so soon, and neither which it was nor why.

    They had said "this one too" instead of reporting it themselves; without a word they would wait for ever. The job
    names the account and no case.
    """
    gone = delete(case_followers).where(case_followers.c.case_id == case_id).returning(case_followers.c.account_id)
    for account in sorted(tx.execute(gone).scalars()):
        jobs.put(tx, unit=unit, kind=OVER_JOB, key=f"{account}:{new_id()}", run_at=now)
