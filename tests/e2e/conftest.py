"""Reports that several tests read, the demo and a browser: made once a module."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from reports.figures import build
from reports.periods import parse
from storage.vault import Vault
from tests.e2e import recount
from tests.e2e.a_year import Year, live_a_year
from tests.e2e.demo_shown import chromium, demo, pictures
from tests.e2e.report_folder import MADE, PLAN, Report, figures_of
from tests.stores import run_apart
from tests.unit.report_source import empty
from tests.web.house import build as build_house
from tests.web.house import look

__all__ = ["chromium", "demo", "pictures"]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return Report(tmp_path_factory.mktemp("report"), figures_of())


@pytest.fixture(scope="module")
def nothing(tmp_path_factory: pytest.TempPathFactory) -> Report:
    figures = build(empty(), parse("2026-10"), PLAN, sample=False, made_on=MADE)
    return Report(tmp_path_factory.mktemp("nothing"), figures)


@pytest.fixture(scope="module")
def year(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    folder = tmp_path_factory.mktemp("year")
    shutil.copy(sqlite_template, folder / "nghedan.db")
    house = build_house(f"sqlite:///{folder / 'nghedan.db'}", Vault(bytes(range(32))), 0, folder)
    desk, people = run_apart(live_a_year(house))
    yield Year(house, desk.unit, desk, people, look(house, lambda conn: recount.raw(conn, desk.unit)))
    run_apart(house.runtime.close())
