"""`nghedan survey` on files: checked one by one and by folders, imported, exported, published with what they name."""

import asyncio
import json
import os
import re
from io import StringIO
from pathlib import Path

import pytest
from sqlalchemy import select

from app.commands.common import opened
from app.settings import load
from storage.tables import blobs, survey_files
from tests.unit.command_line import Run
from tests.unit.xlsforms import form

FAULTY = """\
id = "năm lỗi"
title = ""
"""


def sheet(path: Path, *rows: tuple[object, ...], choices: tuple[tuple[object, ...], ...] = ()) -> None:
    """An XLSForm of those rows."""
    path.write_bytes(form([("type", "name", "label"), *rows], choices))


def test_a_folder_of_surveys_is_accounted_for_file_by_file(run: Run, tmp_path: Path) -> None:
    # Given: a good form, a form with five faults, a TOML file, the officers' template, and what is no survey
    folder = tmp_path / "phieu"
    folder.mkdir()
    sheet(folder / "tot.xlsx", ("text", "a", "Câu một"), ("integer", "b", "Câu hai"))
    sheet(folder / "sai.xlsx", *((kind, f"q{n}", "Câu") for n, kind in enumerate(("video",) * 5)))
    (folder / "sai.toml").write_text(FAULTY, "utf-8")
    assert run("survey", "template", "--out", folder / "mau.xlsx").code == 0
    (folder / "doc.txt").write_text("không phải phiếu")
    (folder / "gia.xls").write_text("<html><table></table></html>")
    # When
    told = run("survey", "check", folder)
    # Then: a refused file of a folder is an answer
    assert (told.code, told.err) == (0, "")
    assert re.search(r"^tot\.xlsx +đọc được, 2 câu$", told.out, re.MULTILINE)
    assert re.search(r"^mau\.xlsx +đọc được", told.out, re.MULTILINE)
    assert re.search(r"^sai\.xlsx +không nhận, 5 chỗ", told.out, re.MULTILINE)
    assert re.search(r"^gia\.xls +không nhận, 1 chỗ", told.out, re.MULTILINE)
    assert 'trang tính "survey", ô A2: loại câu hỏi "video"' in told.out
    assert "... và 2 chỗ nữa" in told.out
    assert "ô A6" not in told.out
    assert "ô A6" in run("survey", "check", folder, "--all").out
    assert told.out.splitlines()[-1].startswith("Tất cả 5 tệp: 2 tệp đọc được")


def test_a_folder_as_json(run: Run, tmp_path: Path) -> None:
    sheet(tmp_path / "tot.xlsx", ("text", "a", "Câu một"))
    sheet(tmp_path / "sai.xlsx", ("barcode", "a", "Câu một"))
    files = json.loads(run("survey", "check", tmp_path, "--json").out)["files"]
    assert [(Path(one["file"]).name, one["kind"], one["questions"], len(one["faults"])) for one in files] == [
        ("sai.xlsx", "xlsform", None, 1),
        ("tot.xlsx", "xlsform", 1, 0),
    ]
    assert files[0]["faults"][0]["place"] == {**files[0]["faults"][0]["place"], "sheet": "survey", "cell": "A2"}


def test_several_files_are_1_where_one_has_faults(run: Run, tmp_path: Path) -> None:
    sheet(tmp_path / "tot.xlsx", ("text", "a", "Câu một"))
    sheet(tmp_path / "sai.xlsx", ("barcode", "a", "Câu một"))
    assert run("survey", "check", "tot.xlsx", "sau_thu_tuc").code == 0
    assert run("survey", "check", "tot.xlsx", "sai.xlsx").code == 1


def test_a_folder_without_surveys_is_2(run: Run, tmp_path: Path) -> None:
    (tmp_path / "trong").mkdir()
    assert run("survey", "check", "trong").code == 2


@pytest.mark.parametrize("command", ["check", "walk", "publish"])
def test_a_file_that_is_not_there_is_told_in_words_of_an_officer(command: str, run: Run) -> None:
    told = run("survey", command, "khong-co.xlsx")
    assert (told.code, told.out) == (2, "")
    assert "không có tệp “khong-co.xlsx”" in told.err
    assert "mot_cua" in told.err


