"""An officer's own account: sessions and where they are, the password, and what an administrator gives anew."""

import msgspec
from sqlalchemy import Connection, delete, select, update

from feedback.roles import Actor
from storage import act_rows, second_factor
from storage.officers import IDLE, LONGEST, Officer
from storage.tables import officer_sessions, officers, units
from storage.tx import Tx
from vietnam.time import MINUTE

HALF = 10 * MINUTE
"""How long the second step is waited for."""
_KEY = 24


class Signs(msgspec.Struct, frozen=True):
    """What a session says of where it is: the device in words, and the coarse half of the address."""

    device: str
    place: str


class OpenSession(msgspec.Struct, frozen=True, kw_only=True):
    """A session as its officer sees it. `key` names it among the officer's own and opens nothing."""

    key: str
    device: str
    place: str
    created_at: int
    seen_at: int
    failures: int
    """Wrong tries of anybody between the log-in before and this one."""


def begin(
    tx: Tx, token_hash: bytes, officer: Officer, signs: Signs, now: int, *, failures: int = 0, second: str = ""
) -> None:
    """A new session, and the act of it; sessions that have ended are swept on the way.

    `second` is how the second step was passed ("code", "recovery"), "" where there is none.
    """
    # Before the session, whose foreign key takes a part of the same lock: two at once would wait for each other.
    tx.execute(select(officers.c.id).where(officers.c.id == officer.id).with_for_update())
    _sweep(tx, now)
    kept = {"device": signs.device, "place": signs.place, "failures": failures}
    tx.execute(
        officer_sessions.insert().values(
            token_hash=token_hash, officer_id=officer.id, created_at=now, seen_at=now, expires_at=now + LONGEST, **kept
        )
    )
    told = {"device": signs.device, "place": signs.place, "second": second, "failed": failures}
    _act(tx, officer, "log_in", now, **{name: value for name, value in told.items() if value})


def begin_half(tx: Tx, token_hash: bytes, officer: int, now: int) -> None:
    """The password was right and the second step is awaited: a session that opens no page."""
    _sweep(tx, now)
    times = {"created_at": now, "seen_at": now, "expires_at": now + HALF}
    tx.execute(officer_sessions.insert().values(token_hash=token_hash, officer_id=officer, half=1, **times))


def end_half(tx: Tx, token_hash: bytes) -> bool:
    """The second step was passed, or given up; False where it was no longer awaited."""
    mine = (officer_sessions.c.token_hash == token_hash) & (officer_sessions.c.half == 1)
    return bool(tx.execute(delete(officer_sessions).where(mine)).rowcount)


def _sweep(tx: Tx, now: int) -> None:
    over = (officer_sessions.c.expires_at <= now) | (officer_sessions.c.seen_at <= now - IDLE)
    tx.execute(delete(officer_sessions).where(over))


def touch(tx: Tx, token_hash: bytes, now: int) -> None:
    """The session is in use."""
    tx.execute(update(officer_sessions).where(officer_sessions.c.token_hash == token_hash).values(seen_at=now))


def leave(tx: Tx, token_hash: bytes, officer: Officer, now: int) -> None:
    """Logged out; nothing happens to a session that has ended."""
    if tx.execute(delete(officer_sessions).where(officer_sessions.c.token_hash == token_hash)).rowcount:
        _act(tx, officer, "log_out", now)


def sessions(conn: Connection, officer: int, now: int) -> list[OpenSession]:
    """Those that still open the door, the one used last first."""
    row = officer_sessions.c
    rows = conn.execute(
        select(row.token_hash, row.device, row.place, row.created_at, row.seen_at, row.failures)
        .where(row.officer_id == officer, row.half == 0, row.expires_at > now, row.seen_at > now - IDLE)
        .order_by(row.seen_at.desc(), row.created_at.desc(), row.token_hash)
    )
    return [
        OpenSession(
            key=key_of(bytes(one.token_hash)),
            device=one.device,
            place=one.place,
            created_at=one.created_at,
            seen_at=one.seen_at,
            failures=one.failures,
        )
        for one in rows
    ]


