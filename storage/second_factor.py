"""The second step at the door: a secret that the officer's telephone shares, and codes for the day it is lost."""

from collections.abc import Iterable

import msgspec
from sqlalchemy import Connection, delete, func, insert, select, update

from feedback import totp
from storage import act_rows
from storage.officers import Officer
from storage.tables import officers, recovery_codes, second_factors
from storage.tx import Tx
from storage.vault import Vault
from vietnam.time import HOUR

_PROVE_WITHIN = HOUR
CODES = 10
"""Recovery codes that are drawn at once."""


class SecondStep(msgspec.Struct, frozen=True):
    """How an officer's second step stands: since when it is on, and how many recovery codes are left."""

    since: int | None
    codes_left: int


def standing(conn: Connection, officer: int) -> SecondStep:
    """`since` is None while it is off."""
    left = select(func.count()).where(recovery_codes.c.officer_id == officer, recovery_codes.c.used_at.is_(None))
    since = select(second_factors.c.since).where(second_factors.c.officer_id == officer)
    return SecondStep(conn.scalar(since), conn.scalar(left) or 0)


def begin(tx: Tx, vault: Vault, officer: int, secret: bytes, now: int) -> bool:
    """Keep a drawn secret, sealed, until a code proves that the telephone has it; False where the step is on."""
    _lock(tx, officer)
    if standing(tx.conn, officer).since is not None:
        return False
    tx.execute(delete(second_factors).where(second_factors.c.officer_id == officer))
    sealed = vault.seal(secret, _context(officer))
    tx.execute(insert(second_factors).values(officer_id=officer, secret=sealed, begun_at=now))
    return True


def awaited(conn: Connection, vault: Vault, officer: int, now: int) -> bytes | None:
    """The secret that waits for its first code; None where there is none, or it has waited for an hour."""
    mine = (second_factors.c.officer_id == officer) & second_factors.c.since.is_(None)
    fresh = second_factors.c.begun_at > now - _PROVE_WITHIN
    sealed = conn.scalar(select(second_factors.c.secret).where(mine, fresh))
    return None if sealed is None else vault.open(bytes(sealed), _context(officer))


def turn_on(tx: Tx, vault: Vault, officer: Officer, typed: str, codes: Iterable[str], now: int) -> bool:
    """On from now, with these recovery codes, if the code that was typed is that of the secret."""
    _lock(tx, officer.id)
    secret = awaited(tx.conn, vault, officer.id, now)
    step = None if secret is None else totp.step_of(typed, secret, now, 0)
    if step is None:
        return False
    mine = second_factors.c.officer_id == officer.id
    tx.execute(update(second_factors).where(mine).values(since=now, last_step=step))
    _put_codes(tx, vault, officer.id, codes)
    act_rows.record(tx, officer.actor(), "second_on", thing="officer", thing_id=officer.id, unit=officer.unit, now=now)
    return True


def renew_codes(tx: Tx, vault: Vault, officer: Officer, codes: Iterable[str], now: int) -> bool:
    """Other recovery codes, in place of all earlier ones; False where the second step is off."""
    _lock(tx, officer.id)
    if standing(tx.conn, officer.id).since is None:
        return False
    _put_codes(tx, vault, officer.id, codes)
    act_rows.record(tx, officer.actor(), "codes", thing="officer", thing_id=officer.id, unit=officer.unit, now=now)
    return True


def turn_off(tx: Tx, officer: Officer, now: int) -> bool:
    """Off; False where it was not on."""
    _lock(tx, officer.id)
    was_on = standing(tx.conn, officer.id).since is not None
    forget(tx, officer.id)
    if was_on:
        about = {"thing": "officer", "thing_id": officer.id, "unit": officer.unit}
        act_rows.record(tx, officer.actor(), "second_off", now=now, **about)  # type: ignore[arg-type]  # by their names
    return was_on


def forget(tx: Tx, officer: int) -> None:
    """Secret and recovery codes are gone."""
    tx.execute(delete(recovery_codes).where(recovery_codes.c.officer_id == officer))
    tx.execute(delete(second_factors).where(second_factors.c.officer_id == officer))


def passes(tx: Tx, vault: Vault, officer: int, typed: str, now: int) -> str:
    """Take a code: "code" for one of the telephone, "recovery" for a recovery code, "" where it is neither.

    Each is taken once: of two log-ins with the same code at the same moment, one is refused.
    """
    _lock(tx, officer)
    mine = (second_factors.c.officer_id == officer) & second_factors.c.since.is_not(None)
    row = tx.conn.execute(select(second_factors.c.secret, second_factors.c.last_step).where(mine)).first()
    if row is None:
        return ""
    secret = vault.open(bytes(row.secret), _context(officer))
    step = totp.step_of(typed, secret, now, row.last_step)
    if step is not None:
        tx.execute(update(second_factors).where(mine).values(last_step=step))
        return "code"
    unused = (recovery_codes.c.officer_id == officer) & recovery_codes.c.used_at.is_(None)
    code = recovery_codes.c.code == _sign(vault, officer, typed)
    used = tx.execute(update(recovery_codes).where(unused, code).values(used_at=now)).rowcount
    return "recovery" if used else ""


def _put_codes(tx: Tx, vault: Vault, officer: int, codes: Iterable[str]) -> None:
    tx.execute(delete(recovery_codes).where(recovery_codes.c.officer_id == officer))
    rows = [{"officer_id": officer, "code": _sign(vault, officer, code)} for code in codes]
    tx.execute(insert(recovery_codes).values(rows))


def _sign(vault: Vault, officer: int, code: str) -> str:
    """A keyed hash: whoever has the store and not the key cannot try codes against it."""
    plain = "".join(sign for sign in code.lower() if sign.isalnum())[:40]
    return vault.token("recovery", officer, plain).hex()


def _context(officer: int) -> bytes:
    return f"second:{officer}".encode()


def _lock(tx: Tx, officer: int) -> None:
    tx.execute(select(officers.c.id).where(officers.c.id == officer).with_for_update())
