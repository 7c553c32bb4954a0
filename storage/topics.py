"""Tâm tư, dư luận: open answers and góp ý, marked by an officer with the field they are about.

Nothing here says who said it. Confidential cases, what surely denounces somebody, and answers of the Front's waves
before their end are never read; a village with fewer than five opinions is not named. Whose góp ý was joined into
another said it all the same: opinions are counted, not matters.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, Literal, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, insert, or_, select, update

from feedback.complaints import denounced
from feedback.kinds import Kind
from feedback.mood import Fault, Mark, OpinionKey, fault_of
from feedback.roles import Actor, may
from storage import act_rows, confidential
from storage.ids import new_id
from storage.tables import answers, cases, responses, survey_versions, topic_tags, units, waves
from storage.tx import Tx
from surveys.definition import Kind as Asked
from surveys.definition import Survey
from surveys.statistics import MINIMUM
from surveys.waves import Owner, WaveState
from vietnam.time import day_of, start_of

_survey = msgspec.json.Decoder(Survey)
_text = msgspec.json.Decoder(str)
ANSWER: Literal["answer"] = "answer"
CASE: Literal["case"] = "case"
_EVER = (date(2000, 1, 1), date(2999, 12, 31))


class Opinion(msgspec.Struct, frozen=True, kw_only=True):
    """One opinion as an officer reads it. `source` is the title of the survey, "" for a góp ý; `village` may be "".

    `topic` and `quote` are what was put down, `tagged_at` when (0: not yet). `grave`: it reads like a tố cáo; only whom
    the Chủ tịch named for these sees it.
    """

    key: OpinionKey
    text: str
    source: str
    village: str
    topic: str = ""
    quote: str = ""
    tagged_at: int = 0
    grave: bool = False


class Tagged(NamedTuple):
    """A marked opinion as a report counts it: `version` 0 and `question` "" for a góp ý. `day`: released, or opened."""

    version: int
    kind: str
    question: str
    village: int | None
    day: date
    topic: str
    quote: str


class Found(NamedTuple):
    """A page of opinions, and how many there are in all; `grave` of those looked at are for the keeper's eyes only."""

    opinions: list[Opinion]
    many: int
    grave: int = 0


# --- what may be read -------------------------------------------------------------------------------------------------


class _Asked(NamedTuple):
    """A question in words of a version."""

    version: int
    question: str
    title: str


def _asked(conn: Connection, unit: int) -> list[_Asked]:
    """The open questions of what was ever asked in this commune; drafts of documents have a table of their own."""
    above = select(units.c.parent_id).where(units.c.id == unit)
    mine = or_(waves.c.unit_id == unit, waves.c.unit_id.in_(above))
    query = select(survey_versions.c.id, survey_versions.c.body).where(
        survey_versions.c.id.in_(select(waves.c.version_id).where(mine))
    )
    found = []
    for row in conn.execute(query.order_by(survey_versions.c.id)):
        survey = _survey.decode(row.body)
        if not survey.document:
            found += [_Asked(row.id, one.id, survey.title) for one in survey.questions if one.kind is Asked.TEXT]
    return found


def _open() -> ColumnElement[bool]:
    """Of waves: those whose answers the People's Committee may read."""
    return (waves.c.owner != Owner.FRONT) | (waves.c.state == WaveState.CLOSED)


def _said(unit: int, first: date, last: date, asked: Iterable[_Asked]) -> ColumnElement[bool]:
    """Of answers joined with responses and waves: words that were said in answer to an open question."""
    by_version: dict[int, list[str]] = {}
    for one in asked:
        by_version.setdefault(one.version, []).append(one.question)
    texts = [
        and_(responses.c.version_id == version, answers.c.question.in_(names)) for version, names in by_version.items()
    ]
    return and_(
        responses.c.unit_id == unit,
        responses.c.day.between(first.isoformat(), last.isoformat()),
        or_(*texts) if texts else responses.c.id < 0,
        answers.c.value.is_not(None),
        answers.c.value != '""',
        _open(),
    )


def _suggestions(unit: int, first: date, last: date, by: Actor | None) -> ColumnElement[bool]:
    """Of cases: góp ý opened between two days whose words are still there."""
    return and_(
        cases.c.unit_id == unit,
        cases.c.kind == str(Kind.SUGGESTION),
        confidential.reached(by),
        cases.c.matter == "",
        cases.c.expired_at.is_(None),
        or_(cases.c.text != "", cases.c.transcript != ""),
        cases.c.opened_at >= start_of(first),
        cases.c.opened_at < start_of(last + timedelta(days=1)),
    )


_OF_ANSWER = and_(
    topic_tags.c.thing == ANSWER,
    topic_tags.c.thing_id == answers.c.response_id,
    topic_tags.c.question == answers.c.question,
)
_OF_CASE = and_(topic_tags.c.thing == CASE, topic_tags.c.thing_id == cases.c.id)
_TAG = (topic_tags.c.topic, topic_tags.c.quote, topic_tags.c.tagged_at)