def key_of(token_hash: bytes) -> str:
    """How a session is named among those of its officer."""
    return token_hash.hex()[:_KEY]


def end_one(tx: Tx, officer: Officer, key: str, now: int) -> bool:
    """End one session of the officer's own; False where there is none of that name any more."""
    mine = officer_sessions.c.officer_id == officer.id
    hashes = tx.conn.execute(select(officer_sessions.c.token_hash, officer_sessions.c.device).where(mine)).all()
    for token_hash, device in hashes:
        if key_of(bytes(token_hash)) == key:
            tx.execute(delete(officer_sessions).where(officer_sessions.c.token_hash == token_hash))
            _act(tx, officer, "session_end", now, device=device)
            return True
    return False


def end_others(tx: Tx, officer: Officer, but: bytes, now: int) -> int:
    """End every session of the officer except one, also those that wait for a second step; how many."""
    mine = (officer_sessions.c.officer_id == officer.id) & (officer_sessions.c.token_hash != but)
    ended = int(tx.execute(delete(officer_sessions).where(mine)).rowcount)
    if ended:
        _act(tx, officer, "sessions_end", now, count=ended)
    return ended


def end_all(tx: Tx, officer: int) -> int:
    """End all sessions of an officer who is switched off or does something else from now on; how many."""
    return int(tx.execute(delete(officer_sessions).where(officer_sessions.c.officer_id == officer)).rowcount)


def hash_of(conn: Connection, officer: int) -> str | None:
    """The hash of the officer's password; None where the officer is gone or switched off."""
    mine = (officers.c.id == officer) & (officers.c.active == 1)
    return conn.scalar(select(officers.c.password_hash).where(mine))


def change_password(tx: Tx, officer: Officer, password_hash: str, here: bytes, fresh: bytes, now: int) -> None:
    """The officer's own choice: nobody else knows it. Every other session ends, and this one has another token."""
    mine = officers.c.id == officer.id
    tx.execute(update(officers).where(mine).values(password_hash=password_hash, must_change=0, given_at=None))
    _act(tx, officer, "password", now)
    end_others(tx, officer, here, now)
    tx.execute(update(officer_sessions).where(officer_sessions.c.token_hash == here).values(token_hash=fresh))


def give_password(
    tx: Tx, actor: Actor, officer: int, unit: int, password_hash: str, now: int, *, second_off: bool = True
) -> bool:
    """A new password given by somebody else, to be changed at the next log-in; every session ends.

    `second_off`: the second step goes too, since whoever has lost the password has often lost the telephone. False
    where no officer of the unit or of its villages has that id.
    """
    mine = (officers.c.id == officer) & officers.c.unit_id.in_(
        select(units.c.id).where((units.c.id == unit) | ((units.c.parent_id == unit) & (units.c.kind == "village")))
    )
    values = {"password_hash": password_hash, "must_change": 1, "given_at": now, "failures": 0}
    if not tx.execute(update(officers).where(mine).values(**values)).rowcount:
        return False
    if second_off:
        second_factor.forget(tx, officer)
    end_all(tx, officer)
    about = {"second_off": True} if second_off else {}
    act_rows.record(tx, actor, "reset", thing="officer", thing_id=officer, unit=unit, now=now, **about)
    return True


def _act(tx: Tx, officer: Officer, action: str, now: int, **detail: object) -> None:
    # Two browsers of one officer at the same moment would take the same number.
    tx.execute(select(officers.c.id).where(officers.c.id == officer.id).with_for_update())
    mine = {"thing": "officer", "thing_id": officer.id, "unit": officer.unit}
    act_rows.record(tx, officer.actor(), action, now=now, **mine, **detail)  # type: ignore[arg-type]  # by their names
