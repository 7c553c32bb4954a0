"""`nghedan doctor --audit` and `nghedan officer keeper`, run as an operator runs them."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.unit.command_line import Run


@pytest.fixture
def staffed(config: Path, run: Run) -> Path:
    """Settings over a store with three officers: three acts in its chain."""
    for login, role in (("tiepnhan", "reception"), ("lanhdao", "leader"), ("quantri", "admin")):
        assert run("officer", "add", login, "--name", f"Mẫu {login}", "--role", role, "--config", config).code == 0
    return config


def change(config: Path, statement: str) -> None:
    """Past the program."""
    with closing(sqlite3.connect(config.with_name("nghedan.db"))) as file:
        file.execute(statement)
        file.commit()


def test_a_whole_list_of_acts_is_said_to_be_whole(staffed: Path, run: Run) -> None:
    found = run("doctor", "--audit", "--config", staffed)
    assert found.code == 0
    assert "3 whole, newest " in found.out
    again = json.loads(run("doctor", "--audit", "--json", "--config", staffed).out)
    assert [one["well"] for one in again] == [True]


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE acts SET actor = 'citizen' WHERE seq = 2", "act 2 is not as it was written"),
        ("UPDATE acts SET detail = '{}' WHERE seq = 2", "what act 2 says is not as it was written"),
        ("DELETE FROM acts WHERE seq = 2", "act 2 is missing"),
        ("DELETE FROM acts WHERE seq = 3", "the newest acts, from act 3 on, are missing"),
        ("UPDATE acts SET seq = NULL WHERE seq = 3", "the newest acts, from act 3 on, are missing"),
    ],
)
def test_the_first_broken_act_is_named(staffed: Path, run: Run, statement: str, said: str) -> None:
    change(staffed, statement)
    found = run("doctor", "--audit", "--config", staffed)
    assert found.code == 1
    assert said in found.out
    assert "-> somebody changed the store past the program" in found.out


def test_who_keeps_what_is_confidential(staffed: Path, run: Run) -> None:
    assert "Chưa chỉ định ai" in run("officer", "keeper", "--config", staffed).out
    named = run("officer", "keeper", "lanhdao", "--config", staffed)
    assert (named.code, "Mẫu lanhdao" in named.out) == (0, True)
    # an administrator, and who is not there, cannot be
    for login in ("quantri", "khongco"):
        refused = run("officer", "keeper", login, "--config", staffed)
        assert refused.code == 1
        assert "there is no reception officer or leader" in refused.err
    assert "Mẫu lanhdao" in run("officer", "keeper", "--config", staffed).out
    # and that is an act in the chain
    assert "4 whole" in run("doctor", "--audit", "--config", staffed).out
