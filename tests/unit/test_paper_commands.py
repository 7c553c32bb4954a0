"""`nghedan register` and `nghedan dossier`, as an operator runs them over a store without cases."""

import zipfile
from pathlib import Path

import pytest

from tests.unit.command_line import Run


@pytest.fixture
def seeded(run: Run, config: Path) -> Path:
    """Settings over a store that has its commune."""
    assert run("officer", "add", "lan", "--name", "Lan", "--config", config).code == 0
    return config


def test_the_registers_of_a_period_are_four_files(run: Run, seeded: Path, tmp_path: Path) -> None:
    told = run("register", "--period", "2026-10", "--out", tmp_path / "so", "--config", seeded)

    assert (told.code, told.err) == (0, "")
    names = sorted(path.name for path in (tmp_path / "so").iterdir())
    assert names == [
        "so-theo-doi-phan-anh-kien-nghi-2026-10.pdf",
        "so-theo-doi-phan-anh-kien-nghi-2026-10.xlsx",
        "so-tiep-cong-dan-2026-10.pdf",
        "so-tiep-cong-dan-2026-10.xlsx",
    ]
    assert sorted(Path(line).name for line in told.out.splitlines()) == names


def test_a_zip_of_an_empty_period_has_its_registers_and_says_that_there_are_no_cases(
    run: Run, seeded: Path, tmp_path: Path
) -> None:
    words = ("dossier", "--period", "2026-10", "--out", tmp_path / "ho-so", "--without-names", "--config", seeded)
    told = run(*words)

    assert (told.code, told.err) == (0, "")
    (made,) = (tmp_path / "ho-so").iterdir()
    assert made.name == "ho-so-kiem-tra-2026-10-khong-ten.zip"
    packed = zipfile.ZipFile(made)
    assert packed.testzip() is None
    assert "0 vụ việc, 4 tệp" in packed.read("muc-luc.txt").decode("utf-8-sig")


@pytest.mark.parametrize("command", ["register", "dossier"])
def test_wrong_periods_and_places_are_named(command: str, run: Run, seeded: Path, tmp_path: Path) -> None:
    file = tmp_path / "tep"
    file.write_text("")
    for period, out, said in (
        ("2026-13", tmp_path / "a", "--period: 2026-13 is none of"),
        ("2999-01", tmp_path / "a", "--period: 2999-01 is none of"),
        ("2098-01", tmp_path / "a", "--period: 2098-01 has not begun yet"),
        ("2026-10", file / "b", f"--out: {file / 'b'}: Not a directory"),
    ):
        told = run(command, "--period", period, "--out", out, "--config", seeded)
        assert told.code == 2
        assert said in told.err
        assert told.out == ""
