"""The registers of a period, as XLSX read back and as print; and the ZIP with its sums."""

import errno
import hashlib
import re
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path

import msgspec
import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from pypdf import PdfReader

from reports import dossier
from reports.dossier import INDEX, SUMS, timeline, write_dossier
from reports.paper_jobs import DossierCase, DossierJob, RegisterJob, dossier_name
from reports.paper_making import make_paper
from reports.papers import Writer
from reports.register_files import HEAD_ROW
from reports.registers import EXCERPT
from tests.unit.paper_samples import CODE, FORMULA, LINE, MADE, NAMED, NAMELESS, OFFICE, VISIT

JOB = RegisterJob(
    office=OFFICE,
    which="cases",
    period="tháng 10 năm 2026",
    key="2026-10",
    first=date(2026, 10, 1),
    last=date(2026, 10, 31),
    names=True,
    lines=(LINE, FORMULA),
    visits=(VISIT,),
    ending="xlsx",
    made_on=MADE,
)
DOSSIER = DossierJob(
    office=OFFICE,
    period=JOB.period,
    key=JOB.key,
    first=JOB.first,
    last=JOB.last,
    names=True,
    lines=(LINE,),
    visits=(VISIT,),
    cases=(
        DossierCase(case=NAMED),
        DossierCase(case=msgspec.structs.replace(NAMELESS, code="VL-2026-BBBBBB-7")),
    ),
    made_on=MADE,
)


def opened(**changes: object) -> Worksheet:
    name, data = make_paper(msgspec.structs.replace(JOB, **changes))
    assert name.endswith(".xlsx")
    sheet = openpyxl.load_workbook(BytesIO(data)).active
    assert isinstance(sheet, Worksheet)
    return sheet


def cells(sheet: Worksheet, row: int) -> list[object]:
    """A row under the head; row 1 is the first case."""
    return [cell.value for cell in sheet[HEAD_ROW + 1 + row]]


def test_a_case_stands_in_a_row_with_real_days() -> None:
    sheet = opened()

    heads = [cell.value for cell in sheet[HEAD_ROW + 1]]
    assert heads[:5] == ["TT", "Ngày nhận", "Mã số", "Người gửi, địa chỉ", "Nội dung tóm tắt"]
    first = cells(sheet, 1)
    assert first[0] == 1
    assert first[2:4] == [CODE, "Ẩn danh, thôn Nà Lọt"]
    assert sheet.cell(HEAD_ROW + 2, 2).value.date() == date(2026, 10, 3)
    assert sheet.cell(HEAD_ROW + 2, 2).number_format == "dd/mm/yyyy"
    assert first[5] == "Phản ánh; đường sá, điện, nước"
    assert first[8] == "Đã trả lời. Xã đã cho kè lại."
    assert first[10] == "Rất hài lòng"
    assert sheet["A2"].value == "SỔ THEO DÕI PHẢN ÁNH, KIẾN NGHỊ"


def test_what_looks_like_a_formula_stays_words() -> None:
    sheet = opened()

    second = cells(sheet, 2)
    assert second[3] == "=1+1, 0912 xxx 678"
    assert str(second[4]).startswith('=HYPERLINK("http://example.vn","bấm") 😀 rất dài')
    assert len(str(second[4])) <= EXCERPT
    assert second[8] == "Đã chuyển @SUM(A1)"
    for row in sheet.iter_rows():
        assert all(cell.data_type != "f" and cell.hyperlink is None for cell in row)


def test_the_sheet_is_set_up_to_be_read_and_printed() -> None:
    sheet = opened()

    assert sheet.freeze_panes == f"A{HEAD_ROW + 2}"
    assert sheet.print_title_rows == f"${HEAD_ROW + 1}:${HEAD_ROW + 1}"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.sheet_properties.pageSetUpPr is not None
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) in {(1, 0), (None, 0)}
    assert "&P" in str(sheet.oddFooter.right.text)
    assert all(cell.alignment.wrap_text for cell in sheet[HEAD_ROW + 2])
    height = sheet.row_dimensions[HEAD_ROW + 3].height
    assert height is not None
    assert 60 < height <= 409


def test_names_can_be_left_out() -> None:
    job = msgspec.structs.replace(LINE, anonymous=False)
    sheet = opened(names=False, lines=(job,))

    assert cells(sheet, 1)[3] == "Không ghi tên, thôn Nà Lọt"
    assert "không ghi tên" in str(sheet["A5"].value)


def test_a_sample_says_so_on_the_sheet_and_on_every_page() -> None:
    sheet = opened(office=msgspec.structs.replace(OFFICE, sample=True))

    assert str(sheet["A5"].value).startswith("SỐ LIỆU MẪU")
    assert "SỐ LIỆU MẪU" in str(sheet.oddHeader.center.text)
    assert opened().oddHeader.center.text is None


def test_an_empty_period_says_so() -> None:
    for which, words in (("cases", "Trong kỳ không có phản ánh"), ("visits", "Trong kỳ không có lượt")):
        sheet = opened(which=which, lines=(), visits=())
        assert words in str(sheet.cell(HEAD_ROW + 3, 1).value)


