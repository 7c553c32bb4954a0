"""The list of security requirements names tests: each of them is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
LIST = ROOT / "docs/developers/asvs.md"


def test_every_file_that_the_list_names_exists() -> None:
    named = set(re.findall(r"`((?:tests|web|feedback|vietnam|app|storage)/[\w/.]+)`", LIST.read_text("utf-8")))
    assert len(named) > 40
    assert sorted(name for name in named if not (ROOT / name).is_file()) == []


def test_every_chapter_of_the_standard_is_in_the_list() -> None:
    told = set(re.findall(r"\bV(\d+)\b", " ".join(re.findall(r"(?m)^## (.+)$", LIST.read_text("utf-8")))))
    assert told == {str(chapter) for chapter in range(1, 18)}
