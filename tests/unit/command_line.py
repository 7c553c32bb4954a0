"""The command line run as an operator runs it; its fixtures are every unit test's (conftest.py)."""

import logging
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import structlog

from app import cli


class Ran(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def config(sqlite_url: str, tmp_path: Path) -> Path:
    """Settings over a migrated, empty store."""
    file = tmp_path / "xa.toml"
    file.write_text(f'[storage]\nurl = "{sqlite_url}"\n[privacy]\nkey_file = "{tmp_path / "xa.key"}"\n')
    return file


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Iterator[Run]:
    """Run `nghedan` with these words."""
    monkeypatch.chdir(tmp_path)
    handlers = list(logging.root.handlers)

    def ran(*words: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["nghedan", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return Ran(ended.value.code if isinstance(ended.value.code, int) else 0, said.out, said.err)

    yield ran
    structlog.reset_defaults()
    logging.root.handlers[:] = handlers