def test_a_visit_stands_in_the_register_of_receptions() -> None:
    row = cells(opened(which="visits"), 1)

    assert row[1] == "03/10/2026\n09:05"
    assert row[3] == "Lương Văn Mẫu, 0912 xxx 678, thôn Nà Lọt"
    assert row[4:8] == ["Bao giờ cấp giấy?", "Đất đai, xây dựng", "Tháng 11.", "Cấp giấy (Địa chính xã)"]
    assert row[8:] == ["30/11/2026", "Đang làm"]


def test_the_print_repeats_its_head_and_numbers_its_pages() -> None:
    name, data = make_paper(msgspec.structs.replace(JOB, ending="pdf", lines=(LINE, FORMULA) * 40))

    pages = PdfReader(BytesIO(data)).pages
    assert name == "so-theo-doi-phan-anh-kien-nghi-2026-10.pdf"
    assert len(pages) > 3
    box = pages[0].mediabox
    assert (round(float(box.width)), round(float(box.height))) == (842, 595)
    for number, page in enumerate(pages, start=1):
        said = re.sub(r"\s+", " ", page.extract_text())
        assert f"{number}/{len(pages)}" in said
        assert "tóm tắt" in said


def test_five_thousand_cases_fit(tmp_path: Path) -> None:
    _, data = make_paper(msgspec.structs.replace(JOB, lines=(LINE,) * 5_000))
    (tmp_path / "so.xlsx").write_bytes(data)

    book = openpyxl.load_workbook(tmp_path / "so.xlsx", read_only=True)
    sheet = book.worksheets[0]
    assert sheet.max_row == HEAD_ROW + 5_000 + 3
    book.close()


# --- the ZIP ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def packed(tmp_path: Path) -> zipfile.ZipFile:
    photo = tmp_path / "1f.jpg"
    photo.write_bytes(b"\xff\xd8 picture")
    cases = (msgspec.structs.replace(DOSSIER.cases[0], photos=(str(photo),)), *DOSSIER.cases[1:])
    write_dossier(msgspec.structs.replace(DOSSIER, cases=cases), tmp_path / "ho-so.zip")
    return zipfile.ZipFile(tmp_path / "ho-so.zip")


def test_the_zip_has_registers_and_a_folder_for_every_case(packed: zipfile.ZipFile) -> None:
    names = set(packed.namelist())

    assert {f"so/{name}-2026-10.{e}" for name in ("so-tiep-cong-dan",) for e in ("xlsx", "pdf")} <= names
    folder = f"vu-viec/{CODE}/"
    assert {name.removeprefix(folder) for name in names if name.startswith(folder)} == {
        f"phieu-tiep-nhan-{CODE}.docx",
        f"phieu-chuyen-{CODE}.docx",
        f"van-ban-tra-loi-{CODE}.docx",
        "qua-trinh.txt",
        "anh-1.jpg",
    }
    # Nothing to transfer and nothing answered: no such paper.
    other = {name for name in names if "BBBBBB" in name}
    assert len(other) == 2


def test_the_list_has_the_sum_of_every_file(packed: zipfile.ZipFile) -> None:
    lines = [line.split("  ", 1) for line in packed.read(SUMS).decode().splitlines()]
    sums = {name: digest for digest, name in lines}
    index = packed.read(INDEX).decode("utf-8-sig")

    assert set(sums) == set(packed.namelist()) - {SUMS, INDEX}
    for name, digest in sums.items():
        assert hashlib.sha256(packed.read(name)).hexdigest() == digest
        assert f"SHA-256: {digest}" in index
        assert name in index
    assert "2 vụ việc" in index


def test_the_same_cases_make_the_same_files(tmp_path: Path) -> None:
    for name in ("one.zip", "two.zip"):
        write_dossier(DOSSIER, tmp_path / name)

    one, two = (zipfile.ZipFile(tmp_path / name) for name in ("one.zip", "two.zip"))
    same = [name for name in one.namelist() if not name.endswith((".docx", ".xlsx")) and name not in {SUMS, INDEX}]
    assert one.namelist() == two.namelist()
    assert all(one.read(name) == two.read(name) for name in same)


def test_the_story_of_a_case_is_told_line_by_line() -> None:
    told = list(timeline(Writer(OFFICE, MADE), NAMED))

    assert told[0] == f"QUÁ TRÌNH XỬ LÝ {CODE}"
    assert "- 09 giờ 05 phút, ngày 03/10/2026: người dân gửi" in told
    forwarded = "- 09 giờ 05 phút, ngày 04/10/2026: Nông Thị Mẫu chuyển cơ quan khác: Công ty Môi trường Lạng Sơn"
    assert forwarded in told
    assert told[-1] == "    Xã đã hợp đồng."


def test_a_full_disk_leaves_no_half_zip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object) -> bytes:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(dossier, "write_docx", full)

    with pytest.raises(OSError, match="No space left"):
        write_dossier(DOSSIER, tmp_path / "ho-so.zip")
    assert list(tmp_path.iterdir()) == []


def test_a_zip_without_names_says_so_in_its_own_name() -> None:
    assert dossier_name("2026-10", names=True) == "ho-so-kiem-tra-2026-10.zip"
    assert dossier_name("2026-Q3", names=False) == "ho-so-kiem-tra-2026-q3-khong-ten.zip"
