"""The draft of hồ sơ cấp độ: the one in the documents is that of the program, and the command fills it."""

from pathlib import Path

import pytest

from app.level_file import MANY, level_file
from app.settings import Settings
from storage.scale import Scale
from tests.unit.command_line import Run

ROOT = Path(__file__).parents[2]


def test_the_draft_in_the_documents_is_the_one_that_the_program_writes() -> None:
    assert (ROOT / "docs/ho-so-cap-do.md").read_text("utf-8") == level_file(None, None)


@pytest.mark.parametrize(("people", "level"), [(0, 2), (MANY - 1, 2), (MANY, 3)])
def test_the_level_follows_how_many_people_there_are(people: int, level: int) -> None:
    assert f"**cấp độ {level}**" in level_file(Settings(), Scale(4, people))


@pytest.mark.parametrize(
    ("second", "said"), [("optional", "Tự chọn"), ("required", "Bắt buộc với lãnh đạo"), ("everybody", "mọi cán bộ")]
)
def test_it_says_what_the_settings_ask(second: str, said: str) -> None:
    settings = Settings.model_validate(
        {
            "access": {"second_step": second},
            "web": {"public_url": "https://nghedan.example.vn"},
            "storage": {"url": "postgresql://nghedan:secret-word@127.0.0.1/nghedan"},
            "telegram": {"token": "123:secret-token"},
        }
    )
    told = level_file(settings, Scale(4, 120))
    assert all(sign in told for sign in (said, "https://nghedan.example.vn", "postgresql", "Telegram", "| 120 |"))
    assert "secret" not in told


def test_the_command_writes_it_once(config: Path, run: Run, tmp_path: Path) -> None:
    run("officer", "add", "lan", "--name", "Lan", "--config", config)
    told = run("cap-do", "--out", tmp_path / "a.md", "--config", config)
    assert (told.code, "bản thảo" in told.out) == (0, True)
    assert "xã Vạn Linh" in (tmp_path / "a.md").read_text("utf-8")
    again = run("cap-do", "--out", tmp_path / "a.md", "--config", config)
    assert (again.code, "is there already" in again.err) == (1, True)
