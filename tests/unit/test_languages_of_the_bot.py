"""What the bot says in another language: its own catalogue where there is one, Vietnamese where a text is missing."""

from pathlib import Path

import pytest

import app.wording
from app.catalogues import compile_catalogues
from app.wording import bot_wording, take_missed

HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'


def write(root: Path, language: str, body: str) -> None:
    po = root / f"bot/locale/{language}/LC_MESSAGES/bot.po"
    po.parent.mkdir(parents=True)
    po.write_text(HEAD + body, "utf-8")


def test_a_missing_text_falls_back_to_vietnamese_and_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given a catalogue half translated
    write(tmp_path, "vi", 'msgid "nav.menu"\nmsgstr "Về menu"\n\nmsgid "nav.back"\nmsgstr "Quay lại"\n')
    write(tmp_path, "km", 'msgid "nav.menu"\nmsgstr "ម៉ឺនុយ"\n')
    compile_catalogues(tmp_path)
    monkeypatch.setattr(app.wording, "_ROOT", tmp_path)
    wording = bot_wording()
    # then each text is said in the language that has it
    khmer = wording.spoken("km")
    assert (khmer("nav.menu"), khmer("nav.back")) == ("ម៉ឺនុយ", "Quay lại")
    assert take_missed(wording) == {"km": 1}
    assert take_missed(wording) == {}
    # and a key that nobody has is a fault of ours
    with pytest.raises(KeyError):
        khmer("nav.nowhere")


def test_without_other_catalogues_everybody_is_spoken_to_in_vietnamese() -> None:
    wording = bot_wording()
    assert wording.spoken("km") is wording
