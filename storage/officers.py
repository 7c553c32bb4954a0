"""Officers at the door: who they are, their sessions, and failed log-ins. Tokens and addresses only as hashes."""

import msgspec
from sqlalchemy import Connection, Select, case, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from feedback.roles import OFFICER, Actor, Role
from storage import confidential
from storage.tables import login_failures, notices, officer_sessions, officers, units
from storage.tx import Tx
from vietnam.time import DAY, HOUR, MINUTE

IDLE = 12 * HOUR
LONGEST = 7 * DAY
LOCK = 15 * MINUTE
TRIES = 5
_SEEN_EVERY = 5 * MINUTE


class Officer(msgspec.Struct, frozen=True, kw_only=True):
    """An officer who may log in, and the unit whose rows the officer sees (`sample`: all of it sample data).

    A village head's row hangs on the village: `unit` is its commune all the same, `village` the village; 0 for others.
    """

    id: int
    unit: int
    unit_name: str
    slug: str
    login: str
    name: str
    role: Role
    sample: int = 0
    village: int = 0
    village_name: str = ""
    keeper: int | None = None
    """The officer of the unit whom the Chủ tịch named for what is confidential."""

    def actor(self) -> Actor:
        """As whom the officer acts."""
        keeps = self.keeper == self.id
        return Actor(kind=OFFICER, unit=self.unit, id=self.id, role=self.role, village=self.village, keeper=keeps)


_own, _commune = units.alias("own"), units.alias("commune")
_in_village = _own.c.kind == "village"
_officer = (
    select(
        officers.c.id,
        _commune.c.id.label("unit"),
        case((_in_village, _own.c.id), else_=0).label("village"),
        case((_in_village, _own.c.name), else_="").label("village_name"),
        officers.c.login,
        officers.c.name,
        officers.c.role,
        officers.c.password_hash,
        _commune.c.name.label("unit_name"),
        _commune.c.slug,
        _commune.c.sample,
        confidential.keeper_of(_commune.c.id).label("keeper"),
    )
    .join(_own, _own.c.id == officers.c.unit_id)
    .join(_commune, _commune.c.id == case((_in_village, _own.c.parent_id), else_=_own.c.id))
)


def _read(row: object) -> Officer:
    names = ("id", "unit", "unit_name", "slug", "login", "name", "sample", "village", "village_name", "keeper")
    return Officer(**{name: getattr(row, name) for name in names}, role=Role(getattr(row, "role", "")))


def by_login(conn: Connection, login: str) -> tuple[Officer, str] | None:
    """An active officer and the hash of the password; None for an unknown login."""
    row = conn.execute(_officer.where(officers.c.login == login, officers.c.active == 1)).first()
    return (_read(row), row.password_hash) if row else None


def names(conn: Connection, unit: int) -> dict[int, str]:
    """Names of the unit's officers by id, heads of its villages and those of the past included."""
    mine = officers.c.unit_id.in_(_with_villages(unit))
    rows = conn.execute(select(officers.c.id, officers.c.name).where(mine))
    return {row.id: row.name for row in rows}


def _with_villages(unit: int) -> Select[tuple[int]]:
    return select(units.c.id).where((units.c.id == unit) | (units.c.parent_id == unit))


def by_session(conn: Connection, token_hash: bytes, now: int) -> tuple[Officer, bool] | None:
    """Whose session it is, and whether it is time to note that it is in use; None once it has ended."""
    row = conn.execute(
        _officer.add_columns(officer_sessions.c.seen_at)
        .join(officer_sessions, officer_sessions.c.officer_id == officers.c.id)
        .where(
            officer_sessions.c.token_hash == token_hash,
            officer_sessions.c.expires_at > now,
            officer_sessions.c.seen_at > now - IDLE,
            officers.c.active == 1,
        )
    ).first()
    return (_read(row), now - row.seen_at > _SEEN_EVERY) if row else None


def begin_session(tx: Tx, token_hash: bytes, officer: int, now: int) -> None:
    """A new session; those that have ended are swept on the way."""
    tx.execute(
        delete(officer_sessions).where(
            (officer_sessions.c.expires_at <= now) | (officer_sessions.c.seen_at <= now - IDLE)
        )
    )
    tx.execute(
        officer_sessions.insert().values(
            token_hash=token_hash, officer_id=officer, created_at=now, seen_at=now, expires_at=now + LONGEST
        )
    )


def touch_session(tx: Tx, token_hash: bytes, now: int) -> None:
    """The session is in use."""
    tx.execute(update(officer_sessions).where(officer_sessions.c.token_hash == token_hash).values(seen_at=now))


def end_session(tx: Tx, token_hash: bytes) -> None:
    """Logged out; a token that is unknown is no fault."""
    tx.execute(delete(officer_sessions).where(officer_sessions.c.token_hash == token_hash))


def is_locked(conn: Connection, place: str, now: int) -> bool:
    """Whether this login has failed too often from this address."""
    row = conn.execute(
        select(login_failures.c.count, login_failures.c.until).where(login_failures.c.place == place)
    ).first()
    if row is None:
        return False
    failures, until = row
    return bool(failures >= TRIES and until > now)


def count_failure(tx: Tx, place: str, now: int) -> None:
    """One more failure; a count that nobody added to for `LOCK` begins anew."""
    tx.execute(delete(login_failures).where(login_failures.c.until <= now))
    insert = postgresql.insert if tx.postgres else sqlite.insert
    statement = insert(login_failures).values(place=place, count=1, until=now + LOCK)
    tx.execute(
        statement.on_conflict_do_update(
            index_elements=["place"], set_={"count": login_failures.c.count + 1, "until": now + LOCK}
        )
    )


def forget_failures(tx: Tx, place: str) -> None:
    """The right password was given."""
    tx.execute(delete(login_failures).where(login_failures.c.place == place))


class Notice(msgspec.Struct, frozen=True):
    """Something the officers of a unit are told: a wording key and the JSON of its parameters."""

    id: int
    key: str
    params: str
    at: int


def unread_notices(conn: Connection, unit: int) -> list[Notice]:
    """Not yet put away, newest first."""
    rows = conn.execute(
        select(notices.c.id, notices.c.key, notices.c.params, notices.c.at)
        .where(notices.c.unit_id == unit, notices.c.read_at.is_(None))
        .order_by(notices.c.at.desc())
        .limit(5)
    )
    return [Notice(row.id, row.key, row.params, row.at) for row in rows]


def put_away(tx: Tx, unit: int, notice: int, now: int) -> None:
    """An officer of the unit has read it."""
    tx.execute(
        update(notices)
        .where(notices.c.unit_id == unit, notices.c.id == notice, notices.c.read_at.is_(None))
        .values(read_at=now)
    )
