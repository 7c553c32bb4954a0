"""A house for page tests."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from storage.vault import Vault
from tests.stores import run_apart
from tests.web.house import House, browser_of, seeded

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


@pytest.fixture
def house(sqlite_url: str, vault: Vault, now: int, tmp_path: Path) -> Iterator[House]:
    """A furnished house over a real SQLite store."""
    built = seeded(sqlite_url, vault, now, tmp_path)
    yield built
    run_apart(built.runtime.close())


@pytest.fixture
def citizen(house: House) -> Iterator[TestClient]:
    """A citizen's browser."""
    with browser_of(house) as client:
        yield client


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A real browser; without one a loud skip, in CI an error.

    One for each module: while it is there, playwright's loop stands in the way of every asynchronous test.
    """
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("chromium is missing: .ci/run installs it")
        pytest.skip("chromium is not installed (apt install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()
