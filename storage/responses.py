"""Answers on their way from a person to a figure, so that nobody with the files alone can walk it back.

A finished answer is sealed and stored without an account. Releasing opens sealed answers in groups of five or more,
gives them new random ids in random order, counts them, and destroys the sealed ones, all in one transaction.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

import msgspec
from sqlalchemy import Connection, delete, func, insert, or_, select, text

from storage.ids import random_id
from storage.rollups import Part
from storage.rollups import fold as fold_rollups
from storage.tables import answers, responses, sealed_responses, waves
from storage.tx import Tx
from storage.vault import Vault
from surveys.definition import Answer, Kind, Survey
from surveys.tally import Tally
from surveys.tally import fold as fold_answers

GROUP = 5
"""Fewer answers than this are never released together."""
CHUNK = 100
"""Responses released in one transaction: it has to stay under 20 ms, turns are waiting behind it."""
CLOSING = 10 * 60 * 1000
"""Milliseconds between the close of a wave and the release of its remainder: turns under way come in first."""

_TEXT_ROOM = 16 * 1024  # 4,000 characters of four bytes
_OTHER_ROOM = 48
_STEP = 1024
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
    total = _STEP // 4
    for question in survey.questions:
        words = _TEXT_ROOM if question.kind is Kind.TEXT else sum(len(choice.id) + 3 for choice in question.choices)
        total += len(question.id) + _OTHER_ROOM + words
    return _up(total, _STEP)


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
    tx.hot("add_sealed", id=id, unit_id=unit, wave_id=wave, village_id=village, channel=channel, body=sealed)


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
    """Sealed answers of one wave, commune, village and channel."""

    wave: int
    unit: int
    village: int | None
    channel: str
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
    random.SystemRandom except in tests. WrongKey where a sealed answer does not open: nothing is released.
    """
    _one_at_a_time(tx)
    found = _groups(tx.conn, wave=None)
    if not found:
        return 0
    same_wave = [group for group in found if group.wave == found[0].wave]
    return _release_groups(tx, _How(vault, survey_of, day, rng, chunk), same_wave)


def closing(conn: Connection, now: int) -> list[int]:
    """Waves that are over and still have sealed answers: the ones to call `close_wave` for."""
    ended = waves.c.closes_at <= now - CLOSING
    over = or_(ended, (waves.c.state == "closed") & waves.c.closes_at.is_(None))
    return list(conn.scalars(select(waves.c.id).where(over, waves.c.id.in_(select(sealed_responses.c.wave_id)))))


def close_wave(
    tx: Tx, vault: Vault, wave: int, survey_of: SurveyOf, day: date, rng: Random, *, chunk: int = CHUNK
) -> int:
    """Release one chunk of a wave that is over; how many answers went, 0 when none is left. Called like `release`.

    Groups of five or more go as ever. What remains of a commune goes together, village and channel blanked; where even
    that is fewer than five, only their number is kept and the answers are destroyed.
    """
    _one_at_a_time(tx)
    how = _How(vault, survey_of, day, rng, chunk)
    found = _groups(tx.conn, wave)
    if found:
        return _release_groups(tx, how, found)
    mine = sealed_responses.c.wave_id == wave
    unit = tx.execute(select(sealed_responses.c.unit_id).where(mine).limit(1)).scalar()
    if unit is None:
        return 0
    ids = list(tx.execute(select(sealed_responses.c.id).where(mine, sealed_responses.c.unit_id == unit)).scalars())
    if len(ids) < GROUP:
        opened = [_Opened(unit, None, "", Body(answers={}))] * len(ids)
    else:
        ids = _share(ids, chunk, rng)
        opened = [_Opened(unit, None, "", body) for body in _open(tx, vault, ids)]
    return _store(tx, how, wave, ids, opened)


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
    )
    query = select(*columns, func.count()).group_by(*columns).having(func.count() >= GROUP).order_by(*columns[:1])
    if wave is not None:
        query = query.where(sealed_responses.c.wave_id == wave)
    return [_Group(*row) for row in conn.execute(query)]


def _release_groups(tx: Tx, how: _How, groups: Sequence[_Group]) -> int:
    """Whole groups of one wave until the chunk is full; a group larger than a chunk gives a random share of itself."""
    ids: list[int] = []
    opened: list[_Opened] = []
    for group in groups:
        if ids and len(ids) + group.count > how.chunk:
            break
        mine = _share(_ids(tx, group), how.chunk, how.rng)
        ids += mine
        opened += [_Opened(group.unit, group.village, group.channel, body) for body in _open(tx, how.vault, mine)]
    return _store(tx, how, groups[0].wave, ids, opened)


def _ids(tx: Tx, group: _Group) -> list[int]:
    same = sealed_responses.c
    query = select(same.id).where(
        same.wave_id == group.wave,
        same.unit_id == group.unit,
        same.village_id.is_(None) if group.village is None else same.village_id == group.village,
        same.channel == group.channel,
    )
    return list(tx.execute(query).scalars())


def _share(ids: list[int], chunk: int, rng: Random) -> list[int]:
    """All of them, or a random even part: what stays behind is never fewer than five."""
    parts = -(-len(ids) // max(chunk, 2 * GROUP))
    return ids if parts == 1 else rng.sample(ids, len(ids) // parts)


def _open(tx: Tx, vault: Vault, ids: list[int]) -> list[Body]:
    query = select(sealed_responses.c.id, sealed_responses.c.body).where(sealed_responses.c.id.in_(ids))
    return [_decode(vault.open(row.body, _context(row.id))) for row in tx.execute(query)]


def _store(tx: Tx, how: _How, wave: int, ids: list[int], opened: list[_Opened]) -> int:
    """Write the answers under new ids, count them, and destroy the sealed ones."""
    version = tx.execute(select(waves.c.version_id).where(waves.c.id == wave)).scalar_one()
    survey = how.survey_of(version)
    # Sorted by ids that are random: the order on disk says nothing of the order of arrival, and inserting is fast.
    numbered = sorted(zip(_new_ids(how.rng, len(opened)), opened, strict=True), key=lambda pair: pair[0])
    tx.execute(insert(responses), [_response_row(id, one, wave, version, how.day) for id, one in numbered])
    rows = [row for id, one in numbered for row in _answer_rows(id, one.body, survey)]
    if rows:
        tx.execute(insert(answers), rows)
    batch: dict[Part, dict[str, Tally]] = {}
    for part in sorted({one.part for one in opened}):
        batch[part] = fold_answers(survey, [one.body.answers for one in opened if one.part == part])
    fold_rollups(tx, version, how.day, batch)
    tx.execute(delete(sealed_responses).where(sealed_responses.c.id.in_(ids)))
    return len(opened)


def _new_ids(rng: Random, count: int) -> list[int]:
    return [rng.getrandbits(63) or 1 for _ in range(count)]


def _response_row(id: int, one: _Opened, wave: int, version: int, day: date) -> dict[str, object]:
    return {
        "id": id,
        "unit_id": one.unit,
        "wave_id": wave,
        "version_id": version,
        "village_id": one.village,
        "channel": one.channel,
        "day": day.isoformat(),
        "partial": int(one.body.partial),
        "assisted": int(one.body.assisted),
    }


def _answer_rows(id: int, body: Body, survey: Survey) -> list[dict[str, object]]:
    """In the order of the survey, not in the order in which this person answered. What it does not ask is left out."""
    return [
        {"response_id": id, "question": question.id, "value": None if said is None else _encode(said).decode()}
        for question in survey.questions
        if question.kind is not Kind.NOTE and question.id in body.answers
        for said in (body.answers[question.id],)
    ]
