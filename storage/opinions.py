"""What people said about a draft, and what the commune answered: the table ý kiến - tiếp thu - giải trình (SV7).

Opinions are released answers, joined to nobody; they are read only once their wave is closed.
"""

import msgspec
from sqlalchemy import Connection, delete, insert, select

from feedback.roles import Actor
from storage import act_rows
from storage.ids import random_id
from storage.tables import answers, blobs, opinion_replies, responses, survey_files, survey_versions, waves
from storage.tx import Tx
from surveys.definition import Kind, Survey
from surveys.opinions import Opinion, Reply
from surveys.waves import WaveState

_survey = msgspec.json.Decoder(Survey)


class Consultation(msgspec.Struct, frozen=True, kw_only=True):
    """A wave that asks for opinions on a document; instants in UTC milliseconds, `document` a blob or 0."""

    wave: int
    code: str
    title: str
    survey: Survey
    version: int
    opens_at: int
    closes_at: int | None
    closed: bool
    document: int


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the public table."""

    question: str
    opinion: str
    verdict: str
    explanation: str


def consultation(conn: Connection, unit: int, code: str, now: int) -> Consultation | None:
    """The newest wave of that code whose survey names a document; None where there is none, or it was cancelled."""
    found = conn.execute(
        select(waves, survey_versions.c.body, survey_versions.c.title.label("named"))
        .join(survey_versions, survey_versions.c.id == waves.c.version_id)
        .where(waves.c.unit_id == unit, waves.c.code == code, waves.c.opens_at <= now)
        .where(waves.c.state != WaveState.CANCELLED)
        .order_by(waves.c.opens_at.desc())
        .limit(1)
    ).one_or_none()
    if found is None:
        return None
    survey = _survey.decode(found.body)
    if not survey.document:
        return None
    blob = conn.scalar(
        select(blobs.c.id)
        .join(survey_files, survey_files.c.blob_id == blobs.c.id)
        .where(survey_files.c.version_id == found.version_id, survey_files.c.name == survey.document)
    )
    over = found.closes_at is not None and found.closes_at <= now
    return Consultation(
        wave=found.id,
        code=found.code,
        title=found.title or found.named,
        survey=survey,
        version=found.version_id,
        opens_at=found.opens_at,
        closes_at=found.closes_at,
        closed=over or found.state == WaveState.CLOSED,
        document=blob or 0,
    )


def opinions(conn: Connection, asked: Consultation) -> list[Opinion]:
    """Every released text of a closed wave, with the reply it has so far; [] before the close."""
    if not asked.closed:
        return []
    written = [question.id for question in asked.survey.questions if question.kind is Kind.TEXT]
    query = (
        select(answers.c.response_id, answers.c.question, answers.c.value)
        .join(responses, responses.c.id == answers.c.response_id)
        .where(responses.c.wave_id == asked.wave, answers.c.question.in_(written), answers.c.value.is_not(None))
        .order_by(answers.c.response_id, answers.c.question)
    )
    replied = {
        (row.response_id, row.question): row
        for row in conn.execute(select(opinion_replies).where(opinion_replies.c.wave_id == asked.wave))
    }
    found = []
    for row in conn.execute(query):
        reply = replied.get((row.response_id, row.question))
        text = str(msgspec.json.decode(row.value))
        found.append(
            Opinion(
                response=row.response_id,
                question=row.question,
                text=text,
                public=text if reply is None else reply.opinion,
                verdict="" if reply is None else reply.verdict,
                explanation="" if reply is None else reply.explanation,
            )
        )
    return found


def votes(conn: Connection, asked: Consultation) -> dict[str, dict[str, int]]:
    """How often each choice of a single question was taken among the released answers of a closed wave."""
    if not asked.closed:
        return {}
    chosen = [question.id for question in asked.survey.questions if question.kind is Kind.SINGLE]
    query = (
        select(answers.c.question, answers.c.value)
        .join(responses, responses.c.id == answers.c.response_id)
        .where(responses.c.wave_id == asked.wave, answers.c.question.in_(chosen), answers.c.value.is_not(None))
    )
    counts: dict[str, dict[str, int]] = {}
    for question, value in conn.execute(query):
        choice = str(msgspec.json.decode(value))
        of_question = counts.setdefault(question, {})
        of_question[choice] = of_question.get(choice, 0) + 1
    return counts


def reply(tx: Tx, actor: Actor, unit: int, wave: int, replies: list[Reply], now: int) -> None:
    """Put down what the commune answers, all of it in one act; what was there for these opinions is replaced."""
    for one in replies:
        mine = (opinion_replies.c.response_id == one.response) & (opinion_replies.c.question == one.question)
        tx.execute(delete(opinion_replies).where(mine))
        tx.execute(
            insert(opinion_replies).values(
                id=random_id(),
                unit_id=unit,
                wave_id=wave,
                response_id=one.response,
                question=one.question,
                opinion=one.public,
                verdict=one.verdict,
                explanation=one.explanation,
                at=now,
            )
        )
    act_rows.record(tx, actor, "answer_opinions", thing="wave", thing_id=wave, unit=unit, now=now, count=len(replies))


def table(conn: Connection, asked: Consultation) -> list[Row]:
    """The public table: opinions that have been answered, in no order of arrival."""
    query = (
        select(opinion_replies)
        .where(opinion_replies.c.wave_id == asked.wave)
        .order_by(opinion_replies.c.question, opinion_replies.c.response_id)
    )
    return [
        Row(question=row.question, opinion=row.opinion, verdict=row.verdict, explanation=row.explanation)
        for row in conn.execute(query)
    ]
