"""Spreadsheets are read as people see them: whatever wrote them, text by text, with what is odd about them told."""

import shutil
import subprocess
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from surveys.faults import Place, SurveyFaults
from surveys.sheets.grid import Area, column_name, read_workbook
from surveys.sheets.xlsx_parts import MAX_TEXT
from tests.unit.workbooks import member, repacked, xls, xlsx


def rows(data: bytes) -> dict[int, tuple[str, ...]]:
    return read_workbook(data, "tệp").sheets[0].rows


def test_values_are_texts_as_people_write_them() -> None:
    data = xlsx(
        {
            "Số": [
                (1, 1.0, 0.1, 2.5, 1234567890123, -3),
                (date(2026, 11, 21), datetime(2026, 11, 21, 8, 30), time(7, 5), True, False),  # noqa: DTZ001 - a day, without a zone
                ("  Câu\u00a0hỏi \n", "Đâ\u0301t đai", "=1+1'"),
            ]
        },
        lambda book: setattr(book["Số"]["C3"], "data_type", "s"),
    )
    assert rows(data) == {
        1: ("1", "1", "0.1", "2.5", "1234567890123", "-3"),
        2: ("2026-11-21", "2026-11-21 08:30", "07:05", "TRUE", "FALSE"),
        3: ("Câu hỏi", "Đất đai", "=1+1'"),
    }


def test_empty_rows_and_cells_keep_the_numbers_of_the_others() -> None:
    book = read_workbook(xlsx({"A": [(), (None, "b"), (), ("a", None, "c")]}), "tệp")
    sheet = book.sheets[0]
    assert sheet.rows == {2: ("", "b"), 4: ("a", "", "c")}
    assert (sheet.cell(2, 2), sheet.cell(2, 9), sheet.cell(3, 1), sheet.cell(0, 0)) == ("b", "", "", "")
    assert (sheet.place(4, 3), sheet.place(4), sheet.place()) == (
        Place(sheet="A", cell="C4"),
        Place(sheet="A", cell="4"),
        Place(sheet="A"),
    )
    assert [column_name(column) for column in (1, 26, 27, 256)] == ["A", "Z", "AA", "IV"]


def test_sheets_are_found_by_their_names_without_accents_and_with_slips() -> None:
    book = read_workbook(xlsx({"Cau hoi": [], "Phiếuu": [("a",)]}), "tệp")
    assert [sheet.name for sheet in book.sheets] == ["Cau hoi", "Phiếuu"]
    assert book.sheet("Câu hỏi") is book.sheets[0]
    assert book.sheet("Phiếu") is None
    assert book.nearest("Phiếu") is book.sheets[1]
    assert book.nearest("Hướng dẫn") is None


def test_merged_cells_hidden_rows_and_hidden_sheets_are_told() -> None:
    def change(book: Any) -> None:
        book["A"].merge_cells("B2:C3")
        book["A"].row_dimensions[4].hidden = True
        book["B"].sheet_state = "hidden"

    book = read_workbook(xlsx({"A": [("a",), ("b", "c"), ("d",), ("e",)], "B": [("f",)]}, change), "tệp")
    assert book.sheets[0].merged == (Area(2, 2, 3, 3),)
    assert book.sheets[0].covering(3, 3) == Area(2, 2, 3, 3)
    assert book.sheets[0].covering(4, 1) is None
    assert [(f.code, f.place.sheet, f.params) for f in book.remarks] == [
        ("sheet.hidden_rows", "A", {"count": "1", "rows": "4"}),
        ("sheet.hidden", "B", {}),
    ]
    assert book.sheets[0].rows[4] == ("e",)


