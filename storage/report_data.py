"""Of what state of the data a report was made: a line that can be compared with that of another day."""

import hashlib

from sqlalchemy import Connection, select

from storage.tables import act_heads, rollups, survey_versions, surveys


def data_version(conn: Connection, unit: int) -> str:
    """ "acts=1234:<hash>;rollups=56:<hash>": the commune's chain of acts, and its counts of released answers.

    The first is the number of acts and the head of their chain (storage/act_chain.py): every change to a case, session,
    survey or report has gone into it. The second is the number of half-month counts of the commune's surveys and the
    SHA-256 over them, in order; both hashes are cut to 16 signs. What is sealed and not released yet is in neither,
    and in no report. The same line on two days: nothing that a report counts has changed between them. A photo or a
    message alone changes nothing here.
    """
    head = conn.execute(select(act_heads.c.seq, act_heads.c.chain).where(act_heads.c.unit_id == unit)).one_or_none()
    seq, chain = (head.seq, head.chain) if head is not None else (0, "")
    counted, digest = 0, hashlib.sha256()
    rows = conn.execute(
        select(
            rollups.c.version_id,
            rollups.c.kind,
            rollups.c.period,
            rollups.c.unit_id,
            rollups.c.channel,
            rollups.c.question,
            rollups.c.counts,
        )
        .join(survey_versions, survey_versions.c.id == rollups.c.version_id)
        .join(surveys, surveys.c.id == survey_versions.c.survey_id)
        # Days are dropped after a month and the half-month stays: only what stays is looked at.
        .where(surveys.c.unit_id == unit, rollups.c.period.like("_______a") | rollups.c.period.like("_______b"))
        .order_by(
            rollups.c.version_id,
            rollups.c.kind,
            rollups.c.period,
            rollups.c.unit_id,
            rollups.c.channel,
            rollups.c.question,
        )
    )
    for row in rows:
        counted += 1
        digest.update(repr(tuple(row)).encode())
    return f"acts={seq}:{chain[:16]};rollups={counted}:{digest.hexdigest()[:16]}"
