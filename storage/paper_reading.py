"""Batches of typed forms as officers look at them, and typed forms out of their seals."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import reduce

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, case, func, select

from storage import waves as wave_store
from storage.tables import officers, paper_batches, paper_forms, paper_totals, survey_versions, units, waves
from storage.vault import Vault
from surveys.definition import Answer, Kind, Survey
from surveys.outliers import Pile, too_fast
from surveys.paper_numbers import LENGTH
from surveys.tally import Tally, add
from surveys.waves import Owner, WaveKind
from vietnam.time import SECOND


class Drawn(IntEnum):
    """Whether a form is typed a second time: not drawn, waiting for it, or done."""

    NO = 0
    WAITING = 1
    SETTLED = 2


@dataclass(frozen=True, slots=True)
class Batch:
    """A pile of forms. `forms` typed so far, `drawn` of these to be checked, `left` of them still to be.

    `takes`: its wave takes answers now. `officer_name` is whoever opened it.
    """

    id: int
    unit: int
    wave: int
    code: str
    title: str
    version: int
    kind: WaveKind
    owner: Owner
    officer: int
    officer_name: str
    village: int | None
    village_name: str
    source: str
    expected: int
    opened_at: int
    closed_at: int | None
    forms: int
    drawn: int
    left: int
    takes: bool


@dataclass(frozen=True, slots=True)
class Form:
    """A typed form, still sealed."""

    id: int
    number: str
    body: bytes
    drawn: Drawn
    second: bytes | None
    differs: int


@dataclass(frozen=True, slots=True)
class Askable:
    """A wave that forms can be typed for now; `sealed`: nobody sees a figure of it before its close."""

    id: int
    code: str
    title: str
    kind: WaveKind
    owner: Owner
    version: int
    sealed: bool


@dataclass(frozen=True, slots=True)
class Total:
    """What is kept of a closed batch; `kept` is None where there were too few forms."""

    batch: int
    officer: int
    officer_name: str
    village_name: str
    source: str
    expected: int
    opened_at: int
    closed_at: int
    forms: int
    checked: int
    differing: int
    kept: "Kept | None"


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """Counts of a batch by question (surveys.tally); forms that say the same everywhere, of those that could."""

    counts: dict[str, Tally]
    alike: int
    with_scale: int


class Opened:
    """What the seals of this part of the store are bound to."""

    @staticmethod
    def context(id: int, *, second: bool = False) -> bytes:
        """Of a form's first or second typing."""
        return b"paper_forms.%b:%d" % (b"second" if second else b"body", id)

    @staticmethod
    def total(batch: int) -> bytes:
        """Of a closed batch's counts."""
        return b"paper_totals:%d" % batch


_answers = msgspec.json.Decoder(dict[str, Answer])
_kept = msgspec.json.Decoder(Kept)


def opened(vault: Vault, id: int, sealed: bytes, *, second: bool = False) -> dict[str, Answer]:
    """The answers of a form; WrongKey where they do not open."""
    return _answers.decode(vault.open(sealed, Opened.context(id, second=second)))


def askable(conn: Connection, unit: int, now: int) -> list[Askable]:
    """The commune's waves that take answers now, invited ones too, oldest first."""
    return _waves(conn, unit, _takes_answers(now))


def reviewable(conn: Connection, unit: int, since: int, now: int) -> list[Askable]:
    """These waves, and those of which a pile was closed since that instant, be they over or not; oldest first."""
    piles = select(paper_batches.c.wave_id).where(paper_batches.c.unit_id == unit, paper_batches.c.closed_at >= since)
    return _waves(conn, unit, _takes_answers(now) | waves.c.id.in_(piles))


def _takes_answers(now: int) -> ColumnElement[bool]:
    over = waves.c.closes_at.is_not(None) & (waves.c.closes_at <= now)
    return (waves.c.state == "open") & (waves.c.opens_at <= now) & ~over


def _waves(conn: Connection, unit: int, which: ColumnElement[bool]) -> list[Askable]:
    query = (
        select(waves.c.id, waves.c.code, waves.c.title, survey_versions.c.title.label("survey"))
        .add_columns(waves.c.kind, waves.c.owner, waves.c.version_id, waves.c.sealed, waves.c.state)
        .join(survey_versions, survey_versions.c.id == waves.c.version_id)
        .where(waves.c.unit_id == unit, which)
        .order_by(waves.c.opens_at, waves.c.id)
    )
    return [
        Askable(
            id=row.id,
            code=row.code,
            title=row.title or row.survey,
            kind=WaveKind(row.kind),
            owner=Owner(row.owner),
            version=row.version_id,
            sealed=bool(row.sealed) and row.state != "closed",
        )
        for row in conn.execute(query)
    ]


def batch_of(conn: Connection, batch: int, now: int) -> Batch | None:
    """A batch by its id, whoever asks: the page checks the scope. None where there is none."""
    return next(iter(_batches(conn, _select().where(paper_batches.c.id == batch), now)), None)


def open_batches(conn: Connection, unit: int, now: int) -> list[Batch]:
    """The commune's batches that are not closed, the newest first."""
    mine = (paper_batches.c.unit_id == unit) & paper_batches.c.closed_at.is_(None)
    return _batches(conn, _select().where(mine).order_by(paper_batches.c.id.desc()), now)


