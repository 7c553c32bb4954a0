"""Reports of one commune are published one after the other, each checked against all before it."""

from datetime import date

from sqlalchemy import func, select

from feedback.roles import SYSTEM, Actor
from reports.survey_figures import Cell
from storage import report_rows
from storage.store import Store
from storage.tables import published_cells, reports
from tests.stores import SampleCommune


async def test_a_report_made_beside_another_is_not_published_with_figures_that_do_not_know_it(
    store: Store, commune: SampleCommune, now: int
) -> None:
    # given two reports whose figures were both computed while nothing was published yet
    actor = Actor(kind=SYSTEM, unit=commune.commune)
    cell = Cell(
        version=commune.version, cut="all", question="chung", n=9, first=date(2026, 9, 1), last=date(2026, 9, 30)
    )

    async def keep(report: int, published: int) -> bool:
        return await store.write(
            lambda tx: report_rows.keep(tx, report, "{}", [], [cell], published=published, title="tháng 9", now=now)
        )

    first, second = [
        await store.write(lambda tx: report_rows.ask(tx, commune.commune, "2026-09", actor, now)) for _ in range(2)
    ]
    assert await keep(first, 0)
    # then the second is refused as it is, and kept once it has been computed beside the first
    assert not await keep(second, 0)
    states = select(reports.c.state).order_by(reports.c.id)
    assert await store.read(lambda conn: list(conn.scalars(states))) == ["ready", "making"]
    assert await store.read(lambda conn: conn.scalar(select(func.count()).select_from(published_cells))) == 1
    assert await keep(second, 1)
    assert await store.read(lambda conn: list(conn.scalars(states))) == ["ready", "ready"]
