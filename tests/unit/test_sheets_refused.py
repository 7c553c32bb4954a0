"""What is no spreadsheet, or none that is safe to open, is refused by name; nothing but SurveyFaults ever comes out."""

import resource
import struct
import time
from collections.abc import Callable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surveys.faults import SurveyFaults
from surveys.sheets.grid import LISTING, MAX_COLUMNS, QUESTIONNAIRE, Workbook, read_workbook
from surveys.sheets.template_writing import write_template
from tests.unit.workbooks import member, ole, repacked, template, xls, xlsx

SHEET = "xl/worksheets/sheet1.xml"
BOOK = xlsx({"A": [("a", "b")]})
HTML = "<html><body><table><tr><td>STT</td></tr></table></body></html>"
ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'
SHARED = b'<row r="2"><c r="A2" t="s"><v>0</v></c></row>'
XML_2003 = '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:x"><Table/></Workbook>'


def code(data: bytes) -> str:
    with pytest.raises(SurveyFaults) as caught:
        read_workbook(data, "tệp")
    assert len(caught.value.faults) == 1
    return caught.value.faults[0].code


def archive(members: dict[str, bytes]) -> bytes:
    raw = BytesIO()
    with ZipFile(raw, "w", ZIP_DEFLATED) as out:
        for name, content in members.items():
            out.writestr(name, content)
    return raw.getvalue()


def many_rows(count: int) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Số liệu")
    for number in range(count):
        sheet.append([number, "Ông A", f"hài lòng {number}"])
    raw = BytesIO()
    book.save(raw)
    return raw.getvalue()


