"""Officers: who they are, whose session a token is (known by its hash alone), and what they are told."""

from collections.abc import Set as AbstractSet

import msgspec
from sqlalchemy import Connection, Select, case, exists, select, update

from feedback.roles import OFFICER, Actor, Role
from storage import confidential
from storage.officer_reach import Reach
from storage.officer_reach import read as reach_of
from storage.tables import notices, officer_reach, officer_sessions, officers, second_factors, units
from storage.tx import Tx
from vietnam.time import DAY, HOUR, MINUTE

IDLE = 12 * HOUR
LONGEST = 7 * DAY
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
    province: bool = False
    """Whether the unit is a province."""
    keeper: int | None = None
    """The officer of the unit whom the Chủ tịch named for what is confidential."""
    must_change: bool = False
    """Whether somebody else knows the password: it is changed before anything else is done."""
    given_at: int | None = None
    """When somebody else gave the password; None where it is the officer's own choice."""
    second: bool = False
    """Whether a second step is asked for at the door."""
    reach: Reach = Reach()
    """Which cases the officer reaches, where the role reaches some of them only."""

    def may_not_begin(self, now: int, life: int) -> bool:
        """Whether the password was given by somebody else more than `life` milliseconds ago: it opens nothing more."""
        return self.must_change and self.given_at is not None and now - self.given_at > life

    def actor(self) -> Actor:
        """As whom the officer acts."""
        keeps = self.keeper == self.id
        return Actor(
            kind=OFFICER,
            unit=self.unit,
            id=self.id,
            role=self.role,
            village=self.village,
            keeper=keeps,
            province=self.province,
            fields=self.reach.fields,
            villages=self.reach.villages,
        )


_own, _commune = units.alias("own"), units.alias("commune")
_in_village = _own.c.kind == "village"
_proved = exists().where(second_factors.c.officer_id == officers.c.id, second_factors.c.since.is_not(None))
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
        officers.c.must_change,
        officers.c.given_at,
        _proved.label("second"),
        _commune.c.name.label("unit_name"),
        _commune.c.slug,
        _commune.c.sample,
        _commune.c.kind,
        confidential.keeper_of(_commune.c.id).label("keeper"),
        officer_reach.c.fields,
        officer_reach.c.villages,
    )
    .outerjoin(officer_reach, officer_reach.c.officer_id == officers.c.id)
    .join(_own, _own.c.id == officers.c.unit_id)
    .join(_commune, _commune.c.id == case((_in_village, _own.c.parent_id), else_=_own.c.id))
)


def _read(row: object) -> Officer:
    names = (
        "id",
        "unit",
        "unit_name",
        "slug",
        "login",
        "name",
        "sample",
        "village",
        "village_name",
        "keeper",
        "given_at",
    )
    kept = {name: getattr(row, name) for name in names}
    kept |= {name: bool(getattr(row, name)) for name in ("must_change", "second")}
    kept["reach"] = reach_of(getattr(row, "fields", ""), getattr(row, "villages", ""))
    return Officer(**kept, role=Role(getattr(row, "role", "")), province=getattr(row, "kind", "") == "province")


def by_login(conn: Connection, login: str) -> tuple[Officer, str] | None:
    """An active officer and the hash of the password; None for an unknown login."""
    row = conn.execute(_officer.where(officers.c.login == login, officers.c.active == 1)).first()
    return (_read(row), row.password_hash) if row else None


def by_id(conn: Connection, id: int) -> Officer | None:
    """An active officer; None for one who is there no more."""
    row = conn.execute(_officer.where(officers.c.id == id, officers.c.active == 1)).first()
    return _read(row) if row else None


def names(conn: Connection, unit: int) -> dict[int, str]:
    """Names of the unit's officers by id, heads of its villages and those of the past included."""
    mine = officers.c.unit_id.in_(_with_villages(unit))
    rows = conn.execute(select(officers.c.id, officers.c.name).where(mine))
    return {row.id: row.name for row in rows}


def _with_villages(unit: int) -> Select[tuple[int]]:
    return select(units.c.id).where((units.c.id == unit) | (units.c.parent_id == unit))


def by_session(conn: Connection, token_hash: bytes, now: int, *, half: bool = False) -> tuple[Officer, bool] | None:
    """Whose session it is, and whether it is time to note that it is in use; None once it has ended.

    `half`: a session that waits for the second step, which opens no page.
    """
    row = conn.execute(
        _officer.add_columns(officer_sessions.c.seen_at)
        .join(officer_sessions, officer_sessions.c.officer_id == officers.c.id)
        .where(
            officer_sessions.c.token_hash == token_hash,
            officer_sessions.c.half == int(half),
            officer_sessions.c.expires_at > now,
            officer_sessions.c.seen_at > now - IDLE,
            officers.c.active == 1,
        )
    ).first()
    return (_read(row), now - row.seen_at > _SEEN_EVERY) if row else None


class Notice(msgspec.Struct, frozen=True):
    """Something the officers of a unit are told: a wording key and the JSON of its parameters."""

    id: int
    key: str
    params: str
    at: int


def unread_notices(conn: Connection, unit: int, but: AbstractSet[str] = frozenset()) -> list[Notice]:
    """Not yet put away, newest first; `but` are wording keys that are not this officer's to read."""
    rows = conn.execute(
        select(notices.c.id, notices.c.key, notices.c.params, notices.c.at)
        .where(notices.c.unit_id == unit, notices.c.read_at.is_(None), notices.c.key.not_in(but))
        .order_by(notices.c.at.desc())
        .limit(5)
    )
    return [Notice(row.id, row.key, row.params, row.at) for row in rows]


def put_away(tx: Tx, unit: int, notice: int, now: int, but: AbstractSet[str] = frozenset()) -> None:
    """An officer of the unit has read it; nothing happens to those that are not this officer's (`but`)."""
    mine = (notices.c.unit_id == unit) & (notices.c.id == notice) & notices.c.key.not_in(but)
    tx.execute(update(notices).where(mine, notices.c.read_at.is_(None)).values(read_at=now))
