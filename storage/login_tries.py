"""How often a log-in has gone wrong, and how long the next try waits; a stranger's tries lock no officer out.

Two counts: that of one login at one door (a browser where the officer has been, else an address), which closes that
door alone; and that of one login from everywhere, after which doors where the officer has never been wait longer and
longer. A door where the officer has been never waits for what strangers do. Doors are keyed hashes.
"""

import msgspec
from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from storage.tables import known_doors, login_failures, officers
from storage.tx import Tx
from storage.vault import Vault
from vietnam.time import DAY, MINUTE, SECOND

LOCK = 15 * MINUTE
"""How long a door stays closed after its last wrong try; the same for the counts themselves."""
TRIES = 5
CALM = 10
"""Wrong tries from everywhere that are nothing unusual."""
LONGEST_WAIT = 5 * MINUTE
KNOWN_FOR = 90 * DAY


class Place(msgspec.Struct, frozen=True):
    """Where somebody tries a login: the count of the door, that of the login everywhere, the marks of the door."""

    login: str
    own: str
    everywhere: str
    marks: tuple[str, ...]
    known: bool = False
    """Whether the officer has come in here before."""


def place_of(conn: Connection, vault: Vault, officer: int | None, login: str, address: str, browser: str) -> Place:
    """The place of a try; `browser` is the mark in its cookie, "" where it has none."""
    everywhere = vault.token("login", "everywhere", login).hex()
    by_address = vault.token("login", login, address).hex()
    if officer is None:
        return Place(login, by_address, everywhere, ())
    of_browser = vault.token("door", officer, "browser", browser).hex() if browser else ""
    of_address = vault.token("door", officer, "address", address).hex()
    marks = tuple(filter(None, (of_browser, of_address)))
    mine = (known_doors.c.officer_id == officer) & known_doors.c.mark.in_(marks)
    known = set(conn.scalars(select(known_doors.c.mark).where(mine)))
    # In an office behind one address, who fails on another machine does not close the door of this browser.
    own = of_browser if of_browser in known else by_address
    return Place(login, own, everywhere, marks, bool(known))


class Wait(msgspec.Struct, frozen=True):
    """How long (ms) a place waits before the next try, and whether that is for what others did elsewhere."""

    ms: int
    elsewhere: bool = False


def wait_for(conn: Connection, place: Place, now: int) -> Wait | None:
    """None where this place may try now."""
    rows = conn.execute(
        select(login_failures.c.place, login_failures.c.count, login_failures.c.until).where(
            login_failures.c.place.in_((place.own, place.everywhere)), login_failures.c.until > now
        )
    )
    counts = {row.place: (int(row[1]), int(row.until)) for row in rows}
    own, until = counts.get(place.own, (0, 0))
    closed = until - now if own >= TRIES else 0
    if closed or place.known:
        return Wait(closed) if closed else None
    often, until = counts.get(place.everywhere, (0, 0))
    slowed = until - LOCK + pause(often) - now
    return Wait(slowed, elsewhere=True) if slowed > 0 else None


def pause(failures: int) -> int:
    """Milliseconds between two tries of a login from doors where its officer has never been."""
    return min(2 ** min(failures - CALM, 20) * SECOND, LONGEST_WAIT) if failures >= CALM else 0


def count_failure(tx: Tx, place: Place, now: int) -> None:
    """One more failure; a count that nobody added to for `LOCK` begins anew."""
    # The officer's row first, here and in `came_in`: two at once then wait for one another in one order.
    tx.execute(update(officers).where(officers.c.login == place.login).values(failures=officers.c.failures + 1))
    tx.execute(delete(login_failures).where(login_failures.c.until <= now))
    insert = postgresql.insert if tx.postgres else sqlite.insert
    for name in sorted({place.own, place.everywhere}):
        statement = insert(login_failures).values(place=name, count=1, until=now + LOCK)
        more = {"count": login_failures.c.count + 1, "until": now + LOCK}
        tx.execute(statement.on_conflict_do_update(index_elements=["place"], set_=more))


def came_in(tx: Tx, officer: int, place: Place, now: int) -> int:
    """The right words were said: this door is known from now on. How often it had gone wrong since the last time."""
    failures = tx.conn.scalar(select(officers.c.failures).where(officers.c.id == officer).with_for_update()) or 0
    tx.execute(delete(login_failures).where(login_failures.c.place == place.own))
    mine = known_doors.c.officer_id == officer
    stale = known_doors.c.seen_at < now - KNOWN_FOR
    tx.execute(delete(known_doors).where(mine & (known_doors.c.mark.in_(place.marks) | stale)))
    tx.execute(known_doors.insert().values([{"officer_id": officer, "mark": m, "seen_at": now} for m in place.marks]))
    if failures:
        tx.execute(update(officers).where(officers.c.id == officer).values(failures=0))
    return int(failures)
