"""Answers on their way from a person to a figure, so that nobody with the files alone can walk it back.

A finished answer is sealed and stored without an account. Releasing opens sealed answers in groups of five or more,
gives them new random ids in random order, counts them, and destroys the sealed ones, all in one transaction.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

import msgspec
from sqlalchemy import Connection, and_, bindparam, delete, func, or_, select, text, update

from storage import notices
from storage.bulk import insert_many
from storage.ids import random_id
from storage.rollups import Part, count
from storage.rollups import fold as fold_rollups
from storage.tables import answers, responses, sealed_responses, waves
from storage.tx import Tx
from storage.vault import Vault, WrongKey
from storage.wave_acts import winding_up
from surveys.definition import Answer, Kind, Question, Survey
from surveys.waves import WaveState
from vietnam.time import start_of

GROUP = 5
"""Fewer answers than this are never released together."""
CHUNK = 100
"""Responses released in one transaction: it has to stay under 20 ms, turns are waiting behind it."""
CLOSING = 10 * 60 * 1000
"""Milliseconds after the close of a wave from which whatever is sealed of it is looked for, its own job or not."""

ASIDE = "-"
"""The channel of sealed answers that do not open: nothing is released from there."""

_FRAME_ROOM = 64  # names and braces around the answers
_STEP = 256
_RELEASING = 0x72656C65  # "rele": the advisory lock that releasing processes queue for

SurveyOf = Callable[[int], Survey]
"""The frozen survey of a version id."""


class Body(msgspec.Struct, frozen=True, kw_only=True):
    """What is sealed. `partial`: broken off before the end; `assisted`: typed in by an officer."""

    answers: dict[str, Answer]
    partial: bool = False
    assisted: bool = False


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Body).decode


def room(survey: Survey) -> int:
    """How many bytes every sealed answer of a survey takes: its size must not tell what it says."""
    return _up(_FRAME_ROOM + sum(len(question.id) + 4 + _room_for(question) for question in survey.questions), _STEP)


def _room_for(question: Question) -> int:
    if question.kind is Kind.TEXT:
        return 16 * 1024  # 4,000 characters of four bytes
    if question.choices:
        return sum(len(choice.id) + 3 for choice in question.choices)
    return _ROOM.get(question.kind, 5)


_ROOM = {
    Kind.NUMBER: 24,
    Kind.DECIMAL: 24,
    Kind.RANGE: 24,
    Kind.DATE: 12,
    Kind.TIME: 7,
    Kind.PHOTO: 27,
    Kind.VOICE: 27,
    Kind.PLACE: 48,
    Kind.CALCULATED: 256,
}
"""Bytes that the longest usual answer takes; what is longer is padded to a multiple of the whole."""


def _up(size: int, step: int) -> int:
    return -(-size // step) * step


def seal(
    tx: Tx,
    vault: Vault,
    *,
    survey: Survey,
    wave: int,
    unit: int,
    village: int | None,
    channel: str,
    answers: Mapping[str, Answer],
    partial: bool = False,
    assisted: bool = False,
) -> None:
    """Store one finished answer, readable only with the key and joined to nobody. `unit` is the commune."""
    id = random_id()
    body = _encode(Body(answers=dict(answers), partial=partial, assisted=assisted))
    padded = body.ljust(_up(len(body), room(survey)))
    sealed = vault.seal(padded, _context(id))
    place = {"unit_id": unit, "wave_id": wave, "village_id": village, "channel": channel}
    tx.hot("add_sealed", id=id, **place, partial=int(partial), body=sealed)


def _context(id: int) -> bytes:
    return b"sealed_responses:%d" % id


@dataclass(frozen=True, slots=True)
class _How:
    """What every step of a release is given."""

    vault: Vault
    survey_of: SurveyOf
    day: date
    rng: Random
    chunk: int


@dataclass(frozen=True, slots=True)
class _Group:
    """Sealed answers of one wave, commune, village and channel, finished ones or those that were broken off.

    The two go apart: whoever left a survey open for days is known from backups, and would be found among finished ones.
    """

    wave: int
    unit: int
    village: int | None
    channel: str
    partial: int
    count: int


@dataclass(frozen=True, slots=True)
class _Opened:
    """One answer out of its seal, and where it is counted."""

    unit: int
    village: int | None
    channel: str
    body: Body

    @property
    def part(self) -> Part:
        return Part(self.unit if self.village is None else self.village, self.channel)


def release(tx: Tx, vault: Vault, survey_of: SurveyOf, day: date, rng: Random, *, chunk: int = CHUNK) -> int:
    """Release one chunk of whatever stands in groups of five or more; how many went, 0 when none is left.

    To be called again, each time in a transaction of its own, until it returns 0. `rng` shuffles and makes the ids:
    random.SystemRandom except in tests. A sealed answer that does not open is set aside and the officers are told;
    WrongKey where none of a chunk opens: then the key is wrong, and nothing is released. Nothing of a sealed wave goes
    before its close.
    """
    _one_at_a_time(tx)
    found = _groups(tx.conn, wave=None)
    if not found:
        return 0
    same_wave = [group for group in found if group.wave == found[0].wave]
    return _or_aside(tx, day, lambda: _release_groups(tx, _How(vault, survey_of, day, rng, chunk), same_wave))


def closing(conn: Connection, now: int) -> list[int]:
    """Waves that are over, are wound up and still have sealed answers: the ones to call `close_wave` for.

    There are none in the usual way of things, since winding up ends with the release: these came in behind it.
    """
    ended = waves.c.closes_at <= now - CLOSING
    over = or_(ended, (waves.c.state == WaveState.CLOSED) & waves.c.closes_at.is_(None))
    waiting = select(sealed_responses.c.wave_id).where(sealed_responses.c.channel != ASIDE)
    found = select(waves.c.id).where(over, waves.c.state != WaveState.CANCELLED, waves.c.id.in_(waiting.distinct()))
    return [wave for wave in conn.scalars(found) if not winding_up(conn, wave)]


def waits(conn: Connection, wave: int) -> bool:
    """Whether answers of a wave are still sealed, those aside that do not open."""
    mine = and_(sealed_responses.c.wave_id == wave, sealed_responses.c.channel != ASIDE)
    return conn.execute(select(sealed_responses.c.id).where(mine).limit(1)).first() is not None


def destroy(tx: Tx, wave: int, limit: int = 1_000) -> int:
    """Destroy sealed answers of a wave that was called off, at most so many at a time; how many went."""
    some = select(sealed_responses.c.id).where(sealed_responses.c.wave_id == wave).limit(limit)
    return tx.execute(delete(sealed_responses).where(sealed_responses.c.id.in_(some))).rowcount


def called_off(conn: Connection) -> list[int]:
    """Cancelled waves that an answer has come into all the same: a turn was under way at that moment."""
    waiting = select(sealed_responses.c.wave_id).distinct()
    return list(conn.scalars(select(waves.c.id).where(waves.c.state == WaveState.CANCELLED, waves.c.id.in_(waiting))))


def close_wave(
    tx: Tx, vault: Vault, wave: int, survey_of: SurveyOf, day: date, rng: Random, *, chunk: int = CHUNK
) -> int:
    """Release one chunk of a wave that is over; how many answers went, 0 when none is left. Called like `release`.

    Groups of five or more go as ever. What remains of a commune goes together, village and channel blanked, finished
    answers and broken-off ones each by themselves; where even that is fewer than five, only their number is kept and
    the answers are destroyed.
    """
    _one_at_a_time(tx)
    how = _How(vault, survey_of, day, rng, chunk)
    return _or_aside(tx, day, lambda: _close(tx, how, wave))


def _close(tx: Tx, how: _How, wave: int) -> int:
    found = _groups(tx.conn, wave)
    if found:
        return _release_groups(tx, how, found)
    mine = and_(sealed_responses.c.wave_id == wave, sealed_responses.c.channel != ASIDE)
    some = tx.execute(select(_same.unit_id, _same.partial).where(mine).limit(1)).one_or_none()
    if some is None:
        return 0
    unit = some.unit_id
    like = and_(mine, _same.unit_id == unit, _same.partial == some.partial)
    ids = list(tx.execute(select(_same.id).where(like)).scalars())
    if len(ids) < GROUP:
        opened = [_Opened(unit, None, "", Body(answers={}))] * len(ids)
    else:
        ids = _share(ids, how.chunk, how.rng)
        bodies = _open(how.vault, [*_bodies(tx, ids).items()])
        opened = [_Opened(unit, None, "", body) for body in bodies]
    return _store(tx, how, wave, ids, opened)


class _Unreadable(Exception):
    """Some sealed answers do not open while others do."""

    def __init__(self, ids: list[int]) -> None:
        super().__init__()
        self.ids = ids


def _or_aside(tx: Tx, day: date, work: Callable[[], int]) -> int:
    """Do the work of a chunk; where some answers do not open, set just those aside instead, for the next call to go on.

    They are kept: a lost key may come back. Fewer than five of their group may be left, and those then wait.
    """
    try:
        return work()
    except _Unreadable as fault:
        spoilt = sealed_responses.c.id.in_(fault.ids)
        unit = tx.execute(select(sealed_responses.c.unit_id).where(spoilt).limit(1)).scalar_one()
        tx.execute(update(sealed_responses).where(spoilt).values(channel=ASIDE, village_id=None))
        notices.add(tx, unit, "notice.answers_unreadable", {"count": len(fault.ids)}, start_of(day))
        return len(fault.ids)


def _one_at_a_time(tx: Tx) -> None:
    if tx.postgres:
        tx.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _RELEASING})


def _groups(conn: Connection, wave: int | None) -> list[_Group]:
    """Groups of five or more, wave by wave."""
    columns = (
        sealed_responses.c.wave_id,
        sealed_responses.c.unit_id,
        sealed_responses.c.village_id,
        sealed_responses.c.channel,
        sealed_responses.c.partial,
    )
    query = select(*columns, func.count()).group_by(*columns).having(func.count() >= GROUP).order_by(*columns[:1])
    query = query.where(sealed_responses.c.channel != ASIDE)
    if wave is None:
        held = select(waves.c.id).where(or_(waves.c.sealed == 1, waves.c.state == WaveState.CANCELLED))
        query = query.where(sealed_responses.c.wave_id.not_in(held))
    else:
        query = query.where(sealed_responses.c.wave_id == wave)
    return [_Group(*row) for row in conn.execute(query)]


def _release_groups(tx: Tx, how: _How, groups: Sequence[_Group]) -> int:
    """Whole groups of one wave until the chunk is full; a group larger than a chunk gives a random share of itself."""
    ids: list[int] = []
    sealed: list[tuple[int, bytes]] = []
    places: list[tuple[int, int | None, str]] = []
    for group in groups:
        if ids and len(ids) + group.count > how.chunk:
            break
        mine = _sealed(tx, how, group)
        ids += mine
        sealed += [*mine.items()]
        places += [(group.unit, group.village, group.channel)] * len(mine)
    bodies = _open(how.vault, sealed)
    opened = [_Opened(*place, body) for place, body in zip(places, bodies, strict=True)]
    return _store(tx, how, groups[0].wave, ids, opened)


_same = sealed_responses.c
_ID_AND_BODY = select(_same.id, _same.body)
_OF_GROUP = and_(
    _same.wave_id == bindparam("wave"),
    _same.unit_id == bindparam("unit"),
    _same.channel == bindparam("channel"),
    _same.partial == bindparam("partial"),
)
_IN_VILLAGE = and_(_OF_GROUP, _same.village_id == bindparam("village"))
_IN_NO_VILLAGE = and_(_OF_GROUP, _same.village_id.is_(None))


def _sealed(tx: Tx, how: _How, group: _Group) -> dict[int, bytes]:
    """Sealed bodies of a group by id: all, or a random even share of a large one."""
    where = _IN_NO_VILLAGE if group.village is None else _IN_VILLAGE
    facts = {"wave": group.wave, "unit": group.unit, "channel": group.channel, "village": group.village}
    facts["partial"] = group.partial
    if group.count <= how.chunk:
        return {row.id: row.body for row in tx.execute(_ID_AND_BODY.where(where), facts)}
    return _bodies(tx, _share(list(tx.execute(select(_same.id).where(where), facts).scalars()), how.chunk, how.rng))


def _share(ids: list[int], chunk: int, rng: Random) -> list[int]:
    """All of them, or a random even part: what stays behind is never fewer than five."""
    parts = -(-len(ids) // max(chunk, 2 * GROUP))
    return ids if parts == 1 else rng.sample(ids, len(ids) // parts)


def _bodies(tx: Tx, ids: list[int]) -> dict[int, bytes]:
    return {row.id: row.body for row in tx.execute(_ID_AND_BODY.where(_same.id.in_(ids)))}


def _open(vault: Vault, sealed: Sequence[tuple[int, bytes]]) -> list[Body]:
    """Bodies in the same order; _Unreadable where some do not open, WrongKey where none does."""
    opened: list[Body] = []
    spoilt: list[int] = []
    for id, body in sealed:
        try:
            opened.append(_decode(vault.open(body, _context(id))))
        except WrongKey:
            spoilt.append(id)
    if spoilt and not opened:
        raise WrongKey("no sealed answer opens with this key")
    if spoilt:
        raise _Unreadable(spoilt)
    return opened


def _store(tx: Tx, how: _How, wave: int, ids: list[int], opened: list[_Opened]) -> int:
    """Write the answers under new ids, count them, and destroy the sealed ones."""
    asked = tx.execute(select(waves.c.version_id, waves.c.kind).where(waves.c.id == wave)).one()
    version = asked.version_id
    survey = how.survey_of(version)
    # Sorted by ids that are random: the order on disk says nothing of the order of arrival, and inserting is fast.
    numbered = sorted(zip(_new_ids(how.rng, len(opened)), opened, strict=True), key=lambda pair: pair[0])
    day = how.day.isoformat()
    stored, said = [], []
    people: Counter[Part] = Counter()
    counted: defaultdict[Part, Counter[tuple[str, str | None]]] = defaultdict(Counter)
    for id, one in numbered:
        flags = (int(one.body.partial), int(one.body.assisted))
        stored.append((id, one.unit, wave, version, one.village, one.channel, day, *flags))
        values = _values(one.body, survey)
        said += [(id, *value) for value in values]
        people[one.part] += 1
        counted[one.part].update(values)
    insert_many(tx, responses, _RESPONSE, stored)
    insert_many(tx, answers, _ANSWER, said)
    batch = {part: count(survey, people[part], counted[part]) for part in people}
    fold_rollups(tx, version, how.day, batch, asked.kind)
    tx.execute(delete(sealed_responses).where(sealed_responses.c.id.in_(ids)))
    return len(opened)


def _new_ids(rng: Random, count: int) -> list[int]:
    return [rng.getrandbits(63) or 1 for _ in range(count)]


_RESPONSE = ("id", "unit_id", "wave_id", "version_id", "village_id", "channel", "day", "partial", "assisted")
_ANSWER = ("response_id", "question", "value")


def _values(body: Body, survey: Survey) -> list[tuple[str, str | None]]:
    """Stored answers, not in the order in which this person gave them. What the survey does not ask is left out."""
    return [
        (question.id, None if said is None else _encode(said).decode())
        for question in survey.questions
        if question.kind is not Kind.NOTE and question.id in body.answers
        for said in (body.answers[question.id],)
    ]