def _answers(*columns: ColumnElement[Any]) -> Select[Any]:
    return (
        select(*columns)
        .select_from(answers)
        .join(responses, responses.c.id == answers.c.response_id)
        .join(waves, waves.c.id == responses.c.wave_id)
        .outerjoin(topic_tags, _OF_ANSWER)
    )


# --- the officer's page -----------------------------------------------------------------------------------------------


def listed(conn: Connection, by: Actor, first: date, last: date, *, marked: bool, limit: int, topic: str = "") -> Found:
    """Opinions between two days, those already marked (with `topic` only of that field) or those that wait.

    Góp ý first, then answers; neither in the order in which they came.
    """
    wanted: ColumnElement[bool] = topic_tags.c.id.is_not(None) if marked else topic_tags.c.id.is_(None)
    if marked and topic:
        wanted &= topic_tags.c.topic == topic
    asked = _asked(conn, by.unit)
    of_cases = _suggestions(by.unit, first, last, by)
    of_answers = _said(by.unit, first, last, asked)
    columns = (cases.c.id, cases.c.text, cases.c.transcript, cases.c.village_id, *_TAG)
    some = select(*columns).outerjoin(topic_tags, _OF_CASE).where(of_cases, wanted)
    found = [_case(row) for row in conn.execute(some.order_by(cases.c.code).limit(2 * limit))]
    many = conn.scalar(select(func.count()).select_from(some.subquery())) or 0
    named = _answers(
        answers.c.response_id,
        answers.c.question,
        answers.c.value,
        responses.c.version_id,
        responses.c.village_id,
        *_TAG,
    ).where(of_answers, wanted)
    titles = {(one.version, one.question): one.title for one in asked}
    if len(found) < 2 * limit:
        rows = conn.execute(named.order_by(answers.c.response_id, answers.c.question).limit(2 * limit - len(found)))
        found += [_answer(row, titles) for row in rows]
    many += conn.scalar(select(func.count()).select_from(named.subquery())) or 0
    open_ones = [(one, place) for one, place in found if by.keeper or not one.grave]
    return Found(
        _placed(conn, by.unit, open_ones[:limit], of_cases, of_answers), many, grave=len(found) - len(open_ones)
    )


def _case(row: Row[*tuple[Any, ...]]) -> tuple[Opinion, tuple[int, int | None]]:
    return _opinion(OpinionKey(CASE, row.id), row.text or row.transcript, "", row), (0, row.village_id)


def _answer(row: Row[*tuple[Any, ...]], titles: dict[tuple[int, str], str]) -> tuple[Opinion, tuple[int, int | None]]:
    key = OpinionKey(ANSWER, row.response_id, row.question)
    opinion = _opinion(key, _text.decode(row.value), titles[row.version_id, row.question], row)
    return opinion, (row.version_id, row.village_id)


def _opinion(key: OpinionKey, text: str, source: str, row: Row[*tuple[Any, ...]]) -> Opinion:
    return Opinion(
        key=key,
        text=text,
        source=source,
        village="",
        topic=row.topic or "",
        quote=row.quote or "",
        tagged_at=row.tagged_at or 0,
        grave=bool(denounced(text)),
    )


def _placed(
    conn: Connection,
    unit: int,
    found: Sequence[tuple[Opinion, tuple[int, int | None]]],
    of_cases: ColumnElement[bool],
    of_answers: ColumnElement[bool],
) -> list[Opinion]:
    """With the village where at least five opinions of the same survey, or góp ý, came from there in these days."""
    if not found:
        return []
    counts: Counter[tuple[int, int | None]] = Counter()
    by_case = select(cases.c.village_id, func.count()).where(of_cases).group_by(cases.c.village_id)
    counts.update({(0, village): many for village, many in conn.execute(by_case)})
    grouped = (responses.c.version_id, responses.c.village_id)
    # Answers of one person to two questions are one person.
    people = func.count(responses.c.id.distinct())
    by_answer = _answers(*grouped, people).where(of_answers).group_by(*grouped)
    counts.update({(version, village): many for version, village, many in conn.execute(by_answer)})
    rows = conn.execute(select(units.c.id, units.c.name).where(units.c.parent_id == unit))
    names = {row.id: row.name for row in rows}
    return [
        msgspec.structs.replace(one, village=names.get(place[1], "")) if counts[place] >= MINIMUM else one
        for one, place in found
    ]


