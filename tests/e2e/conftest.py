"""Reports that several tests read: made once a module."""

import pytest

from reports.figures import build
from reports.periods import parse
from tests.e2e.report_folder import MADE, PLAN, Report, figures_of
from tests.unit.report_source import empty


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return Report(tmp_path_factory.mktemp("report"), figures_of())


@pytest.fixture(scope="module")
def nothing(tmp_path_factory: pytest.TempPathFactory) -> Report:
    figures = build(empty(), parse("2026-10"), PLAN, sample=False, made_on=MADE)
    return Report(tmp_path_factory.mktemp("nothing"), figures)
