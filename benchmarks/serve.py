"""How soon `nghedan serve` is ready, and what it holds when idle: without a platform, with Telegram, with all channels.

Seconds run from the start of the process until /ready answers 200, on a store that is there already; the yardstick is a
bare interpreter that only imports the libraries no such program can do without. Memory is looked at in /proc.
"""

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path

from benchmarks.result import Measured, Outcome, hand_over, options
from tests.soak.platforms import Fakes, platforms

ROOT = Path(__file__).resolve().parent.parent
NEEDED = "starlette.applications, uvicorn, uvloop, sqlalchemy, jinja2, msgspec, pydantic_settings, structlog, typer"
_KINDS = (
    ("without Telegram", (), "", 1.2, 100.0),
    ("with Telegram", ("telegram",), ", aiogram", 4.5, 230.0),
    ("with all four channels", ("telegram", "zalo_oa", "zalo_bot"), ", aiogram", 5.0, 250.0),
)
"""Name, platforms, what is imported too, most seconds until ready, most MB resident when idle."""
_DEADLINE = 60.0
_KIB = 1024
_MB = 1_000_000


def environment(folder: Path, port: int, sections: dict[str, dict[str, str]]) -> dict[str, str]:
    """Settings of a process of its own; `sections` are of the channels that are on."""
    ours = {
        "NGHEDAN_STORAGE__URL": f"sqlite:///{folder}/nghedan.db",
        "NGHEDAN_PRIVACY__KEY_FILE": f"{folder}/nghedan.key",
        "NGHEDAN_WEB__PORT": str(port),
        "NGHEDAN_WEB__PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
    for section, values in sections.items():
        ours |= {f"NGHEDAN_{section}__{name}".upper(): value for name, value in values.items()}
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("NGHEDAN_", "PYTHONDONTWRITE"))}
    return kept | ours


@contextmanager
def served(folder: Path, sections: dict[str, dict[str, str]]) -> Iterator[tuple[int, float]]:
    """A served store for the length of the block; its process id, and the seconds until it was ready."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "app.cli", "serve"],
        cwd=ROOT,
        env=environment(folder, port, sections),
        stdout=subprocess.DEVNULL,
    )
    try:
        while not answers(port):
            if process.poll() is not None or time.perf_counter() - began > _DEADLINE:
                raise RuntimeError(f"nghedan serve did not become ready (exit {process.returncode})")
            time.sleep(0.005)
        yield process.pid, time.perf_counter() - began
    finally:
        process.terminate()
        process.wait(_DEADLINE)


def answers(port: int) -> bool:
    """Whether /ready says 200."""
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/ready")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def memory(pid: int) -> dict[str, float]:
    """Rss (everything resident) and Pss (shared pages divided by those who share them) in MB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    parts = (line.split() for line in lines if line.startswith(("Rss:", "Pss:")))
    return {name.rstrip(":"): int(size) * _KIB / _MB for name, size, _unit in parts}


def importing(names: str) -> float:
    """Seconds of an interpreter that imports these and ends."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", f"import {names}"], check=True, cwd=ROOT)
    return time.perf_counter() - began


def measure(*, short: bool) -> Outcome:
    """Every kind of process."""
    subprocess.run([sys.executable, "-m", "compileall", "-q", "app", "bot", "web", "storage"], check=False, cwd=ROOT)
    starts, idle_s = (3, 3.0) if short else (7, 10.0)
    figures: list[Measured] = []
    details: dict[str, object] = {"starts": starts, "idle seconds": idle_s}
    for name, channels, extra, ready_s, most_mb in _KINDS:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="nghedan-bench-")))
            fakes: Fakes | None = stack.enter_context(platforms()) if channels else None
            settings = fakes.settings("polling") if fakes else {}
            sections = {channel: settings[channel] for channel in channels}
            with served(folder, sections) as (_pid, seconds):
                details[f"{name}: a new store and key, s"] = seconds
            took: list[float] = []
            bare: list[float] = []
            held: dict[str, float] = {}
            for number in range(starts):
                bare.append(importing(NEEDED + extra))
                with served(folder, sections) as (pid, seconds):
                    took.append(seconds)
                    if number == starts - 1:
                        time.sleep(idle_s)
                        held = memory(pid)
            ratio = statistics.median(a / b for a, b in zip(took, bare, strict=True))
        details[name] = {"ready, s": took, "bare imports, s": bare, **held}
        figures += [
            Measured(name=f"{name}: ready", value=statistics.median(took), unit="s", most=ready_s),
            Measured(name=f"{name}: ready / importing its libraries", value=ratio),
            Measured(name=f"{name}: resident when idle (Rss)", value=held["Rss"], unit="MB", most=most_mb),
            Measured(name=f"{name}: proportional when idle (Pss)", value=held["Pss"], unit="MB"),
        ]
    return Outcome(name="serve", short=short, figures=figures, details=details)


def main() -> int:
    """Exit code 0: whether promises are kept is judged by `python -m benchmarks`."""
    asked = options("serve")
    hand_over(measure(short=asked.short), asked.json)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