def bodies(conn: Connection, batch: int, number: str | None = None) -> list[Form]:
    """Typed forms of a batch by their numbers, or the one of a number."""
    query = select(paper_forms).where(paper_forms.c.batch_id == batch).order_by(paper_forms.c.number)
    if number is not None:
        query = query.where(paper_forms.c.number == number)
    return [
        Form(row.id, row.number, row.body, Drawn(row.drawn), row.second, row.differs) for row in conn.execute(query)
    ]


def totals(conn: Connection, vault: Vault, wave: int) -> list[Total]:
    """Closed batches of a wave, oldest first, their counts out of the seal. WrongKey."""
    query = (
        select(
            paper_totals,
            officers.c.name.label("officer_name"),
            func.coalesce(units.c.name, "").label("village_name"),
            paper_batches.c.source,
            paper_batches.c.expected,
            paper_batches.c.opened_at,
            paper_batches.c.closed_at,
        )
        .join(paper_batches, paper_batches.c.id == paper_totals.c.batch_id)
        .join(officers, officers.c.id == paper_totals.c.officer_id)
        .outerjoin(units, units.c.id == paper_batches.c.village_id)
        .where(paper_totals.c.wave_id == wave)
        .order_by(paper_totals.c.batch_id)
    )
    return [
        Total(
            batch=row.batch_id,
            officer=row.officer_id,
            officer_name=row.officer_name,
            village_name=row.village_name,
            source=row.source,
            expected=row.expected,
            opened_at=row.opened_at,
            closed_at=row.closed_at,
            forms=row.forms,
            checked=row.checked,
            differing=row.differing,
            kept=_open_kept(vault, row.batch_id, row.counts),
        )
        for row in conn.execute(query)
    ]


def _open_kept(vault: Vault, batch: int, stored: str) -> Kept | None:
    return _kept.decode(vault.open(bytes.fromhex(stored), Opened.total(batch))) if stored else None


def piles(totals: Sequence[Total], survey: Survey) -> list[Pile]:
    """What each helper typed, all piles together, for surveys.outliers; compared is the overall question."""
    scale = [question for question in survey.questions if question.kind is Kind.LIKERT5]
    question = next((one for one in scale if one.overall), scale[-1] if scale else None)
    by_helper: dict[int, list[tuple[Total, Kept]]] = {}
    # Its number, and a key for what everybody is asked: what is skipped takes none.
    keys = LENGTH + sum(not one.show_if for one in scale)
    for total in totals:
        if total.kept is not None and question is not None:
            by_helper.setdefault(total.officer, []).append((total, total.kept))
    return [
        Pile(
            helper=mine[0][0].officer_name,
            forms=sum(total.forms for total, _ in mine),
            counts=reduce(add, (kept.counts.get(question.id, {}) for _, kept in mine)) if question else {},
            alike=sum(kept.alike for _, kept in mine),
            with_scale=sum(kept.with_scale for _, kept in mine),
            # From the opening of the pile to its close: longer than the typing, never shorter.
            hurried=sum(
                total.forms
                for total, _ in mine
                if too_fast(total.forms, (total.closed_at - total.opened_at) / SECOND, keys)
            ),
        )
        for mine in by_helper.values()
    ]


def _select() -> Select[tuple[object, ...]]:
    drawn = paper_forms.c.drawn
    count = (
        select(
            paper_forms.c.batch_id,
            func.count().label("forms"),
            func.sum(case((drawn != Drawn.NO, 1), else_=0)).label("drawn"),
            func.sum(case((drawn == Drawn.WAITING, 1), else_=0)).label("left"),
        )
        .group_by(paper_forms.c.batch_id)
        .subquery()
    )
    return (
        select(
            paper_batches,
            waves.c.code,
            waves.c.title,
            waves.c.version_id,
            waves.c.kind,
            waves.c.owner,
            waves.c.state,
            waves.c.opens_at,
            waves.c.closes_at.label("wave_closes_at"),
            survey_versions.c.title.label("survey"),
            officers.c.name.label("officer_name"),
            func.coalesce(units.c.name, "").label("village_name"),
            func.coalesce(count.c.forms, 0).label("forms"),
            func.coalesce(count.c.drawn, 0).label("drawn"),
            func.coalesce(count.c.left, 0).label("left"),
        )
        .join(waves, waves.c.id == paper_batches.c.wave_id)
        .join(survey_versions, survey_versions.c.id == waves.c.version_id)
        .join(officers, officers.c.id == paper_batches.c.officer_id)
        .outerjoin(units, units.c.id == paper_batches.c.village_id)
        .outerjoin(count, count.c.batch_id == paper_batches.c.id)
    )


def _batches(conn: Connection, query: Select[tuple[object, ...]], now: int) -> list[Batch]:
    return [
        Batch(
            id=row.id,
            unit=row.unit_id,
            wave=row.wave_id,
            code=row.code,
            title=row.title or row.survey,
            version=row.version_id,
            kind=WaveKind(row.kind),
            owner=Owner(row.owner),
            officer=row.officer_id,
            officer_name=row.officer_name,
            village=row.village_id,
            village_name=row.village_name,
            source=row.source,
            expected=row.expected,
            opened_at=row.opened_at,
            closed_at=row.closed_at,
            forms=int(row.forms),
            drawn=int(row.drawn),
            left=int(row.left),
            takes=row.opens_at <= now and wave_store.takes(row.state, row.wave_closes_at, now),
        )
        for row in conn.execute(query).all()
    ]
