"""Setting up a new store in the browser: one address that `nghedan serve` prints, and how far it was gone through.

The address is good while there is no officer but those it has made itself, for a week from when it was first printed;
once it was gone through to its end it never opens again. The store has only a hash of its token.
"""

import base64
import hashlib
import hmac
from typing import Literal, get_args

import msgspec
from sqlalchemy import Connection, func, select, update

from feedback.roles import SYSTEM, Actor
from storage import act_rows
from storage.tables import first_runs, officers
from storage.tx import Tx
from storage.vault import Vault
from vietnam.time import DAY

Step = Literal["xa", "thon", "can-bo", "lien-he", "khao-sat", "thu"]
STEPS: tuple[Step, ...] = get_args(Step)
LIFE = 7 * DAY
_PEOPLE = STEPS.index("can-bo")
_LONGEST = 64


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """A setting up that is not over. `passed`: how many of STEPS are behind it; `pages`: forms sent so far."""

    unit: int
    passed: int
    pages: int
    begun_at: int

    @property
    def step(self) -> Step:
        """What comes next."""
        return STEPS[min(self.passed, len(STEPS) - 1)]


def begin(tx: Tx, vault: Vault, unit: int, now: int) -> str:
    """The token of the address for a unit, the same while it holds; "" where there is nothing to set up."""
    row = tx.execute(select(first_runs).where(first_runs.c.unit_id == unit).with_for_update()).one_or_none()
    if row is not None and row.done_at is not None:
        return ""
    if _closed(tx.conn, 0 if row is None else int(row.step or 0)):
        return ""
    if row is not None and row.expires_at > now:
        return _token(vault, unit, row.begun_at)
    token = _token(vault, unit, now)
    values = {"token_hash": _hash(token), "expires_at": now + LIFE, "begun_at": now}
    if row is None:
        tx.execute(first_runs.insert().values(unit_id=unit, **values))
    else:
        tx.execute(update(first_runs).where(first_runs.c.unit_id == unit).values(**values))
    return token


def opened(conn: Connection, token: str, now: int) -> Run | None:
    """The setting up that an address opens; None for any other, an old one, and one that is over."""
    if not 0 < len(token) <= _LONGEST or not token.isascii():
        return None
    wanted = _hash(token)
    for row in conn.execute(select(first_runs).where(first_runs.c.done_at.is_(None), first_runs.c.expires_at > now)):
        if hmac.compare_digest(bytes(row.token_hash), wanted):
            passed = int(row.step or 0)
            if _closed(conn, passed):
                return None
            return Run(unit=row.unit_id, passed=passed, pages=row.pages, begun_at=row.begun_at)
    return None


def passed(tx: Tx, run: Run, step: Step) -> None:
    """A step was gone through; one that was looked at again does not lead back."""
    far = max(run.passed, STEPS.index(step) + 1)
    mine = first_runs.c.unit_id == run.unit
    tx.execute(update(first_runs).where(mine).values(step=str(far), pages=first_runs.c.pages + 1))


def finish(tx: Tx, run: Run, now: int) -> None:
    """It is over for ever."""
    mine = (first_runs.c.unit_id == run.unit) & first_runs.c.done_at.is_(None)
    values = {"done_at": now, "pages": first_runs.c.pages + 1, "token_hash": b""}
    if tx.execute(update(first_runs).where(mine).values(**values)).rowcount:
        actor = Actor(kind=SYSTEM, unit=run.unit)
        act_rows.record(tx, actor, "settled", thing="place", thing_id=run.unit, unit=run.unit, now=now)


def _closed(conn: Connection, passed: int) -> bool:
    """Whether somebody who may log in was made by other means: then whoever sets up is asked to log in instead."""
    return passed <= _PEOPLE and bool(conn.scalar(select(func.count()).select_from(officers)))


def _token(vault: Vault, unit: int, begun_at: int) -> str:
    return base64.urlsafe_b64encode(vault.token("first_run", unit, begun_at)).rstrip(b"=").decode()


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
