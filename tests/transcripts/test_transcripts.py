"""Whole conversations, word for word. `pytest tests/transcripts --regenerate` writes them anew: read the difference."""

import shutil
import tomllib
from pathlib import Path

import msgspec
import pytest

from app.transcripts import Recorder, read
from bot.conversation.messages import Bubble, Button
from tests.transcripts.replaying import replay, sample_town

FILES = sorted(Path(__file__).parent.glob("*.toml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
async def test_the_conversation_is_still_the_same(
    file: Path, sqlite_template: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    written = file.read_text("utf-8")
    shutil.copy(sqlite_template, tmp_path / "nghedan.db")
    async with sample_town(tmp_path) as (runtime, unit):
        now = await replay(runtime, unit, read(written))

    if request.config.getoption("--regenerate"):
        file.write_text(now, "utf-8")
    else:
        assert now == written


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_turn_is_answered_and_says_what_it_shows(file: Path) -> None:
    transcript = read(file.read_text("utf-8"))
    assert transcript.about
    for turn in transcript.turn:
        assert turn.bot.strip() or turn.deed[0] == "meanwhile", turn.deed


def test_there_are_enough_conversations() -> None:
    assert len(FILES) >= 15


def test_a_recorded_conversation_is_read_back_as_it_was() -> None:
    said = 'Đường "vào" \\ thôn\u200b 😀 """\tوووو\u202e\nhai dòng'
    bubble = Bubble(text=said, buttons=(Button(id="1:a", label="Có", digit="1"), Button(id="1:back", label="Quay lại")))
    recorder = Recorder("thử")
    recorder.add("say", said, [bubble])

    turn = read(recorder.toml()).turn[0]

    assert turn.deed == ("say", said)
    assert turn.bot == f"{said}\n  1. Có\n  · Quay lại"
    assert "\u200b" not in recorder.toml(), "what nobody can see stands there by its number"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[[turn]]\nsay = 1\nbot = ''", msgspec.ValidationError),
        ("[[turn]]\nsays = 'a'\nbot = ''", msgspec.ValidationError),
        ("[[turn]\n", tomllib.TOMLDecodeError),
    ],
)
def test_a_file_that_is_no_transcript_is_refused(text: str, fault: type[Exception]) -> None:
    with pytest.raises(fault):
        read(text)


def test_a_turn_does_exactly_one_thing() -> None:
    turn = read("[[turn]]\nsay = 'a'\nstart = ''\nbot = ''").turn[0]
    with pytest.raises(ValueError, match="one of"):
        _ = turn.deed
