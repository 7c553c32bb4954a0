"""`nghedan criteria`: what is in a file, what is wrong with it, and working by it."""

from pathlib import Path

from reports.criteria import template
from tests.unit.command_line import Run


def test_a_file_is_told_in_a_few_lines(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "tieu-chi.toml"
    file.write_text(run("criteria", "template").out, "utf-8")

    told = run("criteria", "check", file)

    assert told.code == 0
    assert "4 nhóm, 8 tiêu chí, tổng 100 điểm." in told.out
    assert "Tốt (90), Khá (70), Trung bình (50), Yếu (0)" in told.out
    assert "chưa phải tiêu chí của cấp có thẩm quyền" in told.out


def test_every_fault_is_named_with_its_line(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "tieu-chi.toml"
    file.write_text(template().replace("from = 70", "from = 95").replace("points = 15", "points = 0"), "utf-8")

    told = run("criteria", "check", file)

    assert told.code == 1
    assert "tieu-chi.toml: Dòng 32: points phải là một số lớn hơn 0" in told.err
    assert len(told.err.splitlines()) == 4


def test_a_file_that_is_no_text_is_told(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "tieu-chi.toml"
    file.write_bytes(b"\xff\xfe\x00")
    assert run("criteria", "check", file).code == 1
    file.write_bytes(b"#" * 300_000)
    assert "không quá 200 KB" in run("criteria", "check", file).err
    assert run("criteria", "check", tmp_path / "none.toml").code == 2


def test_criteria_are_taken_away_once(run: Run, config: Path, tmp_path: Path) -> None:
    file = tmp_path / "tieu-chi.toml"
    file.write_text(template(), "utf-8")

    assert run("criteria", "add", file, "--config", config).code == 0
    assert run("criteria", "remove", "--config", config).code == 0
    told = run("criteria", "remove", "--config", config)
    assert (told.code, told.err.strip()) == (1, "nghedan: Xã chưa có tiêu chí nào, nên không có gì để bỏ.")
