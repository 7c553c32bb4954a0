"""The command line as an operator meets it: what it says, where, and with which exit code."""

import ctypes
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from app import cli
from app.transcripts import read
from tests.unit.command_line import Ran, Run

FIVE_FAULTS = """\
id = "năm lỗi"
title = ""

[[questions]]
id = "a"
kind = "likert6"
text = "Hài lòng không?"

[[questions]]
id = "a"
kind = "yesno"
text = "Có trễ hẹn không?"
show_if = "z == 1"
"""
TOKEN = "123456:rat-bi-mat"


def commands() -> dict[str, Any]:
    """Every command by its words."""

    def walk(command: Any, path: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
        children = getattr(command, "commands", {})
        if not children:
            yield " ".join(path), command
        for name, child in children.items():
            yield from walk(child, (*path, name))

    return dict(walk(typer.main.get_command(cli.app), ()))


# --- use ---


@pytest.mark.parametrize("command", commands())
def test_every_command_explains_itself(command: str, run: Run) -> None:
    told = run(*command.split(), "--help")
    assert told.code == 0
    assert told.err == ""
    assert "Usage: nghedan" in told.out


@pytest.mark.parametrize("command", commands())
def test_every_command_takes_its_settings_from_a_file(command: str) -> None:
    assert "--config" in {option for parameter in commands()[command].params for option in parameter.opts}


@pytest.mark.parametrize(
    "words", ["nosuch", "survey", "survey nosuch", "report make", "officer add", "survey check", "serve --prot 1", ""]
)
def test_wrong_use_is_2(words: str, run: Run) -> None:
    assert run(*words.split()).code == 2


@pytest.mark.parametrize("command", ["serve", "doctor", "chat", "survey list", "officer list", "survey check x.toml"])
def test_faults_of_the_settings_are_2_and_named(command: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "xa.toml").write_text(f"[web]\nprot = 80\n[telegram]\ntoken = '{TOKEN}'\nmode = 'x'\n")
    told = run(*command.split(), "--config", "xa.toml")
    assert told.code == 2
    assert told.out == ""
    assert told.err.splitlines() == [
        "nghedan: xa.toml: [web] prot: no such setting (is port meant?)",
        "nghedan: xa.toml: [telegram] mode: Input should be 'polling' or 'webhook'",
    ]


def test_a_settings_file_that_is_not_there_is_2(run: Run) -> None:
    assert run("survey", "list", "--config", "nowhere.toml") == Ran(
        2, "", "nghedan: nowhere.toml: cannot be read (No such file or directory)\n"
    )


@pytest.mark.parametrize("command", ["survey list", "officer list", "chat", "report make --period 2026-10 --out r"])
def test_what_only_reads_makes_no_store(command: str, run: Run, tmp_path: Path) -> None:
    told = run(*command.split())
    assert told.code == 2
    assert "there is no store yet; `nghedan serve` makes it" in told.err
    assert list(tmp_path.iterdir()) == []


def test_a_commune_that_is_not_there_is_named(run: Run, config: Path) -> None:
    assert run("officer", "add", "lan", "--name", "Lan", "--config", config).code == 0
    told = run("survey", "list", "--config", config, "--commune", "khong-co")
    assert (told.code, told.err) == (2, "nghedan: --commune: there is no commune khong-co\n")


# --- surveys ---


def test_five_faults_of_a_survey_are_five_lines(run: Run, tmp_path: Path) -> None:
    (tmp_path / "sai.toml").write_text(FIVE_FAULTS, "utf-8")
    told = run("survey", "check", "sai.toml")
    assert (told.code, told.err) == (1, "")
    lines = told.out.splitlines()
    assert len(lines) == 5
    assert all(re.match(r"sai\.toml: dòng \d+, ", line) for line in lines)


def test_faults_of_a_survey_as_json(run: Run, tmp_path: Path) -> None:
    (tmp_path / "sai.toml").write_text(FIVE_FAULTS, "utf-8")
    told = run("survey", "check", "sai.toml", "--json")
    assert told.code == 1
    assert len(json.loads(told.out)["faults"]) == 5


def test_a_survey_without_faults_is_0(run: Run) -> None:
    assert run("survey", "check", "sau_thu_tuc").code == 0
    assert json.loads(run("survey", "check", "sau_thu_tuc", "--json").out)["faults"] == []


@pytest.mark.parametrize("command", ["check", "publish"])
def test_a_survey_that_cannot_be_read_is_2_and_the_ready_ones_are_named(command: str, run: Run, config: Path) -> None:
    told = run("survey", command, "khong_co.toml", "--config", config)
    assert told.code == 2
    assert "sau_thu_tuc" in told.err


def test_a_survey_is_published_once_and_listed(run: Run, config: Path) -> None:
    first = json.loads(run("survey", "publish", "sau_thu_tuc", "--json", "--config", config).out)
    again = json.loads(run("survey", "publish", "sau_thu_tuc", "--json", "--config", config).out)
    assert (first["version"], first["new"]) == (1, True)
    assert (again["version"], again["new"], again["url"]) == (1, False, first["url"])
    assert first["url"].endswith("/van-linh/?n=ks_sau_thu_tuc")

    listed = json.loads(run("survey", "list", "--json", "--config", config).out)
    assert [(row["slug"], row["number"], row["state"]) for row in listed["published"]] == [("sau_thu_tuc", 1, "open")]
    assert "chinh_quyen_than_thien" in listed["ready"]
    assert "phiên bản 1" in run("survey", "list", "--config", config).out


def test_a_survey_with_faults_is_not_published(run: Run, config: Path, tmp_path: Path) -> None:
    (tmp_path / "sai.toml").write_text(FIVE_FAULTS, "utf-8")
    told = run("survey", "publish", "sai.toml", "--config", config)
    assert (told.code, told.out, len(told.err.splitlines())) == (1, "", 5)


# --- officers ---


def test_an_officer_is_added_with_a_password_that_is_said_once(run: Run, config: Path) -> None:
    told = run("officer", "add", "lan", "--name", "Lan Mẫu", "--role", "leader", "--config", config)
    assert told.code == 0
    assert re.search(r"Mật khẩu dùng được trong 72 giờ, chỉ hiện một lần: \S{12,}", told.out)
    listed = run("officer", "list", "--json", "--config", config)
    assert json.loads(listed.out) == [{"login": "lan", "name": "Lan Mẫu", "role": "leader"}]


def test_an_officer_of_the_same_name_is_refused(run: Run, config: Path) -> None:
    assert run("officer", "add", "lan", "--name", "Lan", "--config", config).code == 0
    told = run("officer", "add", "lan", "--name", "Lan", "--config", config)
    assert (told.code, told.out) == (1, "")
    assert "lan: there is an officer of that name already" in told.err


@pytest.mark.parametrize("login", ["Lan", "l", "lan mẫu", "a" * 41, "../x", ""])
def test_a_bad_log_in_name_is_refused_before_anything_is_made(login: str, run: Run, tmp_path: Path) -> None:
    told = run("officer", "add", login, "--name", "Lan")
    assert told.code == 1
    assert "LOGIN" in told.err
    assert list(tmp_path.iterdir()) == []


def test_a_short_password_is_refused_and_not_repeated(
    run: Run, config: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "in").write_text("ngắn quá\n")
    with (tmp_path / "in").open() as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        told = run("officer", "add", "lan", "--name", "Lan", "--password-stdin", "--config", config)
    assert told.code == 1
    assert "at least 10 characters" in told.err
    assert "ngắn" not in told.err


def test_a_role_that_is_none_is_wrong_use(run: Run) -> None:
    assert run("officer", "add", "lan", "--name", "Lan", "--role", "chief").code == 2


# --- reports ---


@pytest.mark.parametrize("period", ["2026-13", "2026", "tháng 10", "2026-Q5", ""])
def test_a_period_that_is_none_is_2(period: str, run: Run, config: Path) -> None:
    assert run("officer", "add", "lan", "--name", "Lan", "--config", config).code == 0
    told = run("report", "make", "--period", period, "--out", "bao-cao", "--config", config)
    assert told.code == 2
    assert "--period" in told.err


@pytest.mark.slow
def test_a_report_is_made_of_an_empty_store(run: Run, config: Path, tmp_path: Path) -> None:
    assert run("survey", "publish", "sau_thu_tuc", "--config", config).code == 0
    told = run("report", "make", "--period", "2026-10", "--out", "bao-cao", "--json", "--config", config)
    assert told.code == 0, told.err
    made = json.loads(told.out)
    assert {Path(file["name"]).suffix for file in made} >= {".docx", ".pdf", ".xlsx"}
    assert all(Path(file["path"]).stat().st_size > 0 for file in made)
    assert {Path(file["path"]).parent for file in made} == {tmp_path / "bao-cao"}


# --- chat ---

NGHEDAN = [sys.executable, "-m", "app.cli"]
ROOT = Path(__file__).resolve().parents[2]


def test_a_conversation_is_recorded_as_a_transcript(tmp_path: Path) -> None:
    record = tmp_path / "moi.toml"
    typed = "4\nrất hài lòng\n:photo khong-co.jpg\nbỏ qua\nmẫu 2\n\n"
    done = subprocess.run(
        [*NGHEDAN, "chat", "--trial", "--source", "ks_sau_thu_tuc", "--record", record],
        input=typed, capture_output=True, text=True, cwd=ROOT, timeout=60, check=False,
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (0, "")
    assert "khong-co.jpg: No such file or directory" in done.stdout
    transcript = read(record.read_text("utf-8"))
    assert [turn.deed for turn in transcript.turn] == [
        ("start", "ks_sau_thu_tuc"),
        ("say", "4"),
        ("say", "rất hài lòng"),
        ("say", "bỏ qua"),
        ("say", "mẫu 2"),
    ]
    assert "Đã ghi: Rất hài lòng." in transcript.turn[2].bot
    assert transcript.turn[0].bot in done.stdout


def to_the_process(pid: int) -> None:
    os.kill(pid, signal.SIGINT)


def to_a_thread_beside_the_first(pid: int) -> None:
    """A signal that comes when the first thread has looked for signals and goes on to wait: it must be woken."""
    while not re.search(r"^State:\s+S", Path(f"/proc/{pid}/status").read_text("utf-8"), re.MULTILINE):
        pass
    reader = max(int(thread.name) for thread in Path(f"/proc/{pid}/task").iterdir())
    assert ctypes.CDLL(None).tgkill(pid, reader, signal.SIGINT) == 0


@pytest.mark.parametrize("press", [to_the_process, to_a_thread_beside_the_first])
def test_ctrl_c_ends_the_chat_at_once_and_keeps_what_was_recorded(tmp_path: Path, press: Callable[[int], None]) -> None:
    record = tmp_path / "moi.toml"
    with subprocess.Popen(
        # a shell starts what it puts into the background deaf to Ctrl-C, and its children with it
        ["env", "--default-signal=INT", *NGHEDAN, "chat", "--trial", "--record", record],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
    ) as chat:  # fmt: skip
        assert chat.stdout is not None
        while "Trợ giúp" not in chat.stdout.readline():
            assert chat.poll() is None
        while chat.stdout.read(1) != ">":
            assert chat.poll() is None
        began = time.monotonic()
        press(chat.pid)
        try:
            code = chat.wait(20)
        finally:
            chat.kill()
        assert chat.stderr is not None
        assert "Traceback" not in chat.stderr.read()
    assert code == 130
    assert time.monotonic() - began < 15
    assert read(record.read_text("utf-8")).turn[0].deed == ("start", "")


def test_a_record_that_cannot_be_written_is_said_first(run: Run, tmp_path: Path) -> None:
    told = run("chat", "--trial", "--record", tmp_path / "khong-co" / "moi.toml")
    assert told.code == 2
    assert "--record" in told.err