def test_a_folder_where_one_file_is_wanted(run: Run, tmp_path: Path) -> None:
    told = run("survey", "walk", tmp_path)
    assert (told.code, told.out) == (2, "")
    assert "là thư mục" in told.err


def test_a_folder_that_is_called_like_a_file_is_none(run: Run, tmp_path: Path) -> None:
    (tmp_path / "cu.xlsx").mkdir()
    sheet(tmp_path / "tot.xlsx", ("text", "a", "Câu một"))
    told = run("survey", "check", tmp_path)
    assert (told.code, told.err) == (0, "")
    assert told.out.splitlines()[-1].startswith("Tất cả 1 tệp")


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_a_file_of_a_folder_that_cannot_be_opened_is_accounted_for(run: Run, tmp_path: Path) -> None:
    sheet(tmp_path / "tot.xlsx", ("text", "a", "Câu một"))
    (tmp_path / "kin.toml").write_text(FAULTY, "utf-8")
    (tmp_path / "kin.toml").chmod(0)
    told = run("survey", "check", tmp_path)
    assert told.code == 0
    assert re.search(r"^kin\.toml +không nhận, 1 chỗ", told.out, re.MULTILINE)


def test_the_walk_speaks_in_words(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given
    assert run("survey", "template", "--out", tmp_path / "mau.xlsx").code == 0
    # When
    monkeypatch.setattr("sys.stdin", StringIO(":map\n:why 8\n\n"))
    told = run("survey", "walk", tmp_path / "mau.xlsx")
    # Then
    assert told.code == 0
    assert "Thang 5 mức" in told.out
    assert "(chỉ hỏi khi câu 7 chọn “Có”)" in told.out
    assert "Không hỏi: câu này chỉ hỏi khi câu 7 chọn “Có”. Đang là: câu 7 (c4): chưa trả lời." in told.out
    assert "likert5" not in told.out
    assert "==" not in told.out


def test_remarks_come_after_what_is_right(run: Run, tmp_path: Path) -> None:
    sheet(tmp_path / "tot.xlsx", ("start", "start", ""), ("text", "a", "Câu một"))
    told = run("survey", "check", "tot.xlsx")
    assert told.code == 0
    assert [line.split(":")[0] for line in told.out.splitlines()] == ["tot.xlsx", "lưu ý"]


def test_a_form_is_imported_as_toml_and_written_out_again(run: Run, tmp_path: Path) -> None:
    # Given
    yes_no = (("list_name", "name", "label"), ("yn", "co", "Có đi"), ("yn", "khong", "Không đi"))
    sheet(tmp_path / "hop.xlsx", ("select_one yn", "hop", "Ông/Bà có đi họp không?"), choices=yes_no)
    # When
    assert run("survey", "import", "hop.xlsx", "--out", "hop.toml").code == 0
    assert run("survey", "check", "hop.toml").code == 0
    assert run("survey", "export", "hop.toml", "--to", "xlsform", "--out", "lai.xlsx").code == 0
    assert run("survey", "import", "lai.xlsx", "--out", "lai.toml").code == 0
    # Then
    assert (tmp_path / "lai.toml").read_text("utf-8") == (tmp_path / "hop.toml").read_text("utf-8")
    assert 'kind = "single"' in (tmp_path / "hop.toml").read_text("utf-8")


@pytest.mark.parametrize("to", ["xlsform", "template", "toml"])
def test_a_ready_questionnaire_is_exported_in_every_format(to: str, run: Run, tmp_path: Path) -> None:
    target = tmp_path / ("phieu.toml" if to == "toml" else "phieu.xlsx")
    assert run("survey", "export", "sau_thu_tuc", "--to", to, "--out", target).code == 0
    assert run("survey", "check", target).code == 0


def test_what_cannot_be_written_is_2(run: Run) -> None:
    told = run("survey", "template", "--out", "khong/co/mau.xlsx")
    assert (told.code, "cannot be written" in told.err) == (2, True)


WITH_FILES = """
id = "y_kien"
title = "Góp ý dự thảo"
document = "du-thao.pdf"

[[questions]]
id = "gop_y"
kind = "text"
text = "Ông/Bà góp ý gì?"
audio = "cau-1.mp3"
"""


@pytest.fixture
def with_files(tmp_path: Path) -> Path:
    """A survey file in a folder of its own, with the recording and the document that it names."""
    folder = tmp_path / "ho-so"
    folder.mkdir()
    (folder / "phieu.toml").write_text(WITH_FILES, "utf-8")
    (folder / "cau-1.mp3").write_bytes(b"ID3" + bytes(200))
    (folder / "du-thao.pdf").write_bytes(b"%PDF-1.7\n" + bytes(200))
    return folder


def test_files_that_a_survey_names_are_published_with_it(run: Run, config: Path, with_files: Path) -> None:
    # When
    publish = ("survey", "publish", with_files / "phieu.toml", "--json", "--config", config)
    first, again = json.loads(run(*publish).out), json.loads(run(*publish).out)
    (with_files / "cau-1.mp3").write_bytes(b"ID3" + bytes(300))
    other = json.loads(run(*publish).out)
    # Then: the same files are the same version, another recording is another
    assert (first["version"], again["version"], again["new"], other["version"]) == (1, 1, False, 2)
    stored = asyncio.run(names_of_files(config))
    assert (
        stored
        == [("cau-1.mp3", "audio/mpeg", 1), ("cau-1.mp3", "audio/mpeg", 1)]
        + [("du-thao.pdf", "application/pdf", 1)] * 2
    )


async def names_of_files(config: Path) -> list[tuple[str, str, int]]:
    runtime = await opened(load(config))
    try:
        query = select(survey_files.c.name, blobs.c.media_type, blobs.c.kept).join(
            blobs, blobs.c.id == survey_files.c.blob_id
        )
        return sorted(tuple(row) for row in await runtime.store.read(lambda conn: conn.execute(query).all()))
    finally:
        await runtime.close()


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("cau-1.mp3", None, "không thấy tệp"),
        ("du-thao.pdf", None, "không thấy tệp"),
        ("cau-1.mp3", b"MZ" + bytes(50), "không phải tệp âm thanh"),
        ("du-thao.pdf", b"<html>", "không phải tệp PDF"),
        ("cau-1.mp3", b"OggS" + bytes(2 << 20), "quá lớn"),
        ("du-thao.pdf", b"%PDF-" + bytes(10 << 20), "quá lớn"),
    ],
)
def test_a_file_that_is_missing_or_another_thing_stops_publishing(
    name: str, data: bytes | None, said: str, run: Run, config: Path, with_files: Path
) -> None:
    (with_files / name).unlink()
    if data is not None:
        (with_files / name).write_bytes(data)
    told = run("survey", "publish", with_files / "phieu.toml", "--config", config)
    assert (told.code, told.out) == (1, "")
    assert name in told.err
    assert said in told.err


def test_a_survey_for_invitations_alone_is_published_without_a_wave(run: Run, config: Path) -> None:
    # when it is published twice without a wave
    first = run("survey", "publish", "sau_thu_tuc", "--no-wave", "--config", config)
    again = run("survey", "publish", "sau_thu_tuc", "--no-wave", "--json", "--config", config)
    # then the version is there once and nothing stands open
    assert first[0] == 0
    assert "nghedan wave open sau_thu_tuc" in first[1]
    assert '"new":false' in again[1]
    assert '"url":""' in again[1]
    assert "chưa mở" in run("survey", "list", "--config", config)[1]
    assert run("wave", "open", "sau_thu_tuc", "--kind", "open", "--config", config)[0] == 0


def test_a_form_of_kobo_is_published_as_it_is(run: Run, config: Path, tmp_path: Path) -> None:
    sheet(tmp_path / "kobo.xlsx", ("text", "a", "Câu một"))
    told = json.loads(run("survey", "publish", "kobo.xlsx", "--json", "--config", config).out)
    assert (told["survey"], told["version"]) == ("kobo", 1)
