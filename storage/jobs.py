"""Work to be done soon, once: a table claimed with leases, so that a killed process loses nothing and blocks nobody."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from storage.ids import new_id
from storage.tables import jobs
from storage.tx import Tx
from vietnam.time import MINUTE

TRIES = 3
"""After this many attempts a job is dead: an officer or operator sees it, nothing runs it again by itself."""
_KILLED = "killed"
_BACK_OFF = (MINUTE, 10 * MINUTE)


@dataclass(frozen=True, slots=True)
class Job:
    """A claimed job; it belongs to the claimer until `lease_until` (UTC milliseconds), which `done` and `retry` check.

    `body` as it was put: sealed by the caller where it holds a citizen's words.
    """

    id: int
    unit: int
    kind: str
    key: str
    body: bytes | None
    tries: int
    lease_until: int


def put(tx: Tx, *, unit: int, kind: str, key: str, run_at: int, body: bytes | None = None) -> bool:
    """Ask for a job at an instant; False, and nothing changed, where one of this kind and key is there already."""
    maker = postgres_insert if tx.postgres else sqlite_insert
    made = tx.execute(
        maker(jobs)
        .values(id=new_id(), unit_id=unit, kind=kind, key=key, body=body, run_at=run_at)
        .on_conflict_do_nothing(index_elements=["kind", "key"])
    )
    if made.rowcount:
        tx.wake("jobs")
    return bool(made.rowcount)


def sooner(tx: Tx, *, kind: str, key: str, run_at: int) -> None:
    """Have a job that waits already run at that instant, where it would run later."""
    waiting = (jobs.c.kind == kind, jobs.c.key == key, jobs.c.run_at > run_at)
    if tx.execute(update(jobs).where(*waiting).values(run_at=run_at)).rowcount:
        tx.wake("jobs")


def waits(conn: Connection, kind: str, key: str) -> bool:
    """Whether a job is still to be done, or is being done; not one that is dead."""
    mine = (jobs.c.kind == kind, jobs.c.key == key, jobs.c.dead == 0)
    return conn.execute(select(jobs.c.id).where(*mine).limit(1)).first() is not None


def claim(tx: Tx, now: int, lease_ms: int, limit: int, *, only: str = "", but: str = "") -> list[Job]:
    """Take up to `limit` jobs that are due and leased to nobody, oldest first, for `lease_ms` milliseconds.

    `only` is the one kind that is wanted, `but` the one that is not.

    A claim counts as an attempt, so that a job that kills its process dies too. What has had its attempts and whose
    lease ran out is marked dead here.
    """
    free = or_(jobs.c.lease_until.is_(None), jobs.c.lease_until <= now)
    due = [jobs.c.dead == 0, jobs.c.run_at <= now, free]
    due += [jobs.c.kind == only] if only else []
    due += [jobs.c.kind != but] if but else []
    query = select(jobs).where(*due).order_by(jobs.c.run_at, jobs.c.id).limit(limit).with_for_update(skip_locked=True)
    rows = tx.execute(query).all()
    spent = [row.id for row in rows if row.tries >= TRIES]
    if spent:
        tx.execute(update(jobs).where(jobs.c.id.in_(spent)).values(dead=1, lease_until=None, fault=_KILLED))
    live = [row for row in rows if row.tries < TRIES]
    until = now + lease_ms
    if live:
        ids = [row.id for row in live]
        tx.execute(update(jobs).where(jobs.c.id.in_(ids)).values(lease_until=until, tries=jobs.c.tries + 1))
    return [Job(row.id, row.unit_id, row.kind, row.key, row.body, row.tries + 1, until) for row in live]


def killed(conn: Connection, kind: str) -> list[Job]:
    """Jobs of a kind that died with their process each time, so that nobody has said so; `bury` ends one."""
    mine = (jobs.c.kind == kind, jobs.c.dead == 1, jobs.c.fault == _KILLED)
    rows = conn.execute(select(jobs).where(*mine).order_by(jobs.c.id))
    return [Job(row.id, row.unit_id, row.kind, row.key, row.body, row.tries, 0) for row in rows]


def bury(tx: Tx, job: Job) -> None:
    """Remove a dead job of which everybody concerned has been told."""
    tx.execute(delete(jobs).where(jobs.c.id == job.id, jobs.c.dead == 1))


def done(tx: Tx, job: Job) -> bool:
    """Remove a finished job; False where its lease ran out and somebody else has it: what was done must be undone."""
    return bool(tx.execute(delete(jobs).where(*_still_mine(job))).rowcount)


def retry(tx: Tx, job: Job, now: int, fault: str) -> bool:
    """Put a failed job back for later, or mark it dead after its third attempt; True where it is dead now.

    `fault` is the class of the error, never its text: that may hold a citizen's words.
    """
    mine = update(jobs).where(*_still_mine(job))
    if job.tries >= TRIES:
        return bool(tx.execute(mine.values(dead=1, lease_until=None, fault=fault)).rowcount)
    tx.execute(mine.values(run_at=now + _BACK_OFF[job.tries - 1], lease_until=None, fault=fault))
    return False


def _still_mine(job: Job) -> tuple[ColumnElement[bool], ...]:
    return (jobs.c.id == job.id, jobs.c.tries == job.tries, jobs.c.lease_until == job.lease_until)


def next_at(conn: Connection) -> int | None:
    """When the next job is due or comes free again (UTC milliseconds), or None where nothing waits."""
    at = func.coalesce(jobs.c.lease_until, jobs.c.run_at)
    return conn.scalar(select(func.min(at)).where(jobs.c.dead == 0))


def dead(conn: Connection, unit: int | None = None) -> list[tuple[int, str, str]]:
    """Dead jobs (id, kind, class of the last error) of a unit, or of all: what an operator has to look at."""
    query = select(jobs.c.id, jobs.c.kind, jobs.c.fault).where(jobs.c.dead == 1).order_by(jobs.c.id)
    if unit is not None:
        query = query.where(jobs.c.unit_id == unit)
    return [(row.id, row.kind, row.fault) for row in conn.execute(query)]


def revive(tx: Tx, id: int, now: int) -> bool:
    """Let a dead job run once more from the beginning; False where there is no dead job of this id."""
    fresh = update(jobs).where(jobs.c.id == id, jobs.c.dead == 1).values(dead=0, tries=0, run_at=now, fault="")
    if not tx.execute(fresh).rowcount:
        return False
    tx.wake("jobs")
    return True
