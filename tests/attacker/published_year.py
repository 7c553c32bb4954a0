"""All that a commune has printed of one year, as files: what an attacker gets, and the truth that he does not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from msgspec.structs import replace
from sqlalchemy import Connection, insert

from app.report_source import StoreSource
from reports.composing import compose
from reports.danvan import compose_danvan, drafted
from reports.document import Block, Chart, Document
from reports.docx import write_docx
from reports.figures import Figures, build
from reports.open_data import data_csv, data_json
from reports.periods import parse
from reports.plans import plan
from reports.survey_figures import Cell
from reports.xlsx import write_xlsx
from storage import report_rows, rollups
from storage.ids import new_id
from storage.rollups import Part
from storage.store import Store
from storage.tables import accounts, cases, persons
from storage.tx import Tx
from surveys.definition import Answer, Survey
from surveys.tally import Tally, fold
from tests.stores import SampleCommune
from vietnam.time import start_of

PLAN = plan("y_tich_2024")
YEAR = 2026
PERIODS: tuple[tuple[str, date], ...] = (
    *((f"{YEAR}-{month:02d}", date(YEAR, month + 1, 2)) for month in range(1, 12)),
    (f"{YEAR}-12", date(YEAR + 1, 1, 4)),
    *((f"{YEAR}-Q{number}", date(YEAR, 3 * number + 1, 3)) for number in range(1, 4)),
    (f"{YEAR}-Q4", date(YEAR + 1, 1, 5)),
    (f"{YEAR}-6m", date(YEAR, 7, 4)),
    (f"{YEAR}-9m", date(YEAR, 10, 4)),
    (f"{YEAR}-12m", date(YEAR + 1, 1, 6)),
    (f"{YEAR}-02-10..{YEAR}-04-20", date(YEAR, 5, 20)),
)
"""Every kind of period, and the day each report is made on."""
_LEVELS = (0.04, 0.05, 0.12, 0.45, 0.34)
_WEIGHTS = (30, 20, 14, 3, 0.8, 12, 0.5, 9, 5, 0.2, 2, 7)


@dataclass(frozen=True)
class Voice:
    """One released answer: what the commune keeps and nobody may find."""

    day: date
    village: int
    channel: str
    answers: Mapping[str, Answer]


@dataclass(frozen=True)
class Year:
    """The files by their names, and what was really said."""

    files: Mapping[str, bytes]
    voices: tuple[Voice, ...]
    survey: Survey
    villages: Mapping[str, int]
    sensitive: Mapping[tuple[str, str], tuple[date, ...]]

    def tally(self, first: date, last: date) -> dict[str, Tally]:
        """The truth between two days."""
        return fold(self.survey, [one.answers for one in self.voices if first <= one.day <= last])


async def publish_year(store: Store, commune: SampleCommune, *, memory: bool = True, per_month: int = 38) -> Year:
    """Seed a year and make every report of it, in the order of the days; without `memory` each knows no other."""
    random = Random(12)
    voices = tuple(_voices(random, commune, per_month))
    sensitive = await store.write(lambda tx: _seed(tx, commune, voices, random))
    files: dict[str, bytes] = {}
    for key, made_on in sorted(PERIODS, key=lambda pair: pair[1]):

        def make(conn: Connection, key: str = key, made_on: date = made_on) -> tuple[Figures, int]:
            rows = report_rows.earlier_cells(conn, commune.commune) if memory else []
            earlier = [_cell(*row) for row in rows]
            source = StoreSource(conn, commune.commune)
            return build(source, parse(key), PLAN, sample=False, made_on=made_on, earlier=earlier), len(rows)

        figures, known = await store.read(make)
        cells = figures.cells()
        if memory:

            def keep(tx: Tx, cells: tuple[Cell, ...] = cells, known: int = known) -> bool:
                return report_rows.keep_cells(tx, commune.commune, cells, published=known)

            kept = await store.write(keep)
            assert kept
        files |= _files(figures, key.replace("..", "_"))
    names = dict(zip((f"thôn Mẫu {number}" for number in range(1, 13)), commune.villages, strict=True))
    names[""] = commune.commune
    return Year(files=files, voices=voices, survey=commune.survey, villages=names, sensitive=sensitive)


def _cell(version: int, kind: str, first: str, last: str, cut: str, question: str, n: int) -> Cell:
    days = {"first": date.fromisoformat(first), "last": date.fromisoformat(last)}
    return Cell(version=version, kind=kind, cut=cut, question=question, n=n, **days)


def _files(figures: Figures, key: str) -> dict[str, bytes]:
    """The files of one report; pictures are drawn of the same numbers, and are left out for their cost."""
    found = {
        f"bao-cao-{key}.docx": write_docx(_plain(compose(figures, PLAN)), {}, figures.made_on),
        f"bao-cao-{key}.xlsx": write_xlsx(figures, figures.made_on),
        f"so-lieu-cong-bo-{key}.csv": data_csv(figures, "public"),
        f"so-lieu-cong-bo-{key}.json": data_json(figures, "public"),
        f"figures-{key}.json": figures.encode(),
    }
    if drafted(figures, PLAN):
        draft = _plain(compose_danvan(figures, PLAN))
        found[f"du-thao-dan-van-{key}.docx"] = write_docx(draft, {}, figures.made_on)
    return found


def _plain(document: Document) -> Document:
    blocks: tuple[Block, ...] = tuple(block for block in document.blocks if not isinstance(block, Chart))
    return replace(document, blocks=blocks)


def _voices(random: Random, commune: SampleCommune, per_month: int) -> Iterable[Voice]:
    for month in range(1, 13):
        for _ in range(per_month + random.randint(-8, 8)):
            content = random.random() < 0.8
            aside = random.random()
            likert: Answer = 0 if aside < 0.05 else random.choices((1, 2, 3, 4, 5), _LEVELS)[0]
            yield Voice(
                day=date(YEAR, month, random.randint(1, 28)),
                village=random.choices((*commune.villages, commune.commune), (*_WEIGHTS, 4))[0],
                channel=random.choices(("webchat", "telegram", "zalo_bot", ""), (60, 30, 6, 3))[0],
                answers={
                    "chung": None if aside > 0.97 else likert,
                    "mot": random.choices(("a", "b"), (9, 1))[0],
                    "nhieu": random.choices((("a",), ("b",), ("a", "b")), (20, 2, 1))[0],
                    "so": random.randint(1, 4),
                    "gioi_thieu": random.choice((9, 10)) if content else random.randint(2, 8),
                    "co_khong": random.choices(("yes", "no"), (1, 12))[0],
                    "gop_y": None,
                },
            )


def _seed(
    tx: Tx, commune: SampleCommune, voices: Iterable[Voice], random: Random
) -> dict[tuple[str, str], tuple[date, ...]]:
    by_day: dict[tuple[date, Part], list[Mapping[str, Answer]]] = {}
    for one in voices:
        by_day.setdefault((one.day, Part(one.village, one.channel)), []).append(one.answers)
    for (day, part), answers in sorted(by_day.items()):
        batch = {part: fold(commune.survey, answers) | {"": {"n": len(answers)}}}
        rollups.fold(tx, commune.version, day, batch)
    return _cases(tx, commune, random)


def _cases(tx: Tx, commune: SampleCommune, random: Random) -> dict[tuple[str, str], tuple[date, ...]]:
    """Cases of a year, some of them sensitive; the days of these by (kind or category, id)."""
    tx.execute(insert(persons).values(id=1, unit_id=commune.commune, created_at=0))
    tx.execute(
        insert(accounts).values(id=2, person_id=1, channel_account_id=commune.webchat, platform_id="x", created_at=0)
    )
    found: dict[tuple[str, str], list[date]] = {}
    for number in range(140):
        kind = random.choices(("feedback", "petition", "conduct"), (10, 5, 1))[0]
        category = (
            "conduct" if kind == "conduct" else random.choices(("roads", "land", "ethnic_religion"), (8, 6, 1))[0]
        )
        opened = date(YEAR, random.randint(1, 12), random.randint(1, 28))
        answered = opened + timedelta(days=random.randint(0, 20))
        tx.execute(
            insert(cases).values(
                id=new_id(),
                unit_id=commune.commune,
                village_id=random.choices(commune.villages, _WEIGHTS)[0],
                code=f"MAU-{number}",
                kind=kind,
                category=category,
                text="Một việc mẫu",
                state="answered",
                account_id=2,
                opened_at=start_of(opened) + 1,
                answered_at=start_of(answered) + 2,
                moved_at=start_of(answered) + 2,
            )
        )
        for group, id in (("kind", kind), ("category", category)):
            found.setdefault((group, id), []).append(opened)
    sensitive = (("kind", "conduct"), ("category", "conduct"), ("category", "ethnic_religion"))
    return {key: tuple(sorted(found.get(key, ()))) for key in sensitive}