def sheet_with(inner: bytes) -> bytes:
    return repacked(BOOK, {SHEET: member(BOOK, SHEET).replace(b"</sheetData>", inner + b"</sheetData>")})


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "sheet.empty"),
    "spaces": (lambda: b" \r\n\t\n", "sheet.empty"),
    "nothing but a mark": (lambda: b"\xef\xbb\xbf\r\n", "sheet.empty"),
    "too big": (lambda: b"a," * (QUESTIONNAIRE.bytes // 2 + 1), "sheet.too_big"),
    "a web page called .xls": (HTML.encode, "sheet.html"),
    "a web page in UTF-16": (lambda: HTML.encode("utf-16"), "sheet.html"),
    "a page as Excel saves it": (lambda: b"MIME-Version: 1.0\nX-Document-Type: Workbook\n", "sheet.html"),
    "XML of Excel 2003": (XML_2003.encode, "sheet.xml"),
    "other tags": (lambda: b"<svg></svg>", "sheet.unknown"),
    "PDF": (lambda: b"%PDF-1.7\n", "sheet.pdf"),
    "RTF": (lambda: b"{\\rtf1 }", "sheet.word"),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "sheet.unknown"),
    "another coding": (lambda: "STT,Câu".encode("latin-1"), "sheet.encoding"),
    "half of UTF-16": (lambda: "STT".encode("utf-16")[:-1], "sheet.encoding"),
    "an open quote": (lambda: b'STT,"C\xc3\xa2u h\xe1\xbb\x8fi\n1,2\n', "sheet.csv"),
    "docx": (lambda: archive({"[Content_Types].xml": b"<a/>", "word/document.xml": b"<a/>"}), "sheet.word"),
    "pptx": (lambda: archive({"ppt/presentation.xml": b"<a/>"}), "sheet.slides"),
    "ods": (lambda: archive({"mimetype": b"x", "content.xml": b"<a/>"}), "sheet.ods"),
    "xlsb": (lambda: archive({"xl/workbook.bin": b"x"}), "sheet.xlsb"),
    "zip": (lambda: archive({"ảnh.jpg": b"x"}), "sheet.zip"),
    "cut off": (lambda: BOOK[: len(BOOK) // 2], "sheet.broken"),
    "no list of sheets": (lambda: repacked(BOOK, {}, drop=["xl/workbook.xml"]), "sheet.broken"),
    "no sheet behind its name": (lambda: repacked(BOOK, {}, drop=[SHEET]), "sheet.broken"),
    "no shared texts": (lambda: sheet_with(SHARED), "sheet.broken"),
    "broken XML": (lambda: repacked(BOOK, {SHEET: b"<worksheet><sheetData>"}), "sheet.broken"),
    "password": (lambda: ole({"EncryptionInfo": b"x", "EncryptedPackage": b"y"}), "sheet.encrypted"),
    "password of the old kind": (
        lambda: xls("A", {(0, 0): "x"}).replace(struct.pack("<HHH", 0x42, 2, 1200), struct.pack("<HHH", 0x2F, 2, 1200)),
        "sheet.encrypted",
    ),
    "doc": (lambda: ole({"WordDocument": b"x"}), "sheet.word"),
    "ppt": (lambda: ole({"PowerPoint Document": b"x"}), "sheet.slides"),
    "an OLE file of another kind": (lambda: ole({"Contents": b"x"}), "sheet.broken"),
    "half an .xls": (lambda: xls("A", {(0, 0): "x"})[:700], "sheet.broken"),
    "entities": (lambda: repacked(BOOK, {SHEET: ENTITIES}), "sheet.entities"),
    "text too far to the right": (
        lambda: sheet_with(b'<row r="2"><c r="XFD2" t="str"><v>x</v></c></row>'),
        "sheet.too_wide",
    ),
    "a wide CSV": (lambda: b"a," * MAX_COLUMNS + b"b", "sheet.too_wide"),
    "a long CSV": (lambda: b"a,b\n" * (QUESTIONNAIRE.rows + 1), "sheet.too_long"),
    "a long .xls": (lambda: xls("A", {(row, 0): 1.0 for row in range(QUESTIONNAIRE.rows + 1)}), "sheet.too_long"),
    "too many sheets": (lambda: xlsx({f"T{number}": [] for number in range(61)}), "sheet.too_many_sheets"),
    "cells by the hundred thousand": (
        lambda: xlsx({f"T{n}": [["x"] * 240 for _ in range(420)] for n in range(2)}),
        "sheet.too_many_cells",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_it_is_refused_by_its_name(what: str) -> None:
    made, expected = REFUSED[what]
    assert code(made()) == expected


def test_a_hundred_thousand_rows_are_refused_quickly_and_with_flat_memory() -> None:
    data = many_rows(100_000)
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    assert code(data) == "sheet.too_long"
    assert time.monotonic() - started < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024  # KiB
    # a list of households may be as long
    assert len(read_workbook(data, "hộ.xlsx", LISTING).sheets[0].rows) == 100_000


@pytest.mark.parametrize(
    "members",
    [
        {SHEET: b"<worksheet>" + b" " * (QUESTIONNAIRE.unpacked + 1)},
        {SHEET: b"<worksheet><sheetData>" + b"<row/>" * 3_100_000},
        {"xl/media/image1.png": bytes(600 << 20)},
        {f"xl/{number}.xml": b"" for number in range(2_001)},
    ],
    ids=["one sheet", "tags", "a picture", "members"],
)
def test_a_zip_bomb_is_not_unpacked(members: dict[str, bytes]) -> None:
    data = repacked(BOOK, members)
    members.clear()
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    assert code(data) == "sheet.bomb"
    assert time.monotonic() - started < 20
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 128 * 1024  # KiB


def test_a_directory_that_lies_about_sizes_gains_nothing() -> None:
    big = archive({SHEET: b"<worksheet>" + b" " * (80 << 20), "xl/workbook.xml": b"<workbook/>"})
    size = struct.pack("<I", (80 << 20) + len(b"<worksheet>"))
    assert code(big.replace(size, struct.pack("<I", 100))) in {"sheet.broken", "sheet.none"}


def read_or_refused(data: bytes) -> None:
    try:
        book = read_workbook(data, "tệp")
    except SurveyFaults:
        return
    else:
        assert isinstance(book, Workbook)


@settings(deadline=None, max_examples=150)
@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff\xfe", b"\xef\xbb\xbf"]),
)
def test_random_bytes_never_crash(data: bytes, start: bytes) -> None:
    read_or_refused(start + data)


GOOD = {
    "xlsx": template((1, "A?", "Chữ")),
    "xls": xls("Câu hỏi", {(0, 0): "STT", (0, 1): "Câu hỏi", (1, 0): 1.0, (1, 1): "A?", (1, 2): True}),
    "csv": "STT;Câu hỏi;Loại\n1;A?;Chữ\n".encode("utf-16"),
}
PARTS = ("xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "xl/sharedStrings.xml", SHEET)


def damaged(data: st.DataObject, good: bytes) -> bytes:
    changed = bytearray(good)
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(changed) - 1))
        if data.draw(st.booleans()):
            changed[at] = data.draw(st.integers(0, 255))
        else:
            del changed[at : at + data.draw(st.integers(1, 64))]
            changed = changed or bytearray(b"x")
    return bytes(changed)


@pytest.mark.parametrize("kind", GOOD)
@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_damaged_file_never_crashes(kind: str, data: st.DataObject) -> None:
    read_or_refused(damaged(data, GOOD[kind]))


@pytest.mark.parametrize("part", PARTS)
@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_damaged_part_never_crashes(part: str, data: st.DataObject) -> None:
    book = write_template()
    read_or_refused(repacked(book, {part: damaged(data, member(book, part))}))