def test_formulas_are_read_as_they_were_saved_and_their_failures_named() -> None:
    data = xlsx({"A": [("x", "y", "z")]})
    cells = (
        b'<row r="2"><c r="A2"><f>1+1</f><v>2</v></c><c r="B2"><f>1+1</f></c>'
        b'<c r="C2" t="e"><f>A9</f><v>#REF!</v></c><c r="D2" t="str"><f>"a"&amp;"b"</f><v>ab</v></c></row></sheetData>'
    )
    sheet = member(data, "xl/worksheets/sheet1.xml").replace(b"</sheetData>", cells)
    book = read_workbook(repacked(data, {"xl/worksheets/sheet1.xml": sheet}), "tệp")
    assert book.sheets[0].rows[2] == ("2", "", "#REF!", "ab")
    assert [(f.code, f.place.cell, f.params) for f in book.remarks] == [
        ("sheet.formula_empty", "B2", {}),
        ("sheet.formula_error", "C2", {"found": "#REF!"}),
    ]


def test_macros_are_left_alone_and_told() -> None:
    data = repacked(xlsx({"A": [("chữ",)]}), {"xl/vbaProject.bin": b"Sub Auto_Open()"})
    book = read_workbook(data, "tệp.xlsm")
    assert book.sheets[0].rows == {1: ("chữ",)}
    assert [fault.code for fault in book.remarks] == ["sheet.macros"]


@pytest.mark.parametrize("sign", [",", ";", "\t"])
@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
def test_csv_in_every_way_that_offices_save_it(sign: str, coding: str) -> None:
    text = sign.join(("STT", "Câu hỏi")) + "\r\n" + sign.join(("1", '"Một, hai; ""ba""\nbốn"')) + "\r\n"
    data = text.encode(coding)
    assert rows(b"\xfe\xff" + data if coding == "utf-16-be" else data) == {
        1: ("STT", "Câu hỏi"),
        2: ("1", 'Một, hai; "ba"\nbốn'),
    }


def test_csv_may_name_its_sign() -> None:
    assert rows(b"sep=;\r\na;b,c\r\n") == {2: ("a", "b,c")}


def test_the_old_excel_format() -> None:
    data = xls(
        "Câu hỏi", {(0, 0): "STT", (0, 1): "Câu hỏi", (2, 0): 1.0, (2, 1): "Đất đai", (3, 0): True, (3, 2): "#REF!"}
    )
    book = read_workbook(data, "tệp.xls")
    assert book.sheets[0].name == "Câu hỏi"
    assert book.sheets[0].rows == {1: ("STT", "Câu hỏi"), 3: ("1", "Đất đai"), 4: ("TRUE", "", "#REF!")}
    assert [(f.code, f.place.cell) for f in book.remarks] == [("sheet.formula_error", "C4")]


def test_a_long_text_is_one_that_a_cell_can_hold() -> None:
    assert rows(xlsx({"A": [("x" * 32_000,)]})) == {1: ("x" * 32_000,)}
    data = xlsx({"A": [("ngắn",)]})
    sheet = member(data, "xl/worksheets/sheet1.xml").replace(
        b"</sheetData>", b'<row r="2"><c r="A2" t="str"><v>' + b"x" * (MAX_TEXT + 1) + b"</v></c></row></sheetData>"
    )
    with pytest.raises(SurveyFaults) as refused:
        read_workbook(repacked(data, {"xl/worksheets/sheet1.xml": sheet}), "tệp")
    assert refused.value.faults[0].code == "sheet.broken"


def test_files_of_libreoffice_read_like_those_of_openpyxl(tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed: no other program here writes spreadsheets")
    made = xlsx(
        {"Câu hỏi": [("STT", "Câu hỏi", "Ngày"), (1, "Đất đai\nNhà ở", date(2026, 11, 21)), (2.5, True, time(8, 30))]}
    )
    (tmp_path / "a.xlsx").write_bytes(made)
    for kind in ("xls", "xlsx"):
        profile = f"-env:UserInstallation=file://{tmp_path}/profile"
        command = [office, profile, "--headless", "--convert-to", kind, "--outdir", str(tmp_path / kind)]
        subprocess.run([*command, str(tmp_path / "a.xlsx")], capture_output=True, timeout=110, check=True)
        book = read_workbook((tmp_path / kind / f"a.{kind}").read_bytes(), "tệp")
        assert [sheet.name for sheet in book.sheets] == ["Câu hỏi"]
        assert book.sheets[0].rows == rows(made)
        assert book.remarks == ()
