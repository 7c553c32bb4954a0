"""What an officer makes in a spreadsheet: a survey out of the template, and the list that a sample is drawn from."""

from collections.abc import Sequence
from pathlib import Path

import openpyxl

SURVEY = "nuoc_sach"
TITLE = "Ý kiến về nước sạch năm 2026"
SATISFIED = "Nhìn chung, Ông/Bà hài lòng thế nào về nước sạch ở thôn?"
WATERS = ("Giếng khoan", "Nước máy", "Nước suối")
KIND = "Mức hài lòng"
MISTYPED = "Muc hai lonng"
"""What stands in C2 of the faulty sheet in place of KIND."""
NOWHERE = "9"
"""What stands in F5 of the faulty sheet: no question has that number."""
_HEAD = {
    "Tên phiếu": TITLE,
    "Mã phiếu": SURVEY,
    "Lời mở đầu": "Phiếu có bốn câu, khoảng một phút.",
    "Nguồn": "UBND xã Mẫu soạn.",
}
_COLUMNS = ("STT", "Chủ hộ", "Thôn", "Địa chỉ", "Điện thoại", "Kênh", "Mã tài khoản")
Chat = tuple[str, str]
"""Channel and the platform's id, both "" for whoever is only reached on paper."""


def write_survey(template: Path, target: Path, *, faulty: bool = False) -> None:
    """The template with the example taken out and four questions of one's own typed in; with two faults if wanted."""
    book = openpyxl.load_workbook(template)
    for name, value, *_ in book["Phiếu"].iter_rows():
        if name.value in _HEAD:
            value.value = _HEAD[name.value]
    sheet = book["Câu hỏi"]
    places = {cell.value: cell.column for cell in sheet[1]}
    sheet.delete_rows(2, sheet.max_row)
    for row, question in enumerate(_questions(faulty=faulty), start=2):
        for heading, text in question.items():
            sheet.cell(row, places[heading], text)
    book.save(target)


def _questions(*, faulty: bool) -> list[dict[str, str]]:
    return [
        {
            "STT": "1",
            "Câu hỏi": SATISFIED,
            "Loại": MISTYPED if faulty else KIND,
            "Bắt buộc": "Có",
            "Câu chung": "x",
        },
        {
            "STT": "2",
            "Câu hỏi": "Nhà Ông/Bà dùng nguồn nước nào nhiều nhất?",
            "Loại": "Chọn một",
            "Lựa chọn": "\n".join(WATERS),
            "Bắt buộc": "Có",
        },
        {"STT": "3", "Câu hỏi": "Nước có khi nào bị đục không?", "Loại": "Có/Không", "Bắt buộc": "Có"},
        {
            "STT": "4",
            "Câu hỏi": "Nước đục mấy ngày trong tháng vừa rồi?",
            "Loại": "Số",
            "Chỉ hỏi khi câu": NOWHERE if faulty else "3",
            "Chọn": "Có",
            "Ít nhất": "0",
            "Nhiều nhất": "31",
        },
    ]


def write_frame(target: Path, villages: Sequence[str], chats: Sequence[Chat]) -> None:
    """A list of households, one for each village and chat, under the heading an office puts over its lists."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["DANH SÁCH HỘ DÂN NĂM 2026"])
    sheet.append([])
    sheet.append(list(_COLUMNS))
    for number, (village, (channel, account)) in enumerate(zip(villages, chats, strict=True), start=1):
        name, phone = f"Hộ mẫu số {number}", f"09{number:08d}"
        sheet.append([number, name, village, f"số {number}, {village}", phone, channel, account])
    book.save(target)
