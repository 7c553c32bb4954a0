"""A real `nghedan serve` in a folder of its own: made, started, looked at from outside, stopped or killed."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.error import URLError
from urllib.request import urlopen

T = TypeVar("T")
NGHEDAN = Path(sys.executable).with_name("nghedan")
LATER = Path(__file__).with_name("later.py")
SECONDS = 30.0
"""A deadline, not a wait: two busy cores may need it, nothing normally does."""
VILLAGES = ("thôn Mẫu Một", "thôn Mẫu Hai", "thôn Mẫu Ba")
PASSWORD = "giếng cổ đầu làng 7"


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


def wait_until(look: Callable[[], T | None], missed: str, seconds: float = SECONDS) -> T:
    """Look again and again until something true comes of it; AssertionError when time is up."""
    until = time.monotonic() + seconds
    while not (found := look()):
        if time.monotonic() > until:
            raise AssertionError(f"{missed} in {seconds} s")
        time.sleep(0.02)
    return found


class Place:
    """A folder with settings for a commune; `command` runs the real command line there.

    `ahead`: minutes by which the clock of whatever is started from now on goes before that on the wall.
    """

    def __init__(
        self,
        folder: Path,
        *,
        url: str = "",
        telegram: dict[str, str] | None = None,
        waves: dict[str, str] | None = None,
        **sections: dict[str, str],
    ) -> None:
        """`url` is of the store, a SQLite file in the folder where none is given; the others are sections."""
        self.folder = folder
        self.ahead = 0
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.store_url = url or f"sqlite:///{folder / 'nghedan.db'}"
        self.key_file = folder / "nghedan.key"
        self.config = folder / "nghedan.toml"
        self._write({"telegram": telegram or {}, "waves": waves or {}, **sections})

    def _write(self, sections: dict[str, dict[str, str]]) -> None:
        settings: dict[str, dict[str, object]] = {
            "storage": {"url": self.store_url},
            "web": {"port": self.port, "public_url": self.url},
            "commune": {"name": "xã Mẫu", "province": "tỉnh Mẫu", "units": list(VILLAGES)},
            "privacy": {"key_file": str(self.key_file)},
        }
        settings |= {name: {**settings.get(name, {}), **values} for name, values in sections.items()}
        lines = [
            line
            for section, values in settings.items()
            # JSON writes strings, numbers and lists exactly as TOML does.
            for line in (f"[{section}]", *(f"{key} = {json.dumps(value)}" for key, value in values.items()))
        ]
        self.config.write_text("\n".join(lines) + "\n", "utf-8")

    def command(self, *words: str, given: str = "") -> str:
        """What a command prints; AssertionError with its complaint where it fails."""
        done = self._run(words, given)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def refused(self, *words: str) -> str:
        """What a command says when its answer is no; AssertionError where it is anything else."""
        done = self._run(words, "")
        assert done.returncode == 1, (done.returncode, done.stdout, done.stderr)
        return done.stdout + done.stderr

    def _run(self, words: tuple[str, ...], given: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*self.program, *words, "--config", self.config],
            input=given,
            capture_output=True,
            text=True,
            cwd=self.folder,
            env=_environment(),
            timeout=SECONDS,
            check=False,
        )

    @property
    def program(self) -> list[str | Path]:
        """What runs `nghedan` here, now or `ahead`."""
        return [sys.executable, LATER, str(self.ahead)] if self.ahead else [NGHEDAN]

    def furnish(self, *surveys: str) -> None:
        """Publish ready surveys and add an officer "canbo" with PASSWORD."""
        for survey in surveys:
            self.command("survey", "publish", survey)
        words = ("officer", "add", "canbo", "--name", "Cán bộ mẫu", "--password-stdin", "--keep-password")
        self.command(*words, given=f"{PASSWORD}\n")

    def settle_in(self, furnished: "Place") -> None:
        """Take over the SQLite store and the key of another place, which must not be running."""
        shutil.copy(furnished.folder / "nghedan.db", self.folder / "nghedan.db")
        shutil.copy(furnished.key_file, self.key_file)


@dataclass
class Server:
    """A running `nghedan serve`."""

    place: Place
    process: "subprocess.Popen[bytes]"

    @property
    def url(self) -> str:
        """Where its pages are, without a slash at the end."""
        return self.place.url

    @property
    def log(self) -> str:
        """What it has written to stderr so far."""
        return (self.place.folder / "serve.log").read_text()

    def kill(self) -> None:
        """SIGKILL, as a power cut would."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """SIGTERM; its exit code. A process that does not end is killed and an AssertionError."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"serve did not end: {self.log}") from None


def start(place: Place) -> Server:
    """Start serving and wait for /ready; AssertionError with the log where that does not come."""
    with (place.folder / "serve.log").open("ab") as log:
        process = subprocess.Popen(
            [*place.program, "serve", "--config", place.config],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=place.folder,
            env=_environment(),
            start_new_session=True,
        )
    server = Server(place, process)
    try:
        wait_until(lambda: process.poll() is not None or _ready(place), "serve is not ready")
        assert process.poll() is None, server.log
    except BaseException:
        server.kill()
        raise
    return server


@contextmanager
def serving(place: Place) -> Iterator[Server]:
    """A server for the length of the block; it must end well."""
    server = start(place)
    try:
        yield server
    except BaseException:
        server.kill()
        raise
    assert server.stop() == 0, server.log


def _ready(place: Place) -> bool:
    try:
        with urlopen(f"{place.url}/ready", timeout=2) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NGHEDAN_")}
    return kept | {"PYTHONUNBUFFERED": "1"}
