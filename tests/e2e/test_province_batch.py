"""`nghedan province make` as a real process: many communes, one that fails, and Ctrl-C in the middle."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from random import Random
from typing import TypeVar

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import select, update

from storage import responses
from storage.opening import open_store
from storage.tables import reports, rollups, units
from storage.tx import Tx
from storage.units import seed_commune, villages
from storage.vault import Vault, make_key_file
from storage.waves import publish
from surveys.definition import Answer, Survey
from surveys.ready import ready
from vietnam.time import start_of

T = TypeVar("T")
MONTH, DAY = "2026-10", date(2026, 10, 20)
PROVINCE = "tỉnh Mẫu"
SOON = 60.0
pytestmark = pytest.mark.slow


def fill(tx: Tx, vault: Vault, number: int, name: str) -> None:
    """A commune with a month of answers to one questionnaire, the same file as in every other."""
    rng, survey = Random(number), ready("chinh_quyen_than_thien")
    commune = seed_commune(tx, province=PROVINCE, commune=name, village_names=["thôn Một"], phone="", contact="")
    wave = publish(tx, commune, survey, "a" * 64, start_of(date(2026, 9, 1))).wave
    (village,) = villages(tx.conn, commune)
    for _ in range(30):
        part = {"survey": survey, "wave": wave, "unit": commune, "village": village.id, "channel": "webchat"}
        responses.seal(tx, vault, **part, answers=answered(survey, rng))  # type: ignore[arg-type]  # the values are right
    while responses.release(tx, vault, lambda _version: survey, DAY, rng, chunk=10_000):
        pass


def answered(survey: Survey, rng: Random) -> dict[str, Answer]:
    return {one.id: rng.randint(2, 5) if one.kind == "likert5" else None for one in survey.questions}


class House:
    """A store of its own in a folder, and the command line over it; nothing of a child may stay in `left`."""

    def __init__(self, folder: Path) -> None:
        self.url = f"sqlite:///{folder / 'nghedan.db'}"
        self.out, self.left = folder / "out", folder / "left"
        self.left.mkdir()
        self.config = folder / "tinh.toml"
        self.vault = make_key_file(folder / "tinh.key")
        self.config.write_text(
            f'[storage]\nurl = "{self.url}"\n[privacy]\nkey_file = "{folder / "tinh.key"}"\n'
            f'[commune]\nname = "xã Mẫu 1"\nprovince = "{PROVINCE}"\n',
            "utf-8",
        )

    def write(self, unit: Callable[[Tx], T]) -> T:
        async def run() -> T:
            store = open_store(self.url)
            try:
                return await store.write(unit)
            finally:
                await store.close()

        return asyncio.run(run())

    def states(self) -> list[str]:
        return sorted(self.write(lambda tx: list(tx.conn.scalars(select(reports.c.state)))))

    @contextmanager
    def making(self, *more: str) -> Iterator["subprocess.Popen[str]"]:
        """The command, running."""
        words = ["province", "make", MONTH, "--out", str(self.out), "--config", str(self.config), *more]
        process = subprocess.Popen(
            [sys.executable, "-m", "app.cli", *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "TMPDIR": str(self.left)},
        )
        try:
            yield process
        finally:
            process.kill()
            process.communicate()

    def make(self, *more: str) -> tuple[int, str, str]:
        """Exit code, stdout and stderr of the whole run."""
        with self.making(*more) as process:
            out, err = process.communicate(timeout=SOON)
            return process.returncode, out, err


@pytest.fixture
def house(sqlite_url: str, tmp_path: Path) -> House:
    built = House(tmp_path)
    for number in range(1, 5):
        built.write(partial(fill, vault=built.vault, number=number, name=f"xã Mẫu {number}"))
    return built


def children(of: int) -> set[int]:
    """The processes that a process has started and that still run."""
    try:
        return {int(id) for id in Path(f"/proc/{of}/task/{of}/children").read_text().split()}
    except FileNotFoundError:
        return set()


def test_every_commune_and_the_province_in_one_run(house: House, tmp_path: Path) -> None:
    code, out, err = house.make("--workers", "2", "--json")

    assert code == 0
    done = json.loads(out)
    assert sorted(done["made"]) == [f"xã Mẫu {number}" for number in range(1, 5)]
    # every commune is told of once, as it ends
    assert sorted(line.split("] ")[1] for line in err.splitlines()) == sorted(done["made"])
    assert err.splitlines()[-1].startswith("[4/4] ")
    assert {path.name for path in house.out.iterdir() if path.is_dir()} == {f"mau-{number}" for number in range(1, 5)}
    assert (house.out / "mau-3" / "bao-cao-2026-10.pdf").stat().st_size > 10_000
    assert house.states() == ["ready"] * 4
    assert list(house.left.iterdir()) == []
    said = "\n".join(page.extract_text() for page in PdfReader(house.out / "tong-hop-2026-10.pdf").pages)
    assert "4/4 xã, phường, đặc khu" in " ".join(said.split())
    opened_by_an_office(house.out, tmp_path / "office")

    # a second run finds them all there, and makes none anew
    again = json.loads(house.make("--json")[1])
    assert (again["made"], len(again["there"])) == ([], 4)


def opened_by_an_office(out: Path, folder: Path) -> None:
    """The roll-up as LibreOffice and a spreadsheet read it."""
    book = load_workbook(out / "tong-hop-2026-10.xlsx")
    assert book.sheetnames[0] == "Nộp số liệu"
    for sheet in book:
        assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
    shared = book["Hài lòng 1"]
    assert shared.freeze_panes == "B5"
    assert [shared.cell(5 + at, 1).value for at in range(4)] == [f"xã Mẫu {number}" for number in range(1, 5)]
    assert shared.cell(5, 3).number_format == "0.0%"
    assert len(shared._charts) == 1
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed: nobody else here opens the files as an officer does")
    command = [office, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf"]
    file = out / "tong-hop-2026-10.docx"
    subprocess.run([*command, "--outdir", str(folder), str(file)], capture_output=True, timeout=180, check=True)
    words = " ".join(" ".join(page.extract_text().split()) for page in PdfReader(folder / "tong-hop-2026-10.pdf").pages)
    for said in ("ỦY BAN NHÂN DÂN", "TỈNH MẪU", "II. MỨC ĐỘ HÀI LÒNG", "Không đủ cơ sở để xếp hạng", "Cộng 4 đơn vị"):
        assert said in words


def test_a_commune_that_fails_is_named_and_stops_no_other(house: House) -> None:
    def spoil(tx: Tx) -> None:
        villages_of = select(units.c.id).where(
            units.c.parent_id == select(units.c.id).where(units.c.name == "xã Mẫu 2").scalar_subquery()
        )
        tx.execute(update(rollups).where(rollups.c.unit_id.in_(villages_of)).values(counts="hỏng"))

    house.write(spoil)
    code, out, err = house.make()

    assert code == 1
    assert "Lập mới 3 báo cáo" in out
    assert "xã Mẫu 2: chưa lập được báo cáo" in err
    assert "Traceback" not in err
    assert house.states() == ["failed", "ready", "ready", "ready"]
    said = "\n".join(page.extract_text() for page in PdfReader(house.out / "tong-hop-2026-10.pdf").pages)
    assert "Chưa có số liệu: xã Mẫu 2." in " ".join(said.split())


def test_ctrl_c_leaves_whole_reports_and_nothing_else(house: House) -> None:
    with house.making("--workers", "2") as process:
        assert process.stderr is not None
        assert process.stderr.readline().startswith("[1/4] ")
        workers = children(process.pid)
        assert workers
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=SOON)

    assert process.returncode == 130
    assert "Traceback" not in out + err
    # nothing of it runs any more, nothing lies about, and no report hangs between being asked for and made
    assert not any(Path(f"/proc/{id}").exists() for id in workers)
    assert list(house.left.iterdir()) == []
    assert "making" not in house.states()
    assert 1 <= house.states().count("ready") < 4
    assert not list(house.out.glob("tong-hop-*"))
    # the same command goes on from there
    assert house.make()[0] == 0
    assert house.states().count("ready") == 4


def test_a_killed_run_leaves_no_process(house: House) -> None:
    with house.making("--workers", "2") as process:
        assert process.stderr is not None
        process.stderr.readline()
        workers = children(process.pid)
        process.kill()
        process.wait()
    until = time.monotonic() + SOON
    while any(Path(f"/proc/{id}").exists() for id in workers):
        assert time.monotonic() < until, "a worker outlives the command that started it"
        time.sleep(0.02)


def test_a_folder_that_cannot_be_written(house: House) -> None:
    house.out.write_text("here already", "utf-8")
    code, _out, err = house.make()
    assert code == 2
    assert "--out" in err
    assert house.states() == []
