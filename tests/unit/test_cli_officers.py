"""What an administrator changes of an officer's account on the command line."""

import json
import re
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.unit.command_line import Ran, Run
from web.console.passwords import _verify as opens


@pytest.fixture
def staffed(config: Path, run: Run) -> Path:
    """Settings over a store with three officers."""
    for login, role in (("lan", "reception"), ("lanhdao", "leader"), ("quantri", "admin")):
        assert run("officer", "add", login, "--name", f"Mẫu {login}", "--role", role, "--config", config).code == 0
    return config


def kept(config: Path, login: str) -> dict[str, Any]:
    with closing(sqlite3.connect(config.with_name("nghedan.db"))) as file:
        file.row_factory = sqlite3.Row
        return dict(file.execute("SELECT * FROM officers WHERE login = ?", (login,)).fetchone())


def typed(text: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *words: object) -> Ran:
    """Run with a line on standard input."""
    (tmp_path / "in").write_text(f"{text}\n")
    with (tmp_path / "in").open() as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        return run(*words)


def test_a_first_password_is_to_be_changed_unless_the_officer_chose_it(
    config: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("officer", "add", "lan", "--name", "Lan", "--config", config)
    words = ("officer", "add", "mai", "--name", "Mai", "--password-stdin", "--keep-password", "--config", config)
    assert typed("giếng cổ đầu làng 7", run, tmp_path, monkeypatch, *words).code == 0
    assert (kept(config, "lan")["must_change"], kept(config, "mai")["must_change"]) == (1, 0)


@pytest.mark.parametrize(
    ("password", "said"),
    [("matkhau12345", "common words"), ("nonglan 2026!", "own names"), ("1234567890", "a row of keys")],
)
def test_a_password_that_is_easily_guessed_is_refused_and_not_repeated(
    config: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, password: str, said: str
) -> None:
    words = ("officer", "add", "nonglan", "--name", "Nông Lan", "--password-stdin", "--config", config)
    told = typed(password, run, tmp_path, monkeypatch, *words)
    assert (told.code, said in told.err, password in told.err + told.out) == (1, True, False)


def test_a_forgotten_password_is_replaced_and_said_once(staffed: Path, run: Run) -> None:
    before = kept(staffed, "lan")
    told = run("officer", "reset", "lan", "--config", staffed)
    password = re.search(r"chỉ hiện một lần: (\S+)", told.out)
    assert (told.code, bool(password)) == (0, True)
    after = kept(staffed, "lan")
    assert (after["must_change"], after["password_hash"] != before["password_hash"]) == (1, True)
    assert password
    assert opens(after["password_hash"], password[1])
    assert run("doctor", "--audit", "--config", staffed).code == 0


def test_an_account_is_switched_off_and_on_again(staffed: Path, run: Run) -> None:
    assert run("officer", "off", "lan", "--config", staffed).code == 0
    listed = json.loads(run("officer", "list", "--json", "--config", staffed).out)
    assert "lan" not in {one["login"] for one in listed}
    assert kept(staffed, "lan")["active"] == 0
    assert run("officer", "on", "lan", "--config", staffed).code == 0
    assert kept(staffed, "lan")["active"] == 1


def test_another_role_is_given(staffed: Path, run: Run) -> None:
    assert run("officer", "role", "lan", "leader", "--config", staffed).code == 0
    assert kept(staffed, "lan")["role"] == "leader"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("off", "lanhdao"), "the last leader or administrator stays"),
        (("role", "quantri", "reception"), "the last leader or administrator stays"),
        (("off", "khongco"), "no officer of that log-in name"),
        (("reset", "khongco"), "no officer of that log-in name"),
        (("role", "lan", "village_head"), "a village_head has a village"),
        (("role", "lan", "village_head", "--village", "thôn Không Có"), "--village"),
        (("off", "lan", "--commune", "khong-co"), "there is no commune"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(
    staffed: Path, run: Run, words: tuple[str, ...], said: str
) -> None:
    before = [kept(staffed, login) for login in ("lan", "lanhdao", "quantri")]
    told = run("officer", *words, "--config", staffed)
    assert (told.code in {1, 2}, told.out, said in told.err) == (True, "", True)
    assert [kept(staffed, login) for login in ("lan", "lanhdao", "quantri")] == before
