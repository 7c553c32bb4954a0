"""A year of a commune of 20,000: what its reports say is what the raw rows say, to the last digit."""

import pytest

from app.reporting import figures_of
from reports.figures import Figures
from tests.e2e.a_year import PEOPLE, Year
from tests.e2e.counted_again import as_counted_again, only
from tests.stores import run_apart

PERIODS = ("2026-03", "2026-Q2", "2026-6m", "2026-9m", "2026-12m", "2026-02-01..2026-05-17")
_POINTS = 0.03
"""How far the share among some 2,000 volunteers may lie from that of all 20,000, who answer by chance here."""


def figures_in(year: Year, key: str) -> Figures:
    figures, *_ = run_apart(figures_of(year.house.runtime, year.commune, key))
    return figures


def test_the_sample_tells_what_the_whole_commune_thinks(year: Year) -> None:
    # given that everybody's opinion is known, and that who answers is chance
    known = [one.content for one in year.people if one.content is not None]
    assert len(year.people) == PEOPLE
    truth = sum(known) / len(known)
    # when the report of the year is made
    overall = only(figures_in(year, "2026-12m")).overall
    # then it comes near the truth
    assert overall is not None
    assert overall.index == pytest.approx(truth, abs=_POINTS)


@pytest.mark.parametrize("key", PERIODS)
def test_every_period_is_what_its_raw_rows_say(year: Year, key: str) -> None:
    figures = figures_in(year, key)

    assert only(figures).responses
    as_counted_again(figures, year.raw, year.commune)