def tag(tx: Tx, actor: Actor, marks: Sequence[Mark], now: int) -> dict[OpinionKey, Fault]:
    """Put down what an officer says of opinions, in one act; what is wrong with those that were not taken.

    PermissionError where the actor may not mark at all.
    """
    if not may(actor, "mood.tag", actor.unit):
        raise PermissionError("mood.tag")
    faults: dict[OpinionKey, Fault] = {}
    topics: Counter[str] = Counter()
    quoted = 0
    for mark in marks:
        said = _words(tx.conn, actor, mark.key)
        fault: Fault = "gone" if said is None else fault_of(mark, said)
        if not fault and not _keep(tx, actor, mark, now):
            fault = "changed"
        if fault:
            faults[mark.key] = fault
        else:
            topics[mark.topic] += 1
            quoted += bool(mark.quote.strip())
    if topics:
        detail: dict[str, Any] = {"topics": dict(sorted(topics.items())), "quoted": quoted}
        act_rows.record(tx, actor, "tag", thing="mood", thing_id=actor.unit, unit=actor.unit, now=now, **detail)
    return faults


def _keep(tx: Tx, actor: Actor, mark: Mark, now: int) -> bool:
    """Whether nobody else has marked it since the officer saw it; then it is kept."""
    key = mark.key
    mine = and_(topic_tags.c.thing == key.thing, topic_tags.c.thing_id == key.id, topic_tags.c.question == key.question)
    before = tx.execute(select(topic_tags.c.tagged_at).where(mine).with_for_update()).scalar()
    if (before or 0) != mark.seen:
        return False
    # One more millisecond: two saves within one would look alike to whoever holds the page of the first.
    values = {
        "topic": mark.topic,
        "quote": mark.quote.strip(),
        "tagged_by": actor.label(),
        "tagged_at": max(now, mark.seen + 1),
    }
    if before is not None:
        tx.execute(update(topic_tags).where(mine).values(**values))
        return True
    place = {"thing": key.thing, "thing_id": key.id, "question": key.question}
    tx.execute(insert(topic_tags).values(id=new_id(), unit_id=actor.unit, **place, **values))
    return True


def _words(conn: Connection, by: Actor, key: OpinionKey) -> str | None:
    """What was said in an opinion that this officer may mark; None where there is none."""
    if key.thing == CASE:
        mine = and_(cases.c.id == key.id, _suggestions(by.unit, *_EVER, by))
        row = conn.execute(select(cases.c.text, cases.c.transcript).where(mine)).one_or_none()
        return None if row is None else row.text or row.transcript
    version = select(responses.c.version_id).where(responses.c.id == key.id, responses.c.unit_id == by.unit)
    asked = [one for one in _asked(conn, by.unit) if one.question == key.question]
    mine = and_(
        answers.c.response_id == key.id,
        answers.c.question == key.question,
        responses.c.version_id == version.scalar_subquery(),
        _said(by.unit, *_EVER, asked),
    )
    value = conn.execute(_answers(answers.c.value).where(mine)).scalar()
    return None if value is None else _text.decode(value)


# --- the report -------------------------------------------------------------------------------------------------------


def marked(conn: Connection, unit: int, first: date, last: date) -> list[Tagged]:
    """Every marked opinion between two days."""
    # From the marks to the answers: there are far fewer of them, and every step is a look-up by key.
    of_answers = _said(unit, first, last, _asked(conn, unit))
    columns = (responses.c.version_id, waves.c.kind, answers.c.question, responses.c.village_id, responses.c.day)
    query = (
        select(*columns, topic_tags.c.topic, topic_tags.c.quote)
        .select_from(topic_tags)
        .join(answers, _OF_ANSWER)
        .join(responses, responses.c.id == answers.c.response_id)
        # "+ 0": or SQLite begins with every response of the waves.
        .join(waves, waves.c.id == responses.c.wave_id + 0)
        .where(topic_tags.c.unit_id == unit, of_answers)
    )
    found = [
        Tagged(
            row.version_id, row.kind, row.question, row.village_id, date.fromisoformat(row.day), row.topic, row.quote
        )
        for row in conn.execute(query)
    ]
    of_cases = select(cases.c.village_id, cases.c.opened_at, topic_tags.c.topic, topic_tags.c.quote).join(
        topic_tags, _OF_CASE
    )
    opened = conn.execute(of_cases.where(_suggestions(unit, first, last, None)))
    found += [Tagged(0, "", "", row.village_id, day_of(row.opened_at), row.topic, row.quote) for row in opened]
    return found


def suggestions(conn: Connection, unit: int, first: date, last: date) -> int:
    """How many góp ý between two days there are to be marked."""
    return conn.scalar(select(func.count()).select_from(cases).where(_suggestions(unit, first, last, None))) or 0


def quoted(conn: Connection, unit: int) -> set[str]:
    """Every quotation that may be printed today."""
    mine = (topic_tags.c.unit_id == unit) & (topic_tags.c.quote != "")
    of_cases = topic_tags.c.thing_id.in_(select(cases.c.id).where(_suggestions(unit, *_EVER, None)))
    allowed = or_(topic_tags.c.thing == ANSWER, of_cases)
    return set(conn.scalars(select(topic_tags.c.quote).where(mine, allowed)))
