"""The demo a newcomer starts, and a real browser to look at it with."""

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.serving import NGHEDAN, free_port, wait_until

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
    "locale": "vi-VN",
    "reduced_motion": "reduce",
}
DESK: dict[str, Any] = {"viewport": {"width": 1366, "height": 768}, "locale": "vi-VN", "accept_downloads": True}
PICTURES = Path(__file__).parents[2] / "docs" / "pictures"


@dataclass
class Demo:
    """A running demo: its address, its password, the report it wrote, the words of the command that it names."""

    url: str
    password: str
    report: Path
    results: list[str]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    folder = tmp_path_factory.mktemp("demo")
    log = folder / "out.log"
    port = free_port()
    with log.open("w") as out:
        process = subprocess.Popen(
            [NGHEDAN, "demo", "--dir", folder / "store", "--port", str(port)],
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=folder,
        )
    try:
        wait_until(lambda: "Ctrl-C" in log.read_text() or process.poll() is not None, "the demo did not start", 90)
        said = log.read_text()
        password = re.search(r"Mật khẩu: (\S+)", said)
        report = re.search(r"(/\S+\.pdf)", said)
        results = re.search(r"nghedan (wave results \S+ --config \S+)", said)
        assert password, said
        assert results, said
        assert report, said
        yield Demo(f"http://127.0.0.1:{port}", password[1], Path(report[1]), results[1].split())
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)
    assert process.returncode == 0, log.read_text()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("chromium is missing: .ci/run installs it")
        pytest.skip("chromium is not installed (apt install chromium)")
    from playwright.sync_api import sync_playwright

    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def pictures(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Where pictures go: into the documents with --pictures, else nowhere that is kept."""
    return PICTURES if request.config.getoption("--pictures", default=False) else tmp_path
