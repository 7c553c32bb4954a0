"""`nghedan retention`, and what `nghedan doctor` says of the keeper of denunciations."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from feedback.kinds import Kind
from tests.unit.command_line import Run


def change(config: Path, statement: str) -> None:
    """Past the program."""
    with closing(sqlite3.connect(config.with_name("nghedan.db"))) as file:
        file.execute(statement)
        file.commit()


def test_the_dry_run_says_every_kind_and_its_months(config: Path, run: Run) -> None:
    run("officer", "add", "lanhdao", "--name", "Mẫu", "--role", "leader", "--config", config)
    config.write_text(config.read_text() + "[retention]\npraise_months = 0\n")
    found = run("retention", "--config", config)
    assert found.code == 0
    assert "số vụ việc đã hết thời hạn lưu: 0" in found.out
    assert "Kiến nghị: lưu 60 tháng sau khi kết thúc; đã hết hạn 0" in found.out
    assert "Khen: không tự xóa" in found.out
    assert "Lịch hẹn gặp, đối thoại: lưu 24 tháng sau khi kết thúc; đã hết hạn 0" in found.out
    lines = json.loads(run("retention", "--json", "--config", config).out)
    assert [line["kind"] for line in lines] == [*Kind, "bookings"]


@pytest.mark.parametrize("days", ["-1", "99999"])
def test_days_that_cannot_be_are_refused(config: Path, run: Run, days: str) -> None:
    refused = run("retention", "--days", days, "--config", config)
    assert (refused.code, "--days" in refused.err) == (1, True)


def test_doctor_says_that_the_keeper_of_denunciations_is_gone(config: Path, run: Run) -> None:
    def finding() -> dict[str, object]:
        findings = json.loads(run("doctor", "--json", "--config", config).out)
        found: dict[str, object] = next(one for one in findings if one["check"] == "keeper of denunciations")
        return found

    run("officer", "add", "lanhdao", "--name", "Nông Văn Mẫu", "--role", "leader", "--config", config)
    assert finding()["well"], "who names nobody has nothing marked"
    run("officer", "keeper", "lanhdao", "--config", config)
    assert finding()["well"]
    for gone in ("active = 0", "active = 1, role = 'admin'"):
        change(config, f"UPDATE officers SET {gone}")
        told = finding()
        assert not told["well"]
        assert "Nông Văn Mẫu" in str(told["found"])
        assert "nghedan officer keeper" in str(told["todo"])
    change(config, "DELETE FROM officers")
    assert "without an account" in str(finding()["found"])
