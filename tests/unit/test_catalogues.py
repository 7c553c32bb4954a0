"""Catalogues: what a translator writes in a .po is what the program says."""

import gettext
from pathlib import Path

import pytest
from babel.messages.pofile import PoFileError

from app.catalogues import ROOT, catalogues, compile_catalogue, compile_catalogues

HEAD = 'msgid ""\nmsgstr ""\n"Language: vi\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'


def written(root: Path, body: str) -> Path:
    po = root / "bot/locale/vi/LC_MESSAGES/bot.po"
    po.parent.mkdir(parents=True)
    po.write_text(HEAD + body, "utf-8")
    return po


def test_a_compiled_catalogue_says_what_was_written(tmp_path: Path) -> None:
    written(tmp_path, 'msgid "menu.help"\nmsgstr "Trợ giúp"\n')

    compile_catalogues(tmp_path)

    spoken = gettext.translation("bot", tmp_path / "bot/locale", ["vi"])
    assert spoken.gettext("menu.help") == "Trợ giúp"


def test_a_text_marked_fuzzy_is_not_said(tmp_path: Path) -> None:
    written(tmp_path, '#, fuzzy\nmsgid "menu.help"\nmsgstr "Chưa ai xem"\n')

    compile_catalogues(tmp_path)

    assert gettext.translation("bot", tmp_path / "bot/locale", ["vi"]).gettext("menu.help") == "menu.help"


def test_a_broken_catalogue_is_refused_and_the_old_one_stays(tmp_path: Path) -> None:
    po = written(tmp_path, 'msgid "menu.help"\nmsgstr "Trợ giúp"\n')
    before = compile_catalogue(po).read_bytes()
    po.write_text(HEAD + 'msgid "menu.help"\nmsgtext "Trợ giúp"\n', "utf-8")

    with pytest.raises(PoFileError):
        compile_catalogue(po)

    assert po.with_suffix(".mo").read_bytes() == before


def test_every_room_that_speaks_is_found() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in catalogues()} >= {"bot", "reports"}
