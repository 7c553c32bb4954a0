"""What an officer's pages show of surveys (as of the last release, never live) and of reports; always of one unit."""

import msgspec
from sqlalchemy import Connection, func, select

from storage.tables import blobs, report_files, reports, rollups, survey_versions, surveys, waves
from storage.waves import takes_answers
from surveys.tally import RESPONSES
from surveys.waves import Owner, WaveKind, WaveState

Tally = dict[str, float]
_HALF_MONTH = len("2026-10a")


class WaveRow(msgspec.Struct, frozen=True, kw_only=True):
    """A wave that is or was open; `body` is JSON of surveys.definition.Survey.

    `sealed`: nothing of it is released before its close.
    """

    id: int = 0
    code: str
    title: str
    version: int
    number: int
    kind: str
    body: str
    opens_at: int
    closes_at: int | None
    state: str = WaveState.OPEN
    owner: str = Owner.COMMITTEE
    sealed: bool = False


def waves_by_version(conn: Connection, unit: int) -> list[list[WaveRow]]:
    """Waves of the unit that are or were open, newest first, those of one version and one kind together.

    Figures are kept for these together. First come those with a wave that stands open, in the order of opening.
    """
    rows = conn.execute(
        select(
            waves.c.id,
            waves.c.code,
            waves.c.kind,
            waves.c.opens_at,
            waves.c.closes_at,
            waves.c.state,
            waves.c.owner,
            waves.c.sealed,
            survey_versions.c.id.label("version"),
            survey_versions.c.number,
            survey_versions.c.title,
            survey_versions.c.body,
        )
        .join(survey_versions, survey_versions.c.id == waves.c.version_id)
        .join(surveys, surveys.c.id == survey_versions.c.survey_id)
        .where(waves.c.unit_id == unit, waves.c.state.in_([WaveState.OPEN, WaveState.CLOSED]))
        .order_by(waves.c.opens_at.desc(), waves.c.id.desc())
    )
    groups: dict[tuple[int, str], list[WaveRow]] = {}
    for row in rows:
        named = {**row._mapping, "sealed": bool(row.sealed)}  # noqa: SLF001 - SQLAlchemy's own public name
        groups.setdefault((row.version, row.kind), []).append(WaveRow(**named))
    running = [group for group in groups.values() if any(wave.state == WaveState.OPEN for wave in group)]
    closed = [group for group in groups.values() if group not in running]
    return [*sorted(running, key=lambda group: (group[-1].opens_at, group[-1].id)), *closed]


def over(conn: Connection, wave: WaveRow, now: int) -> bool:
    """Whether nothing comes in any more, so that what was sealed may be seen."""
    return not takes_answers(conn, wave.id, now, begun=True)


def channels(conn: Connection, version: int, kind: str) -> dict[str, int]:
    """Released responses of a version in one kind of wave by channel, "" where it was blanked."""
    rows = conn.execute(
        select(rollups.c.channel, rollups.c.counts).where(
            rollups.c.version_id == version,
            rollups.c.kind == kind,
            rollups.c.question == RESPONSES,
            func.length(rollups.c.period) == _HALF_MONTH,
        )
    )
    sums: dict[str, int] = {}
    for channel, counts in rows:
        sums[channel] = sums.get(channel, 0) + int(msgspec.json.decode(counts, type=Tally)["n"])
    return sums


def tallies(conn: Connection, version: int, kind: str = WaveKind.OPEN) -> dict[str, Tally]:
    """Released counts of a version in one kind of wave by question, over everything; "" counts responses."""
    rows = conn.execute(
        select(rollups.c.question, rollups.c.counts).where(
            # Half-months only: the same answers stand there by day for a while as well.
            rollups.c.version_id == version,
            rollups.c.kind == kind,
            func.length(rollups.c.period) == _HALF_MONTH,
        )
    )
    sums: dict[str, Tally] = {}
    for question, counts in rows:
        into = sums.setdefault(question, {})
        for key, count in msgspec.json.decode(counts, type=Tally).items():
            into[key] = into.get(key, 0) + count
    return sums


class ReportRow(msgspec.Struct, frozen=True, kw_only=True):
    """A report and its files (name, bytes); `state` as feedback.report_acts.ReportState.

    `number` and `issued_on` are what văn thư gave it; `owed` what its plan calls it, `issue_by` the last day for it;
    `submitted_at`: since when it waits for a leader.
    """

    id: int
    period: str
    state: str
    fault: str
    made_by: str
    asked_at: int
    made_at: int | None
    files: tuple[tuple[str, int], ...]
    number: str = ""
    issued_on: str = ""
    owed: str = ""
    issue_by: str = ""
    submitted_at: int | None = None


def all_reports(conn: Connection, unit: int) -> list[ReportRow]:
    """The unit's reports, newest first, at most 100."""
    rows = conn.execute(
        select(reports)
        .where(reports.c.unit_id == unit)
        .order_by(reports.c.asked_at.desc(), reports.c.id.desc())
        .limit(100)
    ).all()
    files: dict[int, list[tuple[str, int]]] = {}
    for report, name, size in conn.execute(
        select(report_files.c.report_id, report_files.c.name, blobs.c.size)
        .join(blobs, blobs.c.id == report_files.c.blob_id)
        .where(report_files.c.report_id.in_([row.id for row in rows]))
        .order_by(report_files.c.name)
    ):
        files.setdefault(report, []).append((name, size))
    return [
        ReportRow(
            id=row.id,
            period=row.period,
            state=row.state,
            fault=row.fault,
            made_by=row.made_by,
            asked_at=row.asked_at,
            made_at=row.made_at,
            files=tuple(files.get(row.id, ())),
            number=row.number,
            issued_on=row.issued_on,
            owed=row.owed,
            issue_by=row.issue_by,
            submitted_at=row.submitted_at,
        )
        for row in rows
    ]


def report_file(conn: Connection, unit: int, report: int, name: str) -> int | None:
    """The blob of a file of a report of this unit; None where there is none."""
    return conn.execute(
        select(report_files.c.blob_id)
        .join(reports, reports.c.id == report_files.c.report_id)
        .where(reports.c.unit_id == unit, reports.c.id == report, report_files.c.name == name)
    ).scalar()
